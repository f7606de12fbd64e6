// One pass over an export. A whole trail: every row in its place, the tree grown again, its root
// compared at each checkpoint. One tenant's: every row's number, and its proof against the one
// checkpoint.
#include "audit_verify/verifier.hpp"

#include <algorithm>
#include <deque>
#include <unordered_map>
#include <utility>

#include "platform/audit/merkle.hpp"

namespace entrepot::audit_verify {
namespace {

/// What both kinds of exports share: the file, its place, and its end.
class Trail {
public:
    Trail(const audit::Header& header, LineStream& stream, std::deque<Copy>& copies,
          const std::optional<audit::Seen>& since, Report& report)
        : header_(header),
          stream_(stream),
          copies_(copies),
          since_(since),
          report_(report),
          chain_(stream.name(), report.findings) {}
    virtual ~Trail() = default;

    void read() {
        while (const Examined* line = stream_.next()) {
            if (ended_) {
                say(Fault::broken_line, {}, "there is more after the last line");
                return;
            }
            std::visit([this](const auto& value) { take(value); }, *line);
        }
        if (!ended_)
            say(Fault::truncated, Place{next_position(), next_position()},
                "the file ends without its last line");
        finish();
    }

protected:
    virtual void take_row(const RowFacts& row) = 0;
    virtual void take_checkpoint(const CheckpointFacts& facts) = 0;
    virtual void take_consistency(const audit::Consistency& proof) = 0;
    virtual void finish() = 0;
    virtual std::uint64_t next_position() const = 0;

    void say(Fault fault, std::optional<Place> positions, std::string words,
             std::optional<std::uint64_t> checkpoint = {}) {
        report_.findings.add(
            {fault, stream_.name(), stream_.line(), positions, checkpoint, std::move(words)});
    }
    void add_to_chain(const CheckpointFacts& facts, bool from_the_start) {
        ++report_.checkpoints;
        if (facts.checkpoint.origin != header_.origin)
            say(Fault::broken_chain, chain_.covered(facts.checkpoint),
                "it is of another tree than the export says", facts.checkpoint.number);
        chain_.add(facts, stream_.line(), from_the_start);
    }

    const audit::Header& header_;
    LineStream& stream_;
    std::deque<Copy>& copies_;
    const std::optional<audit::Seen>& since_;
    Report& report_;
    Chain chain_;

private:
    void take(const RowFacts& row) {
        ++report_.rows;
        take_row(row);
    }
    void take(const CheckpointFacts& facts) { take_checkpoint(facts); }
    void take(const audit::Consistency& proof) { take_consistency(proof); }
    void take(const audit::Ending& ending) {
        ended_ = true;
        if (ending.rows != report_.rows)
            say(Fault::missing, {},
                "the last line says " + std::to_string(ending.rows) + " rows, there are " +
                    std::to_string(report_.rows));
    }
    void take(std::monostate) { say(Fault::broken_line, {}, "this line cannot be read"); }
    void take(const audit::Header&) { say(Fault::broken_line, {}, "a second first line"); }
    void take(const audit::Seen&) { say(Fault::broken_line, {}, "this line has no place here"); }
    bool ended_ = false;
};

std::string count_words(std::uint64_t count) {
    return std::to_string(count) + (count == 1 ? " row" : " rows");
}

/// Every row of an instance.
class WholeTrail final : public Trail {
public:
    using Trail::Trail;

private:
    std::uint64_t next_position() const override { return next_; }

    void take_row(const RowFacts& row) override {
        const Place here{row.position, row.position};
        if (row.position > next_) {
            say(Fault::missing, Place{next_, row.position - 1},
                count_words(row.position - next_) + " missing before this one");
            comparable_ = false;
        } else if (row.position < next_) {
            comparable_ = false;
            return say(Fault::out_of_order, here,
                       "it stands after position " + std::to_string(next_ - 1));
        }
        if (!row.genuine) say(Fault::edited, here, "this is not the row that was sealed here");
        check_number(row, here);
        tree_.append(row.leaf);
        next_ = row.position + 1;
    }

