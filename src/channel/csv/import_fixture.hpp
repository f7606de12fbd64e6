// Uploads and runs for tests, through the real dispatcher.
#pragma once

#include <boost/json.hpp>
#include <fstream>

#include "channel/csv/csv.hpp"
#include "channel/csv/run.hpp"
#include "support/fixture.hpp"

namespace entrepot::csv::test {

namespace json = boost::json;

class ImportTest : public entrepot::test::DatabaseTest {
protected:
    ~ImportTest() override { run_probe().before_commit = nullptr; }

    json::value body_of(const http::Response& response) {
        EXPECT_LT(response.status, 300) << response.body;
        return json::parse(response.body);
    }
    std::string text_of(const json::value& value, std::string_view member) {
        return std::string(value.at(member).as_string());
    }
    std::int64_t count_of(const json::value& import, std::string_view counter) {
        return import.at("counts").at(counter).as_int64();
    }

    std::string add_shop(Context& ctx, const std::string& name = "Store",
                         const std::string& zone = "Europe/London") {
        const auto response =
            call(ctx, http::Method::post, "/shops/file",
                 json::serialize(json::object{
                     {"name", name}, {"country", "GB"}, {"currency", "GBP"}, {"time_zone", zone}}));
        return text_of(body_of(response), "id");
    }

    http::Response upload(Context& ctx, const std::string& query, const std::string& bytes) {
        const std::string file = environment().dir() + "/upload-test";
        std::ofstream(file, std::ios::binary) << bytes;
        return upload_from(ctx, query, file);
    }
    http::Response upload_from(Context& ctx, const std::string& query, const std::string& file) {
        http::Request request;
        request.method = http::Method::post;
        request.path = std::string(api::prefix) + "/imports";
        request.query = query;
        EXPECT_TRUE(http::parse_query(query, request.query_values));
        request.body_file = file;
        request.headers = {{"authorization", "Bearer test"}, {"content-type", "text/csv"}};
        environment().acting = &ctx;
        http::Response response;
        auto ask = [&]() -> Awaitable<void> {
            response = co_await environment().dispatcher().dispatch(request);
        };
        environment().instance().run_once(ask);
        return response;
    }
    std::string uploaded(Context& ctx, const std::string& shop, const std::string& bytes,
                         const std::string& name = "orders.csv") {
        return text_of(body_of(upload(ctx, "shop_id=" + shop + "&file_name=" + name, bytes)), "id");
    }

    json::value preview(Context& ctx, const std::string& id, const std::string& query = {}) {
        return body_of(call(ctx, http::Method::get, "/imports/" + id + "/preview" + query));
    }
    /// The body of a run as the wizard would send it when a person accepts what is proposed.
    json::object accepted(const json::value& preview, const std::string& mode) {
        return json::object{
            {"mapping", preview.at("mapping")},         {"number_format", preview.at("decimal")},
            {"date_format", preview.at("date_format")}, {"time_zone", preview.at("time_zone")},
            {"currency", preview.at("currency")},       {"rules", preview.at("rules")},
            {"charges", preview.at("charges")},         {"mode", mode}};
    }
    http::Response start(Context& ctx, const std::string& id, const json::object& body) {
        return call(ctx, http::Method::post, "/imports/" + id + "/run", json::serialize(body));
    }
    json::value import_of(Context& ctx, const std::string& id) {
        return body_of(call(ctx, http::Method::get, "/imports/" + id));
    }
    /// Upload, accept, run to the end.
    json::value run_file(Context& ctx, const std::string& shop, const std::string& bytes,
                         const std::string& mode = "all_or_none") {
        const std::string id = uploaded(ctx, shop, bytes);
        body_of(start(ctx, id, accepted(preview(ctx, id), mode)));
        drain_jobs();
        return import_of(ctx, id);
    }
    std::string errors_of(Context& ctx, const std::string& id, const std::string& query = {}) {
        return call(ctx, http::Method::get, "/imports/" + id + "/errors" + query).body;
    }

    static std::string of_tenant(const Context& ctx) {
        return " tenant_id = '" + ctx.tenant.text() + "' ";
    }
    static entrepot::test::Environment& environment() { return entrepot::test::Environment::get(); }
};

}  // namespace entrepot::csv::test
