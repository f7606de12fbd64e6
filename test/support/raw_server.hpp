// A real HTTPS server of a few routes on its own runtime, for tests of what goes over the wire.
#pragma once

#include <boost/asio.hpp>
#include <boost/asio/ssl.hpp>
#include <fstream>
#include <thread>

#include "platform/crypto/certificate.hpp"
#include "support/fixture.hpp"

namespace entrepot::test {
namespace asio = boost::asio;

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
            if (request.path == "/elsewhere") {
                response.status = 302;
                response.headers.emplace_back("location", "/a");
            }
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
        const auto admit = [](const http::Request& request) -> Awaitable<bool> {
            co_return request.query != "stranger";
        };
        const auto pair = crypto::self_signed({"localhost", "127.0.0.1"}, SystemClock().now(), 1);
        http::Server::Options options;
        certificate_pem = pair.certificate_pem;
        options.certificate_pem = pair.certificate_pem;
        options.private_key_pem = pair.private_key_pem;
        server_ = std::make_unique<http::Server>(runtime_, options, plan, dispatch, admit);
        port = server_->start();
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
        stream.next_layer().connect({asio::ip::make_address("127.0.0.1"), port});
        stream.handshake(asio::ssl::stream_base::client);
        boost::system::error_code failure;
        asio::write(stream, asio::buffer(bytes), failure);
        // A server that wants more than was sent is not waited for.
        stream.next_layer().shutdown(asio::ip::tcp::socket::shutdown_send, failure);
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
        stream.next_layer().connect({asio::ip::make_address("127.0.0.1"), port});
        boost::system::error_code failure;
        stream.handshake(asio::ssl::stream_base::client, failure);
        return !failure;
    }

    std::uint16_t port = 0;
    std::string certificate_pem;

private:
    Runtime runtime_;
    std::unique_ptr<http::Server> server_;
    std::thread thread_;
};

}  // namespace entrepot::test
