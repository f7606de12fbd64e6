// Boost.JSON's event parser with a handler of our own: it is the only way to see a number's text.
#include "channel/amazon/wire_json.hpp"

#include <array>
#include <boost/json.hpp>
#include <boost/json/basic_parser_impl.hpp>

#include "base/text.hpp"

namespace entrepot::amazon {
namespace json = boost::json;
namespace {
constexpr std::size_t depth_max = 64;

/// Builds values; numbers become strings.
struct TextHandler {
    static constexpr std::size_t max_object_size = json::object::max_size();
    static constexpr std::size_t max_array_size = json::array::max_size();
    static constexpr std::size_t max_key_size = json::string::max_size();
    static constexpr std::size_t max_string_size = json::string::max_size();
    using Code = boost::system::error_code;

    json::value_stack stack;
    std::string number;

    bool on_document_begin(Code&) { return true; }
    bool on_document_end(Code&) { return true; }
    bool on_object_begin(Code&) { return true; }
    bool on_object_end(std::size_t n, Code&) {
        stack.push_object(n);
        return true;
    }
    bool on_array_begin(Code&) { return true; }
    bool on_array_end(std::size_t n, Code&) {
        stack.push_array(n);
        return true;
    }
    bool on_key_part(json::string_view s, std::size_t, Code&) {
        stack.push_chars(s);
        return true;
    }
    bool on_key(json::string_view s, std::size_t, Code&) {
        stack.push_key(s);
        return true;
    }
    bool on_string_part(json::string_view s, std::size_t, Code&) {
        stack.push_chars(s);
        return true;
    }
    bool on_string(json::string_view s, std::size_t, Code&) {
        stack.push_string(s);
        return true;
    }
    bool on_number_part(json::string_view s, Code&) {
        number.append(s.data(), s.size());
        return true;
    }
    bool end_number(json::string_view s) {
        number.append(s.data(), s.size());
        stack.push_string(number);
        number.clear();
        return true;
    }
    bool on_int64(std::int64_t, json::string_view s, Code&) { return end_number(s); }
    bool on_uint64(std::uint64_t, json::string_view s, Code&) { return end_number(s); }
    bool on_double(double, json::string_view s, Code&) { return end_number(s); }
    bool on_bool(bool b, Code&) {
        stack.push_bool(b);
        return true;
    }
    bool on_null(Code&) {
        stack.push_null();
        return true;
    }
    bool on_comment_part(json::string_view, Code&) { return true; }
    bool on_comment(json::string_view, Code&) { return true; }
};

// spapi-facts §10; names that carry a person wherever they stand.
constexpr std::array<std::string_view, 18> buyer_members{
    "buyer",       "recipient",       "deliveryAddress",  "deliveryPreference",
    "buyerName",   "buyerEmail",      "buyerCompanyName", "buyerPurchaseOrderNumber",
    "giftMessage", "customizedUrl",   "taxRegistrations", "taxRegistrationAddress",
    "payment",     "ShippingAddress", "BuyerInfo",        "BuyerTaxInfo",
    "phone",       "customization"};
// Not a buyer's: our own warehouse, and free text that a buyer may have typed.
constexpr std::array<std::string_view, 2> other_members{"shipFromAddress", "cancelReason"};

bool listed(std::span<const std::string_view> names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

bool holds_something(const json::value& value) {
    if (value.is_null()) return false;
    if (const auto* text = value.if_string()) return !text->empty();
    if (const auto* list = value.if_array()) return !list->empty();
    if (const auto* object = value.if_object()) return !object->empty();
    return true;
}

void scrub_into(json::value& in, Scrubbed& out) {
    if (auto* list = in.if_array())
        for (json::value& item : *list) scrub_into(item, out);
    auto* object = in.if_object();
    if (object == nullptr) return;
    std::vector<std::string> gone;
    for (auto& item : *object) {
        const std::string_view name = item.key();
        const bool of_buyer = listed(buyer_members, name);
        if (of_buyer || listed(other_members, name)) {
            gone.emplace_back(name);
            if (holds_something(item.value())) ++(of_buyer ? out.buyer_data : out.other);
        } else {
            scrub_into(item.value(), out);
        }
    }
    for (const std::string& name : gone) object->erase(name);
}
}  // namespace

std::optional<json::value> parse_wire(std::string_view text) {
    // Some proxies put a byte order mark before a body.
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    json::parse_options options;
    options.max_depth = depth_max;
    json::basic_parser<TextHandler> parser(options);
    parser.handler().stack.reset();
    boost::system::error_code failure;
    const std::size_t used = parser.write_some(false, text.data(), text.size(), failure);
    if (failure || !parser.done()) return std::nullopt;
    if (text.substr(used).find_first_not_of(" \t\r\n") != std::string_view::npos)
        return std::nullopt;
    return parser.handler().stack.release();
}

const json::value* member(const json::value* in, std::string_view name) {
    const auto* object = in != nullptr ? in->if_object() : nullptr;
    const auto* found = object != nullptr ? object->if_contains(name) : nullptr;
    return found != nullptr && !found->is_null() ? found : nullptr;
}

const json::value* find(const json::value* in, std::initializer_list<std::string_view> path) {
    for (const std::string_view name : path) in = member(in, name);
    return in;
}

std::string clean(std::string_view text, std::size_t most) {
    std::string out;
    out.reserve(std::min(text.size(), most));
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        // Cut before the first byte of a character, never inside one.
        if (out.size() >= most && (byte & 0xC0) != 0x80) break;
        out += byte < 0x20 || byte == 0x7F ? ' ' : c;
    }
    // C1 controls are two bytes: C2 80 to C2 9F.
    for (std::size_t at = 0; (at = out.find('\xC2', at)) != std::string::npos; ++at)
        if (at + 1 < out.size() && static_cast<unsigned char>(out[at + 1]) < 0xA0)
            out.replace(at, 2, " ");
    return out;
}

std::string text_at(const json::value* in) {
    const auto* text = in != nullptr ? in->if_string() : nullptr;
    return text != nullptr ? clean(std::string_view(text->data(), text->size())) : std::string();
}

std::optional<std::int64_t> integer_at(const json::value* in) {
    const std::string text = text_at(in);
    if (const auto whole = text::parse_int(text)) return whole;
    // "2.0" is two; anything finer is no count.
    const auto dot = text.find('.');
    if (dot == std::string::npos || text.find_first_not_of('0', dot + 1) != std::string::npos)
        return std::nullopt;
    return text::parse_int(std::string_view(text).substr(0, dot));
}

std::optional<Instant> instant_at(const json::value* in) {
    return parse_instant(text_at(in));
}

bool is_true(const json::value* in) {
    const auto* flag = in != nullptr ? in->if_bool() : nullptr;
    return flag != nullptr ? *flag : text::equals_ignore_case(text_at(in), "true");
}

std::vector<const json::value*> list_at(const json::value* in) {
    std::vector<const json::value*> out;
    if (const auto* list = in != nullptr ? in->if_array() : nullptr)
        for (const json::value& item : *list) out.push_back(&item);
    return out;
}

Scrubbed scrub(json::value& document) {
    Scrubbed out;
    scrub_into(document, out);
    return out;
}

std::string wire_text(const json::value& document) {
    return json::serialize(document);
}

}  // namespace entrepot::amazon
