// Decisions of the sync.
#include "channel/amazon/sync_rules.hpp"

#include <gtest/gtest.h>

#include "base/text.hpp"

namespace entrepot::amazon {
namespace {
using namespace std::chrono;

Instant at(const char* text) {
    return *parse_instant(text);
}

TEST(AmazonPaging, the_token_is_encoded_and_the_rest_stays) {
    const Search search{
        {"ATVPDKIKX0DER", "A2EUQ1WTGCTBG2"}, at("2026-11-22T09:00:00Z"), std::nullopt, false};
    const std::string first = search_path(search, "");
    const std::string second = search_path(search, "a+b/c==");
    EXPECT_EQ(second, first + "&paginationToken=a%2Bb%2Fc%3D%3D");
    EXPECT_NE(first.find("lastUpdatedAfter=2026-11-22T09%3A00%3A00Z"), std::string::npos);
    EXPECT_NE(first.find("marketplaceIds=ATVPDKIKX0DER,A2EUQ1WTGCTBG2"), std::string::npos);
    EXPECT_NE(first.find("maxResultsPerPage=100"), std::string::npos);
    const Search day{{"A"}, at("2026-11-22T09:00:00Z"), at("2026-11-23T09:00:00Z"), true};
    EXPECT_NE(search_path(day, "").find("createdAfter="), std::string::npos);
    EXPECT_NE(search_path(day, "").find("createdBefore="), std::string::npos);
}

TEST(AmazonPrivacy, buyer_recipient_tax_and_payment_are_never_asked_for) {
    const Search search{{"A"}, at("2026-11-22T09:00:00Z"), std::nullopt, false};
    for (const std::string& path : {search_path(search, ""), order_path("114-1")})
        for (const char* never : {"BUYER", "RECIPIENT", "TAX", "PAYMENT"})
            EXPECT_EQ(path.find(never), std::string::npos) << path;
}

TEST(AmazonPaging, an_order_number_cannot_leave_its_place) {
    EXPECT_EQ(order_path("../x?a=b&c#d").substr(0, 60),
              "/orders/2026-01-01/orders/..%2Fx%3Fa%3Db%26c%23d?includedDat");
}

TEST(AmazonPaging, ends_on_absent_or_empty_follows_once_again_and_sees_circles) {
    EXPECT_EQ(after_page("", {}), Next::done);
    std::vector<std::string> seen;
    EXPECT_EQ(after_page("t1", seen), Next::follow);
    seen.push_back(token_digest("t1"));
    EXPECT_EQ(after_page("t1", seen), Next::follow) << "a page that comes twice is harmless";
    seen.push_back(token_digest("t1"));
    EXPECT_EQ(after_page("t1", seen), Next::loop);
    EXPECT_EQ(after_page("t2", seen), Next::follow);
    EXPECT_FALSE(token_has_expired(at("2026-11-22T00:00:00Z"), at("2026-11-22T22:59:00Z")));
    EXPECT_TRUE(token_has_expired(at("2026-11-22T00:00:00Z"), at("2026-11-22T23:01:00Z")));
}

TEST(AmazonWatermark, a_marketplace_added_late_is_caught_up_alone) {
    const Instant now = at("2026-11-22T09:00:00Z");
    const Turn together = next_turn({{"B", now}, {"A", now - minutes(30)}});
    EXPECT_EQ(together.marketplaces, (std::vector<std::string>{"A", "B"}));
    EXPECT_EQ(together.lower, now - minutes(30));
    const Turn alone = next_turn({{"B", now}, {"A", now - days(40)}});
    EXPECT_EQ(alone.marketplaces, std::vector<std::string>{"A"});
    EXPECT_EQ(alone.lower, now - days(40));
}

TEST(AmazonHistory, windows_cover_everything_newest_first) {
    const Instant from = at("2025-11-22T00:00:00Z"), to = at("2026-11-22T09:58:00Z");
    const auto windows = split_windows(from, to);
    ASSERT_EQ(windows.size(), 13U);
    EXPECT_EQ(windows.front().to, to);
    EXPECT_EQ(windows.back().from, from);
    for (std::size_t i = 0; i < windows.size(); ++i) {
        EXPECT_LE(windows[i].to - windows[i].from, days(30));
        EXPECT_LT(windows[i].from, windows[i].to);
        if (i > 0) {
            EXPECT_EQ(windows[i].to, windows[i - 1].from);
        }
    }
    EXPECT_TRUE(split_windows(to, to).empty());
    EXPECT_TRUE(split_windows(to, from).empty());
}

TEST(AmazonHistory, polls_slow_down) {
    EXPECT_EQ(report_delay(0), seconds(5));
    EXPECT_EQ(report_delay(3), seconds(40));
    EXPECT_EQ(report_delay(50), seconds(300));
}

}  // namespace
}  // namespace entrepot::amazon
