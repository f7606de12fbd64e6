// X.509 by OpenSSL.
#include "platform/crypto/certificate.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <memory>

#include "base/result.hpp"
#include "platform/crypto/crypto.hpp"

namespace entrepot::crypto {
namespace {
std::string pem_text(BIO* bio) {
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio, &data);
    return {data, static_cast<std::size_t>(size)};
}

void add_extension(X509* certificate, int nid, const std::string& value) {
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
    const std::unique_ptr<X509_EXTENSION, decltype(&X509_EXTENSION_free)> extension(
        X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str()), &X509_EXTENSION_free);
    ensure(extension != nullptr, "certificate extension");
    X509_add_ext(certificate, extension.get(), -1);
}
}  // namespace

Certificate self_signed(const std::vector<std::string>& names, Instant now, int days) {
    const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(EVP_EC_gen("P-256"),
                                                                  &EVP_PKEY_free);
    const std::unique_ptr<X509, decltype(&X509_free)> certificate(X509_new(), &X509_free);
    ensure(key != nullptr && certificate != nullptr, "certificate key");
    X509_set_version(certificate.get(), 2);
    ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate.get()), random_u64() >> 1);
    const auto seconds =
        std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count();
    ASN1_TIME_set(X509_getm_notBefore(certificate.get()), seconds - 3600);
    ASN1_TIME_set(X509_getm_notAfter(certificate.get()), seconds + std::int64_t{days} * 86400);
    X509_set_pubkey(certificate.get(), key.get());
    X509_NAME* name = X509_get_subject_name(certificate.get());
    const std::string common = names.empty() ? "localhost" : names.front();
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char*>(common.c_str()), -1, -1, 0);
    X509_set_issuer_name(certificate.get(), name);
    std::string alternatives;
    for (const std::string& entry : names) {
        const bool address = entry.find_first_not_of("0123456789.:") == std::string::npos;
        alternatives +=
            (alternatives.empty() ? "" : ",") + std::string(address ? "IP:" : "DNS:") + entry;
    }
    add_extension(certificate.get(), NID_subject_alt_name, alternatives);
    add_extension(certificate.get(), NID_basic_constraints, "critical,CA:TRUE");
    ensure(X509_sign(certificate.get(), key.get(), EVP_sha256()) > 0, "certificate signature");
    const std::unique_ptr<BIO, decltype(&BIO_free)> certificate_out(BIO_new(BIO_s_mem()),
                                                                    &BIO_free);
    const std::unique_ptr<BIO, decltype(&BIO_free)> key_out(BIO_new(BIO_s_mem()), &BIO_free);
    PEM_write_bio_X509(certificate_out.get(), certificate.get());
    PEM_write_bio_PrivateKey(key_out.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    return {pem_text(certificate_out.get()), pem_text(key_out.get())};
}

}  // namespace entrepot::crypto
