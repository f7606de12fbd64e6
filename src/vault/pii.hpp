// Personal data as a type: what is in it comes out through the vault's own doors only.
#pragma once

#include <utility>

#include "platform/crypto/secret.hpp"

namespace entrepot::vault {

/// A text of a buyer. It cannot be printed, logged, compared, hashed, written as JSON, bound to a
/// statement or turned into another text: none of those functions exists for it, which
/// test/compile_fail proves. It is wiped when it ends. Moves; a copy is asked for by name.
template <class T = crypto::SecretBytes>
class Pii {
public:
    explicit Pii(T value) : value_(std::move(value)) {}
    Pii(Pii&&) noexcept = default;
    Pii& operator=(Pii&&) noexcept = default;
    Pii(const Pii&) = delete;
    Pii& operator=(const Pii&) = delete;
    ~Pii() = default;

    bool operator==(const Pii&) const = delete;

private:
    friend class Plaintext;
    T value_;
};

/// The vault's own key to a Pii. Defined in plaintext.hpp, which tools/tidy.py lets only files of
/// src/vault include.
class Plaintext;

}  // namespace entrepot::vault
