// Plants each breach into a well-made schema and sees exactly that one reported.
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>

#include "platform/migrate/lint.hpp"
#include "platform/migrate/migrate.hpp"
#include "platform/migrate/test_cluster.hpp"
#include "platform/pgserver/session.hpp"

namespace entrepot::migrate {

std::vector<Migration> fixture_schema();

namespace {

using pgserver::Session;

const std::string& fixture_database() {
    static const std::string name = [] {
        const std::string fresh = new_database();
        apply(owner_of(fresh), fixture_schema(), {.by_version = "test"});
        return fresh;
    }();
    return name;
}

std::string told(const std::vector<Breach>& breaches) {
    std::string text;
    for (const Breach& breach : breaches) {
        text += breach.rule + " | " + breach.object + " | " + breach.text + '\n';
    }
    return text;
}

struct Plant {
    const char* title;
    const char* sql;
    const char* rule;
    const char* object;
};

void PrintTo(const Plant& plant, std::ostream* out) {
    *out << plant.title;
}

// A well-made table, so that a case can differ from it in one point.
constexpr const char* well_made = R"sql(
    create table goods.extra (tenant_id uuid not null, id uuid not null, note text,
        constraint extra_pkey primary key (tenant_id, id));
    comment on table goods.extra is 'Extra [retention: operational]';
    comment on column goods.extra.tenant_id is 'Owner';
    comment on column goods.extra.id is 'Id';
    comment on column goods.extra.note is 'Note';
    alter table goods.extra enable row level security;
    alter table goods.extra force row level security;
    create policy extra_tenant on goods.extra
        using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
        with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
)sql";

const Plant plants[] = {
    // Ways past row-level security, as measured on PostgreSQL 15.
    {"OwnerWithoutForce", "alter table goods.product no force row level security", "rls_forced",
     "goods.product"},
    {"PlainView", "create view goods.all_products as select tenant_id, id from goods.product",
     "view", "goods.all_products"},
    {"ViewSetBack", "alter view goods.product_price set (security_invoker = false)", "view",
     "goods.product_price"},
    {"SecurityDefiner",
     "create function goods.peek() returns bigint language sql security definer return 1;"
     "revoke all on function goods.peek() from public",
     "security_definer", "goods.peek()"},
    {"MaterialisedView", "create materialized view goods.copy as select id from goods.product",
     "materialised_view", "goods.copy"},
    {"UniqueWithoutTenant", "alter table goods.product add constraint product_id_key unique (id)",
     "tenant_key", "goods.product_id_key"},
    {"UniqueIndexWithoutTenant",
     "create unique index product_low_idx on goods.product (lower(sku))", "tenant_key",
     "goods.product_low_idx"},
    {"UniqueWithTenantLast",
     "alter table goods.product add constraint product_back_key unique (sku, tenant_id)",
     "tenant_key", "goods.product_back_key"},
    {"PrimaryKeyWithoutTenant",
     "alter table goods.extra drop constraint extra_pkey, add constraint extra_pkey primary key "
     "(id)",
     "tenant_key", "goods.extra_pkey"},
    {"ExclusionWithoutTenant",
     "alter table goods.product add constraint product_span_excl exclude using gist"
     " (tstzrange(created_at, created_at) with &&)",
     "tenant_key", "goods.product_span_excl"},
    {"ForeignKeyWithoutTenant",
     "alter table goods.extra add constraint extra_product_fkey foreign key (id, tenant_id)"
     " references goods.product (id, tenant_id)",
     "foreign_key", "goods.extra_product_fkey"},
    {"ForeignKeyFromGlobal",
     "comment on table goods.extra is 'X [global: test] [retention: global]';"
     "alter table goods.extra add constraint extra_product_fkey foreign key (tenant_id, id)"
     " references goods.product (tenant_id, id)",
     "foreign_key", "goods.extra_product_fkey"},
    {"OnDeleteSetNull",
     "alter table goods.extra add constraint extra_product_fkey foreign key (tenant_id, id)"
     " references goods.product (tenant_id, id) on delete set null",
     "set_null", "goods.extra_product_fkey"},
    {"AppBypassesRls", "alter role entrepot_app bypassrls", "role_attribute", "entrepot_app"},
    {"InsightIsSuperuser", "alter role entrepot_insight superuser", "role_attribute",
     "entrepot_insight"},
    {"AppMemberOfOwner", "grant entrepot_owner to entrepot_app", "role_member", "entrepot_app"},
    {"JobsReadsAllData", "grant pg_read_all_data to entrepot_jobs", "role_member", "entrepot_jobs"},
    {"InsightMemberOfApp", "grant entrepot_app to entrepot_insight", "role_member",
     "entrepot_insight"},
    {"RowSecurityOff", "alter role entrepot_app set row_security = off", "row_security",
     "entrepot_app"},
    {"Leakproof",
     "create function goods.quick() returns bigint language sql leakproof return 1;"
     "revoke all on function goods.quick() from public",
     "leakproof", "goods.quick()"},
    // Policies.
    {"RlsDisabled", "alter table goods.product disable row level security", "rls_enabled",
     "goods.product"},
    {"NoPolicy", "drop policy product_tenant on goods.product", "policy", "goods.product"},
    {"NoWithCheck",
     "drop policy extra_tenant on goods.extra; create policy extra_tenant on goods.extra"
     " using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)",
     "policy", "goods.extra"},
    {"CheckTrue", "alter policy product_tenant on goods.product with check (true)", "policy",
     "goods.product"},
    {"UsingWithoutNullif",
     "alter policy product_tenant on goods.product"
     " using (tenant_id = current_setting('app.tenant', true)::uuid)",
     "policy", "goods.product"},
    {"UsingWithOr",
     "alter policy product_tenant on goods.product"
     " using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid or price_minor = "
     "0)",
     "policy", "goods.product"},
    {"OtherSetting",
     "alter policy product_tenant on goods.product"
     " using (tenant_id = nullif(current_setting('app.tenants', true), '')::uuid)",
     "policy", "goods.product"},
    {"PolicyForSelectOnly",
     "drop policy extra_tenant on goods.extra; create policy extra_tenant on goods.extra for select"
     " using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)",
     "policy", "goods.extra"},
    {"RestrictivePolicyAlone",
     "drop policy extra_tenant on goods.extra;"
     "create policy extra_tenant on goods.extra as restrictive"
     " using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)"
     " with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)",
     "policy", "goods.extra"},
    {"SecondPolicy", "create policy product_all on goods.product for insert with check (true)",
     "other_policy", "goods.product.product_all"},
    {"SecondPolicyWithLooseCheck",
     "create policy product_two on goods.product"
     " using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid) with check (true)",
     "other_policy", "goods.product.product_two"},
    {"JobsPolicyWithoutMark",
     "create policy product_due on goods.product for select to entrepot_jobs using (true)",
     "other_policy", "goods.product.product_due"},
    {"JobsPolicyForAnotherRoleToo",
     "drop policy job_due on till.job; create policy job_due on till.job for select"
     " to entrepot_jobs, entrepot_app using (true)",
     "other_policy", "till.job.job_due"},
    {"JobsPolicyForAll",
     "drop policy job_due on till.job; create policy job_due on till.job to entrepot_jobs using "
     "(true)",
     "other_policy", "till.job.job_due"},
    {"SealerPolicyWithoutMark",
     "create policy product_seal on goods.product to entrepot_sealer using (true)", "other_policy",
     "goods.product.product_seal"},
    {"SealerPolicyForAnotherRoleToo",
     "comment on table goods.extra is 'X [retention: operational] [sealer-visible]';"
     "create policy extra_seal on goods.extra to entrepot_sealer, entrepot_app using (true)",
     "other_policy", "goods.extra.extra_seal"},
    {"PartitionWithoutRls", "alter table till.entry_2026 disable row level security", "rls_enabled",
     "till.entry_2026"},
    // Tables.
    {"NullableTenant",
     "create table goods.loose (tenant_id uuid, id uuid constraint loose_pkey primary key);"
     "comment on table goods.loose is 'X [retention: operational]';"
     "comment on column goods.loose.tenant_id is 'x'; comment on column goods.loose.id is 'x';"
     "alter table goods.loose enable row level security;"
     "alter table goods.loose force row level security;"
     "create policy loose_tenant on goods.loose"
     " using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)"
     " with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)",
     "tenant_column", "goods.loose"},
    {"NoPrimaryKey", "alter table goods.extra drop constraint extra_pkey", "primary_key",
     "goods.extra"},
    {"GlobalWithoutReason",
     "create table goods.plain (tenant_id uuid, id uuid constraint plain_pkey primary key);"
     "comment on table goods.plain is 'X [global: ] [retention: global]';"
     "comment on column goods.plain.tenant_id is 'x'; comment on column goods.plain.id is 'x';"
     "alter table goods.plain enable row level security;"
     "alter table goods.plain force row level security;"
     "create policy plain_tenant on goods.plain"
     " using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)"
     " with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)",
     "tenant_column", "goods.plain"},
    {"Rule", "create rule product_quiet as on delete to goods.product do instead nothing", "rule",
     "goods.product.product_quiet"},
    {"Trigger",
     "create trigger product_touch before update on goods.product for each row"
     " execute function till.keep_balance()",
     "trigger", "goods.product.product_touch"},
    {"EventTrigger",
     "create function goods.on_ddl() returns event_trigger language plpgsql as"
     " $$ begin null; end $$; revoke all on function goods.on_ddl() from public;"
     "create event trigger every_ddl on ddl_command_end execute function goods.on_ddl()",
     "trigger", "every_ddl"},
    // Rights.
    {"AppOwnsATable", "alter table goods.extra owner to entrepot_app", "ownership",
     "table goods.extra"},
    {"AppOwnsASchema", "create schema mine authorization entrepot_app", "ownership", "schema mine"},
    {"Truncate", "grant truncate on goods.product to entrepot_app", "privilege", "goods.product"},
    {"References", "grant references on goods.product to entrepot_insight", "privilege",
     "goods.product"},
    {"ColumnReferences", "grant references (id) on goods.product to entrepot_app", "privilege",
     "goods.product.id"},
    {"TriggerRight", "grant trigger on goods.product to entrepot_app", "privilege",
     "goods.product"},
    {"CreateInSchema", "grant create on schema goods to entrepot_app", "privilege", "goods"},
    {"GrantOption", "grant select on goods.product to entrepot_insight with grant option",
     "privilege", "goods.product"},
    {"PublicTable", "grant select on goods.product to public", "public_grant", "goods.product"},
    {"PublicColumn", "grant select (sku) on goods.product to public", "public_grant",
     "goods.product.sku"},
    {"PublicSchema", "grant usage on schema goods to public", "public_grant", "goods"},
    {"PublicFunction", "grant execute on function goods.doubled(bigint) to public", "public_grant",
     "goods.doubled(amount bigint)"},
    {"PublicFunctionByDefault", "create function goods.open() returns bigint language sql return 1",
     "public_grant", "goods.open()"},
    {"PublicDefault",
     "alter default privileges for role entrepot_owner grant select on tables to public",
     "public_grant", "default privileges of entrepot_owner"},
    {"UpdateOfAppendOnly", "grant update on till.entry to entrepot_app", "append_only",
     "till.entry"},
    {"ColumnUpdateOfAppendOnly", "grant update (at) on till.entry to entrepot_app", "append_only",
     "till.entry.at"},
    {"DeleteOfAppendOnly", "grant delete on till.entry to entrepot_app", "append_only",
     "till.entry"},
    {"DeleteOfAppendOnlyPartition", "grant delete on till.entry_2026 to entrepot_app",
     "append_only", "till.entry_2026"},
    {"TruncateOfAppendOnly", "grant truncate on till.entry to entrepot_app", "privilege",
     "till.entry"},
    {"CascadeIntoAppendOnly",
     "alter table till.entry drop constraint entry_product_fkey,"
     " add constraint entry_product_fkey foreign key (tenant_id, product_id)"
     " references goods.product (tenant_id, id) on delete cascade",
     "append_only", "till.entry_product_fkey"},
    {"InsightInVault", "grant select on vault.capsule to entrepot_insight", "insight_vault",
     "vault.capsule"},
    {"InsightInVaultColumn", "grant select (id) on vault.capsule to entrepot_insight",
     "insight_vault", "vault.capsule.id"},
    {"InsightMayEnterVault", "grant usage on schema vault to entrepot_insight", "insight_vault",
     "vault"},
    // Shape.
    {"ConstraintName",
     "alter table goods.product add constraint positive check (price_minor < 1000000000)", "name",
     "goods.positive"},
    {"IndexName", "create index by_price on goods.product (tenant_id, price_minor)", "name",
     "goods.by_price"},
    {"TableWithoutComment", "comment on table goods.product is null", "comment", "goods.product"},
    {"ColumnWithoutComment", "alter table goods.product add note text", "comment",
     "goods.product.note"},
    {"NoRetention", "comment on table goods.product is 'A thing'", "retention", "goods.product"},
    {"UnknownRetention", "comment on table goods.product is 'A thing [retention: forever]'",
     "retention", "goods.product"},
    {"Double",
     "alter table goods.product add weight double precision;"
     "comment on column goods.product.weight is 'x'",
     "column_type", "goods.product.weight"},
    {"RealArray",
     "alter table goods.product add sizes real[]; comment on column goods.product.sizes is 'x'",
     "column_type", "goods.product.sizes"},
    {"DomainOverDouble",
     "create domain goods.ratio as double precision; alter table goods.product add r goods.ratio;"
     "comment on column goods.product.r is 'x'",
     "column_type", "goods.product.r"},
    {"DoubleInView",
     "create view goods.half with (security_invoker = true) as"
     " select price_minor / 2.0::float8 as half from goods.product",
     "column_type", "goods.half.half"},
    {"TimestampWithoutZone",
     "alter table goods.product add sold timestamp; comment on column goods.product.sold is 'x'",
     "column_type", "goods.product.sold"},
    {"Char",
     "alter table goods.product add grade char(1); comment on column goods.product.grade is 'x'",
     "column_type", "goods.product.grade"},
    {"Serial", "alter table goods.extra add n serial; comment on column goods.extra.n is 'x'",
     "narrow_identity", "goods.extra.n"},
    {"IntIdentity",
     "alter table goods.extra add n integer generated always as identity;"
     "comment on column goods.extra.n is 'x'",
     "narrow_identity", "goods.extra.n"},
};

class PlantedBreach : public testing::TestWithParam<Plant> {};

TEST_P(PlantedBreach, IsReportedAndNothingElse) {
    Session session(admin_of(fixture_database()));
    session.run("begin; set local role entrepot_owner; " + std::string(well_made) + "reset role");
    ASSERT_EQ(told(lint(session)), "");
    session.run(GetParam().sql);
    const std::vector<Breach> breaches = lint(session);
    session.run("rollback");
    ASSERT_FALSE(breaches.empty());
    for (const Breach& breach : breaches) {
        EXPECT_EQ(breach.rule, GetParam().rule) << told(breaches);
        EXPECT_EQ(breach.object, GetParam().object) << told(breaches);
    }
}

INSTANTIATE_TEST_SUITE_P(Lint, PlantedBreach, testing::ValuesIn(plants),
                         [](const auto& given) { return std::string(given.param.title); });

TEST(Lint, AWellMadeSchemaPasses) {
    EXPECT_EQ(told(lint(admin_of(fixture_database()))), "");
}

TEST(Lint, AnApplicationRoleCanReadTheSameVerdict) {
    const std::string target = test_cluster().conninfo("entrepot_monitor") + ' ' +
                               pgserver::conninfo_pair("dbname", fixture_database());
    EXPECT_EQ(told(lint(target)), "");
}

TEST(Lint, AnExceptionExcusesItsObjectOnly) {
    Session session(admin_of(fixture_database()));
    session.run(
        "begin; create view goods.a as select 1 as one; create view goods.b as select 1 as one");
    const auto breaches = lint(session, {{"view", "goods.a", "test"}});
    ASSERT_EQ(breaches.size(), 1U) << told(breaches);
    EXPECT_EQ(breaches[0].object, "goods.b");
}

TEST(Lint, AnExceptionThatExcusesNothingIsReported) {
    const auto breaches = lint(admin_of(fixture_database()), {{"view", "goods.none", "test"}});
    ASSERT_EQ(breaches.size(), 1U) << told(breaches);
    EXPECT_EQ(breaches[0].rule, "unused_exception");
}

TEST(Lint, OnCitusForceIsNotAsked) {
    Session session(admin_of(fixture_database()));
    session.run("begin; alter table goods.product no force row level security");
    EXPECT_EQ(told(lint(session, {}, Profile::citus)), "");
    EXPECT_NE(told(lint(session)), "");
}

TEST(Lint, ObjectsOfExtensionsAreNotOurs) {
    Session session(admin_of(fixture_database()));
    session.run(
        "begin; create schema tools; revoke all on schema tools from public;"
        "create extension pg_trgm schema tools");
    EXPECT_EQ(told(lint(session)), "");
}

}  // namespace
}  // namespace entrepot::migrate
