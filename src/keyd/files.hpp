// Small files that must survive a power cut: written whole beside the old one, synced, renamed.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace entrepot::keyd {

/// Nothing when there is no such file. Throws std::runtime_error on any other trouble.
std::optional<std::string> read_small_file(const std::string& path);
/// 0600, through a temporary file, with the directory synced. Throws std::runtime_error.
void write_durably(const std::string& path, std::string_view text);
/// Appends one line and syncs. Throws std::runtime_error; a full disk is one reason.
void append_durably(const std::string& path, std::string_view line);
/// Overwrites with random bytes, syncs, removes, syncs the directory. Nothing when it is gone.
void shred(const std::string& path);

}  // namespace entrepot::keyd
