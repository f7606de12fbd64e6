// SQL of pages and changes of SKUs and mappings.
#include "modules/catalog/page_store.hpp"

namespace entrepot::catalog {
namespace {
const pg::Statement<SkuRow(TenantId, std::string, std::string, std::int64_t)> select_page{
    "catalog.sku_page", R"sql(
    select id, code, title, created_at, version from catalog.sku
    where tenant_id = $1 and code > $3
        and ($2 = '' or starts_with(lower(code), lower($2)) or starts_with(lower(title), lower($2)))
    order by code
    limit $4
)sql"};

const pg::Statement<SkuRow(TenantId, SkuId)> select_for_update{"catalog.sku_for_update", R"sql(
    select id, code, title, created_at, version from catalog.sku where tenant_id = $1 and id = $2
        for no key update
)sql"};

const pg::Statement<void(TenantId, SkuId, std::string, std::string, Instant)> insert_one{
    "catalog.insert_sku", R"sql(
    insert into catalog.sku (tenant_id, id, code, title, created_at) values ($1, $2, $3, $4, $5)
)sql"};

const pg::Statement<void(TenantId, SkuId, std::string)> update_title{"catalog.update_title", R"sql(
    update catalog.sku set title = $3, version = version + 1 where tenant_id = $1 and id = $2
)sql"};

const pg::Statement<MappingRow(TenantId, Scope, std::optional<ShopId>, std::optional<std::string>,
                               std::optional<MappingId>, std::int64_t)>
    select_mappings{"catalog.mapping_page", R"sql(
    select m.id, m.shop_id, m.seller_sku, m.sku_id, s.code as sku_code, s.title as sku_title,
        m.valid_from, m.valid_to,
        m.created_at, m.created_by
    from catalog.sku_mapping as m
    join catalog.sku as s on s.tenant_id = $1 and s.id = m.sku_id
    where m.tenant_id = $1 and s.tenant_id = $1 and ($2::uuid[] is null or m.shop_id = any($2))
        and ($3::uuid is null or m.shop_id = $3)
        and ($4::text is null or starts_with(lower(m.seller_sku), lower($4)) or
            starts_with(lower(s.code), lower($4)))
        and ($5::uuid is null or m.id < $5)
    order by m.id desc
    limit $6
)sql"};

const pg::Statement<MappingRow(TenantId, Scope, MappingId)> select_mapping{"catalog.mapping", R"sql(
    select m.id, m.shop_id, m.seller_sku, m.sku_id, s.code as sku_code, s.title as sku_title,
        m.valid_from, m.valid_to,
        m.created_at, m.created_by
    from catalog.sku_mapping as m
    join catalog.sku as s on s.tenant_id = $1 and s.id = m.sku_id
    where m.tenant_id = $1 and s.tenant_id = $1 and ($2::uuid[] is null or m.shop_id = any($2)) and
        m.id = $3
)sql"};

const pg::Statement<void(TenantId, MappingId, Instant)> update_end{"catalog.mapping_end", R"sql(
    update catalog.sku_mapping set valid_to = $3 where tenant_id = $1 and id = $2
)sql"};

const pg::Statement<void(TenantId, MappingId)> remove{"catalog.mapping_remove", R"sql(
    delete from catalog.sku_mapping where tenant_id = $1 and id = $2
)sql"};
}  // namespace

Awaitable<std::vector<SkuRow>> sku_rows(pg::Transaction& tx, const std::string& q,
                                        const std::string& after, std::int64_t limit) {
    return tx.rows(select_page, tx.tenant(), q, after, limit);
}
Awaitable<std::optional<SkuRow>> sku_for_update(pg::Transaction& tx, SkuId id) {
    return tx.maybe(select_for_update, tx.tenant(), id);
}
void insert_sku(pg::Transaction& tx, const SkuRow& sku) {
    tx.defer(insert_one, tx.tenant(), sku.id, sku.code, sku.title, sku.created_at);
}
void write_title(pg::Transaction& tx, SkuId id, const std::string& title) {
    tx.defer(update_title, tx.tenant(), id, title);
}
Awaitable<std::vector<MappingRow>> mapping_rows(pg::Transaction& tx, const MappingSelection& s) {
    return tx.rows(select_mappings, tx.tenant(), s.scope, s.shop, s.q, s.before, s.limit);
}
Awaitable<std::optional<MappingRow>> mapping_row(pg::Transaction& tx, const Scope& scope,
                                                 MappingId id) {
    return tx.maybe(select_mapping, tx.tenant(), scope, id);
}
void write_mapping_end(pg::Transaction& tx, MappingId id, Instant at) {
    tx.defer(update_end, tx.tenant(), id, at);
}
void remove_mapping(pg::Transaction& tx, MappingId id) {
    tx.defer(remove, tx.tenant(), id);
}

}  // namespace entrepot::catalog
