// SQL of the catalogue: what other modules ask, and SKUs and mappings added in bulk.
#include "modules/catalog/store.hpp"

namespace entrepot::catalog {
namespace {
using Texts = std::vector<std::string>;

const pg::ConstraintMeaning code_taken{
    "sku_code_key", make_error(errors::sku_taken, "another SKU has this code already")};
const pg::ConstraintMeaning start_taken{
    "sku_mapping_start_key",
    make_error(errors::mapping_overlaps, "the seller SKU has a mapping from that moment already")};

// Each seller SKU by itself: `= any` of hundreds becomes a filter over all mappings of the shop.
const pg::Statement<MappingPeriod(TenantId, ShopId, Texts)> select_periods{
    "catalog.mapping_periods", R"sql(
    select m.seller_sku, m.sku_id, m.valid_from, m.valid_to
    from (select distinct k.seller_sku from unnest($3) as k(seller_sku)) as wanted
    cross join lateral (
        select seller_sku, sku_id, valid_from, valid_to from catalog.sku_mapping
        where tenant_id = $1 and shop_id = $2 and seller_sku = wanted.seller_sku
        offset 0
    ) as m
    order by m.seller_sku, m.valid_from
)sql"};

const pg::Statement<SkuName(TenantId, std::vector<SkuId>)> select_names{"catalog.sku_names", R"sql(
    select id, code, title from catalog.sku where tenant_id = $1 and id = any($2) order by code
)sql"};

const pg::Statement<SkuName(TenantId, Texts)> select_names_by_code{"catalog.sku_names_by_code",
                                                                   R"sql(
    select id, code, title from catalog.sku where tenant_id = $1 and code = any($2) order by code
)sql"};

const pg::Statement<SkuName(TenantId, std::string, std::string, std::int64_t)> select_by_prefix{
    "catalog.skus_by_prefix", R"sql(
    select id, code, title from catalog.sku
    where tenant_id = $1 and code >= $2 and code < $3
    order by code
    limit $4
)sql"};

const pg::Statement<SkuName(TenantId, std::vector<std::string>, std::int32_t)> select_like{
    "catalog.skus_like", R"sql(
    select id, code, title from catalog.sku
    where tenant_id = $1 and left(upper(regexp_replace(code, '[^[:alnum:]]', '', 'g')), $3) =
        any($2)
    order by code
    limit 5000
)sql"};

const pg::Statement<SkuListings(TenantId, std::string)> select_listings{"catalog.listings_of",
                                                                        R"sql(
    select s.id, array(select distinct m.seller_sku from catalog.sku_mapping as m
        where m.tenant_id = $1 and m.sku_id = s.id order by m.seller_sku)::text[] as seller_skus
    from catalog.sku as s
    where s.tenant_id = $1 and s.code = $2
)sql"};

const pg::Statement<SkuRow(TenantId, Texts)> select_by_code{"catalog.skus_by_code", R"sql(
    select id, code, title, created_at, version from catalog.sku
    where tenant_id = $1 and code = any($2)
    order by code
)sql"};

const pg::Statement<void(TenantId, Instant, std::vector<SkuId>, Texts, Texts)> insert_many{
    "catalog.insert_skus", R"sql(
    insert into catalog.sku (tenant_id, id, code, title, created_at)
    select $1, n.id, n.code, n.title, $2 from unnest($3, $4, $5) as n(id, code, title)
    on conflict (tenant_id, code) do nothing
)sql"};

const pg::Statement<void(TenantId, Instant, std::string, std::vector<MappingId>,
                         std::vector<ShopId>, Texts, std::vector<SkuId>, std::vector<Instant>,
                         std::vector<std::optional<Instant>>)>
    insert_periods{"catalog.insert_mappings", R"sql(
    insert into catalog.sku_mapping (tenant_id, id, shop_id, seller_sku, sku_id, valid_from,
        valid_to, created_at, created_by)
    select $1, n.id, n.shop_id, n.seller_sku, n.sku_id, n.valid_from, n.valid_to, $2, $3
    from unnest($4, $5, $6, $7, $8, $9) as n(id, shop_id, seller_sku, sku_id, valid_from, valid_to)
    returning id
)sql"};
}  // namespace

Awaitable<std::vector<MappingPeriod>> periods_of(pg::Transaction& tx, ShopId shop,
                                                 const std::vector<std::string>& seller_skus) {
    return tx.rows(select_periods, tx.tenant(), shop, seller_skus);
}
Awaitable<MappingTable> mappings_of(pg::Transaction& tx, ShopId shop,
                                    const std::vector<std::string>& seller_skus) {
    co_return MappingTable(co_await periods_of(tx, shop, seller_skus));
}
Awaitable<std::vector<SkuName>> sku_names(pg::Transaction& tx, const std::vector<SkuId>& ids) {
    return tx.rows(select_names, tx.tenant(), ids);
}
Awaitable<std::vector<SkuName>> skus_of_codes(pg::Transaction& tx,
                                              const std::vector<std::string>& codes) {
    return tx.rows(select_names_by_code, tx.tenant(), codes);
}
Awaitable<std::vector<SkuName>> skus_by_prefix(pg::Transaction& tx, const std::string& prefix,
                                               std::int64_t limit) {
    return tx.rows(select_by_prefix, tx.tenant(), prefix, prefix + "\xF4\x8F\xBF\xBF", limit);
}
namespace {
/// The first `count` code points: a cut between two bytes of one letter is no text any more.
std::string first_letters(const std::string& text, std::size_t count) {
    std::size_t at = 0;
    for (std::size_t letters = 0; at < text.size(); ++at) {
        const bool begins_letter = (static_cast<unsigned char>(text[at]) & 0xC0) != 0x80;
        if (begins_letter && letters++ == count) break;
    }
    return text.substr(0, at);
}
}  // namespace

Awaitable<std::vector<SkuName>> skus_like(pg::Transaction& tx,
                                          const std::vector<std::string>& bare_codes,
                                          std::size_t letters) {
    std::vector<std::string> starts;
    for (const std::string& code : bare_codes) starts.push_back(first_letters(code, letters));
    return tx.rows(select_like, tx.tenant(), starts, static_cast<std::int32_t>(letters));
}
Awaitable<std::optional<SkuListings>> listings_of(pg::Transaction& tx, const std::string& code) {
    return tx.maybe(select_listings, tx.tenant(), code);
}
Awaitable<std::vector<SkuRow>> skus_by_code(pg::Transaction& tx,
                                            const std::vector<std::string>& codes) {
    return tx.rows(select_by_code, tx.tenant(), codes);
}

void insert_skus(pg::Transaction& tx, const std::vector<SkuToAdd>& skus, Instant at) {
    if (skus.empty()) return;
    std::vector<SkuId> ids;
    Texts codes, titles;
    for (const SkuToAdd& sku : skus) {
        ids.push_back(sku.id);
        codes.push_back(sku.code);
        titles.push_back(sku.title);
    }
    tx.defer(insert_many, tx.tenant(), at, ids, codes, titles);
}

void insert_mappings(pg::Transaction& tx, const std::vector<MappingToAdd>& mappings, Instant at,
                     const std::string& by) {
    if (mappings.empty()) return;
    std::vector<MappingId> ids;
    std::vector<ShopId> shops;
    Texts seller_skus;
    std::vector<SkuId> skus;
    std::vector<Instant> from;
    std::vector<std::optional<Instant>> to;
    for (const MappingToAdd& m : mappings) {
        ids.push_back(m.id);
        shops.push_back(m.shop_id);
        seller_skus.push_back(m.seller_sku);
        skus.push_back(m.sku_id);
        from.push_back(m.valid_from);
        to.push_back(m.valid_to);
    }
    tx.defer(insert_periods, tx.tenant(), at, by, ids, shops, seller_skus, skus, from, to);
}

}  // namespace entrepot::catalog