    void check_number(const RowFacts& row, Place here) {
        std::uint64_t& last = numbers_[row.tenant];
        if (comparable_ && row.number != last + 1)
            say(Fault::out_of_order, here,
                "it is its tenant's row " + std::to_string(row.number) + ", expected was " +
                    std::to_string(last + 1));
        last = row.number;
    }

    void take_checkpoint(const CheckpointFacts& facts) override {
        const audit::Checkpoint& checkpoint = facts.checkpoint;
        const Place covered = chain_.covered(checkpoint);
        add_to_chain(facts, true);
        if (checkpoint.size > next_) {
            // Which ones cannot be told: those that follow may have moved up.
            say(Fault::missing,
                Place{comparable_ ? std::min(covered.first, next_) : next_, checkpoint.size - 1},
                "among these, " + count_words(checkpoint.size - next_) +
                    " missing that this checkpoint has sealed",
                checkpoint.number);
            comparable_ = false;
        } else if (checkpoint.size < next_) {
            say(Fault::out_of_order, Place{checkpoint.size, next_ - 1},
                "this checkpoint covers fewer rows than stand before it", checkpoint.number);
        } else if (comparable_ && next_ > 0 && checkpoint.root != tree_.root()) {
            say(Fault::root_differs, covered,
                "these rows are not those that this checkpoint has sealed", checkpoint.number);
            comparable_ = false;
        }
        compare_with_witnesses(checkpoint);
    }

    void take_consistency(const audit::Consistency&) override {
        say(Fault::broken_line, {}, "this line has no place here");
    }

    /// A number was signed once: whoever kept that checkpoint must have the same.
    void compare_with_witnesses(const audit::Checkpoint& checkpoint) {
        witnessed_.resize(copies_.size());
        for (std::size_t i = 0; i < copies_.size(); ++i) {
            Copy& copy = copies_[i];
            const audit::Checkpoint* seen = copy.peek();
            for (; seen != nullptr && seen->number < checkpoint.number; seen = copy.peek())
                copy.take();
            if (seen == nullptr || seen->number != checkpoint.number) continue;
            compare(checkpoint, *seen, copy.name(), copy.line(), witnessed_[i]);
            copy.take();
        }
        if (since_ && since_->checkpoint.number == checkpoint.number)
            compare(checkpoint, since_->checkpoint, "last seen", 1, witnessed_by_seen_);
    }

    struct Witnessed {
        std::uint64_t size = 0;  ///< as far as both agree
        bool forked = false;
    };
    void compare(const audit::Checkpoint& here, const audit::Checkpoint& seen,
                 const std::string& witness, std::uint64_t line, Witnessed& witnessed) {
        if (here == seen) {
            witnessed.size = seen.size;
        } else if (!std::exchange(witnessed.forked, true)) {
            const std::uint64_t end = std::max<std::uint64_t>({here.size, seen.size, 1});
            report_.findings.add({Fault::forked, witness, line,
                                  Place{std::min(witnessed.size, end - 1), end - 1}, seen.number,
                                  "this is not the checkpoint of that number in the export"});
        }
    }

    void finish() override {
        if (next_ == 0) say(Fault::empty, {}, "there is no row in it");
        if (!chain_.last())
            say(Fault::empty, {}, "there is no checkpoint in it");
        else if (chain_.last()->size < next_)
            say(Fault::unsealed, Place{chain_.last()->size, next_ - 1},
                "no checkpoint covers these rows");
        for (Copy& copy : copies_) compare_end(copy);
        if (since_ &&
            (since_->checkpoint.size > next_ || since_->checkpoint.number > last_number()))
            report_.findings.add({Fault::truncated, "last seen", 1,
                                  Place{next_, std::max(next_ + 1, since_->checkpoint.size) - 1},
                                  since_->checkpoint.number,
                                  "the trail was longer when it was last seen"});
        check_origin_of_seen();
        if (chain_.last() && next_ > 0)
            report_.seen = audit::Seen{{}, next_, next_ - 1, *chain_.last()};
    }

