// Profiles and the small tables that read words.
#include "channel/csv/settings.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace entrepot::csv {
namespace {
using orders::LineKind;
using orders::OrderKind;
using orders::OrderState;

/// UCI "Online Retail" (Chen 2015, doi 10.24432/C5BW33): a British wholesaler of gifts. Prefix C is
/// a credit note, A an adjustment of bad debt; the codes of letters are no goods (notes of the
/// set).
Profile online_retail() {
    Profile out;
    out.name = "online_retail";
    out.title = "UCI Online Retail";
    out.header = {"InvoiceNo",   "StockCode", "Description", "Quantity",
                  "InvoiceDate", "UnitPrice", "Country"};
    out.number_format = NumberFormat::point;
    out.date_format = DateFormat::ymd;
    out.time_zone = "Europe/London";
    out.currency = "GBP";
    out.mapping = {{"order_number", "InvoiceNo"}, {"ordered_at", "InvoiceDate"},
                   {"sku", "StockCode"},          {"quantity", "Quantity"},
                   {"unit_price", "UnitPrice"},   {"title", "Description"},
                   {"country", "Country"}};
    out.rules.order_prefixes = {{"C", OrderKind::cancellation}, {"A", OrderKind::adjustment}};
    out.rules.line_kinds = {
        {"POST", LineKind::postage}, {"DOT", LineKind::postage},      {"C2", LineKind::postage},
        {"D", LineKind::discount},   {"M", LineKind::adjustment},     {"B", LineKind::adjustment},
        {"S", LineKind::adjustment}, {"BANK CHARGES", LineKind::fee}, {"AMAZONFEE", LineKind::fee},
        {"CRUK", LineKind::fee},     {"gift_*", LineKind::gift_card}, {"PADS", LineKind::goods}};
    return out;
}

struct StateWord {
    std::string_view word;
    OrderState state;
};
constexpr std::array<StateWord, 44> state_words{{
    {"pending", OrderState::pending},
    {"unpaid", OrderState::pending},
    {"payment pending", OrderState::pending},
    {"等待买家付款", OrderState::pending},
    {"待付款", OrderState::pending},
    {"未付款", OrderState::pending},
    {"paid", OrderState::unshipped},
    {"processing", OrderState::unshipped},
    {"unfulfilled", OrderState::unshipped},
    {"unshipped", OrderState::unshipped},
    {"open", OrderState::unshipped},
    {"买家已付款，等待卖家发货", OrderState::unshipped},
    {"等待卖家发货", OrderState::unshipped},
    {"待发货", OrderState::unshipped},
    {"已付款", OrderState::unshipped},
    {"未发货", OrderState::unshipped},
    {"partial", OrderState::partially_shipped},
    {"partially shipped", OrderState::partially_shipped},
    {"partially_shipped", OrderState::partially_shipped},
    {"partiallyshipped", OrderState::partially_shipped},
    {"部分发货", OrderState::partially_shipped},
    {"fulfilled", OrderState::shipped},
    {"shipped", OrderState::shipped},
    {"dispatched", OrderState::shipped},
    {"卖家已发货，等待买家确认", OrderState::shipped},
    {"已发货", OrderState::shipped},
    {"待收货", OrderState::shipped},
    {"delivered", OrderState::delivered},
    {"completed", OrderState::delivered},
    {"complete", OrderState::delivered},
    {"交易成功", OrderState::delivered},
    {"已完成", OrderState::delivered},
    {"已签收", OrderState::delivered},
    {"已收货", OrderState::delivered},
    {"cancelled", OrderState::cancelled},
    {"canceled", OrderState::cancelled},
    {"voided", OrderState::cancelled},
    {"交易关闭", OrderState::cancelled},
    {"已取消", OrderState::cancelled},
    {"已关闭", OrderState::cancelled},
    {"キャンセル", OrderState::cancelled},
    {"発送済み", OrderState::shipped},
    {"発送済", OrderState::shipped},
    {"unfulfillable", OrderState::unfulfillable},
}};
}  // namespace

const Profile* find_profile(const std::vector<std::string>& columns) {
    static const std::array<Profile, 1> profiles{online_retail()};
    for (const Profile& profile : profiles) {
        const bool fits =
            std::all_of(profile.header.begin(), profile.header.end(), [&](const std::string& name) {
                return std::find(columns.begin(), columns.end(), name) != columns.end();
            });
        if (fits) return &profile;
    }
    return nullptr;
}

orders::OrderKind kind_by_prefix(const Rules& rules, std::string_view order_number) {
    for (const PrefixRule& rule : rules.order_prefixes)
        if (!rule.prefix.empty() && text::starts_with_ignore_case(order_number, rule.prefix))
            return rule.kind;
    return OrderKind::sale;
}

orders::LineKind kind_of_sku(const Rules& rules, std::string_view sku) {
    for (const LineKindRule& rule : rules.line_kinds) {
        const std::string_view pattern = rule.sku;
        const bool fits = pattern.ends_with('*') ? text::starts_with_ignore_case(
                                                       sku, pattern.substr(0, pattern.size() - 1))
                                                 : text::equals_ignore_case(sku, pattern);
        if (fits) return rule.kind;
    }
    return LineKind::goods;
}

orders::OrderState order_state(std::string_view word) {
    const std::string_view trimmed = text::trim(word);
    for (const StateWord& known : state_words)
        if (text::equals_ignore_case(trimmed, known.word)) return known.state;
    return OrderState::unknown;
}

}  // namespace entrepot::csv
