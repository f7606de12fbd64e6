// As of when figures hold, and what they lack.
#include "modules/insight/completeness.hpp"

#include "base/text.hpp"

namespace entrepot::insight {
namespace {
std::string number(std::int64_t value) {
    return std::to_string(value);
}

void add_shop_gap(std::vector<Gap>& gaps, const store::ShopRow& shop, Instant now) {
    if (shop.state == "broken") {
        gaps.push_back(
            {"shop_broken", "the channel refuses the credentials of " + shop.name, shop.id, 1});
    } else if (shop.state == "paused") {
        gaps.push_back({"shop_paused", shop.name + " is paused", shop.id, 1});
    } else if (shop.channel == "file") {
        // Orders of a file shop come when somebody uploads them; there is no sync that could lag.
        return;
    } else if (!shop.last_synced_at) {
        gaps.push_back({"never_synced", shop.name + " has not been synced yet", shop.id, 1});
    } else if (now - *shop.last_synced_at > sync_lag_max) {
        const auto minutes =
            std::chrono::duration_cast<std::chrono::minutes>(now - *shop.last_synced_at).count();
        gaps.push_back(
            {"sync_lagging",
             "the last good sync of " + shop.name + " was " + number(minutes) + " minutes ago",
             shop.id, minutes});
    }
}

void add_rate_gaps(std::vector<Gap>& gaps, const Missing& missing) {
    if (missing.unrated_lines > missing.lines_without_currency) {
        const auto lines = missing.unrated_lines - missing.lines_without_currency;
        gaps.push_back({"missing_rates",
                        number(lines) + " order lines are not in the book amounts: no rate for " +
                            text::join(missing.unrated_currencies, ", "),
                        std::nullopt, lines});
    }
    if (missing.lines_without_currency > 0)
        gaps.push_back(
            {"currency_unknown",
             number(missing.lines_without_currency) + " order lines with money state no currency",
             std::nullopt, missing.lines_without_currency});
    if (missing.stale_lines > 0)
        gaps.push_back(
            {"stale_rates",
             number(missing.stale_lines) + " order lines are valued at a rate older than 7 days",
             std::nullopt, missing.stale_lines});
}
}  // namespace

Completeness completeness_of(const store::StatusRow& status,
                             const std::vector<store::ShopRow>& shops, const Missing& missing,
                             const std::string& wanted_book_currency, Instant now) {
    Completeness out;
    out.as_of = status.pending_since ? std::min(*status.pending_since, now) : now;
    if (status.pending_jobs > 0)
        out.gaps.push_back(
            {"facts_pending",
             number(status.pending_jobs) + " batches of changes are not in the figures yet",
             std::nullopt, status.pending_jobs});
    if (status.revaluing_days > 0)
        out.gaps.push_back(
            {"revaluing",
             number(status.revaluing_days) + " days are being valued at new exchange rates",
             std::nullopt, status.revaluing_days});
    if (status.book_currency && *status.book_currency != wanted_book_currency)
        out.gaps.push_back({"book_currency_changing",
                            "the figures are still in " + *status.book_currency +
                                " and are being derived anew in " + wanted_book_currency,
                            std::nullopt, 1});
    add_rate_gaps(out.gaps, missing);
    for (const store::ShopRow& shop : shops) add_shop_gap(out.gaps, shop, now);
    return out;
}

}  // namespace entrepot::insight
