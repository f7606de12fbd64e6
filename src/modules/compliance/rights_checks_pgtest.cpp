// A buyer's request that waits too long turns the check amber, then red, and an answer green again.
#include <boost/json.hpp>

#include "modules/compliance/run.hpp"
#include "support/fixture.hpp"

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

}  // namespace
}  // namespace entrepot::compliance
