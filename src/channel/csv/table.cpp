// Examination reads the head only; the clean copy is written in one pass.
#include "channel/csv/table.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "base/text.hpp"
#include "channel/csv/csv.hpp"
#include "channel/csv/datetime.hpp"
#include "channel/csv/sink.hpp"
#include "platform/crypto/crypto.hpp"

namespace entrepot::csv {
namespace {
constexpr std::size_t head_bytes = std::size_t{256} << 10;
constexpr std::size_t head_rows = 200;
constexpr std::size_t header_row_max = 20;
constexpr std::size_t copy_bytes = std::size_t{256} << 10;

/// Passes bytes on and hashes them.
class HashedSource final : public ByteSource {
public:
    explicit HashedSource(ByteSource& from) : from_(from) {}
    Result<std::size_t> read(std::span<char> out) override {
        TRY(const std::size_t count, from_.read(out));
        hash_.update({out.data(), count});
        bytes_ += static_cast<std::int64_t>(count);
        return count;
    }
    crypto::Sha256 hash_;
    std::int64_t bytes_ = 0;

private:
    ByteSource& from_;
};

Result<std::string> read_head(const std::string& path, const InflateLimits& limits) {
    FileSource file(path);
    UnpackedSource unpacked(file, limits);
    std::string head;
    std::array<char, std::size_t{64} << 10> buffer;
    while (head.size() < head_bytes) {
        TRY(const std::size_t count, unpacked.read(buffer));
        if (count == 0) break;
        head.append(buffer.data(), count);
    }
    return head;
}

using Rows = std::vector<std::vector<std::string>>;

/// The first rows of a text, blank ones as empty vectors so that positions count.
Rows first_rows(std::string_view head, Encoding encoding, char delimiter) {
    MemorySource bytes(head);
    DecodedText text(bytes, encoding);
    RowReader reader(text, delimiter);
    Rows out;
    Row row;
    while (out.size() < head_rows) {
        const auto more = reader.next(row);
        if (more.has_error() || !*more) break;
        auto& cells = out.emplace_back();
        if (!row.is_blank()) cells.assign(row.cells.begin(), row.cells.end());
    }
    // The head ends anywhere, so that its last row may be cut.
    if (out.size() > 1 && out.size() < head_rows && head.size() >= head_bytes) out.pop_back();
    return out;
}

bool is_name(std::string_view cell) {
    if (text::trim(cell).empty()) return true;
    if (fits_number(cell, NumberFormat::point) || fits_number(cell, NumberFormat::comma))
        return false;
    for (const DateFormat format : {DateFormat::ymd, DateFormat::dmy, DateFormat::mdy})
        if (parse_wall_time(cell, format)) return false;
    return cell.find('@') == std::string_view::npos;
}

/// The first row as wide as most rows, when its cells can be names.
std::optional<std::size_t> find_header(const Rows& rows) {
    std::map<std::size_t, std::size_t> rows_of_width;
    for (const auto& row : rows)
        if (!row.empty()) ++rows_of_width[row.size()];
    if (rows_of_width.empty()) return std::nullopt;
    const auto usual = std::max_element(
        rows_of_width.begin(), rows_of_width.end(), [](const auto& a, const auto& b) {
            return std::pair(a.second, a.first) < std::pair(b.second, b.first);
        });
    for (std::size_t i = 0; i < rows.size() && i < header_row_max; ++i) {
        if (rows[i].size() != usual->first) continue;
        const bool filled =
            std::any_of(rows[i].begin(), rows[i].end(),
                        [](const std::string& cell) { return !text::trim(cell).empty(); });
        const bool names = filled && std::all_of(rows[i].begin(), rows[i].end(), is_name);
        return names ? std::optional(i) : std::nullopt;
    }
    return std::nullopt;
}

void mark_personal_by_cells(const Rows& rows, std::size_t header, std::vector<bool>& personal) {
    for (std::size_t column = 0; column < personal.size(); ++column) {
        std::vector<std::string_view> cells;
        for (std::size_t i = header + 1; i < rows.size(); ++i)
            if (rows[i].size() == personal.size()) cells.push_back(rows[i][column]);
        if (looks_like_email(cells)) personal[column] = true;
    }
}

/// How the copy treats one row.
class Cleaner {
public:
    explicit Cleaner(const Table& table)
        : personal_(table.personal),
          any_personal_(std::find(personal_.begin(), personal_.end(), true) != personal_.end()),
          header_row_(table.header_row),
          delimiter_(table.delimiter) {}
    /// True for a row of data.
    bool append(const Row& row, std::string& out) const {
        const std::size_t before = out.size();
        const bool header = row.number == header_row_;
        const bool even = row.cells.size() == personal_.size() && !row.stray_quote;
        if (row.number < header_row_ || row.is_blank()) {
            // Rows keep their numbers.
        } else if (!even && any_personal_ && !header) {
            // Cells may be shifted: nobody can tell which of them are personal. The copy is as
            // uneven.
            out += '?';
            out.append(row.cells.size() - (row.stray_quote ? 0 : 1), delimiter_);
            if (row.stray_quote && row.cells.size() + 1 == personal_.size()) out += delimiter_;
        } else {
            append_cells(row, header, out);
        }
        const bool data = !header && out.find_first_not_of(delimiter_, before) != std::string::npos;
        out += '\n';
        return data;
    }

private:
    void append_cells(const Row& row, bool header, std::string& out) const {
        for (std::size_t i = 0; i < row.cells.size(); ++i) {
            if (i != 0) out += delimiter_;
            const bool drop = any_personal_ && personal_[i] && !header;
            if (drop || row.cells[i].empty()) continue;
            // A stray quote is copied as it stands, so that the row is as bad as before.
            if (row.stray_quote && row.cells[i].front() == '"')
                out += row.cells[i];
            else
                append_cell(out, row.cells[i], delimiter_);
        }
    }

