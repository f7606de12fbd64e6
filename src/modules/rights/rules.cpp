// The decisions; each has its case in rules_test.cpp.
#include "modules/rights/rules.hpp"

#include <algorithm>

namespace entrepot::rights {

bool is_case_reference(const std::string& text) {
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    const auto fits = [&](char c) {
        return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' ||
               c == '_' || c == '/' || c == '#' || c == '-';
    };
    return text.size() >= 3 && text.size() <= 40 && std::all_of(text.begin(), text.end(), fits) &&
           std::any_of(text.begin(), text.end(), is_digit);
}

bool is_running(RequestState state) {
    return state == RequestState::verifying || state == RequestState::open;
}

bool needs_verification(Arrival arrival, bool covers_orders) {
    return covers_orders && arrival != Arrival::instruction;
}

bool is_settled(Outcome outcome) {
    return outcome != Outcome::waiting && outcome != Outcome::erasing &&
           outcome != Outcome::fetching;
}

Instant due_after(Instant received, int months_after) {
    using namespace std::chrono;
    const auto day = floor<days>(received);
    const year_month_day from{day};
    const year_month month = year_month{from.year(), from.month()} + months{months_after};
    const year_month_day same{month.year(), month.month(), from.day()};
    const sys_days due = same.ok() ? sys_days{same} : sys_days{month.year() / month.month() / last};
    return Instant{due} + (received - day);
}

Urgency urgency_of(RequestState state, Instant due_at, Instant now) {
    if (!is_running(state)) return Urgency::none;
    if (due_at <= now) return Urgency::overdue;
    return due_at <= now + soon_is ? Urgency::soon : Urgency::later;
}

BuyerData buyer_data_of(vault::Holding holding, const std::string& pii_state) {
    switch (holding) {
        case vault::Holding::held:
            return BuyerData::held;
        case vault::Holding::restricted:
            return BuyerData::restricted;
        case vault::Holding::erased:
            return BuyerData::erased;
        case vault::Holding::none:
            break;
    }
    if (pii_state == "erased") return BuyerData::erased;
    return pii_state == "not_granted" ? BuyerData::not_granted : BuyerData::not_fetched;
}

std::optional<Outcome> settled_already(BuyerData data) {
    if (data == BuyerData::erased) return Outcome::already_erased;
    if (data == BuyerData::not_fetched || data == BuyerData::not_granted)
        return Outcome::nothing_held;
    return std::nullopt;
}

}  // namespace entrepot::rights
