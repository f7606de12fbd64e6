// The wire as the channel sees it: one function. The real one is the process's egress gate; tests
// of rules bring their own.
#pragma once

#include <functional>

#include "platform/http/egress.hpp"

namespace entrepot::amazon {

class Transport {
public:
    virtual ~Transport() = default;
    /// Throws EgressError when the reply did not come back whole.
    virtual Awaitable<EgressReply> send(EgressRequest request) = 0;
};

/// Everything that a call needs from outside.
struct Link {
    Context& ctx;
    Transport& transport;
    /// Waits; tests move their clock instead.
    std::function<Awaitable<void>(std::chrono::microseconds)> pause;
    /// Called between the steps of a sync, by name; a test may throw here to die at that point.
    std::function<void(std::string_view)> step = [](std::string_view) {};
};

/// The process's way out.
class EgressTransport final : public Transport {
public:
    explicit EgressTransport(Egress& egress) : egress_(egress) {}
    Awaitable<EgressReply> send(EgressRequest request) override;

private:
    Egress& egress_;
};

/// A link over the real wire that really waits.
Link real_link(Context& ctx, Transport& transport);

}  // namespace entrepot::amazon
