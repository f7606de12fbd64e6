// Connections to keyd's socket; one request at a time on each.
#include "platform/keys/client.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <deque>
#include <mutex>
#include <unordered_map>

namespace entrepot::keys {
namespace asio = boost::asio;
using Socket = asio::local::stream_protocol::socket;

namespace {
constexpr std::size_t idle_max = 4;

Awaitable<Reply> converse(Socket& socket, const crypto::SecretBytes& request) {
    co_await asio::async_write(socket, asio::buffer(request.data(), request.size()),
                               asio::use_awaitable);
    crypto::SecretBytes length(length_size);
    co_await asio::async_read(socket, asio::buffer(length.data(), length.size()),
                              asio::use_awaitable);
    const std::uint32_t size = announced(crypto::view(length));
    if (size > reply_max) throw Unavailable("keyd announced an answer that is too long");
    crypto::SecretBytes body(size);
    co_await asio::async_read(socket, asio::buffer(body.data(), body.size()), asio::use_awaitable);
    auto reply = decode_reply(crypto::view(body));
    if (!reply) throw Unavailable("keyd gave an answer that cannot be read");
    co_return std::move(*reply);
}
}  // namespace

struct Client::State {
    std::string path;
    std::chrono::milliseconds patience;
    KeyringPlace place;
    std::mutex mutex;  // guards the map's shape (a deque belongs to its loop) and `keyring`
    Uuid keyring{};
    std::unordered_map<asio::execution_context*, std::deque<Socket>> idle;

    std::deque<Socket>& of(asio::execution_context& context) {
        const std::scoped_lock lock(mutex);
        return idle[&context];
    }
};

Client::Client(Runtime&, std::string socket_path, std::chrono::milliseconds patience,
               KeyringPlace ours)
    : state_(std::make_unique<State>()) {
    state_->path = std::move(socket_path);
    state_->patience = patience;
    state_->place = std::move(ours);
}
Client::~Client() = default;

namespace {
bool takes_long(Operation operation) {
    return operation == Operation::turn || operation == Operation::verify;
}

/// A reply, or why there is none. Not an exception: whoever waits for the first of two outcomes
/// would go on waiting for the other.
struct Attempt {
    std::optional<Reply> reply;
    std::string why;
};

/// One try. A kept connection may have died with an earlier keyd: `fresh` asks for a new one.
Awaitable<Reply> exchange_on_one(std::deque<Socket>& idle, const std::string& path,
                                 const crypto::SecretBytes& frame, bool fresh) {
    const auto executor = co_await asio::this_coro::executor;
    Socket socket(executor);
    if (!fresh && !idle.empty()) {
        socket = std::move(idle.front());
        idle.pop_front();
    } else {
        co_await socket.async_connect(asio::local::stream_protocol::endpoint(path),
                                      asio::use_awaitable);
    }
    Reply reply = co_await converse(socket, frame);
    if (idle.size() < idle_max) idle.push_back(std::move(socket));
    co_return reply;
}

Awaitable<Attempt> attempt(std::deque<Socket>& idle, const std::string& path,
                           const crypto::SecretBytes& frame, bool fresh) {
    Attempt out;
    try {
        out.reply = co_await exchange_on_one(idle, path, frame, fresh);
    } catch (const boost::system::system_error& error) {
        if (error.code() == asio::error::operation_aborted) throw;
        out.why = error.code().message();
    } catch (const Unavailable& error) {
        out.why = error.what();
    }
    co_return out;
}
}  // namespace

Awaitable<Uuid> Client::ours() {
    {
        const std::scoped_lock lock(state_->mutex);
        if (!state_->keyring.is_nil()) co_return state_->keyring;
    }
    Request ask;
    ask.operation = Operation::identity;
    const Reply reply = co_await exchange(ask);
    const auto met = Uuid::parse(reply.text);
    if (!met) throw Unavailable("keyd gave an answer that cannot be read");
    const Uuid keyring = state_->place ? co_await state_->place(*met) : *met;
    const std::scoped_lock lock(state_->mutex);
    state_->keyring = keyring;
    co_return keyring;
}

Awaitable<void> Client::meet() {
    Request ask;
    ask.operation = Operation::identity;
    (void)co_await call(std::move(ask));
}

Awaitable<Reply> Client::call(Request request) {
    if (request.operation != Operation::status) request.keyring = co_await ours();
    co_return co_await exchange(request);
}

Awaitable<Reply> Client::exchange(const Request& request) {
    using namespace asio::experimental::awaitable_operators;
    const auto executor = co_await asio::this_coro::executor;
    std::deque<Socket>& idle = state_->of(asio::query(executor, asio::execution::context));
    const crypto::SecretBytes frame = encode(request);
    const bool had_idle = !idle.empty();
    std::optional<Reply> reply;
    std::string why;
    for (const bool fresh : {false, true}) {
        if (reply || (fresh && !had_idle)) break;
        asio::steady_timer timer(executor);
        timer.expires_after(takes_long(request.operation) ? std::chrono::hours(1)
                                                          : state_->patience);
        auto done = co_await (attempt(idle, state_->path, frame, fresh) ||
                              timer.async_wait(asio::use_awaitable));
        if (done.index() == 1) throw Unavailable("keyd does not answer");
        reply = std::move(std::get<0>(done).reply);
        why = std::move(std::get<0>(done).why);
        if (!reply) idle.clear();
    }
    if (!reply) throw Unavailable("keyd cannot be reached: " + why);
    if (reply->kind == ReplyKind::failed) throw Unavailable("keyd: " + reply->text);
    if (reply->kind == ReplyKind::foreign)
        throw ForeignKeyring("keyd keeps the keyring " + reply->text +
                             ", but what is sealed here is under the keyring " +
                             request.keyring.text());
    if (reply->kind == ReplyKind::refused) throw Bug("keyd refused: " + reply->text);
    co_return std::move(*reply);
}

}  // namespace entrepot::keys
