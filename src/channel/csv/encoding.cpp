// Decoding by ICU; the choice among the encodings without a mark by what the bytes would mean.
#include "channel/csv/encoding.hpp"

#include <unicode/ucnv.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

namespace entrepot::csv {
namespace {
constexpr std::size_t chunk_bytes = std::size_t{64} << 10;
constexpr std::size_t sample_bytes_max = std::size_t{256} << 10;
constexpr std::size_t sample_line_bytes_max = std::size_t{4} << 10;

std::uint8_t byte(char c) {
    return static_cast<std::uint8_t>(c);
}
bool between(std::uint8_t b, int first, int last) {
    return b >= first && b <= last;
}

bool is_ascii(std::string_view bytes) {
    std::size_t at = 0;
    for (; at + 8 <= bytes.size(); at += 8) {
        std::uint64_t word;
        std::memcpy(&word, bytes.data() + at, 8);
        if ((word & 0x8080808080808080ULL) != 0) return false;
    }
    for (; at < bytes.size(); ++at)
        if (byte(bytes[at]) >= 0x80) return false;
    return true;
}

/// Bytes of the UTF-8 sequence that starts here: 0 = not one, -1 = cut off by the end.
int utf8_sequence(std::string_view s) {
    const std::uint8_t lead = byte(s[0]);
    if (lead < 0x80) return 1;
    if (lead < 0xC2 || lead > 0xF4) return 0;
    const int count = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    for (int i = 1; i < count; ++i) {
        if (static_cast<std::size_t>(i) >= s.size()) return -1;
        const std::uint8_t b = byte(s[static_cast<std::size_t>(i)]);
        const int first = i == 1 && lead == 0xE0 ? 0xA0 : i == 1 && lead == 0xF0 ? 0x90 : 0x80;
        const int last = i == 1 && lead == 0xED ? 0x9F : i == 1 && lead == 0xF4 ? 0x8F : 0xBF;
        if (!between(b, first, last)) return 0;
    }
    return count;
}

/// How well a text fits an encoding: points per byte above 0x7F.
struct Fit {
    std::int64_t points = 0;
    std::int64_t bytes = 0;
    void add(int score, int count) {
        points += score * count;
        bytes += count;
    }
    bool better_than(const Fit& other) const {
        return points * std::max<std::int64_t>(other.bytes, 1) >
               other.points * std::max<std::int64_t>(bytes, 1);
    }
};
constexpr int impossible = -50;

/// First-level hanzi (rows 16–55 of GB 2312) are what Chinese text is made of.
int gb_pair_score(std::uint8_t lead, std::uint8_t trail) {
    if (trail < 0xA1) return -3;
    if (between(lead, 0xB0, 0xD7)) return 10;
    if (between(lead, 0xA1, 0xA3)) return 4;
    return between(lead, 0xD8, 0xF7) ? 2 : -3;
}

Fit fit_gb18030(std::string_view s) {
    Fit fit;
    for (std::size_t i = 0; i < s.size(); ++i) {
        const std::uint8_t lead = byte(s[i]);
        if (lead < 0x80) continue;
        const std::uint8_t trail = i + 1 < s.size() ? byte(s[i + 1]) : 0;
        const bool four = between(trail, 0x30, 0x39) && i + 3 < s.size() &&
                          between(byte(s[i + 2]), 0x81, 0xFE) &&
                          between(byte(s[i + 3]), 0x30, 0x39);
        if (!between(lead, 0x81, 0xFE) ||
            !(four || between(trail, 0x40, 0x7E) || between(trail, 0x80, 0xFE))) {
            fit.add(impossible, 1);
        } else if (four) {
            fit.add(-1, 4);
            i += 3;
        } else {
            fit.add(gb_pair_score(lead, trail), 2);
            ++i;
        }
    }
    return fit;
}

/// Kana and first-level kanji are what Japanese text is made of.
int sjis_pair_score(std::uint8_t lead, std::uint8_t trail) {
    if (lead == 0x82) return trail >= 0x9F ? 10 : 6;
    if (lead == 0x83) return trail <= 0x96 ? 10 : 0;
    if (lead == 0x81) return 4;
    if (between(lead, 0x88, 0x97)) return 8;
    return lead >= 0xF0 ? -5 : between(lead, 0x84, 0x87) ? 0 : 1;
}

Fit fit_shift_jis(std::string_view s) {
    Fit fit;
    for (std::size_t i = 0; i < s.size(); ++i) {
        const std::uint8_t lead = byte(s[i]);
        if (lead < 0x80) continue;
        if (between(lead, 0xA1, 0xDF)) {
            fit.add(0, 1);
            continue;
        }
        const std::uint8_t trail = i + 1 < s.size() ? byte(s[i + 1]) : 0;
        const bool pair = (between(lead, 0x81, 0x9F) || between(lead, 0xE0, 0xFC)) &&
                          (between(trail, 0x40, 0x7E) || between(trail, 0x80, 0xFC));
        if (!pair) {
            fit.add(impossible, 1);
        } else {
            fit.add(sjis_pair_score(lead, trail), 2);
            ++i;
        }
    }
    return fit;
}

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// Accented letters stand among letters, signs stand alone; long runs of high bytes are neither.
int cp1252_score(std::string_view s, std::size_t i) {
    const std::uint8_t b = byte(s[i]);
    if (b == 0x81 || b == 0x8D || b == 0x8F || b == 0x90 || b == 0x9D) return impossible;
    const auto high = [&](std::size_t at) { return at < s.size() && byte(s[at]) >= 0x80; };
    const bool before = i > 0 && high(i - 1), after = high(i + 1);
    if ((before && after) || (after && high(i + 2)) || (before && i > 1 && high(i - 2))) return -8;
    const bool letter = b >= 0xC0 && b != 0xD7 && b != 0xF7;
    const bool in_word =
        (i > 0 && is_letter(s[i - 1])) || (i + 1 < s.size() && is_letter(s[i + 1]));
    if (letter) return in_word ? 8 : before || after ? 0 : 3;
    return before || after ? -2 : 6;
}

Fit fit_windows_1252(std::string_view s) {
    Fit fit;
    for (std::size_t i = 0; i < s.size(); ++i)
        if (byte(s[i]) >= 0x80) fit.add(cp1252_score(s, i), 1);
    return fit;
}

const char* converter_name(Encoding encoding) {
    switch (encoding) {
        case Encoding::utf8:
            return "UTF-8";
        case Encoding::utf16le:
            return "UTF-16LE";
        case Encoding::utf16be:
            return "UTF-16BE";
        case Encoding::gb18030:
            return "gb18030";
        case Encoding::windows_1252:
            return "windows-1252";
        case Encoding::shift_jis:
            // Microsoft's variant: what Excel writes, with 0x5C as backslash and ①, ㈱.
            return "ibm-943_P15A-2003";
    }
    return "UTF-8";
}
}  // namespace

bool delimits_bytewise(Encoding encoding, char delimiter) {
    if (encoding == Encoding::utf16le || encoding == Encoding::utf16be) return false;
    const bool one_byte = encoding == Encoding::utf8 || encoding == Encoding::windows_1252;
    return one_byte || delimiter != '|';
}

struct EncodingSurvey::State {
    std::string head;     ///< first bytes, for the mark
    bool utf8 = true;     ///< so far
    std::string pending;  ///< UTF-8 sequence that a chunk's end cut
    std::string line;     ///< current line while it is short
    bool line_high = false;
    std::string sample;  ///< lines with bytes above 0x7F

