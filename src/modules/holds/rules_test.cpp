// The rules of two people and of ends, case by case.
#include "modules/holds/rules.hpp"

#include <gtest/gtest.h>

namespace entrepot::holds {
namespace {
const Instant start{std::chrono::hours(500'000)};

Uuid person(std::uint8_t number) {
    Uuid id;
    id.bytes[15] = number;
    return id;
}

TEST(HoldRules, what_is_asked_waits_for_somebody_else) {
    const AskFacts ask{HoldAct::open, person(1), start, {}, {}, {}};
    EXPECT_EQ(acts_on(ask, person(1), start), std::vector<std::string>{"decline"});
    EXPECT_EQ(acts_on(ask, person(2), start), (std::vector<std::string>{"approve", "decline"}));
    EXPECT_EQ(state_of(ask, start + std::chrono::hours(24) - std::chrono::microseconds(1)),
              AskState::waiting);
    EXPECT_EQ(state_of(ask, start + std::chrono::hours(24)), AskState::lapsed);
    EXPECT_TRUE(acts_on(ask, person(2), start + std::chrono::hours(24)).empty());
}

TEST(HoldRules, what_is_approved_is_opened_once_by_who_asked_and_soon) {
    AskFacts ask{HoldAct::open, person(1), start, start, {}, {}};
    EXPECT_EQ(acts_on(ask, person(1), start), std::vector<std::string>{"open"});
    EXPECT_TRUE(acts_on(ask, person(2), start).empty());
    EXPECT_EQ(state_of(ask, start + std::chrono::minutes(15)), AskState::lapsed);
    ask.used_at = start;
    EXPECT_EQ(state_of(ask, start), AskState::done);
    EXPECT_TRUE(acts_on(ask, person(1), start).empty());
    const AskFacts extension{HoldAct::extend, person(1), start, start, {}, {}};
    EXPECT_EQ(state_of(extension, start + std::chrono::days(9)), AskState::done);
    const AskFacts declined{HoldAct::open, person(1), start, {}, start, {}};
    EXPECT_EQ(state_of(declined, start), AskState::declined);
}

TEST(HoldRules, an_end_is_later_and_within_three_years) {
    const auto day = std::chrono::days(1);
    EXPECT_FALSE(refusal_of_end(start + day, std::nullopt, start));
    EXPECT_TRUE(refusal_of_end(start, std::nullopt, start));
    EXPECT_FALSE(refusal_of_end(start + std::chrono::days(1098), std::nullopt, start));
    EXPECT_TRUE(refusal_of_end(start + std::chrono::days(1098) + day, std::nullopt, start));
    EXPECT_TRUE(refusal_of_end(start + day, start + day, start));
    EXPECT_FALSE(refusal_of_end(start + 2 * day, start + day, start));
    EXPECT_EQ(state_of(HoldState::active, start, start), HoldState::ending);
    EXPECT_EQ(state_of(HoldState::active, start + day, start), HoldState::active);
    EXPECT_EQ(state_of(HoldState::ended, start, start), HoldState::ended);
}

}  // namespace
}  // namespace entrepot::holds
