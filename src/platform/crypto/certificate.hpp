// A self-signed certificate for the first start: localhost only, so that the browser has TLS before
// the operator has a name.
#pragma once

#include <string>
#include <vector>

#include "base/time.hpp"

namespace entrepot::crypto {

struct Certificate {
    std::string certificate_pem;
    std::string private_key_pem;
};
/// ECDSA P-256, valid for `days` from `now`, for the given DNS names and addresses.
Certificate self_signed(const std::vector<std::string>& names, Instant now, int days);

}  // namespace entrepot::crypto
