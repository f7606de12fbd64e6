// The one way in: a batch of orders as a channel sees them becomes ours.
#include "modules/orders/ingest.hpp"

#include <algorithm>
#include <deque>
#include <unordered_map>
#include <unordered_set>

#include "base/text.hpp"
#include "modules/catalog/catalog.hpp"
#include "modules/orders/event.hpp"
#include "modules/orders/ingest_store.hpp"
#include "modules/shops/shops.hpp"
#include "platform/audit/audit.hpp"
#include "platform/json/writer.hpp"

namespace entrepot::orders {
namespace {

constexpr std::size_t batch_max = 1000;
constexpr int passes_max = 5;

/// One order of the batch with what is decided about it.
struct Draft {
    const IncomingOrder* incoming;
    std::string hash;
    const StoredOrder* stored = nullptr;
    OrderId id{};
    Sums sums;
    std::vector<Problem> problems;
};

/// The newest version of each order, by number. Texts that PostgreSQL cannot hold are repaired into
/// `repaired_texts`.
std::vector<Draft> newest_of_each(const std::vector<IncomingOrder>& batch,
                                  std::deque<IncomingOrder>& repaired_texts) {
    std::vector<const IncomingOrder*> orders;
    std::vector<std::size_t> sequence(batch.size());
    for (std::size_t i = 0; i < batch.size(); ++i) {
        ensure(!batch[i].channel_order_id.empty(), "an order without a number");
        auto whole = repaired(batch[i]);
        orders.push_back(whole ? &repaired_texts.emplace_back(std::move(*whole)) : &batch[i]);
        sequence[i] = i;
    }
    std::sort(sequence.begin(), sequence.end(), [&](std::size_t a, std::size_t b) {
        return std::tie(orders[a]->channel_order_id, orders[a]->channel_updated_at, a) <
               std::tie(orders[b]->channel_order_id, orders[b]->channel_updated_at, b);
    });
    std::vector<Draft> out;
    out.reserve(orders.size());
    for (const std::size_t i : sequence) {
        const IncomingOrder* order = orders[i];
        if (!out.empty() && out.back().incoming->channel_order_id == order->channel_order_id)
            out.pop_back();
        out.push_back({order, {}, nullptr, {}, {}, {}});
    }
    for (Draft& draft : out) draft.hash = content_hash(*draft.incoming);
    return out;
}

/// One run over drafts; those that another transaction stored meanwhile are left for the next run.
class Pass {
public:
    Pass(Context& ctx, pg::Transaction& tx, const IngestSource& source, IngestOutcome& outcome,
         Known known = Known::maybe)
        : ctx_(ctx), tx_(tx), source_(source), outcome_(outcome), now_(ctx.now()), known_(known) {}

    Awaitable<std::vector<Draft>> run(std::vector<Draft> drafts);
    /// The half after the look at what is stored: evaluates and writes.
    Awaitable<std::vector<Draft>> write(std::vector<Draft> drafts);
    const std::vector<OrderId>& written() const { return written_ids_; }
    const std::vector<OrderId>& moved() const { return moved_ids_; }
    /// Exceptions that this pass found.
    std::int64_t opened() const { return static_cast<std::int64_t>(opened_.size()); }

private:
    std::vector<Draft> drop_what_is_known(std::vector<Draft> drafts);
    Awaitable<void> load_what_changes(const std::vector<Draft>& drafts);
    Awaitable<catalog::MappingTable> mappings_for(const std::vector<Draft>& drafts);
    Awaitable<std::vector<Draft>> store_headers(std::vector<Draft>& drafts);
    void store_rest(const std::vector<Draft>& drafts, const catalog::MappingTable& mappings);
    void collect_lines(const Draft& draft, const catalog::MappingTable& mappings);
    void collect_packages(const Draft& draft);
    void collect_exceptions(const Draft& draft);
    void collect_history(const Draft& draft);
    void add_history(OrderId order, std::string kind, std::string from, std::string to);
    std::int64_t open_after(const Draft& draft) const;

