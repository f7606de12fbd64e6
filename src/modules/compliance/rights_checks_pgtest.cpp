// A buyer's request that waits too long turns the check amber, then red, and an answer green again.
#include <boost/json.hpp>

#include "modules/compliance/run.hpp"
#include "support/reader.hpp"
#include "vault/vault.hpp"

namespace entrepot::compliance {
namespace {
using http::Method;

class ComplianceRights : public entrepot::test::DatabaseTest {
protected:
    Context ctx = tenant_context();
    Finding find(const char* name = "rights_in_time") {
        const Check* check = check_by_name(name);
        EXPECT_NE(check, nullptr);
        return run([&] { return run_check(ctx, *check); });
    }
};

TEST_F(ComplianceRights, a_late_answer_is_seen) {
    EXPECT_EQ(find().state, State::green);
    const auto opened =
        call(ctx, Method::post, "/rights/requests",
             R"({"kind":"erasure","arrived_by":"letter","order_ids":[],"received_at":")" +
                 format_instant(clock().now() - std::chrono::hours(24 * 20)) + "\"}");
    ASSERT_EQ(opened.status, 201) << opened.body;
    const std::string id(boost::json::parse(opened.body).at("id").as_string());
    EXPECT_EQ(find().state, State::green);
    EXPECT_EQ(find().figures.at("open"), 1);
    clock().advance(std::chrono::hours(24 * 4));
    EXPECT_EQ(find().state, State::amber);
    EXPECT_EQ(find().code, "due_soon");
    clock().advance(std::chrono::hours(24 * 8));
    EXPECT_EQ(find().state, State::red);
    EXPECT_EQ(find().figures.at("overdue"), 1);
    EXPECT_EQ(call(ctx, Method::post, "/rights/requests/" + id + "/carry-out", "{}").status, 200);
    EXPECT_EQ(find().state, State::green);
}

TEST_F(ComplianceRights, what_was_done_for_nobody_knows_whom_is_seen) {
    EXPECT_EQ(find("rights_verified").state, State::green);
    const auto opened = call(ctx, Method::post, "/rights/requests",
                             R"({"kind":"erasure","arrived_by":"letter","order_ids":[]})");
    ASSERT_EQ(opened.status, 201) << opened.body;
    const std::string id(boost::json::parse(opened.body).at("id").as_string());
    EXPECT_EQ(call(ctx, Method::post, "/rights/requests/" + id + "/carry-out", "{}").status, 200);
    EXPECT_EQ(find("rights_verified").state, State::green) << "it covers no order";
    sql("insert into rights.request_order (tenant_id, request_id, order_id, shop_id, order_number) "
        "values ('" +
        ctx.tenant.text() + "', '" + id + "', '" + id + "', '" + id + "', 'A-1')");
    EXPECT_EQ(find("rights_verified").code, "unverified");
    EXPECT_EQ(find("rights_verified").state, State::red);
    sql("update rights.request set verified_at = now() where id = '" + id + "'");
    EXPECT_EQ(find("rights_verified").code, "verified");
}

TEST_F(ComplianceRights, a_hold_past_its_end_a_left_over_copy_and_a_missing_key_line_are_seen) {
    const auto expect = [&](State state, const char* code) {
        const Finding found = find("holds_end_in_time");
        EXPECT_EQ(found.state, state) << found.code;
        EXPECT_EQ(found.code, code);
    };
    expect(State::green, "in_time");
    const OrderId order =
        run([&] { return entrepot::test::put_capsule(ctx, ctx.new_id<ShopId>()); });
    const Uuid hold = crypto::new_uuid(clock().now());
    const vault::HoldKey key{hold, clock().now() + std::chrono::hours(24)};
    const std::vector<OrderId> only{order};
    const auto copy = run([&] { return vault::copy_for_hold(ctx, key, only); });
    auto keep = [&](pg::Transaction& tx) -> Awaitable<Result<std::size_t>> {
        co_return (co_await vault::keep_copy(tx, *copy)).size();
    };
    EXPECT_EQ(*run([&] { return ctx.db().transaction(ctx.tenant, keep); }), 1U);
    expect(State::red, "left_over");
    sql("insert into holds.legal_hold (tenant_id, id, reason, reference, ends_at, placed_at, "
        "placed_by) values ('" +
        ctx.tenant.text() + "', '" + hold.text() + "', 'court', 'x', '" +
        format_instant(clock().now() + std::chrono::hours(24)) + "', now(), '" +
        ctx.actor.id.text() + "')");
    expect(State::green, "in_time");
    EXPECT_EQ(find("holds_end_in_time").figures.at("probes"), 1);
    clock().advance(std::chrono::hours(26));
    expect(State::red, "overdue");
    sql("delete from vault.held_cell where hold_id = '" + hold.text() + "'");
    sql("update holds.legal_hold set state = 'ended', ending = 'expired', ended_at = now(), "
        "receipt = '{}' where id = '" +
        hold.text() + "'");
    expect(State::red, "keys_left");
    const std::string reason = "hold_ended";
    EXPECT_EQ(run([&] { return vault::destroy_hold(ctx, hold, reason); })->answer,
              vault::HoldAnswer::ended);
    expect(State::green, "in_time");
}

}  // namespace
}  // namespace entrepot::compliance
