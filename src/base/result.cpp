// The one out-of-line piece of result.hpp.
#include "base/result.hpp"

namespace entrepot {
void throw_unchecked(const Error& error) {
    throw Bug("unchecked error " + std::string(error.code.name) + ": " + error.detail);
}
}  // namespace entrepot
