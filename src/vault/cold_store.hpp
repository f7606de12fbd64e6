// SQL of the cold store.
#pragma once

#include <boost/describe/class.hpp>

#include "vault/store.hpp"

namespace entrepot::vault::store {

struct HeldCellRow {
    Uuid hold_id;
    OrderId order_id;
    Uuid row_id;
    std::int64_t field;
    pg::Bytes sealed;
};
BOOST_DESCRIBE_STRUCT(HeldCellRow, (), (hold_id, order_id, row_id, field, sealed))

struct HeldCountRow {
    Uuid hold_id;
    std::int64_t cells;
};
BOOST_DESCRIBE_STRUCT(HeldCountRow, (), (hold_id, cells))

void add_held_cells(pg::Transaction& tx, const std::vector<HeldCellRow>& cells);
Awaitable<std::vector<HeldCellRow>> held_cells(pg::Transaction& tx, const Uuid& hold);
void delete_held_cells(pg::Transaction& tx, const Uuid& hold);
Awaitable<std::vector<HeldCountRow>> held_counts(pg::Transaction& tx);
/// One short sealed field of each hold.
Awaitable<std::vector<HeldCellRow>> held_samples(pg::Transaction& tx, std::int64_t bytes_max);

}  // namespace entrepot::vault::store

namespace entrepot::vault {

/// The copied cell as one that opens at its place: bound to hold, order, line and field.
store::CellRow as_cell(const store::HeldCellRow& held);

}  // namespace entrepot::vault
