// The register: listing, showing, and what others may know of it.
#include <algorithm>
#include <set>

#include "modules/holds/service.hpp"
#include "modules/shops/shops.hpp"
#include "platform/http/cursor.hpp"
#include "platform/keys/protocol.hpp"

namespace entrepot::holds {
namespace {
constexpr std::int64_t limit_default = 50;
constexpr std::int64_t limit_max = 200;
constexpr std::int64_t looked_at = 200;
constexpr std::int64_t every = 100'000;

using Names = std::map<Uuid, std::string>;

std::string name_in(const Names& names, const Uuid& id) {
    const auto found = names.find(id);
    return found == names.end() ? std::string() : found->second;
}
std::optional<std::string> maybe_name(const Names& names, const std::optional<Uuid>& id) {
    return id ? std::optional(name_in(names, *id)) : std::nullopt;
}

Awaitable<Names> names_of(pg::Transaction& tx, const std::set<Uuid>& ids) {
    Names out;
    for (store::PersonRow& person :
         co_await store::people(tx, std::vector<Uuid>(ids.begin(), ids.end())))
        out[person.id] = std::move(person.name);
    co_return out;
}

void fill(HoldSummary& out, const store::HoldRow& row, const Names& names, Instant now) {
    out.id = row.id;
    out.state = state_of(row.state, row.ends_at, now);
    out.reason = row.reason;
    out.reference = row.reference;
    out.ends_at = row.ends_at;
    out.placed_at = row.placed_at;
    out.placed_by = name_in(names, row.placed_by);
    out.ending = row.ending;
    out.ended_at = row.ended_at;
    out.order_count = 0;
    out.waiting_count = 0;
}

HoldAskView view_of(const store::AskRow& ask, const Names& names, const Context& ctx,
                    bool goes_on) {
    HoldAskView out{ask.id,
                    ask.act,
                    ask.why,
                    ask.until,
                    state_of(ask.facts(), ctx.now()),
                    name_in(names, ask.asked_by),
                    ask.asked_at,
                    maybe_name(names, ask.approved_by),
                    ask.approved_at,
                    maybe_name(names, ask.declined_by),
                    ask.declined_at,
                    ask.used_at,
                    {}};
    if (goes_on) out.allowed_actions = acts_on(ask.facts(), ctx.actor.id, ctx.now());
    return out;
}

Result<std::int64_t> checked_limit(const std::optional<std::int64_t>& limit) {
    const std::int64_t value = limit.value_or(limit_default);
    if (value < 1 || value > limit_max)
        return field_error(entrepot::errors::invalid_fields, "/limit", "out_of_range",
                           "a number from 1 to 200 is expected here");
    return value;
}

std::string list_name(const ListHolds& in) {
    return std::string("legal holds ") +
           (in.state ? boost::describe::enum_to_string(*in.state, "") : "all");
}

Result<std::optional<Uuid>> position_of(const Context& ctx, const ListHolds& in) {
    if (!in.cursor) return std::optional<Uuid>();
    TRY(const std::string place, http::read_cursor(ctx, list_name(in), *in.cursor));
    Uuid id;
    ensure(place.size() == id.bytes.size(), "a sealed cursor of another form");
    std::copy(place.begin(), place.end(), reinterpret_cast<char*>(id.bytes.data()));
    return std::optional(id);
}
}  // namespace

Error no_such_hold() {
    return make_error(entrepot::errors::not_found, "there is no such hold");
}

Awaitable<Result<HoldDetail>> hold_detail(Context& ctx, pg::Transaction& tx, HoldId id) {
    const auto row = co_await store::hold(tx, ctx.shop_scope(), id);
    if (!row) co_return no_such_hold();
    const auto asks = co_await store::asks_of(tx, id);
    std::set<Uuid> people{row->placed_by};
    for (const store::AskRow& ask : asks) {
        people.insert(ask.asked_by);
        if (ask.approved_by) people.insert(*ask.approved_by);
        if (ask.declined_by) people.insert(*ask.declined_by);
    }
    const Names names = co_await names_of(tx, people);
    HoldDetail out;
    fill(out, *row, names, ctx.now());
    const bool goes_on = out.state == HoldState::active;
    for (const store::AskRow& ask : asks) {
        out.asks.push_back(view_of(ask, names, ctx, goes_on));
        out.waiting_count += out.asks.back().state == AskState::waiting ? 1 : 0;
    }
    const shops::Names shop_names = co_await shops::names(ctx, tx);
    for (const store::HeldRow& order : co_await store::orders_of(tx, id))
        out.orders.push_back({order.order_id, order.order_number, order.shop_id,
                              shop_names.shop(order.shop_id), order.found, order.fields});
    out.order_count = static_cast<std::int64_t>(out.orders.size());
    if (goes_on) out.allowed_actions = {"ask_open", "ask_release", "ask_extend"};
    out.receipt = row->receipt;
    co_return out;
}

Awaitable<Result<HoldDetail>> get_hold(Context& ctx, const WhichHold& in) {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<HoldDetail>> {
        co_return co_await hold_detail(ctx, tx, in.id);
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body, pg::Access::read_only);
}

Awaitable<Result<http::Page<HoldSummary>>> holds_page(Context& ctx, const ListHolds& in) {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<http::Page<HoldSummary>>> {
        CO_TRY(const std::int64_t limit, checked_limit(in.limit));
        CO_TRY(const auto before, position_of(ctx, in));
        auto rows =
            co_await store::page(tx, ctx.shop_scope(), in.state, ctx.now(), before, limit + 1);
        http::Page<HoldSummary> page;
        if (rows.size() > static_cast<std::size_t>(limit)) {
            rows.pop_back();
            const Uuid& last = rows.back().id.value;
            page.next_cursor = http::write_cursor(
                ctx, list_name(in),
                {reinterpret_cast<const char*>(last.bytes.data()), last.bytes.size()});
        }
        std::vector<HoldId> ids;
        std::set<Uuid> people;
        for (const store::HoldRow& row : rows) {
            ids.push_back(row.id);
            people.insert(row.placed_by);
        }
        const Names names = co_await names_of(tx, people);
        std::map<HoldId, store::CountRow> counts;
        for (const store::CountRow& count :
             co_await store::counts(tx, ids, ctx.now() - keys::hold_ask_life))
            counts.emplace(count.hold_id, count);
        for (const store::HoldRow& row : rows) {
            HoldSummary out;
            fill(out, row, names, ctx.now());
            out.order_count = counts[row.id].orders;
            out.waiting_count = out.state == HoldState::active ? counts[row.id].waiting : 0;
            page.items.push_back(std::move(out));
        }
        co_return page;
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body, pg::Access::read_only);
}

Awaitable<std::map<OrderId, std::vector<HeldCopy>>> copies_of(pg::Transaction& tx,
                                                              const std::vector<OrderId>& orders) {
    std::map<OrderId, std::vector<HeldCopy>> out;
    for (const store::CopyRow& row : co_await store::copies(tx, orders))
        out[row.order_id].push_back({row.hold_id, row.ends_at});
    co_return out;
}

Awaitable<Standing> standing(pg::Transaction& tx, Instant late) {
    const store::StandingRow row = co_await store::standing(tx, late);
    Standing out{row.active, row.overdue, 0, row.without_receipt, {}, {}};
    out.live = co_await store::live(tx, every);
    out.ended = co_await store::ended(tx, looked_at);
    std::set<Uuid> live;
    for (const HoldId hold : out.live) live.insert(hold.value);
    for (const auto& [hold, cells] : co_await vault::copies(tx))
        if (!live.contains(hold)) out.left_over += cells;
    co_return out;
}

}  // namespace entrepot::holds
