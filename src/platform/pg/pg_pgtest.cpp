// The database layer against a real server: round trips of values, rollback, tenants on shared
// connections, lost servers.
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <random>

#include "support/fixture.hpp"

namespace entrepot::test {
namespace {
using pg::Statement;
using pg::Transaction;

struct Values {
    bool flag;
    std::int64_t big;
    std::string text;
    Uuid id;
    Instant at;
    Date day;
    Decimal decimal;
    std::optional<std::string> nothing;
    std::vector<std::int64_t> numbers;
    std::vector<std::optional<std::string>> texts;
    pg::Json json;
    pg::Bytes bytes;
};
BOOST_DESCRIBE_STRUCT(Values, (),
                      (flag, big, text, id, at, day, decimal, nothing, numbers, texts, json, bytes))

const Statement<Values(bool, std::int64_t, std::string, Uuid, Instant, Date, Decimal,
                       std::optional<std::string>, std::vector<std::int64_t>,
                       std::vector<std::optional<std::string>>, pg::Json, pg::Bytes)>
    echo{
        "test.echo",
        R"sql(select $1::bool as flag, $2::int8 as big, $3::text as text, $4::uuid as id, $5::timestamptz as at, $6::date as day,
    $7::numeric as decimal, $8::text as nothing, $9::int8[] as numbers, $10::text[] as texts, $11::jsonb as json, $12::bytea as bytes)sql"};
const Statement<std::int64_t()> fails{"test.fails", "select (1 / 0)::int8"};
const Statement<std::string()> whoami{"test.tenant_setting",
                                      "select coalesce(current_setting('app.tenant', true), '')"};
const Statement<std::int64_t(TenantId)> count_jobs{
    "test.count_jobs", "select count(*) from platform.job where tenant_id = $1"};
const Statement<std::int64_t()> count_all_jobs{"test.count_all_jobs",
                                               "select count(*) from platform.job"};
const Statement<std::int64_t()> pid{"test.backend_pid", "select pg_backend_pid()::int8"};
const Statement<void(TenantId, Uuid, Instant)> add_job{"test.add_job", R"sql(
    insert into platform.job (tenant_id, id, kind, payload, run_at, created_at) values ($1, $2, 'test.none', '{}', $3, $3))sql"};

const Statement<void(std::string)> say_again{"test.say_again", "select $1::text as text"};

class Pg : public DatabaseTest {
protected:
    template <class Body>
    auto in_tenant(TenantId tenant, Body body) {
        return run([&]() -> Awaitable<pg::BodyResult<Body>> {
            co_return co_await services().db.transaction(tenant, body);
        });
    }
};

TEST_F(Pg, values_survive_the_wire) {
    const Context ctx = tenant_context();
    std::mt19937_64 random(3);
    for (int i = 0; i < 300; ++i) {
        Values in;
        in.flag = random() % 2 == 0;
        in.big = static_cast<std::int64_t>(random());
        in.text = i % 3 == 0 ? "" : "t\t'\"ü日" + std::to_string(random());
        in.id = crypto::new_uuid(ctx.now());
        in.at = Instant{
            std::chrono::microseconds{static_cast<std::int64_t>(random() % 4'000'000'000'000'000)}};
        in.day = std::chrono::floor<std::chrono::days>(in.at);
        const int shift = static_cast<int>(random() % 40);
        in.decimal = Decimal::from_units((i % 2 == 0 ? 1 : -1) *
                                         static_cast<std::int64_t>(random() >> 1 >> shift));
        if (i == 0) in.decimal = Decimal{};
        for (std::uint64_t n = random() % 4; n > 0; --n)
            in.numbers.push_back(static_cast<std::int64_t>(random()));
        in.texts = {std::nullopt, "x", ""};
        in.json.text = R"({"a": [1, null]})";
        in.bytes.data = std::string("\0\xFF\n", 3);
        const auto out = in_tenant(ctx.tenant, [&](Transaction& tx) -> Awaitable<Result<Values>> {
            co_return co_await tx.one(echo, in.flag, in.big, in.text, in.id, in.at, in.day,
                                      in.decimal, in.nothing, in.numbers, in.texts, in.json,
                                      in.bytes);
        });
        ASSERT_TRUE(out.has_value());
        EXPECT_EQ(out->big, in.big);
        EXPECT_EQ(out->text, in.text);
        EXPECT_EQ(out->id, in.id);
        EXPECT_EQ(out->at, in.at);
        EXPECT_EQ(out->day, in.day);
        EXPECT_EQ(out->decimal, in.decimal) << in.decimal.text();
        EXPECT_FALSE(out->nothing.has_value());
        EXPECT_EQ(out->numbers, in.numbers);
        EXPECT_EQ(out->texts, in.texts);
        EXPECT_EQ(out->json.text, in.json.text);
        EXPECT_EQ(out->bytes.data, in.bytes.data);
    }
}

TEST_F(Pg, long_questions_and_long_answers_meet_in_one_pipeline) {
    const Context ctx = tenant_context();
    // More than both sockets hold: the server stops listening until somebody reads.
    const std::string much(2 << 20, 'x');
    auto body = [&](Transaction& tx) -> Awaitable<Result<std::string>> {
        for (int i = 0; i < 4; ++i) tx.defer(say_again, much);
        co_return co_await tx.one(whoami);
    };
    EXPECT_EQ(in_tenant(ctx.tenant, body).value(), ctx.tenant.text());
}

TEST_F(Pg, an_error_or_an_exception_rolls_back_and_the_connection_lives_on) {
    const Context ctx = tenant_context();
    const auto refused = in_tenant(ctx.tenant, [&](Transaction& tx) -> Awaitable<Result<bool>> {
        co_await tx.exec(add_job, ctx.tenant, crypto::new_uuid(ctx.now()), ctx.now());
        co_return make_error(errors::conflict, "no");
    });
    EXPECT_TRUE(refused.has_error());
    EXPECT_THROW((void)in_tenant(ctx.tenant,
                                 [&](Transaction& tx) -> Awaitable<Result<bool>> {
                                     tx.defer(add_job, ctx.tenant, crypto::new_uuid(ctx.now()),
                                              ctx.now());
                                     co_await tx.one(fails);
                                     co_return true;
                                 }),
                 pg::DatabaseError);
    const Uuid twice = crypto::new_uuid(ctx.now());
    EXPECT_THROW((void)in_tenant(ctx.tenant,
                                 [&](Transaction& tx) -> Awaitable<Result<bool>> {
                                     tx.defer(add_job, ctx.tenant, twice, ctx.now());
                                     tx.defer(add_job, ctx.tenant, twice, ctx.now());
                                     co_return true;
                                 }),
                 pg::ConstraintViolation);
    const auto count =
        in_tenant(ctx.tenant, [&](Transaction& tx) -> Awaitable<Result<std::int64_t>> {
            co_return co_await tx.one(count_jobs, ctx.tenant);
        });
    EXPECT_EQ(*count, 0);
}

TEST_F(Pg, a_tenant_sees_and_writes_its_own_rows_only) {
    const Context a = tenant_context();
    const Context b = tenant_context();
    (void)in_tenant(b.tenant, [&](Transaction& tx) -> Awaitable<Result<bool>> {
        co_await tx.exec(add_job, b.tenant, crypto::new_uuid(b.now()), b.now());
        co_return true;
    });
    const auto seen = in_tenant(a.tenant, [&](Transaction& tx) -> Awaitable<Result<std::int64_t>> {
        co_return co_await tx.one(count_jobs, b.tenant);
    });
    EXPECT_EQ(*seen, 0);
    EXPECT_THROW((void)in_tenant(a.tenant,
                                 [&](Transaction& tx) -> Awaitable<Result<bool>> {
                                     co_await tx.exec(add_job, b.tenant, crypto::new_uuid(b.now()),
                                                      b.now());
                                     co_return true;
                                 }),
                 pg::DatabaseError);
    const auto without = run([&]() -> Awaitable<Result<std::int64_t>> {
        auto body = [&](Transaction& tx) -> Awaitable<Result<std::int64_t>> {
            co_return co_await tx.one(count_all_jobs);
        };
        co_return co_await services().db.global(body);
    });
    EXPECT_EQ(*without, 0) << "without a tenant nothing is visible";
}

TEST_F(Pg, interleaved_tenants_on_one_pool_never_mix) {
    std::vector<Context> tenants;
    for (int i = 0; i < 8; ++i) tenants.push_back(tenant_context());
    std::mt19937_64 random(11);
    int mixes = 0;
    int rounds = 0;
    auto one = [&](const Context& ctx) -> Awaitable<void> {
        auto body = [&](Transaction& tx) -> Awaitable<Result<bool>> {
            if (random() % 5 == 0) co_return make_error(errors::conflict, "rolled back");
            const std::string setting = co_await tx.one(whoami);
            ++rounds;
            if (setting != ctx.tenant.text()) ++mixes;
            if (random() % 7 == 0) co_await tx.one(fails);
            co_return true;
        };
        try {
            (void)co_await services().db.transaction(ctx.tenant, body);
        } catch (const pg::DatabaseError&) {
            ++rounds;
        }
    };
    using namespace boost::asio::experimental::awaitable_operators;
    run([&]() -> Awaitable<void> {
        for (int i = 0; i < 500; ++i)
            co_await (one(tenants[random() % 8]) && one(tenants[random() % 8]) &&
                      one(tenants[random() % 8]) && one(tenants[random() % 8]));
    });
    EXPECT_GT(rounds, 1000);
    EXPECT_EQ(mixes, 0);
}

TEST_F(Pg, a_killed_backend_is_an_unavailable_database_and_the_next_call_works) {
    const Context ctx = tenant_context();
    const auto victim =
        in_tenant(ctx.tenant, [&](Transaction& tx) -> Awaitable<Result<std::int64_t>> {
            co_return co_await tx.one(pid);
        });
    EXPECT_THROW(
        (void)in_tenant(ctx.tenant,
                        [&](Transaction& tx) -> Awaitable<Result<bool>> {
                            const auto mine = co_await tx.one(pid);
                            sql("select pg_terminate_backend(" + std::to_string(mine) + ")");
                            for (int i = 0; i < 1000; ++i) co_await tx.one(pid);
                            co_return true;
                        }),
        pg::Unavailable);
    const auto after =
        in_tenant(ctx.tenant, [&](Transaction& tx) -> Awaitable<Result<std::int64_t>> {
            co_return co_await tx.one(pid);
        });
    EXPECT_TRUE(after.has_value());
    EXPECT_GT(*victim, 0);
}

TEST_F(Pg, connections_that_ended_while_idle_reach_nobody) {
    const Context ctx = tenant_context();
    const auto ask = [&] {
        return *in_tenant(ctx.tenant, [&](Transaction& tx) -> Awaitable<Result<std::int64_t>> {
            co_return co_await tx.one(pid);
        });
    };
    const std::int64_t before = ask();
    for (int round = 0; round < 3; ++round) {
        const auto idle = ask();
        sql("select pg_terminate_backend(" + std::to_string(idle) + ", 5000)");
        EXPECT_NE(ask(), idle);
    }
    EXPECT_NE(ask(), before);
}

TEST_F(Pg, a_serialization_failure_runs_the_body_again) {
    const Context ctx = tenant_context();
    int runs = 0;
    const auto result = in_tenant(ctx.tenant, [&](Transaction& tx) -> Awaitable<Result<int>> {
        co_await tx.one(whoami);
        if (++runs < 3) throw pg::Retryable("test", "40001", "", "planted");
        co_return runs;
    });
    EXPECT_EQ(*result, 3);
}

}  // namespace
}  // namespace entrepot::test
