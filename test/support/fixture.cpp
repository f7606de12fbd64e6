// Starts the cluster, applies the schema, wires an instance on one loop.
#include "support/fixture.hpp"

#include <unistd.h>

#include <boost/json.hpp>
#include <filesystem>

#include "api/route_table.hpp"
#include "platform/jobs/jobs.hpp"
#include "platform/migrate/migrate.hpp"
#include "platform/pgserver/cluster.hpp"
#include "platform/pgserver/roles.hpp"
#include "platform/pgserver/session.hpp"
#include "support/schema_check.hpp"
#include "vault/clock_guard.hpp"

namespace entrepot::test {
namespace fs = std::filesystem;

static constexpr Instant start_of_time =
    Instant{std::chrono::sys_days{std::chrono::year{2026} / 11 / 22}} + std::chrono::hours(9);

struct Environment::Server {
    pgserver::Cluster cluster;
    std::string dir;
    Server(pgserver::Cluster started, std::string where)
        : cluster(std::move(started)), dir(std::move(where)) {}
    ~Server() {
        cluster.stop();
        std::error_code ignored;
        fs::remove_all(dir, ignored);
    }
};

Environment& Environment::get() {
    static Environment instance;
    return instance;
}

Environment::Environment()
    : dir_("/tmp/entrepot-test-" + std::to_string(::getpid())), clock_(start_of_time) {
    pgserver::ClusterOptions options;
    options.data_dir = dir_;
    options.durability = pgserver::Durability::throwaway;
    options.sizing.memory_bytes = std::uint64_t{1} << 30;
    server_ = std::make_shared<Server>(pgserver::Cluster::open(options), dir_);
    pgserver::ensure_roles(server_->cluster.admin_conninfo());
    // Part of the modules may be built alone, so the sequence of what is there is closed.
    auto schema = migrate::embedded_schema();
    for (std::size_t i = 0; i < schema.size(); ++i) schema[i].number = static_cast<int>(i) + 1;
    migrate::apply(server_->cluster.conninfo("entrepot_owner"), schema, {.by_version = "test"});
    keyd_ = std::make_unique<TestKeyd>(admin_conninfo(), conninfo("entrepot_owner"),
                                       conninfo("entrepot_keyd"), dir_, clock_);
    vault::set_clock_witness([this] { return vault::Witness{clock_.now(), "", 0}; });
    app::Instance::Options wiring;
    wiring.keyd_socket = keyd_->socket();
    wiring.app_conninfo = conninfo("entrepot_app");
    wiring.jobs_conninfo = conninfo("entrepot_jobs");
    wiring.data_dir = dir_;
    wiring.allow_channel_endpoint = true;
    wiring.loops = 1;
    wiring.connections_per_loop = 16;
    crypto::random_bytes(wiring.secrets_key);
    instance_ = std::make_unique<app::Instance>(wiring, clock_);
    api::Identity identity;
    identity.authenticate = [this](Context& ctx, const http::Request&) -> Awaitable<Result<bool>> {
        ctx.tenant = acting->tenant;
        ctx.actor = acting->actor;
        ctx.rights = acting->rights;
        ctx.level = acting->level;
        ctx.session = acting->session;
        co_return true;
    };
    identity.csrf_token = [](std::string_view) { return std::string("test"); };
    dispatcher_ = std::make_unique<api::Dispatcher>(instance_->services(), app::all_modules(),
                                                    std::move(identity));
}

std::string Environment::conninfo(std::string_view role) const {
    return server_->cluster.conninfo(role);
}
std::string Environment::admin_conninfo() const {
    return server_->cluster.admin_conninfo();
}

Context DatabaseTest::tenant_context() {
    Context ctx = system_context(services(), TenantId{crypto::new_uuid(clock().now())}, "Test");
    ctx.actor = {ActorKind::user, crypto::new_uuid(clock().now()), "Test User"};
    ctx.request_id = "test";
    ctx.remote_ip = "127.0.0.1";
    ctx.user_agent = "test";
    return ctx;
}

Context DatabaseTest::as(const Context& base, PermissionSet permissions,
                         std::optional<std::vector<ShopId>> shops) {
    Context other = base;
    other.actor = {ActorKind::user, crypto::new_uuid(base.now()), "Second User"};
    other.rights.permissions = permissions;
    other.rights.scope.shops = std::move(shops);
    return other;
}

std::size_t DatabaseTest::drain_jobs() {
    std::size_t total = 0;
    auto drain = [&]() -> Awaitable<void> {
        while (const std::size_t handled = co_await jobs::run_due(services())) total += handled;
    };
    Environment::get().instance().run_once(drain);
    return total;
}

namespace {
/// Every answer seen in any test fits the OpenAPI document, or that test fails.
void check_against_schema(http::Method method, const std::string& path,
                          const http::Response& response) {
    static const auto modules = app::all_modules();
    static const api::RouteTable table(modules);
    std::vector<std::pair<std::string, std::string>> ignored;
    const auto found =
        table.find(method, std::string_view(path).substr(api::prefix.size()), ignored);
    if (found.route == nullptr || response.status >= 400) {
        EXPECT_EQ(response.content_type, "application/problem+json")
            << path << ' ' << response.status;
        return;
    }
    EXPECT_EQ(response.status, found.route->success_status) << path;
    if (found.route->output_schema == nullptr) return;
    const auto schema = boost::json::parse(found.route->output_schema());
    for (const std::string& wrong : misfits(boost::json::parse(response.body), schema))
        ADD_FAILURE() << path << " answers " << wrong;
}
}  // namespace

http::Response DatabaseTest::call(Context& ctx, http::Method method, const std::string& target,
                                  const std::string& body,
                                  std::vector<std::pair<std::string, std::string>> headers) {
    http::Request request;
    request.method = method;
    const auto mark = target.find('?');
    request.path = std::string(api::prefix) + target.substr(0, mark);
    request.query = mark == std::string::npos ? "" : target.substr(mark + 1);
    const bool query_is_good = http::parse_query(request.query, request.query_values);
    EXPECT_TRUE(query_is_good) << target;
    request.body = body;
    request.headers = std::move(headers);
    request.headers.emplace_back("authorization", "Bearer test");
    request.headers.emplace_back("content-type", "application/json");
    request.remote_ip = "127.0.0.1";
    Environment::get().acting = &ctx;
    http::Response response;
    auto ask = [&]() -> Awaitable<void> {
        response = co_await Environment::get().dispatcher().dispatch(request);
        if (!response.stream) co_return;
        while (auto piece = co_await response.stream()) response.body += *piece;
    };
    Environment::get().instance().run_once(ask);
    check_against_schema(method, request.path, response);
    return response;
}

std::string DatabaseTest::sql(const std::string& text) {
    pgserver::Session session(Environment::get().admin_conninfo());
    return session.value(text);
}

}  // namespace entrepot::test

