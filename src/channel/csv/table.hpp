// An uploaded file as a table: its form, and a copy of it that holds no personal data.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "channel/csv/columns.hpp"
#include "channel/csv/row_reader.hpp"

namespace entrepot::csv {

/// What the bytes of an upload say before its cells are looked at.
struct FileSurvey {
    std::string sha256_hex;  ///< of the bytes as uploaded
    std::int64_t bytes = 0;  ///< as uploaded
    Encoding encoding = Encoding::utf8;
};
/// Reads the whole file once.
Result<FileSurvey> survey_file(const std::string& path);

/// Form of a table.
struct Table {
    Encoding encoding = Encoding::utf8;
    char delimiter = ',';
    std::int64_t header_row = 1;  ///< rows above it are no part of the table
    std::vector<std::string> columns;
    std::vector<bool> personal;  ///< column by column: dropped while reading

    std::vector<std::string> dropped_columns() const;
    std::vector<std::string> kept_columns() const;
};

/// Finds delimiter, header and personal columns in the first rows. The names of the columns are
/// read in every encoding that the file might be in, so that a wrong guess does not let personal
/// data in. imports.empty_file, imports.no_header: without names nobody can tell which columns are
/// personal.
Result<Table> examine(const std::string& path, Encoding encoding, std::optional<char> delimiter,
                      const InflateLimits& limits = {});

struct CleanCopy {
    std::int64_t rows = 0;  ///< data rows: below the header, not blank
    /// utf8 when the cells could not be told apart in the original bytes, else the original
    /// encoding.
    Encoding encoding = Encoding::utf8;
};
/// Copies the table: personal cells empty, rows above the header blank. Where there are personal
/// columns, rows of another width and rows with stray quotes keep their width and nothing else,
/// because their cells may be shifted.
Result<CleanCopy> write_clean_copy(const std::string& from, const std::string& to,
                                   const Table& table, const InflateLimits& limits = {});

/// Rows below the header of a clean copy, with the header's position known. Stops when `each` says
/// false.
Result<void> for_each_row(const std::string& path, Encoding encoding, char delimiter,
                          std::int64_t header_row, const std::function<bool(const Row&)>& each);

}  // namespace entrepot::csv
