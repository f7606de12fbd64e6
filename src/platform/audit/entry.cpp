// The canonical bytes of a row. A change of any of this is a new version, beside the old one.
#include "platform/audit/entry.hpp"

#include "base/result.hpp"

namespace entrepot::audit {
namespace {
constexpr char version = 1;

void append_number(std::string& out, std::uint64_t value, unsigned bytes) {
    for (unsigned shift = bytes * 8; shift > 0; shift -= 8)
        out += static_cast<char>(static_cast<unsigned char>(value >> (shift - 8)));
}

void append_uuid(std::string& out, const Uuid& id) {
    out.append(reinterpret_cast<const char*>(id.bytes.data()), id.bytes.size());
}

void append_text(std::string& out, std::string_view text) {
    ensure(text.size() <= UINT32_MAX, "a text of an audit row is too long");
    append_number(out, text.size(), 4);
    out += text;
}
}  // namespace

void append_canonical(std::string& out, const Entry& entry) {
    out += version;
    append_uuid(out, entry.tenant);
    append_uuid(out, entry.id);
    append_number(out, static_cast<std::uint64_t>(entry.at.time_since_epoch().count()), 8);
    append_text(out, entry.actor_kind);
    out += entry.actor_id ? '\1' : '\0';
    if (entry.actor_id) append_uuid(out, *entry.actor_id);
    for (const std::string* text :
         {&entry.actor_name, &entry.act, &entry.object_kind, &entry.object_id, &entry.result,
          &entry.code, &entry.ip, &entry.user_agent, &entry.request_id, &entry.detail})
        append_text(out, *text);
}

Hash digest_of(const Entry& entry) {
    thread_local std::string bytes;
    bytes.clear();
    append_canonical(bytes, entry);
    return sha256(bytes);
}

Hash leaf_of(const Uuid& tenant, std::uint64_t number, const Hash& digest) {
    std::string data(1, version);
    data.reserve(1 + 16 + 8 + digest.size());
    append_uuid(data, tenant);
    append_number(data, number, 8);
    data.append(reinterpret_cast<const char*>(digest.data()), digest.size());
    return leaf_hash(data);
}

}  // namespace entrepot::audit
