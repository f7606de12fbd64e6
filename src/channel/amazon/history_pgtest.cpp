// History by report: resumed from every step, read in every encoding, refused when it must be.
#include <zlib.h>

#include "channel/amazon/fake_amazon_test.hpp"
#include "channel/amazon/history.hpp"

namespace entrepot::amazon {
namespace {
using namespace std::chrono;

struct Crash : std::runtime_error {
    Crash() : std::runtime_error("killed on purpose") {}
};

std::string gzip(const std::string& bytes) {
    z_stream z{};
    deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
    std::string out(deflateBound(&z, bytes.size()), '\0');
    std::string in(bytes);
    z.next_in = reinterpret_cast<Bytef*>(in.data());
    z.avail_in = static_cast<uInt>(in.size());
    z.next_out = reinterpret_cast<Bytef*>(out.data());
    z.avail_out = static_cast<uInt>(out.size());
    deflate(&z, Z_FINISH);
    out.resize(z.total_out);
    deflateEnd(&z);
    return out;
}

constexpr const char* header =
    "amazon-order-id\tpurchase-date\tlast-updated-date\torder-status\tsales-"
    "channel\tsku\tquantity\t"
    "currency\titem-price\titem-status\tproduct-name\tship-city\tbuyer-name\r\n";

class AmazonHistoryRun : public AmazonTest {
protected:
    static std::string row(const std::string& id, const std::string& price,
                           const std::string& title = "Cup",
                           const std::string& updated = "2026-11-02T11:00:00+00:00") {
        return id + "\t2026-11-01T10:00:00+00:00\t" + updated +
               "\tShipped\tAmazon.com\tSKU-1\t1\tUSD\t" + price + "\tShipped\t" + title +
               "\tCANARY-9X\tCANARY-9X\r\n";
    }
    void ask(ShopId shop, const char* from = "2026-11-01", const char* to = "2026-11-20") {
        const FetchHistory wish{shop, *parse_date(from), *parse_date(to)};
        const auto asked = run([&] { return request_history(ctx, wish); });
        ASSERT_TRUE(asked.has_value()) << asked.error().detail;
    }
    std::optional<Instant> turn(ShopId shop) {
        Link wire = link();
        return run([&] { return advance_history(wire, shop); });
    }
    /// Until every report has ended, moving the clock over every wait.
    void finish(ShopId shop) {
        for (int i = 0; i < 300; ++i) {
            const auto next = turn(shop);
            if (!next) return;
            if (*next > clock().now()) clock().set(*next);
        }
        ADD_FAILURE() << "the history does not come to its end";
    }
    HistoryReport only_report(ShopId shop) {
        const auto reports = health(shop).history.reports;
        EXPECT_EQ(reports.size(), 1U);
        return reports.empty() ? HistoryReport{} : reports[0];
    }
};

TEST_F(AmazonHistoryRun, a_report_becomes_orders_without_a_buyers_data) {
    const ShopId shop = connect();
    amazon.report_states = {"IN_QUEUE", "IN_PROGRESS", "A_NEW_WORD", "DONE"};
    amazon.document = gzip(header + row("114-1", "10.00", "Cup \"big\"") + row("114-2", "20.00"));
    ask(shop);
    EXPECT_EQ(health(shop).history.state, HistoryState::requested);
    finish(shop);
    EXPECT_EQ(stored(shop), "114-1:1000,114-2:2000");
    const auto state = health(shop);
    EXPECT_EQ(state.history.state, HistoryState::done);
    const auto report = only_report(shop);
    EXPECT_EQ(report.rows, 2);
    EXPECT_EQ(report.orders, 2);
    EXPECT_EQ(report.encoding, "utf-8");
    EXPECT_EQ(report.dropped_columns, (std::vector<std::string>{"ship-city", "buyer-name"}));
    EXPECT_EQ(tables_with("CANARY-9X"), "");
    EXPECT_EQ(tables_with("X-Amz-Signature"), "") << "a presigned address is a credential";
    for (const auto& request : amazon.sent)
        if (request.url.find("/document/") != std::string::npos) {
            for (const auto& [name, value] : request.headers) EXPECT_NE(name, "x-amz-access-token");
        }
    EXPECT_EQ(amazon.calls("/reports/2021-06-30/reports/R1"), 4U);
}

TEST_F(AmazonHistoryRun, a_report_that_is_gone_is_asked_for_anew_but_not_for_ever) {
    ShopId shop = connect();
    amazon.document = gzip(header + row("114-1", "10.00"));
    amazon.reports_gone = 2;
    ask(shop);
    finish(shop);
    EXPECT_EQ(stored(shop), "114-1:1000");
    EXPECT_EQ(health(shop).history.state, HistoryState::done);
    EXPECT_EQ(amazon.created_reports.size(), 3U);
    refresh_token = "Atzr|" + crypto::random_token(24);
    shop = connect("One whose number names another report");
    amazon.reports_other = 1;
    ask(shop);
    finish(shop);
    EXPECT_EQ(health(shop).history.state, HistoryState::done);
    EXPECT_EQ(amazon.created_reports.size(), 5U);
    refresh_token = "Atzr|" + crypto::random_token(24);
    shop = connect("Another");
    amazon.reports_gone = 100;
    ask(shop);
    finish(shop);
    EXPECT_EQ(health(shop).history.state, HistoryState::failed);
    EXPECT_NE(only_report(shop).detail.find("no such report"), std::string::npos);
    EXPECT_EQ(amazon.created_reports.size(), 9U);
}

TEST_F(AmazonHistoryRun, killed_at_every_step_makes_no_double_and_asks_once) {
    std::string rows;
    for (int i = 0; i < 1200; ++i) rows += row("114-" + std::to_string(100'000 + i), "10.00");
    for (int fatal_step = 1;; ++fatal_step) {
        refresh_token = "Atzr|" + crypto::random_token(24);
        amazon.created_reports.clear();
        amazon.report_states = {"DONE"};
        amazon.document = gzip(header + rows);
        const ShopId shop = connect("Shop " + std::to_string(fatal_step));
        ask(shop);
        int steps = 0;
        bool killed = false;
        on_step = [&](std::string_view) {
            if (++steps != fatal_step) return;
            killed = true;
            throw Crash();
        };
        try {
            finish(shop);
        } catch (const Crash&) {
        }
        on_step = [](std::string_view) {};
        finish(shop);
        SCOPED_TRACE("killed at step " + std::to_string(fatal_step));
        EXPECT_EQ(sql("select count(*) || ' ' || sum(grand_total_minor) from orders.sales_order "
                      "where shop_id = '" +
                      shop.text() + "'"),
                  "1200 1200000");
        EXPECT_EQ(sql("select count(*) from orders.order_line l join orders.sales_order o on o.id "
                      "= l.order_id where o.shop_id = '" +
                      shop.text() + "'"),
                  "1200");
        EXPECT_EQ(amazon.created_reports.size(), 1U);
        EXPECT_EQ(only_report(shop).orders, 1200);
        if (!killed) {
            EXPECT_GE(fatal_step, 6);
            break;
        }
    }
}

TEST_F(AmazonHistoryRun, a_lost_answer_of_createReport_is_looked_up_not_repeated) {
    const ShopId shop = connect();
    amazon.document = gzip(header + row("114-1", "10.00"));
    ask(shop);
    amazon.next("/reports/2021-06-30/reports",
                [&](const EgressRequest& request) -> std::optional<EgressReply> {
                    amazon.created_reports.push_back(request.body);
                    throw EgressError(EgressFailure::truncated, "localhost: the answer was lost");
                });
    finish(shop);
    EXPECT_EQ(amazon.created_reports.size(), 1U);
    EXPECT_EQ(stored(shop), "114-1:1000");
}

TEST_F(AmazonHistoryRun, the_api_wins_over_the_report_and_lines_do_not_double) {
    const ShopId shop = connect();
    amazon.document = gzip(header + row("114-1", "10.00") + row("114-2", "20.00"));
    // The API knows a newer version of one before the report comes …
    amazon.put("114-1", clock().now() - minutes(10), 999);
    sync_until_done(shop);
    ask(shop);
    finish(shop);
    EXPECT_EQ(stored(shop), "114-1:999,114-2:2000");
    // … and tells the other at the same second as the report did.
    amazon.put("114-2", *parse_instant("2026-11-02T11:00:00Z"), 2000);
    Link wire = link();
    const std::string id = "114-2";
    EXPECT_EQ(run([&] { return pull_order(wire, shop, id, Priority::user); })->outcome, "changed");
    EXPECT_EQ(sql("select string_agg(channel_line_id, ',') from orders.order_line l join "
                  "orders.sales_order o on "
                  "o.id = l.order_id where o.channel_order_id = '114-2' and o.shop_id = '" +
                  shop.text() + "'"),
              "1");
    // The report again: nothing regresses.
    ask(shop);
    finish(shop);
    EXPECT_EQ(stored(shop), "114-1:999,114-2:2000");
    EXPECT_EQ(sql("select string_agg(channel_line_id, ',') from orders.order_line l join "
                  "orders.sales_order o on "
                  "o.id = l.order_id where o.channel_order_id = '114-2' and o.shop_id = '" +
                  shop.text() + "'"),
              "1");
}

TEST_F(AmazonHistoryRun, encodings_and_layers) {
    struct Case {
        const char* name;
        std::string document, type, title, warning;
    };
    const std::string utf8 = header + row("114-1", "10.00", "K\xC3\xB6ln");
    const std::string cp1252 = header + row("114-1", "10.00", "K\xF6ln");
    for (const Case& c : std::vector<Case>{
             {"plain", utf8, "", "Köln", ""},
             {"twice", gzip(gzip(utf8)), "text/plain", "Köln", ""},
             {"cp1252", gzip(cp1252), "text/plain; charset=windows-1252", "Köln", ""},
             {"wrong", gzip(cp1252), "text/plain; charset=UTF-8", "Köln", "read as windows-1252"},
             {"wrong too", gzip(utf8), "text/plain; charset=windows-1252", "Köln",
              "bytes are UTF-8"}}) {
        refresh_token = "Atzr|" + crypto::random_token(24);
        amazon.document = c.document;
        amazon.document_type = c.type;
        const ShopId shop = connect(c.name);
        ask(shop);
        finish(shop);
        EXPECT_EQ(
            sql("select first_title from orders.sales_order where shop_id = '" + shop.text() + "'"),
            c.title)
            << c.name;
        EXPECT_NE(only_report(shop).detail.find(c.warning), std::string::npos)
            << only_report(shop).detail;
    }
}

TEST_F(AmazonHistoryRun, what_cannot_be_read_is_refused_in_words) {
    struct Case {
        const char* name;
        std::string document;
        ReportState state;
        const char* words;
    };
    std::string without(header);
    without.replace(without.find("item-price"), 10, "item-gnome");
    for (const Case& c :
         std::vector<Case>{{"missing column", gzip(without + row("114-1", "1")),
                            ReportState::failed, "item-price"},
                           {"no gzip", std::string("\x1F\x8B\x08garbage of some length"),
                            ReportState::failed, "gzip"},
                           {"zero rows", gzip(header), ReportState::empty, ""},
                           {"nothing", "", ReportState::failed, "Columns are missing"}}) {
        refresh_token = "Atzr|" + crypto::random_token(24);
        amazon.document = c.document;
        const ShopId shop = connect(c.name);
        amazon.put("114-5", clock().now() - minutes(10), 500);
        sync_until_done(shop);
        ask(shop);
        finish(shop);
        EXPECT_EQ(only_report(shop).state, c.state) << c.name;
        EXPECT_NE(only_report(shop).detail.find(c.words), std::string::npos)
            << only_report(shop).detail;
        EXPECT_EQ(stored(shop), "114-5:500") << "nothing is deleted: " << c.name;
    }
}

TEST_F(AmazonHistoryRun, a_bomb_is_refused_and_the_window_split) {
    const ShopId shop = connect();
    amazon.document = gzip(std::string(std::size_t{65} << 20, 'a'));
    ask(shop, "2026-11-18", "2026-11-20");
    finish(shop);
    const auto reports = health(shop).history.reports;
    EXPECT_GE(reports.size(), 3U);
    for (const auto& report : reports) {
        EXPECT_TRUE(report.state == ReportState::split || report.state == ReportState::failed);
        EXPECT_NE(report.detail.find("64 MiB"), std::string::npos);
        if (report.state == ReportState::failed) {
            EXPECT_LE(report.to - report.from, hours(24));
        }
    }
    EXPECT_EQ(stored(shop), "");
}

TEST_F(AmazonHistoryRun, cancelled_fatal_and_endless_reports_end_in_words) {
    struct Case {
        const char* status;
        ReportState state;
        const char* words;
    };
    amazon.document = gzip(header);
    for (const auto& [status, state, words] :
         {Case{"CANCELLED", ReportState::empty, "no data"},
          Case{"FATAL", ReportState::failed, "could not make"},
          Case{"IN_QUEUE", ReportState::failed, "six hours"}}) {
        refresh_token = "Atzr|" + crypto::random_token(24);
        amazon.report_states = {status};
        const ShopId shop = connect(status);
        ask(shop);
        finish(shop);
        EXPECT_EQ(only_report(shop).state, state) << status;
        EXPECT_NE(only_report(shop).detail.find(words), std::string::npos)
            << only_report(shop).detail;
    }
}

TEST_F(AmazonHistoryRun, a_late_link_and_a_document_that_breaks_off_are_fetched_again) {
    const ShopId shop = connect();
    amazon.document = gzip(header + row("114-1", "10.00"));
    const std::string whole = amazon.document;
    amazon.next_status("/document/1", 403, "<Error>expired</Error>");
    amazon.next("/document/1", [&](const EgressRequest&) -> std::optional<EgressReply> {
        EgressReply cut;
        cut.status = 200;
        cut.body = whole.substr(0, whole.size() / 2);
        return cut;
    });
    ask(shop);
    finish(shop);
    EXPECT_EQ(stored(shop), "114-1:1000");
    EXPECT_EQ(amazon.calls("/reports/2021-06-30/documents/"), 3U) << "a new link each time";
}

TEST_F(AmazonHistoryRun, a_year_is_asked_for_newest_first_within_the_quota) {
    const ShopId shop = connect();
    amazon.document = gzip(header);
    ask(shop, "2025-11-22", "2026-11-21");
    const Instant begin = clock().now();
    turn(shop);
    // createReport: burst 15, of which six are left for others.
    EXPECT_EQ(amazon.created_reports.size(), 9U);
    EXPECT_NE(amazon.created_reports[0].find("\"dataEndTime\":\"2026-11-22T08:00:00Z\""),
              std::string::npos)
        << amazon.created_reports[0];
    EXPECT_NE(amazon.created_reports[0].find("ATVPDKIKX0DER"), std::string::npos);
    finish(shop);
    EXPECT_EQ(amazon.created_reports.size(), 13U);
    EXPECT_GE(clock().now() - begin, minutes(4));
    EXPECT_EQ(health(shop).history.state, HistoryState::done);
}

TEST_F(AmazonHistoryRun, ranges_that_make_no_sense_are_refused) {
    const ShopId shop = connect();
    struct Case {
        const char* from;
        const char* to;
        const char* code;
    };
    for (const auto& [from, to, code] : {Case{"2026-11-20", "2026-11-10", "before_from"},
                                         Case{"2029-01-01", "2029-02-01", "in_future"},
                                         Case{"2020-01-01", "2026-11-01", "too_old"}}) {
        const FetchHistory wish{shop, *parse_date(from), *parse_date(to)};
        const auto asked = run([&] { return request_history(ctx, wish); });
        ASSERT_TRUE(asked.has_error()) << code;
        EXPECT_EQ(asked.error().fields.at(0).code, code);
    }
    EXPECT_EQ(health(shop).history.state, HistoryState::none);
}

TEST_F(AmazonHistoryRun, a_revoked_token_breaks_the_shop_here_too) {
    const ShopId shop = connect();
    ask(shop);
    clock().advance(hours(2));
    amazon.next_status("/auth/o2/token", 400, R"({"error":"invalid_grant"})");
    EXPECT_TRUE(turn(shop));
    EXPECT_EQ(health(shop).state, shops::ShopState::broken);
    const std::size_t calls = amazon.sent.size();
    clock().advance(hours(2));
    EXPECT_TRUE(turn(shop));
    EXPECT_EQ(amazon.sent.size(), calls);
}

}  // namespace
}  // namespace entrepot::amazon
