// The chain, its copy and the mark.
#include "keyd/ledger.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <filesystem>
#include <stdexcept>

#include "base/text.hpp"
#include "keyd/files.hpp"

namespace entrepot::keyd {
namespace json = boost::json;

namespace {
constexpr std::uint16_t mark_field = 1;
constexpr std::uint16_t mark_version = 1;

void put(std::string& out, std::uint64_t value, std::size_t bytes) {
    for (std::size_t i = bytes; i-- > 0;) out.push_back(static_cast<char>(value >> (8 * i) & 0xFF));
}
void put(std::string& out, std::string_view text) {
    put(out, text.size(), 4);
    out += text;
}
void put(std::string& out, const Uuid& id) {
    out.append(reinterpret_cast<const char*>(id.bytes.data()), id.bytes.size());
}
std::uint64_t take(std::string_view& in, std::size_t bytes) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < bytes; ++i) value = value << 8 | static_cast<std::uint8_t>(in[i]);
    in.remove_prefix(bytes);
    return value;
}
std::int64_t micros(Instant at) {
    return at.time_since_epoch().count();
}
crypto::Bytes32 bytes32(std::string_view raw) {
    crypto::Bytes32 out{};
    if (raw.size() == out.size()) std::copy(raw.begin(), raw.end(), out.begin());
    return out;
}
std::optional<std::string> from_hex(std::string_view hex) {
    if (hex.size() % 2 != 0) return std::nullopt;
    const auto nibble = [](char c) {
        return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
    };
    std::string out;
    for (std::size_t i = 0; i < hex.size(); i += 2) {
        const int high = nibble(hex[i]);
        const int low = nibble(hex[i + 1]);
        if (high < 0 || low < 0) return std::nullopt;
        out.push_back(static_cast<char>(high << 4 | low));
    }
    return out;
}
std::string to_hex(std::string_view raw) {
    return text::to_hex({reinterpret_cast<const std::uint8_t*>(raw.data()), raw.size()});
}
crypto::Place place_of_mark() {
    return crypto::Place::field(TenantId{}, Uuid{}, Uuid{}, mark_field, mark_version);
}
}  // namespace

