// The certificate that the simulator shows when none is given.
// It is its own authority, so that a client can trust exactly this file and nothing else.
#include "sim/tls.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <memory>
#include <stdexcept>

namespace entrepot::sim {

namespace {

template <class T>
using Owned = std::unique_ptr<T, void (*)(T*)>;

void free_bio(BIO* bio) {
    BIO_free_all(bio);
}

template <class Write>
std::string to_pem(const Write& write) {
    const Owned<BIO> bio(BIO_new(BIO_s_mem()), free_bio);
    if (!bio || write(bio.get()) != 1)
        throw std::runtime_error("OpenSSL could not write a PEM file");
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio.get(), &data);
    return {data, static_cast<std::size_t>(size)};
}

void add_extension(X509* certificate, int nid, const char* value) {
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
    const Owned<X509_EXTENSION> extension(X509V3_EXT_conf_nid(nullptr, &context, nid, value),
                                          X509_EXTENSION_free);
    if (!extension || X509_add_ext(certificate, extension.get(), -1) != 1) {
        throw std::runtime_error("OpenSSL refused a certificate extension");
    }
}

}  // namespace

CertificatePair make_certificate() {
    const Owned<EVP_PKEY> key(EVP_EC_gen("P-256"), EVP_PKEY_free);
    const Owned<X509> certificate(X509_new(), X509_free);
    if (!key || !certificate) throw std::runtime_error("OpenSSL could not make a key");
    std::uint64_t serial = 0;
    RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial);
    ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate.get()), serial >> 1U);
    X509_set_version(certificate.get(), X509_VERSION_3);
    constexpr long day = 24L * 3600L;
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -day);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3650 * day);
    X509_NAME* name = X509_get_subject_name(certificate.get());
    const auto* common = reinterpret_cast<const unsigned char*>("marketsim");
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, common, -1, -1, 0);
    X509_set_issuer_name(certificate.get(), name);
    X509_set_pubkey(certificate.get(), key.get());
    add_extension(certificate.get(), NID_basic_constraints, "critical,CA:TRUE");
    add_extension(certificate.get(), NID_key_usage, "critical,digitalSignature,keyCertSign");
    add_extension(certificate.get(), NID_ext_key_usage, "serverAuth");
    add_extension(certificate.get(), NID_subject_key_identifier, "hash");
    add_extension(certificate.get(), NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1,IP:::1");
    if (X509_sign(certificate.get(), key.get(), EVP_sha256()) == 0)
        throw std::runtime_error("OpenSSL could not sign");
    return {to_pem([&](BIO* out) { return PEM_write_bio_X509(out, certificate.get()); }),
            to_pem([&](BIO* out) {
                return PEM_write_bio_PrivateKey(out, key.get(), nullptr, nullptr, 0, nullptr,
                                                nullptr);
            })};
}

}  // namespace entrepot::sim
