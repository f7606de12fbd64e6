// How the process listens, as the check sees it: with TLS, behind a proxy, open to the network.
#include "modules/compliance/run.hpp"
#include "support/raw_server.hpp"

namespace entrepot::compliance {
namespace {

class ComplianceListeners : public entrepot::test::DatabaseTest {
protected:
    Finding find() {
        Context ctx = tenant_context();
        return run([&] { return run_check(ctx, *check_by_name("tls_in_force")); });
    }
};

/// Accepts without TLS on an address, and answers nothing.
class PlainServer {
public:
    explicit PlainServer(const std::string& address) : runtime_({.loops = 1}) {
        http::Server::Options options;
        options.bind = address;
        const auto plan = [](http::Method, std::string_view) { return http::BodyPlan{}; };
        const auto dispatch = [](http::Request&) -> Awaitable<http::Response> {
            co_return http::Response{};
        };
        const auto admit = [](const http::Request&) -> Awaitable<bool> { co_return false; };
        server_ = std::make_unique<http::Server>(runtime_, options, plan, dispatch, admit);
        server_->start();
        thread_ = std::thread([this] { runtime_.run(); });
    }
    ~PlainServer() {
        runtime_.stop();
        thread_.join();
    }

private:
    Runtime runtime_;
    std::unique_ptr<http::Server> server_;
    std::thread thread_;
};

TEST_F(ComplianceListeners, tls_is_green_a_proxy_is_amber_an_open_port_is_red) {
    EXPECT_EQ(find().code, "not_serving");
    {
        const entrepot::test::RawServer tls;
        const Finding finding = find();
        EXPECT_EQ(finding.state, State::green);
        EXPECT_EQ(finding.code, "tls");
        EXPECT_EQ(finding.figures.at("listeners"), 1);
        const PlainServer proxied("127.0.0.1");
        EXPECT_EQ(find().state, State::amber);
        EXPECT_EQ(find().code, "proxied");
        const PlainServer open("0.0.0.0");
        EXPECT_EQ(find().state, State::red);
        EXPECT_EQ(find().code, "plain");
        EXPECT_EQ(find().figures.at("listeners"), 3);
    }
    EXPECT_EQ(find().code, "not_serving") << "a server that has gone still counts";
}

}  // namespace
}  // namespace entrepot::compliance