std::string raw_of(const crypto::Bytes32& digest) {
    return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

void seal_line(store::LedgerRow& line, const std::optional<store::LedgerRow>& head) {
    const crypto::Bytes32 before = head ? bytes32(head->digest.data) : crypto::Bytes32{};
    line.digest.data = raw_of(digest_of(before, line));
}

crypto::Bytes32 digest_of(const crypto::Bytes32& before, const store::LedgerRow& line) {
    std::string out = raw_of(before);
    put(out, static_cast<std::uint64_t>(line.position), 8);
    put(out, static_cast<std::uint64_t>(micros(line.at)), 8);
    put(out, line.act);
    put(out, line.tenant_id.value);
    put(out, static_cast<std::uint64_t>(line.key_class), 1);
    put(out, line.id);
    put(out, line.fingerprint.data);
    put(out, line.reason);
    return crypto::sha256(out);
}

std::string text_of(const store::LedgerRow& line) {
    const json::object out = {{"position", line.position},
                              {"at_us", micros(line.at)},
                              {"act", line.act},
                              {"tenant_id", line.tenant_id.text()},
                              {"key_class", line.key_class},
                              {"id", line.id.text()},
                              {"fingerprint", to_hex(line.fingerprint.data)},
                              {"reason", line.reason},
                              {"digest", to_hex(line.digest.data)}};
    return json::serialize(out) + '\n';
}

std::optional<store::LedgerRow> line_from(std::string_view text) {
    boost::system::error_code error;
    const json::value parsed = json::parse(text, error);
    if (error || !parsed.is_object()) return std::nullopt;
    const json::object& in = parsed.as_object();
    const auto number = [&](std::string_view name) -> std::optional<std::int64_t> {
        const json::value* found = in.if_contains(name);
        if (found == nullptr || !found->is_int64()) return std::nullopt;
        return found->as_int64();
    };
    const auto word = [&](std::string_view name) -> std::optional<std::string> {
        const json::value* found = in.if_contains(name);
        if (found == nullptr || !found->is_string()) return std::nullopt;
        return std::string(found->as_string());
    };
    const auto position = number("position"), at = number("at_us"), key_class = number("key_class");
    const auto act = word("act"), tenant = word("tenant_id"), id = word("id"),
               fingerprint = word("fingerprint"), reason = word("reason"), digest = word("digest");
    if (!position || !at || !key_class || !act || !tenant || !id || !fingerprint || !reason ||
        !digest)
        return std::nullopt;
    const auto tenant_id = TenantId::parse(*tenant);
    const auto key_id = Uuid::parse(*id);
    const auto print = from_hex(*fingerprint), chain = from_hex(*digest);
    if (!tenant_id || !key_id || !print || !chain) return std::nullopt;
    return store::LedgerRow{*position,  Instant{std::chrono::microseconds{*at}},
                            *act,       *tenant_id,
                            *key_class, *key_id,
                            {*print},   *reason,
                            {*chain}};
}

OffsiteLedger::OffsiteLedger(std::string directory)
    : directory_(std::move(directory)), seal_(sealing_key(directory_)) {
    // A crash while a line was being appended: the database has it and it is written again.
    const auto text = read_small_file(copy_path());
    if (text && !text->empty() && text->back() != '\n')
        write_durably(copy_path(), std::string_view(*text).substr(0, text->rfind('\n') + 1));
}

crypto::SecretKey OffsiteLedger::sealing_key(const std::string& directory) {
    std::filesystem::create_directories(directory);
    const std::string path = directory + "/mark.key";
    auto bytes = read_small_file(path);
    if (!bytes) {
        const auto made = crypto::SecretKey::random();
        write_durably(path, made.view());
        return made.clone();
    }
    if (bytes->size() != crypto::SecretKey::size)
        throw std::runtime_error(path + " is not a key of 32 bytes; put the right file back");
    auto key = crypto::SecretKey::of(
        {reinterpret_cast<const std::uint8_t*>(bytes->data()), bytes->size()});
    crypto::wipe(bytes->data(), bytes->size());
    return key;
}

std::optional<HighWater> OffsiteLedger::mark() const {
    const auto cell = read_small_file(mark_path());
    if (!cell) return std::nullopt;
    const auto plain = seal_.open(*cell, place_of_mark());
    if (!plain || plain->size() != 16 + 8 + 8 + 32 + 8)
        throw std::runtime_error(mark_path() +
                                 " was not written by this keyd, or has been changed; "
                                 "see docs/operators/keys.md, \"The mark does not open\"");
    std::string_view in = crypto::view(*plain);
    HighWater out;
    std::copy_n(in.begin(), out.keyring.bytes.size(), out.keyring.bytes.begin());
    in.remove_prefix(out.keyring.bytes.size());
    out.epoch = static_cast<std::int64_t>(take(in, 8));
    out.position = static_cast<std::int64_t>(take(in, 8));
    out.digest = bytes32(in.substr(0, 32));
    in.remove_prefix(32);
    out.time = Instant{std::chrono::microseconds{static_cast<std::int64_t>(take(in, 8))}};
    return out;
}

void OffsiteLedger::set_mark(const HighWater& mark) {
    std::string out;
    put(out, mark.keyring);
    put(out, static_cast<std::uint64_t>(mark.epoch), 8);
    put(out, static_cast<std::uint64_t>(mark.position), 8);
    out += raw_of(mark.digest);
    put(out, static_cast<std::uint64_t>(micros(mark.time)), 8);
    write_durably(mark_path(), seal_.seal(out, place_of_mark(), 1));
}

std::vector<store::LedgerRow> OffsiteLedger::lines_after(std::int64_t position) const {
    std::vector<store::LedgerRow> out;
    const auto text = read_small_file(copy_path());
    if (!text) return out;
    std::string_view rest = *text;
    crypto::Bytes32 before{};
    std::int64_t expected = 1;
    while (!rest.empty()) {
        const std::size_t end = rest.find('\n');
        if (end == std::string_view::npos) break;
        const auto line = line_from(rest.substr(0, end));
        rest.remove_prefix(end + 1);
        if (!line || line->position != expected ||
            raw_of(digest_of(before, *line)) != line->digest.data)
            throw std::runtime_error(copy_path() + ": line " + std::to_string(expected) +
                                     " does not fit the one before it");
        before = bytes32(line->digest.data);
        ++expected;
        if (line->position > position) out.push_back(*line);
    }
    return out;
}

std::int64_t OffsiteLedger::last_position() const {
    const auto lines = lines_after(0);
    return lines.empty() ? 0 : lines.back().position;
}

void OffsiteLedger::append(const std::vector<store::LedgerRow>& lines) {
    std::string all;
    for (const store::LedgerRow& line : lines) all += text_of(line);
    if (!all.empty()) append_durably(copy_path(), all);
}

}  // namespace entrepot::keyd
