// The real wire.
#include "channel/amazon/transport.hpp"

#include "platform/runtime/runtime.hpp"

namespace entrepot::amazon {

Awaitable<EgressReply> EgressTransport::send(EgressRequest request) {
    return egress_.send(std::move(request));
}

Link real_link(Context& ctx, Transport& transport) {
    return Link{ctx, transport,
                [](std::chrono::microseconds wait) { return Runtime::sleep_for(wait); }};
}

}  // namespace entrepot::amazon
