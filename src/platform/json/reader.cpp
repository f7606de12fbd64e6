// The non-template half of the JSON reader.
#include "platform/json/reader.hpp"

#include <boost/json.hpp>

namespace entrepot::json {
namespace {
constexpr std::size_t fields_max = 50;
constexpr std::size_t depth_max = 32;
}  // namespace

void Problems::add(const std::string& pointer, std::string code, std::string detail) {
    if (fields_.size() < fields_max)
        fields_.push_back({pointer, std::move(code), std::move(detail)});
}

Error Problems::error() {
    return Error{errors::invalid_fields, "the request has fields that are not valid; see errors",
                 std::move(fields_), 0};
}

Result<boost::json::value> parse(std::string_view text) {
    boost::json::parse_options options;
    options.max_depth = depth_max;
    boost::system::error_code failure;
    boost::json::stream_parser parser({}, options);
    const std::size_t used = parser.write_some(text.data(), text.size(), failure);
    if (!failure && used == text.size()) parser.finish(failure);
    if (!failure && used == text.size()) return parser.release();
    const bool trailing = !failure && parser.done();
    return make_error(errors::invalid_request, "the body is not valid JSON at byte " +
                                                   std::to_string(used) + ": " +
                                                   (trailing  ? "text after the document"
                                                    : failure ? failure.message()
                                                              : "it ends too early"));
}

std::string to_text(const boost::json::value& value) {
    return boost::json::serialize(value);
}

bool from_text(std::string_view in, std::string& out, const char*& code) {
    code = "invalid_text";
    // NUL cannot be stored by PostgreSQL; other controls have no place in a name, a SKU or a note.
    if (!text::is_utf8(in) || text::has_control(in)) return false;
    out.assign(in);
    return true;
}
bool from_text(std::string_view in, std::int64_t& out, const char*& code) {
    code = "integer_expected";
    const auto value = text::parse_int(in);
    if (value) out = *value;
    return value.has_value();
}
bool from_text(std::string_view in, std::int32_t& out, const char*& code) {
    std::int64_t wide = 0;
    if (!from_text(in, wide, code)) return false;
    out = static_cast<std::int32_t>(wide);
    return out == wide;
}
bool from_text(std::string_view in, bool& out, const char*& code) {
    code = "boolean_expected";
    out = in == "true";
    return out || in == "false";
}
bool from_text(std::string_view in, Uuid& out, const char*& code) {
    code = "id_expected";
    const auto value = Uuid::parse(in);
    if (value) out = *value;
    return value.has_value();
}
bool from_text(std::string_view in, Instant& out, const char*& code) {
    code = "time_expected";
    const auto value = parse_instant(in);
    if (value) out = *value;
    return value.has_value();
}
bool from_text(std::string_view in, Date& out, const char*& code) {
    code = "date_expected";
    const auto value = parse_date(in);
    if (value) out = *value;
    return value.has_value();
}
bool from_text(std::string_view in, Decimal& out, const char*& code) {
    code = "decimal_expected";
    const auto value = Decimal::parse(in);
    if (value) out = *value;
    return value.has_value();
}
bool from_text(std::string_view in, std::optional<Currency>& out, const char*& code) {
    code = "unknown_currency";
    out = Currency::parse(in);
    return out.has_value();
}

void read_money(const boost::json::value& in, std::optional<Money>& out, const std::string& pointer,
                Problems& problems) {
    const auto* object = in.if_object();
    const auto* amount = object != nullptr ? object->if_contains("amount") : nullptr;
    const auto* currency = object != nullptr ? object->if_contains("currency") : nullptr;
    const bool shaped = amount != nullptr && currency != nullptr && object->size() == 2 &&
                        amount->is_string() && currency->is_string();
    if (!shaped)
        return problems.add(pointer, "money_expected",
                            R"({"amount":"12.34","currency":"USD"} is expected here)");
    const auto unit = Currency::parse(std::string_view(currency->get_string()));
    if (!unit)
        return problems.add(pointer + "/currency", "unknown_currency",
                            "an ISO 4217 code is expected here");
    out = Money::parse(std::string_view(amount->get_string()), *unit);
    if (!out)
        problems.add(pointer + "/amount", "invalid_amount",
                     "a decimal with at most the currency's places is expected here");
}

bool read_string(const boost::json::value& in, std::string& out, const std::string& pointer,
                 Problems& problems) {
    const auto* value = in.if_string();
    if (value == nullptr) {
        problems.add(pointer, "string_expected", "a string is expected here");
        return false;
    }
    out.assign(value->data(), value->size());
    return true;
}

void read_integer(const boost::json::value& in, std::int64_t& out, const std::string& pointer,
                  Problems& problems) {
    if (const auto* value = in.if_int64())
        out = *value;
    else
        problems.add(pointer, "integer_expected", "an integer is expected here");
}

void read_boolean(const boost::json::value& in, bool& out, const std::string& pointer,
                  Problems& problems) {
    if (const auto* value = in.if_bool())
        out = *value;
    else
        problems.add(pointer, "boolean_expected", "true or false is expected here");
}

}  // namespace entrepot::json
