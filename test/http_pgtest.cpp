// The dispatcher and the real HTTPS server: what is refused, and how.
#include <boost/asio.hpp>
#include <boost/asio/ssl.hpp>
#include <fstream>
#include <thread>

#include "platform/crypto/certificate.hpp"
#include "support/fixture.hpp"

namespace entrepot::test {
namespace {
namespace asio = boost::asio;

class Http : public DatabaseTest {};

TEST_F(Http, unknown_path_and_wrong_method) {
    Context ctx = tenant_context();
    EXPECT_EQ(call(ctx, http::Method::get, "/no/such").status, 404);
    const auto response = call(ctx, http::Method::get, "/no/such");
    EXPECT_EQ(response.content_type, "application/problem+json");
    EXPECT_NE(response.body.find("\"code\":\"not_found\""), std::string::npos);
}

/// A server on its own runtime; sends raw bytes and returns what comes back until the peer closes.
class RawServer {
public:
    RawServer() : runtime_({.loops = 1}) {
        const auto plan = [](http::Method, std::string_view path) {
            return http::BodyPlan{path == "/upload" ? std::size_t{4} << 20 : 1000,
                                  path == "/upload"};
        };
        const auto dispatch = [](http::Request& request) -> Awaitable<http::Response> {
            http::Response response;
            response.content_type = "text/plain";
            if (request.path == "/large")
                response.body = std::string(3'000'000, 'L');
            else
                response.body = std::string(http::method_name(request.method)) + ' ' +
                                request.path + ' ' + std::to_string(request.body.size());
            if (!request.body_file.empty()) {
                std::ifstream file(request.body_file, std::ios::ate | std::ios::binary);
                response.body += " file " + std::to_string(file.tellg());
            }
            co_return response;
        };
        const auto pair = crypto::self_signed({"localhost", "127.0.0.1"}, SystemClock().now(), 1);
        http::Server::Options options;
        options.certificate_pem = pair.certificate_pem;
        options.private_key_pem = pair.private_key_pem;
        server_ = std::make_unique<http::Server>(runtime_, options, plan, dispatch);
        port_ = server_->start();
        thread_ = std::thread([this] { runtime_.run(); });
    }
    ~RawServer() {
        runtime_.stop();
        thread_.join();
    }
    std::string exchange(const std::string& bytes) {
        asio::io_context context;
        asio::ssl::context tls(asio::ssl::context::tls_client);
        asio::ssl::stream<asio::ip::tcp::socket> stream(context, tls);
        stream.next_layer().connect({asio::ip::make_address("127.0.0.1"), port_});
        stream.handshake(asio::ssl::stream_base::client);
        boost::system::error_code failure;
        asio::write(stream, asio::buffer(bytes), failure);
        std::string out;
        asio::read(stream, asio::dynamic_buffer(out), failure);
        return out;
    }
    bool handshake(int max_version) {
        asio::io_context context;
        asio::ssl::context tls(asio::ssl::context::tls_client);
        SSL_CTX_set_max_proto_version(tls.native_handle(), max_version);
        SSL_CTX_set_security_level(tls.native_handle(), 0);
        asio::ssl::stream<asio::ip::tcp::socket> stream(context, tls);
        stream.next_layer().connect({asio::ip::make_address("127.0.0.1"), port_});
        boost::system::error_code failure;
        stream.handshake(asio::ssl::stream_base::client, failure);
        return !failure;
    }

private:
    Runtime runtime_;
    std::unique_ptr<http::Server> server_;
    std::uint16_t port_ = 0;
    std::thread thread_;
};

TEST(HttpServer, answers_and_refuses_at_the_edge) {
    RawServer server;
    EXPECT_NE(server.exchange("GET /a?b=1 HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
                  .find("GET /a 0"),
              std::string::npos);
    EXPECT_NE(
        server
            .exchange(
                "POST /a HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 3\r\n\r\nabc")
            .find("POST /a 3"),
        std::string::npos);
    EXPECT_NE(server.exchange("POST /a HTTP/1.1\r\nhost: x\r\ncontent-length: 1001\r\n\r\n")
                  .find(" 413 "),
              std::string::npos);
    EXPECT_NE(server.exchange("POST /a HTTP/1.1\r\nhost: x\r\ncontent-length: 104857600\r\n\r\n")
                  .find(" 413 "),
              std::string::npos);
    EXPECT_NE(
        server
            .exchange("POST /a HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n5dc\r\n" +
                      std::string(1500, 'x') + "\r\n0\r\n\r\n")
            .find(" 413 "),
        std::string::npos);
    EXPECT_NE(server.exchange("PATCH /a HTTP/1.1\r\nhost: x\r\n\r\n").find(" 405 "),
              std::string::npos);
    EXPECT_NE(server.exchange("GET /%zz\\ HTTP/1.1\r\nhost: x\r\n\r\n").find(" 400 "),
              std::string::npos);
    EXPECT_NE(server.exchange("GET /a?x=%C0%AF HTTP/1.1\r\nhost: x\r\n\r\n").find(" 400 "),
              std::string::npos);
    EXPECT_NE(
        server
            .exchange("GET /a HTTP/1.1\r\nhost: x\r\nbig: " + std::string(20000, 'h') + "\r\n\r\n")
            .find(" 431 "),
        std::string::npos);
    EXPECT_NE(server.exchange("nonsense\r\n\r\n").find(" 400 "), std::string::npos);
    EXPECT_NE(server
                  .exchange("POST /a HTTP/1.1\r\nhost: x\r\ncontent-length: "
                            "3\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n")
                  .find(" 400 "),
              std::string::npos);
}

TEST(HttpServer, uploads_go_to_a_file) {
    RawServer server;
    const std::string body(2'000'000, 'u');
    const auto answer = server.exchange(
        "POST /upload HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 2000000\r\n\r\n" +
        body);
    EXPECT_NE(answer.find("file 2000000"), std::string::npos) << answer.substr(0, 300);
}

TEST(HttpServer, a_large_body_arrives_whole) {
    RawServer server;
    const auto answer =
        server.exchange("GET /large HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
    EXPECT_EQ(answer.size() - answer.find("\r\n\r\n") - 4, 3'000'000U);
}

TEST(HttpServer, speaks_tls_12_and_later_only) {
    RawServer server;
    EXPECT_TRUE(server.handshake(TLS1_3_VERSION));
    EXPECT_TRUE(server.handshake(TLS1_2_VERSION));
    EXPECT_FALSE(server.handshake(TLS1_1_VERSION));
    EXPECT_FALSE(server.handshake(TLS1_VERSION));
}

}  // namespace
}  // namespace entrepot::test
