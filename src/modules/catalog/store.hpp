// Rows and statements of the catalogue.
#pragma once

#include "modules/catalog/catalog.hpp"

namespace entrepot::catalog {

struct SkuRow {
    SkuId id;
    std::string code;
    std::string title;
    Instant created_at;
    std::int64_t version;
};
BOOST_DESCRIBE_STRUCT(SkuRow, (), (id, code, title, created_at, version))

struct MappingRow {
    MappingId id;
    ShopId shop_id;
    std::string seller_sku;
    SkuId sku_id;
    std::string sku_code;
    std::string sku_title;
    Instant valid_from;
    std::optional<Instant> valid_to;
    Instant created_at;
    std::string created_by;
};
BOOST_DESCRIBE_STRUCT(MappingRow, (),
                      (id, shop_id, seller_sku, sku_id, sku_code, sku_title, valid_from, valid_to,
                       created_at, created_by))

struct SkuToAdd {
    SkuId id;
    std::string code;
    std::string title;
};
struct MappingToAdd {
    MappingId id;
    ShopId shop_id;
    std::string seller_sku;
    SkuId sku_id;
    Instant valid_from;
    std::optional<Instant> valid_to;
};

Awaitable<std::vector<MappingPeriod>> periods_of(pg::Transaction& tx, ShopId shop,
                                                 const std::vector<std::string>& seller_skus);
Awaitable<std::vector<SkuRow>> skus_by_code(pg::Transaction& tx,
                                            const std::vector<std::string>& codes);
/// Adds SKUs whose code is new; the others stay as they are.
void insert_skus(pg::Transaction& tx, const std::vector<SkuToAdd>& skus, Instant at);
void insert_mappings(pg::Transaction& tx, const std::vector<MappingToAdd>& mappings, Instant at,
                     const std::string& by);

}  // namespace entrepot::catalog
