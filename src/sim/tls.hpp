// The certificate that the simulator shows when none is given.
// A fresh P-256 key, self-signed, for localhost; clients trust it by the file that we write.
#pragma once

#include <string>

namespace entrepot::sim {

struct CertificatePair {
    std::string certificate_pem;
    std::string key_pem;
};

/// Makes a certificate for localhost, 127.0.0.1 and ::1, valid from yesterday for ten years.
/// Throws std::runtime_error when OpenSSL fails.
CertificatePair make_certificate();

}  // namespace entrepot::sim
