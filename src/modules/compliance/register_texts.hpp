// The texts of promises/, as they were compiled in.
#pragma once

#include <string_view>

namespace entrepot::compliance {

std::string_view policy_zh_text();
std::string_view policy_en_text();
std::string_view controls_text();

}  // namespace entrepot::compliance
