// What the dispatcher promises of every request: a key makes a call happen once, a refused act
// leaves its trace.
#include <boost/json.hpp>

#include "support/fixture.hpp"

namespace entrepot::test {
namespace {
using http::Method;

class Dispatching : public DatabaseTest {
protected:
    http::Response make_shop(Context& ctx, const std::string& key, const std::string& name,
                             const std::string& zone = "UTC") {
        return call(ctx, Method::post, "/shops/file",
                    R"({"name":")" + name + R"(","country":"GB","currency":"GBP","time_zone":")" +
                        zone + "\"}",
                    {{"idempotency-key", key}});
    }
    static std::string code_of(const http::Response& response) {
        if (response.status < 400) return std::to_string(response.status);
        return boost::json::parse(response.body).at("code").as_string().c_str();
    }
    static std::string shops(const Context& ctx) {
        return sql("select count(*) from shops.shop where tenant_id = '" + ctx.tenant.text() + "'");
    }
};

TEST_F(Dispatching, a_call_with_a_key_happens_once_and_is_answered_again) {
    Context ctx = tenant_context();
    const auto first = make_shop(ctx, "key-1", "Store");
    const auto again = make_shop(ctx, "key-1", "Store");
    EXPECT_EQ(first.status, 201) << first.body;
    EXPECT_EQ(again.status, 201);
    EXPECT_EQ(boost::json::parse(again.body), boost::json::parse(first.body));
    EXPECT_EQ(shops(ctx), "1");
    Context stranger = tenant_context();
    EXPECT_EQ(make_shop(stranger, "key-1", "Store").status, 201) << "a key is one tenant's";
    EXPECT_EQ(shops(stranger), "1");
}

TEST_F(Dispatching, a_key_that_comes_with_other_content_is_a_conflict) {
    Context ctx = tenant_context();
    EXPECT_EQ(make_shop(ctx, "key-1", "Store").status, 201);
    EXPECT_EQ(code_of(make_shop(ctx, "key-1", "Another")), "idempotency_key_reused");
    EXPECT_EQ(code_of(call(ctx, Method::post, "/skus", R"({"code":"A","title":"a"})",
                           {{"idempotency-key", "key-1"}})),
              "idempotency_key_reused")
        << "nor does it go to another route";
    EXPECT_EQ(shops(ctx), "1");
    EXPECT_EQ(code_of(make_shop(ctx, std::string(201, 'k'), "Third")), "invalid_fields");
}

TEST_F(Dispatching, a_key_whose_call_is_still_running_waits_for_it) {
    Context ctx = tenant_context();
    EXPECT_EQ(make_shop(ctx, "key-1", "Store").status, 201);
    sql("update platform.idempotency_key set status = null, response = null where tenant_id = '" +
        ctx.tenant.text() + "'");
    EXPECT_EQ(code_of(make_shop(ctx, "key-1", "Store")), "idempotency_in_progress");
    EXPECT_EQ(shops(ctx), "1");
}

TEST_F(Dispatching, a_refused_call_leaves_its_key_free) {
    Context ctx = tenant_context();
    EXPECT_EQ(code_of(make_shop(ctx, "key-1", "Store", "Mars/Base")), "shops.unknown_time_zone");
    EXPECT_EQ(make_shop(ctx, "key-1", "Store").status, 201);
}

TEST_F(Dispatching, every_refused_act_is_in_the_audit_and_reading_is_not) {
    Context owner = tenant_context();
    Context reader = as(owner, {Permission::orders_read});
    const auto refused = [&] {
        return sql(
            "select coalesce(string_agg(code, ',' order by code), '') from "
            "platform.audit_entry where result = 'refused' and tenant_id = '" +
            owner.tenant.text() + "'");
    };
    EXPECT_EQ(make_shop(reader, "", "Store").status, 403);
    EXPECT_EQ(refused(), "forbidden");
    EXPECT_EQ(make_shop(owner, "", "Store", "Mars/Base").status, 400);
    EXPECT_EQ(refused(), "forbidden,shops.unknown_time_zone");
    EXPECT_EQ(call(reader, Method::get, "/orders?limit=0").status, 400);
    EXPECT_EQ(refused(), "forbidden,shops.unknown_time_zone") << "a mistyped list is nobody's act";
    EXPECT_EQ(call(reader, Method::get, "/audit").status, 403);
    EXPECT_EQ(refused(), "forbidden,forbidden,shops.unknown_time_zone")
        << "but a forbidden look is";
}

}  // namespace
}  // namespace entrepot::test
