// Adds one order: checked, mapped, stored, told and audited in one transaction.
#include <algorithm>

#include "base/text.hpp"
#include "modules/catalog/catalog.hpp"
#include "modules/orders/by_hand.hpp"
#include "modules/orders/event.hpp"
#include "modules/orders/ingest.hpp"
#include "modules/shops/shops.hpp"
#include "platform/audit/audit.hpp"
#include "platform/json/writer.hpp"

namespace entrepot::orders {
namespace {
constexpr int numbers_to_try = 3;

struct AddedAudit {
    ShopId shop_id;
    std::string source;
    std::int64_t lines;
    std::int64_t exceptions;
};
BOOST_DESCRIBE_STRUCT(AddedAudit, (), (shop_id, source, lines, exceptions))

/// What the check must know of a shop.
struct Place {
    shops::Channel channel;
    std::vector<std::string> marketplaces;
};

/// From the kept names: a shop never changes its channel nor loses a marketplace, so what is known
/// is true. What is not known may have been made by another node a moment ago.
Awaitable<Result<Place>> place_of(Context& ctx, pg::Transaction& tx, const NewOrder& in) {
    std::optional<Place> known;
    const shops::Names names = co_await shops::names(ctx, tx);
    for (const shops::ShopName& shop : names.shops)
        if (shop.id == in.shop_id) known = Place{shop.channel, {}};
    if (known) {
        for (const shops::MarketplaceName& m : names.marketplaces)
            if (m.shop_id == in.shop_id) known->marketplaces.push_back(m.id);
        const auto& all = known->marketplaces;
        if (in.marketplace_id ? std::find(all.begin(), all.end(), *in.marketplace_id) != all.end()
                              : !all.empty())
            co_return std::move(*known);
    }
    CO_TRY(const shops::Shop shop, co_await shops::find_shop(ctx, tx, in.shop_id));
    Place read{shop.channel, {}};
    for (const shops::Marketplace& m : shop.marketplaces) read.marketplaces.push_back(m.id);
    co_return read;
}

/// Lines that name a SKU of ours: the code becomes the shop's own word for it, unless the shop
/// already means another SKU by that word. Adding the mapping is left to who may.
Awaitable<Result<bool>> map_codes(Context& ctx, pg::Transaction& tx, const NewOrder& in,
                                  IncomingOrder& order) {
    std::vector<std::string> codes;
    for (std::size_t i = 0; i < in.lines.size(); ++i)
        if (in.lines[i].sku_code) codes.push_back(order.lines[i].seller_sku);
    if (codes.empty()) co_return true;
    const auto skus = co_await catalog::skus_of_codes(tx, codes);
    const auto mappings = co_await catalog::mappings_of(tx, in.shop_id, codes);
    json::Problems problems;
    std::vector<catalog::SellerSku> missing;
    for (std::size_t i = 0; i < in.lines.size(); ++i) {
        if (!in.lines[i].sku_code) continue;
        IncomingLine& line = order.lines[i];
        const std::string at = "/lines/" + std::to_string(i) + "/sku_code";
        const auto sku = std::find_if(skus.begin(), skus.end(),
                                      [&](const auto& s) { return s.code == line.seller_sku; });
        if (sku == skus.end()) {
            problems.add(at, "unknown_sku", "there is no SKU with this code");
            continue;
        }
        if (line.title.empty()) line.title = sku->title;
        const auto meant = mappings.find(line.seller_sku, order.ordered_at);
        if (meant && *meant != sku->id)
            problems.add(at, "means_another_sku",
                         "in this shop the word is mapped to another SKU; give the seller SKU");
        if (mappings.periods(line.seller_sku).empty()) missing.push_back({sku->code, sku->title});
    }
    if (!problems.empty()) co_return problems.error();
    if (!missing.empty() && ctx.may(Permission::catalog_write))
        co_await catalog::ensure_skus(ctx, tx, in.shop_id, missing);
    co_return true;
}

const pg::ConstraintMeaning number_taken{
    "sales_order_number_key", field_error(errors::number_taken, "/channel_order_id", "taken",
                                          "the shop has an order of this number already")};

Awaitable<Result<AddedOrder>> add_once(Context& ctx, const NewOrder& in) {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<AddedOrder>> {
        CO_TRY(const Place place, co_await place_of(ctx, tx, in));
        if (place.channel != shops::Channel::file)
            co_return field_error(errors::shop_of_channel, "/shop_id", "shop_of_channel",
                                  "the marketplace reports this shop's orders, and one that it "
                                  "does not know would never foot with what it pays; choose a "
                                  "shop without a marketplace connection");
        CO_TRY(IncomingOrder order, checked_order(in, ctx.now(), place.marketplaces));
        CO_TRY_VOID(co_await map_codes(ctx, tx, in, order));
        IngestSource source{
            in.shop_id,
            std::string(ctx.actor.kind == ActorKind::api_key ? api_channel : manual_channel),
            "POST /orders",
            ctx.request_id,
            ctx.now(),
            std::nullopt};
        source.by = ctx.actor.name;
        if (order.channel_order_id.empty()) order.channel_order_id = made_number(ctx.now());
        const StoredNew stored = co_await store_new(ctx, tx, source, order);
        emit_orders(tx, ctx, orders_changed, {stored.id});
        const AddedAudit detail{in.shop_id, source.channel,
                                static_cast<std::int64_t>(order.lines.size()),
                                stored.exception_count};
        audit::done(tx, ctx, {"orders.added", "order", stored.id.text(), json::to_json(detail)});
        AddedOrder out;
        out.id = stored.id;
        out.shop_id = in.shop_id;
        out.state = order.state;
        out.grand_total = money_of(order.currency, grand_total_of(order, sums_of(order.lines)));
        out.channel_order_id = std::move(order.channel_order_id);
        out.exception_count = stored.exception_count;
        out.version = 1;
        co_return out;
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body);
}

}  // namespace

bool is_own_channel(std::string_view channel) {
    return channel == manual_channel || channel == api_channel;
}

Awaitable<Result<AddedOrder>> add_order(Context& ctx, const NewOrder& in) {
    // Who may not see amounts must not state them.
    if (!ctx.may(Permission::money_read))
        co_return make_error(entrepot::errors::forbidden, "permission money.read is needed");
    const bool ours = text::trim(in.channel_order_id.value_or("")).empty();
    for (int tries = 1;; ++tries) {
        auto added = co_await add_once(ctx, in);
        const bool taken = !added && added.error().code == errors::number_taken;
        if (!taken || !ours || tries == numbers_to_try) co_return added;
    }
}

}  // namespace entrepot::orders
