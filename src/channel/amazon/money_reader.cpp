// Exact all the way: the source text becomes a Decimal, a Decimal becomes minor units.
#include "channel/amazon/money_reader.hpp"

#include <cstdlib>

#include "base/text.hpp"

namespace entrepot::amazon {
namespace {
/// "1.25E+2" → "125"; text without exponent comes back as it is.
std::string without_exponent(std::string_view text) {
    const auto e = text.find_first_of("eE");
    if (e == std::string_view::npos) return std::string(text);
    std::string_view digits = text.substr(e + 1);
    if (digits.starts_with('+')) digits.remove_prefix(1);
    const auto shift = text::parse_int(digits);
    if (!shift || *shift > 20 || *shift < -20) return {};
    std::string_view mantissa = text.substr(0, e);
    const bool negative = mantissa.starts_with('-');
    if (negative) mantissa.remove_prefix(1);
    const auto dot = mantissa.find('.');
    std::string all(mantissa.substr(0, dot));
    std::int64_t point = static_cast<std::int64_t>(all.size()) + *shift;
    if (dot != std::string_view::npos) all += mantissa.substr(dot + 1);
    if (point <= 0) {
        all.insert(0, static_cast<std::size_t>(1 - point), '0');
        point = 1;
    }
    if (point > static_cast<std::int64_t>(all.size()))
        all.append(static_cast<std::size_t>(point) - all.size(), '0');
    all.insert(static_cast<std::size_t>(point), 1, '.');
    if (all.back() == '.') all.pop_back();
    return (negative ? "-" : "") + all;
}

/// Decimal keeps 8 places; an amount never has more that matter.
std::string cut_places(std::string text) {
    const auto dot = text.find('.');
    if (dot != std::string::npos && text.size() > dot + 1 + Decimal::places)
        text.resize(dot + 1 + Decimal::places);
    return text;
}
}  // namespace

std::optional<Decimal> decimal_of(std::string_view text) {
    return Decimal::parse(cut_places(without_exponent(text::trim(text))));
}

std::int64_t minor_of(Decimal amount, const Currency& currency) {
    // Beyond what a bigint of cents can hold there is no price.
    constexpr std::int64_t most = 10'000'000'000'000;
    if (amount > Decimal::from_integer(most) || amount < Decimal::from_integer(-most)) return 0;
    return round(amount, currency).minor;
}

std::optional<Decimal> amount_of(const boost::json::value* money, std::string_view currency) {
    if (money == nullptr || text_at(member(money, "currencyCode")) != currency) return std::nullopt;
    return decimal_of(text_at(member(money, "amount")));
}

Parts read_parts(const boost::json::value* proceeds, const Currency& currency) {
    Parts out;
    if (const auto total = amount_of(member(proceeds, "proceedsTotal"), currency.code()))
        out.total = minor_of(*total, currency);
    for (const auto* entry : list_at(member(proceeds, "breakdowns"))) {
        const auto subtotal = amount_of(member(entry, "subtotal"), currency.code());
        if (!subtotal) continue;
        out.any = true;
        const std::int64_t minor = minor_of(*subtotal, currency);
        const std::string type = text_at(member(entry, "type"));
        if (type == "ITEM") {
            out.item += minor;
        } else if (type == "SHIPPING") {
            out.shipping += minor;
        } else if (type == "GIFT_WRAP") {
            out.gift_wrap += minor;
        } else if (type == "DISCOUNT") {
            // The model leaves the sign open; a discount is one either way.
            out.discount += std::abs(minor);
        } else if (type == "TAX") {
            out.tax += minor;
            for (const auto* detail : list_at(member(entry, "detailedBreakdowns"))) {
                const auto value = amount_of(member(detail, "value"), currency.code());
                const std::string subtype = text_at(member(detail, "subtype"));
                if (!value) continue;
                if (subtype == "ITEM") out.tax_item += minor_of(*value, currency);
                if (subtype == "SHIPPING") out.tax_shipping += minor_of(*value, currency);
                if (subtype == "GIFT_WRAP") out.tax_gift_wrap += minor_of(*value, currency);
            }
        } else {
            // COD_FEE, OTHER, and types that are not yet known.
            out.other += minor;
        }
    }
    return out;
}

TaxStyle tax_style_of(const std::vector<Parts>& items, std::optional<std::int64_t> stated,
                      TaxStyle habit) {
    std::int64_t without = 0, tax = 0, totals = 0;
    bool all_have_totals = !items.empty();
    for (const Parts& parts : items) {
        without += parts.without_tax();
        tax += parts.tax;
        totals += parts.total.value_or(0);
        all_have_totals = all_have_totals && parts.total.has_value();
    }
    if (tax == 0) return habit;
    const auto told = [&](std::int64_t total) -> std::optional<TaxStyle> {
        if (total == without + tax) return TaxStyle::added;
        if (total == without) return TaxStyle::included;
        return std::nullopt;
    };
    if (all_have_totals)
        if (const auto style = told(totals)) return *style;
    if (stated)
        if (const auto style = told(*stated)) return *style;
    return habit;
}

orders::Amounts amounts_of(const Parts& parts, TaxStyle style) {
    orders::Amounts out{parts.item, parts.shipping, parts.gift_wrap,
                        parts.tax,  parts.discount, parts.other};
    if (style == TaxStyle::added || parts.tax == 0) return out;
    out.shipping -= parts.tax_shipping;
    out.gift_wrap -= parts.tax_gift_wrap;
    out.item -= parts.tax - parts.tax_shipping - parts.tax_gift_wrap;
    return out;
}

}  // namespace entrepot::amazon
