// Sealing against a real database: nothing is lost and nothing is sealed twice, whoever dies when;
// and nothing is signed on top of what was tampered with.
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "platform/audit/audit.hpp"
#include "platform/audit/merkle.hpp"
#include "platform/audit/proof.hpp"
#include "platform/audit/sealer.hpp"
#include "platform/audit/trail_file.hpp"
#include "platform/pgserver/session.hpp"
#include "platform/runtime/runtime.hpp"
#include "support/fixture.hpp"
#include "support/sealing.hpp"

namespace entrepot::audit {
namespace {

class AuditSealer : public test::DatabaseTest {
protected:
    void SetUp() override { services(); }

    Sealer::Options options(const std::string& copy = "sealer") {
        return test::sealing_options(copy);
    }
    Sealer::Outcome seal() { return seal(options()); }
    Sealer::Outcome seal(Sealer::Options with) {
        Sealer sealer(services().runtime, clock(), std::move(with));
        return run([&] { return sealer.seal(); });
    }
    std::string seal_all() {
        while (seal() == Sealer::Outcome::full_batch) {
        }
        return sql("select count(*) from platform.audit_unsealed");
    }
    SealingState round(Sealer& sealer) {
        run([&]() -> Awaitable<int> {
            co_await sealer.round();
            co_return 0;
        });
        return sealing_state();
    }
    void act(Context& ctx, int count = 1) {
        run([&]() -> Awaitable<int> {
            auto body = [&](pg::Transaction& tx) -> Awaitable<Result<bool>> {
                for (int i = 0; i < count; ++i)
                    done(tx, ctx, {"orders.held", "order", std::to_string(i)});
                co_return true;
            };
            (void)co_await ctx.db().transaction(ctx.tenant, body);
            co_return 0;
        });
    }
    /// Every sealed row has its own position, without a gap, and the checkpoint covers them all.
    void expect_whole() {
        EXPECT_EQ(sql("select count(*) = max(position) + 1 and count(*) = count(distinct position)"
                      " and count(*) = (select size from platform.audit_tree)"
                      " and count(*) = (select max(size) from platform.audit_checkpoint)"
                      " from platform.audit_leaf"),
                  "t");
        EXPECT_EQ(sql("select count(*) from (select tenant_id from platform.audit_leaf"
                      " group by tenant_id having count(*) <> max(number)) gaps"),
                  "0");
        EXPECT_EQ(
            sql("select count(*) from platform.audit_entry e where not exists (select from"
                " platform.audit_leaf l where l.tenant_id = e.tenant_id and l.entry_id = e.id)"
                " and not exists (select from platform.audit_unsealed u where"
                " u.tenant_id = e.tenant_id and u.entry_id = e.id)"),
            "0")
            << "a row that waits nowhere";
    }
    std::string leaves_of(const Context& ctx) {
        return sql("select count(*) from platform.audit_leaf where tenant_id = '" +
                   ctx.tenant.text() + "'");
    }
};

TEST_F(AuditSealer, rows_get_positions_and_the_api_proves_them) {
    Context ctx = tenant_context();
    act(ctx, 5);
    const std::string id = sql("select id from platform.audit_entry where tenant_id = '" +
                               ctx.tenant.text() + "' order by id desc limit 1");
    const auto before = run([&] { return seal_of(ctx, *AuditId::parse(id)); });
    EXPECT_TRUE(before.known);
    EXPECT_FALSE(before.seal);
    EXPECT_EQ(seal_all(), "0");
    expect_whole();
    const auto after = run([&] { return seal_of(ctx, *AuditId::parse(id)); });
    ASSERT_TRUE(after.seal);
    const Checkpoint& checkpoint = after.seal->checkpoint;
    EXPECT_EQ(root_of_inclusion(after.seal->leaf, static_cast<std::uint64_t>(after.seal->position),
                                checkpoint.size, after.seal->path),
              checkpoint.root);
    EXPECT_TRUE(is_signed_by(test::audit_signer().public_key, signed_text(checkpoint),
                             checkpoint.signature));

    const auto answer = call(ctx, http::Method::get, "/audit/entries/" + id + "/proof");
    EXPECT_EQ(answer.status, 200);
    EXPECT_NE(answer.body.find(hex_of(checkpoint.root)), std::string::npos);
    EXPECT_EQ(call(ctx, http::Method::get, "/audit/checkpoints/latest").status, 200);
    Context other = tenant_context();
    EXPECT_EQ(call(other, http::Method::get, "/audit/entries/" + id + "/proof").status, 404);
    Context clerk = as(ctx, {Permission::orders_read});
    EXPECT_EQ(call(clerk, http::Method::get, "/audit/entries/" + id + "/proof").status, 403);
    EXPECT_EQ(call(clerk, http::Method::get, "/audit/checkpoints/latest").status, 403);
}

TEST_F(AuditSealer, killed_at_any_step_loses_and_doubles_nothing) {
    struct Killed {};
    Context ctx = tenant_context();
    int expected = 0;
    for (const std::string_view step : {"locked", "taken", "placed", "written", "committed"}) {
        act(ctx, 3);
        expected += 3;
        auto dying = options();
        dying.after_step = [step](std::string_view now) {
            if (now == step) throw Killed{};
        };
        EXPECT_THROW(seal(dying), Killed) << step;
        expect_whole();
        EXPECT_EQ(seal_all(), "0");
        expect_whole();
        EXPECT_EQ(leaves_of(ctx), std::to_string(expected)) << step;
    }
}

TEST_F(AuditSealer, one_of_two_seals) {
    Context ctx = tenant_context();
    act(ctx, 2);
    Runtime second_runtime({.loops = 1});
    Sealer second(second_runtime, clock(), options("second"));
    auto first = options();
    std::optional<Sealer::Outcome> meanwhile;
    first.after_step = [&](std::string_view step) {
        if (step != "written") return;
        run_to_end(second_runtime,
                   [&]() -> Awaitable<void> { meanwhile = co_await second.seal(); });
    };
    EXPECT_EQ(seal(first), Sealer::Outcome::sealed);
    EXPECT_EQ(meanwhile, Sealer::Outcome::another_seals);
    expect_whole();
    EXPECT_EQ(leaves_of(ctx), "2");
}

TEST_F(AuditSealer, two_at_once_beside_a_writer_keep_the_tree_whole) {
    Context ctx = tenant_context();
    std::atomic<bool> writing{true};
    const auto keep_sealing = [&](const std::string& name) {
        Runtime runtime({.loops = 1});
        auto with = options(name);
        with.batch_max = 7;
        Sealer sealer(runtime, clock(), with);
        run_to_end(runtime, [&]() -> Awaitable<void> {
            while (writing) (void)co_await sealer.seal();
        });
    };
    std::thread one(keep_sealing, "one");
    std::thread two(keep_sealing, "two");
    for (int i = 0; i < 60; ++i) act(ctx, 3);
    writing = false;
    one.join();
    two.join();
    EXPECT_EQ(seal_all(), "0");
    expect_whole();
    EXPECT_EQ(leaves_of(ctx), "180");
}

TEST_F(AuditSealer, what_commits_late_is_sealed) {
    Context ctx = tenant_context();
    Context other = tenant_context();
    static const pg::Statement<std::int64_t()> flush{"test.flush", "select 1::int8"};
    Sealer sealer(services().runtime, clock(), options());
    run([&]() -> Awaitable<int> {
        auto body = [&](pg::Transaction& tx) -> Awaitable<Result<bool>> {
            done(tx, ctx, {"orders.held", "order", "late"});
            (void)co_await tx.one(flush);
            // Younger rows of others are sealed before this one is even visible.
            auto quick = [&](pg::Transaction& inner) -> Awaitable<Result<bool>> {
                done(inner, other, {"orders.held", "order", "quick"});
                co_return true;
            };
            (void)co_await other.db().transaction(other.tenant, quick);
            while (co_await sealer.seal() == Sealer::Outcome::full_batch) {
            }
            co_return true;
        };
        (void)co_await ctx.db().transaction(ctx.tenant, body);
        co_return 0;
    });
    EXPECT_EQ(leaves_of(other), "1");
    EXPECT_EQ(leaves_of(ctx), "0");
    EXPECT_EQ(seal_all(), "0");
    EXPECT_EQ(leaves_of(ctx), "1");
    expect_whole();
}

TEST_F(AuditSealer, a_row_that_cannot_be_queued_ends_the_act) {
    Context ctx = tenant_context();
    sql("alter table platform.audit_unsealed add constraint audit_unsealed_full_check check"
        " (tenant_id <> '" +
        ctx.tenant.text() + "')");
    EXPECT_ANY_THROW(act(ctx));
    sql("alter table platform.audit_unsealed drop constraint audit_unsealed_full_check");
    EXPECT_EQ(sql("select count(*) from platform.audit_entry where tenant_id = '" +
                  ctx.tenant.text() + "'"),
              "0");
    act(ctx);
}

TEST_F(AuditSealer, an_idle_system_shows_once_a_minute_that_sealing_lives) {
    Context ctx = tenant_context();
    act(ctx);
    seal_all();
    const auto count = [&] { return sql("select max(number) from platform.audit_checkpoint"); };
    clock().set(*parse_instant(
        sql("select to_char(max(at) at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"
            " from platform.audit_checkpoint")));
    const std::string before = count();
    EXPECT_EQ(seal(), Sealer::Outcome::nothing);
    clock().advance(std::chrono::seconds(59));
    EXPECT_EQ(seal(), Sealer::Outcome::nothing);
    EXPECT_EQ(count(), before);
    clock().advance(std::chrono::seconds(1));
    EXPECT_EQ(seal(), Sealer::Outcome::sealed);
    EXPECT_EQ(count(), std::to_string(std::stoi(before) + 1));
    EXPECT_EQ(seal(), Sealer::Outcome::nothing);
    expect_whole();
}

TEST_F(AuditSealer, a_clock_that_is_set_back_makes_no_earlier_checkpoint) {
    Context ctx = tenant_context();
    act(ctx);
    seal_all();
    clock().advance(-std::chrono::hours(5));
    act(ctx);
    seal_all();
    EXPECT_EQ(sql("select bool_and(at >= before) from (select at, lag(at) over (order by number)"
                  " as before from platform.audit_checkpoint) c"),
              "t");
}

TEST_F(AuditSealer, each_checkpoint_is_copied_and_a_torn_line_is_made_good) {
    Context ctx = tenant_context();
    act(ctx);
    seal_all();
    const auto with = options("copied");
    const auto lines = [&] {
        std::ifstream file(with.copy_path);
        std::size_t count = 0;
        for (std::string line; std::getline(file, line); ++count) EXPECT_TRUE(read_line(line));
        return std::to_string(count);
    };
    const auto checkpoints = [&] { return sql("select count(*) from platform.audit_checkpoint"); };
    {
        Sealer sealer(services().runtime, clock(), with);
        EXPECT_TRUE(round(sealer).healthy()) << sealing_state().copy_fault;
        EXPECT_EQ(lines(), checkpoints());
    }
    std::filesystem::resize_file(with.copy_path, std::filesystem::file_size(with.copy_path) - 9);
    act(ctx);
    Sealer sealer(services().runtime, clock(), with);
    EXPECT_TRUE(round(sealer).healthy()) << sealing_state().copy_fault;
    EXPECT_EQ(lines(), checkpoints());
    EXPECT_EQ(sealing_state().number, std::stoi(checkpoints()));
}

TEST_F(AuditSealer, a_copy_that_cannot_be_written_is_told_and_sealing_goes_on) {
    Context ctx = tenant_context();
    auto with = options("blocked");
    const std::string folder = std::filesystem::path(with.copy_path).parent_path();
    std::filesystem::remove_all(folder);
    std::ofstream(folder) << "a file where the folder should be";
    Sealer sealer(services().runtime, clock(), with);
    act(ctx);
    const auto broken = round(sealer);
    EXPECT_FALSE(broken.copy_fault.empty());
    EXPECT_FALSE(broken.healthy());
    EXPECT_EQ(leaves_of(ctx), "1");
    std::filesystem::remove(folder);
    act(ctx);
    EXPECT_TRUE(round(sealer).healthy()) << sealing_state().copy_fault;
    EXPECT_TRUE(std::filesystem::exists(with.copy_path));
    Sealer second(services().runtime, clock(), with);
    EXPECT_NE(round(second).copy_fault.find("another process"), std::string::npos);
}

TEST_F(AuditSealer, a_database_that_is_older_than_the_copy_is_not_sealed_on) {
    Context ctx = tenant_context();
    act(ctx);
    seal_all();
    const auto with = options("newer");
    Checkpoint ahead{};
    {
        Sealer sealer(services().runtime, clock(), with);
        round(sealer);
        CopyFile copy(options("reader").copy_path);
    }
    {
        std::ifstream file(with.copy_path);
        std::string line, last;
        while (std::getline(file, line)) last = line;
        ahead = std::get<Checkpoint>(*read_line(last));
    }
    ahead.previous = link_to(ahead);
    ++ahead.number;
    sign(ahead, test::audit_signer());
    CopyFile(with.copy_path).append({&ahead, 1});
    act(ctx);
    Sealer sealer(services().runtime, clock(), with);
    EXPECT_NE(round(sealer).fault.find("restored from an older state"), std::string::npos)
        << sealing_state().fault;
    EXPECT_EQ(leaves_of(ctx), "1") << "nothing more is signed";
    // A person has set the copy aside.
    std::filesystem::rename(with.copy_path, with.copy_path + ".evidence");
    Sealer again(services().runtime, clock(), with);
    EXPECT_TRUE(round(again).healthy()) << sealing_state().fault;
    EXPECT_EQ(leaves_of(ctx), "2");
}

TEST_F(AuditSealer, a_tree_that_was_changed_is_not_sealed_on) {
    Context ctx = tenant_context();
    act(ctx);
    seal_all();
    act(ctx);
    Sealer sealer(services().runtime, clock(), options("changed"));
    const std::string edge =
        " where level = 0 and number = (select max(number) from"
        " platform.audit_tile where level = 0)";
    const std::string flip =
        "update platform.audit_tile set hashes = set_byte(hashes, 3,"
        " get_byte(hashes, 3) # 1)" +
        edge;
    sql(flip);
    EXPECT_FALSE(round(sealer).fault.empty());
    EXPECT_EQ(leaves_of(ctx), "1");
    sql(flip);
    const std::string forge =
        "update platform.audit_checkpoint set signature = set_byte(signature,"
        " 3, get_byte(signature, 3) # 1) where number ="
        " (select max(number) from platform.audit_checkpoint)";
    sql(forge);
    EXPECT_FALSE(round(sealer).fault.empty());
    EXPECT_EQ(leaves_of(ctx), "1");
    sql(forge);
    EXPECT_TRUE(round(sealer).fault.empty()) << sealing_state().fault;
    EXPECT_EQ(leaves_of(ctx), "2");
}

TEST_F(AuditSealer, another_key_goes_on_only_where_the_former_one_is_named) {
    Context ctx = tenant_context();
    act(ctx);
    seal_all();
    act(ctx);
    auto with = options("other-key");
    const PublicKey former = with.signer.public_key;
    with.signer = signer_of_seed({99});
    EXPECT_THROW(seal(with), Diverged);
    with.former_keys = {former};
    EXPECT_EQ(seal(with), Sealer::Outcome::sealed);
    // Back again for the other tests.
    auto back = options();
    back.former_keys = {with.signer.public_key};
    act(ctx);
    EXPECT_EQ(seal(back), Sealer::Outcome::sealed);
}

TEST_F(AuditSealer, roles_can_do_their_part_only) {
    const auto refused = [&](const std::string& role, const std::string& statement) {
        try {
            pgserver::Session(conninfo(role)).run(statement);
        } catch (const pgserver::DatabaseError& problem) {
            return problem.sqlstate() == "42501";
        }
        return false;
    };
    for (const char* statement :
         {"select id from platform.audit_entry", "delete from platform.audit_leaf",
          "update platform.audit_leaf set position = 0",
          "update platform.audit_checkpoint set size = 1", "delete from platform.audit_checkpoint",
          "delete from platform.audit_tile", "insert into platform.audit_entry (id) values (null)",
          "insert into platform.audit_unsealed (entry_id) values (null)",
          "update platform.audit_tree set origin = gen_random_uuid()",
          "select tenant_id from platform.job", "create table platform.mine (x int)"})
        EXPECT_TRUE(refused("entrepot_sealer", statement)) << statement;
    for (const char* statement :
         {"select digest from platform.audit_unsealed", "delete from platform.audit_unsealed",
          "insert into platform.audit_leaf (position) values (0)",
          "insert into platform.audit_tile (level) values (0)",
          "update platform.audit_tile set hashes = ''",
          "insert into platform.audit_checkpoint (number) values (1)",
          "update platform.audit_tree set size = 0", "update platform.audit_entry set act = ''",
          "delete from platform.audit_entry"})
        EXPECT_TRUE(refused("entrepot_app", statement)) << statement;
}

}  // namespace
}  // namespace entrepot::audit
