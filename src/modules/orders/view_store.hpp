// Rows of saved views.
#pragma once

#include "modules/orders/orders.hpp"

namespace entrepot::orders {

struct ViewRow {
    ViewId id;
    std::string name;
    Uuid owner_id;
    bool shared;
    pg::Json filter;
};
BOOST_DESCRIBE_STRUCT(ViewRow, (), (id, name, owner_id, shared, filter))

/// One's own and those that others share, by name.
Awaitable<std::vector<ViewRow>> view_rows(pg::Transaction& tx, Uuid owner);
Awaitable<std::int64_t> view_count(pg::Transaction& tx, Uuid owner);
void insert_view(pg::Transaction& tx, const ViewRow& view, Instant at);
Awaitable<bool> delete_view(pg::Transaction& tx, Uuid owner, ViewId id);

}  // namespace entrepot::orders
