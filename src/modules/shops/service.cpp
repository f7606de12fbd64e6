// Use cases of shops, for people and for channels.
#include "modules/shops/service.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "modules/shops/store.hpp"
#include "platform/audit/audit.hpp"
#include "platform/json/writer.hpp"

namespace entrepot::shops {
namespace {

std::vector<Shop> assemble(std::vector<ShopRow> rows, const std::vector<MarketplaceRow>& all) {
    std::vector<Shop> out;
    for (ShopRow& row : rows) {
        Shop shop{row.id,        std::move(row.name),
                  row.channel,   std::move(row.region),
                  row.seller_id, row.state,
                  row.time_zone, row.last_synced_at,
                  row.version,   {}};
        for (const MarketplaceRow& m : all)
            if (m.shop_id == row.id)
                shop.marketplaces.push_back(
                    {m.id, m.country, m.name, m.currency, m.participating, m.enabled});
        out.push_back(std::move(shop));
    }
    return out;
}

Error no_such_shop() {
    return make_error(entrepot::errors::not_found, "there is no such shop");
}
Error no_such_zone() {
    return field_error(errors::unknown_time_zone, "/time_zone", "unknown_time_zone",
                       "not a name of the IANA time zone database, such as Asia/Shanghai");
}
Result<std::string> checked_name(const std::string& name) {
    std::string trimmed(text::trim(name));
    if (trimmed.empty() || text::length(trimmed) > 100)
        return field_error(entrepot::errors::invalid_fields, "/name", "length",
                           "a name of 1 to 100 characters is needed");
    return trimmed;
}
bool is_country(const std::string& code) {
    return code.size() == 2 &&
           std::all_of(code.begin(), code.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

struct NameDetail {
    std::string name;
};
BOOST_DESCRIBE_STRUCT(NameDetail, (), (name))
struct EnabledDetail {
    std::vector<std::string> enabled;
};
BOOST_DESCRIBE_STRUCT(EnabledDetail, (), (enabled))

/// The shop locked for a change by a person who saw `version`.
Awaitable<Result<ShopRow>> shop_to_change(Context& ctx, pg::Transaction& tx, ShopId id,
                                          std::optional<std::int64_t> version) {
    auto shop = co_await shop_for_update(tx, ctx.shop_scope(), id);
    if (!shop) co_return no_such_shop();
    if (version && *version != shop->version)
        co_return make_error(entrepot::errors::version_conflict,
                             "somebody changed the shop meanwhile; load it again");
    co_return *std::move(shop);
}

}  // namespace

Awaitable<Result<ShopId>> add_shop(Context& ctx, pg::Transaction& tx, const NewShop& shop) {
    // A person who sees some shops only must not make one that they could not see.
    if (ctx.shop_scope())
        co_return make_error(entrepot::errors::forbidden,
                             "your rights are limited to some shops; somebody without that limit "
                             "can add one");
    NewShop checked = shop;
    CO_TRY(checked.name, checked_name(shop.name));
    if (!co_await is_time_zone(tx, shop.time_zone)) co_return no_such_zone();
    const auto id = ctx.new_id<ShopId>();
    insert_shop(tx, id, checked, ctx.now());
    upsert_marketplaces(tx, id, checked.marketplaces);
    audit::done(tx, ctx,
                {"shops.added", "shop", id.text(), json::to_json(NameDetail{checked.name})});
    co_return id;
}

Awaitable<Result<Shop>> find_shop(Context& ctx, pg::Transaction& tx, ShopId id) {
    auto rows = co_await shop_rows(tx, ctx.shop_scope(), id);
    if (rows.empty()) co_return no_such_shop();
    const auto marketplaces = co_await marketplace_rows(tx, ctx.shop_scope(), id);
    co_return assemble(std::move(rows), marketplaces).front();
}

Awaitable<std::vector<Shop>> list_shops(Context& ctx, pg::Transaction& tx) {
    auto rows = co_await shop_rows(tx, ctx.shop_scope(), std::nullopt);
    const auto marketplaces = co_await marketplace_rows(tx, ctx.shop_scope(), std::nullopt);
    co_return assemble(std::move(rows), marketplaces);
}

Awaitable<void> set_marketplaces(Context&, pg::Transaction& tx, ShopId id,
                                 const std::vector<Marketplace>& marketplaces) {
    upsert_marketplaces(tx, id, marketplaces);
    co_return;
}

Awaitable<void> set_state(Context& ctx, pg::Transaction& tx, ShopId id, ShopState state) {
    const auto shop = co_await shop_for_update(tx, std::nullopt, id);
    ensure(shop.has_value(), "no such shop");
    if (shop->state == state) co_return;
    update_state(tx, id, state);
    const auto word = [](ShopState s) {
        return std::string(boost::describe::enum_to_string(s, ""));
    };
    audit::done(tx, ctx,
                {"shops.state_changed", "shop", id.text(),
                 R"({"from":")" + word(shop->state) + R"(","to":")" + word(state) + "\"}"});
}

Awaitable<Result<ShopList>> get_shops(Context& ctx, const http::Nothing&) {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<ShopList>> {
        co_return ShopList{co_await list_shops(ctx, tx)};
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body, pg::Access::read_only);
}

Awaitable<Result<Shop>> get_shop(Context& ctx, const ShopRef& in) {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<Shop>> {
        co_return co_await find_shop(ctx, tx, in.id);
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body, pg::Access::read_only);
}

Awaitable<Result<Shop>> change_shop(Context& ctx, const ChangeShop& in) {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<Shop>> {
        CO_TRY(const std::string name, checked_name(in.name));
        CO_TRY(const ShopRow shop, co_await shop_to_change(ctx, tx, in.id, in.if_match));
        if (!co_await is_time_zone(tx, in.time_zone)) co_return no_such_zone();
        if (shop.name != name || shop.time_zone != in.time_zone) {
            update_shop(tx, in.id, name, in.time_zone);
            audit::done(tx, ctx,
                        {"shops.changed", "shop", in.id.text(), json::to_json(NameDetail{name})});
            if (shop.time_zone != in.time_zone)
                jobs::emit(tx, ctx, zone_changed, R"({"shop_id":")" + in.id.text() + "\"}");
        }
        co_return co_await find_shop(ctx, tx, in.id);
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body);
}

Awaitable<Result<Shop>> enable_marketplaces(Context& ctx, const EnableMarketplaces& in) {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<Shop>> {
        CO_TRY(const ShopRow shop, co_await shop_to_change(ctx, tx, in.id, in.if_match));
        const auto known = co_await marketplace_rows(tx, ctx.shop_scope(), shop.id);
        for (const std::string& id : in.enabled) {
            const bool found =
                std::any_of(known.begin(), known.end(), [&](const auto& m) { return m.id == id; });
            if (!found)
                co_return field_error(errors::unknown_marketplace, "/enabled",
                                      "unknown_marketplace", "the shop has no marketplace " + id);
        }
        update_enabled(tx, in.id, in.enabled);
        audit::done(tx, ctx,
                    {"shops.marketplaces_changed", "shop", in.id.text(),
                     json::to_json(EnabledDetail{in.enabled})});
        co_return co_await find_shop(ctx, tx, in.id);
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body);
}

Awaitable<Result<Shop>> pause_shop(Context& ctx, const ShopRef& in) {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<Shop>> {
        CO_TRY(const ShopRow shop, co_await shop_to_change(ctx, tx, in.id, std::nullopt));
        co_await set_state(ctx, tx, shop.id, ShopState::paused);
        co_return co_await find_shop(ctx, tx, in.id);
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body);
}

Awaitable<Result<Shop>> resume_shop(Context& ctx, const ShopRef& in) {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<Shop>> {
        CO_TRY(const ShopRow shop, co_await shop_to_change(ctx, tx, in.id, std::nullopt));
        if (shop.state == ShopState::broken)
            co_return make_error(errors::broken,
                                 "the channel refuses the shop's credentials; give new ones");
        co_await set_state(ctx, tx, shop.id, ShopState::connected);
        co_return co_await find_shop(ctx, tx, in.id);
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body);
}

Awaitable<Result<Shop>> add_file_shop(Context& ctx, const AddFileShop& in) {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<Shop>> {
        if (!is_country(in.country))
            co_return field_error(entrepot::errors::invalid_fields, "/country", "unknown_country",
                                  "two capital letters of ISO 3166-1 are needed");
        const auto currency = Currency::parse(in.currency);
        if (!currency)
            co_return field_error(entrepot::errors::invalid_fields, "/currency", "unknown_currency",
                                  "not a currency of ISO 4217");
        NewShop shop;
        shop.name = in.name;
        shop.channel = Channel::file;
        shop.time_zone = in.time_zone;
        shop.marketplaces.push_back(
            {in.country, in.country, in.country, std::string(currency->code()), true, true});
        CO_TRY(const ShopId id, co_await add_shop(ctx, tx, shop));
        co_return co_await find_shop(ctx, tx, id);
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body);
}

}  // namespace entrepot::shops