    const std::vector<bool>& personal_;
    bool any_personal_;
    std::int64_t header_row_;
    char delimiter_;
};
}  // namespace

std::vector<std::string> Table::dropped_columns() const {
    std::vector<std::string> out;
    for (std::size_t i = 0; i < columns.size(); ++i)
        if (personal[i]) out.push_back(columns[i]);
    return out;
}

std::vector<std::string> Table::kept_columns() const {
    std::vector<std::string> out;
    for (std::size_t i = 0; i < columns.size(); ++i)
        if (!personal[i]) out.push_back(columns[i]);
    return out;
}

Result<FileSurvey> survey_file(const std::string& path) {
    FileSource file(path);
    HashedSource hashed(file);
    UnpackedSource unpacked(hashed);
    EncodingSurvey encoding;
    std::array<char, std::size_t{64} << 10> buffer;
    bool any = false;
    for (;;) {
        TRY(const std::size_t count, unpacked.read(buffer));
        if (count == 0) break;
        any = true;
        encoding.feed({buffer.data(), count});
    }
    if (!any) return make_error(errors::empty_file, "the file is empty");
    return FileSurvey{text::to_hex(hashed.hash_.finish()), hashed.bytes_, encoding.guess()};
}

Result<Table> examine(const std::string& path, Encoding encoding, std::optional<char> delimiter,
                      const InflateLimits& limits) {
    TRY(const std::string head, read_head(path, limits));
    Table out;
    out.encoding = encoding;
    const std::string sample = decode_all(std::string_view(head).substr(0, 64 << 10), encoding);
    out.delimiter = delimiter.value_or(guess_delimiter(sample));
    const Rows rows = first_rows(head, encoding, out.delimiter);
    if (std::all_of(rows.begin(), rows.end(), [](const auto& row) { return row.empty(); }))
        return make_error(errors::empty_file, "the file holds no rows");
    const auto header = find_header(rows);
    if (!header)
        return make_error(errors::no_header,
                          "the first row must name the columns; add such a row and upload again");
    out.header_row = static_cast<std::int64_t>(*header) + 1;
    out.columns = unique_names(rows[*header]);
    out.personal = personal_columns(out.columns);
    for (const Encoding other :
         {Encoding::utf8, Encoding::windows_1252, Encoding::gb18030, Encoding::shift_jis}) {
        if (!delimits_bytewise(encoding, out.delimiter) || other == encoding) continue;
        const Rows again = first_rows(head, other, out.delimiter);
        if (again.size() <= *header || again[*header].size() != out.columns.size()) continue;
        const std::vector<bool> personal = personal_columns(unique_names(again[*header]));
        for (std::size_t i = 0; i < personal.size(); ++i)
            if (personal[i]) out.personal[i] = true;
    }
    mark_personal_by_cells(rows, *header, out.personal);
    return out;
}

Result<CleanCopy> write_clean_copy(const std::string& from, const std::string& to,
                                   const Table& table, const InflateLimits& limits) {
    FileSource file(from);
    UnpackedSource unpacked(file, limits);
    const bool bytewise = delimits_bytewise(table.encoding, table.delimiter);
    RawText raw(unpacked);
    DecodedText decoded(unpacked, table.encoding);
    RowReader reader(bytewise ? static_cast<TextSource&>(raw) : decoded, table.delimiter);
    PackedFile out(to);
    const Cleaner cleaner(table);
    CleanCopy copy;
    copy.encoding = bytewise ? table.encoding : Encoding::utf8;
    std::string buffer;
    Row row;
    for (;;) {
        TRY(const bool more, reader.next(row));
        if (!more) break;
        if (cleaner.append(row, buffer)) ++copy.rows;
        if (buffer.size() < copy_bytes) continue;
        TRY_VOID(out.write(buffer));
        buffer.clear();
    }
    TRY_VOID(out.write(buffer));
    TRY_VOID(out.finish());
    return copy;
}

Result<void> for_each_row(const std::string& path, Encoding encoding, char delimiter,
                          std::int64_t header_row, const std::function<bool(const Row&)>& each) {
    FileSource file(path);
    UnpackedSource unpacked(file, own_copy);
    DecodedText text(unpacked, encoding);
    RowReader reader(text, delimiter);
    Row row;
    for (;;) {
        TRY(const bool more, reader.next(row));
        if (!more) return {};
        if (row.number <= header_row || row.is_blank()) continue;
        if (!each(row)) return {};
    }
}

}  // namespace entrepot::csv
