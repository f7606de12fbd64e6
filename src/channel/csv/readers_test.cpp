// The readers of uploaded tables: archives, encodings, rows, numbers, dates. Tables of cases, and
// the round trip of random rows.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <random>

#include "channel/csv/countries.hpp"
#include "channel/csv/csv.hpp"
#include "channel/csv/datetime.hpp"
#include "channel/csv/row_reader.hpp"

namespace entrepot::csv {
namespace {
using ::testing::ElementsAre;

std::string gzip(const std::string& bytes, int level = 9) {
    z_stream stream{};
    EXPECT_EQ(deflateInit2(&stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    std::string out(deflateBound(&stream, bytes.size()) + 64, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
}

Result<std::string> unpack(const std::string& bytes, InflateLimits limits = {}) {
    MemorySource memory(bytes);
    UnpackedSource unpacked(memory, limits);
    std::string out;
    std::array<char, 1000> buffer;
    for (;;) {
        TRY(const std::size_t count, unpacked.read(buffer));
        if (count == 0) return out;
        out.append(buffer.data(), count);
    }
}

/// Hands out a text in pieces of random size, so that every boundary is met sooner or later.
class PiecewiseText final : public TextSource {
public:
    PiecewiseText(std::string text, unsigned seed) : text_(std::move(text)), random_(seed) {}
    Result<bool> append_to(std::string& out) override {
        // Long texts come in the pieces of a file, or the limits would take minutes to reach.
        const std::size_t piece = text_.size() < 10'000 ? 1 + random_() % 7 : 64 << 10;
        const std::size_t count = std::min<std::size_t>(text_.size() - at_, piece);
        out.append(text_, at_, count);
        at_ += count;
        return count != 0;
    }

private:
    std::string text_;
    std::size_t at_ = 0;
    std::mt19937 random_;
};

using Cells = std::vector<std::string>;

Result<std::vector<Cells>> read_rows(const std::string& text, char delimiter = ',') {
    PiecewiseText source(text, 7);
    RowReader reader(source, delimiter);
    std::vector<Cells> out;
    Row row;
    for (;;) {
        TRY(const bool more, reader.next(row));
        if (!more) return out;
        out.emplace_back(row.cells.begin(), row.cells.end());
    }
}

std::string_view code_of(const auto& result) {
    return result.has_error() ? result.error().code.name : std::string_view("none");
}

TEST(CsvSource, plain_and_packed_bytes_are_the_same) {
    const std::string text = "a,b\n1,2\n";
    EXPECT_EQ(*unpack(text), text);
    EXPECT_EQ(*unpack(gzip(text)), text);
    EXPECT_EQ(*unpack(gzip("a,b\n") + gzip("1,2\n")), text) << "several members";
    EXPECT_EQ(*unpack(""), "");
}

TEST(CsvSource, a_bomb_is_refused_before_it_is_large) {
    const std::string bomb = gzip(std::string(50'000'000, 'a'));
    EXPECT_LT(bomb.size(), 60'000U);
    EXPECT_EQ(code_of(unpack(bomb)), "imports.archive_too_large");
    EXPECT_TRUE(unpack(gzip(std::string(1'000'000, 'a'))).has_value()) << "small files may be even";
    EXPECT_EQ(code_of(unpack(gzip("abcdef"), {.bytes_max = 5})), "imports.archive_too_large");
    EXPECT_EQ(code_of(unpack("abcdef", {.bytes_max = 5})), "imports.archive_too_large");
}

TEST(CsvSource, archives_in_archives_and_spreadsheets_are_refused) {
    EXPECT_EQ(code_of(unpack(gzip(gzip("a,b\n")))), "imports.archive_nested");
    EXPECT_EQ(code_of(unpack("PK\x03\x04 rest of a workbook")), "imports.not_a_table");
    EXPECT_EQ(code_of(unpack(gzip("PK\x03\x04 rest of a workbook"))), "imports.not_a_table");
    EXPECT_EQ(code_of(unpack("%PDF-1.7 and so on")), "imports.not_a_table");
}

TEST(CsvSource, damaged_archives_are_told) {
    std::string packed = gzip("a long enough text to be cut in two, somewhere in the middle");
    EXPECT_EQ(code_of(unpack(packed.substr(0, packed.size() - 5))), "imports.archive_damaged");
    packed[packed.size() / 2] ^= 0x55;
    EXPECT_EQ(code_of(unpack(packed)), "imports.archive_damaged");
}

struct EncodingCase {
    const char* name;
    std::string bytes;
    Encoding encoding;
    std::string utf8;
};

const std::vector<EncodingCase>& encoding_cases() {
    static const std::vector<EncodingCase> cases{
        {"ascii", "order,sku\n1,A\n", Encoding::utf8, "order,sku\n1,A\n"},
        {"utf8", "Größe,数量\n", Encoding::utf8, "Größe,数量\n"},
        {"bom", "\xEF\xBB\xBFGröße\n", Encoding::utf8, "Größe\n"},
        {"utf16le",
         std::string("\xFF\xFE"
                     "A\0,\0\x70\x65\n\0",
                     10),
         Encoding::utf16le, "A,数\n"},
        {"utf16be", std::string("\xFE\xFF\0A\0,\x65\x70\0\n", 10), Encoding::utf16be, "A,数\n"},
        {"german",
         "Artikel;Gr\xF6\xDF"
         "e\nM\xFCllers K\xE4se;\x80 5\n",
         Encoding::windows_1252, "Artikel;Größe\nMüllers Käse;€ 5\n"},
        {"french", "Caf\xE9 \xE0 la cr\xE8me,d\xE9j\xE0\n", Encoding::windows_1252,
         "Café à la crème,déjà\n"},
        {"pounds",
         "price\n\xA3"
         "5.00\n\xA3"
         "6.10\n",
         Encoding::windows_1252, "price\n£5.00\n£6.10\n"},
        // 订单编号,商品数量
        {"gb2312", "\xB6\xA9\xB5\xA5\xB1\xE0\xBA\xC5,\xC9\xCC\xC6\xB7\xCA\xFD\xC1\xBF\n",
         Encoding::gb18030, "订单编号,商品数量\n"},
        // 𠮷 needs four bytes.
        {"gb18030", "\xC9\xCC\xC6\xB7\xC3\xFB\xB3\xC6,\x95\x34\xB2\x35\n", Encoding::gb18030,
         "商品名称,\U00020BB7\n"},
        // 注文番号,商品名,タオル
        {"shift_jis",
         "\x92\x8D\x95\xB6\x94\xD4\x8D\x86,\x8F\xA4\x95\x69\x96\xBC,\x83\x5E\x83\x49\x83\x8B\n",
         Encoding::shift_jis, "注文番号,商品名,タオル\n"},
        // ひらがな①: a sign of Microsoft's variant.
        {"cp932", "\x82\xD0\x82\xE7\x82\xAA\x82\xC8\x87\x40\n", Encoding::shift_jis,
         "ひらがな①\n"}};
    return cases;
}

TEST(CsvEncoding, is_guessed_and_decoded_at_every_split) {
    for (const EncodingCase& c : encoding_cases()) {
        EncodingSurvey whole;
        whole.feed(c.bytes);
        EXPECT_EQ(whole.guess(), c.encoding) << c.name;
        EXPECT_EQ(decode_all(c.bytes, c.encoding), c.utf8) << c.name;
        for (std::size_t split = 0; split <= c.bytes.size(); ++split) {
            EncodingSurvey survey;
            std::string out;
            Decoder decoder(c.encoding);
            for (const auto& part : {c.bytes.substr(0, split), c.bytes.substr(split)}) {
                survey.feed(part);
                decoder.decode(part, false, out);
            }
            decoder.decode({}, true, out);
            EXPECT_EQ(out, c.utf8) << c.name << " split at " << split;
            EXPECT_EQ(survey.guess(), c.encoding) << c.name << " split at " << split;
        }
    }
}

TEST(CsvEncoding, one_late_byte_decides_against_utf8) {
    EncodingSurvey survey;
    for (int i = 0; i < 100; ++i) survey.feed("plain,ascii,row\n");
    survey.feed("M\xFCller,1\n");
    EXPECT_EQ(survey.guess(), Encoding::windows_1252);
}

TEST(CsvEncoding, what_is_malformed_becomes_the_replacement_character) {
    EXPECT_EQ(decode_all("a\xFFz", Encoding::utf8), "a\xEF\xBF\xBDz");
    EXPECT_EQ(decode_all("a\xE4\xB8", Encoding::utf8), "a\xEF\xBF\xBD");
    EXPECT_EQ(decode_all("\xED\xA0\x80", Encoding::utf8).find("\xED\xA0\x80"), std::string::npos)
        << "a surrogate is no character";
    EXPECT_NE(decode_all("\xC9\xCC\xC6", Encoding::gb18030).find(replacement_character),
              std::string::npos);
    EXPECT_NE(decode_all(std::string("\x3D\xD8", 2), Encoding::utf16le).find(replacement_character),
              std::string::npos);
}

TEST(CsvRows, the_grammar) {
    EXPECT_THAT(*read_rows("a,b\n1,2\n"), ElementsAre(Cells{"a", "b"}, Cells{"1", "2"}));
    EXPECT_THAT(*read_rows("a,b\r\n1,2"), ElementsAre(Cells{"a", "b"}, Cells{"1", "2"}));
    EXPECT_THAT(*read_rows("a,b\r1,2\r"), ElementsAre(Cells{"a", "b"}, Cells{"1", "2"}));
    EXPECT_THAT(*read_rows("\"a,b\",\"say \"\"hi\"\"\",\"two\nlines\"\n"),
                ElementsAre(Cells{"a,b", "say \"hi\"", "two\nlines"}));
    EXPECT_THAT(*read_rows("a,,\n,\n"), ElementsAre(Cells{"a", "", ""}, Cells{"", ""}));
    EXPECT_THAT(*read_rows("\"\",x\n"), ElementsAre(Cells{"", "x"}));
    EXPECT_THAT(*read_rows("5\" tape,x\n"), ElementsAre(Cells{"5\" tape", "x"}));
    EXPECT_THAT(*read_rows("a\tb,c\n", '\t'), ElementsAre(Cells{"a", "b,c"}));
    EXPECT_TRUE(read_rows("")->empty());
    EXPECT_THAT(*read_rows("a\n\nb\n"), ElementsAre(Cells{"a"}, Cells{""}, Cells{"b"}));
}

TEST(CsvRows, text_behind_a_closing_quote_marks_the_row) {
    PiecewiseText source("\"a\"b,c\nd,e\n", 1);
    RowReader reader(source, ',');
    Row row;
    ASSERT_TRUE(*reader.next(row));
    EXPECT_TRUE(row.stray_quote);
    EXPECT_THAT(row.cells, ElementsAre("\"a\"b", "c"));
    ASSERT_TRUE(*reader.next(row));
    EXPECT_FALSE(row.stray_quote);
    EXPECT_EQ(row.number, 2);
}

TEST(CsvRows, limits_name_the_row) {
    const auto open = read_rows("a,b\n\"never closed,\n1,2\n");
    EXPECT_EQ(code_of(open), "imports.quote_never_closed");
    EXPECT_NE(open.error().detail.find("row 2"), std::string::npos);
    EXPECT_EQ(code_of(read_rows("a\n" + std::string(cell_bytes_max + 1, 'x'))),
              "imports.cell_too_long");
    EXPECT_EQ(code_of(read_rows("a\n\"" + std::string(cell_bytes_max + 1, 'x') + "\"")),
              "imports.quote_never_closed");
    EXPECT_EQ(code_of(read_rows(std::string(columns_max, ','))), "imports.too_many_columns");
    EXPECT_TRUE(read_rows(std::string(columns_max - 1, ',')).has_value());
    std::string wide;
    for (int i = 0; i < 10; ++i) wide.append(600'000, 'y') += ',';
    EXPECT_EQ(code_of(read_rows(wide)), "imports.row_too_long");
}

TEST(CsvRows, what_is_written_is_read_again) {
    std::mt19937 random(20261122);
    const std::vector<std::string> pieces{"a",  "\"", "\"\"", ",",  ";",
                                          "\t", "\n", "\r\n", "\r", " ",
                                          "数", "|",  "=1",   "'",  "\xEF\xBB\xBF"};
    for (int round = 0; round < 400; ++round) {
        const char delimiter = std::array{',', '\t', ';', '|'}[random() % 4];
        std::vector<Cells> rows(1 + random() % 6);
        std::string text;
        for (Cells& cells : rows) {
            cells.resize(2 + random() % 5);
            for (std::size_t i = 0; i < cells.size(); ++i) {
                for (std::size_t n = random() % 5; n > 0; --n)
                    cells[i] += pieces[random() % pieces.size()];
                if (i != 0) text += delimiter;
                append_cell(text, cells[i], delimiter);
            }
            text += round % 2 == 0 ? "\n" : "\r\n";
        }
        ASSERT_EQ(*read_rows(text, delimiter), rows) << text;
    }
}

TEST(CsvRows, the_delimiter_is_the_one_that_splits_evenly) {
    EXPECT_EQ(guess_delimiter("a,b,c\n1,2,3\n"), ',');
    EXPECT_EQ(guess_delimiter("a;b;c\n1,5;2;3\n4,5;5;6\n"), ';');
    EXPECT_EQ(guess_delimiter("a\tb\n\"x, y\"\tz\n"), '\t');
    EXPECT_EQ(guess_delimiter("a|b|c\n1|2|3\n"), '|');
    EXPECT_EQ(guess_delimiter("one column\nonly\n"), ',');
}

TEST(CsvRows, cells_for_people_are_no_formulas) {
    const std::vector<std::string> payloads{
        "=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "＝1", "＋1", "－1",
        "＠A"};
    for (const std::string& payload : payloads) {
        std::string out;
        append_safe_cell(out, payload);
        const auto rows = read_rows(out);
        ASSERT_EQ(rows->size(), 1U) << payload;
        EXPECT_EQ(rows->front(), Cells{"'" + payload}) << payload;
    }
    std::string plain;
    append_safe_cell(plain, "a=b");
    EXPECT_EQ(plain, "a=b");
}

struct NumberCase {
    const char* cell;
    NumberFormat format;
    const char* value;  ///< text of the number, or the fault in brackets
};

TEST(CsvNumber, table) {
    using enum NumberFormat;
    const std::vector<NumberCase> cases{
        {"12", point, "12"},
        {" 1,234.50 ", point, "1234.5"},
        {"1.234,50", comma, "1234.5"},
        {"1 234,50", comma, "1234.5"},
        {"1\u00A0234,50", comma, "1234.5"},
        {"1\u202F234,5", comma, "1234.5"},
        {"1'234.50", point, "1234.5"},
        {"1\u2019234.50", point, "1234.5"},
        {"12,34,567.89", point, "1234567.89"},
        {"-5.5", point, "-5.5"},
        {"\u22125.5", point, "-5.5"},
        {"5.5-", point, "-5.5"},
        {"(1,000.00)", point, "-1000"},
        {"($5.00)", point, "-5"},
        {"-£5.00", point, "-5"},
        {"£-5.00", point, "-5"},
        {"€ 5,00", comma, "5"},
        {"5,00 €", comma, "5"},
        {"¥１２，３４５．６", point, "12345.6"},
        {"￥88.80", point, "88.8"},
        {"88.80元", point, "88.8"},
        {"CNY 1.5", point, "1.5"},
        {"1.5 USD", point, "1.5"},
        {"US$ 3.20", point, "3.2"},
        {"RMB9.9", point, "9.9"},
        {".5", point, "0.5"},
        {"0.001", point, "0.001"},
        {"0.00000001", point, "0.00000001"},
        {"0.001", comma, "[number_format]"},
        {"1,23", point, "[number_format]"},
        {"1.23", comma, "[number_format]"},
        {"1,234,56", comma, "[number_format]"},
        {"1,2345", point, "[number_format]"},
        {"1.23457E+15", point, "[scientific_number]"},
        {"1E5", point, "[scientific_number]"},
        {"0.000000001", point, "[out_of_range]"},
        {"123456789012345678901234567890", point, "[out_of_range]"},
        {"abc", point, "[not_a_number]"},
        {"", point, "[not_a_number]"},
        {"-", point, "[not_a_number]"},
        {"--5", point, "[not_a_number]"},
        {"-(5)", point, "[not_a_number]"},
        {"5%", point, "[not_a_number]"},
        {"3万", point, "[not_a_number]"},
        {"#REF!", point, "[spreadsheet_error]"},
        {"12 34", point, "[number_format]"},
    };
    for (const NumberCase& c : cases) {
        CellFault fault;
        const auto value = parse_number(c.cell, c.format, fault);
        const std::string got = value ? value->text() : "[" + std::string(fault) + "]";
        EXPECT_EQ(got, c.value) << c.cell;
    }
}

TEST(CsvNumber, identifiers_stay_text) {
    const std::vector<std::array<std::string, 2>> cases{
        {"00123", "00123"},
        {" 123456789012345678901234567890 ", "123456789012345678901234567890"},
        {"=\"114-0001234\"", "114-0001234"},
        {"'0012", "0012"},
        {"12E3", "12E3"},
        {"1.5E3", "1.5E3"},
        {"85123A", "85123A"},
        {"1.23457E+15", "[damaged_id]"},
        {"1,23457E+15", "[damaged_id]"},
        {"6E+08", "[damaged_id]"},
        {"#N/A", "[spreadsheet_error]"},
        {"########", "[spreadsheet_error]"},
        {"#1001", "#1001"}};
    for (const auto& [cell, expected] : cases) {
        CellFault fault;
        const std::string id = parse_identifier(cell, fault);
        EXPECT_EQ(fault.empty() ? id : "[" + std::string(fault) + "]", expected) << cell;
    }
}

std::string utc(const char* cell, DateFormat format, const char* zone) {
    const auto wall = parse_wall_time(cell, format);
    if (!wall) return "none";
    return format_instant(Zone::find(zone)->to_utc(*wall));
}

TEST(CsvDate, table) {
    using enum DateFormat;
    struct Case {
        const char* cell;
        DateFormat format;
        const char* expected;
    };
    const std::vector<Case> cases{{"2026-01-05", ymd, "2026-01-05T00:00:00Z"},
                                  {"2026/1/5 8:26", ymd, "2026-01-05T08:26:00Z"},
                                  {"2026.01.05 08:26:07", ymd, "2026-01-05T08:26:07Z"},
                                  {"20260105", ymd, "2026-01-05T00:00:00Z"},
                                  {"2026年1月5日", ymd, "2026-01-05T00:00:00Z"},
                                  {"2026年01月05日 18时26分07秒", ymd, "2026-01-05T18:26:07Z"},
                                  {"2026年1月5日 下午6:26", ymd, "2026-01-05T18:26:00Z"},
                                  {"２０２６／１／５", ymd, "2026-01-05T00:00:00Z"},
                                  {"2026-01-05T08:26:07.25Z", ymd, "2026-01-05T08:26:07.25Z"},
                                  {"2026-01-05T08:26:07+08:00", ymd, "2026-01-05T00:26:07Z"},
                                  {"2026-01-05 08:26:07 UTC", ymd, "2026-01-05T08:26:07Z"},
                                  {"5/1/2026", dmy, "2026-01-05T00:00:00Z"},
                                  {"05.01.2026 20:15", dmy, "2026-01-05T20:15:00Z"},
                                  {"05-Jan-2026", dmy, "2026-01-05T00:00:00Z"},
                                  {"5 January 2026 11:59 pm", dmy, "2026-01-05T23:59:00Z"},
                                  {"1/5/2026", mdy, "2026-01-05T00:00:00Z"},
                                  {"1/5/2026 12:00 AM", mdy, "2026-01-05T00:00:00Z"},
                                  {"1/5/2026 12:00 PM", mdy, "2026-01-05T12:00:00Z"},
                                  {"Jan 5, 2026", mdy, "2026-01-05T00:00:00Z"},
                                  {"Sept. 5, 2026", mdy, "2026-09-05T00:00:00Z"},
                                  {"13/5/2026", mdy, "none"},
                                  {"2026-02-30", ymd, "none"},
                                  {"2026-13-01", ymd, "none"},
                                  {"5/1/26", dmy, "none"},
                                  {"2026-01-05x", ymd, "none"},
                                  {"2026-01-05 25:00", ymd, "none"},
                                  {"2026-01-05 8", ymd, "none"},
                                  {"2026-01-05 13:00 PM", ymd, "none"},
                                  {"44927", ymd, "none"},
                                  {"", ymd, "none"}};
    for (const Case& c : cases) EXPECT_EQ(utc(c.cell, c.format, "UTC"), c.expected) << c.cell;
}

TEST(CsvDate, formats_that_fit_all_cells) {
    using enum DateFormat;
    EXPECT_THAT(fitting_formats({"2026-01-05", ""}), ElementsAre(ymd));
    EXPECT_THAT(fitting_formats({"1/5/2026", "2/6/2026"}), ElementsAre(dmy, mdy));
    EXPECT_THAT(fitting_formats({"1/5/2026", "13/6/2026"}), ElementsAre(dmy));
    EXPECT_THAT(fitting_formats({"1/5/2026", "6/13/2026"}), ElementsAre(mdy));
    EXPECT_THAT(fitting_formats({"13/5/2026", "6/13/2026"}), ElementsAre());
    EXPECT_THAT(fitting_formats({""}), ElementsAre());
}

TEST(CsvDate, clock_changes_in_the_zone) {
    using enum DateFormat;
    EXPECT_EQ(utc("2011-03-27 00:59", ymd, "Europe/London"), "2011-03-27T00:59:00Z");
    EXPECT_EQ(utc("2011-03-27 02:00", ymd, "Europe/London"), "2011-03-27T01:00:00Z");
    // Left out: as if the clock had not yet changed. Twice: the first.
    EXPECT_EQ(utc("2011-03-27 01:30", ymd, "Europe/London"), "2011-03-27T01:30:00Z");
    EXPECT_EQ(utc("2011-10-30 01:30", ymd, "Europe/London"), "2011-10-30T00:30:00Z");
    EXPECT_EQ(utc("2026-07-01 12:00", ymd, "America/Los_Angeles"), "2026-07-01T19:00:00Z");
    EXPECT_EQ(utc("2026-01-01 12:00", ymd, "Asia/Shanghai"), "2026-01-01T04:00:00Z");
    EXPECT_EQ(utc("2026-01-01 12:00", ymd, "Asia/Kathmandu"), "2026-01-01T06:15:00Z");
    EXPECT_FALSE(Zone::find("Mars/Olympus"));
    EXPECT_FALSE(Zone::find(""));
}

TEST(CsvCountry, names_codes_and_words_that_are_none) {
    const std::vector<std::array<std::string, 2>> cases{{"United Kingdom", "GB"},
                                                        {"uk", "GB"},
                                                        {"EIRE", "IE"},
                                                        {"USA", "US"},
                                                        {"RSA", "ZA"},
                                                        {"Germany", "DE"},
                                                        {"DEU", "DE"},
                                                        {"de", "DE"},
                                                        {"Hong Kong", "HK"},
                                                        {"Czech Republic", "CZ"},
                                                        {"英国", "GB"},
                                                        {"中国", "CN"},
                                                        {"美国", "US"},
                                                        {"日本", "JP"},
                                                        {"Channel Islands", ""},
                                                        {"European Community", ""},
                                                        {"Unspecified", ""},
                                                        {"", ""}};
    for (const auto& [word, code] : cases) EXPECT_EQ(country_code(word).value_or(""), code) << word;
}

}  // namespace
}  // namespace entrepot::csv
