// A small reader and writer of plain tar files (POSIX ustar): regular files, short names, nothing
// else. What it reads comes from strangers.
#pragma once

#include "base/result.hpp"

namespace entrepot::compliance {

struct TarFile {
    std::string name;  ///< lower-case letters, digits, '.', '_' and '-', at most 99
    std::string content;
    bool operator==(const TarFile&) const = default;
};

inline constexpr std::size_t tar_files_max = 1000;
inline constexpr std::size_t tar_bytes_max = std::size_t{256} << 20;

std::string write_tar(const std::vector<TarFile>& files, std::int64_t unix_seconds);
/// invalid_request with the place where it is broken. Only the form that write_tar gives is taken.
Result<std::vector<TarFile>> read_tar(std::string_view bytes);

}  // namespace entrepot::compliance
