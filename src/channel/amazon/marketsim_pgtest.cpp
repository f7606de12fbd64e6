// The whole journey against the real simulator over HTTPS: connect, history, sync, faults. What is
// stored must equal the simulator's own ledger.
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <filesystem>

#include "base/text.hpp"
#include "channel/amazon/account.hpp"
#include "channel/amazon/confirm.hpp"
#include "channel/amazon/history.hpp"
#include "channel/amazon/jobs.hpp"
#include "channel/amazon/service.hpp"
#include "channel/amazon/sync.hpp"
#include "support/fixture.hpp"

namespace entrepot::amazon {
namespace {
namespace json = boost::json;
namespace fs = std::filesystem;
using namespace std::chrono;

fs::path simulator_binary() {
    return fs::read_symlink("/proc/self/exe").parent_path().parent_path() / "sim" / "marketsim";
}

/// A running simulator; ends with the object.
class Simulator {
public:
    Simulator(Instant start, const std::string& cert) {
        int ends[2];
        ensure(::pipe2(ends, O_CLOEXEC) == 0, "no pipe");
        const std::string binary = simulator_binary(), at = format_instant(start);
        std::vector<std::string> words{binary, "--start",        at,  "--write-cert",
                                       cert,   "--report-delay", "0", "--orders-per-minute",
                                       "-1",   "--days",         "44"};
        std::vector<char*> arguments;
        for (std::string& word : words) arguments.push_back(word.data());
        arguments.push_back(nullptr);
        posix_spawn_file_actions_t actions;
        posix_spawn_file_actions_init(&actions);
        posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
        ensure(
            ::posix_spawn(&pid_, binary.c_str(), &actions, nullptr, arguments.data(), environ) == 0,
            "marketsim does not start");
        posix_spawn_file_actions_destroy(&actions);
        ::close(ends[1]);
        std::string line;
        for (char c = 0; ::read(ends[0], &c, 1) == 1 && c != '\n';) line += c;
        ::close(ends[0]);
        base = "https://localhost" + line.substr(line.rfind(':'));
    }
    ~Simulator() {
        ::kill(pid_, SIGTERM);
        ::waitpid(pid_, nullptr, 0);
    }
    Simulator(const Simulator&) = delete;
    std::string base;

private:
    pid_t pid_ = 0;
};

struct Shop {
    std::string code;
    ShopId id;
};

class AmazonMarketsim : public test::DatabaseTest {
protected:
    void SetUp() override {
        if (!fs::exists(simulator_binary()))
            GTEST_SKIP() << "build the target marketsim first: " << simulator_binary();
        cert_ = "/tmp/entrepot-marketsim-" + std::to_string(::getpid()) + ".pem";
        sim_ = std::make_unique<Simulator>(clock().now(), cert_);
        egress_ = std::make_unique<Egress>(
            services().runtime, Egress::Options{.allow_loopback = true, .extra_ca_file = cert_});
        wire_ = std::make_unique<EgressTransport>(*egress_);
        freeze(true);
    }
    void TearDown() override {
        wire_.reset();
        egress_.reset();
        sim_.reset();
        if (!cert_.empty()) fs::remove(cert_);
    }

    json::value admin(const std::string& method, const std::string& path,
                      const std::string& body = "") {
        EgressRequest request;
        request.method = method;
        request.url = sim_->base + "/admin/" + path;
        request.headers = {{"x-admin-token", "marketsim-admin"},
                           {"content-type", "application/json"}};
        request.body = body;
        request.partner = "amazon.api";
        const EgressReply reply = run([&] { return egress_->send(request); });
        EXPECT_LT(reply.status, 300) << path << ' ' << reply.body;
        return json::parse(reply.body);
    }
    /// Both clocks at the same point; the simulator's stands still between calls.
    void freeze(bool quiet) {
        admin("POST", "clock",
              R"({"now":")" + format_instant(floor<milliseconds>(clock().now())) +
                  R"(","speed":0,"quiet":)" + (quiet ? "true" : "false") + "}");
    }
    void advance(microseconds by, bool quiet = true) {
        clock().advance(by);
        freeze(quiet);
    }
    void fault(const std::string& text) { admin("POST", "faults", text); }

