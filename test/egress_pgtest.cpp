// What leaves the house: only to registered hosts, only over TLS that is trusted, never onwards to
// where a reply points.
#include <filesystem>

#include "platform/http/egress.hpp"
#include "support/raw_server.hpp"

namespace entrepot::test {
namespace {

class EgressGate : public DatabaseTest {
protected:
    EgressGate() : file_("/tmp/entrepot-egress-" + std::to_string(::getpid()) + ".pem") {
        std::ofstream(file_) << server_.certificate_pem;
    }
    ~EgressGate() override { std::filesystem::remove(file_); }

    std::string here(const std::string& path) {
        return "https://localhost:" + std::to_string(server_.port) + path;
    }
    /// Status of the reply, or the kind of failure in words.
    std::string send(const Egress::Options& options, const std::string& url,
                     std::size_t body_max = 1 << 20, const std::string& partner = "amazon.api") {
        Egress egress(services().runtime, options);
        EgressRequest request;
        request.url = url;
        request.method = "GET";
        request.partner = partner;
        request.body_max = body_max;
        request.timeout = std::chrono::seconds(5);
        std::string out;
        run([&]() -> Awaitable<bool> {
            try {
                out = std::to_string((co_await egress.send(request)).status);
            } catch (const EgressError& e) {
                static const char* names[] = {"refused", "connect",   "timeout",
                                              "tls",     "truncated", "too_large"};
                out = names[static_cast<int>(e.kind)];
            }
            co_return true;
        });
        return out;
    }
    Egress::Options to_test() const { return {.allow_loopback = true, .extra_ca_file = file_}; }

    RawServer server_;
    std::string file_;
};

TEST_F(EgressGate, only_registered_hosts_of_the_partner_over_https_are_called) {
    EXPECT_EQ(send(to_test(), here("/a")), "200");
    EXPECT_EQ(send({}, here("/a")), "refused") << "loopback is for tests and simulators";
    for (const char* url :
         {"http://sellingpartnerapi-na.amazon.com/", "https://amazon.com.evil.example/",
          "https://evil.example/sellingpartnerapi-na.amazon.com",
          "https://sellingpartnerapi-na.amazon.com@evil.example/",
          "https://sellingpartnerapi-na.amazon.com.evil.example/", "https://127.0.0.1/",
          "https://169.254.169.254/latest/meta-data/", "https://[::1]/", "https://10.0.0.1/",
          "file:///etc/passwd", "ftp://sellingpartnerapi-na.amazon.com/", "nonsense", ""})
        EXPECT_EQ(send({}, url), "refused") << url;
    EXPECT_EQ(send({}, "https://api.amazon.com/", 1 << 20, "amazon.api"), "refused")
        << "another partner's host";
    EXPECT_EQ(send({}, "https://amazonaws.com/", 1 << 20, "amazon.document"), "refused")
        << "the pattern means sub-domains";
    EXPECT_EQ(send({}, "https://xamazonaws.com/", 1 << 20, "amazon.document"), "refused");
}

TEST_F(EgressGate, a_reply_that_points_elsewhere_is_not_followed) {
    EXPECT_EQ(send(to_test(), here("/elsewhere")), "302");
}

TEST_F(EgressGate, a_certificate_that_nobody_trusts_ends_the_call) {
    EXPECT_EQ(send({.allow_loopback = true}, here("/a")), "tls");
}

TEST_F(EgressGate, a_reply_beyond_its_limit_is_cut_off) {
    EXPECT_EQ(send(to_test(), here("/large"), 1'000'000), "too_large");
    EXPECT_EQ(send(to_test(), here("/large"), 3'000'000), "200");
}

}  // namespace
}  // namespace entrepot::test
