// What must hold for every route of every module, generated from the route tables: rights by role,
// unknown ids, bad bodies.
#include <boost/json.hpp>

#include "support/fixture.hpp"
#include "support/route_samples.hpp"
#include "support/schema_check.hpp"

namespace entrepot::test {
namespace {

class Routes : public DatabaseTest {
protected:
    static std::vector<const http::Route*> all() {
        std::vector<const http::Route*> out;
        for (const Module& module : Environment::get().instance().modules())
            for (const http::Route& route : module.routes) out.push_back(&route);
        return out;
    }
    std::string some_id() { return crypto::new_uuid(clock().now()).text(); }
};

TEST_F(Routes, every_role_gets_what_the_table_says_and_nothing_else) {
    Context owner = tenant_context();
    for (const Role& role : roles()) {
        Context ctx = as(owner, role.permissions);
        for (const http::Route* route : all()) {
            if (route->gate != http::Gate::permission || route->upload) continue;
            const auto response = call(ctx, route->method, path_with(*route, some_id()),
                                       changes(*route) ? "{\"no_such_member\":1}" : "");
            if (role.permissions.has(route->permission))
                EXPECT_NE(response.status, 403)
                    << role.name << ' ' << name_of(*route) << ' ' << response.body;
            else
                EXPECT_EQ(response.status, 403) << role.name << ' ' << name_of(*route);
            EXPECT_LT(response.status, 500) << name_of(*route);
        }
    }
}

TEST_F(Routes, a_session_without_second_factor_reaches_only_its_gates) {
    Context ctx = tenant_context();
    ctx.level = SessionLevel::password;
    for (const http::Route* route : all()) {
        if (route->gate == http::Gate::open || route->gate == http::Gate::password || route->upload)
            continue;
        const auto response =
            call(ctx, route->method, path_with(*route, some_id()), changes(*route) ? "{}" : "");
        EXPECT_EQ(response.status, 401) << name_of(*route) << ' ' << response.body;
    }
    ctx.level = SessionLevel::none;
    for (const http::Route* route : all()) {
        if (route->gate == http::Gate::open || route->upload) continue;
        EXPECT_EQ(
            call(ctx, route->method, path_with(*route, some_id()), changes(*route) ? "{}" : "")
                .status,
            401)
            << name_of(*route);
    }
}

TEST_F(Routes, bad_bodies_and_parameters_are_refused_in_words_and_never_break) {
    Context ctx = tenant_context();
    const std::string deep = "{\"a\":" + std::string(200, '[') + std::string(200, ']') + "}";
    const std::vector<std::string> bodies{"{",
                                          "[]",
                                          "\"x\"",
                                          "{\"a\":1}trailing",
                                          deep,
                                          "{\"name\":\"\xC0\xAF\"}",
                                          "{\"unknown_member\":true}",
                                          "{\"id\":[1,2,3]}",
                                          "{\"name\":\"'; drop table orders.sales_order; --\"}",
                                          "{\"name\":\"<script>alert(1)</script>\"}",
                                          "{\"name\":\"a\\u0000b\"}"};
    for (const http::Route* route : all()) {
        if (!changes(*route) || route->upload || route->method == http::Method::del) continue;
        for (const std::string& body : bodies) {
            const auto response = call(ctx, route->method, path_with(*route, some_id()), body);
            EXPECT_GE(response.status, 400) << name_of(*route) << ' ' << body.substr(0, 40);
            EXPECT_LT(response.status, 500)
                << name_of(*route) << ' ' << body.substr(0, 40) << ' ' << response.body;
        }
    }
    for (const http::Route* route : all()) {
        const auto unknown =
            call(ctx, route->method, path_with(*route, some_id()) + "?no_such_parameter=1",
                 changes(*route) ? "{}" : "");
        EXPECT_EQ(unknown.status, 400) << name_of(*route) << ' ' << unknown.body;
        if (route->path.find("{id}") == std::string_view::npos) continue;
        const auto no_id =
            call(ctx, route->method, path_with(*route, "not-an-id"), changes(*route) ? "{}" : "");
        EXPECT_TRUE(no_id.status == 400 || no_id.status == 404)
            << name_of(*route) << ' ' << no_id.status;
    }
}

TEST_F(Routes, hostile_texts_in_every_query_parameter_change_nothing) {
    Context ctx = tenant_context();
    const std::vector<std::string> texts{"%27%20or%201%3D1--",       "%22%3E%3Cscript%3E",
                                         "..%2F..%2Fetc%2Fpasswd",   "%E2%80%AE",
                                         "1%3Bselect%20pg_sleep(5)", std::string(3000, 'a')};
    for (const http::Route* route : all()) {
        if (route->method != http::Method::get || route->input_schema == nullptr) continue;
        const auto schema = boost::json::parse(route->input_schema());
        for (const auto& member : schema.at("properties").as_object()) {
            const std::string name(member.key());
            if (route->path.find("{" + name + "}") != std::string_view::npos || name == "if_match")
                continue;
            for (const std::string& text : texts) {
                const auto response = call(ctx, route->method,
                                           path_with(*route, some_id()) + "?" + name + "=" + text);
                EXPECT_LT(response.status, 500) << name_of(*route) << ' ' << name << '='
                                                << text.substr(0, 40) << ' ' << response.body;
            }
        }
    }
}

TEST_F(Routes, cursors_that_were_not_given_out_are_refused_by_every_list) {
    Context ctx = tenant_context();
    const std::vector<std::string> made_up{"AAAA",
                                           "x",
                                           some_id(),
                                           "someone%40routes.example",
                                           "%27%20or%201%3D1--",
                                           std::string(3000, 'a')};
    std::size_t lists = 0;
    for (const http::Route* route : all()) {
        if (route->method != http::Method::get || route->input_schema == nullptr) continue;
        const auto schema = boost::json::parse(route->input_schema());
        if (!schema.at("properties").as_object().contains("cursor")) continue;
        ++lists;
        for (const std::string& cursor : made_up)
            EXPECT_EQ(
                call(ctx, route->method, std::string(route->path) + "?cursor=" + cursor).status,
                400)
                << name_of(*route) << ' ' << cursor;
    }
    EXPECT_GE(lists, 7U);
}

TEST(SchemaCheck, finds_what_does_not_fit) {
    const auto schema = boost::json::parse(
        R"({"type":"object","properties":{"id":{"type":"string","format":"uuid"},)"
        R"("n":{"anyOf":[{"type":"integer"},{"type":"null"}]}},)"
        R"("required":["id","n"],"additionalProperties":false})");
    EXPECT_TRUE(
        misfits(boost::json::parse(R"({"id":"0190b8a0-0000-7000-8000-000000000000","n":null})"),
                schema)
            .empty());
    EXPECT_EQ(misfits(boost::json::parse(R"({"id":"x","n":"1","more":1})"), schema).size(), 3U);
    EXPECT_EQ(misfits(boost::json::parse("{}"), schema).size(), 2U);
}

}  // namespace
}  // namespace entrepot::test
