// Where bytes of an uploaded table come from: a plain or a gzip file, inflated on the fly under
// limits.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string>

#include "base/result.hpp"

namespace entrepot::csv {

/// A stream of bytes that is read once.
class ByteSource {
public:
    virtual ~ByteSource() = default;
    /// Fills a part of `out`; 0 = end.
    virtual Result<std::size_t> read(std::span<char> out) = 0;
};

/// Bounds of what a compressed upload may become.
struct InflateLimits {
    std::uint64_t bytes_max = std::uint64_t{2} << 30;
    /// Up to here any ratio is accepted: small files of equal lines compress very well.
    std::uint64_t ratio_free_bytes = std::uint64_t{1} << 20;
    std::uint64_t ratio_max = 100;
};

/// For our own packed copy of a file that was bounded when it came in: an even table packs better
/// than 100:1, and quotes or another encoding may make it longer than it was.
inline constexpr InflateLimits own_copy{
    .bytes_max = std::numeric_limits<std::uint64_t>::max(),
    .ratio_free_bytes = std::numeric_limits<std::uint64_t>::max()};

/// Bytes that lie in memory.
class MemorySource final : public ByteSource {
public:
    explicit MemorySource(std::string_view bytes) : bytes_(bytes) {}
    Result<std::size_t> read(std::span<char> out) override;

private:
    std::string_view bytes_;
};

/// A file on disk, as it is. Throws std::system_error when it cannot be opened or read.
class FileSource final : public ByteSource {
public:
    explicit FileSource(const std::string& path);
    ~FileSource() override;
    FileSource(const FileSource&) = delete;
    FileSource& operator=(const FileSource&) = delete;
    Result<std::size_t> read(std::span<char> out) override;

private:
    int file_;
};

/// Passes plain bytes through and inflates gzip (all members), told by the first two bytes.
/// imports.archive_damaged, imports.archive_too_large, imports.archive_nested, imports.not_a_table
/// (zip, xlsx and other containers).
class UnpackedSource final : public ByteSource {
public:
    explicit UnpackedSource(ByteSource& packed, InflateLimits limits = {});
    ~UnpackedSource() override;
    UnpackedSource(const UnpackedSource&) = delete;
    UnpackedSource& operator=(const UnpackedSource&) = delete;
    Result<std::size_t> read(std::span<char> out) override;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace entrepot::csv
