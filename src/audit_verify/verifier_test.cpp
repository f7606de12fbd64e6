// The verifier against a trail in memory: what is whole passes, and of a thousand tampers each is
// found with its place.
#include "audit_verify/verifier.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "platform/audit/merkle.hpp"

namespace entrepot::audit_verify {
namespace {
using audit::Checkpoint;
using audit::Row;

const audit::Signer& good_signer() {
    static const audit::Signer signer = audit::signer_of_seed({7});
    return signer;
}
const audit::Signer& other_signer() {
    static const audit::Signer signer = audit::signer_of_seed({8});
    return signer;
}
const Uuid origin = *Uuid::parse("00000000-0000-4000-8000-00000000abcd");
constexpr Instant start = Instant{std::chrono::sys_days{std::chrono::year{2026} / 11 / 22}};

Uuid small_id(std::uint64_t value) {
    Uuid out;
    for (std::size_t i = 0; i < 8; ++i)
        out.bytes[15 - i] = static_cast<std::uint8_t>(value >> (8 * i));
    return out;
}

/// Everything a database would hold, and what an attacker with all rights could make of it.
struct Trail {
    std::vector<Row> rows;
    std::vector<Checkpoint> checkpoints;

    void add_row(std::uint64_t tenant, const std::string& act) {
        Row row{};
        row.entry = {.tenant = small_id(tenant),
                     .id = small_id(1000 + rows.size()),
                     .at = start + std::chrono::seconds(rows.size()),
                     .actor_kind = "user",
                     .actor_id = small_id(5),
                     .actor_name = "Lin Yue",
                     .act = act,
                     .object_kind = "order",
                     .object_id = std::to_string(rows.size()),
                     .result = "done",
                     .code = "",
                     .ip = "127.0.0.1",
                     .user_agent = "test",
                     .request_id = "r",
                     .detail = "{}"};
        rows.push_back(row);
        place();
    }
    /// Positions, numbers and leaves as the sealer would give them.
    void place() {
        std::map<Uuid, std::uint64_t> numbers;
        for (std::size_t i = 0; i < rows.size(); ++i) {
            rows[i].position = i;
            rows[i].number = ++numbers[rows[i].entry.tenant];
            set_leaf(rows[i]);
        }
    }
    static void set_leaf(Row& row) {
        row.leaf = audit::leaf_of(row.entry.tenant, row.number, audit::digest_of(row.entry));
    }
    void seal(const audit::Signer& signer = good_signer()) {
        audit::Frontier tree;
        for (const Row& row : rows) tree.append(row.leaf);
        Checkpoint c{
            .origin = origin,
            .number = checkpoints.size() + 1,
            .size = rows.size(),
            .root = tree.root(),
            .at = start + std::chrono::hours(1) + std::chrono::seconds(rows.size()),
            .previous = checkpoints.empty() ? audit::Hash{} : audit::link_to(checkpoints.back()),
            .key = {}};
        audit::sign(c, signer);
        checkpoints.push_back(c);
    }
    /// All checkpoints anew, of the same sizes, over the rows as they are now.
    void seal_again(const audit::Signer& signer) {
        const auto sizes = std::exchange(checkpoints, {});
        const auto all = rows;
        for (const Checkpoint& old : sizes) {
            rows.assign(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(old.size));
            seal(signer);
        }
        rows = all;
    }
    /// The tree as it was with the first `count` checkpoints.
    Trail as_of(std::size_t count) const {
        Trail out = *this;
        out.checkpoints.resize(count);
        out.rows.resize(out.checkpoints.back().size);
        return out;
    }
    std::string text() const {
        std::string out;
        audit::write_line(out, audit::Header{origin, std::nullopt, start});
        std::size_t next = 0;
        for (std::size_t i = 0; i <= rows.size(); ++i) {
            while (next < checkpoints.size() && checkpoints[next].size <= i)
                audit::write_line(out, checkpoints[next++]);
            if (i < rows.size()) audit::write_line(out, rows[i]);
        }
        while (next < checkpoints.size()) audit::write_line(out, checkpoints[next++]);
        audit::write_line(out, audit::Ending{rows.size()});
        return out;
    }
    std::string copy() const {
        std::string out;
        for (const Checkpoint& checkpoint : checkpoints) audit::write_line(out, checkpoint);
        return out;
    }
    std::vector<audit::Hash> hashes(const std::vector<audit::Range>& ranges) const {
        std::vector<audit::Hash> out;
        for (const auto& range : ranges) {
            audit::Frontier part;
            for (auto i = range.begin; i < range.end; ++i) part.append(rows[i].leaf);
            out.push_back(part.root());
        }
        return out;
    }
    std::vector<Row> rows_of(std::uint64_t tenant) const {
        std::vector<Row> out;
        for (const Row& row : rows)
            if (row.entry.tenant == small_id(tenant)) {
                out.push_back(row);
                out.back().path = hashes(audit::inclusion_ranges(row.position, rows.size()));
            }
        return out;
    }
    std::string tenant_text(std::uint64_t tenant, const std::vector<Row>& proven,
                            std::uint64_t since = 0) const {
        std::string out;
        audit::write_line(out, audit::Header{origin, small_id(tenant), start});
        audit::write_line(out, checkpoints.back());
        if (since > 0)
            audit::write_line(
                out,
                audit::Consistency{since, hashes(audit::consistency_ranges(since, rows.size()))});
        for (const Row& row : proven) audit::write_line(out, row);
        audit::write_line(out, audit::Ending{proven.size()});
        return out;
    }
};

Trail make_trail(unsigned seed, std::size_t count) {
    std::mt19937 random(seed);
    Trail out;
    while (out.rows.size() < count) {
        const std::size_t batch = 1 + random() % 12;
        for (std::size_t i = 0; i < batch; ++i) out.add_row(1 + random() % 4, "orders.held");
        out.seal();
        if (random() % 5 == 0) out.seal();  // a heartbeat
    }
    return out;
}

Input in_memory(std::string name, std::string text) {
    auto rest = std::make_shared<std::optional<std::string>>(std::move(text));
    return {std::move(name), [rest](std::string& out) {
                if (!*rest) return false;
                out = std::move(**rest);
                rest->reset();
                return true;
            }};
}

Report check(const std::string& text, const std::string& copy = {},
             std::optional<audit::Seen> since = {}) {
    Options options;
    options.keys = {good_signer().public_key};
    std::vector<Input> copies;
    if (!copy.empty()) copies.push_back(in_memory("copy", copy));
    return verify(in_memory("export", text), std::move(copies), since, options);
}

std::string words_of(const Report& report) {
    std::string out;
    for (const Finding& finding : report.findings.first()) {
        out += std::string(fault_name(finding.fault)) + ' ' + finding.file + ':' +
               std::to_string(finding.line) + ' ' + finding.words;
        if (finding.positions)
            out += " [" + std::to_string(finding.positions->first) + ", " +
                   std::to_string(finding.positions->last) + ']';
        out += '\n';
    }
    return out;
}

bool found_at(const Report& report, std::uint64_t position) {
    const auto& all = report.findings.first();
    return std::any_of(all.begin(), all.end(), [&](const Finding& finding) {
        return finding.positions && finding.positions->first <= position &&
               position <= finding.positions->last;
    });
}

bool found(const Report& report, Fault fault) {
    const auto& all = report.findings.first();
    return std::any_of(all.begin(), all.end(),
                       [&](const Finding& finding) { return finding.fault == fault; });
}

TEST(AuditVerify, what_is_whole_passes) {
    const Trail trail = make_trail(1, 150);
    const Report whole = check(trail.text(), trail.copy());
    EXPECT_TRUE(whole.good()) << words_of(whole);
    EXPECT_EQ(whole.rows, trail.rows.size());
    EXPECT_EQ(whole.checkpoints, trail.checkpoints.size());
    ASSERT_TRUE(whole.seen);
    EXPECT_EQ(whole.seen->checkpoint, trail.checkpoints.back());

    const Trail earlier = trail.as_of(5);
    const Report before = check(earlier.text(), earlier.copy());
    ASSERT_TRUE(before.seen) << words_of(before);
    EXPECT_TRUE(check(trail.text(), earlier.copy(), before.seen).good());

    const Report tenant = check(trail.tenant_text(2, trail.rows_of(2)), trail.copy());
    EXPECT_TRUE(tenant.good()) << words_of(tenant);
    const Report first = check(earlier.tenant_text(2, earlier.rows_of(2)));
    ASSERT_TRUE(first.seen) << words_of(first);
    const Report grown =
        check(trail.tenant_text(2, trail.rows_of(2), earlier.rows.size()), {}, first.seen);
    EXPECT_TRUE(grown.good()) << words_of(grown);
}

TEST(AuditVerify, lines_on_many_threads_come_in_order) {
    const Trail trail = make_trail(2, 300);
    Options options;
    options.keys = {good_signer().public_key};
    options.threads = 3;
    // One line a piece: as many pieces as lines, on three threads.
    auto rest = std::make_shared<std::string>(trail.text());
    const Report report = verify({"export",
                                  [rest](std::string& out) {
                                      const std::size_t end = rest->find('\n');
                                      if (end == rest->npos) return false;
                                      out = rest->substr(0, end + 1);
                                      rest->erase(0, end + 1);
                                      return true;
                                  }},
                                 {}, {}, options);
    EXPECT_TRUE(report.good()) << words_of(report);
    EXPECT_EQ(report.rows, trail.rows.size());
}

TEST(AuditVerify, nothing_is_no_proof) {
    EXPECT_TRUE(found(check(""), Fault::empty));
    EXPECT_TRUE(found(check("{}\n"), Fault::broken_line));
    const Trail none;
    EXPECT_TRUE(found(check(none.text()), Fault::empty));
    Trail unsigned_rows = make_trail(3, 10);
    unsigned_rows.checkpoints.clear();
    EXPECT_TRUE(found(check(unsigned_rows.text()), Fault::empty));
    Trail trail = make_trail(3, 10);
    trail.checkpoints.front().size = 0;
    audit::sign(trail.checkpoints.front(), good_signer());
    EXPECT_TRUE(found(check(trail.text()), Fault::empty));
    const Trail whole = make_trail(3, 10);
    EXPECT_TRUE(found(check(whole.tenant_text(1, {})), Fault::empty));
    EXPECT_FALSE(check(whole.text(), "\n").good()) << "a copy of nothing witnesses nothing";
}

TEST(AuditVerify, rows_after_the_last_checkpoint_are_told) {
    Trail trail = make_trail(4, 30);
    const std::size_t size = trail.rows.size();
    trail.add_row(1, "orders.held");
    const Report report = check(trail.text());
    EXPECT_TRUE(found(report, Fault::unsealed)) << words_of(report);
    EXPECT_TRUE(found_at(report, size));
}

TEST(AuditVerify, a_file_that_was_cut_is_told) {
    const Trail trail = make_trail(5, 40);
    const std::string text = trail.text();
    for (std::size_t length = text.size() - 1; length > 0;
         length -= std::min<std::size_t>(97, length))
        EXPECT_FALSE(check(text.substr(0, length - 1)).good()) << length;
}

TEST(AuditVerify, a_signature_that_does_not_fit_is_told) {
    Trail trail = make_trail(7, 60);
    Checkpoint& last = trail.checkpoints.back();
    for (std::size_t byte = 0; byte < last.signature.size(); ++byte) {
        last.signature[byte] ^= 16;
        const Report report = check(trail.text());
        last.signature[byte] ^= 16;
        ASSERT_TRUE(found(report, Fault::bad_signature)) << byte;
        ASSERT_EQ(report.findings.first().front().checkpoint, last.number);
    }
    // The right signature of other words.
    last.at += std::chrono::seconds(1);
    EXPECT_TRUE(found(check(trail.text()), Fault::bad_signature));
    EXPECT_TRUE(found(check(trail.tenant_text(1, trail.rows_of(1))), Fault::bad_signature));
}

TEST(AuditVerify, a_clock_that_went_back_is_told) {
    Trail trail = make_trail(6, 60);
    Checkpoint& third = trail.checkpoints[2];
    third.at = trail.checkpoints[1].at - std::chrono::microseconds(1);
    audit::sign(third, good_signer());
    for (std::size_t i = 3; i < trail.checkpoints.size(); ++i) {
        trail.checkpoints[i].previous = audit::link_to(trail.checkpoints[i - 1]);
        audit::sign(trail.checkpoints[i], good_signer());
    }
    const Report report = check(trail.text());
    EXPECT_TRUE(found(report, Fault::time_backwards)) << words_of(report);
    EXPECT_EQ(report.findings.count(), 1U) << words_of(report);
    EXPECT_EQ(report.findings.first().front().checkpoint, 3U);
}

// ---- a thousand tampers ---------------------------------------------------------------------

/// What was done, where, and the files after it.
struct Tampered {
    std::string what;
    std::uint64_t position;
    std::string text;
    std::optional<audit::Seen> since = {};
};

class Tamperer {
public:
    explicit Tamperer(unsigned seed) : random_(seed) {}

