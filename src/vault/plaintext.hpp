// Reading what is in a Pii: for files of the vault only.
#pragma once

#include "vault/pii.hpp"

namespace entrepot::vault {

class Plaintext {
public:
    static std::string_view of(const Pii<>& pii) { return crypto::view(pii.value_); }
};

}  // namespace entrepot::vault
