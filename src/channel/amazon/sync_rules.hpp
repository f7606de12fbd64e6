// Decisions of the sync, without I/O: what to ask next, when a chain of pages ends, what to do with
// windows and watermarks.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"

namespace entrepot::amazon {

/// What a run asks searchOrders for; stays the same from page to page.
struct Search {
    std::vector<std::string> marketplaces;
    Instant lower;
    std::optional<Instant> upper;
    bool by_creation = false;  ///< "this day again" asks by creation, the poll by last update
};
/// Path and query of one page. Buyer and recipient are never asked for, nor TAX, which holds
/// registrations of persons.
std::string search_path(const Search& search, std::string_view token);
std::string order_path(std::string_view order_id);

/// After a page: follow its token, be done, or stop because the token was followed before.
enum class Next { follow, done, loop };
Next after_page(std::string_view next_token, const std::vector<std::string>& seen);
/// What is remembered of a token.
std::string token_digest(std::string_view token);

/// A page token lives 24 hours; we let go an hour before.
bool token_has_expired(Instant token_at, Instant now);

/// Where a marketplace stands.
struct Mark {
    std::string marketplace_id;
    Instant reached;
};
/// Marketplaces to ask for together, and from when: the one furthest behind and all that are within
/// an hour of it. Others wait for their turn, so that a marketplace added late is caught up without
/// asking for everything again.
struct Turn {
    std::vector<std::string> marketplaces;
    Instant lower;
};
Turn next_turn(const std::vector<Mark>& marks);

/// Overlap of two polls: an update may become visible late.
inline constexpr std::chrono::minutes poll_overlap{5};
/// A new shop is read this far back by polling; what is older comes by report.
inline constexpr std::chrono::hours first_look_back{48};

/// A window of history.
struct Window {
    Instant from, to;
};
/// Windows of at most 30 days, newest first, covering [from, to) without gaps.
std::vector<Window> split_windows(Instant from, Instant to);

/// Seconds until a report is looked at again: 5, 10, 20 … 300.
std::chrono::seconds report_delay(std::int64_t polls);
/// A report that is still queued after this is given up.
inline constexpr std::chrono::hours report_deadline{6};

}  // namespace entrepot::amazon
