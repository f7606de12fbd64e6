// The lines of an exported trail and of the copy of the checkpoints: JSON, one object a line, with
// its members always in the same order and without a space. The reader takes exactly what the
// writer makes, so that nothing can stand in a file that a person reads and the verifier does not.
#pragma once

#include <variant>
#include <vector>

#include "platform/audit/checkpoint.hpp"
#include "platform/audit/entry.hpp"

namespace entrepot::audit {

/// First line. `tenant`: nothing = every row of the instance, in the order of their positions.
struct Header {
    Uuid origin;
    std::optional<Uuid> tenant;
    Instant exported_at;
};

struct Row {
    std::uint64_t position;  ///< in the tree, from 0
    std::uint64_t number;    ///< among the tenant's rows, from 1
    Hash leaf;               ///< as it stands in the stored tree
    Entry entry;
    std::vector<Hash> path;  ///< proof towards the export's checkpoint; only in a tenant's export
};

/// Proof that the export's checkpoint continues the tree of `size`.
struct Consistency {
    std::uint64_t size;
    std::vector<Hash> path;
};

/// Last line.
struct Ending {
    std::uint64_t rows;
};

/// What an auditor keeps after a good verification, to be compared the next time.
struct Seen {
    std::optional<Uuid> tenant;
    std::uint64_t rows;           ///< that were verified
    std::uint64_t last_position;  ///< of the last one
    Checkpoint checkpoint;
};

using Line = std::variant<Header, Row, Checkpoint, Consistency, Ending, Seen>;

/// Each ends with a newline.
void write_line(std::string& out, const Header& header);
void write_line(std::string& out, const Row& row);
void write_line(std::string& out, const Checkpoint& checkpoint);
void write_line(std::string& out, const Consistency& consistency);
void write_line(std::string& out, const Ending& ending);
void write_line(std::string& out, const Seen& seen);

/// One line without its newline; nothing when it is not exactly what the writer makes.
std::optional<Line> read_line(std::string_view line);
/// The same for a row, into a row that is used again and again. False: no row, or a broken one.
bool read_row(std::string_view line, Row& row);

}  // namespace entrepot::audit
