// The promises as people see them: states, history, the daily check.
#include <boost/json.hpp>

#include "modules/compliance/jobs.hpp"
#include "modules/compliance/promise_register.hpp"
#include "support/fixture.hpp"

namespace entrepot::compliance {
namespace {
using http::Method;

class CompliancePromises : public entrepot::test::DatabaseTest {
protected:
    boost::json::value ask(Context& ctx, Method method, const std::string& path, int status = 200) {
        const auto response =
            call(ctx, method, path, method == Method::post ? std::string("{}") : std::string());
        EXPECT_EQ(response.status, status) << path << response.body;
        return boost::json::parse(response.body);
    }
    std::string state_of(Context& ctx, const std::string& id) {
        return std::string(ask(ctx, Method::get, "/compliance/promises/" + id)
                               .at("promise")
                               .at("state")
                               .as_string());
    }
};

TEST_F(CompliancePromises, before_the_first_check_everything_is_red) {
    Context ctx = tenant_context();
    const auto all = ask(ctx, Method::get, "/compliance/promises");
    const auto count = static_cast<std::int64_t>(promise_register().promises().size());
    EXPECT_EQ(all.at("counts").at("red").as_int64(), count);
    EXPECT_EQ(all.at("items").as_array().size(), promise_register().promises().size());
    EXPECT_TRUE(all.at("last_checked_at").is_null());
}

TEST_F(CompliancePromises, a_check_proves_and_time_takes_the_proof_away) {
    Context ctx = tenant_context();
    const auto checked = ask(ctx, Method::post, "/compliance/check");
    EXPECT_GT(checked.at("promises").at("green").as_int64(), 0);
    EXPECT_EQ(state_of(ctx, "ZH-3.11"), "green");
    const auto detail = ask(ctx, Method::get, "/compliance/promises/ZH-3.11");
    EXPECT_EQ(detail.at("checks").at(0).at("name").as_string(), "tenant_isolation");
    EXPECT_GT(detail.at("checks").at(0).at("figures").at("tables").as_int64(), 20);
    EXPECT_EQ(detail.at("history").as_array().size(), 1U);
    EXPECT_FALSE(detail.at("promise").at("last_proven_at").is_null());
    clock().advance(std::chrono::hours(37));
    EXPECT_EQ(state_of(ctx, "ZH-3.11"), "amber");
    clock().advance(std::chrono::hours(36));
    EXPECT_EQ(state_of(ctx, "ZH-3.11"), "red");
    ask(ctx, Method::post, "/compliance/check");
    EXPECT_EQ(state_of(ctx, "ZH-3.11"), "green");
    EXPECT_EQ(ask(ctx, Method::get, "/compliance/promises/ZH-3.11").at("history").as_array().size(),
              2U);
}

TEST_F(CompliancePromises, what_is_not_built_stays_red_and_says_so) {
    Context ctx = tenant_context();
    ask(ctx, Method::post, "/compliance/check");
    for (const char* id : {"ZH-3.14", "ZH-6.4", "EN-retention-2"}) {
        const auto detail = ask(ctx, Method::get, std::string("/compliance/promises/") + id);
        EXPECT_EQ(detail.at("promise").at("state").as_string(), "red") << id;
        EXPECT_FALSE(detail.at("promise").at("built").as_bool()) << id;
        EXPECT_TRUE(detail.at("promise").at("last_proven_at").is_null()) << id;
        bool said = false;
        for (const auto& control : detail.at("controls").as_array())
            said = said || !control.at("unbuilt").is_null();
        EXPECT_TRUE(said) << id;
    }
}

TEST_F(CompliancePromises, lists_are_narrowed_by_state_policy_and_words) {
    Context ctx = tenant_context();
    ask(ctx, Method::post, "/compliance/check");
    const auto items = [&](const std::string& query) {
        return ask(ctx, Method::get, "/compliance/promises?" + query).at("items").as_array();
    };
    for (const auto& line : items("state=green")) EXPECT_EQ(line.at("state").as_string(), "green");
    EXPECT_GT(items("state=green").size(), 3U);
    EXPECT_EQ(items("policy=en").size(), 18U);
    EXPECT_EQ(items("q=zh-3.8").at(0).at("id").as_string(), "ZH-3.8");
    EXPECT_EQ(items("q=S21").size(), 1U);
    EXPECT_EQ(items("q=%E6%B8%97%E9%80%8F%E6%B5%8B%E8%AF%95").size(), 1U);  // 渗透测试
    EXPECT_TRUE(items("q=there+is+no+such+word").empty());
    ask(ctx, Method::get, "/compliance/promises?state=blue", 400);
    ask(ctx, Method::get, "/compliance/promises?q=" + std::string(101, 'a'), 400);
    ask(ctx, Method::get, "/compliance/promises/ZH-99.1", 404);
}

TEST_F(CompliancePromises, an_auditor_reads_and_does_not_check) {
    Context ctx = tenant_context();
    Context auditor = as(ctx, role_by_name("auditor")->permissions);
    ask(auditor, Method::get, "/compliance/promises");
    ask(auditor, Method::post, "/compliance/check", 403);
    Context clerk = as(ctx, role_by_name("warehouse")->permissions);
    ask(clerk, Method::get, "/compliance/promises", 403);
}

TEST_F(CompliancePromises, one_tenants_proofs_are_not_anothers) {
    Context one = tenant_context(), other = tenant_context();
    ask(one, Method::post, "/compliance/check");
    EXPECT_EQ(state_of(one, "ZH-3.11"), "green");
    EXPECT_EQ(state_of(other, "ZH-3.11"), "red");
}

TEST_F(CompliancePromises, every_day_the_checks_run_by_themselves) {
    Context ctx = tenant_context();
    ask(ctx, Method::post, "/compliance/check");
    const std::string count =
        "select count(*) from compliance.result where check_name = "
        "'tenant_isolation' and tenant_id = '" +
        ctx.tenant.text() + "'";
    drain_jobs();
    EXPECT_EQ(sql(count), "1");
    clock().advance(check_interval + std::chrono::seconds(1));
    drain_jobs();
    EXPECT_EQ(sql(count), "2");
    clock().advance(check_interval + std::chrono::seconds(1));
    drain_jobs();
    EXPECT_EQ(sql(count), "3");
    EXPECT_EQ(state_of(ctx, "ZH-3.11"), "green");
}

TEST_F(CompliancePromises, a_proof_cannot_be_changed_afterwards) {
    for (const char* right : {"update", "delete", "truncate"})
        EXPECT_EQ(
            sql(std::string("select has_table_privilege('entrepot_app', 'compliance.result', '") +
                right + "')"),
            "f")
            << right;
}

}  // namespace
}  // namespace entrepot::compliance
