// What a drill compares between a restored copy and the running database.
#pragma once

#include "backup/report.hpp"
#include "platform/pg/pg.hpp"
#include "platform/pgserver/session.hpp"

namespace entrepot::backup {

/// Rows of every table. A fault: a table that is gone, an append-only one with more rows in the
/// backup than now.
void compare_tables(pgserver::Session& copy, pgserver::Session& live, Report& report);

/// Money and lines of every order that has not changed since.
void compare_orders(pgserver::Session& copy, pgserver::Session& live, Report& report);

/// The copy's last checkpoint: its own tree gives its root, and the running tree begins with it.
/// Both databases as entrepot_app.
Awaitable<void> compare_trails(pg::Database& copy, pg::Database& live, const audit::PublicKey& key,
                               Report& report);

}  // namespace entrepot::backup