    Tampered whole(const Trail& good, unsigned kind) {
        Trail bad = good;
        const std::size_t at = pick(bad.rows.size());
        switch (kind) {
            case 0:
                edit(bad.rows[at]);
                return {"edit", at, bad.text()};
            case 1:
                edit(bad.rows[at]);
                Trail::set_leaf(bad.rows[at]);
                return {"edit with its leaf", at, bad.text()};
            case 2:
                bad.rows.erase(bad.rows.begin() + static_cast<std::ptrdiff_t>(at));
                return {"delete", at, bad.text()};
            case 3:
                bad.rows.erase(bad.rows.begin() + static_cast<std::ptrdiff_t>(at));
                bad.place();
                return {"delete and close the gap", at, bad.text()};
            case 4: {
                const std::size_t other = another(at, bad.rows.size());
                std::swap(bad.rows[at], bad.rows[other]);
                return {"swap lines", std::min(at, other), bad.text()};
            }
            case 5: {
                const std::size_t other = another(at, bad.rows.size());
                std::swap(bad.rows[at].entry, bad.rows[other].entry);
                bad.place();
                return {"swap rows in the database", std::min(at, other), bad.text()};
            }
            case 6:
                return cut_tail(good);
            case 7:
                edit(bad.rows[at]);
                bad.place();
                bad.seal_again(good_signer());
                return {"fork with the right key", at, bad.text()};
            case 8:
                edit(bad.rows[at]);
                bad.place();
                bad.seal_again(other_signer());
                return {"sign again with another key", at, bad.text()};
            case 9:
                return restore(good);
            case 10:
                bad.rows.insert(bad.rows.begin() + static_cast<std::ptrdiff_t>(at), bad.rows[at]);
                return {"the same row twice", at, bad.text()};
            default:
                return touch_checkpoint(good);
        }
    }

