// A real PostgreSQL, migrated once per test process; every test makes its own tenant, so nothing is
// cleaned between tests.
#pragma once

#include <gtest/gtest.h>

#include "api/dispatcher.hpp"
#include "app/instance.hpp"
#include "support/keyd.hpp"

namespace entrepot::test {

/// What all tests of a process share. The clock stands still until a test moves it.
class Environment {
public:
    static Environment& get();
    app::Instance& instance() { return *instance_; }
    ManualClock& clock() { return clock_; }
    api::Dispatcher& dispatcher() { return *dispatcher_; }
    std::string conninfo(std::string_view role) const;
    std::string admin_conninfo() const;
    const std::string& dir() const { return dir_; }
    TestKeyd& keyd() { return *keyd_; }
    /// The context that the next call() acts as.
    Context* acting = nullptr;

private:
    Environment();
    struct Server;
    std::string dir_;
    std::shared_ptr<Server> server_;
    ManualClock clock_;
    std::unique_ptr<TestKeyd> keyd_;
    std::unique_ptr<app::Instance> instance_;
    std::unique_ptr<api::Dispatcher> dispatcher_;
};

class DatabaseTest : public ::testing::Test {
protected:
    Services& services() { return Environment::get().instance().services(); }
    ManualClock& clock() { return Environment::get().clock(); }
    std::string conninfo(std::string_view role) { return Environment::get().conninfo(role); }

    /// A new tenant; acts as a user with every permission and every shop.
    Context tenant_context();
    /// The same tenant with other rights: a second person.
    static Context as(const Context& base, PermissionSet permissions,
                      std::optional<std::vector<ShopId>> shops = std::nullopt);

    /// Runs a coroutine (a callable that returns Awaitable<T>) to its end and returns its value.
    template <class Body>
    auto run(Body body) -> typename std::invoke_result_t<Body>::value_type {
        using Value = typename std::invoke_result_t<Body>::value_type;
        if constexpr (std::is_void_v<Value>) {
            Environment::get().instance().run_once(body);
        } else {
            std::optional<Value> out;
            auto wrapped = [&]() -> Awaitable<void> { out.emplace(co_await body()); };
            Environment::get().instance().run_once(wrapped);
            return std::move(*out);
        }
    }
    /// Runs every due job until none is left; returns how many ran.
    std::size_t drain_jobs();

    /// One request through the real dispatcher as `ctx` (session checks replaced by that context;
    /// gates, reading, masking are real).
    http::Response call(Context& ctx, http::Method method, const std::string& target,
                        const std::string& body = {},
                        std::vector<std::pair<std::string, std::string>> headers = {});

    /// Runs SQL as the cluster's superuser, past row-level security; returns the first column of
    /// the first row.
    static std::string sql(const std::string& text);
};

}  // namespace entrepot::test
