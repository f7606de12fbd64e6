// Flat-file order reports: what a report holds, and its bytes in the marketplace's charset.
// Fields are separated by tabs and never quoted: a quotation mark is a plain character.
#include "sim/report.hpp"

#include <unicode/ucnv.h>
#include <zlib.h>

#include <array>
#include <memory>
#include <stdexcept>

#include "sim/people.hpp"

namespace entrepot::sim {

namespace {

constexpr std::string_view columns =
    "amazon-order-id\tmerchant-order-id\tpurchase-date\tlast-updated-date\torder-status\t"
    "fulfillment-channel\tsales-channel\torder-channel\turl\tship-service-level\tproduct-"
    "name\tsku\t"
    "asin\titem-status\tquantity\tcurrency\titem-price\titem-tax\tshipping-price\tshipping-tax\t"
    "gift-wrap-price\tgift-wrap-tax\titem-promotion-discount\tship-promotion-discount\tship-city\t"
    "ship-state\tship-postal-code\tship-country\tpromotion-ids\tis-business-order\t"
    "purchase-order-number\tprice-designation";

class Row {
public:
    explicit Row(std::string& out) : out_(out) {}

    Row& operator<<(std::string_view field) {
        if (!first_) out_.push_back('\t');
        first_ = false;
        // A tab or line break inside a field would shift the columns of the whole row.
        for (const char c : field) out_.push_back(c == '\t' || c == '\r' || c == '\n' ? ' ' : c);
        return *this;
    }
    void end(bool extra_column) {
        if (extra_column) *this << "false";
        out_.append("\r\n");
    }

private:
    std::string& out_;
    bool first_ = true;
};

std::string service_level(std::string_view level) {
    std::string text;
    bool upper = true;
    for (const char c : level) {
        if (c == '_') {
            upper = true;
            continue;
        }
        text.push_back(upper ? c : static_cast<char>(c - 'A' + 'a'));
        upper = false;
    }
    return text;
}

std::string_view item_status(const OrderView& view, std::size_t line) {
    if (view.status == Status::cancelled) return "Cancelled";
    if (!view.paid) return "Pending";
    return view.fulfilled[line] >= view.plan.lines[line].quantity ? "Shipped" : "Unshipped";
}

void append_rows(std::string& out, const OrderView& view, bool sold_by_column) {
    const OrderPlan& plan = view.plan;
    const Marketplace& market = marketplaces()[plan.marketplace];
    const Person person = make_person(plan.marketplace, plan.buyer_seed, plan.business);
    const Address address = make_address(plan.marketplace, plan.buyer_seed, plan.business);
    const auto amount = [&](std::int64_t minor) {
        return view.paid ? decimal_text(minor, market.exponent) : std::string();
    };
    for (std::size_t i = 0; i < plan.lines.size(); ++i) {
        const OrderLine& line = plan.lines[i];
        Row row(out);
        row << plan.id << (plan.seller_order_id.empty() ? plan.id : plan.seller_order_id)
            << iso_offset(plan.created) << iso_offset(view.updated)
            << report_status_text(view.status) << (plan.fulfilled_by_amazon ? "Amazon" : "Merchant")
            << market.channel << "" << "" << service_level(plan.service_level)
            << line.product->title[static_cast<std::size_t>(market.language)]
            << line.product->sku[plan.shop] << line.product->asin << item_status(view, i)
            << std::to_string(line.quantity) << (view.paid ? market.currency : std::string_view())
            << amount(line.item) << amount(line.item_tax) << amount(line.shipping)
            << amount(line.shipping_tax) << amount(line.gift_wrap) << amount(line.gift_wrap_tax)
            << amount(line.item_discount) << amount(line.shipping_discount)
            << (view.paid ? std::string_view(address.city) : std::string_view())
            << (view.paid ? std::string_view(address.state) : std::string_view())
            << (view.paid ? std::string_view(address.postal_code) : std::string_view())
            << (view.paid ? std::string_view(address.country) : std::string_view())
            << line.promotion << (plan.business ? "true" : "false") << person.purchase_order
            << (line.business_price ? "Business Price" : "");
        row.end(sold_by_column);
    }
}

constexpr std::string_view to_ship_columns =
    "order-id\torder-item-id\tpurchase-date\tpromise-date\tbuyer-email\tbuyer-name\t"
    "buyer-phone-number\tsku\tproduct-name\tquantity-purchased\tquantity-shipped\t"
    "quantity-to-ship\tship-service-level\trecipient-name\tship-address-1\tship-address-2\t"
    "ship-address-3\tship-city\tship-state\tship-postal-code\tship-country";

void append_to_ship(std::string& out, const OrderView& view, std::uint64_t seed) {
    const OrderPlan& plan = view.plan;
    const Person person = make_person(plan.marketplace, plan.buyer_seed, plan.business);
    const Address address = make_address(plan.marketplace, plan.buyer_seed, plan.business);
    for (std::size_t i = 0; i < plan.lines.size(); ++i) {
        const OrderLine& line = plan.lines[i];
        const Marketplace& market = marketplaces()[plan.marketplace];
        Row row(out);
        row << plan.id << order_item_id(seed, plan.shop, plan.sequence, i)
            << iso_offset(plan.created) << iso_offset(plan.ship_until) << person.email
            << person.name << address.phone << line.product->sku[plan.shop]
            << line.product->title[static_cast<std::size_t>(market.language)]
            << std::to_string(line.quantity) << std::to_string(view.fulfilled[i])
            << std::to_string(line.quantity - view.fulfilled[i])
            << service_level(plan.service_level) << person.name << address.line1 << address.line2
            << address.line3 << address.city << address.state << address.postal_code
            << address.country;
        row.end(false);
    }
}

bool is_to_ship(const OrderView& view) {
    return !view.plan.fulfilled_by_amazon && view.paid &&
           (view.status == Status::unshipped || view.status == Status::partially_shipped);
}

}  // namespace

std::string_view report_status_name(ReportStatus status) {
    constexpr std::array<std::string_view, 5> names{"IN_QUEUE", "IN_PROGRESS", "DONE", "CANCELLED",
                                                    "FATAL"};
    return names[static_cast<std::size_t>(status)];
}

std::string report_table(const World& world, const ReportJob& job, std::size_t& rows) {
    std::string out(job.to_ship ? to_ship_columns : columns);
    if (!job.by_update && !job.to_ship) out.append("\tis-sold-by-ab");
    out.append("\r\n");
    rows = 0;
    SearchFilter filter;
    filter.by_update = job.by_update;
    filter.after = job.data_start;
    filter.before = job.data_end;
    filter.marketplaces = job.marketplaces;
    std::optional<Position> from;
    do {
        const SearchPage page = world.search(job.shop, filter, from, 10'000);
        for (const std::uint32_t sequence : page.orders) {
            const OrderView view = world.view(job.shop, sequence);
            if (job.to_ship && !is_to_ship(view)) continue;
            rows += view.plan.lines.size();
            if (job.to_ship)
                append_to_ship(out, view, world.planner().seed());
            else
                append_rows(out, view, !job.by_update);
        }
        from = page.next;
    } while (from);
    return out;
}

std::string_view charset_name(Charset charset) {
    switch (charset) {
        case Charset::utf8:
            return "UTF-8";
        case Charset::windows_1252:
            return "windows-1252";
        case Charset::windows_31j:
            return "Windows-31J";
    }
    return "UTF-8";
}

std::string encode(std::string_view utf8, Charset charset) {
    if (charset == Charset::utf8) return std::string(utf8);
    UErrorCode error = U_ZERO_ERROR;
    const auto open = [&](const char* name) {
        return std::unique_ptr<UConverter, void (*)(UConverter*)>(ucnv_open(name, &error),
                                                                  ucnv_close);
    };
    const auto source = open("UTF-8");
    const auto target = open(charset == Charset::windows_1252 ? "windows-1252" : "windows-31j");
    if (U_FAILURE(error)) throw std::runtime_error("ICU lacks a converter");
    ucnv_setSubstChars(target.get(), "?", 1, &error);
    std::string out(utf8.size() * 2 + 16, '\0');
    char* to = out.data();
    const char* from = utf8.data();
    ucnv_convertEx(target.get(), source.get(), &to, out.data() + out.size(), &from,
                   utf8.data() + utf8.size(), nullptr, nullptr, nullptr, nullptr, true, true,
                   &error);
    if (U_FAILURE(error)) throw std::runtime_error("a report could not be encoded");
    out.resize(static_cast<std::size_t>(to - out.data()));
    return out;
}

std::string gzip(std::string_view bytes) {
    z_stream stream{};
    constexpr int gzip_window = 15 + 16;
    if (deflateInit2(&stream, 6, Z_DEFLATED, gzip_window, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
        throw std::runtime_error("zlib did not start");
    }
    std::string out(deflateBound(&stream, bytes.size()), '\0');
    std::string input(bytes);
    stream.next_in = reinterpret_cast<Bytef*>(input.data());
    stream.avail_in = static_cast<uInt>(input.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
}

}  // namespace entrepot::sim
