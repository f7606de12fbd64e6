// The secrets that programs and browsers carry: session cookies, API keys, invitation tokens and
// known-device cookies. Each names its tenant, so that it can be looked up inside that tenant's
// rows and nowhere else; the random part alone proves anything.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/id.hpp"
#include "base/time.hpp"
#include "platform/crypto/crypto.hpp"
#include "platform/pg/codec.hpp"

namespace entrepot::account {

/// tenant (16 bytes) | secret (32 random bytes), as 64 characters of URL-safe base64.
struct Credential {
    TenantId tenant;
    std::string text;

    static Credential make(TenantId tenant);
    static std::optional<Credential> parse(std::string_view text);
    /// What is stored of it.
    pg::Bytes hash() const;
};

/// "ek_" + 8 visible characters + "_" + credential.
struct ApiKeyText {
    std::string prefix;  ///< "ek_" and the visible characters
    Credential credential;

    static ApiKeyText make(TenantId tenant);
    static std::optional<ApiKeyText> parse(std::string_view text);
    std::string text() const;
};

/// A cookie that a browser gets at a full sign-in: this login has succeeded here before. It opens
/// nothing; it has its own budget of guesses, so that strangers cannot lock its owner out.
std::string make_device_cookie(const crypto::Bytes32& key, const pg::Bytes& login_hash,
                               Instant now);
/// The device's own part when the cookie is genuine, of this login and not too old.
std::optional<std::string> known_device(const crypto::Bytes32& key, const pg::Bytes& login_hash,
                                        std::string_view cookie, Instant now);

/// SHA-256 with a name in front, so that hashes of different things never meet.
pg::Bytes named_hash(std::string_view name, std::string_view value);
/// HMAC under a key derived from the server's secrets key for this use.
pg::Bytes keyed_hash(const crypto::Bytes32& key, std::string_view use, std::string_view value);

}  // namespace entrepot::account
