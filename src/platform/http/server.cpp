// Beast parses, Asio writes. One coroutine per connection on one loop; no locks.
#include "platform/http/server.hpp"

#include <boost/asio.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <cerrno>
#include <filesystem>
#include <map>
#include <mutex>

#include "base/text.hpp"
#include "platform/crypto/crypto.hpp"
#include "platform/http/listeners.hpp"
#include "platform/runtime/runtime.hpp"
#include "platform/telemetry/log.hpp"

namespace entrepot::http {
namespace asio = boost::asio;
namespace beast = boost::beast;
namespace bhttp = boost::beast::http;
using Tcp = asio::ip::tcp;
using PlainStream = beast::tcp_stream;
using TlsStream = beast::ssl_stream<beast::tcp_stream>;

namespace {
constexpr std::size_t header_limit = 16 * 1024;
constexpr auto header_timeout = std::chrono::seconds(15);
constexpr auto idle_timeout = std::chrono::seconds(75);
constexpr auto body_timeout = std::chrono::seconds(120);
// A peer that sends a long body looks for an answer now and then: a browser after megabytes.
constexpr auto refused_body_timeout = std::chrono::seconds(5);
constexpr std::size_t refused_body_max = std::size_t{64} << 20;
constexpr auto write_timeout = std::chrono::seconds(60);

struct ClosedByPeer {};

std::string_view reason_of(int status) {
    return bhttp::obsolete_reason(static_cast<bhttp::status>(status));
}

std::string head_of(const Response& response, bool keep_alive, std::size_t body_size) {
    std::string out = "HTTP/1.1 " + std::to_string(response.status) + ' ';
    out += reason_of(response.status);
    out += "\r\ncontent-type: ";
    out += response.content_type;
    for (const auto& [name, value] : response.headers) {
        out += "\r\n";
        out += name;
        out += ": ";
        out += value;
    }
    if (response.stream)
        out += "\r\ntransfer-encoding: chunked";
    else if (response.status != 204 && response.status != 304)
        out += "\r\ncontent-length: " + std::to_string(body_size);
    out += keep_alive ? "\r\n\r\n" : "\r\nconnection: close\r\n\r\n";
    return out;
}

std::optional<Method> method_of(bhttp::verb verb) {
    switch (verb) {
        case bhttp::verb::get:
        case bhttp::verb::head:
            return Method::get;
        case bhttp::verb::post:
            return Method::post;
        case bhttp::verb::put:
            return Method::put;
        case bhttp::verb::delete_:
            return Method::del;
        default:
            return std::nullopt;
    }
}

Response plain_problem(int status, std::string_view code, std::string_view detail) {
    Response response;
    response.status = status;
    response.content_type = "application/problem+json";
    response.body = R"({"type":"about:blank","title":")" + std::string(reason_of(status)) +
                    R"(","status":)" + std::to_string(status) + R"(,"code":")" + std::string(code) +
                    R"(","detail":")" + std::string(detail) + R"(","request_id":"","errors":[]})";
    return response;
}

std::shared_ptr<asio::ssl::context> make_tls(const Server::Options& options) {
    if (options.certificate_pem.empty()) return nullptr;
    auto tls = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_server);
    SSL_CTX_set_min_proto_version(tls->native_handle(), TLS1_2_VERSION);
    SSL_CTX_set_cipher_list(
        tls->native_handle(),
        "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-AES128-GCM-SHA256:"
        "ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305");
    SSL_CTX_set_options(tls->native_handle(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                                                  SSL_OP_CIPHER_SERVER_PREFERENCE);
    SSL_CTX_set_mode(tls->native_handle(), SSL_MODE_RELEASE_BUFFERS);
    tls->use_certificate_chain(asio::buffer(options.certificate_pem));
    tls->use_private_key(asio::buffer(options.private_key_pem), asio::ssl::context::pem);
    return tls;
}
}  // namespace

bool parse_query(std::string_view query, std::vector<std::pair<std::string, std::string>>& out) {
    if (query.empty()) return true;
    for (const std::string_view part : text::split(query, '&')) {
        const auto equals = part.find('=');
        auto name = text::percent_decode(part.substr(0, equals), true);
        auto value = text::percent_decode(
            equals == std::string_view::npos ? std::string_view{} : part.substr(equals + 1), true);
        if (!name || !value || !text::is_utf8(*name) || !text::is_utf8(*value)) return false;
        out.emplace_back(std::move(*name), std::move(*value));
    }
    return true;
}

