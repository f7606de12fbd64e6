// The register: opening, listing, showing.
#include <algorithm>
#include <set>

#include "modules/rights/service.hpp"
#include "modules/shops/shops.hpp"
#include "platform/audit/audit.hpp"
#include "platform/http/cursor.hpp"
#include "platform/json/writer.hpp"

namespace entrepot::rights {
namespace {
constexpr std::int64_t limit_default = 50;
constexpr std::int64_t limit_max = 200;
constexpr std::size_t orders_max = 200;
constexpr auto clock_leeway = std::chrono::minutes(10);
constexpr auto received_before_max = std::chrono::days(366);

using Names = std::map<Uuid, std::string>;

Result<std::int64_t> checked_limit(const std::optional<std::int64_t>& limit) {
    const std::int64_t value = limit.value_or(limit_default);
    if (value < 1 || value > limit_max)
        return field_error(entrepot::errors::invalid_fields, "/limit", "out_of_range",
                           "a number from 1 to 200 is expected here");
    return value;
}

Result<bool> is_descending(const std::optional<std::string>& sort) {
    if (!sort || *sort == "due_at") return false;
    if (*sort == "-due_at") return true;
    return field_error(entrepot::errors::invalid_fields, "/sort", "unknown_value",
                       "due_at or -due_at is expected here");
}

Result<Instant> checked_received(const std::optional<Instant>& given, Instant now) {
    const Instant at = given.value_or(now);
    if (at > now + clock_leeway)
        return field_error(entrepot::errors::invalid_fields, "/received_at", "in_future",
                           "what has arrived is not in the future");
    if (at < now - received_before_max)
        return field_error(entrepot::errors::invalid_fields, "/received_at", "out_of_range",
                           "a day of the last year is expected here");
    return std::min(at, now);
}

std::string list_name(const ListRequests& in, bool descending) {
    return std::string("rights ") +
           (in.state ? boost::describe::enum_to_string(*in.state, "") : "all") +
           (descending ? " far" : " near");
}

std::string cursor_of(const Context& ctx, std::string_view list, const store::RequestRow& row) {
    std::string place;
    pg::wire::put<std::int64_t>(place, row.due_at.time_since_epoch().count());
    place.append(row.id.value.bytes.begin(), row.id.value.bytes.end());
    return http::write_cursor(ctx, list, place);
}

Result<std::optional<store::Position>> position_of(const Context& ctx, std::string_view list,
                                                   const std::optional<std::string>& cursor) {
    if (!cursor) return std::optional<store::Position>();
    TRY(const std::string place, http::read_cursor(ctx, list, *cursor));
    ensure(place.size() == 24, "a sealed cursor of another form");
    store::Position out{Instant{std::chrono::microseconds{pg::wire::get<std::int64_t>(place)}}, {}};
    for (std::size_t i = 0; i < 16; ++i)
        out.id.value.bytes[i] = static_cast<std::uint8_t>(place[8 + i]);
    return std::optional(out);
}

/// Names of who opened, carried out and closed; of people only, and only as long as they are there.
Awaitable<Names> names_of(pg::Transaction& tx, const std::vector<store::RequestRow>& rows) {
    std::set<Uuid> ids;
    for (const store::RequestRow& row : rows) {
        ids.insert(row.opened_by);
        for (const auto& by : {row.verified_by, row.extended_by, row.begun_by, row.closed_by})
            if (by) ids.insert(*by);
    }
    Names out;
    for (store::PersonRow& person :
         co_await store::people(tx, std::vector<Uuid>(ids.begin(), ids.end())))
        out[person.id] = std::move(person.name);
    co_return out;
}

std::string name_in(const Names& names, const Uuid& id) {
    const auto found = names.find(id);
    return found == names.end() ? std::string() : found->second;
}

std::optional<std::string> maybe_name(const Names& names, const std::optional<Uuid>& id) {
    return id ? std::optional(name_in(names, *id)) : std::nullopt;
}

void fill(RequestSummary& out, const store::RequestRow& row, const Names& names, Instant now) {
    out.id = row.id;
    out.kind = row.kind;
    out.state = row.state;
    out.arrived_by = row.arrived_by;
    out.received_at = row.received_at;
    out.due_at = row.due_at;
    out.urgency = urgency_of(row.state, row.due_at, now);
    out.opened_at = row.opened_at;
    out.opened_by = name_in(names, row.opened_by);
    out.verification = row.verification;
    out.verified_at = row.verified_at;
    out.verified_by = maybe_name(names, row.verified_by);
    out.extension = row.extension;
    out.extended_at = row.extended_at;
    out.extended_by = maybe_name(names, row.extended_by);
    out.begun_at = row.begun_at;
    out.begun_by = maybe_name(names, row.begun_by);
    out.closed_at = row.closed_at;
    out.closed_by = maybe_name(names, row.closed_by);
    out.refusal = row.refusal;
    out.lifted_at = row.lifted_at;
}

std::vector<std::string> allowed(const store::RequestRow& row, Instant now) {
    std::vector<std::string> out;
    if (row.state == RequestState::verifying) {
        out.emplace_back("verify");
        out.emplace_back("refuse");
    }
    if (is_running(row.state) && !row.extended_at && now < row.due_at) out.emplace_back("extend");
    if (row.state == RequestState::open) {
        if (!row.begun_at || row.kind == RequestKind::restriction) out.emplace_back("carry_out");
        if (!row.begun_at) out.emplace_back("refuse");
        if (row.kind == RequestKind::access) out.emplace_back("reveal");
    }
    if (row.state == RequestState::done) {
        out.emplace_back("receipt");
        if (row.kind == RequestKind::restriction && !row.lifted_at) out.emplace_back("lift");
    }
    return out;
}

/// The orders as the request covers them and as they are now.
Awaitable<std::vector<CoveredOrder>> covered_orders(Context& ctx, pg::Transaction& tx,
                                                    RequestId id) {
    const auto rows = co_await store::covered(tx, id);
    std::vector<OrderId> ids;
    for (const store::CoveredRow& row : rows) ids.push_back(row.order_id);
    std::map<OrderId, store::OrderRow> orders;
    for (store::OrderRow& order : co_await store::orders_by_id(tx, std::nullopt, ids))
        orders.emplace(order.id, std::move(order));
    const auto holdings = co_await vault::holdings(tx, ids);
    const auto copies = co_await holds::copies_of(tx, ids);
    const shops::Names names = co_await shops::names(ctx, tx);
    std::vector<CoveredOrder> out;
    for (const store::CoveredRow& row : rows) {
        const auto order = orders.find(row.order_id);
        const auto held = holdings.find(row.order_id);
        const bool there = order != orders.end();
        const auto holding = held == holdings.end() ? vault::Holding::none : held->second;
        out.push_back({row.order_id, row.order_number, row.shop_id, names.shop(row.shop_id),
                       row.outcome, row.settled_at,
                       buyer_data_of(holding, there ? order->second.pii_state : std::string()),
                       there ? std::optional(order->second.state) : std::nullopt,
                       copies.contains(row.order_id) ? copies.at(row.order_id)
                                                     : std::vector<holds::HeldCopy>()});
    }
    co_return out;
}
}  // namespace

Error no_such_request() {
    return make_error(entrepot::errors::not_found, "there is no such request");
}

Awaitable<Verified> verified(pg::Transaction& tx) {
    return store::verified(tx);
}

Awaitable<Deadlines> deadlines(pg::Transaction& tx, Instant now) {
    return store::deadlines(tx, now, now + soon_is);
}

Awaitable<Result<RequestDetail>> request_detail(Context& ctx, pg::Transaction& tx, RequestId id) {
    const auto row = co_await store::request(tx, ctx.shop_scope(), id);
    if (!row) co_return no_such_request();
    const std::vector<store::RequestRow> only{*row};
    RequestDetail out;
    fill(out, *row, co_await names_of(tx, only), ctx.now());
    out.orders = co_await covered_orders(ctx, tx, id);
    out.order_count = static_cast<std::int64_t>(out.orders.size());
    out.settled_count =
        std::count_if(out.orders.begin(), out.orders.end(),
                      [](const CoveredOrder& order) { return is_settled(order.outcome); });
    out.corrected = row->corrected;
    out.allowed_actions = allowed(*row, ctx.now());
    co_return out;
}

Awaitable<Result<RequestDetail>> get_request(Context& ctx, const WhichRequest& in) {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<RequestDetail>> {
        co_return co_await request_detail(ctx, tx, in.id);
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body, pg::Access::read_only);
}

Awaitable<Result<RequestDetail>> open_request(Context& ctx, const OpenRequest& in) {
    CO_TRY(const Instant received, checked_received(in.received_at, ctx.now()));
    if (in.arrived_by == Arrival::instruction && in.kind != RequestKind::erasure)
        co_return field_error(entrepot::errors::invalid_fields, "/arrived_by", "only_erasures",
                              "the marketplace instructs erasures only");
    std::vector<OrderId> ids = in.order_ids;
    std::sort(ids.begin(), ids.end());
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    if (ids.size() > orders_max)
        co_return field_error(entrepot::errors::invalid_fields, "/order_ids", "length",
                              "at most 200 orders are expected here");
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<RequestDetail>> {
        const auto orders = co_await store::orders_by_id(tx, ctx.shop_scope(), ids);
        if (orders.size() != ids.size())
            co_return make_error(entrepot::errors::not_found, "there is no such order");
        store::RequestRow row{};
        row.id = ctx.new_id<RequestId>();
        row.kind = in.kind;
        row.state = needs_verification(in.arrived_by, !orders.empty()) ? RequestState::verifying
                                                                       : RequestState::open;
        row.arrived_by = in.arrived_by;
        row.received_at = received;
        row.due_at = due_after(received);
        row.opened_at = ctx.now();
        row.opened_by = ctx.actor.id;
        store::add_request(tx, row);
        store::add_orders(tx, row.id, orders);
        audit::done(tx, ctx,
                    {"rights.request_opened", "rights_request", row.id.text(),
                     json::to_json(std::map<std::string, std::string>{
                         {"kind", boost::describe::enum_to_string(in.kind, "")},
                         {"orders", std::to_string(orders.size())}})});
        co_return co_await request_detail(ctx, tx, row.id);
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body);
}

Awaitable<Result<http::Page<RequestSummary>>> requests_page(Context& ctx, const ListRequests& in) {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<http::Page<RequestSummary>>> {
        CO_TRY(const std::int64_t limit, checked_limit(in.limit));
        CO_TRY(const bool descending, is_descending(in.sort));
        const std::string list = list_name(in, descending);
        CO_TRY(const auto after, position_of(ctx, list, in.cursor));
        auto rows =
            co_await store::page(tx, ctx.shop_scope(), in.state, after, descending, limit + 1);
        http::Page<RequestSummary> page;
        if (rows.size() > static_cast<std::size_t>(limit)) {
            rows.pop_back();
            page.next_cursor = cursor_of(ctx, list, rows.back());
        }
        std::vector<RequestId> ids;
        for (const store::RequestRow& row : rows) ids.push_back(row.id);
        std::map<RequestId, store::CountRow> counts;
        for (const store::CountRow& count : co_await store::counts(tx, ids))
            counts.emplace(count.request_id, count);
        const Names names = co_await names_of(tx, rows);
        for (const store::RequestRow& row : rows) {
            RequestSummary& out = page.items.emplace_back();
            fill(out, row, names, ctx.now());
            if (const auto count = counts.find(row.id); count != counts.end()) {
                out.order_count = count->second.orders;
                out.settled_count = count->second.settled;
            }
        }
        co_return page;
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body, pg::Access::read_only);
}

Awaitable<Result<Deadlines>> request_counts(Context& ctx, const http::Nothing&) {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<Deadlines>> {
        co_return co_await deadlines(tx, ctx.now());
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body, pg::Access::read_only);
}

}  // namespace entrepot::rights
