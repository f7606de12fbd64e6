// The accept loop and one coroutine a connection.
#include "keyd/server.hpp"

#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include "platform/telemetry/log.hpp"

namespace entrepot::keyd {
namespace asio = boost::asio;
using Socket = asio::local::stream_protocol::socket;

struct Server::State {
    Runtime& runtime;
    Keyring& keyring;
    std::string path;
    std::vector<uid_t> allowed;
    asio::local::stream_protocol::acceptor acceptor;
    std::size_t connections = 0;
};

namespace {
constexpr std::size_t connections_max = 256;

bool may_connect(Socket& socket, const std::vector<uid_t>& allowed) {
    ucred peer{};
    socklen_t size = sizeof peer;
    if (getsockopt(socket.native_handle(), SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0)
        return false;
    if (std::find(allowed.begin(), allowed.end(), peer.uid) != allowed.end()) return true;
    log::warning("keyd.stranger", {{"uid", peer.uid}, {"pid", peer.pid}});
    return false;
}

Awaitable<keys::Reply> answer(Keyring& keyring, const keys::Request& request) {
    std::string why;
    try {
        co_return co_await keyring.answer(request);
    } catch (const boost::system::system_error&) {
        throw;  // the runtime is stopping
    } catch (const std::exception& error) {
        why = error.what();
    }
    log::error("keyd.failed", {{"operation", static_cast<int>(request.operation)}, {"why", why}});
    keys::Reply reply;
    reply.kind = keys::ReplyKind::failed;
    reply.text = "it could not be done; keyd's log says why";
    co_return reply;
}

Awaitable<void> serve(Keyring& keyring, Socket socket) {
    for (;;) {
        crypto::SecretBytes length(keys::length_size);
        co_await asio::async_read(socket, asio::buffer(length.data(), length.size()),
                                  asio::use_awaitable);
        const std::uint32_t size = keys::announced(crypto::view(length));
        if (size > keys::request_max) co_return;
        crypto::SecretBytes body(size);
        co_await asio::async_read(socket, asio::buffer(body.data(), body.size()),
                                  asio::use_awaitable);
        const auto request = keys::decode_request(crypto::view(body));
        if (!request) {
            log::warning("keyd.garbled", {{"bytes", size}});
            co_return;
        }
        const crypto::SecretBytes frame = keys::encode(co_await answer(keyring, *request));
        co_await asio::async_write(socket, asio::buffer(frame.data(), frame.size()),
                                   asio::use_awaitable);
    }
}
}  // namespace

Server::Server(Runtime& runtime, Keyring& keyring, std::string socket_path,
               std::vector<uid_t> allowed_uids)
    : state_(new State{runtime, keyring, std::move(socket_path), std::move(allowed_uids),
                       asio::local::stream_protocol::acceptor(runtime.loop(0))}) {}

Server::~Server() {
    ::unlink(state_->path.c_str());
}

void Server::start(std::chrono::milliseconds tick_every) {
    State& state = *state_;
    ::unlink(state.path.c_str());
    const asio::local::stream_protocol::endpoint endpoint(state.path);
    state.acceptor.open(endpoint.protocol());
    state.acceptor.bind(endpoint);
    ::chmod(state.path.c_str(), 0666);
    state.acceptor.listen();
    state.runtime.spawn(
        0,
        [&state]() -> Awaitable<void> {
            for (;;) {
                Socket socket = co_await state.acceptor.async_accept(asio::use_awaitable);
                if (state.connections >= connections_max || !may_connect(socket, state.allowed))
                    continue;
                ++state.connections;
                const auto held = std::make_shared<Socket>(std::move(socket));
                state.runtime.spawn(
                    0,
                    [&state, held]() -> Awaitable<void> {
                        struct Count {
                            std::size_t& of;
                            ~Count() { --of; }
                        } const count{state.connections};
                        try {
                            co_await serve(state.keyring, std::move(*held));
                        } catch (const boost::system::system_error&) {
                            co_return;  // the peer went away, or we stop
                        }
                    },
                    "keyd_connection");
            }
        },
        "keyd_accept");
    state.runtime.spawn(
        0,
        [&state, tick_every]() -> Awaitable<void> {
            for (;;) {
                co_await Runtime::sleep_for(tick_every);
                std::string why;
                try {
                    co_await state.keyring.tick();
                } catch (const boost::system::system_error&) {
                    throw;
                } catch (const std::exception& error) {
                    why = error.what();
                }
                if (!why.empty()) log::error("keyd.tick_failed", {{"why", why}});
            }
        },
        "keyd_clockwork");
}

}  // namespace entrepot::keyd
