// One statement for each table, in the order of time, as years of ingest would leave them.
#include "fill.hpp"

#include "platform/crypto/crypto.hpp"

namespace entrepot::bench {
namespace {
constexpr int sku_count = 500;

std::string quoted(const std::string& text) {
    return "'" + text + "'";
}

/// An id of the form of version 7: time first, then the number.
std::string id_sql(const std::string& at, const std::string& number) {
    return "(lpad(to_hex((extract(epoch from " + at +
           ") * 1000)::bigint), 12, '0') || '7' || lpad(to_hex(" + number +
           " % 4096), 3, '0') || '8' || lpad(to_hex(" + number + "), 15, '0'))::uuid";
}

void add_skus(World& world) {
    const std::string tenant = quoted(world.tenant.text());
    const std::string series = " from generate_series(0, " + std::to_string(sku_count - 1) + ") n";
    world.sql("insert into catalog.sku (tenant_id, id, code, title, created_at) select " + tenant +
              ", " + id_sql("now()", "n") + ", 'SKU-' || n, 'A thing of use, number ' || n, now()" +
              series);
    for (const std::string& shop : world.filled_shops)
        world.sql(
            "insert into catalog.sku_mapping (tenant_id, id, shop_id, seller_sku, sku_id, "
            "valid_from, created_at, created_by) select tenant_id, gen_random_uuid(), " +
            quoted(shop) + ", code, id, '2000-01-01', now(), 'bench' from catalog.sku " +
            "where tenant_id = " + tenant + " and title like 'A thing of use, number %'");
}

/// Numbers `first` to before `last`, the oldest (highest) first, with what follows from them.
std::string numbered(const World& world, std::int64_t first, std::int64_t last) {
    const std::string step =
        "interval '365 days' / " + std::to_string(std::max<std::int64_t>(1, world.sizes.tenant));
    std::string shops = "array[", currencies = "(array['GBP', 'EUR', 'USD'])[1 + n % 3]";
    for (const std::string& shop : world.filled_shops)
        shops += (shops.back() == '[' ? "" : ", ") + quoted(shop);
    return "(select n, " + quoted(format_instant(world.filled_until)) + "::timestamptz - n * (" +
           step + ") as at, (" + shops + "])[1 + n % 3]::uuid as shop, " + currencies +
           " as currency, (array['GB', 'DE', 'US'])[1 + n % 3] as place, 1 + n % 3 as units "
           "from generate_series(" +
           std::to_string(last - 1) + "::bigint, " + std::to_string(first) + ", -1) n) o";
}
}  // namespace

void begin_fill(World& world) {
    world.sql(
        "truncate orders.sales_order, insight.sale_line, insight.sales_day, insight.sales_month, "
        "insight.shop_day, insight.item_day, insight.item_month, insight.item_shop_month, "
        "insight.item_place_month cascade");
    world.filled_orders = 0;
    world.filled_until = world.clock.now();
    if (!world.filled_shops.empty()) return;
    world.filled_shops = {world.add_file_shop("Filled GB", "GB", "GBP"),
                          world.add_file_shop("Filled DE", "DE", "EUR"),
                          world.add_file_shop("Filled US", "US", "USD")};
    add_skus(world);
}

void fill_orders(World& world, std::int64_t count) {
    if (world.filled_orders >= count) return;
    const std::string tenant = quoted(world.tenant.text());
    const std::string rows = numbered(world, world.filled_orders, count);
    // Keys are right by construction; checking each costs more than writing it.
    const std::string unchecked = "set session_replication_role = replica; ";
    world.sql(
        unchecked +
        "insert into orders.sales_order (tenant_id, id, shop_id, channel_order_id, kind, "
        "ordered_at, channel_updated_at, updated_at, state, channel_state, fulfilled_by, "
        "marketplace_id, ship_country, currency, item_minor, shipping_minor, gift_wrap_minor, "
        "tax_minor, discount_minor, other_minor, grand_total_minor, line_count, unit_count, "
        "first_seller_sku, first_title, first_quantity, programs, source_channel, "
        "source_operation, source_request_id, source_received_at, content_hash) select " +
        tenant + ", " + id_sql("at", "n") +
        ", shop, 'L-' || n, 'sale', at, at, at, "
        "case when n % 20 = 0 then 'cancelled' when n < 2000 and n % 3 = 0 then 'unshipped' "
        "else 'shipped' end, "
        "'Shipped', 'merchant', place, (array['GB', 'DE', 'FR', 'US', 'IT', 'ES', 'JP'])"
        "[1 + n % 7], currency, 2400 * units, 0, 0, 0, 0, 0, 2400 * units, 2, 2 * units, 'SKU-' || "
        "(n * 7) % 500, 'A thing of use, number ' || (n * 7) % 500, units, '{}', 'file', 'bench', "
        "'bench', at, '\\x00' from " +
        rows);
    world.sql(
        unchecked +
        "insert into orders.order_line (tenant_id, order_id, ordered_at, line_no, "
        "channel_line_id, seller_sku, sku_id, title, kind, quantity_ordered, quantity_shipped, "
        "quantity_cancelled, unit_price, item_minor, shipping_minor, gift_wrap_minor, tax_minor, "
        "discount_minor, other_minor) select " +
        tenant + ", " + id_sql("o.at", "n") +
        ", o.at, l.no, l.no::text, s.code, s.id, s.title, 'goods', units, units, 0, 12, 1200 * "
        "units, 0, 0, 0, 0, 0 from " +
        rows + " cross join (values (1, 0), (2, 13)) l(no, shift) join catalog.sku s on " +
        "s.tenant_id = " + tenant + " and s.code = 'SKU-' || (n * 7 + l.shift) % 500");
    world.filled_orders = count;
}

void fill_other_tenants(World& world, std::int64_t count) {
    const std::string own = quoted(world.tenant.text());
    const std::string columns =
        "kind, ordered_at, channel_updated_at, updated_at, state, channel_state, fulfilled_by, "
        "marketplace_id, ship_country, currency, item_minor, shipping_minor, gift_wrap_minor, "
        "tax_minor, discount_minor, other_minor, grand_total_minor, line_count, unit_count, "
        "first_seller_sku, first_title, first_quantity, programs, source_channel, "
        "source_operation, source_request_id, source_received_at, content_hash";
    for (std::int64_t there = world.filled_orders; there < count; there += world.filled_orders) {
        const std::string tenant = quoted(crypto::new_uuid(world.clock.now()).text());
        world.sql(
            "insert into shops.shop (tenant_id, id, name, channel, state, time_zone, created_at) "
            "select " +
            tenant + ", id, name, channel, state, time_zone, created_at from shops.shop " +
            "where tenant_id = " + own);
        world.sql(
            "set session_replication_role = replica; "
            "insert into orders.sales_order (tenant_id, id, shop_id, channel_order_id, " +
            columns + ") select " + tenant + ", id, shop_id, channel_order_id, " + columns +
            " from orders.sales_order where tenant_id = " + own + " order by ordered_at limit " +
            std::to_string(count - there));
    }
}

}  // namespace entrepot::bench
