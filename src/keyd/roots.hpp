// Where the roots of the epochs live: one AES-256 key an epoch, in a PKCS#11 token or in sealed
// files. A root never leaves its place through here; it wraps and unwraps tenant keys.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "platform/crypto/cell.hpp"

namespace entrepot::keyd {

/// The store of roots cannot do what was asked; the text says why.
struct RootError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// One thread at a time.
class Roots {
public:
    virtual ~Roots() = default;
    /// Makes the root of an epoch; does nothing when it is there.
    virtual void make(std::uint32_t epoch) = 0;
    /// Epochs whose root is there, ascending.
    virtual std::vector<std::uint32_t> epochs() = 0;
    /// Cells of crypto/cell.hpp. Unwrapping gives nothing when the place or a bit is wrong; throws
    /// RootError when the root is not there.
    virtual std::string wrap(std::uint32_t epoch, const crypto::SecretKey& key,
                             const crypto::Place& place) = 0;
    virtual std::optional<crypto::SecretKey> unwrap(std::uint32_t epoch, std::string_view cell,
                                                    const crypto::Place& place) = 0;
    /// For ever. Does nothing when it is gone already.
    virtual void destroy(std::uint32_t epoch) = 0;
    /// What it is, for the status: "PKCS#11 token …", "sealed files in …".
    virtual std::string describe() const = 0;
};

/// Files `root-<epoch>.key` (0600) in every one of `directories` (two sites: two mounts). Each
/// holds the root sealed under a key of this machine, `seal.key` in the first directory.
/// Overwritten before they are removed; on copy-on-write or snapshot storage that is not enough
/// (docs/operators/keys.md): there use a token.
std::unique_ptr<Roots> file_roots(const std::vector<std::string>& directories);

struct TokenOptions {
    std::string library;      ///< e.g. /usr/lib/softhsm/libsofthsm2.so
    std::string token_label;  ///< must exist
    std::string pin;
};
/// AES keys "entrepot-root-<epoch>" in a PKCS#11 token: sensitive, not extractable.
std::unique_ptr<Roots> token_roots(const TokenOptions& options);

}  // namespace entrepot::keyd
