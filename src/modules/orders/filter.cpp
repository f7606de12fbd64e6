// Meaning of the filter's parameters. Pure.
#include "modules/orders/filter.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "modules/orders/state.hpp"

namespace entrepot::orders {
namespace {
constexpr std::size_t text_min = 3;

Error bad(const char* pointer, const char* code, const char* detail) {
    return field_error(entrepot::errors::invalid_fields, pointer, code, detail);
}

/// A moment, or the edge of a day.
std::optional<Instant> edge(const std::string& text, std::chrono::days after) {
    if (const auto at = parse_instant(text)) return at;
    if (const auto day = parse_date(text)) return Instant{*day + after};
    return std::nullopt;
}
}  // namespace

Result<Sort> parse_sort(const std::optional<std::string>& text) {
    if (!text || *text == "-ordered_at") return Sort::newest;
    if (*text == "ordered_at") return Sort::oldest;
    if (*text == "-updated_at") return Sort::updated;
    return bad("/sort", "unknown_value", "one of -ordered_at, ordered_at, -updated_at");
}

Result<Period> parse_period(const OrderFilter& filter) {
    Period out{lowest.at, highest.at};
    if (filter.from) {
        const auto at = edge(*filter.from, std::chrono::days(0));
        if (!at) return bad("/from", "date_expected", "a day or a moment is expected here");
        out.from = std::max(*at, lowest.at);
    }
    if (filter.to) {
        const auto at = edge(*filter.to, std::chrono::days(1));
        if (!at) return bad("/to", "date_expected", "a day or a moment is expected here");
        out.to = std::min(*at, highest.at);
    }
    return out;
}

Result<Days> parse_days(const OrderFilter& filter) {
    const auto first = parse_date(filter.from.value_or(""));
    if (!first) return bad("/from", "date_expected", "with insight_day a day is expected here");
    const auto last = parse_date(filter.to.value_or(""));
    if (!last || *last < *first)
        return bad("/to", "date_expected", "with insight_day a day not before `from` is expected");
    return Days{*first, *last};
}

Result<std::vector<std::string>> parse_text(const std::string& q) {
    const std::string typed(text::trim(q));
    if (text::length(typed) < text_min)
        return bad("/q", "too_short", "at least three characters are needed");
    std::vector<std::string> out{typed};
    std::string capitals = text::to_upper_ascii(typed);
    if (capitals != typed) out.push_back(std::move(capitals));
    return out;
}

std::string end_of_prefix(const std::string& prefix) {
    // U+10FFFF sorts after every character, and texts are compared by their bytes.
    return prefix + "\xF4\x8F\xBF\xBF";
}

Driver driver_of(const Selection& selection, Sort sort) {
    if (selection.by_text) return Driver::text;
    if (selection.by_sku) return Driver::sku;
    if (sort == Sort::updated) return Driver::all;
    const bool only_open =
        selection.states && std::all_of(selection.states->begin(), selection.states->end(),
                                        [](OrderState state) { return is_open(state); });
    if (selection.held.value_or(false)) return Driver::held;
    if (selection.exception.value_or(false)) return Driver::exception;
    if (only_open) return Driver::open;
    return selection.shops ? Driver::shops : Driver::all;
}

bool is_lean(const Selection& selection) {
    return !selection.marketplaces && !selection.fulfilled_by && !selection.tag &&
           !selection.held && !selection.country && !selection.exception && !selection.by_sku &&
           !selection.by_text;
}

}  // namespace entrepot::orders
