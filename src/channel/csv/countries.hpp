// Countries as tables name them → ISO 3166-1 alpha-2.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace entrepot::csv {

/// "GB" for GB, GBR, "United Kingdom", "UK", 英国; nothing when no single country is meant
/// ("Channel Islands", "European Community", "Unspecified").
std::optional<std::string> country_code(std::string_view word);

}  // namespace entrepot::csv
