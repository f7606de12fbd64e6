// The statements of the vault.
#include "vault/store.hpp"

namespace entrepot::vault::store {
namespace {
using Ids = std::vector<Uuid>;
using Numbers = std::vector<std::int64_t>;
using Cells = std::vector<pg::Bytes>;
using MaybeInstant = std::optional<Instant>;

const pg::Statement<Uuid(TenantId, Uuid, OrderId, ShopId, std::string, Instant, MaybeInstant,
                         MaybeInstant, MaybeInstant, Instant)>
    insert_capsule{"vault.add_capsule", R"sql(
    insert into vault.capsule (tenant_id, id, order_id, shop_id, state, origin, sealed_at,
        shipped_at, promised_by, delivered_at, destroy_at)
    select $1, $2, $3, $4, 'held', $5, $6, $7, $8, $9, $10
    where not exists (select 1 from vault.fence as f where f.tenant_id = $1 and f.order_id = $3)
    on conflict (tenant_id, order_id) do nothing
    returning id
)sql"};

const pg::Statement<void(TenantId, Ids, Ids, Numbers, Cells)> insert_cells{"vault.add_cells",
                                                                           R"sql(
    insert into vault.cell (tenant_id, capsule_id, row_id, field, sealed)
    select $1, n.capsule_id, n.row_id, n.field, n.sealed
    from unnest($2, $3, $4, $5) as n(capsule_id, row_id, field, sealed)
    on conflict (tenant_id, capsule_id, row_id, field) do nothing
)sql"};

const pg::Statement<void(TenantId, Uuid, Numbers, std::vector<Date>, Cells)> insert_indexes{
    "vault.add_indexes", R"sql(
    insert into vault.blind_index (tenant_id, field, month, value, capsule_id)
    select $1, n.field, n.month, n.value, $2
    from unnest($3, $4, $5) as n(field, month, value)
    on conflict (tenant_id, field, month, value, capsule_id) do nothing
)sql"};

const pg::Statement<CapsuleRow(TenantId, std::vector<OrderId>)> select_capsules{"vault.capsules_of",
                                                                                R"sql(
    select id, order_id, shop_id, state, origin, sealed_at, shipped_at, promised_by, delivered_at,
        destroy_at, erase_reason, erased_at, receipt
    from vault.capsule
    where tenant_id = $1 and order_id = any($2)
)sql"};

const pg::Statement<CapsuleRow(TenantId, OrderId)> select_for_update{"vault.lock_capsule", R"sql(
    select id, order_id, shop_id, state, origin, sealed_at, shipped_at, promised_by, delivered_at,
        destroy_at, erase_reason, erased_at, receipt
    from vault.capsule
    where tenant_id = $1 and order_id = $2
    for no key update
)sql"};

const pg::Statement<CellRow(TenantId, Ids, Numbers)> select_cells{"vault.cells_of", R"sql(
    select capsule_id, row_id, field, sealed
    from vault.cell
    where tenant_id = $1 and capsule_id = any($2) and field = any($3)
    order by capsule_id, row_id, field
)sql"};

const pg::Statement<OrderId(TenantId, std::int64_t, std::vector<Date>, Cells,
                            std::optional<std::vector<ShopId>>, bool)>
    select_found{"vault.find", R"sql(
    select distinct c.order_id
    from vault.blind_index as b
    join vault.capsule as c on c.tenant_id = b.tenant_id and c.id = b.capsule_id
    where b.tenant_id = $1 and b.field = $2 and b.month = any($3) and b.value = any($4)
        and (c.state = 'held' or ($6 and c.state = 'restricted'))
        and ($5::uuid[] is null or c.shop_id = any($5))
    limit 200
)sql"};

const pg::Statement<void(TenantId, Uuid, MaybeInstant, MaybeInstant, MaybeInstant, Instant)>
    update_clock{"vault.set_clock", R"sql(
    update vault.capsule
    set shipped_at = $3, promised_by = $4, delivered_at = $5, destroy_at = $6
    where tenant_id = $1 and id = $2 and state in ('held', 'restricted')
)sql"};

const pg::Statement<void(TenantId, Uuid, std::string, std::optional<std::string>)> update_state{
    "vault.set_state", R"sql(
    update vault.capsule
    set state = $3, erase_reason = coalesce($4, erase_reason)
    where tenant_id = $1 and id = $2 and state <> 'erased'
)sql"};

const pg::Statement<CapsuleRow(TenantId, Instant, std::int64_t)> select_due{"vault.due", R"sql(
    select id, order_id, shop_id, state, origin, sealed_at, shipped_at, promised_by, delivered_at,
        destroy_at, erase_reason, erased_at, receipt
    from vault.capsule
    where tenant_id = $1 and state in ('held', 'restricted', 'erasing')
        and (destroy_at <= $2 or state = 'erasing')
    order by destroy_at, id
    limit $3
)sql"};

const pg::Statement<MaybeInstant(TenantId)> select_next_due{"vault.next_due", R"sql(
    select min(destroy_at)
    from vault.capsule
    where tenant_id = $1 and state in ('held', 'restricted', 'erasing')
)sql"};

const pg::Statement<void(TenantId, Ids)> delete_cells{"vault.delete_cells", R"sql(
    delete from vault.cell
    where tenant_id = $1 and capsule_id = any($2)
)sql"};

const pg::Statement<void(TenantId, Ids)> delete_indexes{"vault.delete_indexes", R"sql(
    delete from vault.blind_index
    where tenant_id = $1 and capsule_id = any($2)
)sql"};

const pg::Statement<void(TenantId, Uuid, std::string, Instant, std::string)> update_erased{
    "vault.set_erased", R"sql(
    update vault.capsule
    set state = 'erased', erase_reason = coalesce(erase_reason, $3), erased_at = $4, receipt = $5
    where tenant_id = $1 and id = $2 and state <> 'erased'
)sql"};

const pg::Statement<CellRow(TenantId, Uuid, std::int64_t, std::int64_t)> select_samples{
    "vault.samples_after", R"sql(
    select c.capsule_id, c.row_id, c.field, c.sealed
    from vault.capsule as k
    cross join lateral (
        select l.capsule_id, l.row_id, l.field, l.sealed
        from vault.cell as l
        where l.tenant_id = k.tenant_id and l.capsule_id = k.id and octet_length(l.sealed) <= $3
        order by l.row_id, l.field
        limit 1
    ) as c
    where k.tenant_id = $1 and k.id > $2
    order by k.id
    limit $4
)sql"};

const pg::Statement<StateRow(TenantId, Ids)> select_states{"vault.states_of", R"sql(
    select id, state
    from vault.capsule
    where tenant_id = $1 and id = any($2)
)sql"};

const pg::Statement<Census(TenantId)> select_census{"vault.census", R"sql(
    select count(*) filter (where state = 'held') as held,
        count(*) filter (where state = 'restricted') as restricted,
        count(*) filter (where state in ('erasing', 'erased')) as erased
    from vault.capsule
    where tenant_id = $1 and origin <> 'decoy'
)sql"};

// Whoever restricted the use of their data is not compared either.
const pg::Statement<PairRow(TenantId, std::int64_t, std::vector<OrderId>,
                            std::optional<std::vector<ShopId>>)>
    select_equals{"vault.equals", R"sql(
    select distinct c.order_id, d.order_id as other_id
    from vault.capsule as c
    join vault.blind_index as i on i.tenant_id = $1 and i.capsule_id = c.id and i.field = $2
    join vault.blind_index as j on j.tenant_id = $1 and j.field = $2 and j.month = i.month
        and j.value = i.value and j.capsule_id <> c.id
    join vault.capsule as d on d.tenant_id = $1 and d.id = j.capsule_id
    where c.tenant_id = $1 and c.order_id = any($3) and c.state = 'held' and d.state = 'held'
        and ($4::uuid[] is null or (c.shop_id = any($4) and d.shop_id = any($4)))
    order by c.order_id, d.order_id
    limit 2000
)sql"};
}  // namespace

Awaitable<bool> add_capsule(pg::Transaction& tx, const CapsuleRow& c) {
    const auto added =
        co_await tx.maybe(insert_capsule, tx.tenant(), c.id, c.order_id, c.shop_id, c.origin,
                          c.sealed_at, c.shipped_at, c.promised_by, c.delivered_at, c.destroy_at);
    co_return added.has_value();
}

void add_cells(pg::Transaction& tx, const std::vector<CellRow>& cells) {
    Ids capsules, rows;
    Numbers fields;
    Cells sealed;
    for (const CellRow& cell : cells) {
        capsules.push_back(cell.capsule_id);
        rows.push_back(cell.row_id);
        fields.push_back(cell.field);
        sealed.push_back(cell.sealed);
    }
    tx.defer(insert_cells, tx.tenant(), capsules, rows, fields, sealed);
}

void add_indexes(pg::Transaction& tx, const Uuid& capsule, const std::vector<IndexRow>& rows) {
    Numbers fields;
    std::vector<Date> months;
    Cells values;
    for (const IndexRow& row : rows) {
        fields.push_back(row.field);
        months.push_back(row.month);
        values.push_back(row.value);
    }
    if (!rows.empty()) tx.defer(insert_indexes, tx.tenant(), capsule, fields, months, values);
}

Awaitable<std::vector<CapsuleRow>> capsules_of(pg::Transaction& tx,
                                               const std::vector<OrderId>& orders) {
    return tx.rows(select_capsules, tx.tenant(), orders);
}

Awaitable<std::optional<CapsuleRow>> lock_capsule(pg::Transaction& tx, OrderId order) {
    return tx.maybe(select_for_update, tx.tenant(), order);
}

Awaitable<std::vector<CellRow>> cells_of(pg::Transaction& tx, const Ids& capsules,
                                         const Numbers& fields) {
    return tx.rows(select_cells, tx.tenant(), capsules, fields);
}

Awaitable<std::vector<OrderId>> find(pg::Transaction& tx, std::int64_t field,
                                     const std::vector<Date>& months, const Cells& values,
                                     const std::optional<std::vector<ShopId>>& shops,
                                     bool restricted_too) {
    return tx.rows(select_found, tx.tenant(), field, months, values, shops, restricted_too);
}

void set_clock(pg::Transaction& tx, const CapsuleRow& c) {
    tx.defer(update_clock, tx.tenant(), c.id, c.shipped_at, c.promised_by, c.delivered_at,
             c.destroy_at);
}

void set_state(pg::Transaction& tx, const Uuid& capsule, const std::string& state,
               const std::optional<std::string>& reason) {
    tx.defer(update_state, tx.tenant(), capsule, state, reason);
}

Awaitable<std::vector<CapsuleRow>> due(pg::Transaction& tx, Instant now, std::int64_t limit) {
    return tx.rows(select_due, tx.tenant(), now, limit);
}

Awaitable<std::optional<Instant>> next_due(pg::Transaction& tx) {
    co_return co_await tx.one(select_next_due, tx.tenant());
}

void delete_contents(pg::Transaction& tx, const Ids& capsules) {
    tx.defer(delete_indexes, tx.tenant(), capsules);
    tx.defer(delete_cells, tx.tenant(), capsules);
}

void set_erased(pg::Transaction& tx, const Uuid& capsule, const std::string& reason, Instant now,
                const std::string& receipt) {
    tx.defer(update_erased, tx.tenant(), capsule, reason, now, receipt);
}

Awaitable<std::vector<CellRow>> samples_after(pg::Transaction& tx, const Uuid& capsule,
                                              std::int64_t bytes_max, std::int64_t limit) {
    return tx.rows(select_samples, tx.tenant(), capsule, bytes_max, limit);
}

Awaitable<std::vector<StateRow>> states_of(pg::Transaction& tx, const Ids& capsules) {
    return tx.rows(select_states, tx.tenant(), capsules);
}

Awaitable<Census> census(pg::Transaction& tx) {
    return tx.one(select_census, tx.tenant());
}

Awaitable<std::vector<PairRow>> equals(pg::Transaction& tx, std::int64_t field,
                                       const std::vector<OrderId>& orders,
                                       const std::optional<std::vector<ShopId>>& shops) {
    return tx.rows(select_equals, tx.tenant(), field, orders, shops);
}

}  // namespace entrepot::vault::store