namespace {
/// Each test starts at the same moment, however far an earlier one has moved the clock.
class SameStart : public ::testing::EmptyTestEventListener {
    void OnTestStart(const ::testing::TestInfo& info) override {
        if (started_ || std::string_view(info.file()).ends_with("_pgtest.cpp"))
            entrepot::test::Environment::get().clock().set(entrepot::test::start_of_time);
        started_ = started_ || std::string_view(info.file()).ends_with("_pgtest.cpp");
    }
    bool started_ = false;
};
}  // namespace

/// Fontconfig keeps its configuration to the end of the process.
extern "C" const char* __lsan_default_suppressions();   // NOLINT
extern "C" const char* __lsan_default_suppressions() {  // NOLINT
    return "leak:libfontconfig\n";
}

// Pango looks for fonts in a thread of its own; GLib's locks between the two are futexes of a
// library that is not instrumented, so ThreadSanitizer does not see them.
extern "C" const char* __tsan_default_suppressions();   // NOLINT
extern "C" const char* __tsan_default_suppressions() {  // NOLINT
    return "called_from_lib:libfontconfig.so.1\n"
           "called_from_lib:libglib-2.0.so.0\n"
           "called_from_lib:libpangoft2-1.0.so.0\n";
}

int main(int argc, char** argv) {
    ::testing::InitGoogleTest(&argc, argv);
    ::testing::UnitTest::GetInstance()->listeners().Append(new SameStart);
    return RUN_ALL_TESTS();
}
