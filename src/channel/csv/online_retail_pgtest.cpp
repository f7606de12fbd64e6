// Online Retail: the totals of the orders are those of the file. The file's side is computed by
// PostgreSQL's own CSV reader, numerics and time zones; ours by the import.
#include <chrono>
#include <filesystem>
#include <iostream>

#include "channel/csv/import_fixture.hpp"

namespace entrepot::csv::test {
namespace {
namespace fs = std::filesystem;

const std::string sample = ENTREPOT_SOURCE_DIR "/src/channel/csv/testdata/retail_sample.csv";
const std::string whole =
    ENTREPOT_SOURCE_DIR "/../shared/data/orders/online_retail_2010-12_2011-08.csv.gz";

/// What the countries of the set are called in ISO 3166; the words that mean no country stay.
constexpr const char* country_codes = R"sql(
    values ('United Kingdom','GB'),('Germany','DE'),('France','FR'),('EIRE','IE'),('Spain','ES'),
    ('Netherlands','NL'),('Belgium','BE'),('Switzerland','CH'),('Australia','AU'),('Portugal','PT'),
    ('Norway','NO'),('Finland','FI'),('Italy','IT'),('Cyprus','CY'),('Japan','JP'),('Sweden','SE'),
    ('Austria','AT'),('Hong Kong','HK'),('Poland','PL'),('Israel','IL'),('Denmark','DK'),
    ('Singapore','SG'),('Canada','CA'),('Iceland','IS'),('Greece','GR'),('Malta','MT'),
    ('Lebanon','LB'),('Lithuania','LT'),('Brazil','BR'),('United Arab Emirates','AE'),('USA','US'),
    ('Bahrain','BH'),('Czech Republic','CZ'),('Saudi Arabia','SA'),('RSA','ZA'))sql";

std::int64_t peak_memory_kb() {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);)
        if (line.starts_with("VmHWM:")) return std::stoll(line.substr(6));
    return 0;
}

class CsvOnlineRetail : public ImportTest {
protected:
    void load_raw(const std::string& file) {
        const bool packed = file.ends_with(".gz");
        sql("drop table if exists public.retail_raw");
        sql("create table public.retail_raw (invoice text, code text, title text, quantity bigint, "
            "at timestamp, price numeric, customer text, country text)");
        sql("copy public.retail_raw from program '" + std::string(packed ? "gunzip -c " : "cat ") +
            file + "' with (format csv, header)");
    }
    ~CsvOnlineRetail() override { sql("drop table if exists public.retail_raw"); }

