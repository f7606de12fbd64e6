// The load client and the bare HTTPS server that is its floor.
#include <boost/asio.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <thread>

#include "bench.hpp"
#include "platform/crypto/certificate.hpp"

namespace entrepot::bench {
namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using Stream = asio::ssl::stream<asio::ip::tcp::socket>;

namespace {
struct Shared {
    std::chrono::steady_clock::time_point end;
    std::vector<double> latencies_ms;
    std::size_t good = 0, bad = 0;
};

/// Reads one answer with a content-length; true for 2xx.
asio::awaitable<bool> read_answer(Stream& stream, std::string& buffer) {
    constexpr std::string_view mark = "content-length: ";
    for (;;) {
        const auto head = buffer.find("\r\n\r\n");
        if (head != std::string::npos) {
            const auto at = buffer.find(mark);
            const std::size_t length =
                at < head ? std::strtoull(buffer.c_str() + at + mark.size(), nullptr, 10) : 0;
            const bool good = buffer.compare(9, 1, "2") == 0;
            while (buffer.size() < head + 4 + length) {
                char chunk[65536];
                const auto n =
                    co_await stream.async_read_some(asio::buffer(chunk), asio::use_awaitable);
                buffer.append(chunk, n);
            }
            buffer.erase(0, head + 4 + length);
            co_return good;
        }
        char chunk[65536];
        const auto n = co_await stream.async_read_some(asio::buffer(chunk), asio::use_awaitable);
        buffer.append(chunk, n);
    }
}

asio::awaitable<void> client(asio::ssl::context& tls, std::uint16_t port, int index, Shared& shared,
                             const std::function<std::string(int, int)>& next) {
    Stream stream(co_await asio::this_coro::executor, tls);
    co_await stream.next_layer().async_connect({asio::ip::make_address("127.0.0.1"), port},
                                               asio::use_awaitable);
    stream.next_layer().set_option(asio::ip::tcp::no_delay(true));
    co_await stream.async_handshake(asio::ssl::stream_base::client, asio::use_awaitable);
    std::string buffer;
    for (int n = 0; std::chrono::steady_clock::now() < shared.end; ++n) {
        const std::string request = next(index, n);
        const auto start = std::chrono::steady_clock::now();
        co_await asio::async_write(stream, asio::buffer(request), asio::use_awaitable);
        const bool good = co_await read_answer(stream, buffer);
        shared.latencies_ms.push_back(
            std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start)
                .count());
        ++(good ? shared.good : shared.bad);
    }
}

asio::awaitable<void> answer_forever(beast::ssl_stream<beast::tcp_stream> stream,
                                     const std::string& body) {
    boost::system::error_code failure;
    co_await stream.async_handshake(asio::ssl::stream_base::server,
                                    asio::redirect_error(asio::use_awaitable, failure));
    beast::flat_buffer buffer;
    while (!failure) {
        http::request<http::string_body> request;
        co_await http::async_read(stream, buffer, request,
                                  asio::redirect_error(asio::use_awaitable, failure));
        if (failure) break;
        http::response<http::string_body> response(http::status::ok, 11);
        response.set(http::field::content_type, "application/json");
        response.body() = body;
        response.prepare_payload();
        std::string head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: " +
                           std::to_string(body.size()) + "\r\n\r\n";
        const std::array<asio::const_buffer, 2> parts{asio::buffer(head),
                                                      asio::buffer(response.body())};
        co_await asio::async_write(stream, parts,
                                   asio::redirect_error(asio::use_awaitable, failure));
    }
}
}  // namespace

Load drive_https(std::uint16_t port, int clients, double seconds,
                 const std::function<std::string(int, int)>& next) {
    asio::io_context context(1);
    asio::ssl::context tls(asio::ssl::context::tls_client);
    Shared shared;
    const Timer timer;
    shared.end = std::chrono::steady_clock::now() +
                 std::chrono::milliseconds(static_cast<long>(seconds * 1000));
    for (int i = 0; i < clients; ++i) {
        asio::co_spawn(context, client(tls, port, i, shared, next),
                       [](const std::exception_ptr& failure) {
                           if (failure) std::rethrow_exception(failure);
                       });
    }
    context.run();
    Load load;
    load.good = shared.good;
    load.bad = shared.bad;
    load.per_second = static_cast<double>(shared.good) / timer.seconds();
    std::sort(shared.latencies_ms.begin(), shared.latencies_ms.end());
    if (!shared.latencies_ms.empty()) {
        load.p50_ms = shared.latencies_ms[shared.latencies_ms.size() / 2];
        load.p99_ms = shared.latencies_ms[shared.latencies_ms.size() * 99 / 100];
    }
    return load;
}

Load beast_floor(int clients, double seconds, std::size_t body_bytes) {
    asio::io_context context(1);
    asio::ssl::context tls(asio::ssl::context::tls_server);
    const auto pair = crypto::self_signed({"localhost"}, SystemClock().now(), 1);
    tls.use_certificate_chain(asio::buffer(pair.certificate_pem));
    tls.use_private_key(asio::buffer(pair.private_key_pem), asio::ssl::context::pem);
    const std::string body(body_bytes, 'x');
    asio::ip::tcp::acceptor acceptor(context, {asio::ip::make_address("127.0.0.1"), 0});
    const auto port = acceptor.local_endpoint().port();
    asio::co_spawn(
        context,
        [&]() -> asio::awaitable<void> {
            for (;;) {
                auto socket = co_await acceptor.async_accept(asio::use_awaitable);
                socket.set_option(asio::ip::tcp::no_delay(true));
                asio::co_spawn(context,
                               answer_forever(beast::ssl_stream<beast::tcp_stream>(
                                                  beast::tcp_stream(std::move(socket)), tls),
                                              body),
                               asio::detached);
            }
        },
        asio::detached);
    std::thread server([&] { context.run(); });
    const Load load = drive_https(port, clients, seconds, [](int, int) {
        return std::string("GET /floor HTTP/1.1\r\nhost: localhost\r\n\r\n");
    });
    context.stop();
    server.join();
    return load;
}

}  // namespace entrepot::bench
