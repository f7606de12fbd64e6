// Each check goes red when what it looks at is broken: the break is made in the database, the check
// is asked, the break is undone.
#include <gmock/gmock.h>

#include "modules/account/account.hpp"
#include "modules/compliance/run.hpp"
#include "platform/audit/audit.hpp"
#include "platform/pgserver/session.hpp"
#include "support/fixture.hpp"

namespace entrepot::compliance {
namespace {
using testing::Contains, testing::HasSubstr;

class ComplianceChecks : public entrepot::test::DatabaseTest {
protected:
    Finding find(Context& ctx, std::string_view name) {
        const Check* check = check_by_name(name);
        EXPECT_NE(check, nullptr) << name;
        return run([&] { return run_check(ctx, *check); });
    }
    /// A tenant with an owner who has the second factor.
    Context company() {
        static int count = 0;
        const std::string email = "owner" + std::to_string(++count) + "@compliance.example";
        const account::NewTenant tenant{"Company",  "GB",
                                        "01234567", "1 Quay",
                                        email,      {"Olga Tarn", "CEO", email, "+44 20 7946 0000"},
                                        "GBP",      "Europe/London",
                                        "en"};
        const account::NewUser owner{email, "Olga Tarn", "rT7;vQ2_kW9x", "en",
                                     "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"};
        const auto made =
            run([&] { return account::create_tenant_with_owner(services(), tenant, owner); });
        EXPECT_TRUE(made.has_value()) << (made.has_error() ? made.error().detail : "");
        Context ctx = tenant_context();
        ctx.tenant = made->tenant;
        ctx.actor.id = made->user.value;
        return ctx;
    }
    /// Breaks something as the superuser, asks, and mends it whatever the answer is.
    Finding with(Context& ctx, std::string_view check, const std::string& damage,
                 const std::string& repair) {
        pgserver::Session session(entrepot::test::Environment::get().admin_conninfo());
        session.run(damage);
        Finding out = find(ctx, check);
        session.run(repair);
        return out;
    }
    static std::string of(const Context& ctx) {
        return " where tenant_id = '" + ctx.tenant.text() + "'";
    }
};

TEST_F(ComplianceChecks, a_sound_instance_is_green_where_it_can_be) {
    Context ctx = company();
    for (const char* name :
         {"mfa_coverage", "password_policy", "unique_ids", "session_limits", "role_grants",
          "api_keys_expiring", "sealed_secrets", "tenant_isolation", "database_role",
          "database_link", "schema_register", "buyer_columns", "audit_rows", "audit_append_only",
          "raw_replies", "deny_by_default"}) {
        const Finding finding = find(ctx, name);
        EXPECT_EQ(finding.state, State::green)
            << name << ' ' << finding.code << ' '
            << (finding.items.empty() ? "" : finding.items.front());
    }
    // Tests may call the simulator, and no server listens in them.
    EXPECT_EQ(find(ctx, "egress_register").code, "simulator");
    EXPECT_EQ(find(ctx, "tls_in_force").code, "not_serving");
}

TEST_F(ComplianceChecks, a_new_company_is_checked_without_being_asked) {
    const Context ctx = company();
    const std::string count = "select count(distinct check_name) from compliance.result" + of(ctx);
    EXPECT_EQ(sql(count), "0");
    drain_jobs();
    EXPECT_EQ(sql(count), std::to_string(checks().size()));
    EXPECT_EQ(sql("select count(*) from platform.audit_entry" + of(ctx) +
                  " and act = 'compliance.checked'"),
              "1");
}

TEST_F(ComplianceChecks, a_user_without_second_factor_is_seen) {
    Context ctx = company();
    sql("delete from account.totp" + of(ctx));
    const Finding finding = find(ctx, "mfa_coverage");
    EXPECT_EQ(finding.state, State::red);
    EXPECT_EQ(finding.figures.at("without"), 1);
    EXPECT_EQ(finding.figures.at("users"), 1);
}

TEST_F(ComplianceChecks, old_and_foreign_passwords_are_seen) {
    Context ctx = company();
    clock().advance(std::chrono::hours(24 * 366));
    EXPECT_EQ(find(ctx, "password_policy").code, "expired");
    sql("update account.user_account set password_hash = 'md5:1'" + of(ctx));
    EXPECT_EQ(find(ctx, "password_policy").code, "other_form");
}

TEST_F(ComplianceChecks, a_session_served_past_its_end_is_seen) {
    Context ctx = company();
    sql("insert into account.session (tenant_id, id, user_id, secret_hash, created_at, "
        "last_seen_at, second_factor_at, ip, user_agent) select tenant_id, gen_random_uuid(), id, "
        "'x', '2026-01-01Z', '2026-01-01T12:02Z', '2026-01-01Z', '', '' from account.user_account" +
        of(ctx));
    EXPECT_EQ(find(ctx, "session_limits").code, "past_end");
    sql("update account.session set last_seen_at = '2026-01-01T00:12Z', second_factor_at = null" +
        of(ctx));
    EXPECT_EQ(find(ctx, "session_limits").code, "past_end");
    sql("update account.session set last_seen_at = '2026-01-01T00:09Z'" + of(ctx));
    EXPECT_EQ(find(ctx, "session_limits").state, State::green);
}

TEST_F(ComplianceChecks, a_grant_of_an_unknown_role_is_seen) {
    Context ctx = company();
    sql("update account.role_grant set role = 'king'" + of(ctx));
    EXPECT_EQ(find(ctx, "role_grants").code, "unknown");
}

TEST_F(ComplianceChecks, keys_without_end_and_keys_for_years_are_seen) {
    Context ctx = company();
    sql("insert into account.api_key (tenant_id, id, user_id, name, prefix, secret_hash, "
        "permissions, created_at, expires_at) select tenant_id, gen_random_uuid(), id, 'k', 'ek_', "
        "'x', '{}', '2026-01-01Z', '2028-01-01Z' from account.user_account" +
        of(ctx));
    EXPECT_EQ(find(ctx, "api_keys_expiring").code, "too_long");
    sql("update account.api_key set expires_at = 'infinity'" + of(ctx));
    EXPECT_EQ(find(ctx, "api_keys_expiring").code, "endless");
    sql("update account.api_key set revoked_at = '2026-02-01Z'" + of(ctx));
    EXPECT_EQ(find(ctx, "api_keys_expiring").state, State::green);
}

TEST_F(ComplianceChecks, a_seed_that_our_key_does_not_open_is_seen) {
    Context ctx = company();
    sql("update account.totp set seed = set_byte(seed, 20, get_byte(seed, 20) # 1)" + of(ctx));
    EXPECT_EQ(find(ctx, "sealed_secrets").code, "not_ours");
}

TEST_F(ComplianceChecks, walls_between_tenants_that_are_down_are_seen) {
    Context ctx = company();
    const auto expect_open = [&](const std::string& damage, const std::string& repair) {
        const Finding finding = with(ctx, "tenant_isolation", damage, repair);
        EXPECT_EQ(finding.state, State::red) << damage;
        EXPECT_THAT(finding.items, Contains("orders.note")) << damage;
    };
    expect_open("alter table orders.note no force row level security",
                "alter table orders.note force row level security");
    expect_open("alter table orders.note disable row level security",
                "alter table orders.note enable row level security");
    expect_open("create policy gap on orders.note using (true)", "drop policy gap on orders.note");
    expect_open("create policy gap on orders.note for select to entrepot_app using (true)",
                "drop policy gap on orders.note");
    expect_open("alter policy note_tenant on orders.note using (true)",
                "alter policy note_tenant on orders.note using (tenant_id = "
                "nullif(current_setting('app.tenant', true), '')::uuid)");
    EXPECT_EQ(find(ctx, "tenant_isolation").state, State::green);
}

TEST_F(ComplianceChecks, a_role_that_can_do_more_than_rows_is_seen) {
    Context ctx = company();
    const auto expect_power = [&](const std::string& damage, const std::string& repair,
                                  const std::string& named) {
        const Finding finding = with(ctx, "database_role", damage, repair);
        EXPECT_EQ(finding.state, State::red) << damage;
        EXPECT_THAT(finding.items, Contains(HasSubstr(named))) << damage;
    };
    expect_power("alter role entrepot_app bypassrls", "alter role entrepot_app nobypassrls",
                 "bypasses");
    expect_power("grant create on schema orders to entrepot_app",
                 "revoke create on schema orders from entrepot_app", "orders");
    expect_power("grant truncate on orders.note to entrepot_app",
                 "revoke truncate on orders.note from entrepot_app", "orders.note");
    EXPECT_EQ(find(ctx, "database_role").state, State::green);
}

TEST_F(ComplianceChecks, what_the_register_of_tables_does_not_know_is_seen) {
    Context ctx = company();
    Finding finding = with(ctx, "schema_register", "create table orders.stray (note text)",
                           "drop table orders.stray");
    EXPECT_EQ(finding.state, State::red);
    EXPECT_THAT(finding.items, Contains("orders.stray"));
    EXPECT_THAT(finding.items, Contains("orders.stray.note"));
    finding = with(ctx, "buyer_columns", "alter table orders.note add column buyer_name text",
                   "alter table orders.note drop column buyer_name");
    EXPECT_EQ(finding.state, State::red);
    EXPECT_THAT(finding.items, Contains("orders.note.buyer_name"));
}

TEST_F(ComplianceChecks, an_audit_that_can_be_changed_is_seen) {
    Context ctx = company();
    for (const std::string right : {"delete", "update", "update (act)", "truncate"})
        EXPECT_EQ(with(ctx, "audit_append_only",
                       "grant " + right + " on platform.audit_entry to entrepot_app",
                       "revoke " + right + " on platform.audit_entry from entrepot_app")
                      .code,
                  "changeable")
            << right;
    EXPECT_EQ(find(ctx, "audit_append_only").state, State::green);
}

TEST_F(ComplianceChecks, audit_rows_are_counted_with_their_refusals) {
    Context ctx = tenant_context();
    EXPECT_EQ(find(ctx, "audit_rows").code, "none");
    run([&]() -> Awaitable<void> {
        co_await audit::refused(ctx, {"orders.hold_placed", "order", "x"}, "forbidden");
    });
    const Finding finding = find(ctx, "audit_rows");
    EXPECT_EQ(finding.code, "written");
    EXPECT_EQ(finding.figures.at("rows"), 1);
    EXPECT_EQ(finding.figures.at("refused"), 1);
}

TEST_F(ComplianceChecks, backups_that_are_missing_late_or_in_one_place_are_seen) {
    Context ctx = company();
    const auto made = [&](int repository, const char* outcome, int hours_ago) {
        sql("insert into backup.run (id, repository, kind, started_at, finished_at, outcome, "
            "label, original_bytes, stored_bytes, trouble) values (gen_random_uuid(), " +
            std::to_string(repository) + ", 'full', '" +
            format_instant(clock().now() - std::chrono::hours(hours_ago)) + "', '" +
            format_instant(clock().now()) + "', '" + outcome + "', 'x', 0, 0, '')");
    };
    sql("delete from backup.run");
    EXPECT_EQ(find(ctx, "backups_made").code, "none");
    made(1, "done", 31);
    EXPECT_EQ(find(ctx, "backups_made").code, "late");
    made(1, "done", 25);
    EXPECT_EQ(find(ctx, "backups_made").code, "one_place");
    made(2, "done", 5);
    const Finding good = find(ctx, "backups_made");
    EXPECT_EQ(good.state, State::green);
    EXPECT_EQ(good.figures.at("hours"), 25);
    EXPECT_EQ(good.figures.at("places"), 2);
    made(2, "failed", 1);
    EXPECT_EQ(find(ctx, "backups_made").code, "failed");
    made(3, "failed", 1);
    EXPECT_EQ(find(ctx, "backups_made").code, "late");
    sql("delete from backup.run");
}

TEST_F(ComplianceChecks, a_missed_or_failed_drill_is_red) {
    Context ctx = company();
    const auto drilled = [&](const char* outcome, int days_ago) {
        const std::string at = format_instant(clock().now() - std::chrono::hours(24 * days_ago));
        sql("insert into backup.drill (id, repository, started_at, finished_at, outcome, "
            "restore_ms, erased_tried, erased_opened, live_tried, live_opened, faults, "
            "report_digest) values (gen_random_uuid(), 1, '" +
            at + "', '" + at + "', '" + outcome + "', 1, 3, 0, 5, 5, '" +
            (outcome == std::string("passed") ? "" : "x") + "', '')");
    };
    sql("delete from backup.drill");
    EXPECT_EQ(find(ctx, "drill_passed").code, "none");
    drilled("passed", 15);
    EXPECT_EQ(find(ctx, "drill_passed").code, "late");
    drilled("passed", 2);
    const Finding good = find(ctx, "drill_passed");
    EXPECT_EQ(good.state, State::green);
    EXPECT_EQ(good.figures.at("days"), 2);
    drilled("failed", 1);
    EXPECT_EQ(find(ctx, "drill_passed").code, "failed");
    sql("delete from backup.drill");
}

TEST_F(ComplianceChecks, a_check_that_breaks_down_is_red_with_its_reason) {
    Context ctx = company();
    const Finding finding =
        with(ctx, "raw_replies", "revoke select on amazon.raw_reply from entrepot_app",
             "grant select on amazon.raw_reply to entrepot_app");
    EXPECT_EQ(finding.state, State::red);
    EXPECT_EQ(finding.code, "cannot_run");
    EXPECT_THAT(finding.items, Contains(HasSubstr("raw_reply")));
}

TEST_F(ComplianceChecks, a_table_that_nobody_listed_and_data_past_its_term_are_seen) {
    Context ctx = company();
    EXPECT_EQ(find(ctx, "marketplace_data").state, State::green);
    sql("create table orders.unlisted (tenant_id uuid not null)");
    const Finding unlisted = find(ctx, "marketplace_data");
    sql("drop table orders.unlisted");
    EXPECT_EQ(unlisted.code, "unlisted");
    EXPECT_THAT(unlisted.items, Contains("orders.unlisted"));
    pgserver::Session session(entrepot::test::Environment::get().admin_conninfo());
    // No shop stands behind it.
    session.run("set session_replication_role = replica");
    session.run(
        "insert into amazon.history_report (tenant_id, shop_id, id, batch_id, marketplaces, "
        "from_at, to_at, state, next_poll_at, ended_at) values ('" +
        ctx.tenant.text() +
        "', gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), '{}', now(), now(), 'done', "
        "now(), '" +
        format_instant(clock().now() - std::chrono::days(543)) + "')");
    const Finding overdue = find(ctx, "marketplace_data");
    EXPECT_EQ(overdue.state, State::red);
    EXPECT_EQ(overdue.code, "overdue");
}

}  // namespace
}  // namespace entrepot::compliance
