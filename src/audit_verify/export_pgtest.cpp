// From acts in a database over an export to the verifier, and tampering with the database itself.
#include "audit_verify/verifier.hpp"
#include "platform/audit/audit.hpp"
#include "platform/audit/export.hpp"
#include "support/fixture.hpp"
#include "support/sealing.hpp"

namespace entrepot::audit_verify {
namespace {

class AuditExport : public test::DatabaseTest {
protected:
    void SetUp() override { services(); }

    void act(Context& ctx, int count) {
        run([&]() -> Awaitable<int> {
            auto body = [&](pg::Transaction& tx) -> Awaitable<Result<bool>> {
                for (int i = 0; i < count; ++i)
                    audit::done(tx, ctx,
                                {"orders.held", "order", std::to_string(i),
                                 R"({"words": "林 \"x\"\u0001", "n": 1.50})"});
                co_return true;
            };
            (void)co_await ctx.db().transaction(ctx.tenant, body);
            co_return 0;
        });
    }
    void seal() {
        audit::Sealer sealer(services().runtime, clock(), test::sealing_options("export"));
        run([&]() -> Awaitable<int> {
            while (co_await sealer.seal() == audit::Sealer::Outcome::full_batch) {
            }
            co_return 0;
        });
    }
    std::string exported(audit::ExportOptions options = {}) {
        pg::Database sealer_db(services().runtime, {.conninfo = conninfo("entrepot_sealer"),
                                                    .connections_per_loop = 1});
        std::string text;
        run([&]() -> Awaitable<int> {
            const auto done = co_await audit::export_trail(
                services(), sealer_db, options, [&](const std::string& piece) { text += piece; });
            EXPECT_TRUE(done.has_value());
            co_return 0;
        });
        sealer_db.close();
        return text;
    }
    static Report check(const std::string& text, std::optional<audit::Seen> since = {}) {
        Options options;
        // A test of the sealer changes the key for a while, as operators may.
        options.keys = {test::audit_signer().public_key, audit::signer_of_seed({99}).public_key};
        auto rest = std::make_shared<std::optional<std::string>>(text);
        return verify({"export",
                       [rest](std::string& out) {
                           if (!*rest) return false;
                           out = std::move(**rest);
                           rest->reset();
                           return true;
                       }},
                      {}, since, options);
    }
    static std::string words_of(const Report& report) {
        std::string out;
        for (const Finding& finding : report.findings.first())
            out += std::string(fault_name(finding.fault)) + ": " + finding.words + '\n';
        return out;
    }
    std::string position_of(const Context& ctx, int number) {
        return sql("select position from platform.audit_leaf where tenant_id = '" +
                   ctx.tenant.text() + "' and number = " + std::to_string(number));
    }
};

TEST_F(AuditExport, whole_and_by_tenant_it_verifies) {
    Context one = tenant_context();
    Context two = tenant_context();
    for (int i = 0; i < 4; ++i) {
        act(one, 90);
        act(two, 3);
        seal();
    }
    const Report whole = check(exported());
    EXPECT_TRUE(whole.good()) << words_of(whole);
    EXPECT_EQ(std::to_string(whole.rows), sql("select count(*) from platform.audit_leaf"));
    EXPECT_EQ(std::to_string(whole.checkpoints),
              sql("select count(*) from platform.audit_checkpoint"));
    const Report tenant = check(exported({.tenant = one.tenant}));
    EXPECT_TRUE(tenant.good()) << words_of(tenant);
    EXPECT_EQ(tenant.rows, 360U);
    act(one, 5);
    seal();
    const Report grown = check(
        exported({.tenant = one.tenant, .since_size = tenant.seen->checkpoint.size}), tenant.seen);
    EXPECT_TRUE(grown.good()) << words_of(grown);
    EXPECT_EQ(grown.rows, 365U);
}

TEST_F(AuditExport, what_is_done_to_the_database_is_found_in_the_export) {
    Context ctx = tenant_context();
    act(ctx, 6);
    seal();
    const std::string row = " where tenant_id = '" + ctx.tenant.text() +
                            "' and id = (select entry_id from platform.audit_leaf where"
                            " tenant_id = '" +
                            ctx.tenant.text() + "' and number = 3)";
    const std::string position = position_of(ctx, 3);
    const auto found_in = [&](const std::string& text, Fault fault) {
        const Report report = check(text);
        for (const Finding& finding : report.findings.first())
            if (finding.fault == fault && finding.positions &&
                std::to_string(finding.positions->first) == position)
                return true;
        ADD_FAILURE() << fault_name(fault) << " at " << position << "\n" << words_of(report);
        return false;
    };
    sql("create table public.audit_entry_kept as select e.* from platform.audit_entry e" + row);
    sql("update platform.audit_entry set act = 'orders.released'" + row);
    EXPECT_TRUE(found_in(exported(), Fault::edited));
    EXPECT_TRUE(found_in(exported({.tenant = ctx.tenant}), Fault::edited));
    sql("update platform.audit_entry set act = 'orders.held', detail = (detail::jsonb)::json" +
        row);
    EXPECT_TRUE(found_in(exported(), Fault::edited)) << "the same JSON in another spelling";
    sql("delete from platform.audit_entry" + row);
    EXPECT_TRUE(found_in(exported(), Fault::missing));
    EXPECT_TRUE(found_in(exported({.tenant = ctx.tenant}), Fault::missing));
    sql("insert into platform.audit_entry table public.audit_entry_kept");
    sql("drop table public.audit_entry_kept");
    EXPECT_TRUE(check(exported()).good()) << "put back as it was, to the byte";
}

}  // namespace
}  // namespace entrepot::audit_verify
