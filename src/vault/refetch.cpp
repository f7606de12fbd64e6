// Correction: what is held is fetched anew from where it came, and sealed under the key that it
// has, so that one capsule stays one capsule with one clock and one receipt.
#include "platform/audit/audit.hpp"
#include "platform/jobs/jobs.hpp"
#include "platform/json/writer.hpp"
#include "vault/capsule.hpp"
#include "vault/fence.hpp"

namespace entrepot::vault {
namespace {
struct OrderPayload {
    OrderId order_id;
};
BOOST_DESCRIBE_STRUCT(OrderPayload, (), (order_id))

const pg::Statement<OrderId(TenantId, std::vector<OrderId>, Instant)> mark_again{"vault.want_again",
                                                                                 R"sql(
    update vault.capsule set again_at = $3
    where tenant_id = $1 and order_id = any($2) and state = 'held'
    returning order_id
)sql"};

const pg::Statement<OrderId(TenantId, OrderId)> select_wanted{"vault.is_wanted_again", R"sql(
    select order_id from vault.capsule
    where tenant_id = $1 and order_id = $2 and state = 'held' and again_at is not null
)sql"};

const pg::Statement<Uuid(TenantId, OrderId)> clear_again{"vault.clear_again", R"sql(
    update vault.capsule set again_at = null
    where tenant_id = $1 and order_id = $2 and state = 'held' and again_at is not null
    returning id
)sql"};

void tell(pg::Transaction& tx, const Context& ctx, OrderId order, bool changed) {
    jobs::emit(tx, ctx, fetched_again, json::to_json(FetchedAgain{order, changed}));
}
}  // namespace

Awaitable<std::vector<OrderId>> want_again(pg::Transaction& tx, const Context& ctx,
                                           const std::vector<OrderId>& orders) {
    const auto marked = co_await tx.rows(mark_again, tx.tenant(), orders, ctx.now());
    for (const OrderId order : marked) {
        jobs::emit(tx, ctx, fetch_wanted, json::to_json(OrderPayload{order}));
        audit::done(tx, ctx, {"vault.fetched_for_correction", "order", order.text()});
    }
    co_return marked;
}

Awaitable<bool> is_wanted_again(pg::Transaction& tx, OrderId order) {
    const auto found = co_await tx.maybe(select_wanted, tx.tenant(), order);
    co_return found.has_value();
}

Awaitable<Result<Sealed>> seal_again(Context& ctx, OrderId order, Draft draft) {
    std::optional<store::CapsuleRow> capsule;
    auto find = [&](pg::Transaction& tx) -> Awaitable<Result<>> {
        auto rows = co_await store::capsules_of(tx, {order});
        if (!rows.empty()) capsule = std::move(rows[0]);
        co_return Result<>{};
    };
    CO_TRY_VOID(co_await ctx.db().transaction(ctx.tenant, find, pg::Access::read_only));
    if (!capsule) co_return make_error(errors::not_fetched, "there is nothing to correct");
    keys::Request open;
    open.operation = keys::Operation::open;
    open.caller = caller_of(ctx, keys::Purpose::rights_request);
    open.key_class = keys::KeyClass::capsule;
    open.ids = {capsule->id};
    const Date month = month_of(ctx.now());
    std::optional<crypto::SecretKey> key, indexing;
    std::string why;
    try {
        auto reply = co_await ctx.services.keys.call(open);
        key = std::move(reply.keys.at(0).key);
        indexing = co_await index_key(ctx, month, keys::Purpose::store, true);
    } catch (const keys::Unavailable& error) {
        why = error.what();
    }
    if (!key || !indexing) co_return make_error(errors::keys_unavailable, std::move(why));
    auto parts = std::make_shared<Sealed::Parts>();
    parts->capsule = std::move(*capsule);
    seal_cells(ctx, *parts, draft, *key, *indexing, month);
    co_return Sealed{std::move(parts)};
}

Awaitable<bool> keep_again(pg::Transaction& tx, const Context& ctx, const Sealed& sealed) {
    const Sealed::Parts& parts = *sealed.parts;
    const OrderId order = parts.capsule.order_id;
    store::hold_off(tx, order);
    if (!co_await tx.maybe(clear_again, tx.tenant(), order)) co_return false;
    store::delete_contents(tx, {parts.capsule.id});
    store::add_cells(tx, parts.cells);
    store::add_indexes(tx, parts.capsule.id, parts.indexes);
    audit::done(tx, ctx,
                {"vault.corrected", "order", order.text(),
                 R"({"fields":)" + std::to_string(parts.cells.size()) + '}'});
    tell(tx, ctx, order, true);
    co_return true;
}

Awaitable<void> keep_as_it_is(pg::Transaction& tx, const Context& ctx, OrderId order) {
    if (co_await tx.maybe(clear_again, tx.tenant(), order)) tell(tx, ctx, order, false);
}

}  // namespace entrepot::vault
