// Checks of buyers' data: sealed, fetched in time, read for a purpose, gone in time; of the keeper
// of their keys, of the seal on the audit, and of what happens to who reads too much.
#include <unistd.h>

#include <boost/json.hpp>

#include "modules/compliance/check.hpp"
#include "modules/compliance/incident_store.hpp"
#include "modules/compliance/vault_store.hpp"
#include "platform/audit/sealing_state.hpp"
#include "platform/http/egress.hpp"
#include "platform/keys/client.hpp"
#include "vault/vault.hpp"

namespace entrepot::compliance {
namespace {
using Figures = std::map<std::string, std::int64_t>;
constexpr auto fetch_window = std::chrono::days(30);
/// The sweeper runs when a capsule is due; an hour is left for trouble.
constexpr auto sweep_patience = std::chrono::hours(1);
constexpr std::int64_t receipts_asked = 200;
constexpr auto epoch_age_max = std::chrono::hours(26);
constexpr auto root_grace_max = std::chrono::hours(26);
constexpr auto seal_patience = std::chrono::seconds(10);
constexpr auto seal_window = std::chrono::hours(24);
/// The sealer signs at least once a minute.
constexpr auto checkpoint_age_max = std::chrono::minutes(5);
constexpr std::int64_t freeze_ms_max = 5'000;
constexpr auto freeze_patience = std::chrono::seconds(60);
constexpr auto incident_patience = std::chrono::days(7);

std::int64_t seconds(std::chrono::hours hours) {
    return std::chrono::duration_cast<std::chrono::seconds>(hours).count();
}

AuditId audit_id_at(Instant at) {
    return AuditId{uuid_v7(
        std::chrono::floor<std::chrono::milliseconds>(at.time_since_epoch()).count(), 0, 0)};
}

keys::Request about(const Context& ctx, keys::Operation operation) {
    keys::Request request;
    request.operation = operation;
    request.caller.tenant = ctx.tenant;
    return request;
}
}  // namespace

Awaitable<Finding> vault_cells(Context&, pg::Transaction& tx) {
    const auto row = co_await tx.one(store::vault_cells, tx.tenant());
    const Figures figures{{"capsules", row.capsules}, {"cells", row.cells}, {"plain", row.plain}};
    if (row.plain != 0) co_return Finding{State::red, "plain", figures, {}};
    co_return Finding{State::green, "sealed", figures, {}};
}

Awaitable<Finding> just_in_time(Context& ctx, pg::Transaction& tx) {
    const auto row =
        co_await tx.one(store::fetched_early, tx.tenant(), Instant(ctx.now() - fetch_window));
    const Figures figures{
        {"capsules", row.capsules}, {"not_ours", row.not_ours}, {"early", row.early}};
    if (row.not_ours != 0) co_return Finding{State::red, "not_ours", figures, {}};
    if (row.early != 0) co_return Finding{State::red, "early", figures, {}};
    co_return Finding{State::green, "in_time", figures, {}};
}

Awaitable<Finding> pii_clock(Context& ctx, pg::Transaction& tx) {
    const auto row = co_await tx.one(
        store::pii_clock, tx.tenant(), Instant(ctx.now() - sweep_patience),
        seconds(vault::kept_after_delivery), seconds(vault::ceiling_after_shipping));
    const Figures figures{{"held", row.held},
                          {"overdue", row.overdue},
                          {"too_long", row.too_long},
                          {"sweepers", row.sweepers}};
    if (row.stopped) co_return Finding{State::red, "stopped", figures, {}};
    if (row.overdue != 0) co_return Finding{State::red, "overdue", figures, {}};
    if (row.too_long != 0) co_return Finding{State::red, "too_long", figures, {}};
    if (row.held != 0 && row.sweepers == 0)
        co_return Finding{State::red, "no_sweeper", figures, {}};
    co_return Finding{State::green, "in_time", figures, {}};
}

Awaitable<Finding> erased_capsules(Context& ctx, pg::Transaction& tx) {
    const auto row = co_await tx.one(store::erased_capsules, tx.tenant());
    Figures figures{{"erased", row.erased},
                    {"left_over", row.left_over},
                    {"without_receipt", row.without_receipt},
                    {"barred", row.barred},
                    {"brought_back", row.brought_back}};
    if (row.brought_back != 0) co_return Finding{State::red, "brought_back", figures, {}};
    if (row.left_over != 0) co_return Finding{State::red, "left_over", figures, {}};
    if (row.without_receipt != 0) co_return Finding{State::red, "no_receipt", figures, {}};
    keys::Request ask = about(ctx, keys::Operation::receipts);
    ask.ids = co_await tx.rows(store::erased_ids, tx.tenant(), receipts_asked);
    std::int64_t unknown = 0;
    if (!ask.ids.empty()) {
        const std::string lines = (co_await ctx.services.keys.call(ask)).text;
        for (const Uuid& id : ask.ids)
            unknown += lines.find(id.text()) == std::string::npos ? 1 : 0;
    }
    figures["asked"] = static_cast<std::int64_t>(ask.ids.size());
    figures["unknown"] = unknown;
    if (unknown != 0) co_return Finding{State::red, "not_destroyed", std::move(figures), {}};
    co_return Finding{State::green, "gone", std::move(figures), {}};
}

Awaitable<Finding> keyd_epochs(Context& ctx, pg::Transaction&) {
    keys::Reply reply;
    std::string why;
    try {
        reply = co_await ctx.services.keys.call(about(ctx, keys::Operation::status));
    } catch (const keys::Unavailable& error) {
        why = error.what();
    }
    if (!why.empty()) co_return Finding{State::red, "away", {}, {std::move(why)}};
    const auto status = boost::json::parse(reply.text);
    if (!status.at("open").as_bool())
        co_return Finding{State::red, "shut", {}, {std::string(status.at("why_shut").as_string())}};
    try {
        co_await ctx.services.keys.meet();
    } catch (const keys::ForeignKeyring& error) {
        why = error.what();
    }
    if (!why.empty()) co_return Finding{State::red, "foreign", {}, {std::move(why)}};
    const auto moment = [](const boost::json::value& of, const char* name) {
        const auto* text = of.as_object().if_contains(name);
        return text == nullptr ? std::nullopt : parse_instant(std::string(text->as_string()));
    };
    std::int64_t age_hours = -1, late_roots = 0;
    for (const auto& epoch : status.at("epochs").as_array()) {
        if (epoch.at("state") == "current") {
            const auto made = moment(epoch, "made_at");
            ensure(made.has_value(), "an epoch without its beginning");
            age_hours = std::chrono::duration_cast<std::chrono::hours>(ctx.now() - *made).count();
        }
        const auto drained = moment(epoch, "drained_at");
        if (drained && !moment(epoch, "destroyed_at") && ctx.now() - *drained > root_grace_max)
            ++late_roots;
    }
    const bool marked = status.as_object().contains("high_water");
    const bool apart =
        status.at("uid").to_number<std::int64_t>() != static_cast<std::int64_t>(::geteuid());
    const Figures figures{
        {"epoch", status.at("epoch").to_number<std::int64_t>()},
        {"hours", age_hours},
        {"late_roots", late_roots},
        {"live_keys", status.at("live_keys").to_number<std::int64_t>()},
        {"destroyed_keys", status.at("destroyed_keys").to_number<std::int64_t>()}};
    if (!marked) co_return Finding{State::red, "no_mark", figures, {}};
    if (age_hours < 0 || age_hours > epoch_age_max.count())
        co_return Finding{State::red, "old_epoch", figures, {}};
    if (late_roots != 0) co_return Finding{State::red, "old_roots", figures, {}};
    // Where nobody started us as root, keyd is a process of its own but not a user of its own.
    if (!apart) co_return Finding{State::amber, "same_user", figures, {}};
    co_return Finding{State::green, "turning", figures, {}};
}

Awaitable<Finding> reveal_purposes(Context& ctx, pg::Transaction& tx) {
    std::vector<std::string> purposes;
    for (const keys::Purpose purpose : {keys::Purpose::fulfilment, keys::Purpose::service,
                                        keys::Purpose::rights_request, keys::Purpose::legal_claim})
        purposes.emplace_back(keys::name_of(purpose));
    const auto row = co_await tx.one(store::readings, tx.tenant(), audit_ids_since(ctx), purposes);
    // keyd itself must refuse a purpose that is none of these; the key asked for is nobody's.
    std::int64_t probes = 0, refused = 0;
    for (const keys::Purpose purpose : {keys::Purpose::store, keys::Purpose::system}) {
        keys::Request probe = about(ctx, keys::Operation::open);
        probe.caller.purpose = purpose;
        probe.ids = {crypto::new_uuid(ctx.now())};
        ++probes;
        try {
            (void)co_await ctx.services.keys.call(probe);
        } catch (const Bug&) {
            ++refused;
        }
    }
    const Figures figures{{"readings", row.readings},
                          {"refused", row.refused},
                          {"aimless", row.aimless},
                          {"probes", probes},
                          {"probes_refused", refused}};
    if (row.aimless != 0) co_return Finding{State::red, "aimless", figures, {}};
    if (refused != probes) co_return Finding{State::red, "not_refused", figures, {}};
    co_return Finding{State::green, "bound", figures, {}};
}

Awaitable<Finding> audit_sealed(Context& ctx, pg::Transaction& tx) {
    const Instant until = ctx.now() - seal_patience;
    const auto row = co_await tx.one(store::audit_seal, tx.tenant(),
                                     audit_id_at(until - seal_window), audit_id_at(until));
    Figures figures{{"rows", row.rows}, {"unsealed", row.unsealed}};
    if (!row.checkpoint_at) co_return Finding{State::red, "never", std::move(figures), {}};
    const auto age = ctx.now() - *row.checkpoint_at;
    figures["seconds"] = std::chrono::duration_cast<std::chrono::seconds>(age).count();
    if (row.unsealed != 0) co_return Finding{State::red, "unsealed", std::move(figures), {}};
    if (age > checkpoint_age_max) co_return Finding{State::red, "asleep", std::move(figures), {}};
    const audit::SealingState here = audit::sealing_state();
    if (here.runs && !here.healthy())
        co_return Finding{State::red,
                          "fault",
                          std::move(figures),
                          {here.fault.empty() ? here.copy_fault : here.fault}};
    co_return Finding{State::green, "sealed", std::move(figures), {}};
}

Awaitable<Finding> incidents_contained(Context& ctx, pg::Transaction& tx) {
    const auto row =
        co_await tx.one(store::incident_counts, tx.tenant(), Instant(ctx.now() - freeze_patience),
                        Instant(ctx.now() - incident_patience), Instant(ctx.now() - audit_window));
    const Figures figures{{"open", row.open},       {"contained", row.contained},
                          {"closed", row.closed},   {"uncontained", row.uncontained},
                          {"waiting", row.waiting}, {"slowest_ms", row.slowest_ms.value_or(0)}};
    if (row.uncontained != 0) co_return Finding{State::red, "uncontained", figures, {}};
    if (row.slowest_ms.value_or(0) > freeze_ms_max)
        co_return Finding{State::red, "too_slow", figures, {}};
    if (row.waiting != 0) co_return Finding{State::amber, "waiting", figures, {}};
    co_return Finding{State::green, "contained", figures, {}};
}

Awaitable<Finding> tracking_gate(Context& ctx, pg::Transaction&) {
    // More than is promised, and less; the port is nobody's, so that what the gate lets through
    // goes nowhere.
    const std::vector<std::string> bodies{
        R"({"order_id":"1","tracking_number":"1","carrier":"x","phone":"1"})",
        R"({"order_id":"1","tracking_number":"1"})"};
    std::int64_t refused = 0;
    for (const std::string& body : bodies) {
        EgressRequest request;
        request.method = "POST";
        request.url = "https://localhost:1/";
        request.partner = "tracking";
        request.body = body;
        request.timeout = std::chrono::seconds(2);
        try {
            (void)co_await ctx.services.egress.send(std::move(request));
        } catch (const EgressError& error) {
            refused += error.kind == EgressFailure::refused ? 1 : 0;
        }
    }
    const Figures figures{{"probes", static_cast<std::int64_t>(bodies.size())},
                          {"refused", refused}};
    if (refused != static_cast<std::int64_t>(bodies.size()))
        co_return Finding{State::red, "let_through", figures, {}};
    co_return Finding{State::green, "refused", figures, {}};
}

}  // namespace entrepot::compliance