    void check_utf8(std::string_view bytes) {
        std::string joined;
        if (!pending.empty()) {
            joined = pending;
            joined += bytes;
            bytes = joined;
            pending.clear();
        }
        for (std::size_t at = 0; at < bytes.size();) {
            const int count = utf8_sequence(bytes.substr(at, 4));
            if (count == 0) {
                utf8 = false;
                return;
            }
            if (count < 0) {
                pending = bytes.substr(at);
                return;
            }
            at += static_cast<std::size_t>(count);
        }
    }

    void keep_lines(std::string_view bytes) {
        for (const char c : bytes) {
            if (c == '\n' || c == '\r') {
                if (line_high && sample.size() < sample_bytes_max) {
                    sample += line;
                    sample += '\n';
                }
                line.clear();
                line_high = false;
            } else if (line.size() < sample_line_bytes_max) {
                line += c;
                line_high = line_high || byte(c) >= 0x80;
            }
        }
    }
};

EncodingSurvey::EncodingSurvey() : state_(std::make_unique<State>()) {}
EncodingSurvey::~EncodingSurvey() = default;

void EncodingSurvey::feed(std::string_view bytes) {
    State& s = *state_;
    if (s.head.size() < 3) s.head += bytes.substr(0, 3 - s.head.size());
    if (is_ascii(bytes) && s.pending.empty()) {
        const auto line_end = bytes.find_last_of("\r\n");
        if (line_end == std::string_view::npos) {
            s.keep_lines(bytes.substr(0, sample_line_bytes_max));
        } else {
            s.keep_lines(bytes.substr(0, bytes.find_first_of("\r\n") + 1));
            s.keep_lines(bytes.substr(line_end + 1));
        }
        return;
    }
    if (s.utf8) s.check_utf8(bytes);
    if (s.sample.size() < sample_bytes_max) s.keep_lines(bytes);
}

Encoding EncodingSurvey::guess() const {
    const State& s = *state_;
    if (s.head.starts_with("\xEF\xBB\xBF")) return Encoding::utf8;
    if (s.head.starts_with("\xFF\xFE")) return Encoding::utf16le;
    if (s.head.starts_with("\xFE\xFF")) return Encoding::utf16be;
    if (s.utf8 && s.pending.empty()) return Encoding::utf8;
    const std::string_view sample = s.line_high && s.sample.empty() ? s.line : s.sample;
    const std::array<std::pair<Encoding, Fit>, 3> fits{
        {{Encoding::windows_1252, fit_windows_1252(sample)},
         {Encoding::gb18030, fit_gb18030(sample)},
         {Encoding::shift_jis, fit_shift_jis(sample)}}};
    const auto* best = &fits[0];
    for (const auto& fit : fits)
        if (fit.second.better_than(best->second)) best = &fit;
    return best->first;
}

struct Decoder::State {
    Encoding encoding;
    UConverter* converter = nullptr;
    std::string pending;  ///< UTF-8 only: sequence that a chunk's end cut
    bool at_start = true;
    std::array<char16_t, 4096> wide{};

