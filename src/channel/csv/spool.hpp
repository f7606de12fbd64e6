// Lines of a checked file, gathered to orders. The lines lie in a file without a name; memory holds
// 16 bytes a row, so that rows of one order need not stand together.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "channel/csv/line_reader.hpp"

namespace entrepot::csv {

inline constexpr std::int64_t rows_max = 4'000'000;
inline constexpr std::size_t lines_per_order_max = 10'000;

/// Lines of one order number, in the order of their rows.
struct Group {
    std::vector<Line> lines;
    bool bad = false;       ///< a row of this order was bad
    bool too_many = false;  ///< more than lines_per_order_max: `lines` holds the first ones
};

/// Append all, then seal, then read the groups. The same input gives the same groups in the same
/// order, so that a run that was cut off can go on at the n-th.
class Spool {
public:
    /// `directory` must exist. Throws std::system_error when no file can be made there.
    Spool(const std::string& directory, std::int64_t rows_expected);
    ~Spool();
    Spool(const Spool&) = delete;
    Spool& operator=(const Spool&) = delete;

    /// imports.no_space, imports.too_many_rows.
    Result<void> append(const Line& line);
    /// The whole order of this number will be read as bad.
    void mark_bad(std::string_view order_number);
    /// imports.no_space. Sorts by the first row of each order.
    Result<void> seal();
    /// Back to the first group.
    void rewind() { at_ = 0; }
    /// False at the end. Groups that hold no good row do not come.
    bool next(Group& group);

private:
    struct Entry {
        std::uint64_t key;  ///< hash of the order number; after seal() offset of its first line
        std::uint64_t at;   ///< offset of the line, or bad_mark
        auto operator<=>(const Entry&) const = default;
    };
    static constexpr std::uint64_t bad_mark = ~std::uint64_t{0};

    Result<void> flush();
    void read_line(std::uint64_t at, Line& line);
    std::string_view bytes_at(std::uint64_t at, std::size_t count);

    int file_;
    std::string buffer_;
    std::uint64_t written_ = 0;
    std::vector<Entry> entries_;
    std::int64_t lines_ = 0;
    std::size_t at_ = 0;
    std::string window_;  ///< part of the file read last
    std::uint64_t window_at_ = 0;
    std::vector<Group> collided_;  ///< orders whose numbers share a hash, still to be handed out
};

}  // namespace entrepot::csv
