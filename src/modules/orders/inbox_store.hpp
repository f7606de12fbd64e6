// Rows of the exceptions inbox.
#pragma once

#include "modules/orders/inbox.hpp"

namespace entrepot::orders {

struct InboxRow {
    Uuid id;
    OrderId order_id;
    std::string channel_order_id;
    ShopId shop_id;
    ExceptionKind kind;
    std::string subject;
    std::string detail;
    Instant first_seen_at;
    ExceptionState state;
    std::optional<Instant> closed_at;
    std::optional<std::string> closed_by;
    std::optional<std::string> close_reason;
};
BOOST_DESCRIBE_STRUCT(InboxRow, (),
                      (id, order_id, channel_order_id, shop_id, kind, subject, detail,
                       first_seen_at, state, closed_at, closed_by, close_reason))

struct InboxSelection {
    std::optional<std::vector<ShopId>> shops;
    std::optional<ExceptionKind> kind;
    ExceptionState state = ExceptionState::open;
    std::optional<std::string> subject;
    std::optional<Uuid> before;
    std::int64_t limit = 50;
};
Awaitable<std::vector<InboxRow>> inbox_rows(pg::Transaction& tx, const InboxSelection& selection);
Awaitable<std::optional<InboxRow>> inbox_row(pg::Transaction& tx, const Scope& scope, Uuid id);
Awaitable<std::vector<KindCount>> open_counts(pg::Transaction& tx, const Scope& scope);

struct UnmappedRow {
    std::string seller_sku;
    std::string title;
    std::int64_t orders;
};
BOOST_DESCRIBE_STRUCT(UnmappedRow, (), (seller_sku, title, orders))
/// Seller SKUs of a shop with open exceptions, the most orders first.
Awaitable<std::vector<UnmappedRow>> unmapped_rows(pg::Transaction& tx, ShopId shop,
                                                  std::int64_t limit);

struct Dismissal {
    Uuid id;
    OrderId order_id;
    Instant at;
    std::string by;
    std::string reason;
};
/// False when it was not open any more.
Awaitable<bool> write_dismissal(pg::Transaction& tx, const Dismissal& dismissal);

}  // namespace entrepot::orders
