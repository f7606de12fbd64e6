// SQL of the vault.
#pragma once

#include <boost/describe/class.hpp>
#include <optional>
#include <string>
#include <vector>

#include "platform/pg/pg.hpp"
#include "vault/fields.hpp"
#include "vault/retention.hpp"

namespace entrepot::vault::store {

struct CapsuleRow {
    Uuid id;
    OrderId order_id;
    ShopId shop_id;
    std::string state;
    std::string origin;
    Instant sealed_at;
    std::optional<Instant> shipped_at, promised_by, delivered_at;
    Instant destroy_at;
    std::optional<std::string> erase_reason;
    std::optional<Instant> erased_at;
    std::optional<std::string> receipt;
};
BOOST_DESCRIBE_STRUCT(CapsuleRow, (),
                      (id, order_id, shop_id, state, origin, sealed_at, shipped_at, promised_by,
                       delivered_at, destroy_at, erase_reason, erased_at, receipt))

struct CellRow {
    Uuid capsule_id;
    Uuid row_id;
    std::int64_t field;
    pg::Bytes sealed;
};
BOOST_DESCRIBE_STRUCT(CellRow, (), (capsule_id, row_id, field, sealed))

/// One blind index value of one capsule.
struct IndexRow {
    std::int64_t field;
    Date month;
    pg::Bytes value;
};

/// False when the order has a capsule already, or a fence. The order is held off (fence.hpp).
Awaitable<bool> add_capsule(pg::Transaction& tx, const CapsuleRow& capsule);
void add_cells(pg::Transaction& tx, const std::vector<CellRow>& cells);
void add_indexes(pg::Transaction& tx, const Uuid& capsule, const std::vector<IndexRow>& rows);

Awaitable<std::vector<CapsuleRow>> capsules_of(pg::Transaction& tx,
                                               const std::vector<OrderId>& orders);
/// Locked until the end of the transaction.
Awaitable<std::optional<CapsuleRow>> lock_capsule(pg::Transaction& tx, OrderId order);
Awaitable<std::vector<CellRow>> cells_of(pg::Transaction& tx, const std::vector<Uuid>& capsules,
                                         const std::vector<std::int64_t>& fields);
Awaitable<std::vector<OrderId>> find(pg::Transaction& tx, std::int64_t field,
                                     const std::vector<Date>& months,
                                     const std::vector<pg::Bytes>& values,
                                     const std::optional<std::vector<ShopId>>& shops,
                                     bool restricted_too);

void set_clock(pg::Transaction& tx, const CapsuleRow& capsule);
void set_state(pg::Transaction& tx, const Uuid& capsule, const std::string& state,
               const std::optional<std::string>& reason);
/// Capsules whose time has come, and those whose erasure was begun and not finished.
Awaitable<std::vector<CapsuleRow>> due(pg::Transaction& tx, Instant now, std::int64_t limit);
Awaitable<std::optional<Instant>> next_due(pg::Transaction& tx);
void delete_contents(pg::Transaction& tx, const std::vector<Uuid>& capsules);
void set_erased(pg::Transaction& tx, const Uuid& capsule, const std::string& reason, Instant now,
                const std::string& receipt);

/// One short sealed field of each capsule that has any, in the order of the capsules: for a drill.
Awaitable<std::vector<CellRow>> samples_after(pg::Transaction& tx, const Uuid& capsule,
                                              std::int64_t bytes_max, std::int64_t limit);
struct StateRow {
    Uuid id;
    std::string state;
};
BOOST_DESCRIBE_STRUCT(StateRow, (), (id, state))
Awaitable<std::vector<StateRow>> states_of(pg::Transaction& tx, const std::vector<Uuid>& capsules);

struct Census {
    std::int64_t held, restricted, erased;  ///< erased: or being erased
};
BOOST_DESCRIBE_STRUCT(Census, (), (held, restricted, erased))
Awaitable<Census> census(pg::Transaction& tx);

struct PairRow {
    OrderId order_id, other_id;
};
BOOST_DESCRIBE_STRUCT(PairRow, (), (order_id, other_id))
/// Orders that have an index value of this field in common.
Awaitable<std::vector<PairRow>> equals(pg::Transaction& tx, std::int64_t field,
                                       const std::vector<OrderId>& orders,
                                       const std::optional<std::vector<ShopId>>& shops);

}  // namespace entrepot::vault::store
