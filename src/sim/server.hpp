// The socket in front of the simulator: HTTP/1.1 with keep-alive, TLS or plain.
// Also carries out what the faults ask of the network: delays, resets, cut and mislabelled bodies.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "sim/simulator.hpp"
#include "sim/tls.hpp"

namespace entrepot::sim {

struct ServerOptions {
    std::string address = "127.0.0.1";
    std::uint16_t port = 0;                      ///< 0 = any free one
    std::optional<CertificatePair> certificate;  ///< absent = plain HTTP
    unsigned threads = 2;
};

class Server {
public:
    /// Binds and listens. Throws when the address is taken or the certificate is unusable.
    Server(Simulator& simulator, ServerOptions options);
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    std::uint16_t port() const;
    /// Serves until stop() or, with `signals`, SIGINT or SIGTERM.
    void run(bool signals);
    /// From any thread.
    void stop();

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace entrepot::sim
