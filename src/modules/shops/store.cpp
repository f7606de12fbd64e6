// SQL of shops.
#include "modules/shops/store.hpp"

namespace entrepot::shops {
namespace {
using Texts = std::vector<std::string>;

const pg::ConstraintMeaning name_taken{
    "shop_name_key", make_error(errors::name_taken, "another shop has this name already")};

const pg::Statement<ShopRow(TenantId, Scope, std::optional<ShopId>)> select_shops{"shops.shops",
                                                                                  R"sql(
    select id, name, channel, region, seller_id, state, time_zone, last_synced_at, version
    from shops.shop
    where tenant_id = $1 and ($2::uuid[] is null or id = any($2)) and ($3::uuid is null or id = $3)
    order by name
)sql"};

const pg::Statement<MarketplaceRow(TenantId, Scope, std::optional<ShopId>)> select_marketplaces{
    "shops.marketplaces", R"sql(
    select shop_id, id, country, name, currency, participating, enabled
    from shops.marketplace
    where tenant_id = $1 and ($2::uuid[] is null or shop_id = any($2)) and ($3::uuid is null or
        shop_id = $3)
    order by shop_id, country, id
)sql"};

const pg::Statement<ShopRow(TenantId, Scope, ShopId)> select_for_update{"shops.for_update", R"sql(
    select id, name, channel, region, seller_id, state, time_zone, last_synced_at, version
    from shops.shop
    where tenant_id = $1 and ($2::uuid[] is null or id = any($2)) and id = $3
    for no key update
)sql"};

const pg::Statement<void(TenantId, ShopId, std::string, Channel, std::optional<std::string>,
                         std::optional<std::string>, std::string, Instant)>
    insert{"shops.insert", R"sql(
    insert into shops.shop (tenant_id, id, name, channel, region, seller_id, state, time_zone,
        created_at)
    values ($1, $2, $3, $4, $5, $6, 'connected', $7, $8)
)sql"};

const pg::Statement<void(TenantId, ShopId, Texts, Texts, Texts, Texts, std::vector<bool>,
                         std::vector<bool>)>
    upsert{"shops.upsert_marketplaces", R"sql(
    insert into shops.marketplace (tenant_id, shop_id, id, country, name, currency, participating,
        enabled)
    select $1, $2, n.id, n.country, n.name, n.currency, n.participating, n.enabled
    from unnest($3, $4, $5, $6, $7, $8) as n(id, country, name, currency, participating, enabled)
    on conflict (tenant_id, shop_id, id) do update set
        country = excluded.country, name = excluded.name, currency = excluded.currency,
        participating = excluded.participating
)sql"};

const pg::Statement<void(TenantId, ShopId, Texts)> withdraw{"shops.withdraw_marketplaces", R"sql(
    update shops.marketplace set participating = false
    where tenant_id = $1 and shop_id = $2 and id <> all($3) and participating
)sql"};

const pg::Statement<void(TenantId, ShopId, std::string, std::string)> update{"shops.update", R"sql(
    update shops.shop set name = $3, time_zone = $4, version = version + 1 where tenant_id = $1 and
        id = $2
)sql"};

const pg::Statement<void(TenantId, ShopId, Texts)> enable{"shops.enable_marketplaces", R"sql(
    update shops.marketplace set enabled = id = any($3)
    where tenant_id = $1 and shop_id = $2 and enabled <> (id = any($3))
)sql"};

const pg::Statement<void(TenantId, ShopId)> touch{"shops.touch", R"sql(
    update shops.shop set version = version + 1 where tenant_id = $1 and id = $2
)sql"};

const pg::Statement<void(TenantId, ShopId, ShopState)> set_state_of{"shops.set_state", R"sql(
    update shops.shop set state = $3, version = version + 1 where tenant_id = $1 and id = $2
)sql"};

const pg::Statement<void(TenantId, ShopId, Instant)> set_synced{"shops.set_synced", R"sql(
    update shops.shop set last_synced_at = greatest(last_synced_at, $3) where tenant_id = $1 and id
        = $2
)sql"};

const pg::Statement<bool(std::string)> zone_exists{"shops.zone_exists", R"sql(
    select exists (select 1 from pg_catalog.pg_timezone_names as z
        where z.name = $1 and z.name !~ '^(posix|right/|localtime|Factory)') as found
)sql"};

const pg::Statement<std::int32_t(TenantId, ShopId)> share_mappings{"shops.keep_mappings", R"sql(
    select 1 as kept from shops.shop where tenant_id = $1 and id = $2 for key share
)sql"};

const pg::Statement<std::int32_t(TenantId, Scope, ShopId)> own_mappings{"shops.lock_mappings",
                                                                        R"sql(
    select 1 as locked from shops.shop
    where tenant_id = $1 and ($2::uuid[] is null or id = any($2)) and id = $3
    for update
)sql"};

const pg::Statement<DayRange(TenantId, Scope, Date, Date)> select_day_ranges{"shops.day_ranges",
                                                                             R"sql(
    select id as shop_id, $3::date::timestamp at time zone time_zone as "from",
        ($4::date + 1)::timestamp at time zone time_zone as "to"
    from shops.shop
    where tenant_id = $1 and ($2::uuid[] is null or id = any($2))
    order by id
)sql"};

const pg::Statement<ShopName(TenantId)> select_names{"shops.names", R"sql(
    select id, name, channel, time_zone from shops.shop where tenant_id = $1 order by name
)sql"};

const pg::Statement<MarketplaceName(TenantId)> select_marketplace_names{"shops.marketplace_names",
                                                                        R"sql(
    select shop_id, id, name from shops.marketplace where tenant_id = $1
)sql"};

const pg::Statement<ShopId(TenantId, Scope)> select_ids{"shops.ids", R"sql(
    select id from shops.shop where tenant_id = $1 and ($2::uuid[] is null or id = any($2)) order by id
)sql"};
}  // namespace

Awaitable<std::vector<ShopRow>> shop_rows(pg::Transaction& tx, const Scope& scope,
                                          std::optional<ShopId> only) {
    return tx.rows(select_shops, tx.tenant(), scope, only);
}
Awaitable<std::vector<MarketplaceRow>> marketplace_rows(pg::Transaction& tx, const Scope& scope,
                                                        std::optional<ShopId> only) {
    return tx.rows(select_marketplaces, tx.tenant(), scope, only);
}
Awaitable<std::optional<ShopRow>> shop_for_update(pg::Transaction& tx, const Scope& scope,
                                                  ShopId id) {
    return tx.maybe(select_for_update, tx.tenant(), scope, id);
}
void insert_shop(pg::Transaction& tx, ShopId id, const NewShop& shop, Instant at) {
    tx.defer(insert, tx.tenant(), id, shop.name, shop.channel, shop.region, shop.seller_id,
             shop.time_zone, at);
    forget_names(tx);
}
void upsert_marketplaces(pg::Transaction& tx, ShopId id, const std::vector<Marketplace>& all) {
    Texts ids, countries, names, currencies;
    std::vector<bool> participating, enabled;
    for (const Marketplace& m : all) {
        ids.push_back(m.id);
        countries.push_back(m.country);
        names.push_back(m.name);
        currencies.push_back(m.currency);
        participating.push_back(m.participating);
        enabled.push_back(m.enabled);
    }
    tx.defer(upsert, tx.tenant(), id, ids, countries, names, currencies, participating, enabled);
    tx.defer(withdraw, tx.tenant(), id, ids);
    forget_names(tx);
}
void update_shop(pg::Transaction& tx, ShopId id, const std::string& name,
                 const std::string& time_zone) {
    tx.defer(update, tx.tenant(), id, name, time_zone);
    forget_names(tx);
}
void update_enabled(pg::Transaction& tx, ShopId id, const std::vector<std::string>& enabled) {
    tx.defer(enable, tx.tenant(), id, enabled);
    tx.defer(touch, tx.tenant(), id);
}
void update_state(pg::Transaction& tx, ShopId id, ShopState state) {
    tx.defer(set_state_of, tx.tenant(), id, state);
}
void note_synced(pg::Transaction& tx, ShopId id, Instant at) {
    tx.defer(set_synced, tx.tenant(), id, at);
}
Awaitable<bool> is_time_zone(pg::Transaction& tx, const std::string& name) {
    return tx.one(zone_exists, name);
}
void keep_mappings(pg::Transaction& tx, ShopId id) {
    tx.defer(share_mappings, tx.tenant(), id);
}
Awaitable<bool> lock_mappings(Context& ctx, pg::Transaction& tx, ShopId id) {
    co_return (co_await tx.maybe(own_mappings, tx.tenant(), ctx.shop_scope(), id)).has_value();
}
Awaitable<std::vector<DayRange>> day_ranges(Context& ctx, pg::Transaction& tx, Date first,
                                            Date last) {
    return tx.rows(select_day_ranges, tx.tenant(), ctx.shop_scope(), first, last);
}
Awaitable<Names> read_names(pg::Transaction& tx) {
    Names out;
    out.shops = co_await tx.rows(select_names, tx.tenant());
    out.marketplaces = co_await tx.rows(select_marketplace_names, tx.tenant());
    co_return out;
}
Awaitable<std::vector<ShopId>> shop_ids(Context& ctx, pg::Transaction& tx) {
    return tx.rows(select_ids, tx.tenant(), ctx.shop_scope());
}

}  // namespace entrepot::shops
