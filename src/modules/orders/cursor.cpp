// Place = moment (8 bytes) and id (16 bytes).
#include "modules/orders/cursor.hpp"

#include "platform/http/cursor.hpp"

namespace entrepot::orders {

std::string write_cursor(const Context& ctx, std::string_view list, const Position& position) {
    std::string place;
    pg::wire::put<std::int64_t>(place, position.at.time_since_epoch().count());
    place.append(position.id.value.bytes.begin(), position.id.value.bytes.end());
    return http::write_cursor(ctx, list, place);
}

Result<Position> read_cursor(const Context& ctx, std::string_view list, const std::string& cursor) {
    TRY(const std::string place, http::read_cursor(ctx, list, cursor));
    ensure(place.size() == 24, "a sealed cursor of another form");
    Position out;
    out.at = Instant{std::chrono::microseconds{pg::wire::get<std::int64_t>(place)}};
    for (std::size_t i = 0; i < 16; ++i)
        out.id.value.bytes[i] = static_cast<std::uint8_t>(place[8 + i]);
    return out;
}

}  // namespace entrepot::orders
