// Noise for the readers of uploaded tables. The first byte chooses encoding and delimiter; what
// must hold is checked, so that more than crashes is found.
#include <cstdint>

#include "base/text.hpp"
#include "channel/csv/columns.hpp"
#include "channel/csv/countries.hpp"
#include "channel/csv/datetime.hpp"
#include "channel/csv/row_reader.hpp"

namespace {
using namespace entrepot::csv;

void read_cell(std::string_view cell) {
    CellFault fault;
    for (const NumberFormat format : {NumberFormat::point, NumberFormat::comma}) {
        const auto number = parse_number(cell, format, fault);
        entrepot::ensure(number.has_value() == fault.empty(), "a number and a fault");
    }
    for (const DateFormat format : {DateFormat::ymd, DateFormat::dmy, DateFormat::mdy})
        static_cast<void>(parse_wall_time(cell, format));
    static_cast<void>(parse_identifier(cell, fault));
    static_cast<void>(is_personal_name(cell));
    static_cast<void>(country_code(cell));
    std::string safe;
    append_safe_cell(safe, cell);
}

/// Rows written again and read again are the same rows.
void read_rows(std::string_view bytes, Encoding encoding, char delimiter) {
    MemorySource memory(bytes);
    UnpackedSource unpacked(memory, {.bytes_max = 1 << 20});
    DecodedText text(unpacked, encoding);
    RowReader reader(text, delimiter);
    Row row;
    for (auto more = reader.next(row); more.has_value() && *more; more = reader.next(row)) {
        std::string written;
        for (std::size_t i = 0; i < row.cells.size(); ++i) {
            if (i != 0) written += delimiter;
            append_cell(written, row.cells[i], delimiter);
            entrepot::ensure(entrepot::text::is_utf8(row.cells[i]), "a cell is no UTF-8");
            read_cell(row.cells[i]);
        }
        written += '\n';
        MemorySource again_bytes(written);
        RawText again_text(again_bytes);
        RowReader again_reader(again_text, delimiter);
        Row again;
        if (written.starts_with("\xEF\xBB\xBF") || written.size() > cell_bytes_max) continue;
        entrepot::ensure(*again_reader.next(again) && again.cells == row.cells, "another row");
    }
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
    constexpr char delimiters[] = {',', '\t', ';', '|'};
    EncodingSurvey survey;
    survey.feed(bytes.substr(0, bytes.size() / 2));
    survey.feed(bytes.substr(bytes.size() / 2));
    const bool guess = (data[0] & 0x80) != 0;
    const Encoding encoding = guess ? survey.guess() : static_cast<Encoding>(data[0] % 6);
    read_rows(bytes, encoding, delimiters[data[0] / 8 % 4]);
    static_cast<void>(guess_delimiter(decode_all(bytes, encoding)));
    return 0;
}