    Tampered tenant(const Trail& good, unsigned kind) {
        const std::uint64_t tenant = good.rows[pick(good.rows.size())].entry.tenant.bytes[15];
        auto rows = good.rows_of(tenant);
        const std::size_t at = pick(rows.size() - 1);
        const std::uint64_t position = rows[at].position;
        switch (kind) {
            case 0:
                edit(rows[at]);
                break;
            case 1:
                edit(rows[at]);
                Trail::set_leaf(rows[at]);
                break;
            case 2:
                rows.erase(rows.begin() + static_cast<std::ptrdiff_t>(at));
                break;
            case 3:
                std::swap(rows[at], rows[at + 1]);
                break;
            case 4:
                rows[at].path[pick(rows[at].path.size())][3] ^= 1;
                break;
            default: {
                const Report before = check(good.tenant_text(tenant, rows));
                EXPECT_TRUE(before.seen) << words_of(before);
                const std::uint64_t last = rows.back().position;
                rows.pop_back();
                return {"tenant's tail", last, good.tenant_text(tenant, rows), before.seen};
            }
        }
        return {"tenant's rows, kind " + std::to_string(kind), position,
                good.tenant_text(tenant, rows)};
    }

private:
    std::size_t pick(std::size_t below) { return random_() % below; }
    std::size_t another(std::size_t than, std::size_t below) {
        return (than + 1 + pick(below - 1)) % below;
    }
    void edit(Row& row) {
        const std::vector<std::string audit::Entry::*> texts{
            &audit::Entry::actor_name, &audit::Entry::act,   &audit::Entry::object_id,
            &audit::Entry::code,       &audit::Entry::ip,    &audit::Entry::user_agent,
            &audit::Entry::detail,     &audit::Entry::result};
        switch (pick(4)) {
            case 0:
                row.entry.at += std::chrono::microseconds(1 + pick(1'000'000'000));
                break;
            case 1:
                row.entry.actor_id = small_id(6 + pick(100));
                break;
            default:
                row.entry.*texts[pick(texts.size())] += static_cast<char>('a' + pick(26));
        }
    }
    /// A database restored as it was, and exported so.
    Tampered cut_tail(const Trail& good) {
        std::size_t kept = 1 + pick(good.checkpoints.size() - 1);
        const Trail bad = good.as_of(kept);
        return {"cut tail", bad.rows.size(), bad.text()};
    }
    /// A database restored as it was, which then went on.
    Tampered restore(const Trail& good) {
        Trail bad = good.as_of(1 + pick(good.checkpoints.size() - 1));
        const std::size_t at = bad.rows.size();
        while (bad.checkpoints.size() < good.checkpoints.size()) {
            bad.add_row(1, "orders.released");
            bad.seal();
        }
        return {"restore and go on", at, bad.text()};
    }
    Tampered touch_checkpoint(const Trail& good) {
        Trail bad = good;
        const std::size_t at = pick(bad.checkpoints.size());
        Checkpoint& touched = bad.checkpoints[at];
        const std::uint64_t place = touched.size - 1;
        switch (pick(4)) {
            case 0:
                touched.signature[pick(64)] ^= static_cast<std::uint8_t>(1U << pick(8));
                break;
            case 1:
                touched.root[pick(32)] ^= 1;
                break;
            case 2:
                touched.at += std::chrono::seconds(1);
                break;
            default:
                audit::sign(touched, other_signer());
        }
        return {"checkpoint", place, bad.text()};
    }
    std::mt19937 random_;
};

TEST(AuditVerify, finds_a_thousand_tampers_with_their_place) {
    std::vector<Trail> trails;
    for (unsigned seed = 0; seed < 5; ++seed) trails.push_back(make_trail(100 + seed, 70));
    Tamperer tamperer(20261122);
    std::map<std::string, int> found_of;
    for (unsigned trial = 0; trial < 1000; ++trial) {
        const Trail& good = trails[trial % trails.size()];
        const unsigned kind = (trial / 5) % 18;
        const Tampered bad =
            kind < 12 ? tamperer.whole(good, kind) : tamperer.tenant(good, kind - 12);
        const Report report = check(bad.text, good.copy(), bad.since);
        ASSERT_FALSE(report.good()) << trial << ": " << bad.what;
        ASSERT_TRUE(found_at(report, bad.position))
            << trial << ": " << bad.what << " at " << bad.position << '\n'
            << words_of(report);
        ASSERT_FALSE(report.seen);
        ++found_of[bad.what];
    }
    EXPECT_EQ(found_of.size(), 18U);
}

TEST(AuditVerify, says_what_kind_of_tamper_it_was) {
    const Trail good = make_trail(9, 80);
    Tamperer tamperer(1);
    const auto faults = [&](unsigned kind) {
        return check(tamperer.whole(good, kind).text, good.copy());
    };
    EXPECT_TRUE(found(faults(0), Fault::edited));
    EXPECT_TRUE(found(faults(1), Fault::root_differs));
    EXPECT_TRUE(found(faults(2), Fault::missing));
    EXPECT_TRUE(found(faults(6), Fault::truncated));
    EXPECT_TRUE(found(faults(7), Fault::forked));
    EXPECT_TRUE(found(faults(8), Fault::other_key));
    EXPECT_TRUE(found(faults(9), Fault::forked));
    EXPECT_TRUE(found(faults(10), Fault::out_of_order));
    // Without a copy, what was signed with the right key is believed: the copy is what makes a
    // stolen key and a restored database visible.
    EXPECT_TRUE(check(tamperer.whole(good, 7).text).good());
}

TEST(AuditVerify, what_was_last_seen_witnesses_too) {
    const Trail good = make_trail(10, 80);
    const audit::Seen seen{{}, good.rows.size(), good.rows.size() - 1, good.checkpoints.back()};
    EXPECT_TRUE(check(good.text(), {}, seen).good());
    EXPECT_TRUE(found(check(good.as_of(3).text(), {}, seen), Fault::truncated));
    Tamperer tamperer(2);
    EXPECT_TRUE(found(check(tamperer.whole(good, 7).text, {}, seen), Fault::forked));
    const Trail old = good.as_of(4);
    const audit::Seen seen_old{small_id(1), old.rows_of(1).size(), old.rows_of(1).back().position,
                               old.checkpoints.back()};
    const auto now = good.rows_of(1);
    EXPECT_TRUE(check(good.tenant_text(1, now, old.rows.size()), {}, seen_old).good());
    EXPECT_TRUE(found(check(good.tenant_text(1, now), {}, seen_old), Fault::no_proof));
    Trail forked = good;
    forked.rows[0].entry.act = "orders.released";
    forked.place();
    forked.seal_again(good_signer());
    EXPECT_TRUE(
        found(check(forked.tenant_text(1, forked.rows_of(1), old.rows.size()), {}, seen_old),
              Fault::forked));
}

TEST(AuditVerify, a_copy_that_is_newer_than_the_export_needs_the_auditors_word) {
    const Trail good = make_trail(11, 60);
    const Trail old = good.as_of(good.checkpoints.size() - 2);
    Options options;
    options.keys = {good_signer().public_key};
    const auto with_until = [&](std::optional<Instant> until) {
        options.copies_until = until;
        std::vector<Input> copies;
        copies.push_back(in_memory("copy", good.copy()));
        return verify(in_memory("export", old.text()), std::move(copies), {}, options);
    };
    EXPECT_TRUE(found(with_until(std::nullopt), Fault::truncated));
    EXPECT_TRUE(with_until(old.checkpoints.back().at).good());
}

}  // namespace
}  // namespace entrepot::audit_verify
