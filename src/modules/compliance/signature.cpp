// Ed25519 by OpenSSL's EVP.
#include "modules/compliance/signature.hpp"

#include <fcntl.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "base/result.hpp"
#include "platform/crypto/crypto.hpp"

namespace entrepot::compliance {
namespace {
constexpr std::size_t key_file_bytes_max = 4096;

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Digest = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;
using Memory = std::unique_ptr<BIO, decltype(&BIO_free)>;

const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

std::string text_of(BIO* bio) {
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio, &data);
    return {data, static_cast<std::size_t>(size)};
}

Memory reader_of(std::string_view text) {
    return {BIO_new_mem_buf(text.data(), static_cast<int>(text.size())), &BIO_free};
}

bool is_ed25519(const Key& key) {
    return key != nullptr && EVP_PKEY_get_base_id(key.get()) == EVP_PKEY_ED25519;
}

Key public_key(std::string_view pem) {
    if (pem.size() > key_file_bytes_max) return {nullptr, &EVP_PKEY_free};
    const Memory reader = reader_of(pem);
    return {PEM_read_bio_PUBKEY(reader.get(), nullptr, nullptr, nullptr), &EVP_PKEY_free};
}

void make_key_file(const std::string& path) {
    const Key key(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"), &EVP_PKEY_free);
    const Memory out(BIO_new(BIO_s_mem()), &BIO_free);
    ensure(key != nullptr && PEM_write_bio_PKCS8PrivateKey(out.get(), key.get(), nullptr, nullptr,
                                                           0, nullptr, nullptr) == 1,
           "a signing key cannot be made");
    const std::string pem = text_of(out.get());
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0) throw std::runtime_error("the signing key " + path + " cannot be created");
    const bool written =
        ::write(file, pem.data(), pem.size()) == static_cast<ssize_t>(pem.size()) &&
        ::fsync(file) == 0;
    ::close(file);
    if (!written) throw std::runtime_error("the signing key " + path + " cannot be written");
}
}  // namespace

struct SigningKey::State {
    Key key;
};

SigningKey::SigningKey(std::unique_ptr<State> state) : state_(std::move(state)) {}
SigningKey::SigningKey(SigningKey&&) noexcept = default;
SigningKey::~SigningKey() = default;

SigningKey SigningKey::load_or_create(const std::string& path) {
    if (!std::filesystem::exists(path)) make_key_file(path);
    struct stat info{};
    if (::stat(path.c_str(), &info) != 0)
        throw std::runtime_error("the signing key " + path + " cannot be read");
    if ((info.st_mode & 077) != 0)
        throw std::runtime_error("the signing key " + path +
                                 " can be read by others: chmod 600 it");
    std::ifstream file(path, std::ios::binary);
    const std::string pem(std::istreambuf_iterator<char>(file), {});
    const Memory reader = reader_of(pem);
    Key key(PEM_read_bio_PrivateKey(reader.get(), nullptr, nullptr, nullptr), &EVP_PKEY_free);
    if (!is_ed25519(key))
        throw std::runtime_error("the signing key " + path +
                                 " is no Ed25519 key: restore it from its own backup");
    return SigningKey(std::make_unique<State>(State{std::move(key)}));
}

std::string SigningKey::sign(std::string_view message) const {
    const Digest digest(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
    std::string out(64, '\0');
    std::size_t size = out.size();
    ensure(EVP_DigestSignInit(digest.get(), nullptr, nullptr, nullptr, state_->key.get()) == 1 &&
               EVP_DigestSign(digest.get(), reinterpret_cast<unsigned char*>(out.data()), &size,
                              bytes_of(message), message.size()) == 1 &&
               size == out.size(),
           "a signature cannot be made");
    return out;
}

std::string SigningKey::public_key_pem() const {
    const Memory out(BIO_new(BIO_s_mem()), &BIO_free);
    ensure(PEM_write_bio_PUBKEY(out.get(), state_->key.get()) == 1, "a public key in PEM");
    return text_of(out.get());
}

bool is_signed(std::string_view message, std::string_view signature,
               std::string_view public_key_pem) {
    const Key key = public_key(public_key_pem);
    if (!is_ed25519(key)) return false;
    const Digest digest(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
    return EVP_DigestVerifyInit(digest.get(), nullptr, nullptr, nullptr, key.get()) == 1 &&
           EVP_DigestVerify(digest.get(), bytes_of(signature), signature.size(), bytes_of(message),
                            message.size()) == 1;
}

std::optional<std::string> fingerprint(std::string_view public_key_pem) {
    const Key key = public_key(public_key_pem);
    if (!is_ed25519(key)) return std::nullopt;
    unsigned char* der = nullptr;
    const int size = i2d_PUBKEY(key.get(), &der);
    ensure(size > 0, "a public key in DER");
    const std::string text(reinterpret_cast<const char*>(der), static_cast<std::size_t>(size));
    OPENSSL_free(der);
    return crypto::sha256_hex(text);
}

}  // namespace entrepot::compliance
