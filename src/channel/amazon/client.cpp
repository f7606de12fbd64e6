// Token cache, buckets, retry loop. Nothing here knows what an order is.
#include "channel/amazon/client.hpp"

#include <mutex>

#include "base/text.hpp"
#include "channel/amazon/document.hpp"
#include "channel/amazon/wire_json.hpp"
#include "platform/runtime/runtime.hpp"

namespace entrepot::amazon {
namespace {
using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::string_view user_agent = "Entrepot/0.1.0 (Language=C++; Platform=Linux)";
constexpr seconds token_margin{60};
constexpr int repeats_max = 3;
constexpr int bucket_waits_max = 4;
constexpr std::size_t reply_max = std::size_t{32} << 20;

/// A reply or what kept it from coming.
struct Sent {
    std::optional<EgressReply> reply;
    EgressFailure failure = EgressFailure::connect;
    std::string what;
};

Awaitable<Sent> send(Link& link, EgressRequest request) {
    Sent out;
    try {
        out.reply = co_await link.transport.send(std::move(request));
    } catch (const EgressError& error) {
        out.failure = error.kind;
        out.what = error.what();
    }
    co_return out;
}

Verdict judge_failure(const Sent& sent) {
    switch (sent.failure) {
        case EgressFailure::refused:
            return {Outcome::bad_request, errors::address_refused,
                    "This installation does not call that address: " + clean(sent.what, 200)};
        case EgressFailure::too_large:
            return {Outcome::bad_request, errors::bad_reply,
                    "Amazon's reply is larger than any reply may be."};
        case EgressFailure::connect:
        case EgressFailure::timeout:
        case EgressFailure::tls:
        case EgressFailure::truncated:
            break;
    }
    return {Outcome::transient, errors::unavailable,
            "Amazon could not be reached or its reply broke off: " + clean(sent.what, 200)};
}

// ---- access tokens

struct CachedToken {
    std::string token;
    Instant good_until{};
    bool being_fetched = false;
};

/// Access tokens of this process, by credentials. Guarded by one mutex that is never held while
/// waiting.
struct TokenCache {
    std::mutex mutex;
    std::map<std::string, CachedToken> tokens;
};
TokenCache& cache() {
    static TokenCache instance;
    return instance;
}

std::string cache_key(const Account& account) {
    return crypto::sha256_hex(account.token_url + '\n' + account.client_id + '\n' +
                              account.client_secret + '\n' + account.refresh_token);
}

/// The right to fetch, given back whatever happens.
struct FetchRight {
    std::string key;
    bool held = false;
    ~FetchRight() {
        if (!held) return;
        const std::lock_guard lock(cache().mutex);
        cache().tokens[key].being_fetched = false;
    }
};

struct TokenAnswer {
    std::string token;
    Verdict verdict;  ///< not ok: no token
};

std::string form(const Account& account) {
    return "grant_type=refresh_token&refresh_token=" + text::percent_encode(account.refresh_token) +
           "&client_id=" + text::percent_encode(account.client_id) +
           "&client_secret=" + text::percent_encode(account.client_secret);
}

Awaitable<TokenAnswer> fetch_token(Link& link, const Account& account, const std::string& key) {
    EgressRequest request;
    request.method = "POST";
    request.url = account.token_url;
    request.partner = "amazon.lwa";
    request.headers = {{"Content-Type", "application/x-www-form-urlencoded"},
                       {"Accept", "application/json"},
                       {"User-Agent", std::string(user_agent)}};
    request.body = form(account);
    request.body_max = std::size_t{256} << 10;
    TokenAnswer out;
    for (int repeat = 0;; ++repeat) {
        const Sent sent = co_await send(link, request);
        out.verdict =
            sent.reply ? judge_lwa(sent.reply->status, sent.reply->body) : judge_failure(sent);
        if (out.verdict.outcome == Outcome::ok) {
            const auto document = parse_wire(sent.reply->body);
            out.token = document ? text_at(member(&*document, "access_token")) : std::string();
            const auto life =
                document ? integer_at(member(&*document, "expires_in")) : std::nullopt;
            if (!out.token.empty()) {
                const std::lock_guard lock(cache().mutex);
                cache().tokens[key].token = out.token;
                cache().tokens[key].good_until =
                    link.ctx.now() + seconds(life.value_or(3600)) - token_margin;
                co_return out;
            }
            out.verdict = {Outcome::transient, errors::bad_reply,
                           "Login with Amazon gave a reply without a token."};
        }
        if (out.verdict.outcome != Outcome::transient || repeat == repeats_max) co_return out;
        co_await link.pause(back_off(repeat, milliseconds(500), seconds(8), crypto::random_u64()));
    }
}

/// One fetch at a time for the same credentials; the others wait for it.
Awaitable<TokenAnswer> access_token(Link& link, const Account& account) {
    FetchRight right{cache_key(account)};
    for (;;) {
        {
            const std::lock_guard lock(cache().mutex);
            CachedToken& known = cache().tokens[right.key];
            if (!known.token.empty() && link.ctx.now() < known.good_until)
                co_return TokenAnswer{known.token, {}};
            if (!known.being_fetched) known.being_fetched = right.held = true;
        }
        if (right.held) co_return co_await fetch_token(link, account, right.key);
        co_await Runtime::sleep_for(milliseconds(20));
    }
}

// ---- buckets

Limit limit_in_force(const Usage& usage, std::optional<std::int64_t> rate,
                     std::optional<std::int64_t> burst) {
    return {rate.value_or(usage.micro_per_second), burst.value_or(usage.burst)};
}

/// Hour of a usage count.
Instant hour_of(Instant at) {
    return std::chrono::floor<std::chrono::hours>(at);
}

struct Taken {
    microseconds wait{0};  ///< zero = the call may be made
    Limit limit{};
};

/// Takes a token, or tells how long to wait. The row lock makes it one at a time for all nodes.
Awaitable<Taken> take_token(Link& link, const Account& account, const Call& what) {
    Context& ctx = link.ctx;
    const Usage& usage = usage_of(what.operation);
    const std::string name(usage.name);
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<Taken>> {
        const Instant now = ctx.now();
        const pg::Bytes key{account.key};
        tx.defer(store::make_bucket, key, name, usage.burst * micro, now);
        const auto row = co_await tx.one(store::lock_bucket, key, name);
        Taken out;
        out.limit = limit_in_force(usage, row.plan_rate, row.plan_burst);
        Bucket bucket{row.micro_tokens, row.refilled_at, row.blocked_until};
        // A clock that was far ahead is no reason to wait for it; but it earns nothing either.
        if (bucket.refilled_at > now + std::chrono::minutes(10)) {
            bucket = {0, now, std::nullopt};
            tx.defer(store::empty_bucket, key, name, now);
        }
        out.wait = wait_for(bucket, out.limit, reserve_of(what.priority, out.limit.burst), now);
        if (out.wait.count() == 0) {
            tx.defer(store::set_bucket, key, name, tokens_at(bucket, out.limit, now) - micro,
                     std::max(now, bucket.refilled_at));
            if (account.shop)
                tx.defer(store::count_usage, ctx.tenant, *account.shop, name, hour_of(now),
                         std::int64_t{1}, std::int64_t{0});
        }
        co_return out;
    };
    auto taken = co_await ctx.db().transaction(ctx.tenant, body);
    ensure(taken.has_value(), "a bucket refused");
    co_return *taken;
}

Awaitable<void> note_throttled(Link& link, const Account& account, const Call& what,
                               microseconds wait) {
    Context& ctx = link.ctx;
    const std::string name(usage_of(what.operation).name);
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<bool>> {
        const Instant now = ctx.now();
        tx.defer(store::block_bucket, pg::Bytes{account.key}, name, now, now + wait);
        if (account.shop)
            tx.defer(store::count_usage, ctx.tenant, *account.shop, name, hour_of(now),
                     std::int64_t{0}, std::int64_t{1});
        co_return true;
    };
    (void)co_await ctx.db().transaction(ctx.tenant, body);
}

/// How long a call may wait inside itself before it is given back.
microseconds patience(Priority priority) {
    return priority == Priority::user ? seconds(3) : seconds(2);
}

EgressRequest request_of(const Account& account, const Call& what, const std::string& token) {
    EgressRequest request;
    request.method = what.body.empty() ? "GET" : "POST";
    request.url = account.api_base + what.path;
    request.partner = "amazon.api";
    request.headers = {{"x-amz-access-token", token},
                       {"Accept", "application/json"},
                       {"User-Agent", std::string(user_agent)}};
    if (!what.body.empty()) request.headers.emplace_back("Content-Type", "application/json");
    request.body = what.body;
    request.body_max = reply_max;
    return request;
}

Reply reply_of(Sent&& sent) {
    Reply out;
    if (!sent.reply) {
        out.verdict = judge_failure(sent);
        return out;
    }
    out.status = sent.reply->status;
    out.request_id = clean(sent.reply->header("x-amzn-requestid"), 100);
    out.content_type = std::string(sent.reply->header("content-type"));
    out.verdict = judge_api(out.status, sent.reply->body);
    out.body = std::move(sent.reply->body);
    return out;
}

Reply refused_by_lwa(const Verdict& verdict, std::int64_t failures) {
    Reply out;
    out.verdict = verdict;
    out.wait = back_off(failures, seconds(30), std::chrono::minutes(15), crypto::random_u64());
    return out;
}

/// Waits for a bucket token; nothing when the call may go on.
Awaitable<std::optional<Reply>> admit(Link& link, const Account& account, const Call& what,
                                      Limit& limit) {
    for (int waits = 0;; ++waits) {
        const Taken taken = co_await take_token(link, account, what);
        limit = taken.limit;
        if (taken.wait.count() == 0) co_return std::nullopt;
        if (waits == bucket_waits_max || taken.wait > patience(what.priority)) {
            Reply out;
            out.verdict = {Outcome::throttled, errors::throttled,
                           "The quota of " + std::string(usage_of(what.operation).name) +
                               " is used up; it refills by itself."};
            out.wait = taken.wait;
            co_return out;
        }
        co_await link.pause(taken.wait);
    }
}
}  // namespace

void forget_token(const Account& account) {
    const std::lock_guard lock(cache().mutex);
    cache().tokens[cache_key(account)].token.clear();
}

Awaitable<Reply> call(Link& link, const Account& account, const Call& what) {
    bool refreshed = false;
    for (int repeat = 0;;) {
        const TokenAnswer token = co_await access_token(link, account);
        if (token.verdict.outcome != Outcome::ok)
            co_return refused_by_lwa(token.verdict, account.failures);
        Limit limit{};
        if (auto held_back = co_await admit(link, account, what, limit))
            co_return std::move(*held_back);
        Reply reply = reply_of(co_await send(link, request_of(account, what, token.token)));
        switch (reply.verdict.outcome) {
            case Outcome::forbidden:
                if (refreshed) co_return reply;
                refreshed = true;
                forget_token(account);
                break;
            case Outcome::throttled:
                reply.wait = throttle_wait(limit, account.failures, crypto::random_u64());
                co_await note_throttled(link, account, what, reply.wait);
                co_return reply;
            case Outcome::transient:
                reply.wait = back_off(account.failures, seconds(30), std::chrono::minutes(15),
                                      crypto::random_u64());
                if (!what.body.empty() || repeat == repeats_max) co_return reply;
                co_await link.pause(
                    back_off(repeat, milliseconds(500), seconds(8), crypto::random_u64()));
                ++repeat;
                break;
            case Outcome::ok:
            case Outcome::unauthorised:
            case Outcome::not_found:
            case Outcome::bad_request:
                co_return reply;
        }
    }
}

Awaitable<Reply> download(Link& link, const std::string& url) {
    EgressRequest request;
    request.url = url;
    request.partner = "amazon.document";
    request.headers = {{"User-Agent", std::string(user_agent)}};
    request.timeout = std::chrono::minutes(5);
    request.body_max = document_bytes_max;
    for (int repeat = 0;; ++repeat) {
        Reply reply = reply_of(co_await send(link, request));
        reply.wait = back_off(repeat, seconds(30), std::chrono::minutes(15), crypto::random_u64());
        if (reply.verdict.outcome != Outcome::transient || repeat == repeats_max) co_return reply;
        co_await link.pause(back_off(repeat, milliseconds(500), seconds(8), crypto::random_u64()));
    }
}

Error error_of(const Reply& reply) {
    Error error = make_error(reply.verdict.code, reply.verdict.words);
    if (reply.wait.count() > 0)
        error.retry_after_s = static_cast<int>(std::chrono::ceil<seconds>(reply.wait).count());
    return error;
}

}  // namespace entrepot::amazon
