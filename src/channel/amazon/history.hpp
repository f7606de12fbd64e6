// History by report: windows of at most 30 days, asked for newest first, read in when Amazon is
// ready. Each step is written down before the next begins.
#pragma once

#include "channel/amazon/opened_shop.hpp"
#include "channel/amazon/transport.hpp"

namespace entrepot::amazon {

/// Writes the windows of a wish down. amazon.range_not_allowed, amazon.history_running.
Awaitable<Result<bool>> plan_history(Context& ctx, pg::Transaction& tx, const OpenedShop& opened,
                                     Date from, Date to);

/// One step of every report that is due; returns when to come again, or nothing when all have
/// ended.
Awaitable<std::optional<Instant>> advance_history(Link& link, ShopId shop);

inline constexpr std::string_view history_report_type =
    "GET_FLAT_FILE_ALL_ORDERS_DATA_BY_LAST_UPDATE_GENERAL";

}  // namespace entrepot::amazon
