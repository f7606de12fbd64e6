// Use cases of compliance.
#include "modules/compliance/service.hpp"

#include <algorithm>

#include "modules/compliance/run.hpp"
#include "modules/compliance/store.hpp"

namespace entrepot::compliance {
namespace {
constexpr std::size_t search_length_max = 100;
constexpr std::int64_t history_length = 60;

std::vector<std::string> names_of_checks() {
    std::vector<std::string> out;
    for (const Check& check : checks()) out.emplace_back(check.name);
    return out;
}

std::map<std::string, std::int64_t> figures_of(const pg::Json& stored) {
    auto read = json::read_document<std::map<std::string, std::int64_t>>(stored.text);
    ensure(read.has_value(), "the figures of a stored result are not counts");
    return *std::move(read);
}

CheckView view_of(const Check& check, const store::LatestRow* row, Instant now) {
    CheckView out{};
    out.name = check.name;
    out.period_hours = check.period.count();
    const auto proof =
        row == nullptr ? std::nullopt : std::optional(Proof{row->state, row->checked_at});
    const Standing standing = compliance::standing(proof, check.period, now);
    out.state = standing.state;
    out.age = standing.age;
    if (row == nullptr) return out;
    out.found = row->state;
    out.code = row->code;
    out.figures = figures_of(row->figures);
    out.items = row->items;
    out.checked_at = row->checked_at;
    out.green_at = row->green_at;
    return out;
}

const CheckView& view_named(const std::vector<CheckView>& views, const std::string& name) {
    const auto found = std::ranges::find(views, name, &CheckView::name);
    ensure(found != views.end(), "the register names a check that there is not");
    return *found;
}

/// The moment at which the weakest of the checks was green for the last time.
std::optional<Instant> last_proven(const Promise& promise, const std::vector<CheckView>& views) {
    std::optional<Instant> oldest;
    if (promise.built() == Built::partly) return oldest;
    for (const std::string& name : promise.checks()) {
        const CheckView& view = view_named(views, name);
        if (!view.green_at) return std::nullopt;
        oldest = oldest ? std::min(*oldest, *view.green_at) : *view.green_at;
    }
    return oldest;
}

PromiseLine line_of(const Promise& promise, const std::vector<CheckView>& views) {
    std::vector<Standing> standings;
    for (const std::string& name : promise.checks()) {
        const CheckView& view = view_named(views, name);
        standings.push_back({view.state, view.age});
    }
    return {promise.id,
            promise.policy,
            promise.section,
            promise.section_title,
            promise.text,
            promise.seeds,
            state_of_promise(promise.built(), standings),
            promise.built() == Built::whole,
            promise.checks(),
            last_proven(promise, views)};
}

void count(StateCounts& counts, State state) {
    ++(state == State::green ? counts.green : state == State::amber ? counts.amber : counts.red);
}

bool has(std::string_view where, std::string_view lower) {
    return text::to_lower_ascii(where).find(lower) != std::string::npos;
}

bool is_found(const Promise& promise, std::string_view lower) {
    const auto is_number = [&](const std::string& each) {
        return text::equals_ignore_case(each, lower);
    };
    return has(promise.id, lower) || has(promise.text.en, lower) || has(promise.text.zh, lower) ||
           std::ranges::any_of(promise.seeds, is_number) ||
           std::ranges::any_of(promise.privacy, is_number);
}

PastResult past_of(const store::ResultRow& row) {
    return {row.check_name, row.state, row.code, figures_of(row.figures), row.checked_at};
}

Awaitable<std::vector<PastResult>> history_of(Context& ctx, std::vector<std::string> names,
                                              std::int64_t limit) {
    std::vector<PastResult> out;
    for (const store::ResultRow& row :
         co_await ctx.db().read(ctx.tenant, store::history, ctx.tenant, names, limit))
        out.push_back(past_of(row));
    co_return out;
}
}  // namespace

Awaitable<std::vector<CheckView>> check_views(Context& ctx) {
    const auto rows =
        co_await ctx.db().read(ctx.tenant, store::latest_results, ctx.tenant, names_of_checks());
    std::vector<CheckView> out;
    for (const Check& check : checks()) {
        const auto row = std::ranges::find(rows, check.name, &store::LatestRow::check_name);
        out.push_back(view_of(check, row == rows.end() ? nullptr : &*row, ctx.now()));
    }
    co_return out;
}

Awaitable<std::vector<PastResult>> past_results(Context& ctx, std::int64_t limit) {
    co_return co_await history_of(ctx, names_of_checks(), limit);
}

Awaitable<Result<Promises>> get_promises(Context& ctx, const PromisesQuery& in) {
    if (in.q && text::length(*in.q) > search_length_max)
        co_return field_error(entrepot::errors::invalid_fields, "/q", "too_long",
                              "at most 100 characters");
    const auto views = co_await check_views(ctx);
    const std::string lower = text::to_lower_ascii(text::trim(in.q.value_or("")));
    Promises out;
    for (const CheckView& view : views)
        if (view.checked_at)
            out.last_checked_at =
                std::max(out.last_checked_at.value_or(*view.checked_at), *view.checked_at);
    for (const Promise& promise : promise_register().promises()) {
        PromiseLine line = line_of(promise, views);
        count(out.counts, line.state);
        const bool wanted = (!in.state || *in.state == line.state) &&
                            (!in.policy || *in.policy == line.policy) &&
                            (lower.empty() || is_found(promise, lower));
        if (wanted) out.items.push_back(std::move(line));
    }
    co_return out;
}

Awaitable<Result<PromiseDetail>> get_promise(Context& ctx, const PromiseKey& in) {
    const Promise* promise = promise_register().find(in.promise);
    if (promise == nullptr)
        co_return make_error(entrepot::errors::not_found, "there is no such promise");
    const auto views = co_await check_views(ctx);
    PromiseDetail out{line_of(*promise, views), promise->privacy, {}, {}, {}};
    for (const Control* control : promise->controls)
        out.controls.push_back({control->id, control->text, control->unbuilt, control->checks});
    for (const std::string& name : promise->checks()) out.checks.push_back(view_named(views, name));
    if (!out.checks.empty())
        out.history = co_await history_of(ctx, promise->checks(), history_length);
    co_return out;
}

Awaitable<Result<Checked>> check_now(Context& ctx, const http::Nothing&) {
    Checked out{{}, {}, ctx.now()};
    for (const Found& each : co_await run_checks(ctx)) count(out.checks, each.finding.state);
    const auto views = co_await check_views(ctx);
    for (const Promise& promise : promise_register().promises())
        count(out.promises, line_of(promise, views).state);
    co_return out;
}

}  // namespace entrepot::compliance
