// The one way in: a reply that holds a buyer's data goes in here as it came off the wire, and what
// comes out are Pii.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "vault/fields.hpp"
#include "vault/pii.hpp"

namespace entrepot::vault {

/// Where a channel's reply has a field: a JSON pointer, written in the channel's own words.
struct Source {
    std::string pointer;
    Field field;
    Uuid row;  ///< order line, or nil
};

struct DraftCell {
    Field field;
    Uuid row;
    Pii<> value;
};

/// A capsule before it is sealed.
struct Draft {
    std::vector<DraftCell> cells;
    bool empty() const { return cells.empty(); }
};

/// Reads the named fields; absent and empty ones are left out. Nothing when the body is no JSON.
/// Neither the body nor any value is kept, logged or put into an error.
std::optional<Draft> harvest(const crypto::SecretBytes& body, const std::vector<Source>& sources);

}  // namespace entrepot::vault
