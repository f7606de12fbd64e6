// Rows that pages and changes of SKUs and mappings need.
#pragma once

#include "modules/catalog/store.hpp"

namespace entrepot::catalog {

using Scope = std::optional<std::vector<ShopId>>;

/// SKUs whose code or title starts with `q`, by code, behind `after`.
Awaitable<std::vector<SkuRow>> sku_rows(pg::Transaction& tx, const std::string& q,
                                        const std::string& after, std::int64_t limit);
Awaitable<std::optional<SkuRow>> sku_for_update(pg::Transaction& tx, SkuId id);
void insert_sku(pg::Transaction& tx, const SkuRow& sku);
void write_title(pg::Transaction& tx, SkuId id, const std::string& title);

struct MappingSelection {
    Scope scope;
    std::optional<ShopId> shop;
    std::optional<std::string> q;
    std::optional<MappingId> before;
    std::int64_t limit;
};
/// Newest first.
Awaitable<std::vector<MappingRow>> mapping_rows(pg::Transaction& tx,
                                                const MappingSelection& selection);
Awaitable<std::optional<MappingRow>> mapping_row(pg::Transaction& tx, const Scope& scope,
                                                 MappingId id);
void write_mapping_end(pg::Transaction& tx, MappingId id, Instant at);
void remove_mapping(pg::Transaction& tx, MappingId id);

}  // namespace entrepot::catalog
