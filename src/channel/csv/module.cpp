// Routes and jobs of the file channel.
#include "channel/csv/csv.hpp"
#include "channel/csv/run.hpp"
#include "channel/csv/service.hpp"

namespace entrepot::csv {
namespace {
using enum Permission;
constexpr std::size_t upload_bytes_max = std::size_t{512} << 20;

Awaitable<http::Response> upload(Context& ctx, const http::Request& request) {
    const auto in = http::read_input<UploadFile>(request);
    if (in.has_error()) co_return http::problem(in.error(), ctx.request_id);
    const auto view = co_await upload_file(ctx, *in, request.body_file);
    if (view.has_error()) co_return http::problem(view.error(), ctx.request_id);
    http::Response response;
    response.status = 201;
    response.body = json::to_json(*view, ctx.rights.permissions);
    co_return response;
}

constexpr http::Route upload_route() {
    http::Route route{};
    route.method = http::Method::post;
    route.path = "/imports";
    route.gate = http::Gate::permission;
    route.permission = imports_run;
    route.handler = &upload;
    route.summary = "Upload a table of orders (CSV, TSV, also gzip); personal columns are dropped.";
    route.input_schema = [] { return json::schema_of<UploadFile>(json::Direction::input); };
    route.output_schema = [] { return json::schema_of<ImportView>(json::Direction::output); };
    route.success_status = 201;
    route.body_limit = upload_bytes_max;
    route.upload = true;
    return route;
}

constexpr http::Route table[] = {
    upload_route(),
    http::get<&list_imports>("/imports", imports_run, "Imports, newest first."),
    http::get<&get_import>("/imports/{id}", imports_run, "One import: state, progress, counts."),
    http::get<&preview_import>("/imports/{id}/preview", imports_run,
                               "First rows, proposed mapping and formats, what must be decided."),
    http::post<&run_import>("/imports/{id}/run", imports_run,
                            "Check the file and write its orders."),
    http::get<&error_file>("/imports/{id}/errors", imports_run,
                           "What is wrong with which row, as CSV (10,000 errors at most)."),
    http::post<&undo_import>("/imports/{id}/undo", imports_run,
                             "Take back the orders that this import made."),
};

jobs::Kind leased(std::string_view name, jobs::LeasedHandler handler) {
    jobs::Kind kind;
    kind.name = name;
    kind.leased = std::move(handler);
    return kind;
}
}  // namespace

Module module() {
    return {"imports",
            table,
            {leased(run_job, handle_run), leased(undo_job, handle_undo),
             leased(expire_job, handle_expire)}};
}

}  // namespace entrepot::csv
