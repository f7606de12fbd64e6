// Tolerant reading of Amazon's JSON: numbers keep the text they were written in, unknown members
// do not matter, a string stands for a number and the other way round.
#pragma once

#include <boost/json/value.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"

namespace entrepot::amazon {

/// The document with every number as a string of its source text; nothing when it is not JSON
/// (cut off, not UTF-8, nested deeper than 64).
std::optional<boost::json::value> parse_wire(std::string_view text);

/// Member of an object; null for anything else or an explicit JSON null.
const boost::json::value* member(const boost::json::value* in, std::string_view name);
/// Descends by names: find(order, {"proceeds", "grandTotal"}).
const boost::json::value* find(const boost::json::value* in,
                               std::initializer_list<std::string_view> path);

/// Text of a string or a number, without control characters; "" when it is neither.
std::string text_at(const boost::json::value* in);
std::optional<std::int64_t> integer_at(const boost::json::value* in);
std::optional<Instant> instant_at(const boost::json::value* in);
bool is_true(const boost::json::value* in);
/// Elements of an array; none when it is no array.
std::vector<const boost::json::value*> list_at(const boost::json::value* in);

/// Removes control characters (NUL cannot be stored) and cuts at `most` bytes between characters.
std::string clean(std::string_view text, std::size_t most = 2000);

/// What scrub() took out.
struct Scrubbed {
    std::int64_t buyer_data = 0;  ///< names, addresses, messages, registrations of a buyer
    std::int64_t other = 0;       ///< not of a buyer, and not needed: warehouse address, free texts
    std::int64_t all() const { return buyer_data + other; }
};
/// Takes every member out that can hold data of a buyer, wherever it stands.
Scrubbed scrub(boost::json::value& document);

/// The document as text again.
std::string wire_text(const boost::json::value& document);

}  // namespace entrepot::amazon