    Link link() {
        return Link{ctx_, *wire_, [this](microseconds wait) -> Awaitable<void> {
                        clock().advance(wait);
                        co_return;
                    }};
    }
    Shop connect(const std::string& code) {
        const json::value all = admin("GET", "credentials");
        for (const json::value& one : all.at("credentials").as_array()) {
            if (one.at("shop").as_string() != code) continue;
            const auto member = [&](const char* name) {
                return std::string(one.at(name).as_string());
            };
            ConnectShop wish{"Shop " + code,          RegionName::NA,          member("client_id"),
                             member("client_secret"), member("refresh_token"), sim_->base};
            boost::describe::enum_from_string(member("region").c_str(), wish.region);
            Link wire = link();
            const auto shop = run([&] { return connect_shop(wire, wish); });
            EXPECT_TRUE(shop.has_value()) << code << (shop.has_error() ? shop.error().detail : "");
            return {code, shop.has_value() ? shop->id : ShopId{}};
        }
        ADD_FAILURE() << "no shop " << code;
        return {code, {}};
    }
    SyncHealth health(const Shop& shop) {
        const ShopRef which{shop.id};
        return *run([&] { return sync_health(ctx_, which); });
    }
    void sync(const Shop& shop) {
        for (int turn = 0; turn < 60; ++turn) {
            const auto good = health(shop).last_good_at;
            Link wire = link();
            const auto next = run([&] { return sync_shop(wire, shop.id); });
            ASSERT_TRUE(next);
            if (health(shop).last_good_at != good) return;
            if (*next > clock().now()) clock().set(*next);
            freeze(true);
        }
        ADD_FAILURE() << "the sync does not come to its end: "
                      << (health(shop).last_error ? health(shop).last_error->detail : "");
    }
    void history(const Shop& shop, days back) {
        const Date today = floor<days>(clock().now());
        const FetchHistory wish{shop.id, today - back, today};
        const auto asked = run([&] { return request_history(ctx_, wish); });
        ASSERT_TRUE(asked.has_value()) << asked.error().detail;
        for (int turn = 0; turn < 60; ++turn) {
            Link wire = link();
            const auto next = run([&] { return advance_history(wire, shop.id); });
            if (!next) return;
            if (*next > clock().now()) clock().set(*next);
            freeze(true);
        }
        ADD_FAILURE() << "the history does not come to its end";
    }

    /// "number state total" of every order that the simulator shows by now, or that we hold.
    std::map<std::string, std::string> ledger(const Shop& shop, microseconds young = minutes(2));
    std::map<std::string, std::string> held(const Shop& shop);
    void expect_same(const Shop& shop) {
        const auto there = ledger(shop), here = held(shop);
        EXPECT_GT(there.size(), 50U);
        int shown = 0;
        // What was updated a moment ago is not shown yet, but may have come in before.
        const auto all = ledger(shop, -minutes(1));
        for (const auto& [id, what] : here)
            EXPECT_TRUE(all.contains(id)) << shop.code << " has no " << id;
        for (const auto& [id, what] : there) {
            const auto found = here.find(id);
            if (found != here.end() && found->second == what) continue;
            if (++shown < 6)
                ADD_FAILURE() << shop.code << ' ' << id << " there: " << what
                              << " here: " << (found == here.end() ? "-" : found->second);
        }
        EXPECT_EQ(shown, 0);
    }

    Context ctx_ = tenant_context();
    std::string cert_;
    std::unique_ptr<Simulator> sim_;
    std::unique_ptr<Egress> egress_;
    std::unique_ptr<EgressTransport> wire_;
};

std::string minor_text(const json::value& total, const json::value& currency) {
    if (total.is_null()) return "-";
    const auto unit = Currency::parse(std::string_view(currency.as_string()));
    return std::to_string(Money::parse(std::string_view(total.as_string()), *unit)->minor);
}

std::string without_underscores(std::string_view word) {
    std::string out(word);
    std::erase(out, '_');
    return out;
}

std::map<std::string, std::string> AmazonMarketsim::ledger(const Shop& shop, microseconds young) {
    std::map<std::string, std::string> out;
    const auto visible = clock().now() - young;
    const json::value all = admin("GET", "orders?limit=100000&shop=" + shop.code);
    for (const json::value& one : all.at("orders").as_array()) {
        if (*parse_instant(std::string_view(one.at("updated").as_string())) > visible) continue;
        out[std::string(one.at("order_id").as_string())] =
            without_underscores(one.at("status").as_string()) + ' ' +
            minor_text(one.at("grand_total"), one.at("currency"));
    }
    return out;
}

