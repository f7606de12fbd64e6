// The load client and the bare HTTPS server that is its floor.
#include <atomic>
#include <boost/asio.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <thread>

#include "bench.hpp"
#include "platform/crypto/certificate.hpp"
#include "platform/runtime/clock.hpp"

namespace entrepot::bench {
namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using Stream = asio::ssl::stream<asio::ip::tcp::socket>;

namespace {
constexpr auto warm_up = std::chrono::milliseconds(500);
using Moment = std::chrono::steady_clock::time_point;

struct Shared {
    Moment begin, end;  ///< what starts between them counts
    std::vector<double> latencies_ms;
    Load load;
};

/// Reads one answer with a content-length; true for 2xx.
asio::awaitable<bool> read_answer(Stream& stream, std::string& buffer, Load& load) {
    constexpr std::string_view mark = "content-length: ";
    constexpr std::size_t shown_max = 600;
    char chunk[65536];
    for (;;) {
        const auto head = buffer.find("\r\n\r\n");
        if (head != std::string::npos) {
            const auto at = buffer.find(mark);
            const std::size_t length =
                at < head ? std::strtoull(buffer.c_str() + at + mark.size(), nullptr, 10) : 0;
            const bool good = buffer.compare(9, 1, "2") == 0;
            while (buffer.size() < head + 4 + length) {
                const auto n =
                    co_await stream.async_read_some(asio::buffer(chunk), asio::use_awaitable);
                buffer.append(chunk, n);
            }
            load.body_bytes = length;
            if (!good) load.last_bad = buffer.substr(0, shown_max);
            buffer.erase(0, head + 4 + length);
            co_return good;
        }
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
    for (int n = 0;; ++n) {
        const std::string request = next(index, n);
        const Moment start = std::chrono::steady_clock::now();
        if (start >= shared.end) co_return;
        co_await asio::async_write(stream, asio::buffer(request), asio::use_awaitable);
        const bool good = co_await read_answer(stream, buffer, shared.load);
        ++shared.load.asked;
        if (start < shared.begin) continue;
        const std::chrono::duration<double, std::milli> took =
            std::chrono::steady_clock::now() - start;
        shared.latencies_ms.push_back(took.count());
        ++(good ? shared.load.good : shared.load.bad);
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
        const std::string answer =
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: " +
            std::to_string(body.size()) + "\r\n\r\n" + body;
        co_await asio::async_write(stream, asio::buffer(answer),
                                   asio::redirect_error(asio::use_awaitable, failure));
    }
}
}  // namespace

Load drive_https(std::uint16_t port, int count, double seconds,
                 const std::function<std::string(int, int)>& next) {
    asio::io_context context(1);
    asio::ssl::context tls(asio::ssl::context::tls_client);
    Shared shared;
    shared.begin = std::chrono::steady_clock::now() + warm_up;
    shared.end = shared.begin + std::chrono::milliseconds(static_cast<long>(seconds * 1000));
    const double cpu_before = cpu_of_thread();
    for (int i = 0; i < count; ++i) {
        asio::co_spawn(context, client(tls, port, i, shared, next),
                       [](const std::exception_ptr& failure) {
                           if (failure) std::rethrow_exception(failure);
                       });
    }
    context.run();
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - shared.begin;
    Load load = std::move(shared.load);
    load.client_cpu_s = cpu_of_thread() - cpu_before;
    load.per_second = static_cast<double>(load.good) / took.count();
    auto& all = shared.latencies_ms;
    std::sort(all.begin(), all.end());
    if (!all.empty()) {
        load.p50_ms = all[all.size() / 2];
        load.p99_ms = all[all.size() * 99 / 100];
    }
    return load;
}

Floor beast_floor(int count, double seconds, std::size_t body_bytes) {
    asio::io_context context(1);
    asio::ssl::context tls(asio::ssl::context::tls_server);
    const auto pair = crypto::self_signed({"localhost"}, SystemClock().now(), 1);
    tls.use_certificate_chain(asio::buffer(pair.certificate_pem));
    tls.use_private_key(asio::buffer(pair.private_key_pem), asio::ssl::context::pem);
    const std::string body(body_bytes, 'x');
    asio::ip::tcp::acceptor acceptor(context, {asio::ip::make_address("127.0.0.1"), 0});
    const auto port = acceptor.local_endpoint().port();
    const auto accept = [&]() -> asio::awaitable<void> {
        for (;;) {
            auto socket = co_await acceptor.async_accept(asio::use_awaitable);
            socket.set_option(asio::ip::tcp::no_delay(true));
            beast::ssl_stream<beast::tcp_stream> stream(beast::tcp_stream(std::move(socket)), tls);
            asio::co_spawn(context, answer_forever(std::move(stream), body), asio::detached);
        }
    };
    asio::co_spawn(context, accept, asio::detached);
    double cpu = 0;
    std::thread server([&] {
        context.run();
        cpu = cpu_of_thread();
    });
    std::atomic<long> sent{0};
    Floor floor;
    floor.load = drive_https(port, count, seconds, [&](int, int) {
        ++sent;
        return std::string("GET /floor HTTP/1.1\r\nhost: localhost\r\n\r\n");
    });
    context.stop();
    server.join();
    floor.cpu_us = cpu * 1e6 / static_cast<double>(sent);
    return floor;
}

}  // namespace entrepot::bench
