// Tests of the migrations' runner on a real PostgreSQL.
#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "platform/migrate/lint.hpp"
#include "platform/migrate/migrate.hpp"
#include "platform/migrate/test_cluster.hpp"
#include "platform/pgserver/session.hpp"

namespace entrepot::migrate {

std::vector<Migration> fixture_schema();

namespace {

using pgserver::Session;

const Options by_test{.by_version = "1.2.3"};

std::vector<Migration> two() {
    return {{1, "shop", "shop", "create schema shop; create table shop.a (x bigint)"},
            {2, "more", "shop", "alter table shop.a add y text"}};
}

template <class Act>
std::string refusal(Act act) {
    try {
        act();
    } catch (const Refused& problem) {
        return problem.what();
    } catch (const Failed& problem) {
        return std::string("failed: ") + problem.what();
    }
    return "(not refused)";
}

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

TEST(Embedding, ListsTheFilesInOrderWithTheirExactText) {
    const auto migrations = fixture_schema();
    ASSERT_EQ(migrations.size(), 2U);
    EXPECT_EQ(migrations[0].number, 1);
    EXPECT_EQ(migrations[0].name, "goods");
    EXPECT_EQ(migrations[0].module, "goods");
    EXPECT_EQ(migrations[1].number, 2);
    EXPECT_EQ(migrations[1].module, "till");
    EXPECT_NE(migrations[0].sql.find("\"quoted\", \\ and ; survive"), std::string_view::npos);
}

TEST(Digest, IsSha256OfTheText) {
    EXPECT_EQ(digest("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Migrate, AppliesOnceAndRecords) {
    const std::string target = owner_of(new_database());
    EXPECT_EQ(plan(target, two()).size(), 2U);
    EXPECT_EQ(status(target, two())[1].state, State::pending);
    EXPECT_EQ(apply(target, two(), by_test).size(), 2U);
    EXPECT_TRUE(plan(target, two()).empty());
    EXPECT_TRUE(apply(target, two(), by_test).empty());
    const auto lines = status(target, two());
    ASSERT_EQ(lines.size(), 2U);
    EXPECT_EQ(lines[0].state, State::applied);
    EXPECT_EQ(lines[0].by_version, "1.2.3");
    EXPECT_EQ(lines[0].applied_at.size(), 24U);
    Session session(target);
    EXPECT_EQ(session.value("select sha256 from platform.migration where number = 1"),
              digest(two()[0].sql));
    EXPECT_EQ(
        session.value("select relowner::regrole from pg_class where oid = 'shop.a'::regclass"),
        "entrepot_owner");
}

TEST(Migrate, RefusesAChangedOne) {
    const std::string target = owner_of(new_database());
    apply(target, two(), by_test);
    auto changed = two();
    changed[0].sql = "create schema shop";
    const std::string text = refusal([&] { apply(target, changed, by_test); });
    EXPECT_TRUE(contains(text, "0001_shop was changed after it was applied")) << text;
    EXPECT_EQ(status(target, changed)[0].state, State::changed);
}

TEST(Migrate, RefusesAMissingOne) {
    const std::string target = owner_of(new_database());
    apply(target, two(), by_test);
    const std::vector<Migration> fewer = {two()[0]};
    const std::string text = refusal([&] { plan(target, fewer); });
    EXPECT_TRUE(contains(text, "0002_more was applied") && contains(text, "does not have it"))
        << text;
    EXPECT_EQ(status(target, fewer)[1].state, State::missing);
}

TEST(Migrate, RefusesARenamedOne) {
    const std::string target = owner_of(new_database());
    apply(target, two(), by_test);
    auto renamed = two();
    renamed[1].name = "other";
    const std::string text = refusal([&] { plan(target, renamed); });
    EXPECT_TRUE(contains(text, "0002_more") && contains(text, "0002_other")) << text;
}

TEST(Migrate, RefusesAGapAndADoubleNumber) {
    const std::string target = owner_of(new_database());
    auto gap = two();
    gap[1].number = 3;
    EXPECT_TRUE(contains(refusal([&] { apply(target, gap, by_test); }),
                         "number 2 is missing in this program: the sequence jumps to 0003_more"));
    auto twice = two();
    twice[1].number = 1;
    EXPECT_TRUE(
        contains(refusal([&] { apply(target, twice, by_test); }), "number 1 is used twice"));
}

TEST(Migrate, RefusesOneThatComesTooLate) {
    const std::string target = owner_of(new_database());
    apply(target, two(), by_test);
    Session(target).run("delete from platform.migration where number = 1");
    const std::string text = refusal([&] { apply(target, two(), by_test); });
    EXPECT_TRUE(contains(text, "0001_shop comes too late") && contains(text, "0002_more")) << text;
}

TEST(Migrate, AFailureLeavesNothingOfItselfAndAllBefore) {
    const std::string target = owner_of(new_database());
    auto bad = two();
    bad[1].sql = "create table shop.half (x bigint); select 1 / 0";
    const std::string text = refusal([&] { apply(target, bad, by_test); });
    EXPECT_TRUE(contains(text, "0002_more failed") && contains(text, "division by zero")) << text;
    Session session(target);
    EXPECT_EQ(session.value("select count(*) from platform.migration"), "1");
    EXPECT_EQ(session.value("select to_regclass('shop.half')"), "");
    EXPECT_EQ(apply(target, two(), by_test).size(), 1U);
}

TEST(Migrate, CatchesOneThatCommitsByItself) {
    const std::string target = owner_of(new_database());
    auto bad = two();
    bad[1].sql = "select 1; commit; begin; select 2";
    EXPECT_TRUE(
        contains(refusal([&] { apply(target, bad, by_test); }), "ends its transaction itself"));
    EXPECT_EQ(status(target, two())[1].state, State::pending);
}

TEST(Migrate, TwoCallersApplyEachOnce) {
    const std::string target = owner_of(new_database());
    auto slow = two();
    slow[0].sql = "select pg_sleep(0.2); create schema shop; create table shop.a (x bigint)";
    std::size_t other = 0;
    std::thread rival([&] { other = apply(target, slow, by_test).size(); });
    const std::size_t ours = apply(target, slow, by_test).size();
    rival.join();
    EXPECT_EQ(ours + other, 2U);
    EXPECT_TRUE(ours == 0 || other == 0);
}

TEST(Migrate, TwentyOnAFreshDatabaseTakeLessThanASecond) {
    const std::string target = owner_of(new_database());
    std::vector<std::string> texts;
    for (int i = 1; i <= 20; ++i) {
        const std::string schema = "m" + std::to_string(i);
        std::string text = "create schema " + schema + ';';
        for (int table = 0; table < 5; ++table) {
            const std::string name = schema + ".t" + std::to_string(table);
            text += "create table " + name +
                    " (tenant_id uuid, id uuid, note text,"
                    " primary key (tenant_id, id)); comment on table " +
                    name + " is 'x';";
        }
        texts.push_back(text);
    }
    std::vector<Migration> many;
    for (int i = 0; i < 20; ++i)
        many.push_back({i + 1, "many", "m", texts[static_cast<size_t>(i)]});
    const auto start = std::chrono::steady_clock::now();
    EXPECT_EQ(apply(target, many, by_test).size(), 20U);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    RecordProperty("milliseconds", static_cast<int>(took.count() * 1000));
    EXPECT_LT(took.count(), 1.0);
}

}  // namespace
}  // namespace entrepot::migrate
