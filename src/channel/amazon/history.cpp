// waiting → creating → requested → ready → done. "creating" is written before the request is sent:
// whoever finds it later looks for the report before asking again, because asking is not
// idempotent.
#include "channel/amazon/history.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "channel/amazon/history_load.hpp"
#include "channel/amazon/marketplaces.hpp"
#include "channel/amazon/order_reader.hpp"
#include "channel/amazon/raw_reply.hpp"
#include "channel/amazon/sync_rules.hpp"
#include "platform/json/writer.hpp"

namespace entrepot::amazon {
namespace {
using std::chrono::seconds;
constexpr std::string_view reports_path = "/reports/2021-06-30/reports";
constexpr std::chrono::days look_back_max{731};
constexpr std::chrono::minutes visibility_lag{2};
constexpr std::int64_t failures_max = 12;
/// How often a report that was made and is gone again (Amazon keeps them 90 days) is asked for
/// anew.
constexpr std::int64_t gone_max = 3;
constexpr std::size_t fatal_words = 300;

struct CreateReport {
    std::string reportType;
    std::vector<std::string> marketplaceIds;
    std::string dataStartTime, dataEndTime;
};
BOOST_DESCRIBE_STRUCT(CreateReport, (), (reportType, marketplaceIds, dataStartTime, dataEndTime))

/// Where a report goes from here; written in one statement.
struct Move {
    ReportState state;
    std::optional<std::string> report_id, document_id;
    std::optional<Instant> asked_at;
    Instant next_poll_at;
    std::int64_t polls, failures;
    std::string detail;
};

Move stay(const store::ReportRow& row) {
    return {row.state,        row.report_id, row.document_id, row.asked_at,
            row.next_poll_at, row.polls,     row.failures,    row.detail};
}

Awaitable<void> write(Link& link, ShopId shop, const store::ReportRow& row, const Move& to) {
    Context& ctx = link.ctx;
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<bool>> {
        co_await tx.exec(store::move_report, ctx.tenant, shop, row.id, to.state, to.report_id,
                         to.document_id, to.asked_at, to.next_poll_at, to.polls, to.failures,
                         to.detail);
        co_return true;
    };
    (void)co_await ctx.db().transaction(ctx.tenant, body);
}

/// The report that was made is gone, or its number names another one now.
Awaitable<void> ask_again(Link& link, ShopId shop, const store::ReportRow& row,
                          const std::string& words) {
    if (row.failures >= gone_max) {
        co_await end_report(link, shop, row, ReportState::failed, words);
        co_return;
    }
    Move to = stay(row);
    to.state = ReportState::waiting;
    to.report_id = to.document_id = std::nullopt;
    to.next_poll_at = link.ctx.now() + seconds(1);
    to.failures = row.failures + 1;
    to.detail = words;
    co_await write(link, shop, row, to);
}

/// What a failed call means for a report. True when the whole account is affected, so that the
/// others need not try.
Awaitable<bool> failed(Link& link, const OpenedShop& opened, const store::ReportRow& row,
                       const Reply& reply, ReportState back_to) {
    const ShopId shop = opened.shop.id;
    Move to = stay(row);
    to.state = back_to;
    to.next_poll_at = link.ctx.now() + std::max<std::chrono::microseconds>(reply.wait, seconds(1));
    const Outcome outcome = reply.verdict.outcome;
    if (outcome == Outcome::unauthorised || outcome == Outcome::forbidden) {
        to.next_poll_at = co_await note_trouble(link, opened, reply);
        to.detail = reply.verdict.words;
        co_await write(link, shop, row, to);
        co_return true;
    }
    if (outcome == Outcome::not_found && row.report_id) {
        co_await ask_again(link, shop, row, reply.verdict.words);
        co_return false;
    }
    if (outcome == Outcome::bad_request || outcome == Outcome::not_found) {
        co_await end_report(link, shop, row, ReportState::failed, reply.verdict.words);
        co_return false;
    }
    if (outcome == Outcome::transient) {
        to.failures = row.failures + 1;
        to.detail = reply.verdict.words;
        if (to.failures >= failures_max) {
            co_await end_report(link, shop, row, ReportState::failed, reply.verdict.words);
            co_return false;
        }
    }
    co_await write(link, shop, row, to);
    co_return false;
}

Awaitable<void> keep(Link& link, ShopId shop, Operation operation, const Reply& reply,
                     const ReadReply& read) {
    Context& ctx = link.ctx;
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<bool>> {
        keep_reply(tx, ctx, shop, operation, reply.request_id, read);
        co_return true;
    };
    (void)co_await ctx.db().transaction(ctx.tenant, body);
}

Awaitable<void> requested(Link& link, ShopId shop, const store::ReportRow& row,
                          const std::string& report_id) {
    Move to = stay(row);
    to.state = ReportState::requested;
    to.report_id = report_id;
    to.asked_at = link.ctx.now();
    to.next_poll_at = link.ctx.now() + report_delay(0);
    // Failures are forgotten when the report is seen, not when it is promised.
    to.polls = 0;
    to.detail.clear();
    co_await write(link, shop, row, to);
}

Awaitable<bool> create(Link& link, const OpenedShop& opened, const Account& account,
                       const store::ReportRow& row) {
    const ShopId shop = opened.shop.id;
    Move asking = stay(row);
    asking.state = ReportState::creating;
    asking.asked_at = link.ctx.now();
    co_await write(link, shop, row, asking);
    link.step("creating");
    const CreateReport wish{std::string(history_report_type), row.marketplaces,
                            format_instant(row.from_at), format_instant(row.to_at)};
    const Call what{Operation::create_report, Priority::backfill, std::string(reports_path),
                    json::to_json(wish)};
    Reply reply = co_await call(link, account, what);
    link.step("created");
    if (!reply.ok()) {
        // Refused or never sent: nothing was made. Anything else may have been.
        const bool unknown = reply.verdict.outcome == Outcome::transient && reply.status == 0;
        store::ReportRow now = row;
        now.asked_at = asking.asked_at;
        co_return co_await failed(
            link, opened, now, reply,
            unknown || reply.status >= 500 ? ReportState::creating : ReportState::waiting);
    }
    const auto read = read_reply(std::move(reply.body));
    const std::string id = read ? text_at(member(&read->document, "reportId")) : std::string();
    if (id.empty()) co_return false;  // stays "creating": found again by looking
    co_await keep(link, shop, Operation::create_report, reply, *read);
    co_await requested(link, shop, row, id);
    co_return false;
}

bool near(const std::string& a, Instant b) {
    const auto moment = parse_instant(a);
    return moment && std::chrono::abs(*moment - b) < seconds(1);
}

/// The report that an earlier request made, if it did.
std::string match(const boost::json::value& document, const store::ReportRow& row) {
    for (const auto* entry : list_at(member(&document, "reports"))) {
        const auto one = read_report(*entry);
        if (!one || one->status == "CANCELLED" || one->status == "FATAL") continue;
        auto ours = row.marketplaces, theirs = one->marketplaces;
        std::sort(ours.begin(), ours.end());
        std::sort(theirs.begin(), theirs.end());
        const bool same_place = theirs.empty() || ours == theirs;
        if (one->type == history_report_type && near(one->data_start, row.from_at) &&
            near(one->data_end, row.to_at) && same_place)
            return one->report_id;
    }
    return {};
}

Awaitable<bool> look_for(Link& link, const OpenedShop& opened, const Account& account,
                         const store::ReportRow& row) {
    const Instant since = row.asked_at.value_or(link.ctx.now()) - std::chrono::hours(1);
    const Call what{Operation::get_reports,
                    Priority::backfill,
                    std::string(reports_path) + "?reportTypes=" + std::string(history_report_type) +
                        "&pageSize=100&createdSince=" + text::percent_encode(format_instant(since)),
                    {}};
    Reply reply = co_await call(link, account, what);
    if (!reply.ok()) co_return co_await failed(link, opened, row, reply, ReportState::creating);
    const auto read = read_reply(std::move(reply.body));
    const std::string id = read ? match(read->document, row) : std::string();
    if (id.empty()) co_return co_await create(link, opened, account, row);
    co_await requested(link, opened.shop.id, row, id);
    co_return false;
}

/// Words of a FATAL report's document; "" when there is none or it cannot be read.
Awaitable<std::string> fatal_reason(Link& link, const Account& account,
                                    const std::string& document_id) {
    if (document_id.empty()) co_return std::string();
    const auto document = co_await fetch_document(link, account, document_id);
    if (document.trouble) co_return std::string();
    const auto unpacked = unpack(document.bytes);
    const auto decoded = decode_text(unpacked.bytes, document.content_type, Charset::utf_8);
    co_return decoded ? clean(decoded->text, fatal_words) : std::string();
}

Awaitable<bool> poll(Link& link, const OpenedShop& opened, const Account& account,
                     const store::ReportRow& row) {
    const ShopId shop = opened.shop.id;
    const Call what{Operation::get_report,
                    Priority::backfill,
                    std::string(reports_path) + '/' + text::percent_encode(*row.report_id),
                    {}};
    Reply reply = co_await call(link, account, what);
    if (!reply.ok()) co_return co_await failed(link, opened, row, reply, row.state);
    const auto read = read_reply(std::move(reply.body));
    const auto report = read ? read_report(read->document) : std::nullopt;
    Move to = stay(row);
    to.polls = row.polls + 1;
    to.failures = 0;
    to.next_poll_at = link.ctx.now() + report_delay(to.polls);
    if (!report) {
        co_await write(link, shop, row, to);
        co_return false;
    }
    if ((!report->data_start.empty() && !near(report->data_start, row.from_at)) ||
        (!report->data_end.empty() && !near(report->data_end, row.to_at))) {
        co_await ask_again(link, shop, row,
                           "Amazon has a report of another time under this number.");
        co_return false;
    }
    if (report->status == "DONE" && !report->document_id.empty()) {
        co_await keep(link, shop, Operation::get_report, reply, *read);
        to.state = ReportState::ready;
        to.document_id = report->document_id;
        to.next_poll_at = link.ctx.now();
        co_await write(link, shop, row, to);
    } else if (report->status == "CANCELLED" || report->status == "DONE") {
        co_await end_report(
            link, shop, row, ReportState::empty,
            "Amazon has no data for this window, or was asked too often. If orders are "
            "missing, ask for this window again later.");
    } else if (report->status == "FATAL") {
        const std::string reason = co_await fatal_reason(link, account, report->document_id);
        co_await end_report(link, shop, row, ReportState::failed,
                            "Amazon could not make this report." +
                                (reason.empty() ? std::string() : " It said: " + reason));
    } else if (row.asked_at && link.ctx.now() - *row.asked_at > report_deadline) {
        co_await end_report(
            link, shop, row, ReportState::failed,
            "Amazon did not finish this report within six hours. Ask for this window "
            "again.");
    } else {
        // IN_QUEUE, IN_PROGRESS and words that are not yet known: look again.
        co_await write(link, shop, row, to);
    }
    co_return false;
}

Awaitable<bool> load(Link& link, const OpenedShop& opened, const Account& account,
                     const store::ReportRow& row) {
    const auto trouble = co_await load_report(link, opened, account, row);
    if (!trouble) co_return false;
    co_return co_await failed(link, opened, row, *trouble, row.state);
}

Awaitable<bool> advance(Link& link, const OpenedShop& opened, const Account& account,
                        const store::ReportRow& row) {
    switch (row.state) {
        case ReportState::waiting:
            co_return co_await create(link, opened, account, row);
        case ReportState::creating:
            co_return co_await look_for(link, opened, account, row);
        case ReportState::requested:
            co_return co_await poll(link, opened, account, row);
        case ReportState::ready:
            co_return co_await load(link, opened, account, row);
        case ReportState::done:
        case ReportState::empty:
        case ReportState::split:
        case ReportState::failed:
            co_return false;
    }
    co_return false;
}

Awaitable<std::vector<store::ReportRow>> open_reports(Context& ctx, ShopId shop) {
    co_return co_await ctx.db().read(ctx.tenant, store::open_reports, ctx.tenant, shop);
}

std::vector<std::vector<std::string>> by_charset(const std::vector<std::string>& marketplaces) {
    std::map<Charset, std::vector<std::string>> groups;
    for (const std::string& id : marketplaces) {
        const auto* known = find_marketplace(id);
        groups[known != nullptr ? known->charset : Charset::utf_8].push_back(id);
    }
    std::vector<std::vector<std::string>> out;
    for (auto& [charset, ids] : groups) out.push_back(std::move(ids));
    return out;
}
}  // namespace

Awaitable<Result<bool>> plan_history(Context& ctx, pg::Transaction& tx, const OpenedShop& opened,
                                     Date from, Date to) {
    const ShopId shop = opened.shop.id;
    const auto first = co_await tx.one(store::day_bounds, from, opened.shop.time_zone);
    const auto last = co_await tx.one(store::day_bounds, to, opened.shop.time_zone);
    const Instant latest = ctx.now() - visibility_lag;
    const Instant until = std::min(last.end_at, latest);
    if (from > to)
        co_return field_error(errors::range_not_allowed, "/to", "before_from",
                              "the last day lies before the first");
    if (first.begin_at >= until)
        co_return field_error(errors::range_not_allowed, "/from", "in_future",
                              "these days have not come yet");
    if (first.begin_at < ctx.now() - look_back_max)
        co_return field_error(errors::range_not_allowed, "/from", "too_old",
                              "Amazon keeps orders for two years; choose a later first day");
    if (!(co_await tx.rows(store::open_reports, ctx.tenant, shop)).empty())
        co_return make_error(errors::history_running,
                             "a history is being fetched; wait until it has ended");
    const Uuid batch = crypto::new_uuid(ctx.now());
    for (const Window& window : split_windows(first.begin_at, until))
        for (const auto& marketplaces : by_charset(opened.enabled()))
            tx.defer(store::insert_report, ctx.tenant, shop, ctx.new_id<ReportRowId>(), batch,
                     marketplaces, window.from, window.to, ctx.now());
    co_return true;
}

Awaitable<std::optional<Instant>> advance_history(Link& link, ShopId shop) {
    Context& ctx = link.ctx;
    const auto opened = co_await open_shop(ctx, shop);
    if (opened.has_error()) co_return std::nullopt;
    if (opened->shop.state != shops::ShopState::connected) co_return ctx.now() + poll_period;
    const auto account = co_await account_of(ctx, *opened);
    if (account.has_error()) co_return ctx.now() + poll_period;
    const auto reports = co_await open_reports(ctx, shop);
    for (const store::ReportRow& row : reports) {
        if (row.next_poll_at > ctx.now()) continue;
        if (co_await advance(link, *opened, *account, row)) break;
    }
    std::optional<Instant> next;
    for (const store::ReportRow& row : co_await open_reports(ctx, shop))
        next = next ? std::min(*next, row.next_poll_at) : row.next_poll_at;
    co_return next;
}

}  // namespace entrepot::amazon
