// The ledger of what was destroyed: a chain of lines in the database, a copy of it in a file
// outside, and the sealed high-water mark. Together they are the restore gate: a key database that
// is older than the mark does not open until it has caught up.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "keyd/store.hpp"
#include "platform/crypto/cell.hpp"
#include "platform/crypto/crypto.hpp"

namespace entrepot::keyd {

/// SHA-256 over the digest before and the line's own fields in fixed-width binary.
crypto::Bytes32 digest_of(const crypto::Bytes32& before, const store::LedgerRow& line);

/// The bytes of a digest, as rows and files have them.
std::string raw_of(const crypto::Bytes32& digest);
/// Binds a line to the one before it, the head of the ledger (nothing: it is the first).
void seal_line(store::LedgerRow& line, const std::optional<store::LedgerRow>& head);

/// One line of the copy, as JSON with a line end; and back. Nothing for what is not one.
std::string text_of(const store::LedgerRow& line);
std::optional<store::LedgerRow> line_from(std::string_view text);

/// How far keyd had come when it last wrote the mark.
struct HighWater {
    Uuid keyring{};             ///< whose mark it is
    std::int64_t epoch = 0;     ///< current one
    std::int64_t position = 0;  ///< last line of the ledger
    crypto::Bytes32 digest{};   ///< of that line
    Instant time{};             ///< keyd's clock
};

/// The files beside the roots: `erasures.jsonl` (the copy) and `high_water` (sealed: a mark that
/// somebody else wrote does not open).
class OffsiteLedger {
public:
    explicit OffsiteLedger(std::string directory);

    /// Nothing at the first start. Throws std::runtime_error when the mark has been changed.
    std::optional<HighWater> mark() const;
    void set_mark(const HighWater& mark);

    /// Lines after a position, verified as a chain. Throws std::runtime_error that names the first
    /// line that does not fit.
    std::vector<store::LedgerRow> lines_after(std::int64_t position) const;
    std::int64_t last_position() const;
    void append(const std::vector<store::LedgerRow>& lines);

private:
    std::string copy_path() const { return directory_ + "/erasures.jsonl"; }
    std::string mark_path() const { return directory_ + "/high_water"; }
    static crypto::SecretKey sealing_key(const std::string& directory);
    std::string directory_;
    mutable crypto::CellCipher seal_;
};

}  // namespace entrepot::keyd
