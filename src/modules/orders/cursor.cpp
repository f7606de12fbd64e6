// Cursor = base64url(moment | id | first half of an HMAC over tenant, list and both).
#include "modules/orders/cursor.hpp"

#include "base/text.hpp"

namespace entrepot::orders {
namespace {
constexpr std::size_t place_size = 24;
constexpr std::size_t seal_size = 16;

std::string seal(const Context& ctx, std::string_view list, std::string_view place) {
    const std::string bound = "orders cursor\n" + ctx.tenant.text() + '\n' + std::string(list) +
                              '\n' + std::string(place);
    const auto mac = crypto::hmac_sha256(ctx.services.secrets_key, bound);
    return std::string(mac.begin(), mac.begin() + seal_size);
}

Error refused() {
    return field_error(errors::invalid_cursor, "/cursor", "invalid_cursor",
                       "this cursor was not given out for this list");
}
}  // namespace

std::string write_cursor(const Context& ctx, std::string_view list, const Position& position) {
    std::string bytes;
    pg::wire::put<std::int64_t>(bytes, position.at.time_since_epoch().count());
    bytes.append(position.id.value.bytes.begin(), position.id.value.bytes.end());
    bytes += seal(ctx, list, bytes);
    const std::vector<std::uint8_t> raw(bytes.begin(), bytes.end());
    return text::to_base64url(raw);
}

Result<Position> read_cursor(const Context& ctx, std::string_view list, const std::string& cursor) {
    const auto raw = text::from_base64url(cursor);
    if (!raw || raw->size() != place_size + seal_size) return refused();
    const std::string bytes(raw->begin(), raw->end());
    const std::string_view place = std::string_view(bytes).substr(0, place_size);
    if (!crypto::equal_constant_time(std::string_view(bytes).substr(place_size),
                                     seal(ctx, list, place)))
        return refused();
    Position out;
    out.at = Instant{std::chrono::microseconds{pg::wire::get<std::int64_t>(place)}};
    std::copy(raw->begin() + 8, raw->begin() + place_size, out.id.value.bytes.begin());
    return out;
}

}  // namespace entrepot::orders
