// Sealing a draft, and the indexes that find it again.
#include "vault/capsule.hpp"

#include <unicode/normalizer2.h>
#include <unicode/unistr.h>

#include <algorithm>

#include "platform/audit/audit.hpp"
#include "platform/crypto/crypto.hpp"
#include "platform/jobs/jobs.hpp"
#include "platform/json/writer.hpp"
#include "vault/fence.hpp"
#include "vault/jobs.hpp"
#include "vault/plaintext.hpp"

namespace entrepot::vault {
namespace {
constexpr std::uint32_t first_key = 1;
constexpr std::size_t blind_size = 8;

std::string_view address_part(Field field) {
    using enum Field;
    switch (field) {
        case recipient_name:
            return "n";
        case address_line1:
        case address_line2:
        case address_line3:
            return "a";
        case city:
        case region:
            return "c";
        case postal_code:
            return "p";
        default:
            return {};
    }
}

bool says_where(const DraftCell* cell) {
    return cell->field == Field::address_line1 || cell->field == Field::postal_code;
}

/// All parts of the address in the order of their fields: equal for parcels to one door. Empty when
/// nothing says which door.
crypto::SecretBytes joined_address(const Draft& draft) {
    std::vector<const DraftCell*> parts;
    for (const DraftCell& cell : draft.cells)
        if (!address_part(cell.field).empty()) parts.push_back(&cell);
    std::sort(parts.begin(), parts.end(),
              [](const auto* a, const auto* b) { return a->field < b->field; });
    crypto::SecretBytes out;
    if (std::none_of(parts.begin(), parts.end(), says_where)) return out;
    for (const DraftCell* cell : parts) {
        const auto part = normalised(cell->field, Plaintext::of(cell->value));
        out.insert(out.end(), part.begin(), part.end());
        out.push_back('\x1f');
    }
    return out;
}

std::vector<store::IndexRow> indexes_of(const Draft& draft, const crypto::SecretKey& key,
                                        Date month) {
    std::vector<store::IndexRow> out;
    for (const DraftCell& cell : draft.cells) {
        if (!is_searchable(cell.field)) continue;
        const auto text = normalised(cell.field, Plaintext::of(cell.value));
        const auto field = static_cast<std::int64_t>(cell.field);
        if (!text.empty()) out.push_back({field, month, blind(key, field, crypto::view(text))});
    }
    const auto address = joined_address(draft);
    if (!address.empty())
        out.push_back({whole_address, month, blind(key, whole_address, crypto::view(address))});
    return out;
}
}  // namespace

keys::Caller caller_of(const Context& ctx, keys::Purpose purpose) {
    keys::Caller caller;
    caller.tenant = ctx.tenant;
    if (ctx.actor.kind != ActorKind::system) caller.user = UserId{ctx.actor.id};
    caller.purpose = purpose;
    for (const char c : ctx.request_id.substr(0, 64))
        if (c > ' ' && c < '\x7f') caller.request_id += c;
    return caller;
}

Date month_of(Instant at) {
    const std::chrono::year_month_day day{std::chrono::floor<std::chrono::days>(at)};
    return std::chrono::sys_days{day.year() / day.month() / 1};
}

Uuid index_key_id(Date month) {
    const auto hash = crypto::sha256("index key of " + format_date(month));
    Uuid id;
    std::copy_n(hash.begin(), id.bytes.size(), id.bytes.begin());
    return id;
}

Awaitable<std::optional<crypto::SecretKey>> index_key(Context& ctx, Date month,
                                                      keys::Purpose purpose, bool may_make) {
    for (int tries = 0; tries < 2; ++tries) {
        keys::Request open;
        open.operation = keys::Operation::open;
        open.caller = caller_of(ctx, purpose);
        open.key_class = keys::KeyClass::index;
        open.ids = {index_key_id(month)};
        auto reply = co_await ctx.services.keys.call(open);
        if (reply.keys.at(0).key) co_return std::move(reply.keys[0].key);
        if (!may_make || reply.keys[0].outcome != keys::Outcome::unknown) break;
        open.operation = keys::Operation::make;
        reply = co_await ctx.services.keys.call(open);
        if (reply.keys.at(0).key) co_return std::move(reply.keys[0].key);
    }
    co_return std::nullopt;
}

pg::Bytes blind(const crypto::SecretKey& key, std::int64_t field, std::string_view text) {
    crypto::SecretBytes bound;
    for (int i = 7; i >= 0; --i) bound.push_back(static_cast<char>(field >> (8 * i) & 0xFF));
    bound.insert(bound.end(), text.begin(), text.end());
    const auto hash = crypto::hmac_sha256(key.bytes(), crypto::view(bound));
    return {std::string(reinterpret_cast<const char*>(hash.data()), blind_size)};
}

crypto::SecretBytes normalised(Field field, std::string_view text) {
    crypto::SecretBytes out;
    if (field == Field::phone) {
        for (const char c : text)
            if (c >= '0' && c <= '9') out.push_back(c);
        return out;
    }
    UErrorCode status = U_ZERO_ERROR;
    const icu::Normalizer2* folding = icu::Normalizer2::getNFKCCasefoldInstance(status);
    ensure(U_SUCCESS(status) != 0, "ICU has no NFKC case folding");
    icu::UnicodeString folded = folding->normalize(
        icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<int>(text.size()))),
        status);
    std::string utf8;
    folded.toUTF8String(utf8);
    bool gap = false;
    for (const char c : utf8) {
        if (c == ' ' || c == '\t') {
            gap = !out.empty();
            continue;
        }
        if (gap) out.push_back(' ');
        gap = false;
        out.push_back(c);
    }
    crypto::wipe(utf8.data(), utf8.size());
    return out;
}

