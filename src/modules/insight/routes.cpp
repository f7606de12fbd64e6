// Route lines of insight.
#include "modules/insight/routes.hpp"

#include "modules/insight/report.hpp"
#include "platform/http/route.hpp"

namespace entrepot::insight {
namespace {
using enum Permission;
constexpr std::size_t rates_body_max = std::size_t{8} << 20;

/// Body: the file itself.
Awaitable<http::Response> take_rates(Context& ctx, const http::Request& request) {
    if (!request.query_values.empty()) {
        json::Problems problems;
        for (const auto& [name, value] : request.query_values)
            problems.add("/" + name, "unknown_parameter", "this parameter is not known");
        co_return http::problem(problems.error(), ctx.request_id);
    }
    const auto imported = co_await import_rates(ctx, request.body);
    if (imported.has_error()) co_return http::problem(imported.error(), ctx.request_id);
    http::Response response;
    response.body = json::to_json(*imported, ctx.rights.permissions);
    co_return response;
}

constexpr http::Route import_line() {
    http::Route route{};
    route.method = http::Method::post;
    route.path = "/insight/rates/import";
    route.gate = http::Gate::permission;
    route.permission = rates_write;
    route.handler = &take_rates;
    route.summary = "Import the ECB's file of reference rates (CSV or gzip, as the body).";
    route.output_schema = [] { return json::schema_of<RatesImported>(json::Direction::output); };
    route.body_limit = rates_body_max;
    route.act = "insight.rates_imported";
    return route;
}

constexpr http::Route table[] = {
    http::get<&sales>(
        "/insight/sales", insight_read,
        "Sales by day, week, month or year, by shop, marketplace, country, SKU, currency."),
    http::get<&dashboard>(
        "/insight/dashboard", insight_read,
        "Today, the last days or a span of days, the best sellers, open work and sync."),
    http::get<&top>("/insight/top", insight_read, "The best SKUs, countries or marketplaces."),
    http::get<&rates>("/insight/rates", insight_read, "Imported exchange rates, latest first."),
    import_line(),
};
}  // namespace

std::span<const http::Route> routes() {
    return table;
}

}  // namespace entrepot::insight
