// How this process listens for HTTP, as its servers were really started.
#pragma once

#include <string>
#include <vector>

namespace entrepot::http {

struct Listener {
    std::string address;
    bool is_loopback = false;
    bool is_tls = false;
    /// The oldest protocol that its handshake takes, as TLS writes it: 0x0303 = TLS 1.2. 0 without
    /// TLS, and where no oldest one is set.
    int oldest_version = 0;
};
inline constexpr int tls_1_2 = 0x0303;

/// Servers of this process that accept now; empty in a process that serves nobody. Any thread.
std::vector<Listener> listeners();

}  // namespace entrepot::http
