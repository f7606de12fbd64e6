// keyd's socket: who may connect, frames in, frames out.
#pragma once

#include <sys/types.h>

#include <memory>
#include <string>
#include <vector>

#include "keyd/keyring.hpp"
#include "platform/runtime/runtime.hpp"

namespace entrepot::keyd {

/// Listens on a Unix socket. A peer that is none of `allowed_uids` (by SO_PEERCRED) is cut off
/// without a word, and so is one that sends anything but a well-formed frame.
class Server {
public:
    Server(Runtime& runtime, Keyring& keyring, std::string socket_path,
           std::vector<uid_t> allowed_uids);
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    /// Opens the socket (0666: the kernel's credentials decide, not the file's mode) and spawns the
    /// accept loop and the clockwork (`tick` every `tick_every`) on loop 0.
    void start(std::chrono::milliseconds tick_every = std::chrono::seconds(30));

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace entrepot::keyd
