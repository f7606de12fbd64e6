// Noise for the readers of Amazon's replies and report documents (libFuzzer). The first byte
// chooses the reader; what must hold is checked, so that more than crashes is found.
#include <cstdint>

#include "base/result.hpp"
#include "base/text.hpp"
#include "channel/amazon/document.hpp"
#include "channel/amazon/money_reader.hpp"
#include "channel/amazon/order_reader.hpp"
#include "channel/amazon/order_report.hpp"
#include "channel/amazon/reply.hpp"

namespace {
using namespace entrepot::amazon;

void check_text(std::string_view text) {
    entrepot::ensure(entrepot::text::is_utf8(text), "a text is no UTF-8");
    entrepot::ensure(!entrepot::text::has_control(text), "a text has a control character");
}

void check_order(const entrepot::orders::IncomingOrder& order) {
    entrepot::ensure(!order.channel_order_id.empty(), "an order without a number");
    check_text(order.channel_order_id);
    check_text(order.channel_state);
    for (const auto& line : order.lines) {
        check_text(line.seller_sku);
        check_text(line.title);
        check_text(line.channel_line_id);
    }
    for (const auto& package : order.packages) check_text(package.tracking_number);
}

void read_replies(std::string_view bytes) {
    auto document = parse_wire(bytes);
    if (!document) return;
    scrub(*document);
    for (const char* word : {"\"buyer\"", "\"recipient\"", "\"giftMessage\"", "\"buyerName\""})
        entrepot::ensure(wire_text(*document).find(std::string(word) + ':') == std::string::npos,
                         "a buyer's member is left");
    if (const auto page = read_orders_page(*document))
        for (const auto& order : page->orders) check_order(order);
    if (const auto order = read_order_reply(*document)) check_order(*order);
    if (const auto order = read_order(*document)) check_order(*order);
    static_cast<void>(read_participations(*document));
    static_cast<void>(read_report(*document));
    for (const int status : {200, 400, 403, 429, 500}) {
        check_text(judge_api(status, bytes).words);
        check_text(judge_lwa(status, bytes).words);
    }
}

void read_documents(std::string_view bytes, Charset habit) {
    const Unpacking unpacked = unpack(std::string(bytes));
    const auto decoded = decode_text(unpacked.bytes, "text/plain; charset=windows-1252", habit);
    if (!decoded) return;
    entrepot::ensure(entrepot::text::is_utf8(decoded->text), "a document is no UTF-8");
    const auto report = read_order_report(decoded->text, {"ATVPDKIKX0DER", "A1PA6795UKMFR9"});
    for (const auto& order : report.orders) check_order(order);
    entrepot::ensure(report.header.missing.empty() || report.orders.empty(),
                     "orders from a report without its columns");
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
    switch (data[0] % 4) {
        case 0:
            read_replies(bytes);
            break;
        case 1:
            read_documents(bytes, Charset::windows_1252);
            break;
        case 2:
            read_documents(bytes, Charset::windows_31j);
            break;
        default:
            static_cast<void>(decimal_of(bytes));
            static_cast<void>(local_number(bytes, 2));
            static_cast<void>(report_time(bytes, DayOrder::month_first));
            static_cast<void>(report_time(bytes, DayOrder::day_first));
            break;
    }
    return 0;
}
