// What Amazon gave and no book needs goes after 18 months; orders, lines and other channels stay.
#include "modules/orders/forget.hpp"
#include "modules/orders/sample_test.hpp"

namespace entrepot::orders {
namespace {

class OrdersForget : public test::OrdersTest {
protected:
    static IncomingOrder with_parcel(const std::string& number) {
        IncomingOrder order = test::sample_order(number, 1);
        order.packages.push_back({"1", "UPS", "1Z" + number, "SHIPPED", test::noon, std::nullopt});
        return order;
    }
    std::string count(const std::string& table) {
        return sql("select count(*) from " + table + " where tenant_id = '" + ctx.tenant.text() +
                   "'");
    }
    void forget_now() {
        const jobs::Job job{};
        const auto next = run([&] { return forget(ctx, job); });
        EXPECT_TRUE(next.has_value()) << "it stands, and comes back";
    }
    Context ctx = tenant_context();
};

TEST_F(OrdersForget, parcels_and_exceptions_go_after_18_months_and_books_stay) {
    const ShopId shop = make_shop(ctx, "Shop");
    const ShopId store = make_shop(ctx, "Store", shops::Channel::file);
    ingest_batch(ctx, source(shop), {with_parcel("A-1")});
    IngestSource file = source(store);
    file.channel = "file";
    ingest_batch(ctx, file, {with_parcel("F-1")});
    const std::string before = count("orders.exception");
    ASSERT_EQ(count("orders.package"), "2");
    ASSERT_EQ(before, "2") << "an unmapped SKU each";
    // The rows say when they came; both moments are set, whatever the clock of the test says.
    const auto age = [&](int days) {
        const std::string at = format_instant(clock().now() - std::chrono::days(days));
        const std::string of = " where tenant_id = '" + ctx.tenant.text() + "'";
        sql("update orders.sales_order set source_received_at = '" + at + "'" + of);
        sql("update orders.exception set first_seen_at = '" + at + "'" + of);
    };
    age(539);
    forget_now();
    EXPECT_EQ(count("orders.package"), "2");
    age(541);
    forget_now();
    EXPECT_EQ(count("orders.package"), "1") << "the file's is the company's own";
    EXPECT_EQ(count("orders.exception"), "1");
    EXPECT_EQ(count("orders.sales_order"), "2");
    EXPECT_EQ(count("orders.order_line"), "2");
    EXPECT_EQ(sql("select sum(exception_count) from orders.sales_order where tenant_id = '" +
                  ctx.tenant.text() + "'"),
              "1")
        << "the count says what is there";
}

}  // namespace
}  // namespace entrepot::orders
