// The way to keyd: a few connections to its socket for each event loop.
#pragma once

#include <functional>
#include <memory>
#include <stdexcept>
#include <string>

#include "platform/keys/protocol.hpp"
#include "platform/runtime/runtime.hpp"

namespace entrepot::keys {

/// keyd is not there, or its own database or key store is gone. Reads of sealed data fail closed;
/// everything else goes on.
struct Unavailable : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// The keyd that answers keeps another keyring than ours. Nothing was made or opened.
struct ForeignKeyring : Unavailable {
    using Unavailable::Unavailable;
};

/// Which keyring is ours, given the one that keyd keeps.
using KeyringPlace = std::function<Awaitable<Uuid>(const Uuid& of_keyd)>;

/// Called on an event loop of the runtime it was made with. Keys are not kept: each use asks keyd,
/// so that a destroyed key is gone from every node at once.
class Client {
public:
    /// Connects at the first call. `patience`: for one call, connecting included. `ours` is asked
    /// once, before the first request; without it, the keyring that is met first is ours.
    Client(Runtime& runtime, std::string socket_path,
           std::chrono::milliseconds patience = std::chrono::seconds(5), KeyringPlace ours = {});
    ~Client();
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    /// One request, one reply. A request as a whole that keyd refuses is a bug of the caller's
    /// (wrong purpose for the class) and thrown as Bug. Throws Unavailable, ForeignKeyring.
    /// More than `ids_max` ids go out in several requests; a turn waits without limit.
    Awaitable<Reply> call(Request request);
    /// Asks keyd for its keyring and whether it is ours. Throws Unavailable, ForeignKeyring.
    Awaitable<void> meet();

private:
    Awaitable<Uuid> ours();
    Awaitable<Reply> exchange(const Request& request);
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace entrepot::keys
