// Documents: layers of gzip, bombs, and every charset that reports have come in.
#include "channel/amazon/document.hpp"

#include <gtest/gtest.h>
#include <zlib.h>

namespace entrepot::amazon {
namespace {

std::string gzip(const std::string& bytes) {
    z_stream z{};
    deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
    std::string out(deflateBound(&z, bytes.size()), '\0');
    std::string in(bytes);
    z.next_in = reinterpret_cast<Bytef*>(in.data());
    z.avail_in = static_cast<uInt>(in.size());
    z.next_out = reinterpret_cast<Bytef*>(out.data());
    z.avail_out = static_cast<uInt>(out.size());
    deflate(&z, Z_FINISH);
    out.resize(z.total_out);
    deflateEnd(&z);
    return out;
}

TEST(AmazonDocument, unfolds_none_one_or_two_layers_and_several_members) {
    const std::string text = "amazon-order-id\tsku\r\n1\tA\r\n";
    EXPECT_EQ(unpack(text).bytes, text);
    EXPECT_EQ(unpack(gzip(text)).bytes, text);
    EXPECT_EQ(unpack(gzip(gzip(text))).bytes, text);
    EXPECT_EQ(unpack(gzip(text) + gzip(text)).bytes, text + text);
    EXPECT_EQ(unpack(gzip(text) + std::string(8, '\0')).bytes, text);
    EXPECT_EQ(unpack("").bytes, "");
}

TEST(AmazonDocument, bombs_and_broken_files_are_refused) {
    EXPECT_EQ(unpack(gzip(std::string(document_bytes_max + 1, 'a'))).state, Unpacked::bomb);
    EXPECT_EQ(unpack(gzip(std::string(std::size_t{8} << 20, 'a'))).state, Unpacked::bomb)
        << "a ratio of 1000:1 below the size limit";
    EXPECT_EQ(unpack(gzip(gzip(gzip("x")))).state, Unpacked::bomb);
    const std::string whole = gzip("some text that is long enough to be cut");
    EXPECT_EQ(unpack(whole.substr(0, whole.size() - 9)).state, Unpacked::truncated);
    EXPECT_EQ(unpack(std::string("\x1F\x8B\x08garbage that is no gzip at all")).state,
              Unpacked::broken);
}

TEST(AmazonDocument, charsets_by_mark_declaration_bytes_and_habit) {
    struct Case {
        std::string bytes, type;
        Charset habit;
        std::string text, encoding;
        bool warns;
    };
    const std::string sjis = "\x93\xFA\x96\x7B";  // 日本
    const std::string cp1252 = "K\xF6ln \x80";    // Köln €
    for (const Case& c : std::vector<Case>{
             {"plain", "", Charset::utf_8, "plain", "utf-8", false},
             {"\xEF\xBB\xBFK\xC3\xB6ln", "text/plain; charset=windows-1252", Charset::windows_1252,
              "Köln", "utf-8 with mark", false},
             {std::string("\xFF\xFE"
                          "a\0",
                          4),
              "", Charset::utf_8, "a", "utf-16le with mark", false},
             {cp1252, "text/plain; charset=Windows-1252", Charset::utf_8, "Köln €", "windows-1252",
              false},
             {cp1252, "text/plain;charset=\"ISO-8859-15\"", Charset::utf_8, "", "iso-8859-15",
              false},
             {cp1252, "", Charset::windows_1252, "Köln €", "windows-1252", false},
             {cp1252, "text/plain; charset=UTF-8", Charset::utf_8, "Köln €", "windows-1252", true},
             {sjis, "text/plain; charset=Shift_JIS", Charset::windows_1252, "日本", "shift_jis",
              false},
             {sjis, "", Charset::windows_31j, "日本", "windows-31j", false},
             {sjis, "text/plain; charset=UTF-8", Charset::windows_31j, "日本", "windows-31j", true},
             {"K\xC3\xB6ln", "", Charset::windows_1252, "Köln", "utf-8", false},
             {"K\xC3\xB6ln", "text/plain; charset=windows-1252", Charset::windows_1252, "Köln",
              "utf-8", true},
             {"\xE6\x97\xA5\xE6\x9C\xAC", "text/plain; charset=Windows-31J", Charset::windows_31j,
              "日本", "utf-8", true},
             {"plain", "text/plain; charset=windows-1252", Charset::windows_1252, "plain",
              "windows-1252", false},
             {cp1252, "text/plain; charset=no-such-thing", Charset::windows_1252, "Köln €",
              "windows-1252", true}}) {
        const auto decoded = decode_text(c.bytes, c.type, c.habit);
        ASSERT_TRUE(decoded) << c.type << ' ' << c.encoding;
        if (!c.text.empty()) {
            EXPECT_EQ(decoded->text, c.text) << c.type;
        }
        EXPECT_EQ(decoded->encoding, c.encoding) << c.type;
        EXPECT_EQ(!decoded->warning.empty(), c.warns) << c.type << ' ' << decoded->warning;
    }
}

TEST(AmazonDocument, what_belongs_to_no_charset_is_refused) {
    // FD is no lead byte of Shift_JIS.
    EXPECT_FALSE(decode_text("\xFD\xFE\xFF\x80", "", Charset::windows_31j));
    EXPECT_FALSE(decode_text("\xEF\xBB\xBF\xFF", "", Charset::utf_8));
}

}  // namespace
}  // namespace entrepot::amazon
