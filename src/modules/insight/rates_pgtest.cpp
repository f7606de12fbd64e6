// Exchange rates: which day's rate is used, gaps, late arrival, another book currency.
#include <zlib.h>

#include <fstream>
#include <sstream>

#include "modules/insight/sample.hpp"

namespace entrepot::insight::test {
namespace {

using http::Method;

class InsightRates : public InsightTest {
protected:
    std::string line_rate(Context& ctx) {
        return sql(
            "select coalesce(rate::float8::text, 'none') || ' of ' || coalesce(rate_day::text, "
            "'never') || case when stale then ' stale' else '' end from insight.sale_line where" +
            of_tenant(ctx));
    }
    static std::set<std::string> gaps(const SalesReport& report) {
        std::set<std::string> out;
        for (const Gap& gap : report.gaps) out.insert(gap.code);
        return out;
    }
    static std::string gzip(const std::string& text) {
        z_stream stream{};
        deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
        std::string in = text;
        std::string out(compressBound(text.size()) + 64, '\0');
        stream.next_in = reinterpret_cast<Bytef*>(in.data());
        stream.avail_in = static_cast<uInt>(in.size());
        stream.next_out = reinterpret_cast<Bytef*>(out.data());
        stream.avail_out = static_cast<uInt>(out.size());
        deflate(&stream, Z_FINISH);
        out.resize(stream.total_out);
        deflateEnd(&stream);
        return out;
    }
    const SalesQuery february{.from = day("2026-02-01"), .to = day("2026-02-28")};
};

TEST_F(InsightRates, a_weekend_takes_fridays_rate) {
    Context ctx = tenant_context();
    // 2026-02-06 is a Friday.
    import(ctx, "Date,USD,CNY\n2026-02-09,1.2,9\n2026-02-06,1.25,8\n2026-02-05,1.1,7\n");
    const ShopId shop = make_shop(ctx, "A", "UTC");
    ingest(ctx, shop, {sample_order("1", moment("2026-02-08T12:00:00Z"), "USD", 1000)});
    drain_jobs();
    EXPECT_EQ(line_rate(ctx), "6.4 of 2026-02-06");
    const SalesReport got = report(ctx, february);
    EXPECT_EQ(amount(got.totals.sales), "64.00 CNY");
    EXPECT_TRUE(got.complete) << got.incomplete_reason.value_or("");
    EXPECT_EQ(got.rates.latest_date, day("2026-02-09"));
    EXPECT_EQ(differences(ctx), "");
}

TEST_F(InsightRates, halves_go_to_the_even_minor_unit) {
    Context ctx = tenant_context();
    import(ctx, "Date,USD,CNY\n2026-02-02,2,1\n");
    const ShopId shop = make_shop(ctx, "A", "UTC");
    const Instant at = moment("2026-02-03T12:00:00Z");
    ingest(ctx, shop,
           {sample_order("1", at, "USD", 5), sample_order("2", at, "USD", 7),
            sample_order("3", at, "USD", -5)});
    drain_jobs();
    EXPECT_EQ(sql("select string_agg(sales || '=' || book_sales, ' ' order by sales) from "
                  "insight.sale_line where" +
                  of_tenant(ctx)),
              "-5=-2 5=2 7=4");
    EXPECT_EQ(differences(ctx), "");
}

TEST_F(InsightRates, a_rate_older_than_a_week_is_used_and_told) {
    Context ctx = tenant_context();
    import(ctx, "Date,USD,CNY\n2026-02-02,1.25,8\n");
    const ShopId shop = make_shop(ctx, "A", "UTC");
    ingest(ctx, shop, {sample_order("1", moment("2026-02-09T12:00:00Z"), "USD", 1000)});
    drain_jobs();
    EXPECT_EQ(line_rate(ctx), "6.4 of 2026-02-02");
    ingest(ctx, shop, {sample_order("2", moment("2026-02-10T12:00:00Z"), "USD", 1000)});
    drain_jobs();
    const SalesReport got = report(ctx, february);
    EXPECT_FALSE(got.complete);
    EXPECT_EQ(gaps(got), (std::set<std::string>{"stale_rates"}));
    EXPECT_EQ(amount(got.totals.sales), "128.00 CNY");
}

TEST_F(InsightRates, without_a_rate_book_amounts_wait_and_arrive_with_it) {
    Context ctx = tenant_context();
    const ShopId shop = make_shop(ctx, "A", "UTC");
    const Instant at = moment("2026-02-05T12:00:00Z");
    ingest(ctx, shop,
           {sample_order("1", at, "USD", 1000), sample_order("2", at, "CNY", 100),
            sample_order("3", at, "EUR", 1000)});
    drain_jobs();
    SalesReport got = report(ctx, february);
    EXPECT_EQ(amount(got.totals.sales), "1.00 CNY");
    EXPECT_EQ(got.totals.unrated_lines, 2);
    EXPECT_EQ(got.originals.front().unrated_lines, 0) << "in its own currency nothing is missing";
    EXPECT_EQ(gaps(got), (std::set<std::string>{"missing_rates"}));
    EXPECT_NE(got.incomplete_reason->find("EUR, USD"), std::string::npos);
    EXPECT_EQ(got.originals.size(), 3U);
    const RatesImported imported = import(ctx, "Date,USD,CNY\n2026-02-02,1.25,8\n");
    EXPECT_EQ(imported.changed, 2);
    EXPECT_EQ(gaps(report(ctx, february)),
              (std::set<std::string>{"facts_pending", "missing_rates"}));
    drain_jobs();
    got = report(ctx, february);
    EXPECT_EQ(amount(got.totals.sales), "145.00 CNY");
    EXPECT_EQ(got.totals.unrated_lines, 0);
    EXPECT_TRUE(got.complete) << got.incomplete_reason.value_or("");
    EXPECT_EQ(differences(ctx), "");
    // A nearer day, and a corrected one.
    import(ctx, "Date,USD,CNY\n2026-02-04,1.25,10\n2026-02-02,1.25,5\n");
    drain_jobs();
    EXPECT_EQ(amount(report(ctx, february).totals.sales), "181.00 CNY");
    EXPECT_EQ(differences(ctx), "");
    // The same again changes nothing and wakes nobody.
    EXPECT_EQ(import(ctx, "Date,USD,CNY\n2026-02-04,1.25,10\n").changed, 0);
    EXPECT_EQ(drain_jobs(), 0U);
}

TEST_F(InsightRates, another_book_currency_derives_everything_anew) {
    Context ctx = tenant_context();
    import(ctx, "Date,USD,CNY\n2026-02-02,1.25,8\n");
    const ShopId shop = make_shop(ctx, "A", "UTC");
    ingest(ctx, shop, {sample_order("1", moment("2026-02-05T12:00:00Z"), "USD", 1000)});
    drain_jobs();
    sql("insert into account.tenant (tenant_id, legal_name, country, registration_number, "
        "registered_address, billing_email, contact_name, contact_title, contact_email, "
        "contact_phone, book_currency, time_zone, language, terms_accepted_at, created_at) values "
        "('" +
        ctx.tenant.text() +
        "', 'A', 'DE', '1', 'x', 'a@b.c', 'x', 'x', 'a@b.c', '1', 'EUR', 'UTC', 'en', now(), "
        "now())");
    SalesReport got = report(ctx, february);
    EXPECT_EQ(got.book_currency, "CNY");
    EXPECT_EQ(amount(got.totals.sales), "64.00 CNY");
    EXPECT_EQ(gaps(got), (std::set<std::string>{"book_currency_changing"}));
    // The next change of any order finds out.
    ingest(ctx, shop, {sample_order("2", moment("2026-02-05T12:00:00Z"), "USD", 500)});
    drain_jobs();
    got = report(ctx, february);
    EXPECT_EQ(amount(got.totals.sales), "12.00 EUR");
    EXPECT_TRUE(got.complete) << got.incomplete_reason.value_or("");
    EXPECT_EQ(differences(ctx), "");
}

TEST_F(InsightRates, import_by_route_takes_plain_and_packed_files) {
    Context ctx = tenant_context();
    const std::string csv = "Date,USD,CNY,\n2026-02-02,1.25,8,\n2026-01-30,1.2,N/A,\n";
    for (const std::string& body : {csv, gzip(csv)}) {
        const auto response = call(ctx, Method::post, "/insight/rates/import", body);
        ASSERT_EQ(response.status, 200) << response.body;
        EXPECT_NE(response.body.find(R"("days":2,"rates":3)"), std::string::npos) << response.body;
    }
    EXPECT_EQ(
        sql("select count(*) from platform.audit_entry where act = 'insight.rates_imported' and" +
            of_tenant(ctx)),
        "2");
    const auto list =
        call(ctx, Method::get, "/insight/rates?currency=USD&from=2026-01-01&to=2026-12-31");
    EXPECT_NE(list.body.find(R"("currency":"USD","day":"2026-02-02","per_eur":"1.25")"),
              std::string::npos)
        << list.body;
    std::string broken = gzip(csv);
    broken.resize(broken.size() / 2);
    const std::string bomb = gzip(std::string(std::size_t{40} << 20, '1'));
    EXPECT_NE(call(ctx, Method::post, "/insight/rates/import", broken)
                  .body.find("insight.not_a_rates_file"),
              std::string::npos);
    EXPECT_EQ(call(ctx, Method::post, "/insight/rates/import", bomb).status, 413);
    EXPECT_EQ(call(ctx, Method::post, "/insight/rates/import", "<html>").status, 400);
    EXPECT_EQ(call(ctx, Method::post, "/insight/rates/import", "").status, 400);
    EXPECT_EQ(call(ctx, Method::post, "/insight/rates/import?x=1", csv).status, 400);
}

TEST_F(InsightRates, the_sample_in_the_repository_is_readable) {
    Context ctx = tenant_context();
    std::ifstream file(ENTREPOT_SOURCE_DIR "/data/fx/ecb_monthly_sample.csv");
    std::stringstream text;
    text << file.rdbuf();
    const RatesImported imported = import(ctx, text.str());
    EXPECT_EQ(imported.days, 24);
    EXPECT_EQ(imported.rates, 24 * 12);
}

}  // namespace
}  // namespace entrepot::insight::test
