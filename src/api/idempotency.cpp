// Keys live in platform.idempotency_key for a day.
#include "api/idempotency.hpp"

#include "api/dispatcher.hpp"

namespace entrepot::api {
namespace {
constexpr auto key_life = std::chrono::hours(24);
constexpr std::size_t key_length_max = 200;
constexpr auto running_max = std::chrono::minutes(2);

struct StoredRow {
    std::string route;
    pg::Bytes request_hash;
    Instant created_at;
    std::optional<std::int64_t> status;
    std::optional<pg::Json> response;
};
BOOST_DESCRIBE_STRUCT(StoredRow, (), (route, request_hash, created_at, status, response))

const pg::Statement<void(TenantId, std::string, Instant)> drop_expired{
    "platform.drop_idempotency_key",
    "delete from platform.idempotency_key where tenant_id = $1 and key = $2 and created_at < $3"};
const pg::Statement<void(TenantId, std::string, std::string, pg::Bytes, Instant)> claim{
    "platform.claim_idempotency_key", R"sql(
    insert into platform.idempotency_key (tenant_id, key, route, request_hash, created_at) values ($1, $2, $3, $4, $5)
    on conflict (tenant_id, key) do nothing
)sql"};
const pg::Statement<StoredRow(TenantId, std::string)> stored{
    "platform.stored_idempotency_key",
    "select route, request_hash, created_at, status, response from platform.idempotency_key where "
    "tenant_id = $1 and key = $2"};
const pg::Statement<void(TenantId, std::string, std::int64_t, pg::Json)> finish{
    "platform.finish_idempotency_key",
    "update platform.idempotency_key set status = $3, response = $4 where tenant_id = $1 and key = "
    "$2"};
const pg::Statement<void(TenantId, std::string)> forget{
    "platform.forget_idempotency_key",
    "delete from platform.idempotency_key where tenant_id = $1 and key = $2"};

// The log is written in order: whoever makes the act itself durable makes its claim durable with
// it, and a claim or an answer that is lost with a crash leaves at most a key that says "ended
// without an answer". So the two commits around the act wait for no disk.
const pg::Statement<void()> commit_lightly{"platform.idempotency_commit_lightly",
                                           "set local synchronous_commit = off"};

pg::Bytes hash_of(const IdempotentCall& call) {
    const auto digest = crypto::sha256(call.body);
    return pg::Bytes{std::string(reinterpret_cast<const char*>(digest.data()), digest.size())};
}
}  // namespace

Awaitable<Result<std::optional<http::Response>>> begin_idempotent(Context& ctx,
                                                                  const IdempotentCall& call) {
    using Answer = Result<std::optional<http::Response>>;
    if (call.key.size() > key_length_max)
        co_return field_error(entrepot::errors::invalid_fields, "/idempotency-key", "too_long",
                              "at most 200 characters");
    auto body = [&](pg::Transaction& tx) -> Awaitable<Answer> {
        tx.defer(commit_lightly);
        tx.defer(drop_expired, ctx.tenant, call.key, ctx.now() - key_life);
        if (co_await tx.exec(claim, ctx.tenant, call.key, call.route, hash_of(call), ctx.now()) ==
            1)
            co_return std::optional<http::Response>();
        const StoredRow row = co_await tx.one(stored, ctx.tenant, call.key);
        if (row.route != call.route || row.request_hash.data != hash_of(call).data)
            co_return make_error(errors::idempotency_key_reused,
                                 "this Idempotency-Key was used for another request");
        if (!row.status) {
            const bool lost = ctx.now() - row.created_at > running_max;
            co_return make_error(errors::idempotency_in_progress,
                                 lost ? "the first request with this key ended without an answer; "
                                        "read back what it did before a new key is used"
                                      : "the first request with this key is still running");
        }
        http::Response response;
        response.status = static_cast<int>(*row.status);
        response.body = row.response->text;
        response.headers.emplace_back("idempotency-replayed", "true");
        co_return std::optional(std::move(response));
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body);
}

Awaitable<void> finish_idempotent(Context& ctx, const IdempotentCall& call, int status,
                                  const std::string& text) {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<bool>> {
        tx.defer(commit_lightly);
        co_await tx.exec(finish, ctx.tenant, call.key, std::int64_t{status},
                         pg::Json{text.empty() ? "null" : text});
        co_return true;
    };
    (void)co_await ctx.db().transaction(ctx.tenant, body);
}

Awaitable<void> forget_idempotent(Context& ctx, const IdempotentCall& call) {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<bool>> {
        tx.defer(commit_lightly);
        co_await tx.exec(forget, ctx.tenant, call.key);
        co_return true;
    };
    (void)co_await ctx.db().transaction(ctx.tenant, body);
}

}  // namespace entrepot::api
