// The socket in front of the simulator: HTTP/1.1 with keep-alive, TLS or plain.
// One coroutine a connection, on its own strand; the simulator itself is called without waiting.
#include "sim/server.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <iostream>
#include <thread>

namespace entrepot::sim {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;

namespace {

constexpr auto idle_limit = std::chrono::seconds(75);
constexpr std::uint64_t body_limit = 10ULL << 20U;
constexpr std::uint32_t header_limit = 32U << 10U;
constexpr auto no_throw = asio::as_tuple(asio::use_awaitable);

Request to_request(const http::request<http::string_body>& message) {
    Pairs headers;
    for (const auto& field : message) {
        std::string name(field.name_string());
        for (char& c : name) {
            if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
        }
        headers.emplace_back(std::move(name), std::string(field.value()));
    }
    return make_request(std::string(message.method_string()), message.target(), message.body(),
                        std::move(headers));
}

std::string head_of(const Response& response, bool keep_alive) {
    std::string head = "HTTP/1.1 " + std::to_string(response.status) + " ";
    head.append(http::obsolete_reason(static_cast<http::status>(response.status)));
    head += "\r\nServer: Server\r\n";
    if (response.status != 204) {
        if (!response.content_type.empty())
            head += "Content-Type: " + response.content_type + "\r\n";
        const auto length =
            static_cast<std::int64_t>(response.body.size()) + response.transport.length_error;
        head += "Content-Length: " + std::to_string(std::max<std::int64_t>(length, 0)) + "\r\n";
    }
    for (const auto& [name, value] : response.headers) head += name + ": " + value + "\r\n";
    head += keep_alive ? "Connection: keep-alive\r\n\r\n" : "Connection: close\r\n\r\n";
    return head;
}

// Closing with zero linger sends a reset instead of an orderly end.
void reset(tcp::socket& socket) {
    beast::error_code ignored;
    socket.set_option(asio::socket_base::linger(true, 0), ignored);
    socket.close(ignored);
}

Response answer(Simulator& simulator, const Request& request) {
    try {
        return simulator.handle(request);
    } catch (const std::exception& problem) {
        std::cerr << "marketsim: " << request.method << ' ' << request.path << ": "
                  << problem.what() << '\n';
        return error_response(500, "InternalFailure",
                              "We encountered an internal error. Please try again.");
    }
}

// Writes the reply as the faults want it. False when the connection is over.
template <class Stream>
asio::awaitable<bool> reply(Stream& stream, const Response& response, bool keep_alive) {
    auto& lowest = beast::get_lowest_layer(stream);
    const Transport& fault = response.transport;
    if (fault.delay_ms > 0) {
        lowest.expires_never();
        asio::steady_timer timer(co_await asio::this_coro::executor,
                                 std::chrono::milliseconds(fault.delay_ms));
        co_await timer.async_wait(no_throw);
    }
    if (fault.reset_instead) {
        reset(lowest.socket());
        co_return false;
    }
    // One buffer: Beast's TLS stream takes a short buffer before a long one for the whole sequence.
    std::string message = head_of(response, keep_alive);
    message.append(response.body, 0, fault.cut_at.value_or(response.body.size()));
    lowest.expires_after(idle_limit);
    const auto [error, written] =
        co_await asio::async_write(stream, asio::buffer(message), no_throw);
    if (error) co_return false;
    if (fault.cut_at || fault.reset_after || fault.length_error != 0) {
        // Let the bytes leave before the reset throws away what is still queued.
        asio::steady_timer timer(co_await asio::this_coro::executor, std::chrono::milliseconds(30));
        co_await timer.async_wait(no_throw);
        reset(lowest.socket());
        co_return false;
    }
    co_return keep_alive;
}

template <class Stream>
asio::awaitable<void> converse(Stream& stream, Simulator& simulator) {
    beast::flat_buffer buffer;
    for (;;) {
        http::request_parser<http::string_body> parser;
        parser.body_limit(body_limit);
        parser.header_limit(header_limit);
        beast::get_lowest_layer(stream).expires_after(idle_limit);
        const auto [error, read] = co_await http::async_read(stream, buffer, parser, no_throw);
        if (error == http::error::body_limit ||
            (error &&
             error.category() == http::make_error_code(http::error::bad_method).category() &&
             error != http::error::end_of_stream && error != http::error::partial_message)) {
            const Response refused =
                error == http::error::body_limit
                    ? error_response(413, "InvalidInput",
                                     "The request size exceeded the maximum accepted size.")
                    : error_response(400, "InvalidInput", "The request is not valid HTTP.");
            co_await reply(stream, refused, false);
            co_return;
        }
        if (error) co_return;
        const bool keep_alive = parser.get().keep_alive();
        const Request request = to_request(parser.get());
        const Response response = answer(simulator, request);
        if (!co_await reply(stream, response, keep_alive)) co_return;
    }
}

asio::awaitable<void> plain_session(tcp::socket socket, Simulator& simulator) {
    beast::tcp_stream stream(std::move(socket));
    co_await converse(stream, simulator);
}

asio::awaitable<void> tls_session(tcp::socket socket, asio::ssl::context& context,
                                  Simulator& simulator) {
    beast::ssl_stream<beast::tcp_stream> stream(beast::tcp_stream(std::move(socket)), context);
    beast::get_lowest_layer(stream).expires_after(idle_limit);
    const auto [error] = co_await stream.async_handshake(asio::ssl::stream_base::server, no_throw);
    if (error) co_return;
    co_await converse(stream, simulator);
    if (beast::get_lowest_layer(stream).socket().is_open()) {
        beast::get_lowest_layer(stream).expires_after(std::chrono::seconds(2));
        co_await stream.async_shutdown(no_throw);
    }
}

}  // namespace

struct Server::State {
    State(Simulator& simulator_in, ServerOptions options_in)
        : simulator(simulator_in),
          options(std::move(options_in)),
          context(static_cast<int>(options.threads)),
          acceptor(context) {}