struct Server::State {
    Runtime& runtime;
    Options options;
    Plan plan;
    Dispatch dispatch;
    Admit admit;
    std::shared_ptr<asio::ssl::context> tls;
    std::optional<Tcp::acceptor> acceptor;
    std::atomic<std::size_t> connections{0};
    std::size_t next_loop = 0;

    State(Runtime& r, Options o, Plan p, Dispatch d, Admit a)
        : runtime(r),
          options(std::move(o)),
          plan(std::move(p)),
          dispatch(std::move(d)),
          admit(std::move(a)),
          tls(make_tls(options)) {}
};

namespace {
template <class Stream>
class Session {
public:
    Session(std::shared_ptr<Server::State> state, Stream stream, std::string remote)
        : state_(std::move(state)), stream_(std::move(stream)), remote_(std::move(remote)) {}

    Awaitable<void> run() {
        if constexpr (std::is_same_v<Stream, TlsStream>) {
            socket().expires_after(header_timeout);
            co_await stream_.async_handshake(asio::ssl::stream_base::server, asio::use_awaitable);
        }
        while (co_await serve_one()) {
        }
        socket().expires_after(std::chrono::seconds(5));
        if constexpr (std::is_same_v<Stream, TlsStream>) {
            boost::system::error_code ignored;
            co_await stream_.async_shutdown(asio::redirect_error(asio::use_awaitable, ignored));
        }
    }

private:
    PlainStream& socket() { return beast::get_lowest_layer(stream_); }

    /// False when the connection is to be closed.
    Awaitable<bool> serve_one() {
        bhttp::request_parser<bhttp::empty_body> header;
        header.header_limit(header_limit);
        header.body_limit(boost::none);
        socket().expires_after(buffer_.size() == 0 ? idle_timeout : header_timeout);
        boost::system::error_code failure;
        co_await bhttp::async_read_header(stream_, buffer_, header,
                                          asio::redirect_error(asio::use_awaitable, failure));
        if (failure == bhttp::error::header_limit)
            co_return co_await refuse(431, "header_too_large", "the request header is too large");
        if (failure.category() == bhttp::make_error_code(bhttp::error::bad_method).category() &&
            failure != bhttp::error::end_of_stream && failure != bhttp::error::partial_message)
            co_return co_await refuse(400, "malformed_http", "the request is not valid HTTP/1.1");
        if (failure) co_return false;

        Request request;
        request.remote_ip = remote_;
        const bool head_only = header.get().method() == bhttp::verb::head;
        const auto method = method_of(header.get().method());
        if (!method)
            co_return co_await refuse(405, "method_not_allowed", "this method is not used here");
        request.method = *method;
        if (!take_target(header.get().target(), request))
            co_return co_await refuse(400, "malformed_target", "the request target is not valid");
        for (const auto& field : header.get())
            request.headers.emplace_back(text::to_lower_ascii(field.name_string()),
                                         std::string(field.value()));
        bool keep_alive = header.get().keep_alive();

        const BodyPlan plan = state_->plan(request.method, request.path);
        const auto length = header.content_length();
        if (length && *length > plan.limit)
            co_return co_await refuse(413, "too_large", "the body is larger than this route takes");
        if (plan.to_file && !co_await state_->admit(request))
            co_return co_await close_with(co_await state_->dispatch(request));
        const bool has_body = !header.is_done();
        if (has_body && beast::iequals(header.get()[bhttp::field::expect], "100-continue")) {
            static constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
            co_await asio::async_write(stream_, asio::buffer(go_on), asio::use_awaitable);
        }
        socket().expires_after(body_timeout);
        if (plan.to_file)
            co_await read_file(std::move(header), request, plan.limit, failure);
        else if (has_body)
            co_await read_string(std::move(header), request, plan.limit, failure);
        UploadGuard guard{request.body_file};
        if (failure == bhttp::error::body_limit)
            co_return co_await refuse(413, "too_large", "the body is larger than this route takes");
        if (is_full_disk(failure))
            co_return co_await refuse(503, "no_space", "there is no room on the server's disk");
        if (failure &&
            failure.category() == bhttp::make_error_code(bhttp::error::bad_method).category())
            co_return co_await refuse(400, "malformed_http", "the body does not follow its header");
        if (failure) co_return false;

        socket().expires_never();
        Response response = co_await state_->dispatch(request);
        if (state_->runtime.stopping()) keep_alive = false;
        co_return co_await write(response, keep_alive, head_only);
    }

