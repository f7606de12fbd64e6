// When a month ends, and what words mean.
#include "modules/rights/rules.hpp"

#include <gtest/gtest.h>

#include <set>

#include "modules/rights/answer.hpp"

namespace entrepot::rights {
namespace {
std::string due(const char* received) {
    return format_instant(due_after(*parse_instant(received)));
}

TEST(RightsRules, a_month_ends_on_the_same_day_or_on_the_last) {
    EXPECT_EQ(due("2026-11-22T10:30:00Z"), "2026-12-22T10:30:00Z");
    EXPECT_EQ(due("2026-12-31T00:00:00Z"), "2027-01-31T00:00:00Z");
    EXPECT_EQ(due("2027-01-31T23:59:59Z"), "2027-02-28T23:59:59Z");
    EXPECT_EQ(due("2028-01-30T08:00:00Z"), "2028-02-29T08:00:00Z");
    EXPECT_EQ(due("2026-10-31T08:00:00Z"), "2026-11-30T08:00:00Z");
}

TEST(RightsRules, two_further_months_are_counted_from_the_arrival) {
    const auto extended = [](const char* received) {
        return format_instant(due_after(*parse_instant(received), extended_months));
    };
    EXPECT_EQ(extended("2026-11-22T10:30:00Z"), "2027-02-22T10:30:00Z");
    EXPECT_EQ(extended("2026-11-30T00:00:00Z"), "2027-02-28T00:00:00Z");
    EXPECT_EQ(extended("2026-10-31T08:00:00Z"), "2027-01-31T08:00:00Z");
}

TEST(RightsRules, every_occasion_has_words_in_every_language) {
    for (const AnswerLanguage language :
         {AnswerLanguage::zh, AnswerLanguage::en, AnswerLanguage::de, AnswerLanguage::ja}) {
        std::set<std::string> texts;
        const auto add = [&](const AnswerFacts& facts) {
            const std::string text = answer_text(facts, language);
            EXPECT_TRUE(texts.insert(text).second) << text;
            EXPECT_EQ(text.find('{'), std::string::npos) << text;
        };
        AnswerFacts facts{RequestKind::access, RequestState::verifying, Instant{}, {}, {}, {}};
        add(facts);
        facts.state = RequestState::open;
        add(facts);
        for (const Extension why : {Extension::complexity, Extension::many_requests}) {
            facts.extension = why;
            add(facts);
        }
        facts.state = RequestState::refused;
        for (const Refusal why :
             {Refusal::not_identified, Refusal::legal_obligation, Refusal::legal_claims,
              Refusal::unfounded, Refusal::not_ours, Refusal::withdrawn}) {
            facts.refusal = why;
            add(facts);
        }
        facts.state = RequestState::done;
        facts.outcomes = {Outcome::nothing_held, Outcome::barred};
        add(facts);
        facts.copy_kept = true;
        add(facts);
        facts.copy_kept = false;
        const std::pair<RequestKind, Outcome> done[] = {
            {RequestKind::access, Outcome::shown},
            {RequestKind::correction, Outcome::corrected},
            {RequestKind::correction, Outcome::unchanged},
            {RequestKind::erasure, Outcome::erased},
            {RequestKind::restriction, Outcome::restricted}};
        for (const auto& [kind, outcome] : done) {
            facts.kind = kind;
            facts.outcomes = {Outcome::nothing_held, outcome};
            add(facts);
        }
    }
}

TEST(RightsRules, a_case_reference_names_a_case_and_nobody) {
    for (const char* good : {"T-1", "TICKET/2026#77", "405-19.3", "a_1"})
        EXPECT_TRUE(is_case_reference(good)) << good;
    for (const char* bad : {"", "a1", "nodigits", "Ann Quill 1", "ann1@quill.example",
                            "12345678901234567890123456789012345678901"})
        EXPECT_FALSE(is_case_reference(bad)) << bad;
}

TEST(RightsRules, an_open_request_presses_a_week_before_its_end) {
    const Instant now = *parse_instant("2026-11-22T10:00:00Z");
    const auto in = [&](std::chrono::hours from_now, RequestState state = RequestState::open) {
        return urgency_of(state, now + from_now, now);
    };
    EXPECT_EQ(in(std::chrono::hours(24 * 7 + 1)), Urgency::later);
    EXPECT_EQ(in(std::chrono::hours(24 * 7)), Urgency::soon);
    EXPECT_EQ(in(std::chrono::hours(1)), Urgency::soon);
    EXPECT_EQ(in(std::chrono::hours(0)), Urgency::overdue);
    EXPECT_EQ(in(std::chrono::hours(-1)), Urgency::overdue);
    EXPECT_EQ(in(std::chrono::hours(-1), RequestState::done), Urgency::none);
    EXPECT_EQ(in(std::chrono::hours(-1), RequestState::refused), Urgency::none);
}

TEST(RightsRules, the_vault_s_word_counts_before_the_order_s) {
    using vault::Holding;
    EXPECT_EQ(buyer_data_of(Holding::erased, "held"), BuyerData::erased);
    EXPECT_EQ(buyer_data_of(Holding::held, "not_fetched"), BuyerData::held);
    EXPECT_EQ(buyer_data_of(Holding::restricted, "held"), BuyerData::restricted);
    EXPECT_EQ(buyer_data_of(Holding::none, "not_granted"), BuyerData::not_granted);
    EXPECT_EQ(buyer_data_of(Holding::none, "not_fetched"), BuyerData::not_fetched);
    EXPECT_EQ(buyer_data_of(Holding::none, "erased"), BuyerData::erased);
}

TEST(RightsRules, erased_and_never_held_are_told_apart) {
    EXPECT_EQ(settled_already(BuyerData::erased), Outcome::already_erased);
    EXPECT_EQ(settled_already(BuyerData::not_fetched), Outcome::nothing_held);
    EXPECT_EQ(settled_already(BuyerData::not_granted), Outcome::nothing_held);
    EXPECT_FALSE(settled_already(BuyerData::held));
    EXPECT_FALSE(settled_already(BuyerData::restricted));
}

}  // namespace
}  // namespace entrepot::rights
