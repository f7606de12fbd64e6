// Use cases of incidents, and the two events that move them.
#include "modules/compliance/incidents.hpp"

#include <algorithm>
#include <boost/describe/enum_from_string.hpp>
#include <boost/describe/enum_to_string.hpp>

#include "base/text.hpp"
#include "modules/account/account.hpp"
#include "modules/compliance/incident_store.hpp"
#include "platform/audit/audit.hpp"
#include "platform/http/cursor.hpp"
#include "platform/json/reader.hpp"
#include "platform/json/writer.hpp"
#include "vault/vault.hpp"

namespace entrepot::compliance {
namespace {
constexpr std::int64_t page_limit_default = 50;
constexpr std::int64_t page_limit_max = 200;
constexpr std::size_t note_length_max = 2000;
constexpr std::string_view list_name = "incidents";
const std::string reading = "reading";
const std::string of_clock = "clock";
const std::string the_system = "system";

template <class Enum>
Enum named(const std::string& word) {
    Enum out{};
    ensure(boost::describe::enum_from_string(word.c_str(), out), "a word of a domain");
    return out;
}

Incident view_of(const store::IncidentRow& row) {
    return {row.id,
            named<IncidentKind>(row.kind),
            named<IncidentState>(row.state),
            named<IncidentSubject>(row.subject_kind),
            row.subject_id.is_nil() ? std::nullopt : std::optional(row.subject_id),
            row.what,
            row.opened_at,
            row.last_at,
            row.alarms,
            row.audit_ids,
            row.contained_at,
            row.took_ms,
            row.frozen,
            row.closed_at,
            row.closed_by,
            row.closing_note};
}

template <class Enum>
std::string word_of(Enum value) {
    return boost::describe::enum_to_string(value, "");
}

struct RaisedDetail {
    std::string what;
};
BOOST_DESCRIBE_STRUCT(RaisedDetail, (), (what))
}  // namespace

Awaitable<Result<http::Page<Incident>>> get_incidents(Context& ctx, const IncidentsQuery& in) {
    const std::int64_t limit =
        std::clamp<std::int64_t>(in.limit.value_or(page_limit_default), 1, page_limit_max);
    std::optional<IncidentId> before;
    if (in.cursor) {
        CO_TRY(const std::string place, http::read_cursor(ctx, list_name, *in.cursor));
        before = IncidentId::parse(place);
    }
    const auto state = in.state ? std::optional(word_of(*in.state)) : std::nullopt;
    const auto rows = co_await ctx.db().read(ctx.tenant, store::incidents_page, ctx.tenant, state,
                                             before, limit + 1);
    http::Page<Incident> page;
    for (const store::IncidentRow& row : rows) {
        if (static_cast<std::int64_t>(page.items.size()) == limit) {
            page.next_cursor = http::write_cursor(ctx, list_name, page.items.back().id.text());
            break;
        }
        page.items.push_back(view_of(row));
    }
    co_return page;
}

Awaitable<Result<Incident>> get_incident(Context& ctx, const IncidentKey& in) {
    const auto rows = co_await ctx.db().read(ctx.tenant, store::incident_by_id, ctx.tenant, in.id);
    if (rows.empty()) co_return make_error(entrepot::errors::not_found);
    co_return view_of(rows.front());
}

Awaitable<Result<Incident>> close_incident(Context& ctx, const CloseIncident& in) {
    if (ctx.actor.kind != ActorKind::user)
        co_return make_error(errors::person_needed, "a person closes incidents, not an API key");
    const std::string note(text::trim(in.note));
    if (note.empty())
        co_return field_error(entrepot::errors::invalid_fields, "/note", "required",
                              "say what was found and done");
    if (text::length(note) > note_length_max)
        co_return field_error(entrepot::errors::invalid_fields, "/note", "too_long",
                              "at most 2000 characters");
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<Incident>> {
        const auto row = co_await tx.maybe(store::lock_incident, ctx.tenant, in.id);
        if (!row) co_return make_error(entrepot::errors::not_found);
        if (row->state == "closed")
            co_return make_error(errors::incident_closed, "this incident is closed already");
        if (row->subject_kind == "user" && row->subject_id == ctx.actor.id)
            co_return make_error(errors::own_incident, "somebody else must judge this");
        tx.defer(store::close_incident, ctx.tenant, in.id, ctx.now(), UserId{ctx.actor.id}, note);
        if (row->kind == of_clock) vault::accept_clock(tx, ctx);
        audit::done(tx, ctx, {"compliance.incident_closed", "incident", in.id.text()});
        co_return view_of(co_await tx.one(store::incident_by_id, ctx.tenant, in.id));
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body);
}

Awaitable<void> open_incident(Context& ctx, pg::Transaction& tx,
                              const std::vector<jobs::Job>& work) {
    for (const jobs::Job& job : work) {
        const auto alarm = json::read_document<vault::Alarm>(job.payload);
        ensure(alarm.has_value(), "payload of vault.alarm");
        const bool of_tenant = alarm->what == vault::AlarmKind::tenant_over_budget;
        const std::string kind = of_tenant ? "tenant" : word_of(alarm->actor_kind);
        const Uuid subject = of_tenant ? ctx.tenant.value : alarm->actor_id;
        const auto fresh = ctx.new_id<IncidentId>();
        const std::string what = word_of(alarm->what);
        const IncidentId id =
            co_await tx.one(store::raise_incident, ctx.tenant, fresh, reading, kind, subject, what,
                            alarm->at, std::int64_t{1}, std::vector{alarm->audit_id});
        if (id == fresh)
            audit::done(tx, ctx,
                        {"compliance.incident_opened", "incident", id.text(),
                         json::to_json(RaisedDetail{what})});
    }
}

Awaitable<void> contain_incident(Context& ctx, pg::Transaction& tx,
                                 const std::vector<jobs::Job>& work) {
    for (const jobs::Job& job : work) {
        const auto done = json::read_document<account::Contained>(job.payload);
        ensure(done.has_value(), "payload of account.alarm_contained");
        // The alarm itself may still be on its way: then this opens what it will be counted in.
        const auto fresh = ctx.new_id<IncidentId>();
        const IncidentId id = co_await tx.one(store::raise_incident, ctx.tenant, fresh, reading,
                                              done->subject_kind, done->subject_id, done->what,
                                              done->at, std::int64_t{0}, std::vector<AuditId>{});
        const auto took =
            std::chrono::duration_cast<std::chrono::milliseconds>(done->at - done->alarm_at);
        co_await tx.exec(store::contain_incident, ctx.tenant, reading, done->subject_kind,
                         done->subject_id, done->at, std::optional(done->frozen), took.count());
        audit::done(tx, ctx, {"compliance.incident_contained", "incident", id.text()});
    }
}

Awaitable<void> clock_incident(Context& ctx, pg::Transaction& tx,
                               const std::vector<jobs::Job>& work) {
    for (const jobs::Job& job : work) {
        const auto judged = json::read_document<vault::ClockJudged>(job.payload);
        ensure(judged.has_value(), "payload of vault.clock");
        if (judged->what == "clock_good") {
            co_await tx.exec(store::contain_incident, ctx.tenant, of_clock, the_system, Uuid{},
                             judged->at, std::optional<bool>(), std::int64_t{0});
            continue;
        }
        const auto fresh = ctx.new_id<IncidentId>();
        const IncidentId id =
            co_await tx.one(store::raise_incident, ctx.tenant, fresh, of_clock, the_system, Uuid{},
                            judged->what, judged->at, std::int64_t{1}, std::vector<AuditId>{});
        if (id == fresh)
            audit::done(tx, ctx,
                        {"compliance.incident_opened", "incident", id.text(),
                         json::to_json(RaisedDetail{judged->what})});
    }
}

}  // namespace entrepot::compliance
