// Periods of mappings.
#include "modules/catalog/mapping.hpp"

#include <gtest/gtest.h>

namespace entrepot::catalog {
namespace {

Instant day(int n) {
    return Instant{std::chrono::days(n)};
}
MappingPeriod period(int from, std::optional<int> to, std::uint8_t sku = 1,
                     const std::string& seller_sku = "A") {
    SkuId id;
    id.value.bytes[15] = sku;
    return {seller_sku, id, day(from), to ? std::optional(day(*to)) : std::nullopt};
}

TEST(CatalogMapping, periods_are_half_open) {
    const auto p = period(10, 20);
    EXPECT_FALSE(holds_at(p, day(9)));
    EXPECT_TRUE(holds_at(p, day(10)));
    EXPECT_TRUE(holds_at(p, day(20) - std::chrono::microseconds(1)));
    EXPECT_FALSE(holds_at(p, day(20)));
    EXPECT_TRUE(holds_at(period(10, std::nullopt), day(99999)));
}

TEST(CatalogMapping, neighbours_do_not_overlap) {
    EXPECT_FALSE(overlap(period(0, 10), period(10, 20)));
    EXPECT_TRUE(overlap(period(0, 11), period(10, 20)));
    EXPECT_TRUE(overlap(period(0, std::nullopt), period(10, 20)));
    EXPECT_TRUE(overlap(period(12, 13), period(10, 20)));
    EXPECT_TRUE(overlap(period(10, 20), period(10, 20)));
    EXPECT_FALSE(overlap(period(20, std::nullopt), period(10, 20)));
    EXPECT_FALSE(overlap(period(0, 20), period(0, 20, 1, "B")));
}

TEST(CatalogMapping, the_table_answers_by_moment) {
    const MappingTable table({period(0, 10, 1), period(10, std::nullopt, 2), period(5, 6, 3, "B")});
    EXPECT_EQ(table.find("A", day(9))->value.bytes[15], 1);
    EXPECT_EQ(table.find("A", day(10))->value.bytes[15], 2);
    EXPECT_FALSE(table.find("B", day(4)));
    EXPECT_FALSE(table.find("C", day(4)));
    EXPECT_EQ(table.periods("A").size(), 2U);
}

}  // namespace
}  // namespace entrepot::catalog
