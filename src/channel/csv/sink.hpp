// Writing files: a full disk is an expected failure here, told in words.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace entrepot::csv {

/// Writes everything. imports.no_space when the disk, the quota or the file size limit is reached;
/// throws std::system_error for the rest.
Result<void> write_all(int file, std::string_view bytes);

/// A gzip file that appears under its name only when it is complete.
class PackedFile {
public:
    /// Throws std::system_error when it cannot be made.
    explicit PackedFile(std::string path);
    ~PackedFile();
    PackedFile(const PackedFile&) = delete;
    PackedFile& operator=(const PackedFile&) = delete;
    /// imports.no_space.
    Result<void> write(std::string_view bytes);
    /// Flushes to the disk and renames. imports.no_space.
    Result<void> finish();

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace entrepot::csv
