// Checks of what the database itself says: its catalogue, its rights, the age of rows.
#include "modules/compliance/catalogue_store.hpp"
#include "modules/compliance/check.hpp"
#include "modules/compliance/origin_register.hpp"
#include "platform/retention.hpp"

namespace entrepot::compliance {
namespace {
/// The channel deletes them after 14 days, once a day.
constexpr std::int64_t raw_reply_hours_max = 15 * 24;
/// For a day without workers.
constexpr auto forget_patience = std::chrono::hours(24);
constexpr std::int64_t jobs_that_forget = 3;

std::vector<std::string> names_of(const std::vector<store::ObjectRow>& rows) {
    std::vector<std::string> out;
    for (const store::ObjectRow& row : rows) out.push_back(row.name);
    return out;
}

std::int64_t count(const std::vector<store::ObjectRow>& rows) {
    return static_cast<std::int64_t>(rows.size());
}
}  // namespace

Awaitable<Finding> tenant_isolation(Context&, pg::Transaction& tx) {
    const std::int64_t tables = co_await tx.one(store::tenant_table_count);
    const auto open = co_await tx.rows(store::tables_without_wall);
    const std::map<std::string, std::int64_t> figures{{"tables", tables}, {"open", count(open)}};
    if (tables == 0 || !open.empty())
        co_return Finding{State::red, "open", figures, names_of(open)};
    co_return Finding{State::green, "forced", figures, {}};
}

Awaitable<Finding> database_role(Context&, pg::Transaction& tx) {
    const auto found = co_await tx.rows(store::powers_of_role);
    const std::map<std::string, std::int64_t> figures{{"powers", count(found)}};
    if (!found.empty()) co_return Finding{State::red, "too_mighty", figures, names_of(found)};
    co_return Finding{State::green, "rows_only", figures, {}};
}

Awaitable<Finding> database_link(Context&, pg::Transaction& tx) {
    const auto link = co_await tx.one(store::link);
    if (link.is_local) co_return Finding{State::green, "local", {}, {}};
    if (link.is_encrypted) co_return Finding{State::green, "tls", {}, {link.version}};
    co_return Finding{State::red, "plain", {}, {}};
}

Awaitable<Finding> schema_register(Context&, pg::Transaction& tx) {
    const auto size = co_await tx.one(store::schema_size);
    const auto missing = co_await tx.rows(store::unregistered);
    const std::map<std::string, std::int64_t> figures{
        {"tables", size.tables}, {"columns", size.columns}, {"missing", count(missing)}};
    if (size.tables == 0 || !missing.empty())
        co_return Finding{State::red, "missing", figures, names_of(missing)};
    co_return Finding{State::green, "complete", figures, {}};
}

Awaitable<Finding> buyer_columns(Context&, pg::Transaction& tx) {
    const auto size = co_await tx.one(store::schema_size);
    const auto found = co_await tx.rows(store::columns_for_buyers);
    const std::map<std::string, std::int64_t> figures{{"columns", size.columns},
                                                      {"found", count(found)}};
    if (!found.empty()) co_return Finding{State::red, "found", figures, names_of(found)};
    co_return Finding{State::green, "none", figures, {}};
}

Awaitable<Finding> audit_rows(Context& ctx, pg::Transaction& tx) {
    const auto seen = co_await tx.one(store::audit_seen, tx.tenant(), audit_ids_since(ctx));
    std::map<std::string, std::int64_t> figures{{"rows", seen.rows}, {"refused", seen.refused}};
    if (!seen.last_at) co_return Finding{State::amber, "none", std::move(figures), {}};
    figures["hours"] =
        std::chrono::duration_cast<std::chrono::hours>(ctx.now() - *seen.last_at).count();
    co_return Finding{State::green, "written", std::move(figures), {}};
}

Awaitable<Finding> audit_append_only(Context&, pg::Transaction& tx) {
    const auto found = co_await tx.rows(store::rights_on_audit);
    const std::map<std::string, std::int64_t> figures{{"rights", count(found)}};
    if (!found.empty()) co_return Finding{State::red, "changeable", figures, names_of(found)};
    co_return Finding{State::green, "append_only", figures, {}};
}

Awaitable<Finding> raw_replies(Context& ctx, pg::Transaction& tx) {
    const auto kept = co_await tx.one(store::raw_replies_kept, tx.tenant());
    std::map<std::string, std::int64_t> figures{{"replies", kept.replies}};
    if (!kept.oldest_at) co_return Finding{State::green, "none", std::move(figures), {}};
    const auto hours =
        std::chrono::duration_cast<std::chrono::hours>(ctx.now() - *kept.oldest_at).count();
    figures["days"] = hours / 24;
    if (hours > raw_reply_hours_max)
        co_return Finding{State::red, "too_old", std::move(figures), {}};
    co_return Finding{State::green, "in_time", std::move(figures), {}};
}

Awaitable<Finding> marketplace_data(Context& ctx, pg::Transaction& tx) {
    std::vector<std::string> listed;
    std::map<std::string, std::int64_t> figures{{"books", 0}, {"term", 0}};
    for (const OriginLine& line : origin_register) {
        listed.emplace_back(line.table);
        if (line.basis == Basis::books) ++figures["books"];
        if (line.basis == Basis::term) ++figures["term"];
    }
    const auto missing = co_await tx.rows(store::without_basis, listed);
    const auto kept = co_await tx.one(
        store::past_term, tx.tenant(),
        Instant(ctx.now() - marketplace_data_life - forget_period - forget_patience));
    figures["tables"] = static_cast<std::int64_t>(listed.size());
    figures["missing"] = count(missing);
    figures["overdue"] = kept.packages + kept.exceptions + kept.shipments + kept.reports;
    figures["jobs"] = kept.jobs;
    if (!missing.empty())
        co_return Finding{State::red, "unlisted", std::move(figures), names_of(missing)};
    if (figures["overdue"] != 0) co_return Finding{State::red, "overdue", std::move(figures), {}};
    if (kept.connections != 0 && kept.jobs != jobs_that_forget)
        co_return Finding{State::red, "no_job", std::move(figures), {}};
    co_return Finding{State::green, "in_time", std::move(figures), {}};
}

}  // namespace entrepot::compliance
