// Writer and reader of a trail's lines. The reader is strict on purpose: see trail_file.hpp.
#include "platform/audit/trail_file.hpp"

#include <algorithm>
#include <charconv>

#include "base/text.hpp"

namespace entrepot::audit {
namespace {
constexpr std::size_t path_length_max = 64;

// ---- writing --------------------------------------------------------------------------------

void write_text(std::string& out, std::string_view text) {
    constexpr std::string_view digits = "0123456789abcdef";
    out += '"';
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
            out += "\\u00";
            out += digits[static_cast<unsigned char>(c) >> 4];
            out += digits[static_cast<unsigned char>(c) & 15];
        } else {
            out += c;
        }
    }
    out += '"';
}

void write_hash(std::string& out, const Hash& hash) {
    out += '"';
    append_hex(out, bytes_of(hash));
    out += '"';
}

void write_path(std::string& out, const std::vector<Hash>& path) {
    out += '[';
    for (const Hash& hash : path) {
        if (out.back() != '[') out += ',';
        write_hash(out, hash);
    }
    out += ']';
}

void write_id(std::string& out, const std::optional<Uuid>& id) {
    if (!id)
        out += "null";
    else
        write_text(out, id->text());
}

void write_checkpoint(std::string& out, const Checkpoint& checkpoint) {
    out += R"({"checkpoint":{"origin":)";
    write_text(out, checkpoint.origin.text());
    out += R"(,"number":)" + std::to_string(checkpoint.number);
    out += R"(,"size":)" + std::to_string(checkpoint.size) + R"(,"root":)";
    write_hash(out, checkpoint.root);
    out += R"(,"at":)";
    write_text(out, format_instant(checkpoint.at));
    out += R"(,"previous":)";
    write_hash(out, checkpoint.previous);
    out += R"(,"key":)";
    write_text(out, checkpoint.key);
    out += R"(,"signature":")";
    append_hex(out, {reinterpret_cast<const char*>(checkpoint.signature.data()),
                     checkpoint.signature.size()});
    out += "\"}}";
}

// ---- reading --------------------------------------------------------------------------------

/// Walks along a line; after the first thing that does not fit it is no longer good and stays so.
class Cursor {
public:
    explicit Cursor(std::string_view line) : rest_(line) {}
    bool done() const { return good_ && rest_.empty(); }
    bool good() const { return good_; }

    Cursor& skip(std::string_view literal) {
        if (take(literal)) return *this;
        good_ = false;
        return *this;
    }
    bool take(std::string_view literal) {
        if (!good_ || !rest_.starts_with(literal)) return false;
        rest_.remove_prefix(literal.size());
        return true;
    }
    void read(std::uint64_t& out) {
        const bool leading_zero = rest_.size() > 1 && rest_[0] == '0' && is_digit(rest_[1]);
        const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), out);
        if (error != std::errc{} || leading_zero) good_ = false;
        if (good_) rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
    }
    void read(std::string& out) {
        out.clear();
        skip("\"");
        while (good_) {
            const std::size_t plain = plain_length();
            out.append(rest_.substr(0, plain));
            rest_.remove_prefix(plain);
            if (take("\"")) break;
            read_escape(out);
        }
        // What is not text cannot have been stored as text.
        if (good_ && !is_ascii(out) && !text::is_utf8(out)) good_ = false;
    }
    void read(Uuid& out) {
        const std::string_view digits = quoted(36);
        const auto id = Uuid::parse(digits);
        if (!id ||
            std::any_of(digits.begin(), digits.end(), [](char c) { return c >= 'A' && c <= 'F'; }))
            return fail();
        out = *id;
    }
    void read(std::optional<Uuid>& out) {
        out.reset();
        if (take("null")) return;
        read(out.emplace());
    }
    void read(Hash& out) {
        const auto hash = hash_of_hex(quoted(64));
        if (!hash) return fail();
        out = *hash;
    }
    void read(Signature& out) {
        const std::string_view hex = quoted(128);
        const auto first = hash_of_hex(hex.substr(0, std::min<std::size_t>(64, hex.size())));
        const auto second = hash_of_hex(hex.substr(std::min<std::size_t>(64, hex.size())));
        if (!first || !second) return fail();
        std::copy(first->begin(), first->end(), out.begin());
        std::copy(second->begin(), second->end(), out.begin() + 32);
    }
    void read(Instant& out) {
        const std::size_t end = rest_.find('"', 1);
        if (end == rest_.npos) return fail();
        const std::string_view words = quoted(end - 1);
        const auto at = parse_instant(words);
        // One moment has one spelling, or two lines could differ and be taken for the same.
        if (!at || words.back() != 'Z' || words[10] != 'T' || words[17] == '6' ||
            (words.size() > 20 && words[words.size() - 2] == '0') || words.size() > 27)
            return fail();
        out = *at;
    }
    void read(std::vector<Hash>& out) {
        out.clear();
        skip("[");
        if (take("]")) return;
        while (good_ && out.size() < path_length_max) {
            read(out.emplace_back());
            if (take("]")) return;
            skip(",");
        }
        fail();
    }