    Context& ctx_;
    pg::Transaction& tx_;
    const IngestSource& source_;
    IngestOutcome& outcome_;
    Instant now_;
    Known known_;
    std::vector<StoredOrder> stored_;
    std::unordered_map<Uuid, std::vector<StoredLine>> stored_lines_;
    std::unordered_map<Uuid, std::vector<StoredException>> stored_exceptions_;
    std::vector<OrderId> written_ids_, moved_ids_;
    std::vector<LineToWrite> new_lines_, lines_;
    std::vector<StoredLine> gone_lines_;
    std::vector<PackageToWrite> packages_;
    std::vector<ExceptionToOpen> opened_;
    std::vector<StoredException> resolved_;
    std::vector<HistoryToWrite> history_;
};

std::vector<Draft> Pass::drop_what_is_known(std::vector<Draft> drafts) {
    std::unordered_map<std::string_view, const StoredOrder*> by_number;
    for (const StoredOrder& stored : stored_) by_number.emplace(stored.channel_order_id, &stored);
    std::vector<Draft> out;
    out.reserve(drafts.size());
    std::vector<OrderId> same;
    std::vector<Instant> same_at;
    for (Draft& draft : drafts) {
        const auto found = by_number.find(draft.incoming->channel_order_id);
        draft.stored = found == by_number.end() ? nullptr : found->second;
        if (draft.stored == nullptr) {
            draft.id = ctx_.new_id<OrderId>();
            out.push_back(std::move(draft));
            continue;
        }
        draft.id = draft.stored->id;
        const Instant at = draft.incoming->channel_updated_at;
        if (at < draft.stored->channel_updated_at) {
            ++outcome_.stale;
        } else if (draft.hash == draft.stored->content_hash.data) {
            ++outcome_.unchanged;
            if (at == draft.stored->channel_updated_at) continue;
            // Without this a version between the two would be believed when it arrives late.
            same.push_back(draft.id);
            same_at.push_back(at);
        } else {
            out.push_back(std::move(draft));
        }
    }
    note_channel_times(tx_, same, same_at);
    return out;
}

Awaitable<catalog::MappingTable> Pass::mappings_for(const std::vector<Draft>& drafts) {
    std::unordered_set<std::string> distinct;
    for (const Draft& draft : drafts)
        for (const IncomingLine& line : draft.incoming->lines)
            if (line.kind == LineKind::goods) distinct.insert(line.seller_sku);
    const std::vector<std::string> seller_skus(distinct.begin(), distinct.end());
    co_return co_await catalog::mappings_of(tx_, source_.shop, seller_skus);
}

/// Open exceptions after this version: those of its problems that nobody has dismissed.
std::int64_t Pass::open_after(const Draft& draft) const {
    auto open = static_cast<std::int64_t>(draft.problems.size());
    const auto known = stored_exceptions_.find(draft.id.value);
    if (known == stored_exceptions_.end()) return open;
    for (const StoredException& e : known->second)
        if (e.state == "dismissed" && has_problem(draft.problems, e.kind, e.subject)) --open;
    return open;
}

Awaitable<std::vector<Draft>> Pass::store_headers(std::vector<Draft>& drafts) {
    std::vector<OrderToWrite> rows;
    rows.reserve(drafts.size());
    for (const Draft& draft : drafts) {
        const auto from =
            draft.stored == nullptr ? std::nullopt : std::optional(draft.stored->state);
        rows.push_back({draft.id, draft.incoming, move_to(from, draft.incoming->state).state,
                        draft.sums, open_after(draft), draft.hash,
                        draft.stored == nullptr ? 1 : draft.stored->version + 1});
    }
    const auto ids = co_await write_orders(tx_, source_, now_, rows, known_);
    std::vector<Draft> raced;
    if (ids.size() == drafts.size()) co_return raced;
    const std::unordered_set<Uuid> written = [&] {
        std::unordered_set<Uuid> set;
        for (const OrderId id : ids) set.insert(id.value);
        return set;
    }();
    std::vector<Draft> kept;
    for (Draft& draft : drafts)
        (written.contains(draft.id.value) ? kept : raced).push_back(std::move(draft));
    drafts = std::move(kept);
    co_return raced;
}

/// Lines keep their number as long as the channel keeps their id, so that whatever points at a line
/// keeps pointing at it.
void Pass::collect_lines(const Draft& draft, const catalog::MappingTable& mappings) {
    std::unordered_map<std::string_view, std::deque<std::int64_t>> known;
    std::int64_t last = 0;
    std::vector<StoredLine> none;
    const auto found = stored_lines_.find(draft.id.value);
    const auto& stored = found == stored_lines_.end() ? none : found->second;
    for (const StoredLine& line : stored) {
        known[line.channel_line_id].push_back(line.line_no);
        last = std::max(last, line.line_no);
    }
    std::unordered_set<std::int64_t> used;
    for (const IncomingLine& line : draft.incoming->lines) {
        std::int64_t number = 0;
        auto& free = known[line.channel_line_id];
        if (free.empty()) {
            number = ++last;
        } else {
            number = free.front();
            free.pop_front();
        }
        used.insert(number);
        const auto sku = line.kind == LineKind::goods
                             ? mappings.find(line.seller_sku, draft.incoming->ordered_at)
                             : std::nullopt;
        (draft.stored == nullptr ? new_lines_ : lines_)
            .push_back({draft.id, draft.incoming->ordered_at, number, &line, sku});
    }
    for (const StoredLine& line : stored)
        if (!used.contains(line.line_no)) gone_lines_.push_back(line);
}

void Pass::collect_packages(const Draft& draft) {
    const auto& packages = draft.incoming->packages;
    for (std::size_t i = 0; i < packages.size(); ++i) {
        const bool said_again = std::any_of(
            packages.begin() + static_cast<std::ptrdiff_t>(i) + 1, packages.end(),
            [&](const auto& later) { return later.reference == packages[i].reference; });
        if (!said_again) packages_.push_back({draft.id, &packages[i]});
    }
}

void Pass::collect_exceptions(const Draft& draft) {
    for (const Problem& problem : draft.problems)
        opened_.push_back({crypto::new_uuid(now_), draft.id, source_.shop, problem});
    const auto known = stored_exceptions_.find(draft.id.value);
    if (known == stored_exceptions_.end()) return;
    for (const StoredException& e : known->second)
        if (e.state == "open" && !has_problem(draft.problems, e.kind, e.subject))
            resolved_.push_back(e);
}

void Pass::add_history(OrderId order, std::string kind, std::string from, std::string to) {
    const bool by_hand = !source_.by.empty();
    history_.push_back({order, crypto::new_uuid(now_), std::move(kind), std::move(from),
                        std::move(to), by_hand ? source_.by : source_.channel,
                        by_hand ? source_.reason : source_.request_id});
}

void Pass::collect_history(const Draft& draft) {
    // How an order came in is its source; who entered it stands nowhere else.
    if (draft.stored == nullptr) {
        if (!source_.by.empty())
            add_history(draft.id, "created", "", state_name(draft.incoming->state));
        return;
    }
    const StoredOrder& before = *draft.stored;
    const IncomingOrder& after = *draft.incoming;
    const Move move = move_to(before.state, after.state);
    if (move.refused)
        add_history(draft.id, "refused", state_name(before.state), state_name(after.state));
    else if (move.state != before.state)
        add_history(draft.id, "state", state_name(before.state), state_name(move.state));
    if (!source_.by.empty()) return;
    // Names only: whoever may read the history need not be allowed to see amounts.
    std::vector<std::string> changed;
    if (before.channel_state != after.channel_state) changed.emplace_back("channel_state");
    if (before.fulfilled_by != after.fulfilled_by) changed.emplace_back("fulfilled_by");
    if (before.ship_country != after.ship_country) changed.emplace_back("ship_country");
    if (before.currency != after.currency ||
        before.grand_total_minor != grand_total_of(after, draft.sums))
        changed.emplace_back("grand_total");
    if (before.line_count != draft.sums.lines) changed.emplace_back("line_count");
    if (before.unit_count != draft.sums.units) changed.emplace_back("unit_count");
    if (before.ordered_at != after.ordered_at) changed.emplace_back("ordered_at");
    if (changed.empty()) changed.emplace_back("details");
    add_history(draft.id, "content", "", text::join(changed, ", "));
}

void Pass::store_rest(const std::vector<Draft>& drafts, const catalog::MappingTable& mappings) {
    std::vector<OrderId> changed;
    for (const Draft& draft : drafts) {
        written_ids_.push_back(draft.id);
        if (draft.stored != nullptr) moved_ids_.push_back(draft.id);
        if (draft.stored != nullptr) changed.push_back(draft.id);
        ++(draft.stored == nullptr ? outcome_.created : outcome_.changed);
        outcome_.lines += draft.sums.lines;
        collect_lines(draft, mappings);
        collect_packages(draft);
        collect_exceptions(draft);
        collect_history(draft);
    }
    remove_lines(tx_, gone_lines_);
    write_lines(tx_, new_lines_, Known::no);
    write_lines(tx_, lines_, Known::maybe);
    write_packages(tx_, changed, packages_);
    resolve_exceptions(tx_, now_, resolved_);
    open_exceptions(tx_, now_, opened_);
    write_history(tx_, now_, history_);
}

Awaitable<void> Pass::load_what_changes(const std::vector<Draft>& drafts) {
    std::vector<OrderId> ids;
    for (const Draft& draft : drafts)
        if (draft.stored != nullptr) ids.push_back(draft.id);
    if (ids.empty()) co_return;
    for (StoredLine& line : co_await lines_of(tx_, ids))
        stored_lines_[line.order_id.value].push_back(std::move(line));
    for (StoredException& e : co_await exceptions_of(tx_, ids))
        stored_exceptions_[e.order_id.value].push_back(std::move(e));
}

Awaitable<std::vector<Draft>> Pass::run(std::vector<Draft> drafts) {
    std::vector<std::string_view> numbers;
    for (const Draft& draft : drafts) numbers.push_back(draft.incoming->channel_order_id);
    stored_ = co_await lock_orders(tx_, source_.shop, numbers);
    drafts = drop_what_is_known(std::move(drafts));
    if (drafts.empty()) co_return drafts;
    co_return co_await write(std::move(drafts));
}

Awaitable<std::vector<Draft>> Pass::write(std::vector<Draft> drafts) {
    co_await load_what_changes(drafts);
    const catalog::MappingTable mappings = co_await mappings_for(drafts);
    for (Draft& draft : drafts) {
        draft.sums = sums_of(draft.incoming->lines);
        const auto from =
            draft.stored == nullptr ? std::nullopt : std::optional(draft.stored->state);
        draft.problems =
            problems_of(*draft.incoming, draft.sums, from, [&](const std::string& seller_sku) {
                return mappings.find(seller_sku, draft.incoming->ordered_at).has_value();
            });
    }
    std::vector<Draft> raced = co_await store_headers(drafts);
    store_rest(drafts, mappings);
    co_return raced;
}

struct IngestAudit {
    std::string channel, operation, request_id;
    std::int64_t created, changed, unchanged, stale, lines;
};
BOOST_DESCRIBE_STRUCT(IngestAudit, (),
                      (channel, operation, request_id, created, changed, unchanged, stale, lines))

}  // namespace

Awaitable<StoredBatch> store_batch(Context& ctx, pg::Transaction& tx, const IngestSource& source,
                                   const std::vector<IncomingOrder>& batch) {
    ensure(batch.size() <= batch_max, "more orders in a batch than an event may name");
    StoredBatch out;
    std::deque<IncomingOrder> repaired_texts;
    std::vector<Draft> drafts = newest_of_each(batch, repaired_texts);
    // An older version of the same order in this batch is as stale as one that came later.
    out.outcome.stale = static_cast<std::int64_t>(batch.size() - drafts.size());
    if (drafts.empty()) co_return out;
    shops::keep_mappings(tx, source.shop);
    for (int pass = 0; !drafts.empty(); ++pass) {
        ensure(pass < passes_max, "an order is stored again and again by others");
        Pass run(ctx, tx, source, out.outcome);
        drafts = co_await run.run(std::move(drafts));
        out.written.insert(out.written.end(), run.written().begin(), run.written().end());
        out.moved.insert(out.moved.end(), run.moved().begin(), run.moved().end());
    }
    co_return out;
}

Awaitable<StoredNew> store_new(Context& ctx, pg::Transaction& tx, const IngestSource& source,
                               const IncomingOrder& order) {
    Draft draft{&order, content_hash(order), nullptr, ctx.new_id<OrderId>(), {}, {}};
    const OrderId id = draft.id;
    IngestOutcome outcome;
    plan_for_one(tx);
    shops::keep_mappings(tx, source.shop);
    Pass run(ctx, tx, source, outcome, Known::no);
    std::vector<Draft> drafts;
    drafts.push_back(std::move(draft));
    (void)co_await run.write(std::move(drafts));
    co_return StoredNew{id, run.opened()};
}

Awaitable<IngestOutcome> ingest(Context& ctx, pg::Transaction& tx, const IngestSource& source,
                                const std::vector<IncomingOrder>& batch) {
    const StoredBatch stored = co_await store_batch(ctx, tx, source, batch);
    const IngestOutcome& outcome = stored.outcome;
    if (stored.written.empty()) co_return outcome;
    emit_orders(tx, ctx, orders_changed, stored.written);
    emit_orders(tx, ctx, orders_moved, stored.moved);
    const IngestAudit detail{source.channel,  source.operation,  source.request_id, outcome.created,
                             outcome.changed, outcome.unchanged, outcome.stale,     outcome.lines};
    audit::done(tx, ctx, {"orders.ingested", "shop", source.shop.text(), json::to_json(detail)});
    co_return outcome;
}

Awaitable<std::int64_t> remove_import(Context& ctx, pg::Transaction& tx, ImportId import) {
    const std::vector<OrderId> removed = co_await remove_orders_of(tx, import);
    if (removed.empty()) co_return 0;
    emit_orders(tx, ctx, orders_removed, removed);
    const auto count = static_cast<std::int64_t>(removed.size());
    audit::done(tx, ctx,
                {"orders.import_removed", "import", import.text(),
                 R"({"orders":)" + std::to_string(count) + "}"});
    co_return count;
}

}  // namespace entrepot::orders
