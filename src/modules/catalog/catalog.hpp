// Catalogue, first part: SKUs, and which listing of a shop (seller SKU) means which SKU from when
// to when.
#pragma once

#include <boost/describe.hpp>
#include <unordered_map>

#include "platform/context.hpp"
#include "platform/module.hpp"

namespace entrepot::catalog {

namespace errors {
inline constexpr ErrorCode sku_taken{ErrorKind::conflict, "catalog.sku_taken"};
inline constexpr ErrorCode mapping_overlaps{ErrorKind::conflict, "catalog.mapping_overlaps"};
inline constexpr ErrorCode mapping_ended{ErrorKind::conflict, "catalog.mapping_ended"};
inline constexpr ErrorCode unknown_sku{ErrorKind::invalid, "catalog.unknown_sku"};
inline constexpr ErrorCode empty_period{ErrorKind::invalid, "catalog.empty_period"};
}  // namespace errors

/// Emitted in the transaction that adds, ends or changes a mapping:
/// {"shop_id":…,"seller_skus":[…]}, at most 1,000 an event. Orders re-evaluates.
inline constexpr std::string_view mapping_changed = "catalog.mapping_changed";

/// A period in which a seller SKU of one shop means a SKU; the end is exclusive.
struct MappingPeriod {
    std::string seller_sku;
    SkuId sku_id;
    Instant valid_from;
    std::optional<Instant> valid_to;
};
BOOST_DESCRIBE_STRUCT(MappingPeriod, (), (seller_sku, sku_id, valid_from, valid_to))

/// Mappings of one shop at hand, asked by seller SKU and moment.
class MappingTable {
public:
    explicit MappingTable(std::vector<MappingPeriod> periods);
    std::optional<SkuId> find(const std::string& seller_sku, Instant at) const;
    /// All periods of one seller SKU.
    std::vector<MappingPeriod> periods(const std::string& seller_sku) const;

private:
    std::unordered_map<std::string, std::vector<MappingPeriod>> periods_;
};

/// Mappings of these seller SKUs. A reader that stores what it concludes takes
/// shops::keep_mappings first.
Awaitable<MappingTable> mappings_of(pg::Transaction& tx, ShopId shop,
                                    const std::vector<std::string>& seller_skus);

struct SkuName {
    SkuId id;
    std::string code;
    std::string title;
};
BOOST_DESCRIBE_STRUCT(SkuName, (), (id, code, title))
/// Code and title of each SKU that exists.
Awaitable<std::vector<SkuName>> sku_names(pg::Transaction& tx, const std::vector<SkuId>& ids);
/// SKUs of these codes, by code; a code that is none's is left out.
Awaitable<std::vector<SkuName>> skus_of_codes(pg::Transaction& tx,
                                              const std::vector<std::string>& codes);
/// SKUs whose code starts with `prefix`, by code; at most `limit`.
Awaitable<std::vector<SkuName>> skus_by_prefix(pg::Transaction& tx, const std::string& prefix,
                                               std::int64_t limit);
/// SKUs whose code, in capitals and without all but letters and digits, starts as one of these bare
/// codes does, compared by their first `letters` characters. At most 5,000.
Awaitable<std::vector<SkuName>> skus_like(pg::Transaction& tx,
                                          const std::vector<std::string>& bare_codes,
                                          std::size_t letters);
/// A SKU and every seller SKU, of any shop, that was ever mapped to it.
struct SkuListings {
    SkuId id;
    std::vector<std::string> seller_skus;
};
BOOST_DESCRIBE_STRUCT(SkuListings, (), (id, seller_skus))
Awaitable<std::optional<SkuListings>> listings_of(pg::Transaction& tx, const std::string& code);

/// A seller SKU as a channel writes it, with a title for the SKU when one has to be made.
struct SellerSku {
    std::string seller_sku;
    std::string title;
};
/// For shops whose own codes are the tenant's codes (files): maps each seller SKU that has no
/// mapping yet, from the beginning of time, to the SKU of the same code, which is made when it is
/// absent. Idempotent. Returns the number of mappings added. Emits catalog.mapping_changed.
Awaitable<std::int64_t> ensure_skus(Context& ctx, pg::Transaction& tx, ShopId shop,
                                    const std::vector<SellerSku>& skus);

Module module();

}  // namespace entrepot::catalog
