// Stems of which most guessed passwords are made.
#pragma once

#include <string_view>
#include <unordered_set>

namespace entrepot::account {

/// Lower-case letters only; `stem` is one of the words, names and keyboard walks that guessing
/// programs try first.
bool is_common_stem(std::string_view stem);
const std::unordered_set<std::string_view>& common_stems();

}  // namespace entrepot::account