    /// Removes an upload when the request is over, unless the handler moved it away.
    struct UploadGuard {
        const std::string& path;
        ~UploadGuard() {
            std::error_code ignored;
            if (!path.empty()) std::filesystem::remove(path, ignored);
        }
    };

    static bool is_full_disk(const boost::system::error_code& failure) {
        return failure == boost::system::errc::no_space_on_device ||
               failure == boost::system::errc::file_too_large ||
               failure == boost::system::error_code(EDQUOT, boost::system::system_category());
    }

    static bool take_target(std::string_view target, Request& request) {
        if (target.empty() || target[0] != '/') return false;
        const auto mark = target.find('?');
        request.path = std::string(target.substr(0, mark));
        if (mark != std::string_view::npos) request.query = std::string(target.substr(mark + 1));
        for (const char c : request.path)
            if (static_cast<unsigned char>(c) < 0x21 || static_cast<unsigned char>(c) > 0x7E ||
                c == '\\')
                return false;
        return parse_query(request.query, request.query_values);
    }

    Awaitable<void> read_string(bhttp::request_parser<bhttp::empty_body>&& header, Request& request,
                                std::size_t limit, boost::system::error_code& failure) {
        bhttp::request_parser<bhttp::string_body> parser(std::move(header));
        parser.body_limit(limit);
        co_await bhttp::async_read(stream_, buffer_, parser,
                                   asio::redirect_error(asio::use_awaitable, failure));
        if (!failure) request.body = std::move(parser.get().body());
    }

    Awaitable<void> read_file(bhttp::request_parser<bhttp::empty_body>&& header, Request& request,
                              std::size_t limit, boost::system::error_code& failure) {
        bhttp::request_parser<bhttp::file_body> parser(std::move(header));
        parser.body_limit(limit);
        request.body_file = state_->options.upload_dir + "/upload-" + crypto::random_token(12);
        parser.get().body().open(request.body_file.c_str(), beast::file_mode::write_new, failure);
        if (failure) co_return;
        if (!parser.is_done())
            co_await bhttp::async_read(stream_, buffer_, parser,
                                       asio::redirect_error(asio::use_awaitable, failure));
        parser.get().body().close();
    }

    Awaitable<bool> refuse(int status, std::string_view code, std::string_view detail) {
        co_return co_await close_with(plain_problem(status, code, detail));
    }

    Awaitable<bool> close_with(Response response) {
        (void)co_await write(response, false, false);
        boost::system::error_code ended;
        // What the peer still sends is read and dropped for a moment, or a reset would eat the
        // answer.
        socket().socket().shutdown(Tcp::socket::shutdown_send, ended);
        socket().expires_after(refused_body_timeout);
        std::array<char, 16 * 1024> sink{};
        ended = {};
        for (std::size_t dropped = 0; dropped < refused_body_max && !ended;)
            dropped += co_await stream_.async_read_some(
                asio::buffer(sink), asio::redirect_error(asio::use_awaitable, ended));
        co_return false;
    }

    /// Always one buffer a write: Beast's TLS stream stops in the middle when a write of several
    /// buffers exceeds its own buffer of 64 KiB.
    Awaitable<void> send(std::string head, std::string_view body) {
        constexpr std::size_t joined_max = 32 * 1024;
        if (body.size() <= joined_max) {
            head += body;
            body = {};
        }
        co_await asio::async_write(stream_, asio::buffer(head), asio::use_awaitable);
        if (!body.empty())
            co_await asio::async_write(stream_, asio::buffer(body), asio::use_awaitable);
    }

    Awaitable<bool> write(const Response& response, bool keep_alive, bool head_only) {
        const std::string& body = response.shared_body ? *response.shared_body : response.body;
        std::string head = head_of(response, keep_alive, body.size());
        socket().expires_after(write_timeout);
        if (!response.stream || head_only) {
            co_await send(std::move(head), head_only ? std::string_view{} : std::string_view(body));
            co_return keep_alive;
        }
        co_await asio::async_write(stream_, asio::buffer(head), asio::use_awaitable);
        while (auto piece = co_await response.stream()) {
            if (piece->empty()) continue;
            char size[24];
            const int size_length = std::snprintf(size, sizeof size, "%zx\r\n", piece->size());
            std::string chunk(size, static_cast<std::size_t>(size_length));
            chunk += *piece;
            chunk += "\r\n";
            socket().expires_after(write_timeout);
            co_await asio::async_write(stream_, asio::buffer(chunk), asio::use_awaitable);
        }
        co_await asio::async_write(stream_, asio::buffer("0\r\n\r\n", 5), asio::use_awaitable);
        co_return keep_alive;
    }

