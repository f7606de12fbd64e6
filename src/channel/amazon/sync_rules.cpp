// The rules; each has its case in sync_rules_test.cpp.
#include "channel/amazon/sync_rules.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "platform/crypto/crypto.hpp"

namespace entrepot::amazon {
namespace {
constexpr std::string_view included_data =
    "PROCEEDS,PROMOTION,CANCELLATION,FULFILLMENT,PACKAGES,EXPENSE";
constexpr std::string_view orders_path = "/orders/2026-01-01/orders";
constexpr std::chrono::hours token_life{23};
constexpr std::chrono::hours together{1};
constexpr std::chrono::days window_max{30};
constexpr std::size_t digest_length = 16;
}  // namespace

std::string search_path(const Search& search, std::string_view token) {
    const std::string what = search.by_creation ? "created" : "lastUpdated";
    std::string out = std::string(orders_path) + '?' + what +
                      "After=" + text::percent_encode(format_instant(search.lower));
    if (search.upper)
        out += '&' + what + "Before=" + text::percent_encode(format_instant(*search.upper));
    out += "&marketplaceIds=";
    for (std::size_t i = 0; i < search.marketplaces.size(); ++i)
        out += (i == 0 ? "" : ",") + text::percent_encode(search.marketplaces[i]);
    out += "&maxResultsPerPage=100&includedData=" + std::string(included_data);
    if (!token.empty()) out += "&paginationToken=" + text::percent_encode(token);
    return out;
}

std::string order_path(std::string_view order_id) {
    return std::string(orders_path) + '/' + text::percent_encode(order_id) +
           "?includedData=" + std::string(included_data);
}

std::string token_digest(std::string_view token) {
    return crypto::sha256_hex(token).substr(0, digest_length);
}

Next after_page(std::string_view next_token, const std::vector<std::string>& seen) {
    if (next_token.empty()) return Next::done;
    // One page sent twice is harmless and happens; following the same token for the third time is a
    // circle.
    constexpr auto times_max = 2;
    const auto times = std::count(seen.begin(), seen.end(), token_digest(next_token));
    return times >= times_max ? Next::loop : Next::follow;
}

bool token_has_expired(Instant token_at, Instant now) {
    return now - token_at > token_life;
}

Turn next_turn(const std::vector<Mark>& marks) {
    Turn turn{{}, marks.front().reached};
    for (const Mark& mark : marks) turn.lower = std::min(turn.lower, mark.reached);
    for (const Mark& mark : marks)
        if (mark.reached <= turn.lower + together) turn.marketplaces.push_back(mark.marketplace_id);
    std::sort(turn.marketplaces.begin(), turn.marketplaces.end());
    return turn;
}

std::vector<Window> split_windows(Instant from, Instant to) {
    std::vector<Window> out;
    while (from < to) {
        const Instant start = std::max(from, to - window_max);
        out.push_back({start, to});
        to = start;
    }
    return out;
}

std::chrono::seconds report_delay(std::int64_t polls) {
    const std::int64_t doublings = std::clamp<std::int64_t>(polls, 0, 6);
    return std::chrono::seconds(std::min<std::int64_t>(300, std::int64_t{5} << doublings));
}

}  // namespace entrepot::amazon