    /// country|month|sum of pence|exact sum, line by line, of the file.
    std::string totals_of_file() {
        return sql(std::string(R"sql(
            with codes(name, code) as ()sql") +
                   country_codes + R"sql(), lines as (
                select coalesce(c.code, r.country) as country, to_char(r.at, 'YYYY-MM') as month,
                    r.quantity * r.price as exact,
                    case when abs(v - trunc(v)) = 0.5 then 2 * round(v / 2) else round(v) end as
                        pence
                from public.retail_raw r left join codes c on c.name = r.country
                cross join lateral (select r.quantity * r.price * 100 as v) as x)
            select string_agg(t, chr(10) order by t) from (
                select country || '|' || month || '|' || sum(pence)::bigint || '|' ||
                    trim_scale(sum(exact)) as t
                from lines group by country, month) as g)sql");
    }
    /// The same of the orders. The month is that of the London clock.
    std::string totals_of_orders(const Context& ctx) {
        return sql(R"sql(
            select string_agg(t, chr(10) order by t) from (
                select o.ship_country || '|' || to_char(o.ordered_at at time zone 'Europe/London',
                    'YYYY-MM')
                    || '|' || sum(o.pence)::bigint || '|' || trim_scale(sum(o.exact)) as t
                from (select o.ship_country, o.ordered_at, o.grand_total_minor as pence,
                        (select sum(l.quantity_ordered * l.unit_price) from orders.order_line l
                         where l.tenant_id = o.tenant_id and l.order_id = o.id) as exact
                    from orders.sales_order o where o.tenant_id = ')sql" +
                   ctx.tenant.text() + R"sql(') as o
                group by o.ship_country, to_char(o.ordered_at at time zone 'Europe/London',
                    'YYYY-MM')) as g)sql");
    }
    std::string count(const Context& ctx, const std::string& what) {
        return sql("select count(*) from " + what + " and" + of_tenant(ctx));
    }

    void expect_everything_in_its_place(const Context& ctx) {
        using std::string;
        const auto raw = [&](const string& where) {
            return sql("select count(*) from public.retail_raw where " + where);
        };
        const auto raw_orders = [&](const string& where) {
            return sql("select count(distinct invoice) from public.retail_raw where " + where);
        };
        const string orders = "orders.sales_order where ", lines = "orders.order_line where ";
        EXPECT_EQ(count(ctx, orders + "true"), raw_orders("true"));
        EXPECT_EQ(count(ctx, lines + "true"), raw("true")) << "equal lines are lines";
        EXPECT_EQ(count(ctx, orders + "kind = 'cancellation'"), raw_orders("invoice like 'C%'"));
        EXPECT_EQ(
            count(ctx, orders + "kind = 'adjustment'"),
            sql("select count(*) from (select invoice from public.retail_raw group by invoice "
                "having invoice like 'A%' or (max(abs(price)) = 0 and invoice not like 'C%')) as "
                "x"));
        EXPECT_EQ(count(ctx, lines + "kind = 'postage'"), raw("code in ('POST', 'DOT', 'C2')"));
        EXPECT_EQ(count(ctx, lines + "kind = 'fee'"),
                  raw("code in ('BANK CHARGES', 'AMAZONFEE', 'CRUK')"));
        EXPECT_EQ(count(ctx, lines + "kind = 'discount'"), raw("code = 'D'"));
        EXPECT_EQ(count(ctx, lines + "kind = 'gift_card'"), raw("code like 'gift\\_%'"));
        EXPECT_EQ(count(ctx, lines + "kind = 'adjustment' and seller_sku in ('M', 'm', 'S', 'B')"),
                  raw("code in ('M', 'm', 'S', 'B')"));
        EXPECT_EQ(
            count(
                ctx,
                lines + "kind = 'goods' and seller_sku in ('POST','DOT','C2','D','M','m','B','S')"),
            "0");
        EXPECT_EQ(count(ctx, "orders.exception where true"), "0");
        EXPECT_EQ(sql("select sum(quantity_ordered) from orders.order_line where" + of_tenant(ctx)),
                  sql("select sum(quantity) from public.retail_raw"));
    }
};

TEST_F(CsvOnlineRetail, sample_with_all_its_oddities) {
    Context ctx = tenant_context();
    const std::string shop = add_shop(ctx, "Retail", "Asia/Shanghai");
    std::ifstream file(sample, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(file), {}};
    const json::value done = run_file(ctx, shop, bytes);
    EXPECT_EQ(text_of(done, "state"), "done") << json::serialize(done);
    EXPECT_EQ(json::serialize(done.at("dropped_columns")), R"(["CustomerID"])");
    EXPECT_EQ(done.at("progress").at("rows_total").as_int64(), 200);
    load_raw(sample);
    EXPECT_EQ(totals_of_orders(ctx), totals_of_file());
    expect_everything_in_its_place(ctx);
    EXPECT_EQ(count_of(run_file(ctx, shop, bytes), "unchanged"), count_of(done, "orders_created"));
}

TEST_F(CsvOnlineRetail, whole_file) {
    if (!fs::exists(whole)) GTEST_SKIP() << "the data set is not at hand: " << whole;
    Context ctx = tenant_context();
    const std::string shop = add_shop(ctx, "Online Retail");
    auto seconds = [last = std::chrono::steady_clock::now()]() mutable {
        const auto now = std::chrono::steady_clock::now();
        return std::chrono::duration<double>(now - std::exchange(last, now)).count();
    };
    const std::int64_t memory_before = peak_memory_kb();
    const std::string id = text_of(
        body_of(upload_from(ctx, "shop_id=" + shop + "&file_name=online_retail.csv.gz", whole)),
        "id");
    const double upload_s = seconds();
    const json::value seen = preview(ctx, id);
    const double preview_s = seconds();
    EXPECT_EQ(text_of(seen, "profile"), "online_retail");
    body_of(start(ctx, id, accepted(seen, "all_or_none")));
    drain_jobs();
    const double run_s = seconds();
    const std::int64_t memory_after = peak_memory_kb();
    const json::value done = import_of(ctx, id);
    EXPECT_EQ(text_of(done, "state"), "done") << json::serialize(done);
    EXPECT_EQ(done.at("counts").at("rows").as_int64(), 320705);
    EXPECT_EQ(count_of(done, "skipped"), 0);
    std::cout << "upload " << upload_s << " s, preview " << preview_s << " s, run " << run_s
              << " s, peak memory " << memory_before << " -> " << memory_after << " kB\n";
    load_raw(whole);
    EXPECT_EQ(totals_of_orders(ctx), totals_of_file());
    expect_everything_in_its_place(ctx);
    std::cout
        << "exact - rounded = "
        << sql("select trim_scale(sum(quantity * price) - sum(round(quantity * price, 2))) from "
               "public.retail_raw")
        << "\n";
}

}  // namespace
}  // namespace entrepot::csv::test