    void compare_end(Copy& copy) {
        std::optional<audit::Checkpoint> beyond;
        while (const audit::Checkpoint* seen = copy.peek()) {
            if (seen->number > last_number()) beyond = *seen;
            copy.take();
        }
        if (beyond)
            report_.findings.add({Fault::truncated, copy.name(), copy.line(),
                                  Place{next_, std::max(next_ + 1, beyond->size) - 1},
                                  beyond->number,
                                  "the copy has seen more than this export holds, up to " +
                                      format_instant(beyond->at)});
    }

    std::uint64_t last_number() const { return chain_.last() ? chain_.last()->number : 0; }

    void check_origin_of_seen() {
        if (since_ && since_->checkpoint.origin != header_.origin)
            report_.findings.add({Fault::forked,
                                  "last seen",
                                  1,
                                  {},
                                  since_->checkpoint.number,
                                  "what was last seen is of another tree"});
    }

    std::uint64_t next_ = 0;
    /// Until something is missing, after which no root can be computed.
    bool comparable_ = true;
    audit::Frontier tree_;
    std::unordered_map<Uuid, std::uint64_t> numbers_;
    std::vector<Witnessed> witnessed_;
    Witnessed witnessed_by_seen_;
};

/// One tenant's rows, each with its proof.
class TenantTrail final : public Trail {
public:
    using Trail::Trail;

private:
    std::uint64_t next_position() const override { return last_ ? last_->position + 1 : 0; }

    void take_checkpoint(const CheckpointFacts& facts) override {
        if (chain_.last() || report_.rows > 0)
            return say(Fault::broken_line, {}, "the one checkpoint stands before the rows");
        add_to_chain(facts, false);
    }

    void take_consistency(const audit::Consistency& proof) override {
        if (!since_ || !chain_.last() || proof.size != since_->checkpoint.size) return;
        consistent_ = true;
        if (!audit::is_consistent(proof.size, since_->checkpoint.root, chain_.last()->size,
                                  chain_.last()->root, proof.path))
            say(Fault::forked, Place{0, proof.size - 1},
                "the tree does not continue the one that was last seen", chain_.last()->number);
    }

    void take_row(const RowFacts& row) override {
        const Place here{row.position, row.position};
        const std::uint64_t expected = last_ ? last_->number + 1 : 1;
        if (row.tenant != *header_.tenant) say(Fault::broken_line, here, "a row of another tenant");
        if (row.number > expected)
            say(Fault::missing, Place{next_position(), row.position == 0 ? 0 : row.position - 1},
                count_words(row.number - expected) + " missing, from the tenant's row " +
                    std::to_string(expected));
        else if (row.number < expected || (last_ && row.position <= last_->position))
            say(Fault::out_of_order, here,
                "the tenant's row " + std::to_string(row.number) + " stands after row " +
                    std::to_string(expected - 1));
        if (!row.genuine)
            say(Fault::edited, here, "this is not the row that was sealed here");
        else if (!proven(row))
            say(Fault::wrong_proof, here, "its proof does not lead to the signed root");
        compare_with_seen(row, here);
        last_ = row;
    }

    bool proven(const RowFacts& row) const {
        if (!chain_.last()) return false;
        return audit::root_of_inclusion(row.leaf, row.position, chain_.last()->size, row.path) ==
               chain_.last()->root;
    }

    void compare_with_seen(const RowFacts& row, Place here) {
        if (since_ && since_->tenant == header_.tenant && row.number == since_->rows &&
            row.position != since_->last_position)
            say(Fault::forked, here,
                "this row stood at position " + std::to_string(since_->last_position) +
                    " when it was last seen");
    }