void seal_cells(const Context& ctx, Sealed::Parts& parts, const Draft& draft,
                const crypto::SecretKey& key, const crypto::SecretKey& indexing, Date month) {
    crypto::CellCipher cipher(key);
    for (const DraftCell& cell : draft.cells) {
        const auto place =
            crypto::Place::field(ctx.tenant, parts.capsule.id, cell.row,
                                 static_cast<std::uint16_t>(cell.field), cell_version);
        parts.cells.push_back({parts.capsule.id,
                               cell.row,
                               static_cast<std::int64_t>(cell.field),
                               {cipher.seal(Plaintext::of(cell.value), place, first_key)}});
    }
    parts.indexes = indexes_of(draft, indexing, month);
}

Awaitable<Result<Sealed>> seal(Context& ctx, Subject subject, Draft draft) {
    keys::Request make;
    make.operation = keys::Operation::make;
    make.caller = caller_of(ctx, keys::Purpose::store);
    make.key_class = keys::KeyClass::capsule;
    make.ids = {crypto::new_uuid(ctx.now())};
    const Date month = month_of(ctx.now());
    std::optional<crypto::SecretKey> key, indexing;
    std::string why;
    try {
        auto reply = co_await ctx.services.keys.call(make);
        key = std::move(reply.keys.at(0).key);
        indexing = co_await index_key(ctx, month, keys::Purpose::store, true);
    } catch (const keys::Unavailable& error) {
        why = error.what();
    }
    if (!key || !indexing) co_return make_error(errors::keys_unavailable, std::move(why));
    auto parts = std::make_shared<Sealed::Parts>();
    parts->capsule.id = make.ids[0];
    parts->capsule.order_id = subject.order;
    parts->capsule.shop_id = subject.shop;
    parts->capsule.origin = std::move(subject.origin);
    subject.delivery.sealed_at = ctx.now();
    parts->capsule.sealed_at = subject.delivery.sealed_at;
    parts->capsule.shipped_at = subject.delivery.shipped_at;
    parts->capsule.promised_by = subject.delivery.promised_by;
    parts->capsule.delivered_at = subject.delivery.delivered_at;
    parts->capsule.destroy_at = destroy_at(subject.delivery);
    seal_cells(ctx, *parts, draft, *key, *indexing, month);
    co_return Sealed{std::move(parts)};
}

Awaitable<bool> keep(pg::Transaction& tx, const Context& ctx, const Sealed& sealed) {
    const Sealed::Parts& parts = *sealed.parts;
    store::hold_off(tx, parts.capsule.order_id);
    if (!co_await store::add_capsule(tx, parts.capsule)) co_return false;
    store::add_cells(tx, parts.cells);
    store::add_indexes(tx, parts.capsule.id, parts.indexes);
    wake_sweeper(tx, ctx, parts.capsule.destroy_at);
    audit::done(tx, ctx,
                {"vault.sealed", "order", parts.capsule.order_id.text(),
                 R"({"fields":)" + std::to_string(parts.cells.size()) + '}'});
    co_return true;
}

Awaitable<std::vector<std::pair<OrderId, OrderId>>> same_addresses(
    pg::Transaction& tx, const std::vector<OrderId>& orders,
    const std::optional<std::vector<ShopId>>& shops) {
    std::vector<std::pair<OrderId, OrderId>> out;
    for (const store::PairRow& row : co_await store::equals(tx, whole_address, orders, shops))
        out.emplace_back(row.order_id, row.other_id);
    co_return out;
}

Awaitable<Result<std::vector<OrderId>>> find_orders(Context& ctx, Field field,
                                                    const std::string& wanted, Reason reason) {
    if (!is_searchable(field))
        co_return field_error(entrepot::errors::invalid_fields, "/field", "not_searchable",
                              "search by buyer_email, phone, recipient_name or buyer_name");
    const auto text = normalised(field, wanted);
    std::vector<Date> months;
    std::vector<pg::Bytes> values;
    const auto number = static_cast<std::int64_t>(field);
    std::string why;
    try {
        // Capsules live a month after delivery and two at most before it.
        Date month = month_of(ctx.now());
        for (int i = 0; i < 4; ++i) {
            if (const auto key = co_await index_key(ctx, month, purpose_of(reason), false)) {
                months.push_back(month);
                values.push_back(blind(*key, number, crypto::view(text)));
            }
            month = month_of(Instant{month} - std::chrono::hours(24));
        }
    } catch (const keys::Unavailable& error) {
        why = error.what();
    }
    if (!why.empty()) co_return make_error(errors::keys_unavailable, std::move(why));
    const bool restricted_too = reason == Reason::rights_request || reason == Reason::legal_claim;
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<std::vector<OrderId>>> {
        auto found =
            co_await store::find(tx, number, months, values, ctx.shop_scope(), restricted_too);
        audit::done(tx, ctx,
                    {"vault.searched", "order", "",
                     json::to_json(std::map<std::string, std::string>{
                         {"field", std::string(name_of(field))},
                         {"purpose", std::string(keys::name_of(purpose_of(reason)))},
                         {"found", std::to_string(found.size())}})});
        co_return found;
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body);
}

}  // namespace entrepot::vault
