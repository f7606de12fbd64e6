// File channel: tables of orders that a person uploads become orders of a file shop. The face of
// the folder: what the server wires up, and the codes that callers can meet.
#pragma once

#include "base/result.hpp"
#include "platform/module.hpp"

namespace entrepot::csv {

namespace errors {
// The file.
inline constexpr ErrorCode not_a_table{ErrorKind::invalid, "imports.not_a_table"};
inline constexpr ErrorCode empty_file{ErrorKind::invalid, "imports.empty_file"};
inline constexpr ErrorCode no_header{ErrorKind::invalid, "imports.no_header"};
inline constexpr ErrorCode archive_damaged{ErrorKind::invalid, "imports.archive_damaged"};
inline constexpr ErrorCode archive_nested{ErrorKind::invalid, "imports.archive_nested"};
inline constexpr ErrorCode archive_too_large{ErrorKind::too_large, "imports.archive_too_large"};
inline constexpr ErrorCode quote_never_closed{ErrorKind::invalid, "imports.quote_never_closed"};
inline constexpr ErrorCode cell_too_long{ErrorKind::too_large, "imports.cell_too_long"};
inline constexpr ErrorCode row_too_long{ErrorKind::too_large, "imports.row_too_long"};
inline constexpr ErrorCode too_many_columns{ErrorKind::too_large, "imports.too_many_columns"};
inline constexpr ErrorCode too_many_rows{ErrorKind::too_large, "imports.too_many_rows"};
inline constexpr ErrorCode no_space{ErrorKind::unavailable, "imports.no_space"};
// The request.
inline constexpr ErrorCode not_a_file_shop{ErrorKind::conflict, "imports.not_a_file_shop"};
inline constexpr ErrorCode wrong_state{ErrorKind::conflict, "imports.wrong_state"};
inline constexpr ErrorCode file_gone{ErrorKind::conflict, "imports.file_gone"};
inline constexpr ErrorCode encoding_fixed{ErrorKind::conflict, "imports.encoding_fixed"};
inline constexpr ErrorCode bad_settings{ErrorKind::invalid, "imports.bad_settings"};
/// Why an all-or-none run wrote nothing: see the row errors.
inline constexpr ErrorCode rows_refused{ErrorKind::conflict, "imports.rows_refused"};
}  // namespace errors

Module module();

}  // namespace entrepot::csv