    void finish() override {
        if (!chain_.last()) say(Fault::empty, {}, "there is no checkpoint in it");
        if (report_.rows == 0) say(Fault::empty, {}, "there is no row in it");
        for (Copy& copy : copies_) compare_with_copy(copy);
        if (!chain_.last() || !last_) return;
        if (since_) finish_seen();
        report_.seen = audit::Seen{header_.tenant, last_->number, last_->position, *chain_.last()};
    }

    void finish_seen() {
        const audit::Checkpoint& seen = since_->checkpoint;
        const audit::Checkpoint& now = *chain_.last();
        const auto find = [&](Fault fault, std::optional<Place> place, std::string words) {
            report_.findings.add({fault, "last seen", 1, place, seen.number, std::move(words)});
        };
        if (seen.origin != now.origin)
            return find(Fault::forked, {}, "what was last seen is of another tree");
        if (seen.size > now.size || seen.number > now.number)
            return find(Fault::truncated, Place{now.size, std::max(now.size + 1, seen.size) - 1},
                        "the trail was longer when it was last seen");
        if (seen.size == now.size && seen.root != now.root)
            find(Fault::forked, Place{0, seen.size - 1}, "another tree of the same size");
        if (seen.size < now.size && !consistent_)
            find(Fault::no_proof, {},
                 "the export does not prove that it continues what was last seen: export it "
                 "with --since-size " +
                     std::to_string(seen.size));
        if (since_->tenant == header_.tenant && last_->number < since_->rows)
            find(Fault::truncated, Place{last_->position, since_->last_position},
                 count_words(since_->rows - last_->number) + " fewer than when it was last seen");
    }

    void compare_with_copy(Copy& copy) {
        if (!chain_.last()) return;
        const audit::Checkpoint& now = *chain_.last();
        std::optional<audit::Checkpoint> beyond;
        for (const audit::Checkpoint* seen = copy.peek(); seen != nullptr; seen = copy.peek()) {
            const bool same = seen->number == now.number;
            if ((same && *seen != now) || (seen->size == now.size && seen->root != now.root))
                report_.findings.add({Fault::forked, copy.name(), copy.line(),
                                      Place{0, seen->size - 1}, seen->number,
                                      "the copy has another checkpoint of this number or size"});
            if (seen->number > now.number) beyond = *seen;
            copy.take();
        }
        if (beyond)
            report_.findings.add(
                {Fault::truncated, copy.name(), copy.line(),
                 Place{now.size, std::max(now.size + 1, beyond->size) - 1}, beyond->number,
                 "the copy has seen more than this export, up to " + format_instant(beyond->at)});
    }

    std::optional<RowFacts> last_;
    bool consistent_ = false;
};

void check_seen(const audit::Seen& seen, const Options& options, Report& report) {
    Chain chain("last seen", report.findings);
    chain.add({seen.checkpoint, how_signed(seen.checkpoint, options.keys)}, 1, false);
}
}  // namespace

Report verify(Input exported, std::vector<Input> copies, std::optional<audit::Seen> since,
              const Options& options) {
    Report report;
    LineStream stream(std::move(exported), options.keys, options.threads);
    std::deque<Copy> witnesses;
    for (Input& copy : copies) witnesses.emplace_back(std::move(copy), options, report.findings);
    if (since) check_seen(*since, options, report);
    const Examined* first = stream.next();
    if (first == nullptr || !std::holds_alternative<audit::Header>(*first)) {
        report.findings.add({first == nullptr ? Fault::empty : Fault::broken_line,
                             stream.name(),
                             first == nullptr ? 0U : 1U,
                             {},
                             {},
                             "the first line is not that of an export"});
        return report;
    }
    report.header = std::get<audit::Header>(*first);
    if (report.header->tenant)
        TenantTrail(*report.header, stream, witnesses, since, report).read();
    else
        WholeTrail(*report.header, stream, witnesses, since, report).read();
    if (!report.good()) report.seen.reset();
    return report;
}

}  // namespace entrepot::audit_verify
