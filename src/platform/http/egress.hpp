// The one way out of the process (design wall 9): every outbound call names a partner, and a
// partner is a list of hosts. Anything else is refused, private addresses too. This table is also
// the register of whom we talk to.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "platform/context.hpp"

namespace entrepot {

struct EgressRequest {
    std::string method = "GET";
    std::string url;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
    std::string partner;  ///< "amazon.api", "amazon.lwa", "amazon.document"
    std::chrono::milliseconds timeout{30'000};
    std::size_t body_max = std::size_t{64} << 20;
};

struct EgressReply {
    int status = 0;
    std::vector<std::pair<std::string, std::string>> headers;  ///< names in lower case
    std::string body;
    std::string_view header(std::string_view lower_case_name) const;
};

enum class EgressFailure { refused, connect, timeout, tls, truncated, too_large };

/// The call was refused here, or did not come back whole. `what()` has the host, never the URL's
/// path or query.
struct EgressError : std::runtime_error {
    EgressError(EgressFailure k, const std::string& what) : std::runtime_error(what), kind(k) {}
    EgressFailure kind;
};

/// A partner and the hosts it may be reached at ("*.amazonaws.com" matches sub-domains).
struct EgressPartner {
    std::string_view name;
    std::string_view purpose;
    std::string_view data_class;
    std::vector<std::string_view> hosts;
};
const std::vector<EgressPartner>& egress_partners();

class Egress {
public:
    struct Options {
        bool allow_loopback =
            false;  ///< marketsim and tests: 127.0.0.1 and localhost stand for any partner
        std::string extra_ca_file;  ///< trusted beside the system's authorities
        std::size_t idle_handles_max = 16;
    };
    Egress(Runtime& runtime, Options options);
    ~Egress();
    Egress(const Egress&) = delete;
    Egress& operator=(const Egress&) = delete;

    /// TLS 1.2+ with verification, no redirects, no proxies of the environment. Throws EgressError.
    Awaitable<EgressReply> send(EgressRequest request);

private:
    struct State;
    Runtime& runtime_;
    std::unique_ptr<State> state_;
};

}  // namespace entrepot
