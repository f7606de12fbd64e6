// Queries, percent escapes, times, decimals and cookies from arbitrary bytes.
#include "base/money.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "platform/http/server.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace entrepot;
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    std::vector<std::pair<std::string, std::string>> values;
    if (http::parse_query(bytes, values)) {
        std::string again;
        for (const auto& [name, value] : values)
            again += (again.empty() ? "" : "&") + text::percent_encode(name) + '=' +
                     text::percent_encode(value);
        std::vector<std::pair<std::string, std::string>> second;
        if (!http::parse_query(again, second) || (values != second && !bytes.empty()))
            __builtin_trap();
    }
    http::Request request;
    request.headers.emplace_back("cookie", std::string(bytes));
    (void)request.cookie("a");
    if (const auto at = parse_instant(bytes); at && parse_instant(format_instant(*at)) != at)
        __builtin_trap();
    if (const auto number = Decimal::parse(bytes);
        number && Decimal::parse(number->text()) != number)
        __builtin_trap();
    return 0;
}
