// Making, reading and hashing of what is carried.
#include "modules/account/credential.hpp"

#include "base/text.hpp"
#include "modules/account/account.hpp"

namespace entrepot::account {
namespace {
constexpr std::size_t credential_size = 64;
constexpr std::size_t visible_size = 8;
constexpr std::string_view key_mark = "ek_";

std::string as_text(const crypto::Bytes32& bytes) {
    return {bytes.begin(), bytes.end()};
}
}  // namespace

pg::Bytes named_hash(std::string_view name, std::string_view value) {
    return {as_text(crypto::sha256(std::string(name) + '|' + std::string(value)))};
}

pg::Bytes keyed_hash(const crypto::Bytes32& key, std::string_view use, std::string_view value) {
    const crypto::Bytes32 derived = crypto::hmac_sha256(key, use);
    return {as_text(crypto::hmac_sha256(derived, value))};
}

Credential Credential::make(TenantId tenant) {
    std::array<std::uint8_t, 48> raw{};
    std::copy(tenant.value.bytes.begin(), tenant.value.bytes.end(), raw.begin());
    crypto::random_bytes(std::span(raw).subspan(16));
    return {tenant, text::to_base64url(raw)};
}

std::optional<Credential> Credential::parse(std::string_view in) {
    if (in.size() != credential_size) return std::nullopt;
    const auto raw = text::from_base64url(in);
    if (!raw || raw->size() != 48) return std::nullopt;
    Credential out;
    std::copy(raw->begin(), raw->begin() + 16, out.tenant.value.bytes.begin());
    out.text = in;
    return out;
}

pg::Bytes Credential::hash() const {
    return named_hash("credential", text);
}

ApiKeyText ApiKeyText::make(TenantId tenant) {
    std::string visible;
    for (std::uint64_t bits = crypto::random_u64(); visible.size() < visible_size; bits >>= 5)
        visible.push_back("abcdefghijkmnpqrstuvwxyz23456789"[bits & 31]);
    return {std::string(key_mark) + visible, Credential::make(tenant)};
}

std::optional<ApiKeyText> ApiKeyText::parse(std::string_view in) {
    const std::size_t head = key_mark.size() + visible_size;
    if (in.size() != head + 1 + credential_size || !in.starts_with(key_mark) || in[head] != '_')
        return std::nullopt;
    auto credential = Credential::parse(in.substr(head + 1));
    if (!credential) return std::nullopt;
    return ApiKeyText{std::string(in.substr(0, head)), std::move(*credential)};
}

std::string ApiKeyText::text() const {
    return prefix + '_' + credential.text;
}

namespace {
std::string device_signature(const crypto::Bytes32& key, const pg::Bytes& login_hash,
                             std::string_view unsigned_part) {
    const pg::Bytes mac =
        keyed_hash(key, "known device", login_hash.data + std::string(unsigned_part));
    return text::to_base64url(
        {reinterpret_cast<const std::uint8_t*>(mac.data.data()), mac.data.size()});
}
}  // namespace

std::string make_device_cookie(const crypto::Bytes32& key, const pg::Bytes& login_hash,
                               Instant now) {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch());
    const std::string part = crypto::random_token(16) + '.' + std::to_string(seconds.count());
    return part + '.' + device_signature(key, login_hash, part);
}

std::optional<std::string> known_device(const crypto::Bytes32& key, const pg::Bytes& login_hash,
                                        std::string_view cookie, Instant now) {
    const auto parts = text::split(cookie, '.');
    if (cookie.size() > 200 || parts.size() != 3) return std::nullopt;
    const std::string part = std::string(parts[0]) + '.' + std::string(parts[1]);
    if (!crypto::equal_constant_time(device_signature(key, login_hash, part), parts[2]))
        return std::nullopt;
    const auto seconds = text::parse_int(parts[1]);
    if (!seconds) return std::nullopt;
    const Instant made{std::chrono::seconds(*seconds)};
    if (made > now || now - made > known_device_age_max) return std::nullopt;
    return std::string(parts[0]);
}

std::string csrf_token_of(std::string_view session_cookie_value) {
    const auto credential = Credential::parse(session_cookie_value);
    if (!credential) return {};
    const auto* secret = reinterpret_cast<const std::uint8_t*>(credential->text.data());
    return text::to_hex(crypto::hmac_sha256({secret, credential->text.size()}, "csrf token"));
}

}  // namespace entrepot::account
