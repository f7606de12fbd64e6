// The socket: TLS with our own certificate, keep-alive, and every fault that the network plays.
#include <gtest/gtest.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/streambuf.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <thread>

#include "sim/server.hpp"
#include "sim/test_rig.hpp"

namespace entrepot::sim::test {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

class Running {
public:
    explicit Running(bool tls)
        : certificate(make_certificate()),
          simulator(small_settings(), wall_now),
          server(simulator, options(tls)),
          thread_([this] { server.run(false); }) {}
    ~Running() {
        server.stop();
        thread_.join();
    }

    void fault(const std::string& description) {
        const Response response = simulator.handle(make_request(
            "POST", "/admin/faults", description, {{"x-admin-token", "marketsim-admin"}}));
        ASSERT_EQ(response.status, 200) << response.body;
    }
    tcp::endpoint endpoint() const { return {asio::ip::make_address("127.0.0.1"), server.port()}; }

    CertificatePair certificate;
    Simulator simulator;
    Server server;

private:
    ServerOptions options(bool tls) const {
        ServerOptions chosen;
        if (tls) chosen.certificate = certificate;
        return chosen;
    }
    std::thread thread_;
};

struct Reply {
    std::string head;
    std::string body;
    boost::system::error_code error;  ///< how the connection ended while reading
};

std::string health(bool close) {
    return std::string("GET /health HTTP/1.1\r\nHost: sim\r\nUser-Agent: t\r\nConnection: ") +
           (close ? "close" : "keep-alive") + "\r\n\r\n";
}

// Sends the request and reads until the server ends the connection.
Reply talk(const Running& running, const std::string& request) {
    asio::io_context context;
    tcp::socket socket(context);
    socket.connect(running.endpoint());
    Reply reply;
    asio::write(socket, asio::buffer(request), reply.error);
    std::string all;
    asio::read(socket, asio::dynamic_buffer(all), reply.error);
    const std::size_t end = all.find("\r\n\r\n");
    reply.head = all.substr(0, end);
    if (end != std::string::npos) reply.body = all.substr(end + 4);
    return reply;
}

// The token endpoint without a body answers 400 with a JSON body; good enough to be distorted.
const std::string token_request =
    "POST /auth/o2/token HTTP/1.1\r\nHost: sim\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

TEST(Socket, keeps_the_connection_and_closes_when_asked) {
    const Running running(false);
    const Reply reply = talk(running, health(false) + health(true));
    EXPECT_EQ(reply.error, asio::error::eof);
    EXPECT_NE(reply.head.find("200 OK"), std::string::npos);
    EXPECT_NE(reply.head.find("Connection: keep-alive"), std::string::npos);
    EXPECT_NE(reply.body.find("Connection: close"), std::string::npos)
        << "the second reply follows on the same connection";
}

TEST(Socket, tls_is_trusted_by_the_written_certificate_only) {
    const Running running(true);
    // A body of many TLS records, so that a reply that stops after the first one is seen.
    const std::string request =
        "GET /admin/orders?limit=600 HTTP/1.1\r\nHost: sim\r\nx-admin-token: marketsim-admin\r\n"
        "Connection: close\r\n\r\n";
    const auto handshake = [&](const std::string& trusted) {
        asio::io_context context;
        asio::ssl::context tls(asio::ssl::context::tls_client);
        tls.set_verify_mode(asio::ssl::verify_peer);
        tls.add_certificate_authority(asio::buffer(trusted));
        asio::ssl::stream<tcp::socket> stream(context, tls);
        stream.set_verify_callback(asio::ssl::host_name_verification("127.0.0.1"));
        stream.lowest_layer().connect(running.endpoint());
        boost::system::error_code error;
        stream.handshake(asio::ssl::stream_base::client, error);
        if (error) return std::string("refused");
        asio::write(stream, asio::buffer(request));
        std::string all;
        asio::read(stream, asio::dynamic_buffer(all), error);
        return all;
    };
    const std::string reply = handshake(running.certificate.certificate_pem);
    EXPECT_GT(reply.size(), 100'000U);
    EXPECT_TRUE(reply.ends_with("]}"));
    EXPECT_EQ(handshake(make_certificate().certificate_pem), "refused");
}

TEST(Socket, resets_instead_of_the_reply) {
    Running running(false);
    for (const char* kind : {"reset_request", "reset_reply"}) {
        running.fault(std::string(R"({"operation":"token","kind":")") + kind + "\"}");
        // reset_request strikes where an operation would begin, so the form must look right.
        const std::string request =
            "POST /auth/o2/token HTTP/1.1\r\nHost: sim\r\nContent-Type: "
            "application/x-www-form-urlencoded\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        const Reply reply = talk(running, request);
        EXPECT_TRUE(reply.head.empty()) << kind;
        EXPECT_EQ(reply.error, asio::error::connection_reset) << kind;
        EXPECT_NE(talk(running, request).head.find("400"), std::string::npos) << "gone after once";
    }
}

TEST(Socket, resets_after_the_reply) {
    Running running(false);
    running.fault(R"({"operation":"token","kind":"reset_after"})");
    const Reply reply = talk(running, token_request);
    EXPECT_NE(reply.head.find("400"), std::string::npos);
    EXPECT_TRUE(reply.body.ends_with("}"));
    EXPECT_EQ(reply.error, asio::error::connection_reset);
}

TEST(Socket, cuts_bodies_under_a_full_length) {
    Running running(false);
    const std::size_t whole = talk(running, token_request).body.size();
    running.fault(R"({"operation":"token","kind":"truncate","bytes":9})");
    const Reply reply = talk(running, token_request);
    EXPECT_NE(reply.head.find("Content-Length: " + std::to_string(whole)), std::string::npos);
    EXPECT_EQ(reply.body.size(), 9U);
}

TEST(Socket, mislabels_the_length) {
    Running running(false);
    const std::size_t whole = talk(running, token_request).body.size();
    for (const int difference : {25, -5}) {
        running.fault(R"({"operation":"token","kind":"wrong_length","bytes":)" +
                      std::to_string(difference) + "}");
        const Reply reply = talk(running, token_request);
        EXPECT_NE(reply.head.find("Content-Length: " +
                                  std::to_string(static_cast<int>(whole) + difference) + "\r\n"),
                  std::string::npos);
        EXPECT_EQ(reply.body.size(), whole);
    }
}

TEST(Socket, waits_as_long_as_latency_says) {
    Running running(false);
    running.fault(R"({"operation":"token","kind":"latency","ms":300})");
    const auto before = std::chrono::steady_clock::now();
    talk(running, token_request);
    EXPECT_GE(std::chrono::steady_clock::now() - before, std::chrono::milliseconds(300));
}

TEST(Socket, refuses_what_is_not_http_and_what_is_too_large) {
    const Running running(false);
    EXPECT_NE(talk(running, "NONSENSE\r\n\r\n").head.find("400"), std::string::npos);
    const Reply large = talk(
        running, "POST /auth/o2/token HTTP/1.1\r\nHost: sim\r\nContent-Length: 99999999\r\n\r\n");
    EXPECT_NE(large.head.find("413"), std::string::npos);
}

}  // namespace
}  // namespace entrepot::sim::test
