// Ingest against a real database: idempotence, staleness, races, exceptions.
#include "modules/orders/sample.hpp"

namespace entrepot::orders::test {
namespace {

class OrdersIngest : public OrdersTest {};

TEST_F(OrdersIngest, the_same_again_writes_nothing) {
    Context ctx = tenant_context();
    const ShopId shop = make_shop(ctx, "US");
    const std::vector batch{sample_order("111-1"), sample_order("111-2")};
    const auto first = ingest_batch(ctx, source(shop), batch);
    EXPECT_EQ(first.created, 2);
    EXPECT_EQ(first.lines, 4);
    const std::string before =
        sql("select string_agg(xmin::text || version::text, ',' order by id) from orders.sales_order where" +
            of_tenant(ctx));
    const auto second = ingest_batch(ctx, source(shop), batch);
    EXPECT_EQ(second.unchanged, 2);
    EXPECT_EQ(second.created + second.changed + second.stale, 0);
    EXPECT_EQ(before, sql("select string_agg(xmin::text || version::text, ',' order by id) from "
                          "orders.sales_order where" +
                          of_tenant(ctx)));
    EXPECT_EQ("1", sql("select count(*) from platform.audit_entry where act = 'orders.ingested' and" +
                       of_tenant(ctx)));
}

}  // namespace
}  // namespace entrepot::orders::test
