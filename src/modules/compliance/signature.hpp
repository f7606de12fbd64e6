// Ed25519 signatures by OpenSSL, for what leaves the house and must be believed there.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace entrepot::compliance {

/// A private key in a file of its own (PKCS#8, PEM, mode 0600), beside the key that seals secrets.
class SigningKey {
public:
    /// Reads the key, or makes the file when it is absent. Refuses a file that others can read, and
    /// one that holds another kind of key; the exception says what to do.
    static SigningKey load_or_create(const std::string& path);
    ~SigningKey();
    SigningKey(SigningKey&&) noexcept;

    std::string sign(std::string_view message) const;
    std::string public_key_pem() const;

private:
    struct State;
    explicit SigningKey(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

/// Whether the signature is by the owner of this public key. False for anything malformed.
bool is_signed(std::string_view message, std::string_view signature,
               std::string_view public_key_pem);

/// SHA-256 of the key's DER form in hex, to be compared by eye; nothing when it is not Ed25519.
std::optional<std::string> fingerprint(std::string_view public_key_pem);

}  // namespace entrepot::compliance
