// zlib with a counter, ICU converters that stop at the first byte that does not belong.
#include "channel/amazon/document.hpp"

#include <unicode/ucnv.h>
#include <zlib.h>

#include <algorithm>
#include <memory>

#include "base/result.hpp"
#include "base/text.hpp"

namespace entrepot::amazon {
namespace {
constexpr int any_gzip_window = 15 + 16;
constexpr std::size_t chunk = std::size_t{256} << 10;
/// Small documents may unfold freely; the ratio judges from here on.
constexpr std::size_t ratio_free = std::size_t{1} << 20;
constexpr int layers_max = 2;

bool is_gzip(std::string_view bytes) {
    return bytes.size() >= 3 && bytes.starts_with("\x1F\x8B\x08");
}

struct Inflater {
    z_stream stream{};
    Inflater() { ensure(inflateInit2(&stream, any_gzip_window) == Z_OK, "zlib did not start"); }
    ~Inflater() { inflateEnd(&stream); }
    Inflater(const Inflater&) = delete;
    Inflater& operator=(const Inflater&) = delete;
};

Unpacking inflate_layer(const std::string& in) {
    Unpacking out;
    Inflater inflater;
    z_stream& z = inflater.stream;
    std::string input(in);
    z.next_in = reinterpret_cast<Bytef*>(input.data());
    z.avail_in = static_cast<uInt>(input.size());
    std::string buffer(chunk, '\0');
    for (;;) {
        z.next_out = reinterpret_cast<Bytef*>(buffer.data());
        z.avail_out = static_cast<uInt>(buffer.size());
        const int code = inflate(&z, Z_NO_FLUSH);
        out.bytes.append(buffer, 0, buffer.size() - z.avail_out);
        const std::size_t size = out.bytes.size();
        if (size > document_bytes_max ||
            (size > ratio_free && size / document_ratio_max > in.size())) {
            return {Unpacked::bomb, {}};
        }
        if (code == Z_STREAM_END) {
            // A further member may follow; anything else behind the end is padding.
            const std::string_view rest(reinterpret_cast<const char*>(z.next_in), z.avail_in);
            if (!is_gzip(rest)) return out;
            if (inflateReset(&z) != Z_OK) return {Unpacked::broken, {}};
        } else if (code == Z_BUF_ERROR || (code == Z_OK && z.avail_in == 0 && z.avail_out != 0)) {
            return {Unpacked::truncated, {}};
        } else if (code != Z_OK) {
            return {Unpacked::broken, {}};
        }
    }
}

using Converter = std::unique_ptr<UConverter, decltype(&ucnv_close)>;

Converter open_converter(const std::string& name) {
    UErrorCode error = U_ZERO_ERROR;
    Converter converter(ucnv_open(name.c_str(), &error), &ucnv_close);
    if (U_FAILURE(error)) return {nullptr, &ucnv_close};
    ucnv_setToUCallBack(converter.get(), UCNV_TO_U_CALLBACK_STOP, nullptr, nullptr, nullptr,
                        &error);
    ucnv_setFromUCallBack(converter.get(), UCNV_FROM_U_CALLBACK_STOP, nullptr, nullptr, nullptr,
                          &error);
    if (U_FAILURE(error)) return {nullptr, &ucnv_close};
    return converter;
}

/// Nothing when the charset is unknown or a byte does not belong to it.
std::optional<std::string> convert(std::string_view bytes, const std::string& charset) {
    const Converter source = open_converter(charset);
    const Converter target = open_converter("UTF-8");
    if (!source || !target) return std::nullopt;
    std::string out(bytes.size() * 3 + 16, '\0');
    char* to = out.data();
    const char* from = bytes.data();
    UErrorCode error = U_ZERO_ERROR;
    ucnv_convertEx(target.get(), source.get(), &to, out.data() + out.size(), &from,
                   bytes.data() + bytes.size(), nullptr, nullptr, nullptr, nullptr, true, true,
                   &error);
    if (U_FAILURE(error)) return std::nullopt;
    out.resize(static_cast<std::size_t>(to - out.data()));
    return out;
}

std::string declared_charset(std::string_view content_type) {
    for (const std::string_view part : text::split(content_type, ';')) {
        const std::string_view item = text::trim(part);
        if (!text::starts_with_ignore_case(item, "charset=")) continue;
        std::string_view name = text::trim(item.substr(8));
        if (name.size() >= 2 && name.front() == '"' && name.back() == '"')
            name = name.substr(1, name.size() - 2);
        return text::to_lower_ascii(name);
    }
    return {};
}

bool beyond_ascii(std::string_view bytes) {
    return std::any_of(bytes.begin(), bytes.end(),
                       [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
}

std::string habit_name(Charset habit) {
    switch (habit) {
        case Charset::windows_31j:
            return "windows-31j";
        case Charset::utf_8:
        case Charset::windows_1252:
            break;
    }
    // Where UTF-8 is the habit and the bytes are not, the older form of the same files is meant.
    return "windows-1252";
}
}  // namespace

Unpacking unpack(std::string bytes) {
    for (int layer = 0; layer < layers_max && is_gzip(bytes); ++layer) {
        Unpacking inner = inflate_layer(bytes);
        if (inner.state != Unpacked::ok) return inner;
        bytes = std::move(inner.bytes);
    }
    if (is_gzip(bytes)) return {Unpacked::bomb, {}};
    return {Unpacked::ok, std::move(bytes)};
}

std::optional<Decoded> decode_text(std::string_view bytes, std::string_view content_type,
                                   Charset habit) {
    if (bytes.starts_with("\xEF\xBB\xBF")) {
        if (!text::is_utf8(bytes.substr(3))) return std::nullopt;
        return Decoded{std::string(bytes.substr(3)), "utf-8 with mark", ""};
    }
    for (const auto& [mark, name] :
         {std::pair<std::string_view, const char*>{"\xFF\xFE", "UTF-16LE"},
          std::pair<std::string_view, const char*>{"\xFE\xFF", "UTF-16BE"}}) {
        if (!bytes.starts_with(mark)) continue;
        auto wide = convert(bytes.substr(2), name);
        if (!wide) return std::nullopt;
        return Decoded{std::move(*wide), std::string(text::to_lower_ascii(name)) + " with mark",
                       ""};
    }
    const std::string declared = declared_charset(content_type);
    const bool utf8 = text::is_utf8(bytes);
    if (utf8 &&
        (declared.empty() || declared == "utf-8" || declared == "utf8" || beyond_ascii(bytes))) {
        const bool told = declared.empty() || declared == "utf-8" || declared == "utf8";
        return Decoded{std::string(bytes), "utf-8",
                       told ? "" : "declared as " + declared + ", but the bytes are UTF-8"};
    }
    if (!declared.empty() && declared != "utf-8" && declared != "utf8")
        if (auto text = convert(bytes, declared)) return Decoded{std::move(*text), declared, ""};
    if (utf8) return Decoded{std::string(bytes), "utf-8", ""};
    const std::string name = habit_name(habit);
    auto text = convert(bytes, name);
    if (!text) return std::nullopt;
    return Decoded{std::move(*text), name,
                   declared.empty() ? "" : "declared as " + declared + ", read as " + name};
}

}  // namespace entrepot::amazon
