// Fixed-width numbers, texts with a length in front, nothing optional but what a count says.
#include "platform/keys/protocol.hpp"

#include <algorithm>
#include <array>

namespace entrepot::keys {
namespace {
constexpr std::uint8_t protocol_version = 1;
constexpr std::size_t request_id_max = 64;
constexpr std::size_t text_max = 1000;

class Writer {
public:
    Writer() { number(0, length_size); }
    void number(std::uint64_t value, std::size_t bytes) {
        for (std::size_t i = bytes; i-- > 0;) out_.push_back(static_cast<char>(value >> (8 * i)));
    }
    void raw(std::string_view text) { out_.insert(out_.end(), text.begin(), text.end()); }
    void id(const Uuid& id) {
        raw({reinterpret_cast<const char*>(id.bytes.data()), id.bytes.size()});
    }
    void text(std::string_view text, std::size_t length_bytes) {
        number(text.size(), length_bytes);
        raw(text);
    }
    crypto::SecretBytes finish() {
        const std::size_t body = out_.size() - length_size;
        for (std::size_t i = 0; i < length_size; ++i)
            out_[i] = static_cast<char>(body >> (8 * (length_size - 1 - i)));
        return std::move(out_);
    }

private:
    crypto::SecretBytes out_;
};

class Reader {
public:
    explicit Reader(std::string_view body) : rest_(body) {}
    std::uint64_t number(std::size_t bytes) {
        std::uint64_t value = 0;
        for (const char c : raw(bytes)) value = value << 8 | static_cast<std::uint8_t>(c);
        return value;
    }
    std::string_view raw(std::size_t size) {
        if (size > rest_.size()) {
            good_ = false;
            return {};
        }
        const std::string_view out = rest_.substr(0, size);
        rest_.remove_prefix(size);
        return out;
    }
    Uuid id() {
        Uuid id;
        const std::string_view bytes = raw(id.bytes.size());
        std::copy(bytes.begin(), bytes.end(), reinterpret_cast<char*>(id.bytes.data()));
        return id;
    }
    std::string text(std::size_t length_bytes, std::size_t max) {
        const std::uint64_t size = number(length_bytes);
        if (size > max) {
            good_ = false;
            return {};
        }
        return std::string(raw(size));
    }
    void require(bool condition) { good_ = good_ && condition; }
    bool good() const { return good_; }
    bool finished() const { return good_ && rest_.empty(); }

private:
    std::string_view rest_;
    bool good_ = true;
};

bool printable(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

constexpr std::array<std::string_view, 7> purposes = {
    "", "store", "fulfilment", "service", "rights_request", "legal_claim", "system"};
constexpr std::array<std::string_view, 7> outcomes = {
    "ok", "unknown", "destroyed", "restricted", "over_budget", "exists", "not_permitted"};
}  // namespace

std::string_view name_of(Purpose purpose) {
    return purposes.at(static_cast<std::size_t>(purpose));
}

std::optional<Purpose> purpose_named(std::string_view name) {
    const auto found = std::find(purposes.begin() + 1, purposes.end(), name);
    if (found == purposes.end()) return std::nullopt;
    return static_cast<Purpose>(found - purposes.begin());
}

std::string_view name_of(Outcome outcome) {
    return outcomes.at(static_cast<std::size_t>(outcome));
}

std::string encode_probe(std::uint16_t field, std::uint16_t version, std::string_view sealed) {
    std::string out;
    for (const std::uint16_t number : {field, version}) {
        out += static_cast<char>(number >> 8);
        out += static_cast<char>(number & 0xFF);
    }
    return out.append(sealed);
}

std::uint32_t announced(std::string_view length) {
    return static_cast<std::uint32_t>(Reader(length).number(length_size));
}

crypto::SecretBytes encode(const Request& request) {
    ensure(request.ids.size() <= ids_max, "too many keys in one request");
    ensure(request.text.size() <= text_max && request.caller.request_id.size() <= request_id_max,
           "a text of a key request is too long");
    Writer out;
    out.number(protocol_version, 1);
    out.number(static_cast<std::uint8_t>(request.operation), 1);
    out.number(static_cast<std::uint8_t>(request.caller.purpose), 1);
    out.number(static_cast<std::uint8_t>(request.key_class), 1);
    out.number(request.flag ? 1 : 0, 1);
    out.id(request.keyring);
    out.id(request.caller.tenant.value);
    out.id(request.caller.user.value);
    out.text(request.caller.request_id, 1);
    out.text(request.text, 2);
    out.number(request.ids.size(), 2);
    for (const Uuid& id : request.ids) out.id(id);
    return out.finish();
}

std::optional<Request> decode_request(std::string_view body) {
    Reader in(body);
    in.require(in.number(1) == protocol_version);
    const std::uint64_t operation = in.number(1);
    const std::uint64_t purpose = in.number(1);
    const std::uint64_t key_class = in.number(1);
    const std::uint64_t flag = in.number(1);
    in.require(operation >= 1 && operation <= 13 && purpose >= 1 && purpose <= 6 &&
               key_class >= 1 && key_class <= 4 && flag <= 1);
    Request out;
    out.operation = static_cast<Operation>(operation);
    out.caller.purpose = static_cast<Purpose>(purpose);
    out.key_class = static_cast<KeyClass>(key_class);
    out.flag = flag == 1;
    out.keyring = in.id();
    out.caller.tenant.value = in.id();
    out.caller.user.value = in.id();
    out.caller.request_id = in.text(1, request_id_max);
    in.require(printable(out.caller.request_id));
    out.text = in.text(2, text_max);
    const std::uint64_t count = in.number(2);
    in.require(count <= ids_max);
    if (!in.good()) return std::nullopt;
    out.ids.reserve(count);
    for (std::uint64_t i = 0; i < count && in.good(); ++i) out.ids.push_back(in.id());
    if (!in.finished()) return std::nullopt;
    return out;
}

crypto::SecretBytes encode(const Reply& reply) {
    Writer out;
    out.number(protocol_version, 1);
    out.number(static_cast<std::uint8_t>(reply.kind), 1);
    out.number(reply.alarm ? 1 : 0, 1);
    out.text(reply.text, 4);
    out.number(reply.keys.size(), 2);
    for (const KeyAnswer& answer : reply.keys) {
        out.number(static_cast<std::uint8_t>(answer.outcome), 1);
        out.number(answer.key ? 1 : 0, 1);
        if (answer.key) out.raw(answer.key->view());
    }
    return out.finish();
}

std::optional<Reply> decode_reply(std::string_view body) {
    Reader in(body);
    in.require(in.number(1) == protocol_version);
    const std::uint64_t kind = in.number(1);
    const std::uint64_t alarm = in.number(1);
    in.require(kind <= 3 && alarm <= 1);
    Reply out;
    out.kind = static_cast<ReplyKind>(kind);
    out.alarm = alarm == 1;
    out.text = in.text(4, reply_max);
    const std::uint64_t count = in.number(2);
    in.require(count <= ids_max);
    if (!in.good()) return std::nullopt;
    for (std::uint64_t i = 0; i < count && in.good(); ++i) {
        KeyAnswer answer;
        const std::uint64_t outcome = in.number(1);
        const std::uint64_t with_key = in.number(1);
        in.require(outcome < outcomes.size() && with_key <= 1);
        answer.outcome = static_cast<Outcome>(outcome);
        if (with_key == 1 && in.good()) {
            const std::string_view bytes = in.raw(crypto::SecretKey::size);
            if (!in.good()) break;
            answer.key = crypto::SecretKey::of(
                {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
        }
        out.keys.push_back(std::move(answer));
    }
    if (!in.finished()) return std::nullopt;
    return out;
}

}  // namespace entrepot::keys
