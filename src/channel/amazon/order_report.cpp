// spapi-facts §12–13: tab separated, quotes are plain characters, CRLF or LF, a trailing empty
// column may come. A report has no line ids, so a line is (sku, n-th time).
#include "channel/amazon/order_report.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <unordered_map>

#include "base/text.hpp"
#include "channel/amazon/marketplaces.hpp"
#include "channel/amazon/money_reader.hpp"
#include "channel/amazon/wire_json.hpp"

namespace entrepot::amazon {
namespace {
using orders::OrderState;

enum Column : std::size_t {
    order_id,
    purchase_date,
    last_updated,
    order_status,
    sales_channel,
    sku,
    quantity,
    currency,
    item_price,
    required_count,
    fulfilment_channel = required_count,
    product_name,
    item_status,
    item_tax,
    shipping_price,
    shipping_tax,
    gift_wrap_price,
    gift_wrap_tax,
    item_discount,
    ship_discount,
    ship_country,
    business_order,
    column_count
};
constexpr std::array<std::string_view, column_count> column_names{"amazon-order-id",
                                                                  "purchase-date",
                                                                  "last-updated-date",
                                                                  "order-status",
                                                                  "sales-channel",
                                                                  "sku",
                                                                  "quantity",
                                                                  "currency",
                                                                  "item-price",
                                                                  "fulfillment-channel",
                                                                  "product-name",
                                                                  "item-status",
                                                                  "item-tax",
                                                                  "shipping-price",
                                                                  "shipping-tax",
                                                                  "gift-wrap-price",
                                                                  "gift-wrap-tax",
                                                                  "item-promotion-discount",
                                                                  "ship-promotion-discount",
                                                                  "ship-country",
                                                                  "is-business-order"};
/// Known and of no use here: no warning.
constexpr std::array<std::string_view, 17> ignored_columns{"merchant-order-id",
                                                           "order-channel",
                                                           "url",
                                                           "ship-service-level",
                                                           "asin",
                                                           "promotion-ids",
                                                           "price-designation",
                                                           "is-sold-by-ab",
                                                           "fulfilled-by",
                                                           "order-item-id",
                                                           "signature-confirmation-recommended",
                                                           "is-heavy-or-bulky",
                                                           "is-replacement-order",
                                                           "original-order-id",
                                                           "is-transparency",
                                                           "is-iba",
                                                           "is-exchange-order"};

constexpr std::size_t absent = static_cast<std::size_t>(-1);
using Places = std::array<std::size_t, column_count>;

Places read_header(std::string_view line, ReportHeader& header) {
    Places places;
    places.fill(absent);
    const auto names = text::split(line, '\t');
    for (std::size_t i = 0; i < names.size(); ++i) {
        const std::string name = text::to_lower_ascii(text::trim(names[i]));
        const auto found = std::find(column_names.begin(), column_names.end(), name);
        if (found != column_names.end()) {
            auto& place = places[static_cast<std::size_t>(found - column_names.begin())];
            if (place == absent) place = i;
        } else if (is_buyer_column(name)) {
            header.dropped.push_back(clean(name, 60));
        } else if (!name.empty() && std::find(ignored_columns.begin(), ignored_columns.end(),
                                              name) == ignored_columns.end()) {
            header.unknown.push_back(clean(name, 60));
        }
    }
    for (std::size_t i = 0; i < required_count; ++i)
        if (places[i] == absent) header.missing.emplace_back(column_names[i]);
    return places;
}

/// One row, by column; absent columns are empty.
class Row {
public:
    Row(std::string_view line, const Places& places)
        : fields_(text::split(line, '\t')), places_(places) {}
    std::string_view operator[](Column column) const {
        const std::size_t place = places_[column];
        return place < fields_.size() ? text::trim(fields_[place]) : std::string_view{};
    }
    bool is_whole() const {
        return std::all_of(places_.begin(), places_.begin() + required_count,
                           [&](std::size_t place) { return place < fields_.size(); });
    }

private:
    std::vector<std::string_view> fields_;
    const Places& places_;
};

/// An order while its rows are being put together.
struct Gathered {
    orders::IncomingOrder order;
    const KnownMarketplace* market = nullptr;
    std::vector<Parts> parts;
    std::map<std::string, int, std::less<>> sku_times;
};

std::int64_t minor_at(const Row& row, Column column, const Currency& unit) {
    const auto amount = local_number(row[column], unit.exponent());
    return amount ? minor_of(*amount, unit) : 0;
}

Parts row_parts(const Row& row, const Currency& unit) {
    Parts parts;
    parts.item = minor_at(row, item_price, unit);
    parts.shipping = minor_at(row, shipping_price, unit);
    parts.gift_wrap = minor_at(row, gift_wrap_price, unit);
    parts.tax_item = minor_at(row, item_tax, unit);
    parts.tax_shipping = minor_at(row, shipping_tax, unit);
    parts.tax_gift_wrap = minor_at(row, gift_wrap_tax, unit);
    parts.tax = parts.tax_item + parts.tax_shipping + parts.tax_gift_wrap;
    parts.discount =
        std::abs(minor_at(row, item_discount, unit)) + std::abs(minor_at(row, ship_discount, unit));
    return parts;
}

void add_line(const Row& row, Gathered& into) {
    orders::IncomingLine line;
    line.seller_sku = clean(row[sku], 200);
    const int times = ++into.sku_times[line.seller_sku];
    line.channel_line_id = "report:" + line.seller_sku + "#" + std::to_string(times);
    line.title = clean(row[product_name], 1000);
    line.quantity_ordered = text::parse_int(row[quantity]).value_or(0);
    const std::string_view status = row[item_status];
    if (text::starts_with_ignore_case(status, "shipped"))
        line.quantity_shipped = line.quantity_ordered;
    if (text::starts_with_ignore_case(status, "cancel") ||
        into.order.state == OrderState::cancelled)
        line.quantity_cancelled = line.quantity_ordered - line.quantity_shipped;
    const std::string code = clean(row[currency], 10);
    if (!code.empty() && !into.order.currency) into.order.currency = code;
    const auto unit = Currency::parse(code);
    Parts parts;
    // A row in another currency than its order's cannot be added up.
    if (unit && into.order.currency == code) {
        parts = row_parts(row, *unit);
        const auto price = local_number(row[item_price], unit->exponent());
        if (price && line.quantity_ordered > 0)
            line.unit_price = *price / Decimal::from_integer(line.quantity_ordered);
    }
    into.order.lines.push_back(std::move(line));
    into.parts.push_back(parts);
}

bool start_order(const Row& row, const KnownMarketplace& market, Gathered& out) {
    const DayOrder days = market.region == "NA" ? DayOrder::month_first : DayOrder::day_first;
    const auto bought = report_time(row[purchase_date], days);
    const auto updated = report_time(row[last_updated], days);
    if (row[order_id].empty() || !bought || !updated) return false;
    out.market = &market;
    orders::IncomingOrder& order = out.order;
    order.channel_order_id = clean(row[order_id], 200);
    order.ordered_at = *bought;
    // A report cuts times to the second and knows less than the API: at the same second the API's
    // word must win, whichever comes first.
    order.channel_updated_at = *updated - std::chrono::microseconds(1);
    order.channel_state = clean(row[order_status], 200);
    order.state = state_of_report_word(row[order_status]);
    const std::string_view by = row[fulfilment_channel];
    order.fulfilled_by =
        text::equals_ignore_case(by, "amazon") || text::starts_with_ignore_case(by, "afn")
            ? orders::FulfilledBy::channel
        : text::equals_ignore_case(by, "merchant") || text::starts_with_ignore_case(by, "mfn")
            ? orders::FulfilledBy::merchant
            : orders::FulfilledBy::unknown;
    order.marketplace_id = std::string(market.id);
    std::string country = clean(row[ship_country], 60);
    if (country == "UK") country = "GB";
    order.ship_country = country.empty() ? std::string(market.country) : country;
    if (text::equals_ignore_case(row[business_order], "true"))
        order.programs.emplace_back("AMAZON_BUSINESS");
    return true;
}

void finish_order(Gathered& gathered) {
    for (std::size_t i = 0; i < gathered.parts.size(); ++i)
        gathered.order.lines[i].amounts = amounts_of(gathered.parts[i], gathered.market->tax);
}

std::string_view next_line(std::string_view text, std::size_t& at) {
    const auto end = text.find('\n', at);
    std::string_view line = text.substr(at, end == std::string_view::npos ? end : end - at);
    at = end == std::string_view::npos ? text.size() : end + 1;
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
}
}  // namespace

bool is_buyer_column(std::string_view raw) {
    const std::string name = text::to_lower_ascii(raw);
    static constexpr std::array<std::string_view, 3> kept{"ship-country", "ship-service-level",
                                                          "product-name"};
    if (std::find(kept.begin(), kept.end(), name) != kept.end()) return false;
    if (name.starts_with("ship-promotion")) return false;
    for (const std::string_view start :
         {"ship-", "bill-", "buyer", "recipient", "customer", "gift-message", "purchase-order",
          "delivery-", "payment", "cpf", "tax-registration", "vat-"})
        if (name.starts_with(start)) return true;
    for (const std::string_view part : {"-name", "phone", "email", "e-mail", "address", "postal",
                                        "customized", "instruction", "registration"})
        if (name.find(part) != std::string::npos) return true;
    return false;
}

OrderReport read_order_report(std::string_view text, const std::vector<std::string>& marketplaces) {
    OrderReport out;
    std::size_t at = 0;
    const Places places = read_header(next_line(text, at), out.header);
    if (!out.header.missing.empty()) return out;
    std::vector<Gathered> gathered;
    std::unordered_map<std::string, std::size_t> known;
    while (at < text.size()) {
        const std::string_view line = next_line(text, at);
        if (line.empty()) continue;
        ++out.rows;
        const Row row(line, places);
        if (!row.is_whole()) {
            ++out.rows_unusable;
            continue;
        }
        const auto* market = marketplace_of_channel(row[sales_channel]);
        if (market == nullptr ||
            std::find(marketplaces.begin(), marketplaces.end(), market->id) == marketplaces.end()) {
            ++out.rows_elsewhere;
            continue;
        }
        auto [place, fresh] = known.try_emplace(std::string(row[order_id]), gathered.size());
        if (fresh) {
            Gathered order;
            if (!start_order(row, *market, order)) {
                ++out.rows_unusable;
                known.erase(place);
                continue;
            }
            gathered.push_back(std::move(order));
        }
        add_line(row, gathered[place->second]);
    }
    out.orders.reserve(gathered.size());
    for (Gathered& order : gathered) {
        finish_order(order);
        out.orders.push_back(std::move(order.order));
    }
    return out;
}

std::optional<Decimal> local_number(std::string_view raw, int places) {
    std::string digits;
    for (std::size_t i = 0; i < raw.size(); ++i) {
        const auto byte = static_cast<unsigned char>(raw[i]);
        // Spaces, no-break spaces (C2 A0, E2 80 AF) and apostrophes group thousands.
        if (raw[i] == ' ' || raw[i] == '\'') continue;
        if (byte == 0xC2 && i + 1 < raw.size()) {
            ++i;
            continue;
        }
        if (byte == 0xE2 && i + 2 < raw.size()) {
            i += 2;
            continue;
        }
        digits += raw[i];
    }
    if (digits.empty()) return std::nullopt;
    const auto last_dot = digits.rfind('.');
    const auto last_comma = digits.rfind(',');
    std::size_t mark = std::string::npos;
    if (last_dot != std::string::npos && last_comma != std::string::npos) {
        mark = std::max(last_dot, last_comma);
    } else if (last_dot != std::string::npos || last_comma != std::string::npos) {
        const char sign = last_dot != std::string::npos ? '.' : ',';
        const std::size_t only = digits.rfind(sign);
        const bool repeated = digits.find(sign) != only;
        const std::size_t behind = digits.size() - only - 1;
        // Three digits behind a single mark group thousands, unless the currency has three places.
        if (!repeated && (behind != 3 || places == 3)) mark = only;
    }
    std::string plain;
    for (std::size_t i = 0; i < digits.size(); ++i) {
        if (i == mark)
            plain += '.';
        else if (digits[i] != '.' && digits[i] != ',')
            plain += digits[i];
    }
    if (plain.ends_with('.')) plain.pop_back();
    if (plain.starts_with('.')) plain.insert(0, 1, '0');
    return decimal_of(plain);
}

orders::OrderState state_of_report_word(std::string_view word) {
    const std::string lower = text::to_lower_ascii(text::trim(word));
    if (lower.starts_with("shipped - delivered")) return OrderState::delivered;
    if (lower.starts_with("shipped") || lower == "complete") return OrderState::shipped;
    if (lower.starts_with("partially shipped") || lower == "partiallyshipped" ||
        lower == "partially_shipped")
        return OrderState::partially_shipped;
    if (lower.starts_with("unshipped") || lower == "shipping" || lower == "invoiceunconfirmed")
        return OrderState::unshipped;
    if (lower.starts_with("pending")) return OrderState::pending;
    if (lower.starts_with("cancel")) return OrderState::cancelled;
    if (lower.starts_with("unfulfillable")) return OrderState::unfulfillable;
    return OrderState::unknown;
}

namespace {
/// Minutes east of UTC of the zone words that reports use.
std::optional<int> zone_minutes(std::string_view word) {
    struct Zone {
        std::string_view word;
        int minutes;
    };
    static constexpr Zone zones[] = {
        {"", 0},       {"Z", 0},      {"UTC", 0},    {"GMT", 0},    {"BST", 60},   {"CET", 60},
        {"MET", 60},   {"CEST", 120}, {"MEST", 120}, {"JST", 540},  {"PST", -480}, {"PDT", -420},
        {"EST", -300}, {"EDT", -240}, {"IST", 330},  {"AEST", 600}, {"AEDT", 660}, {"SGT", 480}};
    for (const Zone& zone : zones)
        if (zone.word == word) return zone.minutes;
    return std::nullopt;
}
}  // namespace

std::optional<Instant> report_time(std::string_view raw, DayOrder order) {
    const std::string_view in = text::trim(raw);
    if (const auto exact = parse_instant(in)) return exact;
    if (in.size() < 10) return std::nullopt;
    std::string day;
    if (in[4] == '-' || in[4] == '/') {
        day = std::string(in.substr(0, 4)) + '-' + std::string(in.substr(5, 2)) + '-' +
              std::string(in.substr(8, 2));
    } else if (in[2] == '.' || in[2] == '/' || in[2] == '-') {
        const std::string first(in.substr(0, 2)), second(in.substr(3, 2));
        const bool month_first = order == DayOrder::month_first && in[2] == '/';
        day = std::string(in.substr(6, 4)) + '-' + (month_first ? first : second) + '-' +
              (month_first ? second : first);
    }
    std::string_view rest = in.substr(10);
    if (rest.starts_with('T') || rest.starts_with(' ')) rest.remove_prefix(1);
    const auto space = rest.find(' ');
    std::string clock(rest.substr(0, space));
    const std::string_view zone =
        space == std::string_view::npos ? "" : text::trim(rest.substr(space));
    if (clock.empty()) clock = "00:00:00";
    if (clock.size() == 5) clock += ":00";
    const auto offset = zone_minutes(zone);
    const auto at = parse_instant(day + 'T' + clock + 'Z');
    if (!at || !offset) return std::nullopt;
    return *at - std::chrono::minutes(*offset);
}

}  // namespace entrepot::amazon
