// The signed text of a checkpoint. A change of it is a new version in its first line.
#include "platform/audit/checkpoint.hpp"

namespace entrepot::audit {

std::string signed_text(const Checkpoint& checkpoint) {
    std::string out = "entrepot audit checkpoint 1\norigin " + checkpoint.origin.text();
    out += "\nnumber " + std::to_string(checkpoint.number);
    out += "\nsize " + std::to_string(checkpoint.size);
    out += "\nroot " + hex_of(checkpoint.root);
    out += "\nmicroseconds " + std::to_string(checkpoint.at.time_since_epoch().count());
    out += "\nprevious " + hex_of(checkpoint.previous);
    out += "\nkey " + checkpoint.key + "\n";
    return out;
}

Hash link_to(const Checkpoint& checkpoint) {
    return sha256(signed_text(checkpoint));
}

void sign(Checkpoint& checkpoint, const Signer& signer) {
    checkpoint.key = key_name(signer.public_key);
    checkpoint.signature = signer.sign(signed_text(checkpoint));
}

}  // namespace entrepot::audit