std::map<std::string, std::string> AmazonMarketsim::held(const Shop& shop) {
    // The API and the reports spell the same words in two ways.
    const std::string all =
        sql("select coalesce(string_agg(channel_order_id || '=' || "
            "upper(replace(channel_state, '_', '')) || ' ' || case when currency is null then '-' "
            "else coalesce(grand_total_minor, item_minor + shipping_minor + gift_wrap_minor + "
            "tax_minor - discount_minor + other_minor)::text end, ';'), '') "
            "from orders.sales_order where shop_id = '" +
            shop.id.text() + "'");
    std::map<std::string, std::string> out;
    for (const std::string_view part : text::split(all, ';')) {
        const auto at = part.find('=');
        if (at != std::string_view::npos)
            out[std::string(part.substr(0, at))] = std::string(part.substr(at + 1));
    }
    return out;
}

TEST_F(AmazonMarketsim, three_shops_history_and_sync_equal_the_ledger) {
    for (const char* code : {"US", "DE", "JP"}) {
        const Shop shop = connect(code);
        history(shop, days(45));
        const auto state = health(shop).history;
        EXPECT_EQ(state.state, HistoryState::done) << code;
        for (const auto& report : state.reports) {
            EXPECT_EQ(report.detail.find("unknown"), std::string::npos) << report.detail;
            if (report.state == ReportState::done) {
                EXPECT_EQ(report.dropped_columns.size(), 4U);
                EXPECT_EQ(report.encoding, std::string_view(code) == "US"   ? "utf-8"
                                           : std::string_view(code) == "DE" ? "windows-1252"
                                                                            : "windows-31j");
            }
        }
        // The API reads the same titles that came in the marketplace's own charset.
        const std::string one =
            sql("select channel_order_id from orders.sales_order where shop_id = '" +
                shop.id.text() + "' and first_title ~ '[^ -~]' limit 1");
        if (std::string_view(code) != "US") {
            ASSERT_NE(one, "") << code;
            const std::string title =
                "select first_title from orders.sales_order where channel_order_id = '" + one + "'";
            const std::string by_report = sql(title);
            Link wire = link();
            (void)run([&] { return pull_order(wire, shop.id, one, Priority::user); });
            EXPECT_EQ(sql(title), by_report);
        }
        advance(minutes(10), false);
        sync(shop);
        expect_same(shop);
        EXPECT_EQ(sql("select count(*) from orders.exception where kind in ('money_mismatch', "
                      "'unknown_state', "
                      "'currency_unknown') and shop_id = '" +
                      shop.id.text() + "'"),
                  "0");
    }
}

TEST_F(AmazonMarketsim, faults_leave_no_gap_and_no_double) {
    const Shop shop = connect("US");
    history(shop, days(45));
    // Some days of trade make several pages.
    advance(days(9), false);
    fault(R"({"faults":[
        {"kind":"error","operation":"searchOrders","status":503,"times":2},
        {"kind":"reset_request","operation":"searchOrders","skip":1},
        {"kind":"reset_reply","operation":"searchOrders","skip":2},
        {"kind":"truncate","operation":"searchOrders","skip":1},
        {"kind":"wrong_length","operation":"searchOrders","skip":3},
        {"kind":"throttle","operation":"searchOrders","skip":4},
        {"kind":"duplicate_page","operation":"searchOrders","skip":0},
        {"kind":"repeat_token","operation":"searchOrders","skip":1},
        {"kind":"orders_change","operation":"searchOrders","count":5},
        {"kind":"unknown_member","operation":"searchOrders","times":3},
        {"kind":"expired_token","operation":"searchOrders","status":403},
        {"kind":"error","operation":"token","status":500}]})");
    sync(shop);
    admin("DELETE", "faults");
    advance(minutes(10));
    sync(shop);
    expect_same(shop);
    const auto quota = health(shop).quota;
    EXPECT_GE(quota[0].throttled_24h, 1);
}

