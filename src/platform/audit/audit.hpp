// Audit: every act and every refused act is a row in the act's own transaction. Never personal
// data.
#pragma once

#include <string>
#include <string_view>

#include "platform/context.hpp"

namespace entrepot::audit {

/// What happened to what. `detail` is a JSON object text of ids, counts and codes only.
struct Act {
    std::string_view act;          ///< "orders.hold_placed"
    std::string_view object_kind;  ///< "order", "shop", "user" … or empty
    std::string object_id;         ///< id as text, or empty
    std::string detail = "{}";
};

/// Records a done act; travels with the transaction's next statement or its commit.
void done(pg::Transaction& tx, const Context& ctx, const Act& act);
/// Records a refused act in a transaction of its own (the refused one was rolled back). Needs a
/// known tenant.
Awaitable<void> refused(const Context& ctx, Act act, std::string code);

}  // namespace entrepot::audit
