// Cursor = base64url(first half of an HMAC over tenant, list and place | place).
#include "platform/http/cursor.hpp"

#include "base/text.hpp"

namespace entrepot::http {
namespace {
constexpr std::size_t seal_size = 16;

std::string seal(const Context& ctx, std::string_view list, std::string_view place) {
    std::string bound = "cursor\n" + ctx.tenant.text() + '\n';
    bound.append(list).append("\n").append(place);
    const auto mac = crypto::hmac_sha256(ctx.services.secrets_key, bound);
    return std::string(mac.begin(), mac.begin() + seal_size);
}
}  // namespace

std::string write_cursor(const Context& ctx, std::string_view list, std::string_view place) {
    std::string bytes = seal(ctx, list, place);
    bytes += place;
    const std::vector<std::uint8_t> raw(bytes.begin(), bytes.end());
    return text::to_base64url(raw);
}

Result<std::string> read_cursor(const Context& ctx, std::string_view list,
                                std::string_view cursor) {
    const auto raw = text::from_base64url(cursor);
    if (raw && raw->size() >= seal_size) {
        const std::string bytes(raw->begin(), raw->end());
        const std::string_view place = std::string_view(bytes).substr(seal_size);
        if (crypto::equal_constant_time(std::string_view(bytes).substr(0, seal_size),
                                        seal(ctx, list, place)))
            return std::string(place);
    }
    return field_error(errors::invalid_cursor, "/cursor", "invalid_cursor",
                       "this cursor was not given out for this list");
}

}  // namespace entrepot::http