    asio::awaitable<void> accept();
    asio::awaitable<void> follow_time();

    Simulator& simulator;
    ServerOptions options;
    asio::io_context context;
    tcp::acceptor acceptor;
    std::unique_ptr<asio::ssl::context> tls;
};

asio::awaitable<void> Server::State::accept() {
    for (;;) {
        auto strand = asio::make_strand(context);
        auto [error, socket] = co_await acceptor.async_accept(strand, no_throw);
        if (!acceptor.is_open()) co_return;
        if (error) {  // out of descriptors, most likely: wait for some to be closed
            asio::steady_timer timer(context, std::chrono::milliseconds(50));
            co_await timer.async_wait(no_throw);
            continue;
        }
        beast::error_code ignored;
        socket.set_option(tcp::no_delay(true), ignored);
        // The server owns the context that all sessions run on, and outlives them.
        if (tls) {
            asio::co_spawn(strand, tls_session(std::move(socket), *tls, simulator), asio::detached);
        } else {
            asio::co_spawn(strand, plain_session(std::move(socket), simulator), asio::detached);
        }
    }
}

asio::awaitable<void> Server::State::follow_time() {
    asio::steady_timer timer(context);
    for (;;) {
        timer.expires_after(std::chrono::seconds(5));
        const auto [error] = co_await timer.async_wait(no_throw);
        if (error) co_return;
        simulator.save();
    }
}

Server::Server(Simulator& simulator, ServerOptions options)
    : state_(std::make_unique<State>(simulator, std::move(options))) {
    if (state_->options.certificate) {
        state_->tls = std::make_unique<asio::ssl::context>(asio::ssl::context::tls_server);
        const auto& pair = *state_->options.certificate;
        SSL_CTX_set_min_proto_version(state_->tls->native_handle(), TLS1_2_VERSION);
        state_->tls->use_certificate_chain(asio::buffer(pair.certificate_pem));
        state_->tls->use_private_key(asio::buffer(pair.key_pem), asio::ssl::context::pem);
    }
    const tcp::endpoint endpoint(asio::ip::make_address(state_->options.address),
                                 state_->options.port);
    state_->acceptor.open(endpoint.protocol());
    state_->acceptor.set_option(asio::socket_base::reuse_address(true));
    state_->acceptor.bind(endpoint);
    state_->acceptor.listen();
    simulator.set_base_url((state_->tls ? "https://" : "http://") + state_->options.address + ":" +
                           std::to_string(port()));
}

Server::~Server() = default;

std::uint16_t Server::port() const {
    return state_->acceptor.local_endpoint().port();
}

void Server::run(bool signals) {
    asio::signal_set waiting(state_->context);
    if (signals) {
        waiting.add(SIGINT);
        waiting.add(SIGTERM);
        waiting.async_wait([this](const beast::error_code& error, int) {
            if (!error) state_->context.stop();
        });
    }
    asio::co_spawn(state_->context, state_->accept(), asio::detached);
    asio::co_spawn(state_->context, state_->follow_time(), asio::detached);
    std::vector<std::thread> others;
    for (unsigned i = 1; i < state_->options.threads; ++i) {
        others.emplace_back([this] { state_->context.run(); });
    }
    state_->context.run();
    for (std::thread& other : others) other.join();
    state_->simulator.save();
}

void Server::stop() {
    state_->context.stop();
}

}  // namespace entrepot::sim
