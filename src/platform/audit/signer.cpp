// Ed25519 by OpenSSL.
#include "platform/audit/signer.hpp"

#include <openssl/evp.h>

#include <memory>

#include "base/result.hpp"

namespace entrepot::audit {
namespace {
using Key = std::shared_ptr<EVP_PKEY>;
using Context = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;

const unsigned char* bytes(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}
}  // namespace

Signer signer_of_seed(const std::array<std::uint8_t, 32>& seed) {
    const Key key(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, seed.data(), seed.size()),
                  &EVP_PKEY_free);
    ensure(key != nullptr, "the key that signs checkpoints could not be taken");
    Signer out;
    std::size_t size = out.public_key.size();
    const bool has_public =
        EVP_PKEY_get_raw_public_key(key.get(), out.public_key.data(), &size) == 1;
    ensure(has_public, "the key that signs checkpoints has no public key");
    out.sign = [key](std::string_view text) {
        const Context context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
        Signature signature{};
        std::size_t length = signature.size();
        const bool done =
            EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1 &&
            EVP_DigestSign(context.get(), signature.data(), &length, bytes(text), text.size()) == 1;
        ensure(done && length == signature.size(), "Ed25519 could not sign");
        return signature;
    };
    return out;
}

bool is_signed_by(const PublicKey& public_key, std::string_view text, const Signature& signature) {
    const Key key(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, public_key.data(),
                                              public_key.size()),
                  &EVP_PKEY_free);
    const Context context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
    return key != nullptr &&
           EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1 &&
           EVP_DigestVerify(context.get(), signature.data(), signature.size(), bytes(text),
                            text.size()) == 1;
}

std::string key_name(const PublicKey& key) {
    return hex_of(sha256({reinterpret_cast<const char*>(key.data()), key.size()})).substr(0, 16);
}

}  // namespace entrepot::audit