    std::shared_ptr<Server::State> state_;
    Stream stream_;
    std::string remote_;
    beast::flat_buffer buffer_;
};

template <class Stream>
Awaitable<void> run_session(std::shared_ptr<Server::State> state,
                            std::shared_ptr<Session<Stream>> session) {
    ++state->connections;
    std::exception_ptr failure;
    try {
        co_await session->run();
    } catch (const boost::system::system_error&) {
        // The peer went away, or took too long: nothing to tell it.
    } catch (...) {
        failure = std::current_exception();
    }
    --state->connections;
    if (failure) std::rethrow_exception(failure);
}

void start_session(const std::shared_ptr<Server::State>& state, std::size_t loop,
                   Tcp::socket socket) {
    boost::system::error_code ignored;
    const auto peer = socket.remote_endpoint(ignored);
    const std::string remote = ignored ? std::string() : peer.address().to_string();
    socket.set_option(Tcp::no_delay(true), ignored);
    if (state->tls) {
        TlsStream stream(beast::tcp_stream(std::move(socket)), *state->tls);
        auto session = std::make_shared<Session<TlsStream>>(state, std::move(stream), remote);
        state->runtime.spawn(
            loop, [state, session] { return run_session<TlsStream>(state, session); },
            "https_session");
    } else {
        PlainStream stream(std::move(socket));
        auto session = std::make_shared<Session<PlainStream>>(state, std::move(stream), remote);
        state->runtime.spawn(
            loop, [state, session] { return run_session<PlainStream>(state, session); },
            "http_session");
    }
}

Awaitable<void> accept_all(std::shared_ptr<Server::State> state) {
    for (;;) {
        const std::size_t loop = state->next_loop++ % state->runtime.loop_count();
        boost::system::error_code failure;
        Tcp::socket socket = co_await state->acceptor->async_accept(
            state->runtime.loop(loop), asio::redirect_error(asio::use_awaitable, failure));
        if (failure == asio::error::operation_aborted || state->runtime.stopping()) break;
        if (failure) {
            log::warning("accept_failed", {{"what", failure.message()}});
            co_await Runtime::sleep_for(std::chrono::milliseconds(20));
            continue;
        }
        if (state->connections >= state->options.connections_max) continue;
        start_session(state, loop, std::move(socket));
    }
    state->acceptor->close();
}
}  // namespace

namespace {
/// The servers of this process that accept.
class Accepting {
public:
    void add(const void* server, Listener listener) {
        const std::lock_guard lock(mutex_);
        listeners_[server] = std::move(listener);
    }
    void remove(const void* server) {
        const std::lock_guard lock(mutex_);
        listeners_.erase(server);
    }
    std::vector<Listener> all() {
        const std::lock_guard lock(mutex_);
        std::vector<Listener> out;
        for (const auto& [server, listener] : listeners_) out.push_back(listener);
        return out;
    }

private:
    std::mutex mutex_;
    std::map<const void*, Listener> listeners_;
};

Accepting& accepting() {
    static Accepting instance;
    return instance;
}
}  // namespace

std::vector<Listener> listeners() {
    return accepting().all();
}

Server::Server(Runtime& runtime, Options options, Plan plan, Dispatch dispatch, Admit admit)
    : state_(std::make_shared<State>(runtime, std::move(options), std::move(plan),
                                     std::move(dispatch), std::move(admit))) {}
Server::~Server() {
    accepting().remove(state_.get());
}

std::uint16_t Server::start() {
    const Tcp::endpoint endpoint(asio::ip::make_address(state_->options.bind),
                                 state_->options.port);
    state_->acceptor.emplace(state_->runtime.loop(0));
    state_->acceptor->open(endpoint.protocol());
    state_->acceptor->set_option(Tcp::acceptor::reuse_address(true));
    state_->acceptor->bind(endpoint);
    state_->acceptor->listen(1024);
    const auto port = state_->acceptor->local_endpoint().port();
    SSL_CTX* tls = state_->tls ? state_->tls->native_handle() : nullptr;
    accepting().add(
        state_.get(),
        {endpoint.address().to_string(), endpoint.address().is_loopback(), tls != nullptr,
         tls == nullptr ? 0 : static_cast<int>(SSL_CTX_get_min_proto_version(tls))});
    state_->runtime.spawn(0, [state = state_] { return accept_all(state); }, "accept");
    return port;
}

}  // namespace entrepot::http
