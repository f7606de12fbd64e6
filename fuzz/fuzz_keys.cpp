// keyd's frames and the audit's lines on arbitrary bytes: never break, and what is taken is exactly
// what the writer would have made.
#include "platform/audit/trail_file.hpp"
#include "platform/keys/protocol.hpp"

namespace {
namespace keys = entrepot::keys;
namespace audit = entrepot::audit;

template <class Message>
void expect_same(const Message& message, std::string_view body) {
    const auto frame = keys::encode(message);
    if (entrepot::crypto::view(frame).substr(keys::length_size) != body) __builtin_trap();
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view body(reinterpret_cast<const char*>(data) + 1, size - 1);
    switch (data[0] % 3) {
        case 0:
            if (const auto request = keys::decode_request(body)) expect_same(*request, body);
            break;
        case 1:
            if (const auto reply = keys::decode_reply(body)) expect_same(*reply, body);
            break;
        default:
            if (const auto line = audit::read_line(body)) {
                std::string printed;
                std::visit([&](const auto& one) { audit::write_line(printed, one); }, *line);
                if (printed != std::string(body) + '\n') __builtin_trap();
            }
    }
    return 0;
}
