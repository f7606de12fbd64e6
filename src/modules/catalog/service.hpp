// Inputs and use cases behind the routes of the catalogue.
#pragma once

#include "modules/catalog/catalog.hpp"
#include "platform/http/route.hpp"

namespace entrepot::catalog {

struct Sku {
    SkuId id;
    std::string code;
    std::string title;
    Instant created_at;
    std::int64_t version;
};
BOOST_DESCRIBE_STRUCT(Sku, (), (id, code, title, created_at, version))

struct ListSkus {
    std::optional<std::string> q;
    std::optional<std::int64_t> limit;
    std::optional<std::string> cursor;
};
BOOST_DESCRIBE_STRUCT(ListSkus, (), (q, limit, cursor))

struct AddSku {
    std::string code;
    std::string title;
};
BOOST_DESCRIBE_STRUCT(AddSku, (), (code, title))

struct ChangeSku {
    SkuId id;
    std::optional<std::int64_t> if_match;
    std::string title;
};
BOOST_DESCRIBE_STRUCT(ChangeSku, (), (id, if_match, title))

struct Mapping {
    MappingId id;
    ShopId shop_id;
    std::string shop_name;
    std::string seller_sku;
    SkuId sku_id;
    std::string sku_code;
    std::string sku_title;
    std::optional<Instant> valid_from;  ///< null = always
    std::optional<Instant> valid_to;    ///< exclusive; null = open
    Instant created_at;
    std::string created_by;
};
BOOST_DESCRIBE_STRUCT(Mapping, (),
                      (id, shop_id, shop_name, seller_sku, sku_id, sku_code, sku_title, valid_from,
                       valid_to, created_at, created_by))

struct ListMappings {
    std::optional<ShopId> shop_id;
    std::optional<std::string> q;
    std::optional<std::int64_t> limit;
    std::optional<std::string> cursor;
};
BOOST_DESCRIBE_STRUCT(ListMappings, (), (shop_id, q, limit, cursor))

struct AddMapping {
    ShopId shop_id;
    std::string seller_sku;
    std::string sku_code;
    std::optional<bool> create_sku;     ///< make the SKU when there is none of this code
    std::optional<std::string> title;   ///< of the SKU that is made
    std::optional<Instant> valid_from;  ///< absent = always
    std::optional<Instant> valid_to;    ///< absent = open
};
BOOST_DESCRIBE_STRUCT(AddMapping, (),
                      (shop_id, seller_sku, sku_code, create_sku, title, valid_from, valid_to))

struct EndMapping {
    MappingId id;
    std::optional<Instant> valid_to;  ///< absent = now; at or before its start, it is removed
};
BOOST_DESCRIBE_STRUCT(EndMapping, (), (id, valid_to))

/// From `valid_from` on the seller SKU means another SKU: the mapping ends there and a new one
/// begins.
struct ChangeMapping {
    MappingId id;
    std::string sku_code;
    std::optional<Instant> valid_from;  ///< absent = from its own start, as if it had always been
};
BOOST_DESCRIBE_STRUCT(ChangeMapping, (), (id, sku_code, valid_from))

Awaitable<Result<http::Page<Sku>>> skus_page(Context& ctx, const ListSkus& in);
Awaitable<Result<Sku>> add_sku(Context& ctx, const AddSku& in);
Awaitable<Result<Sku>> change_sku(Context& ctx, const ChangeSku& in);
Awaitable<Result<http::Page<Mapping>>> mappings_page(Context& ctx, const ListMappings& in);
Awaitable<Result<Mapping>> add_mapping(Context& ctx, const AddMapping& in);
Awaitable<Result<Mapping>> change_mapping(Context& ctx, const ChangeMapping& in);
Awaitable<Result<http::NoContent>> end_mapping(Context& ctx, const EndMapping& in);

}  // namespace entrepot::catalog
