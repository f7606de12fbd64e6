// Age and worst-of, case by case.
#include "modules/compliance/standing.hpp"

#include <gtest/gtest.h>

namespace entrepot::compliance {
namespace {

using std::chrono::hours, std::chrono::minutes, std::chrono::seconds;

TEST(ComplianceStanding, age_takes_from_a_result_and_never_gives) {
    const Instant found{hours(500'000)};
    struct Case {
        State state;
        std::chrono::seconds age;
        Standing expected;
    };
    const Case cases[] = {
        {State::green, seconds(0), {State::green, Age::fresh}},
        {State::green, hours(36), {State::green, Age::fresh}},
        {State::green, hours(36) + seconds(1), {State::amber, Age::old}},
        {State::green, hours(72), {State::amber, Age::old}},
        {State::green, hours(72) + seconds(1), {State::red, Age::too_old}},
        {State::amber, hours(1), {State::amber, Age::fresh}},
        {State::amber, hours(40), {State::amber, Age::old}},
        {State::red, seconds(0), {State::red, Age::fresh}},
        {State::red, hours(40), {State::red, Age::old}},
        {State::green, -minutes(5), {State::green, Age::fresh}},
        {State::green, -minutes(5) - seconds(1), {State::red, Age::ahead}},
    };
    for (const Case& c : cases)
        EXPECT_EQ(standing(Proof{c.state, found}, hours(36), found + c.age), c.expected)
            << c.age.count();
}

TEST(ComplianceStanding, what_was_never_proven_is_red) {
    EXPECT_EQ(standing(std::nullopt, hours(36), Instant{}), (Standing{State::red, Age::never}));
}

TEST(ComplianceStanding,
     a_promise_is_as_good_as_its_worst_check_and_red_while_something_is_unbuilt) {
    const Standing green{State::green, Age::fresh}, amber{State::amber, Age::old},
        red{State::red, Age::fresh};
    const std::vector<Standing> good{green, green}, middling{green, amber}, bad{amber, red, green};
    EXPECT_EQ(state_of_promise(Built::whole, good), State::green);
    EXPECT_EQ(state_of_promise(Built::whole, middling), State::amber);
    EXPECT_EQ(state_of_promise(Built::whole, bad), State::red);
    EXPECT_EQ(state_of_promise(Built::partly, good), State::red);
    EXPECT_EQ(state_of_promise(Built::whole, {}), State::red);
}

}  // namespace
}  // namespace entrepot::compliance
