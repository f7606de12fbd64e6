// What is said on keyd's socket: one shape of request, one of reply, in frames with a length in
// front. Both ends use this file, and nothing else of each other.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "platform/crypto/secret.hpp"

namespace entrepot::keys {

/// What a key is for. A key of one class never opens what another sealed (it is part of the place).
enum class KeyClass : std::uint8_t {
    capsule = 1,  ///< buyer PII of one order
    secret = 2,   ///< the system's own: LWA secrets, refresh tokens, TOTP seeds
    index = 3,    ///< blind indexes of one tenant and month
    hold = 4,     ///< what a legal hold keeps
};

/// Why a key is asked for. keyd decides which purpose may have which class (privacy-design.md,
/// P21).
enum class Purpose : std::uint8_t {
    store = 1,           ///< to seal what has just arrived
    fulfilment = 2,      ///< somebody ships the order
    service = 3,         ///< an agent answers the buyer
    rights_request = 4,  ///< the buyer asks for a copy, or for correction
    legal_claim = 5,     ///< a legal hold or a disclosure
    system = 6,          ///< the system's own secrets
};
std::string_view name_of(Purpose purpose);
std::optional<Purpose> purpose_named(std::string_view name);

enum class Operation : std::uint8_t {
    make = 1,       ///< new keys for new ids; an id that exists is refused
    open = 2,       ///< the keys of these ids, each with its outcome
    destroy = 3,    ///< for ever; `text` is the reason. Again on a destroyed one: still destroyed
    restrict = 4,   ///< flag set: no purpose but store and legal_claim; cleared: as before
    status = 5,     ///< `text` of the reply is JSON
    turn = 6,       ///< a new epoch now; the reply comes when every live key is under it
    mark = 7,       ///< honeytokens: opening one of these raises the alarm
    receipts = 8,   ///< the ledger's lines about these ids, as JSON lines
    verify = 9,     ///< opens every live key and recomputes the ledger; `text` is JSON
    probe = 10,     ///< whether a sealed field (`text`, see encode_probe) opens; gives away no key
    hold_ask = 11,  ///< of a legal hold: somebody wants to open, release or extend it
    hold_approve = 12,  ///< and somebody else says yes
    identity = 13,      ///< `text` of the reply is the keyring's id
};

/// Who asks.
struct Caller {
    TenantId tenant{};
    UserId user{};  ///< nil: the system itself
    Purpose purpose = Purpose::store;
    std::string request_id;  ///< at most 64 printable ASCII characters
};

struct Request {
    Operation operation = Operation::status;
    /// The keyring that the caller's secrets are sealed under. Any other keyd refuses the request;
    /// only `status` and `identity` may be asked without.
    Uuid keyring{};
    Caller caller;
    KeyClass key_class = KeyClass::capsule;
    bool flag = false;
    std::string text;       ///< at most 1,000 bytes
    std::vector<Uuid> ids;  ///< at most `ids_max`
};
inline constexpr std::size_t ids_max = 500;

/// A probe's text: the field's number and the version of its layout, then the sealed field. Its ids
/// are the key's and the row's. The reply's text is `opens` or `shut` when the key is there.
std::string encode_probe(std::uint16_t field, std::uint16_t version, std::string_view sealed);
inline constexpr std::size_t probe_head = 4;
inline constexpr std::size_t probe_sealed_max = 900;
inline constexpr std::string_view probe_opens = "opens";
inline constexpr std::string_view probe_shut = "shut";

/// Legal holds (class `hold`, purpose `legal_claim`, always for a person). `make` takes the end of
/// the hold as its text; `hold_ask` and `hold_approve` take the ids of the hold and of what is
/// asked, and `hold_ask` takes as text `open`, `release` or `extend <end>`; `open` takes the same
/// two ids. keyd itself holds the two people apart, counts the openings and keeps the end: it opens
/// nothing after it, whatever it is told, and destroys the key a day later if nobody else does.
inline constexpr std::chrono::days hold_life_max{3 * 366};
/// What was asked and not approved lapses, and so does an approval that was not used.
inline constexpr std::chrono::hours hold_ask_life{24};
inline constexpr std::chrono::minutes hold_approval_life{15};

/// What became of one id.
enum class Outcome : std::uint8_t {
    ok = 0,
    unknown = 1,        ///< never made, or another tenant's
    destroyed = 2,      ///< fenced for ever
    restricted = 3,     ///< the subject restricted processing; this purpose may not
    over_budget = 4,    ///< user or tenant read too much; ask again later
    exists = 5,         ///< make: the id has a key already
    not_permitted = 6,  ///< a hold: nobody else approved it, or too long ago, or it was used; or
                        ///< its end has not come
};
std::string_view name_of(Outcome outcome);

struct KeyAnswer {
    Outcome outcome = Outcome::unknown;
    std::optional<crypto::SecretKey> key;  ///< present only when ok and asked for
};

enum class ReplyKind : std::uint8_t {
    answered = 0,
    refused = 1,  ///< the request as a whole: `text` says why
    failed = 2,   ///< keyd's database or key store is gone; ask again
    foreign = 3,  ///< another keyring was asked for; `text` is the id of the one that is here
};

struct Reply {
    ReplyKind kind = ReplyKind::answered;
    /// A honeytoken was among the ids, or a budget ran out: freeze the session that asked.
    bool alarm = false;
    std::string text;             ///< over_budget: "user" or "tenant", whose budget it is
    std::vector<KeyAnswer> keys;  ///< in the order of the ids
};

/// Longest frames, length included: a peer that announces more is cut off.
inline constexpr std::size_t request_max = 16 << 10;
inline constexpr std::size_t reply_max = 1 << 20;
inline constexpr std::size_t length_size = 4;

crypto::SecretBytes encode(const Request& request);
crypto::SecretBytes encode(const Reply& reply);
/// The body of a frame (without its length). Nothing for anything but exactly one well-formed
/// message of this version.
std::optional<Request> decode_request(std::string_view body);
std::optional<Reply> decode_reply(std::string_view body);
/// Length of the body that four bytes announce.
std::uint32_t announced(std::string_view length);

}  // namespace entrepot::keys
