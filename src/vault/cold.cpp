// Copying into the cold store, opening out of it, and its end.
#include "vault/cold.hpp"

#include <algorithm>

#include "platform/json/writer.hpp"
#include "vault/capsule.hpp"
#include "vault/cold_store.hpp"

namespace entrepot::vault {

struct ColdCopy::Parts {
    std::vector<store::HeldCellRow> cells;  ///< by order
};

namespace {
constexpr std::uint32_t only_key = 1;

keys::Request about_hold(const Context& ctx, keys::Operation operation, std::vector<Uuid> ids) {
    keys::Request out;
    out.operation = operation;
    out.caller = caller_of(ctx, keys::Purpose::legal_claim);
    out.key_class = keys::KeyClass::hold;
    out.ids = std::move(ids);
    return out;
}

/// What keyd answers, or that it is not there.
Awaitable<Result<keys::Reply>> call(Context& ctx, keys::Request request) {
    std::string why;
    try {
        co_return co_await ctx.services.keys.call(std::move(request));
    } catch (const keys::Unavailable& error) {
        why = error.what();
    }
    co_return make_error(errors::keys_unavailable, std::move(why));
}

HoldAnswer answer_of(const keys::Reply& reply) {
    switch (reply.keys.at(0).outcome) {
        case keys::Outcome::ok:
            return HoldAnswer::yes;
        case keys::Outcome::destroyed:
            return HoldAnswer::ended;
        default:
            return HoldAnswer::not_permitted;
    }
}

/// The row to which a copied cell is bound: order and line in one id.
Uuid held_row(OrderId order, const Uuid& line) {
    const auto hash = crypto::sha256("held row " + order.text() + ' ' + line.text());
    Uuid id;
    std::copy_n(hash.begin(), id.bytes.size(), id.bytes.begin());
    return id;
}

bool is_held(const store::CapsuleRow& capsule) {
    return capsule.state == "held" || capsule.state == "restricted";
}

struct Original {
    store::CapsuleRow capsule;
    std::vector<store::CellRow> cells;
};

Awaitable<Result<std::vector<Original>>> sources(Context& ctx, const std::vector<OrderId>& orders) {
    std::vector<std::int64_t> fields;
    for (const Field field : fields_for(Reason::legal_claim))
        fields.push_back(static_cast<std::int64_t>(field));
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<std::vector<Original>>> {
        std::vector<Original> out;
        for (store::CapsuleRow& capsule : co_await store::capsules_of(tx, orders)) {
            if (!is_held(capsule)) continue;
            auto cells = co_await store::cells_of(tx, {capsule.id}, fields);
            out.push_back({std::move(capsule), std::move(cells)});
        }
        std::sort(out.begin(), out.end(), [](const Original& a, const Original& b) {
            return a.capsule.order_id < b.capsule.order_id;
        });
        co_return out;
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body, pg::Access::read_only);
}

/// Opens one capsule and seals each field again. One at a time: each leaves its own row and has its
/// own alarm, and no two keys are here at once.
Awaitable<Result<>> copy_capsule(Context& ctx, const HoldKey& hold, const Original& source,
                                 crypto::CellCipher& cold, std::vector<store::HeldCellRow>& out) {
    const OrderId order = source.capsule.order_id;
    keys::Request open;
    open.operation = keys::Operation::open;
    open.caller = caller_of(ctx, keys::Purpose::legal_claim);
    open.key_class = keys::KeyClass::capsule;
    open.ids = {source.capsule.id};
    CO_TRY(const keys::Reply reply, co_await call(ctx, std::move(open)));
    const keys::KeyAnswer& answer = reply.keys.at(0);
    const std::vector<audit::Act> act{{"vault.held", "order", order.text(),
                                       R"({"hold":")" + hold.id.text() + R"(","fields":)" +
                                           std::to_string(source.cells.size()) + '}'}};
    if (!answer.key) {
        // Erased since it was found: there is nothing to copy.
        if (answer.outcome == keys::Outcome::destroyed) co_return Result<>{};
        Error error = error_of(answer.outcome);
        CO_TRY_VOID(co_await leave_rows(ctx, act, reply, {order}, std::string(error.code.name)));
        co_return error;
    }
    CO_TRY_VOID(co_await leave_rows(ctx, act, reply, {order}, {}));
    crypto::CellCipher capsule(*answer.key);
    for (const store::CellRow& cell : source.cells) {
        const auto value = Opener::open(capsule, ctx.tenant, cell);
        ensure(value.has_value(), "a sealed cell does not open at its place");
        store::HeldCellRow held{hold.id, order, cell.row_id, cell.field, {}};
        const store::CellRow at = as_cell(held);
        held.sealed.data =
            cold.seal(Opener::text_of(*value),
                      crypto::Place::field(ctx.tenant, at.capsule_id, at.row_id,
                                           static_cast<std::uint16_t>(at.field), cell_version),
                      only_key);
        out.push_back(std::move(held));
    }
    co_return Result<>{};
}

std::string line_about(const std::string& lines, const Uuid& id) {
    const auto at = lines.find('"' + id.text() + '"');
    if (at == std::string::npos) return {};
    const auto before = lines.rfind('\n', at);
    const std::size_t begin = before == std::string::npos ? 0 : before + 1;
    return lines.substr(begin, lines.find('\n', at) - begin);
}
}  // namespace

store::CellRow as_cell(const store::HeldCellRow& held) {
    return {held.hold_id, held_row(held.order_id, held.row_id), held.field, held.sealed};
}

Awaitable<Result<ColdCopy>> copy_for_hold(Context& ctx, const HoldKey& hold,
                                          const std::vector<OrderId>& orders) {
    CO_TRY(const std::vector<Original> found, co_await sources(ctx, orders));
    auto parts = std::make_shared<ColdCopy::Parts>();
    if (found.empty()) co_return ColdCopy{std::move(parts)};
    keys::Request make = about_hold(ctx, keys::Operation::make, {hold.id});
    make.text = format_instant(hold.ends_at);
    CO_TRY(const keys::Reply made, co_await call(ctx, std::move(make)));
    ensure(made.keys.at(0).key.has_value(), "the key of a new hold is there already");
    crypto::CellCipher cold(*made.keys[0].key);
    for (const Original& source : found)
        CO_TRY_VOID(co_await copy_capsule(ctx, hold, source, cold, parts->cells));
    co_return ColdCopy{std::move(parts)};
}

Awaitable<std::map<OrderId, std::int64_t>> keep_copy(pg::Transaction& tx, const ColdCopy& copy) {
    std::map<OrderId, std::int64_t> counts;
    for (const store::HeldCellRow& cell : copy.parts->cells) ++counts[cell.order_id];
    for (auto each = counts.begin(); each != counts.end();) {
        // Locked: an erasure that begins now waits, and then says that a copy is held.
        const auto capsule = co_await store::lock_capsule(tx, each->first);
        const bool stays = capsule && is_held(*capsule);
        each = stays ? std::next(each) : counts.erase(each);
    }
    std::vector<store::HeldCellRow> kept;
    for (const store::HeldCellRow& cell : copy.parts->cells)
        if (counts.contains(cell.order_id)) kept.push_back(cell);
    store::add_held_cells(tx, kept);
    co_return counts;
}

Awaitable<Result<HoldAnswer>> ask_of_hold(Context& ctx, const HoldAsk& ask) {
    keys::Request request = about_hold(ctx, keys::Operation::hold_ask, {ask.hold, ask.ask});
    request.text = boost::describe::enum_to_string(ask.act, "");
    if (ask.until) request.text += ' ' + format_instant(*ask.until);
    CO_TRY(const keys::Reply reply, co_await call(ctx, std::move(request)));
    co_return answer_of(reply);
}

Awaitable<Result<HoldAnswer>> approve_for_hold(Context& ctx, const Uuid& hold, const Uuid& ask) {
    CO_TRY(const keys::Reply reply,
           co_await call(ctx, about_hold(ctx, keys::Operation::hold_approve, {hold, ask})));
    co_return answer_of(reply);
}

Awaitable<Result<HeldData>> open_hold(Context& ctx, const Uuid& hold, const Uuid& ask) {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<std::vector<store::HeldCellRow>>> {
        co_return co_await store::held_cells(tx, hold);
    };
    CO_TRY(const std::vector<store::HeldCellRow> cells,
           co_await ctx.db().transaction(ctx.tenant, body, pg::Access::read_only));
    CO_TRY(const keys::Reply reply,
           co_await call(ctx, about_hold(ctx, keys::Operation::open, {hold, ask})));
    HeldData out{answer_of(reply), {}};
    if (!reply.keys.at(0).key) co_return std::move(out);
    crypto::CellCipher cold(*reply.keys[0].key);
    for (const store::HeldCellRow& cell : cells) {
        auto value = Opener::open(cold, ctx.tenant, as_cell(cell));
        // A cell that does not open was tampered with: nothing of the hold is shown.
        ensure(value.has_value(), "a held cell does not open at its place");
        out.fields.push_back({cell.order_id, static_cast<Field>(cell.field),
                              cell.row_id.is_nil() ? std::nullopt : std::optional(cell.row_id),
                              std::move(*value)});
    }
    co_return std::move(out);
}

Awaitable<Result<HoldEnd>> destroy_hold(Context& ctx, const Uuid& hold, const std::string& reason) {
    keys::Request destroy = about_hold(ctx, keys::Operation::destroy, {hold});
    destroy.text = reason;
    keys::Request receipts = destroy;
    receipts.operation = keys::Operation::receipts;
    CO_TRY(const keys::Reply reply, co_await call(ctx, std::move(destroy)));
    if (reply.keys.at(0).outcome == keys::Outcome::not_permitted)
        co_return HoldEnd{HoldAnswer::not_permitted, {}};
    CO_TRY(const keys::Reply lines, co_await call(ctx, std::move(receipts)));
    co_return HoldEnd{HoldAnswer::ended, line_about(lines.text, hold)};
}

void forget_copy(pg::Transaction& tx, const Uuid& hold) {
    store::delete_held_cells(tx, hold);
}

Awaitable<Result<std::set<Uuid>>> destroyed_holds(Context& ctx, const std::vector<Uuid>& holds) {
    std::set<Uuid> out;
    for (std::size_t at = 0; at < holds.size(); at += keys::ids_max) {
        const std::size_t end = std::min(holds.size(), at + keys::ids_max);
        const std::vector<Uuid> some(holds.begin() + static_cast<std::ptrdiff_t>(at),
                                     holds.begin() + static_cast<std::ptrdiff_t>(end));
        CO_TRY(const keys::Reply lines,
               co_await call(ctx, about_hold(ctx, keys::Operation::receipts, some)));
        for (const Uuid& id : some)
            if (!line_about(lines.text, id).empty()) out.insert(id);
    }
    co_return out;
}

Awaitable<Result<bool>> opens_unapproved(Context& ctx, const Uuid& hold) {
    keys::Request request =
        about_hold(ctx, keys::Operation::open, {hold, crypto::new_uuid(ctx.now())});
    request.caller.user = ctx.new_id<UserId>();
    CO_TRY(const keys::Reply reply, co_await call(ctx, std::move(request)));
    co_return reply.keys.at(0).key.has_value();
}

Awaitable<std::map<Uuid, std::int64_t>> copies(pg::Transaction& tx) {
    std::map<Uuid, std::int64_t> out;
    for (const auto& row : co_await store::held_counts(tx)) out[row.hold_id] = row.cells;
    co_return out;
}

}  // namespace entrepot::vault
