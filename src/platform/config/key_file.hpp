// The key file: 32 random bytes outside the data directory that sign cursors and cookies and key
// hashes.
#pragma once

#include <string>

#include "platform/crypto/crypto.hpp"

namespace entrepot::config {

/// Whether a path lies in a directory (or is it); false for no directory.
bool is_inside(const std::string& path, const std::string& dir);

/// Reads the key, or makes the file (mode 0600) when it is absent. Refuses a file inside
/// `data_dir`, one that others can read, and one of another size; the exception says what to do.
crypto::Bytes32 load_or_create_key(const std::string& path, const std::string& data_dir);

}  // namespace entrepot::config
