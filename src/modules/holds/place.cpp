// Placing a hold: which orders, until when, and the copy.
#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "modules/holds/service.hpp"
#include "platform/audit/audit.hpp"
#include "platform/json/writer.hpp"

namespace entrepot::holds {
namespace {
constexpr std::size_t orders_max = 200;
constexpr std::size_t reference_min = 1;
constexpr std::size_t reference_max = 120;

Result<std::string> checked_reference(const std::string& in) {
    std::string out(text::trim(in));
    if (text::length(out) < reference_min || text::length(out) > reference_max ||
        text::has_control(out))
        return field_error(entrepot::errors::invalid_fields, "/reference", "length",
                           "the file number is expected here, in 120 characters at most");
    return out;
}

/// Each number must be of an order that the actor sees; one number may be of orders of two shops.
Result<bool> all_found(const std::vector<std::string>& numbers,
                       const std::vector<store::OrderRow>& orders) {
    std::set<std::string> found;
    for (const store::OrderRow& order : orders) found.insert(order.channel_order_id);
    for (std::size_t i = 0; i < numbers.size(); ++i)
        if (!found.contains(numbers[i]))
            return field_error(entrepot::errors::invalid_fields,
                               "/order_numbers/" + std::to_string(i), "not_found",
                               "there is no order of this number");
    return true;
}

Awaitable<Result<std::vector<store::OrderRow>>> orders_in_scope(Context& ctx, const PlaceHold& in) {
    std::vector<OrderId> ids = in.order_ids;
    std::sort(ids.begin(), ids.end());
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    std::vector<std::string> numbers;
    for (const std::string& number : in.order_numbers) numbers.emplace_back(text::trim(number));
    if (ids.empty() && numbers.empty())
        co_return field_error(entrepot::errors::invalid_fields, "/order_numbers", "required",
                              "name the orders, by number or by id");
    const auto too_many = field_error(entrepot::errors::invalid_fields, "/order_numbers", "length",
                                      "a hold covers at most 200 orders");
    if (ids.size() + numbers.size() > orders_max) co_return too_many;
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<std::vector<store::OrderRow>>> {
        auto out = co_await store::orders_by_id(tx, ctx.shop_scope(), ids);
        if (out.size() != ids.size())
            co_return make_error(entrepot::errors::not_found, "there is no such order");
        const auto named = co_await store::orders_by_number(tx, ctx.shop_scope(), numbers);
        CO_TRY_VOID(all_found(numbers, named));
        out.insert(out.end(), named.begin(), named.end());
        const auto by_id = [](const auto& a, const auto& b) { return a.id < b.id; };
        std::sort(out.begin(), out.end(), by_id);
        out.erase(std::unique(out.begin(), out.end(),
                              [](const auto& a, const auto& b) { return a.id == b.id; }),
                  out.end());
        if (out.size() > orders_max) co_return too_many;
        co_return out;
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body, pg::Access::read_only);
}

std::vector<store::HeldRow> rows_of(const std::vector<store::OrderRow>& orders,
                                    const std::map<OrderId, std::int64_t>& kept,
                                    const std::map<OrderId, vault::Holding>& holdings) {
    std::vector<store::HeldRow> out;
    for (const store::OrderRow& order : orders) {
        const auto copied = kept.find(order.id);
        const auto holding = holdings.find(order.id);
        const bool erased = holding != holdings.end() && holding->second == vault::Holding::erased;
        const bool is_copied = copied != kept.end();
        out.push_back({order.id, order.shop_id, order.channel_order_id,
                       is_copied ? FoundData::copied
                       : erased  ? FoundData::already_erased
                                 : FoundData::nothing_held,
                       is_copied ? copied->second : 0});
    }
    return out;
}
}  // namespace

std::optional<Error> refusal_of_actor(const Context& ctx) {
    if (ctx.actor.kind == ActorKind::user) return std::nullopt;
    return make_error(errors::person_needed,
                      "a person places, opens and ends holds, not an API key");
}

Awaitable<Result<HoldDetail>> place_hold(Context& ctx, const PlaceHold& in) {
    if (auto refusal = refusal_of_actor(ctx)) co_return std::move(*refusal);
    CO_TRY(const std::string reference, checked_reference(in.reference));
    if (auto refusal = refusal_of_end(in.ends_at, std::nullopt, ctx.now()))
        co_return std::move(*refusal);
    CO_TRY(const std::vector<store::OrderRow> orders, co_await orders_in_scope(ctx, in));
    std::vector<OrderId> ids;
    for (const store::OrderRow& order : orders) ids.push_back(order.id);
    store::HoldRow row{};
    row.id = ctx.new_id<HoldId>();
    row.reason = in.reason;
    row.reference = reference;
    row.ends_at = in.ends_at;
    row.placed_at = ctx.now();
    row.placed_by = ctx.actor.id;
    CO_TRY(const vault::ColdCopy copy,
           co_await vault::copy_for_hold(ctx, {row.id.value, row.ends_at}, ids));
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<HoldDetail>> {
        const auto kept = co_await vault::keep_copy(tx, copy);
        if (kept.empty())
            co_return make_error(errors::nothing_held,
                                 "nothing is held of the buyers of these orders");
        store::add_hold(tx, row);
        store::add_orders(tx, row.id, rows_of(orders, kept, co_await vault::holdings(tx, ids)));
        wake_ender(tx, ctx, row.ends_at);
        audit::done(tx, ctx,
                    {"holds.placed", "legal_hold", row.id.text(),
                     json::to_json(std::map<std::string, std::string>{
                         {"reason", boost::describe::enum_to_string(row.reason, "")},
                         {"orders", std::to_string(orders.size())},
                         {"copied", std::to_string(kept.size())},
                         {"ends_at", format_instant(row.ends_at)}})});
        co_return co_await hold_detail(ctx, tx, row.id);
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body);
}

}  // namespace entrepot::holds
