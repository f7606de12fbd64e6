// The evidence pack: artefacts, a manifest with the SHA-256 of each, and a signature on that. What
// is missing stands in the manifest, so that nothing is left out in silence.
#pragma once

#include <boost/describe.hpp>

#include "base/time.hpp"
#include "modules/compliance/signature.hpp"
#include "modules/compliance/tar.hpp"

namespace entrepot::compliance {

struct Artefact {
    std::string name;  ///< file name in the pack
    std::string about;
    std::string content;
};
struct MissingItem {
    std::string name, why;
};
BOOST_DESCRIBE_STRUCT(MissingItem, (), (name, why))

struct Pack {
    std::string tenant;
    std::string version;  ///< of the program
    Instant made_at;
    std::vector<Artefact> artefacts;
    std::vector<MissingItem> missing;
};

/// A tar file: artefacts, verify.txt, public_key.pem, manifest.json and its
/// signature manifest.sig.
std::string seal_pack(Pack pack, const SigningKey& key);

struct PackVerdict {
    std::vector<std::string> faults;   ///< each names what is wrong; empty = whole
    std::vector<std::string> missing;  ///< what the maker of the pack could not give
    std::string fingerprint;           ///< of the key that signed; empty when none did
    std::size_t artefacts = 0;
};
/// `trusted_key` (PEM): the signer must be its owner. Without it the pack's own key is taken, and
/// the reader has to compare the fingerprint.
PackVerdict verify_pack(std::string_view bytes, const std::optional<std::string>& trusted_key);

}  // namespace entrepot::compliance
