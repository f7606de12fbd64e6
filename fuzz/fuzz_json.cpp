// The JSON reader on arbitrary bytes: never breaks, and what it accepts it can print and read again
// unchanged.
#include "platform/json/reader.hpp"
#include "platform/json/writer.hpp"

namespace {
struct Inner {
    std::string text;
    std::optional<entrepot::Money> money;
    std::optional<entrepot::Instant> at;
};
BOOST_DESCRIBE_STRUCT(Inner, (), (text, money, at))
struct Outer {
    entrepot::OrderId id;
    std::int64_t number;
    std::vector<Inner> list;
    std::optional<bool> flag;
};
BOOST_DESCRIBE_STRUCT(Outer, (), (id, number, list, flag))
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto first = entrepot::json::read_document<Outer>(text);
    if (first.has_error()) return 0;
    const std::string printed = entrepot::json::to_json(*first);
    const auto second = entrepot::json::read_document<Outer>(printed);
    if (second.has_error() || entrepot::json::to_json(*second) != printed) __builtin_trap();
    return 0;
}
