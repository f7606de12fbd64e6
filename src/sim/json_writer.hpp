// Appends JSON to a string. Pages of orders are written many times a second, so there is no tree
// in between; the caller is responsible for balanced begin and end calls.
#pragma once

#include <charconv>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace entrepot::sim {

class JsonWriter {
public:
    explicit JsonWriter(std::string& out) : out_(out) {}

    void begin_object() { open('{'); }
    void end_object() { close('}'); }
    void begin_array() { open('['); }
    void end_array() { close(']'); }

    /// Names are the writer's own constants: never in need of an escape.
    void key(std::string_view name) {
        separate();
        out_.push_back('"');
        out_.append(name);
        out_.append("\":");
        fresh_ = true;
    }
    void string(std::string_view value) {
        separate();
        quote(value);
    }
    void number(std::int64_t value) {
        separate();
        char digits[24];
        const auto end = std::to_chars(digits, digits + sizeof digits, value);
        out_.append(digits, end.ptr);
    }
    void boolean(bool value) {
        separate();
        out_.append(value ? "true" : "false");
    }
    void member(std::string_view name, std::string_view value) {
        key(name);
        string(value);
    }
    void member(std::string_view name, const char* value) { member(name, std::string_view(value)); }
    void member(std::string_view name, std::int64_t value) {
        key(name);
        number(value);
    }
    void member(std::string_view name, bool value) {
        key(name);
        boolean(value);
    }

private:
    void separate() {
        if (!fresh_) out_.push_back(',');
        fresh_ = false;
    }
    void open(char bracket) {
        separate();
        out_.push_back(bracket);
        fresh_ = true;
    }
    void close(char bracket) {
        out_.push_back(bracket);
        fresh_ = false;
    }
    // True when none of eight bytes is a control character, a quotation mark or a backslash.
    static bool plain(const char* bytes) {
        constexpr std::uint64_t ones = 0x0101010101010101ULL;
        constexpr std::uint64_t tops = 0x8080808080808080ULL;
        std::uint64_t word = 0;
        std::memcpy(&word, bytes, sizeof word);
        const std::uint64_t quotes = word ^ (ones * '"');
        const std::uint64_t slashes = word ^ (ones * '\\');
        const std::uint64_t hits = ((word - ones * 0x20) & ~word) | ((quotes - ones) & ~quotes) |
                                   ((slashes - ones) & ~slashes);
        return (hits & tops) == 0;
    }
    void quote(std::string_view value) {
        out_.push_back('"');
        std::size_t written = 0;
        for (std::size_t i = 0; i < value.size(); ++i) {
            while (i + 8 <= value.size() && plain(value.data() + i)) i += 8;
            if (i == value.size()) break;
            const auto c = static_cast<unsigned char>(value[i]);
            if (c >= 0x20 && c != '"' && c != '\\') continue;
            out_.append(value, written, i - written);
            written = i + 1;
            escape(c);
        }
        out_.append(value, written);
        out_.push_back('"');
    }
    void escape(unsigned char c) {
        constexpr std::string_view hex = "0123456789abcdef";
        if (c == '"' || c == '\\') {
            out_.push_back('\\');
            out_.push_back(static_cast<char>(c));
        } else {
            out_.append("\\u00");
            out_.push_back(hex[c >> 4U]);
            out_.push_back(hex[c & 15U]);
        }
    }

    std::string& out_;
    bool fresh_ = true;
};

}  // namespace entrepot::sim
