// Runs and pages. A page's orders, its raw reply and the token of the next one commit together; the
// watermark moves with the last page.
#include "channel/amazon/sync.hpp"

#include "channel/amazon/order_reader.hpp"
#include "channel/amazon/raw_reply.hpp"
#include "channel/amazon/sync_rules.hpp"
#include "platform/telemetry/log.hpp"

namespace entrepot::amazon {
namespace {
constexpr std::int64_t restarts_max = 3;
constexpr std::int64_t pages_max = 5000;
/// One turn ends after so many pages, so that other jobs of the tenant have theirs.
constexpr int pages_in_turn = 200;
/// When Amazon does not say until when its answer holds.
constexpr std::chrono::minutes unstated_lag{3};

/// How a turn of a run ended.
struct TurnEnd {
    bool finished = false;
    std::optional<Reply> trouble;  ///< neither: there is more to do
};

Reply own_trouble(Outcome outcome, ErrorCode code, std::string words, const Reply& about,
                  std::int64_t failures) {
    Reply out;
    out.verdict = {outcome, code, std::move(words)};
    out.status = about.status;
    out.request_id = about.request_id;
    out.wait = back_off(failures, std::chrono::seconds(30), std::chrono::minutes(15),
                        crypto::random_u64());
    return out;
}

Awaitable<std::optional<store::RunRow>> load_run(Context& ctx, ShopId shop, RunId id) {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<std::optional<store::RunRow>>> {
        co_return co_await tx.maybe(store::run_by_id, ctx.tenant, shop, id);
    };
    auto row = co_await ctx.db().transaction(ctx.tenant, body, pg::Access::read_only);
    co_return *row;
}

/// The open poll of a shop, or a new one from the marks; nothing when no marketplace is enabled.
Awaitable<std::optional<store::RunRow>> poll_to_run(Context& ctx, const OpenedShop& opened) {
    const auto enabled = opened.enabled();
    if (enabled.empty()) co_return std::nullopt;
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<std::optional<store::RunRow>>> {
        const ShopId shop = opened.shop.id;
        auto open = co_await tx.maybe(store::open_run, ctx.tenant, shop, RunKind::poll);
        if (open) co_return open;
        for (const std::string& id : enabled)
            tx.defer(store::add_mark, ctx.tenant, shop, id,
                     opened.row.connected_at - first_look_back);
        std::vector<Mark> marks;
        for (auto& row : co_await tx.rows(store::marks_of, ctx.tenant, shop, enabled))
            marks.push_back({std::move(row.marketplace_id), row.reached});
        const Turn turn = next_turn(marks);
        const auto id = ctx.new_id<RunId>();
        tx.defer(store::insert_run, ctx.tenant, shop, id, RunKind::poll, turn.marketplaces,
                 turn.lower - poll_overlap, std::nullopt, ctx.now());
        co_return co_await tx.maybe(store::run_by_id, ctx.tenant, shop, id);
    };
    auto run = co_await ctx.db().transaction(ctx.tenant, body);
    co_return *run;
}

Awaitable<void> restart(Context& ctx, ShopId shop, const store::RunRow& run) {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<bool>> {
        co_await tx.exec(store::restart_run, ctx.tenant, shop, run.id, run.pages);
        co_return true;
    };
    (void)co_await ctx.db().transaction(ctx.tenant, body);
}

Awaitable<void> give_up(Context& ctx, ShopId shop, const store::RunRow& run,
                        const std::string& words) {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<bool>> {
        co_await tx.exec(store::fail_run, ctx.tenant, shop, run.id, words, ctx.now());
        co_return true;
    };
    (void)co_await ctx.db().transaction(ctx.tenant, body);
}

Search search_of(const store::RunRow& run) {
    return {run.marketplaces, run.lower_at, run.upper_at, run.kind == RunKind::day};
}

/// A page that was read, ready to be taken in.
struct PageIn {
    const Reply& reply;
    const ReadReply& read;
    const OrdersPage& page;
    Next next;
};

/// The bound that this run has reached with its last page.
Instant bound_of(const store::RunRow& run, const OrdersPage& page) {
    Instant bound = page.last_updated_before.value_or(run.started_at - unstated_lag);
    if (run.bound_at) bound = std::min(bound, *run.bound_at);
    return bound;
}

/// Orders, raw reply, progress and, with the last page, the watermark: all or nothing. False when
/// another node was faster.
Awaitable<bool> take_page_in(Link& link, const OpenedShop& opened, const store::RunRow& run,
                             const PageIn& in) {
    Context& ctx = link.ctx;
    const ShopId shop = opened.shop.id;
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<bool>> {
        const orders::IngestSource source{
            shop, "amazon", "searchOrders", in.reply.request_id, ctx.now(), std::nullopt};
        orders::IngestOutcome outcome;
        if (!in.page.orders.empty())
            outcome = co_await orders::ingest(ctx, tx, source, in.page.orders);
        auto seen = run.seen_tokens;
        const bool more = in.next == Next::follow;
        if (more) seen.push_back(token_digest(in.page.next_token));
        const auto moved = co_await tx.exec(store::advance_run, ctx.tenant, shop, run.id, run.pages,
                                            more ? std::optional(in.page.next_token) : std::nullopt,
                                            seen, static_cast<std::int64_t>(in.page.orders.size()),
                                            outcome.created + outcome.changed,
                                            in.page.last_updated_before, ctx.now());
        if (moved == 0)
            co_return make_error(entrepot::errors::conflict, "another node has taken this page in");
        keep_reply(tx, ctx, shop, Operation::search_orders, in.reply.request_id, in.read);
        if (!more) {
            tx.defer(store::finish_run, ctx.tenant, shop, run.id, ctx.now());
            if (run.kind == RunKind::poll)
                tx.defer(store::move_marks, ctx.tenant, shop, run.marketplaces,
                         bound_of(run, in.page));
        }
        link.step(step::before_commit);
        co_return true;
    };
    const auto done = co_await ctx.db().transaction(ctx.tenant, body);
    ensure(done.has_value() || done.error().code == entrepot::errors::conflict,
           "a page could not be taken in");
    co_return done.has_value();
}

/// Asks for one page and takes it in. `run` is loaded again by the caller.
Awaitable<TurnEnd> one_page(Link& link, const OpenedShop& opened, const Account& account,
                            const store::RunRow& run, Priority priority) {
    Context& ctx = link.ctx;
    link.step(step::before_call);
    const Call what{Operation::search_orders,
                    priority,
                    search_path(search_of(run), run.page_token.value_or("")),
                    {}};
    Reply reply = co_await call(link, account, what);
    link.step(step::after_call);
    if (!reply.ok()) {
        // A token that is refused has expired or was mangled: begin again, a few times.
        const bool token_refused =
            reply.verdict.outcome == Outcome::bad_request && run.page_token.has_value();
        if (!token_refused || run.restarts >= restarts_max) co_return TurnEnd{false, reply};
        co_await restart(ctx, opened.shop.id, run);
        co_return TurnEnd{};
    }
    const auto read = read_reply(std::move(reply.body));
    const auto page = read ? read_orders_page(read->document) : std::nullopt;
    if (!page)
        co_return TurnEnd{false, own_trouble(Outcome::transient, errors::bad_reply,
                                             "Amazon's reply is not a page of orders; the call is "
                                             "repeated later.",
                                             reply, account.failures)};
    const Next next = after_page(page->next_token, run.seen_tokens);
    if (next == Next::loop || run.pages >= pages_max) {
        const std::string words =
            "Amazon's page tokens went in a circle; the search begins again from the last good "
            "point.";
        co_await give_up(ctx, opened.shop.id, run, words);
        co_return TurnEnd{false, own_trouble(Outcome::transient, errors::page_token_repeated, words,
                                             reply, account.failures)};
    }
    if (page->unusable > 0)
        log::warning("amazon_orders_unusable",
                     {{"shop", opened.shop.id.text()}, {"orders", page->unusable}});
    const bool taken = co_await take_page_in(link, opened, run, {reply, *read, *page, next});
    link.step(step::after_page);
    co_return TurnEnd{taken && next == Next::done, std::nullopt};
}

Awaitable<TurnEnd> run_pages(Link& link, const OpenedShop& opened, const Account& account, RunId id,
                             Priority priority) {
    for (int page = 0; page < pages_in_turn; ++page) {
        const auto run = co_await load_run(link.ctx, opened.shop.id, id);
        if (!run || run->state != RunState::running) co_return TurnEnd{true, std::nullopt};
        if (run->token_at && token_has_expired(*run->token_at, link.ctx.now())) {
            co_await restart(link.ctx, opened.shop.id, *run);
            continue;
        }
        const TurnEnd end = co_await one_page(link, opened, account, *run, priority);
        if (end.finished || end.trouble) co_return end;
    }
    co_return TurnEnd{};
}

Awaitable<Instant> note_success(Context& ctx, const OpenedShop& opened) {
    const Instant next = ctx.now() + poll_period;
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<bool>> {
        tx.defer(store::note_good, ctx.tenant, opened.shop.id, ctx.now(), next);
        shops::note_synced(tx, opened.shop.id, ctx.now());
        co_return true;
    };
    (void)co_await ctx.db().transaction(ctx.tenant, body);
    co_return next;
}

Reply locked_out(const Error& error) {
    Reply out;
    // A keyd that is away for a moment says nothing about the credentials.
    out.verdict = {
        error.code == keys::errors::unavailable ? Outcome::transient : Outcome::unauthorised,
        error.code, error.detail};
    return out;
}

std::string outcome_word(const orders::IngestOutcome& outcome) {
    if (outcome.created > 0) return "created";
    if (outcome.changed > 0) return "changed";
    return outcome.stale > 0 ? "stale" : "unchanged";
}
}  // namespace

Awaitable<std::optional<Instant>> sync_shop(Link& link, ShopId shop) {
    Context& ctx = link.ctx;
    const auto opened = co_await open_shop(ctx, shop);
    if (opened.has_error()) co_return std::nullopt;
    if (opened->shop.state != shops::ShopState::connected) co_return ctx.now() + poll_period;
    const auto account = co_await account_of(ctx, *opened);
    if (account.has_error())
        co_return co_await note_trouble(link, *opened, locked_out(account.error()));
    const auto run = co_await poll_to_run(ctx, *opened);
    if (!run) co_return co_await note_success(ctx, *opened);
    const TurnEnd end = co_await run_pages(link, *opened, *account, run->id, Priority::poll);
    if (end.trouble) {
        // What Amazon does not accept is not asked again in the same form: the next turn makes a
        // new run of what is enabled then.
        if (end.trouble->verdict.outcome == Outcome::bad_request)
            co_await give_up(ctx, shop, *run, end.trouble->verdict.words);
        co_return co_await note_trouble(link, *opened, *end.trouble);
    }
    if (!end.finished) co_return ctx.now();
    co_return co_await note_success(ctx, *opened);
}

Awaitable<std::optional<Instant>> sync_days(Link& link, ShopId shop) {
    Context& ctx = link.ctx;
    const auto opened = co_await open_shop(ctx, shop);
    if (opened.has_error()) co_return std::nullopt;
    if (opened->shop.state != shops::ShopState::connected) co_return ctx.now() + poll_period;
    const auto account = co_await account_of(ctx, *opened);
    if (account.has_error())
        co_return co_await note_trouble(link, *opened, locked_out(account.error()));
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<std::optional<store::RunRow>>> {
        co_return co_await tx.maybe(store::open_run, ctx.tenant, shop, RunKind::day);
    };
    const auto run = co_await ctx.db().transaction(ctx.tenant, body, pg::Access::read_only);
    if (!*run) co_return std::nullopt;
    const TurnEnd end = co_await run_pages(link, *opened, *account, (*run)->id, Priority::user);
    if (!end.trouble) co_return ctx.now();
    const Outcome outcome = end.trouble->verdict.outcome;
    if (outcome != Outcome::throttled && outcome != Outcome::transient)
        co_await give_up(ctx, shop, **run, end.trouble->verdict.words);
    co_return co_await note_trouble(link, *opened, *end.trouble);
}

Awaitable<Result<PulledOrder>> pull_order(Link& link, ShopId shop, const std::string& order_id,
                                          Priority priority) {
    Context& ctx = link.ctx;
    CO_TRY(const OpenedShop opened, co_await open_shop(ctx, shop));
    if (opened.shop.state != shops::ShopState::connected)
        co_return make_error(errors::shop_not_connected,
                             "the shop is paused or its credentials are refused");
    CO_TRY(const Account account, co_await account_of(ctx, opened));
    const Call what{Operation::get_order, priority, order_path(order_id), {}};
    Reply reply = co_await call(link, account, what);
    if (!reply.ok()) {
        // What is wrong with the account shows on the health page too; what is wrong with this
        // number does not.
        if (reply.verdict.outcome == Outcome::unauthorised ||
            reply.verdict.outcome == Outcome::forbidden)
            co_await note_trouble(link, opened, reply);
        co_return error_of(reply);
    }
    const auto read = read_reply(std::move(reply.body));
    auto order = read ? read_order_reply(read->document) : std::nullopt;
    if (!order) co_return make_error(errors::bad_reply, "Amazon's reply is not an order");
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<PulledOrder>> {
        const orders::IngestSource source{shop,      "amazon",    "getOrder", reply.request_id,
                                          ctx.now(), std::nullopt};
        const std::vector<orders::IncomingOrder> batch{*order};
        const auto outcome = co_await orders::ingest(ctx, tx, source, batch);
        keep_reply(tx, ctx, shop, Operation::get_order, reply.request_id, *read);
        tx.defer(store::insert_ended_run, ctx.tenant, shop, ctx.new_id<RunId>(), RunKind::order,
                 RunState::done, ctx.now(), std::int64_t{1}, std::int64_t{1},
                 outcome.created + outcome.changed, order->channel_order_id);
        co_return PulledOrder{order->channel_order_id, outcome_word(outcome), reply.request_id};
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body);
}

}  // namespace entrepot::amazon
