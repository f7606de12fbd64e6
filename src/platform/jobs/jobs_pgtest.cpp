// Jobs: once when it works, again when it fails, aside when it never works.
#include <boost/asio/experimental/awaitable_operators.hpp>

#include "platform/jobs/jobs.hpp"
#include "support/fixture.hpp"

namespace entrepot::test {
namespace {
using jobs::Job;

/// Registers kinds for one test and takes them back.
class Jobs : public DatabaseTest {
protected:
    void SetUp() override { saved_ = (services(), jobs::registry()); }
    void TearDown() override { jobs::registry() = saved_; }
    void add(Context& ctx, std::string_view kind, const std::string& payload,
             const std::string& key = {}) {
        run([&]() -> Awaitable<void> {
            auto body = [&](pg::Transaction& tx) -> Awaitable<Result<bool>> {
                jobs::enqueue(tx, ctx, kind, payload, ctx.now(), key);
                co_return true;
            };
            (void)co_await ctx.db().transaction(ctx.tenant, body);
        });
    }
    std::string state_of(const Context& ctx) {
        return sql(
            "select string_agg(kind || ':' || state || ':' || attempts, ',' order by id) from "
            "platform.job where tenant_id = '" +
            ctx.tenant.text() + "'");
    }

private:
    jobs::Registry saved_;
};

TEST_F(Jobs, a_batch_is_handled_once_and_gone) {
    Context ctx = tenant_context();
    std::vector<std::size_t> batches;
    jobs::registry().kinds.push_back(
        {.name = "test.batch",
         .transactional = [&](Context&, pg::Transaction&,
                              const std::vector<Job>& batch) -> Awaitable<void> {
             batches.push_back(batch.size());
             co_return;
         },
         .batch = 10});
    for (int i = 0; i < 25; ++i) add(ctx, "test.batch", "{}");
    EXPECT_EQ(drain_jobs(), 25U);
    EXPECT_EQ(batches, (std::vector<std::size_t>{10, 10, 5}));
    EXPECT_EQ(state_of(ctx), "");
}

TEST_F(Jobs, a_poisonous_job_is_quarantined_and_the_others_pass) {
    Context ctx = tenant_context();
    int good = 0;
    jobs::registry().kinds.push_back(
        {.name = "test.poison",
         .transactional = [&](Context&, pg::Transaction&,
                              const std::vector<Job>& batch) -> Awaitable<void> {
             for (const Job& job : batch)
                 if (job.payload.find("bad") != std::string::npos)
                     throw std::runtime_error("poison");
             good += static_cast<int>(batch.size());
             co_return;
         },
         .batch = 10,
         .attempts_max = 3});
    add(ctx, "test.poison", R"({"bad":1})");
    for (int i = 0; i < 4; ++i) add(ctx, "test.poison", "{}");
    for (int i = 0; i < 20; ++i) {
        drain_jobs();
        clock().advance(std::chrono::minutes(20));
    }
    EXPECT_EQ(good, 4);
    EXPECT_EQ(state_of(ctx), "test.poison:quarantined:3");
}

TEST_F(Jobs, a_standing_job_keeps_one_row_and_wakes_early) {
    Context ctx = tenant_context();
    int runs = 0;
    jobs::registry().kinds.push_back(
        {.name = "test.standing",
         .leased = [&](Context& c, const Job&) -> Awaitable<std::optional<Instant>> {
             ++runs;
             co_return c.now() + std::chrono::minutes(5);
         }});
    add(ctx, "test.standing", "{}", "shop-1");
    add(ctx, "test.standing", "{}", "shop-1");
    EXPECT_EQ(drain_jobs(), 1U);
    EXPECT_EQ(drain_jobs(), 0U) << "not before its time";
    add(ctx, "test.standing", "{}", "shop-1");
    EXPECT_EQ(drain_jobs(), 1U) << "woken";
    clock().advance(std::chrono::minutes(6));
    EXPECT_EQ(drain_jobs(), 1U);
    EXPECT_EQ(runs, 3);
    EXPECT_EQ(
        sql("select count(*) from platform.job where tenant_id = '" + ctx.tenant.text() + "'"),
        "1");
}

TEST_F(Jobs, a_lost_lease_is_taken_over) {
    Context ctx = tenant_context();
    int runs = 0;
    jobs::registry().kinds.push_back(
        {.name = "test.leased",
         .leased = [&](Context&, const Job&) -> Awaitable<std::optional<Instant>> {
             ++runs;
             co_return std::nullopt;
         },
         .lease = std::chrono::seconds(60)});
    add(ctx, "test.leased", "{}");
    sql("update platform.job set state = 'leased', lease_until = run_at + interval '1 minute', "
        "run_at = run_at + interval '1 year' where tenant_id = '" +
        ctx.tenant.text() + "'");
    EXPECT_EQ(drain_jobs(), 0U) << "another worker holds it";
    clock().advance(std::chrono::minutes(2));
    EXPECT_EQ(drain_jobs(), 1U);
    EXPECT_EQ(runs, 1);
    EXPECT_EQ(state_of(ctx), "");
}

TEST_F(Jobs, many_workers_take_each_job_once) {
    Context ctx = tenant_context();
    std::map<std::string, int> seen;
    jobs::registry().kinds.push_back(
        {.name = "test.race",
         .transactional = [&](Context&, pg::Transaction&,
                              const std::vector<Job>& batch) -> Awaitable<void> {
             for (const Job& job : batch) ++seen[job.id.text()];
             co_return;
         },
         .batch = 3});
    for (int i = 0; i < 120; ++i) add(ctx, "test.race", "{}");
    using namespace boost::asio::experimental::awaitable_operators;
    auto worker = [&]() -> Awaitable<void> {
        while (co_await jobs::run_due(services()) > 0) {
        }
    };
    run([&]() -> Awaitable<void> { co_await (worker() && worker() && worker() && worker()); });
    EXPECT_EQ(seen.size(), 120U);
    for (const auto& [id, count] : seen) EXPECT_EQ(count, 1) << id;
}

}  // namespace
}  // namespace entrepot::test