TEST_F(AmazonMarketsim, a_word_that_nobody_knows_is_kept_and_corrected_later) {
    const Shop shop = connect("DE");
    fault(R"({"kind":"unknown_enum","operation":"searchOrders"})");
    sync(shop);
    const std::string unknown =
        "select count(*) from orders.sales_order where state = 'unknown' and shop_id = '" +
        shop.id.text() + "'";
    const int before = std::stoi(sql(unknown));
    EXPECT_GT(before, 0);
    EXPECT_EQ(sql("select distinct channel_state from orders.sales_order where state = 'unknown' "
                  "and shop_id = '" +
                  shop.id.text() + "'"),
              "AWAITING_CUSTOMS");
    const PullDay day{shop.id, floor<days>(clock().now()) - days(1)};
    ASSERT_TRUE(run([&] { return request_day(ctx_, day); }).has_value());
    Link wire = link();
    for (int turn = 0; turn < 5; ++turn)
        if (!run([&] { return sync_days(wire, shop.id); })) break;
    EXPECT_LT(std::stoi(sql(unknown)), before) << "that day's orders are read anew";
}

TEST_F(AmazonMarketsim, a_revoked_seller_breaks_the_shop_and_reports_fail_in_words) {
    const Shop shop = connect("JP");
    fault(R"({"faults":[{"kind":"report_fatal","operation":"createReport"},
        {"kind":"report_cancelled","operation":"createReport","skip":1}]})");
    history(shop, days(45));
    const auto reports = health(shop).history.reports;
    ASSERT_EQ(reports.size(), 2U);
    EXPECT_EQ(reports[0].state, ReportState::failed);
    EXPECT_EQ(reports[1].state, ReportState::empty);
    admin("POST", "settings", R"({"revoked_JP":true})");
    advance(hours(2));
    Link wire = link();
    (void)run([&] { return sync_shop(wire, shop.id); });
    EXPECT_EQ(health(shop).state, shops::ShopState::broken);
    EXPECT_EQ(health(shop).last_error->code, "amazon.authorisation_revoked");
}

TEST_F(AmazonMarketsim, strange_documents_are_read) {
    const Shop shop = connect("DE");
    fault(R"({"faults":[{"kind":"report_charset","operation":"createReport"},
        {"kind":"report_double_gzip","operation":"createReport","skip":1}]})");
    history(shop, days(45));
    const auto reports = health(shop).history.reports;
    ASSERT_EQ(reports.size(), 2U);
    EXPECT_EQ(reports[0].state, ReportState::done);
    EXPECT_NE(reports[0].detail.find("the bytes are UTF-8"), std::string::npos)
        << reports[0].detail;
    EXPECT_EQ(reports[1].state, ReportState::done);
    advance(minutes(10));
    sync(shop);
    expect_same(shop);
}

TEST_F(AmazonMarketsim, a_parcel_goes_from_release_to_arrival_though_a_reply_is_lost) {
    const Shop shop = connect("US");
    sync(shop);
    const std::string number =
        sql("select channel_order_id from orders.sales_order where state = 'unshipped' and "
            "fulfilled_by = 'merchant' and shop_id = '" +
            shop.id.text() + "' order by ordered_at desc limit 1");
    const std::string order = sql("select id from orders.sales_order where channel_order_id = '" +
                                  number + "' and shop_id = '" + shop.id.text() + "'");
    const auto ask = [&](http::Method method, const std::string& target, const std::string& body) {
        const auto response = call(ctx_, method, target, body);
        EXPECT_EQ(response.status, 200) << target << ' ' << response.body;
        return json::parse(response.body);
    };
    const auto released = ask(http::Method::post, "/shipments/release",
                              R"({"items":[{"order_id":")" + order + "\"}]}");
    const std::string id(released.at("released").at(0).at("shipment_id").as_string());
    const std::string path = "/shipments/" + id;
    ask(http::Method::put, path, R"({"carrier_code":"UPS","tracking_number":"1ZSIM"})");
    ask(http::Method::post, path + "/confirm", "{}");
    const auto state = [&] {
        const auto shipment = ask(http::Method::get, path, "");
        return std::string(shipment.at("state").as_string());
    };
    const auto attempt = [&] {
        const fulfil::ShipmentRef which{*fulfil::ShipmentId::parse(id), *OrderId::parse(order),
                                        shop.id};
        Link wire = link();
        return run([&] { return confirm_parcel(wire, which); });
    };
    // What the process's own workers would do is done here, step by step.
    const auto settle = [&] {
        sql("with gone as (delete from platform.job where kind like 'amazon.%' and tenant_id = '" +
            ctx_.tenant.text() + "' returning 1) select count(*) from gone");
        drain_jobs();
    };
    fault(R"({"kind":"reset_reply","operation":"confirmShipment"})");
    EXPECT_TRUE(attempt());
    EXPECT_EQ(state(), "confirming");
    EXPECT_FALSE(attempt());
    EXPECT_EQ(state(), "shipped");
    settle();
    Link wire = link();
    const auto pulled = run([&] { return pull_order(wire, shop.id, number, Priority::user); });
    ASSERT_TRUE(pulled.has_value()) << pulled.error().detail;
    settle();
    EXPECT_EQ("shipped", sql("select state from orders.sales_order where id = '" + order + "'"));
    EXPECT_EQ("PENDING 1ZSIM", sql("select string_agg(status || ' ' || tracking_number, ',') from "
                                   "orders.package where order_id = '" +
                                   order + "'"));
    EXPECT_EQ("f", sql("select counts from fulfil.shipment where id = '" + id + "'"));
    advance(days(6));
    sync(shop);
    settle();
    EXPECT_EQ(state(), "delivered");
    EXPECT_EQ("channel", sql("select delivered_source from fulfil.shipment where id = '" + id +
                             "' and delivered_at > shipped_at"));
}

