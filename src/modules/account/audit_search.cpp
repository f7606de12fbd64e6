// The auditor's search: newest first, by keyset on the time-ordered id.
#include "modules/account/people.hpp"
#include "modules/account/store.hpp"
#include "platform/http/cursor.hpp"

namespace entrepot::account {
namespace {
constexpr std::int64_t page_limit_default = 50;
constexpr std::int64_t page_limit_max = 200;
constexpr std::size_t filter_length_max = 100;

/// The smallest id that an act of this moment can have.
AuditId first_id_of(Instant at) {
    const auto ms = std::chrono::ceil<std::chrono::milliseconds>(at.time_since_epoch()).count();
    AuditId id;
    for (std::size_t i = 0; i < 6; ++i)
        id.value.bytes[i] = static_cast<std::uint8_t>(ms >> (40 - 8 * i) & 0xFF);
    return id;
}

AuditId last_id() {
    AuditId id;
    id.value.bytes.fill(0xFF);
    return id;
}

AuditEntry entry_of(const store::AuditRow& row) {
    return {row.id,         row.at,          {row.actor_kind, row.actor_id, row.actor_name},
            row.act,        row.object_kind, row.object_id,
            row.result,     row.code,        row.ip,
            row.user_agent, row.request_id,  {row.detail}};
}
}  // namespace

Awaitable<Result<http::Page<AuditEntry>>> audit_entries(Context& ctx, const AuditQuery& in) {
    std::vector<FieldError> problems;
    for (const auto& [pointer, value] :
         {std::pair("/act", &in.act), std::pair("/object_kind", &in.object_kind),
          std::pair("/object_id", &in.object_id), std::pair("/q", &in.q)})
        if (*value) check_text(problems, pointer, **value, filter_length_max);
    if (in.result && *in.result != "done" && *in.result != "refused")
        problems.push_back({"/result", "unknown_value", "done or refused"});
    const std::int64_t limit = in.limit.value_or(page_limit_default);
    if (limit < 1 || limit > page_limit_max)
        problems.push_back({"/limit", "out_of_range", "1 to 200"});
    if (!problems.empty()) co_return fields_error(std::move(problems));
    AuditId before = in.to ? first_id_of(*in.to) : last_id();
    if (in.cursor) {
        CO_TRY(const std::string place, http::read_cursor(ctx, "audit", *in.cursor));
        before = std::min(before, *AuditId::parse(place));
    }
    const AuditId from = in.from ? first_id_of(*in.from) : AuditId{};
    const auto rows =
        co_await ctx.db().read(ctx.tenant, store::audit_page, ctx.tenant, before, from, in.actor_id,
                               in.act, in.object_kind, in.object_id, in.result, in.q, limit + 1);
    http::Page<AuditEntry> page;
    for (const store::AuditRow& row : rows) {
        if (static_cast<std::int64_t>(page.items.size()) == limit) {
            page.next_cursor = http::write_cursor(ctx, "audit", page.items.back().id.text());
            break;
        }
        page.items.push_back(entry_of(row));
    }
    co_return page;
}

}  // namespace entrepot::account
