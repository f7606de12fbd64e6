// Commands for operators: any API call without a session, figures that must tie, and short names
// for what is asked most. They work beside a running server (they join its database) or on a
// stopped one.
#include <boost/json.hpp>
#include <cstdio>

#include "api/dispatcher.hpp"
#include "app/commands.hpp"
#include "app/tenant_store.hpp"
#include "modules/insight/insight.hpp"
#include "platform/json/writer.hpp"

namespace entrepot::app {
namespace {
constexpr int differences_found = 3;

struct Target {
    Common common;
    std::string tenant;
};

std::vector<TenantId> tenants_of(const Target& target, const DatabasePlace& place) {
    if (target.tenant.empty()) return all_tenants(place.conninfo("entrepot_app"));
    const auto id = TenantId::parse(target.tenant);
    if (!id) throw std::runtime_error("--tenant takes a tenant's id");
    return {*id};
}

/// Makes every request the given tenant's, as the system; recorded in the audit as the command
/// line.
api::Identity as_command_line(Services& services, TenantId tenant) {
    api::Identity identity;
    identity.authenticate = [&services, tenant](Context& ctx,
                                                const http::Request&) -> Awaitable<Result<bool>> {
        const Context system = command_line_context(services, tenant);
        ctx.tenant = system.tenant;
        ctx.actor = system.actor;
        ctx.rights = system.rights;
        ctx.level = system.level;
        co_return true;
    };
    identity.csrf_token = [](std::string_view) { return std::string(); };
    return identity;
}

std::optional<http::Method> method_named(std::string_view name) {
    for (const http::Method method :
         {http::Method::get, http::Method::post, http::Method::put, http::Method::del})
        if (http::method_name(method) == name) return method;
    return std::nullopt;
}

/// One request through the same dispatcher that serves browsers; prints the answer.
int request_once(const Target& target, const std::string& method_text, const std::string& path,
                 const std::string& body) {
    const auto method = method_named(method_text);
    if (!method) throw std::runtime_error("the method is GET, POST, PUT or DELETE");
    SystemClock clock;
    DatabasePlace place(target.common.database());
    const auto tenants = tenants_of(target, place);
    if (tenants.empty())
        throw std::runtime_error("there is no tenant yet: sign up in the console first");
    const auto instance = open_instance(target.common, place, clock);
    int worst = 0;
    for (const TenantId tenant : tenants) {
        api::Dispatcher dispatcher(instance->services(), instance->modules(),
                                   as_command_line(instance->services(), tenant));
        http::Request request;
        request.method = *method;
        const auto mark = path.find('?');
        request.path = std::string(api::prefix) + path.substr(0, mark);
        request.query = mark == std::string::npos ? "" : path.substr(mark + 1);
        if (!http::parse_query(request.query, request.query_values))
            throw std::runtime_error("the query is not well formed");
        request.body = body;
        request.headers = {{"authorization", "Bearer command-line"},
                           {"content-type", "application/json"}};
        instance->run_once([&]() -> Awaitable<void> {
            const http::Response response = co_await dispatcher.dispatch(request);
            if (tenants.size() > 1) std::printf("# tenant %s\n", tenant.text().c_str());
            std::fwrite(response.body.data(), 1, response.body.size(), stdout);
            if (response.stream)
                while (const auto piece = co_await response.stream())
                    std::fwrite(piece->data(), 1, piece->size(), stdout);
            std::printf("\n");
            if (response.status >= 400) worst = 1;
        });
    }
    return worst;
}

void print(const insight::Verification& found, TenantId tenant, bool as_json) {
    if (as_json) {
        std::printf("%s\n", json::to_json(found).c_str());
        return;
    }
    std::printf("tenant %s: %lld orders, %lld lines, %lld sums recomputed; %lld differ\n",
                tenant.text().c_str(), static_cast<long long>(found.orders),
                static_cast<long long>(found.lines), static_cast<long long>(found.cells),
                static_cast<long long>(found.differences));
    for (const insight::Difference& d : found.first)
        std::printf("  %s %s: expected %s, found %s\n", d.where.c_str(), d.key.c_str(),
                    d.expected.c_str(), d.found.c_str());
}

int verify_insight(const Target& target, bool rebuild) {
    SystemClock clock;
    DatabasePlace place(target.common.database());
    const auto instance = open_instance(target.common, place, clock);
    int result = 0;
    for (const TenantId tenant : tenants_of(target, place)) {
        instance->run_once([&]() -> Awaitable<void> {
            Context ctx = command_line_context(instance->services(), tenant);
            if (rebuild)
                std::printf("tenant %s: %lld orders derived anew\n", tenant.text().c_str(),
                            static_cast<long long>(co_await insight::rebuild(ctx)));
            insight::Patience patience;
            patience.waiting = [&, told = std::int64_t{0}](std::int64_t orders) mutable {
                if (orders != std::exchange(told, orders))
                    std::fprintf(stderr, "tenant %s: %lld orders wait for their facts\n",
                                 tenant.text().c_str(), static_cast<long long>(orders));
            };
            const insight::Verification found = co_await insight::verify(ctx, patience);
            print(found, tenant, target.common.json);
            if (found.differences != 0) result = differences_found;
        });
    }
    return result;
}
}  // namespace

Context command_line_context(Services& services, TenantId tenant) {
    Context ctx = system_context(services, tenant, "command line");
    ctx.request_id = "cli-" + crypto::random_token(9);
    ctx.user_agent = "entrepot command line";
    return ctx;
}

Command add_verify(CLI::App& root) {
    CLI::App* command = root.add_subcommand("verify",
                                            "Recompute figures from their source rows and compare "
                                            "to the cent (exit code 3 when something differs)");
    auto target = std::make_shared<Target>();
    auto what = std::make_shared<std::string>();
    auto rebuild = std::make_shared<bool>(false);
    command->add_option("what", *what, "insight")->required()->check(CLI::IsMember({"insight"}));
    target->common.add_to(*command);
    command->add_option("--tenant", target->tenant, "Only this tenant");
    command->add_flag("--rebuild", *rebuild, "Derive everything anew first");
    // The parser writes into `what` after this has returned.
    return [target, what, rebuild] { return verify_insight(*target, *rebuild); };
}

Command add_api(CLI::App& root) {
    CLI::App* command =
        root.add_subcommand("api", "Make one API call from the command line, e.g. api GET /shops");
    auto target = std::make_shared<Target>();
    auto words = std::make_shared<std::vector<std::string>>();
    command->add_option("call", *words, "METHOD PATH [JSON]")->required()->expected(2, 3);
    target->common.add_to(*command);
    command->add_option("--tenant", target->tenant, "Only this tenant; default: each in turn");
    return [target, words] {
        return request_once(*target, words->at(0), words->at(1),
                            words->size() > 2 ? words->at(2) : "");
    };
}

Command add_shortcut(CLI::App& root, const std::string& name, const std::string& about,
                     const std::string& path) {
    CLI::App* command = root.add_subcommand(name, about);
    auto target = std::make_shared<Target>();
    target->common.add_to(*command);
    command->add_option("--tenant", target->tenant, "Only this tenant; default: each in turn");
    return [target, path] { return request_once(*target, "GET", path, ""); };
}

}  // namespace entrepot::app
