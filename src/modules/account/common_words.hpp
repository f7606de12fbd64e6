// Stems of which most guessed passwords are made.
#pragma once

#include <string_view>

namespace entrepot::account {

/// Lower-case letters only; `stem` is one of the words, names and keyboard walks that guessing
/// programs try first.
bool is_common_stem(std::string_view stem);

}  // namespace entrepot::account
