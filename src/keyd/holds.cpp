// Keys of legal holds. Two people and the end are kept here and not by the server: one that is
// taken over, or has its clock set back, opens nothing that keyd's own rows and clock do not allow.
#include "keyd/hold_store.hpp"
#include "keyd/keyring.hpp"
#include "platform/telemetry/log.hpp"

namespace entrepot::keyd {
using keys::Operation;
using keys::Outcome;

namespace {
constexpr std::int64_t ended_at_once = 200;

keys::Reply refused(std::string why) {
    keys::Reply reply;
    reply.kind = keys::ReplyKind::refused;
    reply.text = std::move(why);
    return reply;
}

keys::Reply only(Outcome outcome) {
    keys::Reply reply;
    reply.keys.push_back({outcome, std::nullopt});
    return reply;
}
}  // namespace

Awaitable<keys::Reply> Keyring::hold(const keys::Request& request) {
    switch (request.operation) {
        case Operation::make:
            co_return co_await make_hold(request);
        case Operation::hold_ask:
            co_return co_await ask_of_hold(request);
        case Operation::hold_approve:
            co_return co_await approve_for_hold(request);
        case Operation::open:
            co_return co_await open_hold(request);
        case Operation::destroy:
            co_return co_await destroy_holds(request);
        default:
            co_return refused("not an operation of holds");
    }
}

Awaitable<keys::Reply> Keyring::make_hold(const keys::Request& request) {
    const auto ends_at = parse_instant(request.text);
    if (!ends_at || !is_end(*ends_at, clock_.now()))
        co_return refused("a hold needs an end, at most three years from now");
    // The end first: a key without one would never be destroyed.
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<>> {
        store::add_hold(tx, request.caller.tenant, request.ids[0], *ends_at, request.caller.user,
                        clock_.now());
        co_return Result<>{};
    };
    (void)co_await db_.global(body);
    co_return co_await make(request);
}

Awaitable<keys::Reply> Keyring::ask_of_hold(const keys::Request& request) {
    const auto act = hold_act_from(request.text);
    if (!act || (act->until && !is_end(*act->until, clock_.now())))
        co_return refused("a hold is opened, released, or extended by at most three years");
    const TenantId tenant = request.caller.tenant;
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<Outcome>> {
        const auto ends_at = co_await store::lock_hold(tx, tenant, request.ids[0]);
        if (!ends_at) co_return Outcome::unknown;
        if (*ends_at <= clock_.now()) co_return Outcome::destroyed;
        const Permit permit{act->act, act->until, request.caller.user, clock_.now(), {}, {}, {}};
        const bool added =
            co_await store::add_permit(tx, tenant, request.ids[0], request.ids[1], permit);
        co_return added ? Outcome::ok : Outcome::exists;
    };
    const Result<Outcome> outcome = co_await db_.global(body);
    co_return only(*outcome);
}

Awaitable<keys::Reply> Keyring::approve_for_hold(const keys::Request& request) {
    const TenantId tenant = request.caller.tenant;
    const UserId who = request.caller.user;
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<Outcome>> {
        const Instant now = clock_.now();
        const auto ends_at = co_await store::lock_hold(tx, tenant, request.ids[0]);
        const auto permit = co_await store::permit(tx, tenant, request.ids[0], request.ids[1]);
        if (!ends_at || !permit) co_return Outcome::unknown;
        if (*ends_at <= now) co_return Outcome::destroyed;
        if (!may_approve(*permit, who, now)) co_return Outcome::not_permitted;
        store::approve(tx, tenant, request.ids[0], request.ids[1], who, now);
        if (permit->until && is_end(*permit->until, now))
            store::extend_hold(tx, tenant, request.ids[0], *permit->until);
        co_return Outcome::ok;
    };
    const Result<Outcome> outcome = co_await db_.global(body);
    co_return only(*outcome);
}

Awaitable<keys::Reply> Keyring::open_hold(const keys::Request& request) {
    const TenantId tenant = request.caller.tenant;
    const UserId who = request.caller.user;
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<Outcome>> {
        const Instant now = clock_.now();
        // Locked, so that of two who use one permit at once one is too late.
        const auto ends_at = co_await store::lock_hold(tx, tenant, request.ids[0]);
        if (!ends_at) co_return Outcome::unknown;
        if (*ends_at <= now) co_return Outcome::destroyed;
        const auto permit = co_await store::permit(tx, tenant, request.ids[0], request.ids[1]);
        if (!permit || !may_open(*permit, who, now)) co_return Outcome::not_permitted;
        store::use(tx, tenant, request.ids[0], request.ids[1], now);
        co_return Outcome::ok;
    };
    const Result<Outcome> outcome = co_await db_.global(body);
    if (*outcome != Outcome::ok) {
        log::warning("keyd.hold_shut", {{"tenant", tenant.text()},
                                        {"user", who.text()},
                                        {"hold", request.ids[0].text()},
                                        {"why", keys::name_of(*outcome)}});
        co_return only(*outcome);
    }
    keys::Request key = request;
    key.ids.pop_back();
    co_return co_await open(key);
}

Awaitable<keys::Reply> Keyring::destroy_holds(const keys::Request& request) {
    const TenantId tenant = request.caller.tenant;
    std::vector<bool> may;
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<>> {
        may.clear();
        for (const Uuid& id : request.ids) {
            const auto ends_at = co_await store::lock_hold(tx, tenant, id);
            may.push_back(!ends_at || *ends_at <= clock_.now() ||
                          co_await store::is_released(tx, tenant, id));
        }
        co_return Result<>{};
    };
    (void)co_await db_.global(body);
    keys::Request due = request;
    due.ids.clear();
    for (std::size_t i = 0; i < may.size(); ++i)
        if (may[i]) due.ids.push_back(request.ids[i]);
    keys::Reply destroyed;
    if (!due.ids.empty()) destroyed = co_await destroy(due);
    keys::Reply reply;
    auto next = destroyed.keys.begin();
    for (const bool was_due : may)
        // Evidence that one person wants gone before its time stays.
        reply.keys.push_back(was_due ? std::move(*next++)
                                     : keys::KeyAnswer{Outcome::not_permitted, std::nullopt});
    co_return reply;
}

Awaitable<void> Keyring::end_holds() {
    auto read = [&](pg::Transaction& tx) -> Awaitable<Result<std::vector<store::HoldEndRow>>> {
        co_return co_await store::ended_holds(tx, clock_.now() - hold_grace, ended_at_once);
    };
    const Result<std::vector<store::HoldEndRow>> ended =
        co_await db_.global(read, pg::Access::read_only);
    for (const store::HoldEndRow& row : *ended) {
        keys::Request request;
        request.operation = Operation::destroy;
        request.caller.tenant = row.tenant_id;
        request.caller.purpose = keys::Purpose::legal_claim;
        request.key_class = keys::KeyClass::hold;
        request.text = "hold_ended";
        request.ids = {row.id};
        (void)co_await destroy(request);
        log::warning("keyd.hold_ended",
                     {{"tenant", row.tenant_id.text()}, {"hold", row.id.text()}});
    }
}

}  // namespace entrepot::keyd
