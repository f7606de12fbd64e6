// Who may ask what, and how much.
#include "keyd/policy.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>

namespace entrepot::keyd {
namespace {
using keys::KeyClass;
using keys::Operation;
using keys::Purpose;

keys::Request ask(Operation operation, KeyClass key_class, Purpose purpose) {
    keys::Request request;
    request.operation = operation;
    request.key_class = key_class;
    request.caller.tenant.value.bytes[0] = 1;
    request.caller.purpose = purpose;
    request.caller.user.value.bytes[0] = 1;
    request.ids = {Uuid{}};
    if (key_class == KeyClass::hold && operation == Operation::open) request.ids.emplace_back();
    request.text = "reason";
    return request;
}

TEST(KeydPolicy, only_the_listed_pairs_pass) {
    const std::set<std::pair<KeyClass, Purpose>> opens = {
        {KeyClass::capsule, Purpose::fulfilment},
        {KeyClass::capsule, Purpose::service},
        {KeyClass::capsule, Purpose::rights_request},
        {KeyClass::capsule, Purpose::legal_claim},
        {KeyClass::index, Purpose::store},
        {KeyClass::index, Purpose::service},
        {KeyClass::index, Purpose::rights_request},
        {KeyClass::index, Purpose::fulfilment},
        {KeyClass::hold, Purpose::legal_claim},
        {KeyClass::secret, Purpose::system}};
    const std::set<std::pair<KeyClass, Purpose>> makes = {{KeyClass::capsule, Purpose::store},
                                                          {KeyClass::index, Purpose::store},
                                                          {KeyClass::hold, Purpose::legal_claim},
                                                          {KeyClass::secret, Purpose::system}};
    for (int c = 1; c <= 4; ++c)
        for (int p = 1; p <= 6; ++p) {
            const auto key_class = static_cast<KeyClass>(c);
            const auto purpose = static_cast<Purpose>(p);
            EXPECT_EQ(!refusal(ask(Operation::open, key_class, purpose)),
                      opens.contains({key_class, purpose}))
                << c << ' ' << p;
            EXPECT_EQ(!refusal(ask(Operation::make, key_class, purpose)),
                      makes.contains({key_class, purpose}))
                << c << ' ' << p;
        }
}

TEST(KeydPolicy, a_request_without_tenant_ids_or_reason_is_refused) {
    auto request = ask(Operation::destroy, KeyClass::capsule, Purpose::store);
    EXPECT_FALSE(refusal(request).has_value());
    request.text.clear();
    EXPECT_TRUE(refusal(request).has_value());
    request = ask(Operation::open, KeyClass::capsule, Purpose::fulfilment);
    request.ids.clear();
    EXPECT_TRUE(refusal(request).has_value());
    request = ask(Operation::open, KeyClass::capsule, Purpose::fulfilment);
    request.caller.tenant = {};
    EXPECT_TRUE(refusal(request).has_value());
}

TEST(KeydPolicy, a_hold_is_opened_by_people_with_what_somebody_asked) {
    for (const Operation operation :
         {Operation::open, Operation::hold_ask, Operation::hold_approve}) {
        auto request = ask(operation, KeyClass::hold, Purpose::legal_claim);
        request.ids = {Uuid{}, Uuid{}};
        EXPECT_FALSE(refusal(request).has_value());
        request.caller.user = {};
        EXPECT_TRUE(refusal(request).has_value()) << "the system itself is nobody";
        request = ask(operation, KeyClass::hold, Purpose::legal_claim);
        request.ids = {Uuid{}};
        EXPECT_TRUE(refusal(request).has_value());
        request = ask(operation, KeyClass::hold, Purpose::store);
        request.ids = {Uuid{}, Uuid{}};
        EXPECT_TRUE(refusal(request).has_value());
    }
    EXPECT_TRUE(refusal(ask(Operation::hold_ask, KeyClass::capsule, Purpose::legal_claim)));
}

TEST(KeydBudget, a_user_and_a_tenant_run_dry_and_fill_again) {
    Budget budget({.user = {100, 60}, .tenant = {150, 120}});
    TenantId tenant;
    tenant.value.bytes[0] = 1;
    UserId one, two;
    one.value.bytes[0] = 1;
    two.value.bytes[0] = 2;
    Instant now{std::chrono::hours(1000)};
    EXPECT_EQ(budget.take(tenant, one, 80, now).granted, 80U);
    EXPECT_EQ(budget.take(tenant, one, 80, now).granted, 20U);
    EXPECT_EQ(budget.take(tenant, one, 1, now).granted, 0U);
    EXPECT_EQ(budget.take(tenant, two, 80, now).granted, 50U);  // the tenant's own limit
    now += std::chrono::minutes(10);
    EXPECT_EQ(budget.take(tenant, one, 80, now).granted, 10U);
    now -= std::chrono::hours(5);  // a clock that steps back gives nothing
    EXPECT_EQ(budget.take(tenant, one, 80, now).granted, 0U);
}

TEST(KeydBudget, whoever_kills_keyd_again_and_again_gains_nothing) {
    const Budget::Limits limits{.user = {100, 60}, .tenant = {10'000, 10'000}};
    TenantId tenant;
    tenant.value.bytes[0] = 1;
    UserId user;
    user.value.bytes[0] = 1;
    std::mt19937 random(1);
    for (int run = 0; run < 50; ++run) {
        const Instant begin{std::chrono::hours(1000)};
        Instant now = begin;
        std::map<std::pair<bool, Uuid>, Bucket> on_record;
        std::optional<Budget> budget(limits);
        std::size_t granted = 0, writes = 0, takes = 0;
        for (int step = 0; step < 400; ++step) {
            now += std::chrono::seconds(random() % 30);
            const auto taken = budget->take(tenant, user, 1 + random() % 3, now);
            ++takes;
            // Killed before it was kept: nothing was given away either.
            const bool killed = random() % 10 == 0;
            if (killed && random() % 2 == 0 && !taken.to_keep.empty()) {
                budget.emplace(limits);
                for (const auto& [name, bucket] : on_record) budget->load(bucket);
                continue;
            }
            for (const Bucket& bucket : taken.to_keep) {
                on_record[{bucket.of_user, bucket.id}] = bucket;
                budget->kept(bucket);
                ++writes;
            }
            granted += taken.granted;
            if (!killed) continue;
            budget.emplace(limits);
            for (const auto& [name, bucket] : on_record) budget->load(bucket);
        }
        const double hours = std::chrono::duration<double, std::ratio<3600>>(now - begin).count();
        EXPECT_LE(static_cast<double>(granted), limits.user.burst + hours * limits.user.an_hour);
        EXPECT_LT(writes, takes);
    }
}

TEST(KeydBudget, an_older_word_about_a_bucket_changes_nothing) {
    Budget budget({.user = {100, 60}, .tenant = {1000, 1000}});
    TenantId tenant;
    tenant.value.bytes[0] = 1;
    UserId user;
    user.value.bytes[0] = 1;
    const Instant now{std::chrono::hours(1000)};
    const auto first = budget.take(tenant, user, 10, now);
    const auto second = budget.take(tenant, user, 80, now);
    ASSERT_EQ(first.to_keep.size(), 2U);
    ASSERT_EQ(second.to_keep.size(), 2U) << "nothing is on record yet, so each must be kept";
    for (const Bucket& bucket : second.to_keep) budget.kept(bucket);
    for (const Bucket& bucket : first.to_keep) budget.kept(bucket);
    // 10 are left and 0 on record, so they are covered; by the first word they would not be.
    const auto third = budget.take(tenant, user, 10, now);
    EXPECT_EQ(third.granted, 10U);
    EXPECT_TRUE(third.to_keep.empty());
}

}  // namespace
}  // namespace entrepot::keyd