    explicit State(Encoding e) : encoding(e) {
        if (e == Encoding::utf8) return;
        UErrorCode status = U_ZERO_ERROR;
        converter = ucnv_open(converter_name(e), &status);
        ensure(U_SUCCESS(status), "ICU does not know an encoding");
    }
    ~State() {
        if (converter != nullptr) ucnv_close(converter);
    }
    State(const State&) = delete;
    State& operator=(const State&) = delete;

    void decode_utf8(std::string_view bytes, bool last, std::string& out) {
        if (pending.empty() && is_ascii(bytes)) {
            out += bytes;
            return;
        }
        std::string joined = std::move(pending);
        pending.clear();
        joined += bytes;
        const std::string_view s = joined;
        std::size_t good = 0;
        for (std::size_t at = 0; at < s.size();) {
            const int count = utf8_sequence(s.substr(at, 4));
            if (count > 0) {
                at += static_cast<std::size_t>(count);
                continue;
            }
            out += s.substr(good, at - good);
            if (count < 0 && !last) {
                pending = s.substr(at);
                return;
            }
            out += replacement_character;
            at = count < 0 ? s.size() : at + 1;
            good = at;
        }
        out += s.substr(good);
    }

    /// UTF-16 units as UTF-8; ICU hands out whole characters but may split a surrogate pair.
    void append_wide(const char16_t* from, const char16_t* end, std::string& out) {
        for (; from != end; ++from) {
            std::uint32_t c = *from;
            if (c >= 0xD800 && c < 0xDC00) {
                high_surrogate = c;
                continue;
            }
            if (c >= 0xDC00 && c < 0xE000) {
                c = high_surrogate != 0 ? 0x10000 + ((high_surrogate - 0xD800) << 10) + (c - 0xDC00)
                                        : 0xFFFD;
            } else if (high_surrogate != 0) {
                out += replacement_character;
            }
            high_surrogate = 0;
            append_code_point(c, out);
        }
    }
    static void append_code_point(std::uint32_t c, std::string& out) {
        const auto put = [&](std::uint32_t b) { out += static_cast<char>(b); };
        if (c < 0x80) {
            put(c);
        } else if (c < 0x800) {
            put(0xC0 | c >> 6);
            put(0x80 | (c & 63));
        } else if (c < 0x10000) {
            put(0xE0 | c >> 12);
            put(0x80 | (c >> 6 & 63));
            put(0x80 | (c & 63));
        } else {
            put(0xF0 | c >> 18);
            put(0x80 | (c >> 12 & 63));
            put(0x80 | (c >> 6 & 63));
            put(0x80 | (c & 63));
        }
    }
    void decode_by_icu(std::string_view bytes, bool last, std::string& out) {
        const char* from = bytes.data();
        const char* const end = from + bytes.size();
        for (;;) {
            UErrorCode status = U_ZERO_ERROR;
            char16_t* to = wide.data();
            ucnv_toUnicode(converter, &to, wide.data() + wide.size(), &from, end, nullptr,
                           static_cast<UBool>(last), &status);
            append_wide(wide.data(), to, out);
            if (status == U_BUFFER_OVERFLOW_ERROR) continue;
            ensure(U_SUCCESS(status), "ICU stops at text");
            break;
        }
        if (last && high_surrogate != 0) {
            out += replacement_character;
            high_surrogate = 0;
        }
    }
    std::uint32_t high_surrogate = 0;
};

Decoder::Decoder(Encoding encoding) : state_(std::make_unique<State>(encoding)) {}
Decoder::~Decoder() = default;

void Decoder::decode(std::string_view bytes, bool last, std::string& out) {
    State& s = *state_;
    constexpr std::string_view mark = "\xEF\xBB\xBF";
    const std::size_t before = out.size();
    if (s.encoding == Encoding::utf8)
        s.decode_utf8(bytes, last, out);
    else
        s.decode_by_icu(bytes, last, out);
    if (!s.at_start || out.size() == before) return;
    s.at_start = false;
    if (std::string_view(out).substr(before).starts_with(mark)) out.erase(before, mark.size());
}

std::string decode_all(std::string_view bytes, Encoding encoding) {
    std::string out;
    Decoder decoder(encoding);
    decoder.decode(bytes, true, out);
    return out;
}

Result<bool> DecodedText::append_to(std::string& out) {
    if (ended_) return false;
    const std::size_t before = out.size();
    std::array<char, chunk_bytes> buffer;
    while (out.size() == before && !ended_) {
        TRY(const std::size_t count, bytes_.read(buffer));
        ended_ = count == 0;
        decoder_.decode({buffer.data(), count}, ended_, out);
    }
    return out.size() != before;
}

Result<bool> RawText::append_to(std::string& out) {
    constexpr std::string_view mark = "\xEF\xBB\xBF";
    const std::size_t before = out.size();
    std::array<char, chunk_bytes> buffer;
    bool ended = false;
    while (!ended && out.size() - before < (at_start_ ? mark.size() : 1)) {
        TRY(const std::size_t count, bytes_.read(buffer));
        out.append(buffer.data(), count);
        ended = count == 0;
    }
    if (at_start_ && std::string_view(out).substr(before).starts_with(mark))
        out.erase(before, mark.size());
    at_start_ = false;
    return !ended || out.size() != before;
}

}  // namespace entrepot::csv
