// Plaintext on its way to the one who asked for it.
#pragma once

#include <string>
#include <string_view>

#include "vault/pii.hpp"

namespace entrepot::vault {

/// A revealed field on its way out: the only plaintext outside the vault, and only the JSON writer
/// reads it (`write_json`).
class Disclosed {
public:
    Disclosed(Disclosed&&) noexcept = default;
    Disclosed& operator=(Disclosed&&) noexcept = default;
    Disclosed(const Disclosed&) = delete;
    Disclosed& operator=(const Disclosed&) = delete;
    ~Disclosed() = default;
    void write_json(std::string& out) const;
    static constexpr std::string_view json_schema = R"({"type":"string"})";

private:
    friend class Opener;
    explicit Disclosed(Pii<> value) : value_(std::move(value)) {}
    Pii<> value_;
};

}  // namespace entrepot::vault