TEST_F(AmazonMarketsim, nothing_of_a_buyer_is_in_any_table) {
    const Shop shop = connect("DE");
    history(shop, days(45));
    advance(minutes(10));
    sync(shop);
    // What the marketplace would show of the buyers, asked for by the test alone.
    const json::value credentials = admin("GET", "credentials").at("credentials").as_array()[1];
    const auto field = [&](const char* name) {
        return text::percent_encode(std::string_view(credentials.at(name).as_string()));
    };
    EgressRequest token;
    token.method = "POST";
    token.url = sim_->base + "/auth/o2/token";
    token.partner = "amazon.lwa";
    token.headers = {{"Content-Type", "application/x-www-form-urlencoded"}};
    token.body = "grant_type=refresh_token&refresh_token=" + field("refresh_token") +
                 "&client_id=" + field("client_id") + "&client_secret=" + field("client_secret");
    const auto access =
        json::parse(run([&] { return egress_->send(token); }).body).at("access_token");
    EgressRequest search;
    search.url = sim_->base + "/orders/2026-01-01/orders?createdAfter=" +
                 text::percent_encode(format_instant(clock().now() - days(40))) +
                 "&includedData=BUYER,RECIPIENT&maxResultsPerPage=100";
    search.partner = "amazon.api";
    search.headers = {{"x-amz-access-token", std::string(access.as_string())},
                      {"User-Agent", "test/1 (Language=C++)"}};
    const auto page = json::parse(run([&] { return egress_->send(search); }).body);
    std::set<std::string> canaries;
    const auto note = [&](const json::object& in, const char* name) {
        if (const auto* value = in.if_contains(name))
            if (value->as_string().size() > 6) canaries.emplace(value->as_string());
    };
    for (const json::value& order : page.at("orders").as_array()) {
        if (const auto* buyer = order.as_object().if_contains("buyer")) {
            note(buyer->as_object(), "buyerName");
            note(buyer->as_object(), "buyerEmail");
        }
        if (const auto* recipient = order.as_object().if_contains("recipient")) {
            note(recipient->at("deliveryAddress").as_object(), "addressLine1");
            note(recipient->at("deliveryAddress").as_object(), "phone");
        }
    }
    ASSERT_GT(canaries.size(), 50U);
    std::string pattern;
    for (const std::string& one : canaries) {
        if (!pattern.empty()) pattern += '|';
        for (const char c : one)
            pattern +=
                std::string_view(".+*?()[]{}|^$\\'").find(c) != std::string_view::npos ? '.' : c;
    }
    for (const char* table :
         {"orders.sales_order", "orders.order_line", "orders.package", "orders.history",
          "orders.exception", "amazon.connection", "amazon.sync_run", "amazon.history_report",
          "platform.audit_entry", "platform.job"})
        EXPECT_EQ(sql("select count(*) from " + std::string(table) + " r where r.tenant_id = '" +
                      ctx_.tenant.text() + "' and r::text ~ '" + pattern + "'"),
                  "0")
            << table;
    EXPECT_EQ(health(shop).pii_dropped, 0) << "what is not asked for does not come";
}

}  // namespace
}  // namespace entrepot::amazon
