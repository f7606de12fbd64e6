// The statements of the cold store.
#include "vault/cold_store.hpp"

namespace entrepot::vault::store {
namespace {
using Ids = std::vector<Uuid>;

const pg::Statement<void(TenantId, Ids, std::vector<OrderId>, Ids, std::vector<std::int64_t>,
                         std::vector<pg::Bytes>)>
    insert_cells{"vault.add_held_cells", R"sql(
    insert into vault.held_cell (tenant_id, hold_id, order_id, row_id, field, sealed)
    select $1, n.hold_id, n.order_id, n.row_id, n.field, n.sealed
    from unnest($2, $3, $4, $5, $6) as n(hold_id, order_id, row_id, field, sealed)
    on conflict (tenant_id, hold_id, order_id, row_id, field) do nothing
)sql"};

const pg::Statement<HeldCellRow(TenantId, Uuid)> select_cells{"vault.held_cells", R"sql(
    select hold_id, order_id, row_id, field, sealed
    from vault.held_cell
    where tenant_id = $1 and hold_id = $2
    order by order_id, row_id, field
)sql"};

const pg::Statement<void(TenantId, Uuid)> delete_cells{"vault.delete_held_cells", R"sql(
    delete from vault.held_cell where tenant_id = $1 and hold_id = $2
)sql"};

const pg::Statement<HeldCountRow(TenantId)> select_counts{"vault.held_counts", R"sql(
    select hold_id, count(*) as cells
    from vault.held_cell
    where tenant_id = $1
    group by hold_id
)sql"};

const pg::Statement<HeldCellRow(TenantId, std::int64_t)> select_samples{"vault.held_samples", R"sql(
    select distinct on (hold_id) hold_id, order_id, row_id, field, sealed
    from vault.held_cell
    where tenant_id = $1 and octet_length(sealed) <= $2
    order by hold_id, order_id, row_id, field
)sql"};
}  // namespace

void add_held_cells(pg::Transaction& tx, const std::vector<HeldCellRow>& cells) {
    Ids holds, rows;
    std::vector<OrderId> orders;
    std::vector<std::int64_t> fields;
    std::vector<pg::Bytes> sealed;
    for (const HeldCellRow& cell : cells) {
        holds.push_back(cell.hold_id);
        orders.push_back(cell.order_id);
        rows.push_back(cell.row_id);
        fields.push_back(cell.field);
        sealed.push_back(cell.sealed);
    }
    if (!cells.empty()) tx.defer(insert_cells, tx.tenant(), holds, orders, rows, fields, sealed);
}

Awaitable<std::vector<HeldCellRow>> held_cells(pg::Transaction& tx, const Uuid& hold) {
    return tx.rows(select_cells, tx.tenant(), hold);
}

void delete_held_cells(pg::Transaction& tx, const Uuid& hold) {
    tx.defer(delete_cells, tx.tenant(), hold);
}

Awaitable<std::vector<HeldCountRow>> held_counts(pg::Transaction& tx) {
    return tx.rows(select_counts, tx.tenant());
}

Awaitable<std::vector<HeldCellRow>> held_samples(pg::Transaction& tx, std::int64_t bytes_max) {
    return tx.rows(select_samples, tx.tenant(), bytes_max);
}

}  // namespace entrepot::vault::store