private:
    /// Without an early end, so that it takes many bytes at a time.
    static bool is_ascii(std::string_view words) {
        unsigned char all = 0;
        for (const char c : words) all |= static_cast<unsigned char>(c);
        return all < 0x80;
    }
    static bool is_digit(char c) { return c >= '0' && c <= '9'; }
    void fail() { good_ = false; }
    std::string_view quoted(std::size_t length) {
        if (!good_ || rest_.size() < length + 2 || rest_[0] != '"' || rest_[length + 1] != '"')
            return {};
        const std::string_view out = rest_.substr(1, length);
        rest_.remove_prefix(length + 2);
        return out;
    }
    std::size_t plain_length() const {
        std::size_t i = 0;
        while (i < rest_.size() && rest_[i] != '"' && rest_[i] != '\\' &&
               static_cast<unsigned char>(rest_[i]) >= 0x20 && rest_[i] != 0x7F)
            ++i;
        return i;
    }
    /// Only what the writer escapes, and only as it does.
    void read_escape(std::string& out) {
        if (take("\\\"")) {
            out += '"';
        } else if (take("\\\\")) {
            out += '\\';
        } else if (take("\\u00") && rest_.size() >= 2) {
            unsigned value = 0;
            const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + 2, value, 16);
            const bool escaped_so = value < 0x20 || value == 0x7F;
            const bool upper =
                (rest_[0] >= 'A' && rest_[0] <= 'F') || (rest_[1] >= 'A' && rest_[1] <= 'F');
            if (error != std::errc{} || end != rest_.data() + 2 || !escaped_so || upper)
                return fail();
            out += static_cast<char>(value);
            rest_.remove_prefix(2);
        } else {
            fail();
        }
    }

    std::string_view rest_;
    bool good_ = true;
};

void read_checkpoint(Cursor& in, Checkpoint& out) {
    in.skip(R"({"checkpoint":{"origin":)").read(out.origin);
    in.skip(R"(,"number":)").read(out.number);
    in.skip(R"(,"size":)").read(out.size);
    in.skip(R"(,"root":)").read(out.root);
    in.skip(R"(,"at":)").read(out.at);
    in.skip(R"(,"previous":)").read(out.previous);
    in.skip(R"(,"key":)").read(out.key);
    in.skip(R"(,"signature":)").read(out.signature);
    in.skip("}}");
}

template <class T>
std::optional<Line> finished(const Cursor& in, T&& value) {
    if (!in.done()) return std::nullopt;
    return Line(std::forward<T>(value));
}

std::optional<Line> read_header(Cursor in) {
    Header out{};
    in.skip(R"({"export":{"format":1,"origin":)").read(out.origin);
    in.skip(R"(,"tenant":)").read(out.tenant);
    in.skip(R"(,"exported_at":)").read(out.exported_at);
    in.skip("}}");
    return finished(in, out);
}

std::optional<Line> read_seen(Cursor in) {
    Seen out{};
    in.skip(R"({"seen":{"tenant":)").read(out.tenant);
    in.skip(R"(,"rows":)").read(out.rows);
    in.skip(R"(,"last_position":)").read(out.last_position);
    in.skip(R"(,"last":)");
    read_checkpoint(in, out.checkpoint);
    in.skip("}}");
    return finished(in, out);
}

std::optional<Line> read_consistency(Cursor in) {
    Consistency out{};
    in.skip(R"({"consistency":{"size":)").read(out.size);
    in.skip(R"(,"path":)").read(out.path);
    in.skip("}}");
    return finished(in, out);
}

std::optional<Line> read_ending(Cursor in) {
    Ending out{};
    in.skip(R"({"end":{"rows":)").read(out.rows);
    in.skip("}}");
    return finished(in, out);
}
}  // namespace

void write_line(std::string& out, const Header& header) {
    out += R"({"export":{"format":1,"origin":)";
    write_text(out, header.origin.text());
    out += R"(,"tenant":)";
    write_id(out, header.tenant);
    out += R"(,"exported_at":)";
    write_text(out, format_instant(header.exported_at));
    out += "}}\n";
}

