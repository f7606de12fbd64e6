// Which encoding a table is written in, and its stream of bytes as UTF-8.
#pragma once

#include <boost/describe/enum.hpp>
#include <memory>
#include <string>
#include <string_view>

#include "channel/csv/source.hpp"

namespace entrepot::csv {

enum class Encoding { utf8, utf16le, utf16be, gb18030, windows_1252, shift_jis };
BOOST_DESCRIBE_ENUM(Encoding, utf8, utf16le, utf16be, gb18030, windows_1252, shift_jis)

/// Bytes 0x22, 0x2C, 0x3B, 0x09, 0x0A and 0x0D stand for themselves only, so that cells can be told
/// apart without decoding. A vertical bar is a trail byte in GB18030 and Shift_JIS.
bool delimits_bytewise(Encoding encoding, char delimiter);

/// Looks at a whole file, chunk by chunk: byte order mark, else strict UTF-8, else the likeliest of
/// GB18030, Shift_JIS and windows-1252 by the characters that its lines would hold.
class EncodingSurvey {
public:
    EncodingSurvey();
    ~EncodingSurvey();
    EncodingSurvey(const EncodingSurvey&) = delete;
    EncodingSurvey& operator=(const EncodingSurvey&) = delete;
    void feed(std::string_view bytes);
    Encoding guess() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// Turns chunks into UTF-8. What the encoding does not know becomes U+FFFD; a byte order mark is
/// dropped. Output is always well-formed UTF-8.
class Decoder {
public:
    explicit Decoder(Encoding encoding);
    ~Decoder();
    Decoder(const Decoder&) = delete;
    Decoder& operator=(const Decoder&) = delete;
    /// Appends to `out`; `last` ends the stream, so that a cut character is seen.
    void decode(std::string_view bytes, bool last, std::string& out);

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// Whole text at once: headers and tests.
std::string decode_all(std::string_view bytes, Encoding encoding);

/// U+FFFD as UTF-8.
inline constexpr std::string_view replacement_character = "\xEF\xBF\xBD";

/// Chunks of text for the row reader.
class TextSource {
public:
    virtual ~TextSource() = default;
    /// Appends more text; false at the end.
    virtual Result<bool> append_to(std::string& out) = 0;
};

/// Decoded UTF-8.
class DecodedText final : public TextSource {
public:
    DecodedText(ByteSource& bytes, Encoding encoding) : bytes_(bytes), decoder_(encoding) {}
    Result<bool> append_to(std::string& out) override;

private:
    ByteSource& bytes_;
    Decoder decoder_;
    bool ended_ = false;
};

/// Bytes as they are but for a byte order mark, for encodings in which cells can be told apart
/// bytewise.
class RawText final : public TextSource {
public:
    explicit RawText(ByteSource& bytes) : bytes_(bytes) {}
    Result<bool> append_to(std::string& out) override;

private:
    ByteSource& bytes_;
    bool at_start_ = true;
};

}  // namespace entrepot::csv
