// What a report says of its own gaps.
#include "modules/insight/completeness.hpp"

#include <gtest/gtest.h>

namespace entrepot::insight {
namespace {

constexpr Instant now = Instant{std::chrono::sys_days{std::chrono::year{2026} / 11 / 22}};

store::ShopRow shop(const char* name, const char* channel, const char* state,
                    std::optional<Instant> synced) {
    return {ShopId{}, name, channel, state, synced, Date{}};
}
store::StatusRow quiet() {
    return {"CNY", now, 0, std::nullopt, 0, std::nullopt, std::nullopt};
}
std::vector<std::string> codes(const Completeness& completeness) {
    std::vector<std::string> out;
    for (const Gap& gap : completeness.gaps) out.push_back(gap.code);
    return out;
}

TEST(InsightCompleteness, nothing_missing_is_as_of_now) {
    const auto out = completeness_of(
        quiet(), {shop("US", "amazon", "connected", now - std::chrono::minutes(59))}, {}, "CNY",
        now);
    EXPECT_TRUE(out.gaps.empty());
    EXPECT_EQ(out.as_of, now);
}

TEST(InsightCompleteness, waiting_facts_set_back_as_of) {
    auto status = quiet();
    status.pending_jobs = 2;
    status.pending_since = now - std::chrono::seconds(5);
    const auto out = completeness_of(status, {}, {}, "CNY", now);
    EXPECT_EQ(codes(out), std::vector<std::string>{"facts_pending"});
    EXPECT_EQ(out.as_of, now - std::chrono::seconds(5));
}

TEST(InsightCompleteness, shops_tell_why_they_lack_orders) {
    const auto out =
        completeness_of(quiet(),
                        {shop("A", "amazon", "connected", std::nullopt),
                         shop("B", "amazon", "connected", now - std::chrono::hours(2)),
                         shop("C", "amazon", "broken", now), shop("D", "amazon", "paused", now),
                         shop("E", "file", "connected", std::nullopt)},
                        {}, "CNY", now);
    EXPECT_EQ(codes(out), (std::vector<std::string>{"never_synced", "sync_lagging", "shop_broken",
                                                    "shop_paused"}));
}

TEST(InsightCompleteness, rates_that_are_missing_old_or_changing) {
    auto status = quiet();
    status.revaluing_days = 3;
    const auto out = completeness_of(status, {}, {5, 2, {"RUB"}, 1}, "USD", now);
    EXPECT_EQ(codes(out),
              (std::vector<std::string>{"revaluing", "book_currency_changing", "missing_rates",
                                        "currency_unknown", "stale_rates"}));
    EXPECT_EQ(out.gaps[2].count, 4);
    EXPECT_NE(out.gaps[2].detail.find("RUB"), std::string::npos);
}

}  // namespace
}  // namespace entrepot::insight