void write_line(std::string& out, const Row& row) {
    const Entry& entry = row.entry;
    out += R"({"row":{"position":)" + std::to_string(row.position);
    out += R"(,"number":)" + std::to_string(row.number) + R"(,"leaf":)";
    write_hash(out, row.leaf);
    out += R"(,"tenant":)";
    write_text(out, entry.tenant.text());
    out += R"(,"id":)";
    write_text(out, entry.id.text());
    out += R"(,"at":)";
    write_text(out, format_instant(entry.at));
    out += R"(,"actor_kind":)";
    write_text(out, entry.actor_kind);
    out += R"(,"actor_id":)";
    write_id(out, entry.actor_id);
    for (const auto& [name, text] :
         {std::pair(R"(,"actor_name":)", &entry.actor_name), std::pair(R"(,"act":)", &entry.act),
          std::pair(R"(,"object_kind":)", &entry.object_kind),
          std::pair(R"(,"object_id":)", &entry.object_id),
          std::pair(R"(,"result":)", &entry.result), std::pair(R"(,"code":)", &entry.code),
          std::pair(R"(,"ip":)", &entry.ip), std::pair(R"(,"user_agent":)", &entry.user_agent),
          std::pair(R"(,"request_id":)", &entry.request_id),
          std::pair(R"(,"detail":)", &entry.detail)}) {
        out += name;
        write_text(out, *text);
    }
    if (!row.path.empty()) {
        out += R"(,"path":)";
        write_path(out, row.path);
    }
    out += "}}\n";
}

void write_line(std::string& out, const Checkpoint& checkpoint) {
    write_checkpoint(out, checkpoint);
    out += '\n';
}

void write_line(std::string& out, const Consistency& consistency) {
    out += R"({"consistency":{"size":)" + std::to_string(consistency.size) + R"(,"path":)";
    write_path(out, consistency.path);
    out += "}}\n";
}

void write_line(std::string& out, const Ending& ending) {
    out += R"({"end":{"rows":)" + std::to_string(ending.rows) + "}}\n";
}

void write_line(std::string& out, const Seen& seen) {
    out += R"({"seen":{"tenant":)";
    write_id(out, seen.tenant);
    out += R"(,"rows":)" + std::to_string(seen.rows);
    out += R"(,"last_position":)" + std::to_string(seen.last_position) + R"(,"last":)";
    write_checkpoint(out, seen.checkpoint);
    out += "}}\n";
}

bool read_row(std::string_view line, Row& row) {
    Cursor in(line);
    Entry& entry = row.entry;
    in.skip(R"({"row":{"position":)").read(row.position);
    in.skip(R"(,"number":)").read(row.number);
    in.skip(R"(,"leaf":)").read(row.leaf);
    in.skip(R"(,"tenant":)").read(entry.tenant);
    in.skip(R"(,"id":)").read(entry.id);
    in.skip(R"(,"at":)").read(entry.at);
    in.skip(R"(,"actor_kind":)").read(entry.actor_kind);
    in.skip(R"(,"actor_id":)").read(entry.actor_id);
    in.skip(R"(,"actor_name":)").read(entry.actor_name);
    in.skip(R"(,"act":)").read(entry.act);
    in.skip(R"(,"object_kind":)").read(entry.object_kind);
    in.skip(R"(,"object_id":)").read(entry.object_id);
    in.skip(R"(,"result":)").read(entry.result);
    in.skip(R"(,"code":)").read(entry.code);
    in.skip(R"(,"ip":)").read(entry.ip);
    in.skip(R"(,"user_agent":)").read(entry.user_agent);
    in.skip(R"(,"request_id":)").read(entry.request_id);
    in.skip(R"(,"detail":)").read(entry.detail);
    row.path.clear();
    if (in.take(R"(,"path":)")) {
        in.read(row.path);
        if (row.path.empty()) return false;
    }
    return in.skip("}}").done();
}

std::optional<Line> read_line(std::string_view line) {
    if (line.starts_with(R"({"row")")) {
        Row row{};
        if (!read_row(line, row)) return std::nullopt;
        return Line(std::move(row));
    }
    if (line.starts_with(R"({"checkpoint")")) {
        Cursor in(line);
        Checkpoint out{};
        read_checkpoint(in, out);
        return finished(in, out);
    }
    const Cursor in(line);
    if (line.starts_with(R"({"export")")) return read_header(in);
    if (line.starts_with(R"({"seen")")) return read_seen(in);
    if (line.starts_with(R"({"consistency")")) return read_consistency(in);
    if (line.starts_with(R"({"end")")) return read_ending(in);
    return std::nullopt;
}

}  // namespace entrepot::audit
