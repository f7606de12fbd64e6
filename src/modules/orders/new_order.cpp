// Rules of an order that does not come from a channel. Pure but for made_number.
#include "modules/orders/new_order.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "modules/orders/evaluation.hpp"
#include "platform/crypto/crypto.hpp"
#include "platform/json/reader.hpp"

namespace entrepot::orders {
namespace {
constexpr std::size_t code_max = 100;
constexpr std::size_t title_max = 500;
constexpr std::int64_t quantity_max = 1'000'000;
constexpr std::int64_t price_max = 1'000'000'000'000;
/// Of one amount, in minor units: sums of every amount of every line stay within 64 bits.
constexpr std::int64_t minor_max = 1'000'000'000'000'000;
/// A seller's clock may be ahead of ours.
constexpr auto clock_leeway = std::chrono::minutes(10);
constexpr Instant earliest{std::chrono::sys_days{std::chrono::year{1990} / 1 / 1}};

bool is_country(std::string_view code) {
    return code.size() == 2 &&
           std::all_of(code.begin(), code.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

enum class Sign { plus, any };

class Check {
public:
    Check(const NewOrder& in, Instant now) : in_(in), now_(now) {}

    Result<IncomingOrder> run(const std::vector<std::string>& marketplaces);

private:
    void refuse(const std::string& pointer, std::string code, std::string detail) {
        problems_.add(pointer, std::move(code), std::move(detail));
    }
    std::string words(const std::optional<std::string>& text, std::size_t max,
                      const std::string& pointer);
    void header(const std::vector<std::string>& marketplaces);
    void marketplace(const std::vector<std::string>& marketplaces);
    void state();
    IncomingLine line(const NewLine& in, std::size_t position);
    void codes(const NewLine& in, IncomingLine& out, const std::string& at);
    bool quantity_fits(const NewLine& in, const std::string& at);
    std::optional<Decimal> price(const NewLine& in, const std::string& at);
    std::int64_t item(std::int64_t quantity, Decimal price, const std::string& at);
    std::int64_t charge(const std::optional<Decimal>& amount, const std::string& pointer,
                        Sign sign);
    /// Credit notes give back, adjustments go either way.
    bool is_trade() const {
        return out_.kind == OrderKind::sale || out_.kind == OrderKind::replacement;
    }

    const NewOrder& in_;
    Instant now_;
    json::Problems problems_;
    std::optional<Currency> currency_;
    IncomingOrder out_;
};

std::string Check::words(const std::optional<std::string>& text, std::size_t max,
                         const std::string& pointer) {
    if (!text) return {};
    std::string out(text::trim(*text));
    if (out.empty() || text::length(out) > max)
        refuse(pointer, "length", "1 to " + std::to_string(max) + " characters are expected here");
    return out;
}

void Check::marketplace(const std::vector<std::string>& marketplaces) {
    if (!in_.marketplace_id && marketplaces.size() == 1) {
        out_.marketplace_id = marketplaces.front();
        return;
    }
    out_.marketplace_id = in_.marketplace_id.value_or("");
    if (!in_.marketplace_id)
        refuse("/marketplace_id", "required", "the shop has several marketplaces; name one");
    else if (std::find(marketplaces.begin(), marketplaces.end(), out_.marketplace_id) ==
             marketplaces.end())
        refuse("/marketplace_id", "unknown_marketplace", "the shop has no such marketplace");
}

void Check::state() {
    const OrderState usual = is_trade() ? OrderState::unshipped : OrderState::shipped;
    out_.state = in_.state.value_or(usual);
    const bool sent = out_.state == OrderState::unshipped || out_.state == OrderState::delivered;
    if (out_.state != OrderState::shipped && !(is_trade() && sent))
        refuse("/state", "not_at_the_start",
               "a new order is unshipped, shipped or delivered; a credit note or an adjustment is "
               "shipped");
    out_.channel_state = state_name(out_.state);
}

void Check::header(const std::vector<std::string>& marketplaces) {
    out_.kind = in_.kind.value_or(OrderKind::sale);
    out_.channel_order_id = words(in_.channel_order_id, code_max, "/channel_order_id");
    out_.ordered_at = in_.ordered_at.value_or(now_);
    out_.channel_updated_at = now_;
    if (out_.ordered_at > now_ + clock_leeway)
        refuse("/ordered_at", "in_future", "an order is not made in the future");
    if (out_.ordered_at < earliest) refuse("/ordered_at", "too_early", "a time since 1990");
    out_.fulfilled_by = in_.fulfilled_by.value_or(FulfilledBy::merchant);
    if (out_.fulfilled_by == FulfilledBy::unknown)
        refuse("/fulfilled_by", "unknown_value", "merchant or channel");
    currency_ = Currency::parse(in_.currency);
    if (!currency_) refuse("/currency", "unknown_currency", "not a currency of ISO 4217");
    out_.currency = in_.currency;
    out_.ship_country = in_.ship_country;
    if (in_.ship_country && !is_country(*in_.ship_country))
        refuse("/ship_country", "unknown_country", "two capital letters of ISO 3166-1 are needed");
    marketplace(marketplaces);
    state();
    if (in_.grand_total)
        out_.grand_total =
            charge(in_.grand_total, "/grand_total", is_trade() ? Sign::plus : Sign::any);
    if (in_.lines.empty() || in_.lines.size() > new_lines_max)
        refuse("/lines", "length",
               "1 to " + std::to_string(new_lines_max) + " lines are expected here");
}

std::int64_t Check::charge(const std::optional<Decimal>& amount, const std::string& pointer,
                           Sign sign) {
    if (!amount || !currency_) return 0;
    if (amount->is_negative() && sign == Sign::plus) {
        refuse(pointer, "negative", "this amount is not below zero here");
        return 0;
    }
    const auto money = Money::parse(amount->text(), *currency_);
    if (!money || money->minor > minor_max || money->minor < -minor_max) {
        refuse(pointer, "invalid_amount",
               "a decimal with at most the currency's places is expected here");
        return 0;
    }
    return money->minor;
}

void Check::codes(const NewLine& in, IncomingLine& out, const std::string& at) {
    if (in.seller_sku && in.sku_code)
        refuse(at + "/sku_code", "one_of", "give the seller SKU or the SKU, not both");
    else if (!in.seller_sku && !in.sku_code)
        refuse(at + "/seller_sku", "required", "give the seller SKU or the SKU");
    out.seller_sku = in.seller_sku ? words(in.seller_sku, code_max, at + "/seller_sku")
                                   : words(in.sku_code, code_max, at + "/sku_code");
    out.title = words(in.title, title_max, at + "/title");
}

bool Check::quantity_fits(const NewLine& in, const std::string& at) {
    const std::int64_t n = in.quantity;
    const char* words = nullptr;
    if (n == 0 || n > quantity_max || n < -quantity_max)
        words = "1 to 1,000,000 is expected here";
    else if (is_trade() && n < 0)
        words = "a quantity below zero stands on credit notes and adjustments only";
    else if (out_.kind == OrderKind::cancellation && n > 0)
        words = "quantities of a credit note are below zero";
    if (words != nullptr) refuse(at + "/quantity", "out_of_range", words);
    return words == nullptr;
}

std::optional<Decimal> Check::price(const NewLine& in, const std::string& at) {
    const std::string pointer = at + "/unit_price";
    const Decimal most = Decimal::from_integer(price_max);
    const Decimal given = in.unit_price.value_or(Decimal());
    if (!in.unit_price && out_.kind != OrderKind::replacement)
        refuse(pointer, "required", "this member is required");
    else if (given.is_negative() && out_.kind != OrderKind::adjustment)
        refuse(pointer, "negative", "a price is not below zero");
    else if (given > most || given < -most)
        refuse(pointer, "out_of_range", "this price is too large");
    else
        return given;
    return std::nullopt;
}

std::int64_t Check::item(std::int64_t quantity, Decimal price, const std::string& at) {
    const Decimal whole = Decimal::from_integer(quantity) * price;
    std::int64_t limit = minor_max;
    for (int i = 0; i < currency_->exponent(); ++i) limit /= 10;
    if (whole <= Decimal::from_integer(limit) && whole >= Decimal::from_integer(-limit))
        return round(whole, *currency_).minor;
    refuse(at + "/unit_price", "out_of_range", "this line's amount is too large");
    return 0;
}

IncomingLine Check::line(const NewLine& in, std::size_t position) {
    const std::string at = "/lines/" + std::to_string(position);
    IncomingLine out;
    out.channel_line_id = std::to_string(position + 1);
    // Goods that move without being sold are no units sold.
    out.kind = out_.kind == OrderKind::adjustment ? LineKind::adjustment : LineKind::goods;
    out.quantity_ordered = in.quantity;
    if (out_.state != OrderState::unshipped && in.quantity > 0) out.quantity_shipped = in.quantity;
    codes(in, out, at);
    const bool countable = quantity_fits(in, at);
    out.unit_price = price(in, at);
    if (countable && out.unit_price && currency_)
        (out.kind == LineKind::goods ? out.amounts.item : out.amounts.other) =
            item(in.quantity, *out.unit_price, at);
    const Sign sign = is_trade() ? Sign::plus : Sign::any;
    out.amounts.shipping += charge(in.shipping, at + "/shipping", sign);
    out.amounts.gift_wrap += charge(in.gift_wrap, at + "/gift_wrap", sign);
    out.amounts.tax += charge(in.tax, at + "/tax", sign);
    out.amounts.discount += charge(in.discount, at + "/discount", sign);
    out.amounts.other += charge(in.other, at + "/other", Sign::any);
    return out;
}

Result<IncomingOrder> Check::run(const std::vector<std::string>& marketplaces) {
    header(marketplaces);
    for (std::size_t i = 0; i < in_.lines.size() && i < new_lines_max; ++i)
        out_.lines.push_back(line(in_.lines[i], i));
    if (!problems_.empty()) return problems_.error();
    return std::move(out_);
}
}  // namespace

Result<IncomingOrder> checked_order(const NewOrder& in, Instant now,
                                    const std::vector<std::string>& marketplaces) {
    return Check(in, now).run(marketplaces);
}

std::string made_number(Instant now) {
    // Crockford's alphabet: no I, L, O, U.
    constexpr std::string_view letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    std::string out = "M-";
    const std::string day = format_instant(now).substr(2, 8);
    for (const char c : day)
        if (c != '-') out += c;
    out += '-';
    std::uint64_t random = crypto::random_u64();
    for (int i = 0; i < 6; ++i, random >>= 5U) out += letters[random & 31U];
    return out;
}

}  // namespace entrepot::orders
