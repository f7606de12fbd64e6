// Finding a buyer's orders. What is looked for stays in this request and in keyed hashes.
#include <algorithm>

#include "base/text.hpp"
#include "modules/orders/orders.hpp"
#include "modules/rights/service.hpp"
#include "modules/shops/shops.hpp"
#include "platform/audit/audit.hpp"
#include "platform/json/writer.hpp"

namespace entrepot::rights {
namespace {
constexpr std::size_t value_min = 3;
constexpr std::size_t value_max = 320;
/// An officer answers a few buyers a day; who tries out addresses needs thousands.
constexpr std::int64_t searches_an_hour = 60;
/// An agent answers a message in two minutes at best, and most name their order.
constexpr std::int64_t look_ups_an_hour = 40;
constexpr int wait_s = 600;

Result<std::string> checked_value(const std::string& in) {
    std::string out(text::trim(in));
    if (text::length(out) < value_min || text::length(out) > value_max || text::has_control(out))
        return field_error(entrepot::errors::invalid_fields, "/value", "length",
                           "3 to 320 characters are expected here");
    return out;
}

struct Hits {
    std::vector<OrderId> orders;
    bool complete = true;
};

Result<std::string> checked_reference(const std::string& in) {
    std::string out(text::trim(in));
    if (!is_case_reference(out))
        return field_error(entrepot::errors::invalid_fields, "/case_reference", "reference",
                           "the number of the message or ticket is expected here: 3 to 40 "
                           "letters, digits and . _ / # -, with a digit, nothing of the buyer");
    return out;
}
}  // namespace

Awaitable<Result<bool>> take_search(Context& ctx, SearchUse use) {
    const Instant hour = std::chrono::floor<std::chrono::hours>(ctx.now());
    const std::int64_t limit = use == SearchUse::service ? look_ups_an_hour : searches_an_hour;
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<bool>> {
        if (co_await store::take_search(tx, ctx.actor.id, use, hour, limit)) co_return true;
        co_return Error{errors::too_many_searches,
                        "more searches than one person needs in an hour; wait, then go on",
                        {},
                        wait_s};
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body);
}

namespace {
std::vector<vault::Field> fields_of(SearchField field) {
    switch (field) {
        case SearchField::buyer_email:
            return {vault::Field::buyer_email};
        case SearchField::phone:
            return {vault::Field::phone};
        case SearchField::name:
            return {vault::Field::recipient_name, vault::Field::buyer_name};
        case SearchField::order_number:
            break;
    }
    return {};
}

std::vector<vault::Field> fields_of(LookUpField field) {
    switch (field) {
        case LookUpField::buyer_email:
            return fields_of(SearchField::buyer_email);
        case LookUpField::phone:
            return fields_of(SearchField::phone);
        case LookUpField::name:
            return fields_of(SearchField::name);
    }
    return {};
}

Awaitable<Result<Hits>> find_by_buyer(Context& ctx, const std::vector<vault::Field>& fields,
                                      const std::string& value, vault::Reason reason) {
    Hits out;
    for (const vault::Field each : fields) {
        CO_TRY(const std::vector<OrderId> found,
               co_await vault::find_orders(ctx, each, value, reason));
        out.complete = out.complete && found.size() < vault::found_max;
        out.orders.insert(out.orders.end(), found.begin(), found.end());
    }
    co_return out;
}

std::vector<FoundOrder> views_of(const std::vector<store::OrderRow>& rows,
                                 const std::map<OrderId, vault::Holding>& holdings,
                                 const shops::Names& names) {
    std::vector<FoundOrder> out;
    for (const store::OrderRow& row : rows) {
        const auto held = holdings.find(row.id);
        const auto holding = held == holdings.end() ? vault::Holding::none : held->second;
        out.push_back({row.id, row.channel_order_id, row.shop_id, names.shop(row.shop_id),
                       row.ordered_at, row.state, buyer_data_of(holding, row.pii_state)});
    }
    return out;
}
}  // namespace

Awaitable<Result<FoundOrders>> search_buyers(Context& ctx, const SearchBuyers& in) {
    CO_TRY(const std::string value, checked_value(in.value));
    CO_TRY_VOID(co_await take_search(ctx, SearchUse::rights_request));
    CO_TRY(const Hits hits,
           co_await find_by_buyer(ctx, fields_of(in.field), value, vault::Reason::rights_request));
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<FoundOrders>> {
        std::vector<store::OrderRow> rows;
        if (in.field == SearchField::order_number)
            rows = co_await store::orders_by_number(tx, co_await shops::shop_ids(ctx, tx), value);
        else
            rows = co_await store::orders_by_id(tx, ctx.shop_scope(), hits.orders);
        std::vector<OrderId> ids;
        for (const store::OrderRow& row : rows) ids.push_back(row.id);
        const auto holdings = co_await vault::holdings(tx, ids);
        const shops::Names names = co_await shops::names(ctx, tx);
        audit::done(tx, ctx,
                    {"rights.searched", "order", "",
                     json::to_json(std::map<std::string, std::string>{
                         {"field", boost::describe::enum_to_string(in.field, "")},
                         {"reason", boost::describe::enum_to_string(in.reason, "")},
                         {"found", std::to_string(rows.size())}})});
        co_return FoundOrders{views_of(rows, holdings, names), hits.complete};
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body);
}

Awaitable<Result<FoundOrders>> look_up_buyer(Context& ctx, const LookUpBuyer& in) {
    CO_TRY(const std::string value, checked_value(in.value));
    CO_TRY(const std::string reference, checked_reference(in.case_reference));
    CO_TRY_VOID(co_await take_search(ctx, SearchUse::service));
    CO_TRY(const Hits hits,
           co_await find_by_buyer(ctx, fields_of(in.field), value, vault::Reason::service));
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<FoundOrders>> {
        const auto rows = co_await store::orders_by_id(tx, ctx.shop_scope(), hits.orders);
        const auto holdings = co_await vault::holdings(tx, hits.orders);
        const shops::Names names = co_await shops::names(ctx, tx);
        audit::done(tx, ctx,
                    {"rights.looked_up", "case", reference,
                     json::to_json(std::map<std::string, std::string>{
                         {"field", boost::describe::enum_to_string(in.field, "")},
                         {"purpose", "customer_service"},
                         {"found", std::to_string(rows.size())}})});
        co_return FoundOrders{views_of(rows, holdings, names), hits.complete};
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body);
}

}  // namespace entrepot::rights
