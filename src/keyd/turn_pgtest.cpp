// Epochs: live keys survive a turn, destroyed ones do not survive the next, whatever was backed up.
#include <libpq-fe.h>

#include "keyd/fixture.hpp"

namespace entrepot::keyd::test {
namespace {
using std::chrono::hours;

class Turn : public KeyringTest {
protected:
    /// What a backup of the key database holds.
    struct Backup {
        std::vector<std::pair<std::uint32_t, std::string>> tenant_keys;
        struct Key {
            Uuid id;
            std::uint32_t epoch;
            std::string wrapped;
        };
        std::vector<Key> data_keys;
    };
    Backup back_up() {
        Backup out;
        for (std::uint32_t epoch = 1; epoch <= keyring_->epoch(); ++epoch) {
            auto body = [&](pg::Transaction& tx) -> Awaitable<Result<>> {
                for (const auto& row : co_await store::tenant_keys(tx, epoch))
                    out.tenant_keys.emplace_back(epoch, row.wrapped.data);
                for (const auto& row : co_await store::still_under(tx, epoch, {}, 10'000))
                    out.data_keys.push_back({row.id, epoch, row.wrapped.data});
                co_return Result<>{};
            };
            run([&]() -> Awaitable<void> { (void)co_await db_->global(body); });
        }
        return out;
    }
    /// Ids that somebody opens who has all backups and every root that still exists.
    std::set<std::string> opened_by_thief(const std::vector<Backup>& backups) {
        std::set<std::string> out;
        for (const Backup& roots_of : backups)
            for (const auto& [epoch, wrapped] : roots_of.tenant_keys) {
                std::optional<crypto::SecretKey> tenant_key;
                try {
                    tenant_key =
                        roots_->unwrap(epoch, wrapped, crypto::Place::tenant_key(tenant_, epoch));
                } catch (const RootError&) {
                    continue;
                }
                if (!tenant_key) continue;
                crypto::CellCipher cipher(*tenant_key);
                for (const Backup& backup : backups)
                    for (const auto& key : backup.data_keys)
                        if (crypto::unwrap_key(
                                cipher, key.wrapped,
                                crypto::Place::data_key(tenant_, key.id, 1, key.epoch)))
                            out.insert(key.id.text());
            }
        return out;
    }
};

TEST_F(Turn, keeps_every_live_key_under_a_new_random_tenant_key) {
    std::vector<Uuid> ids;
    for (int i = 0; i < 1200; ++i) ids.push_back(new_id());
    std::vector<std::string> made;
    for (std::size_t at = 0; at < ids.size(); at += 400)
        for (auto& key :
             make({ids.begin() + static_cast<long>(at), ids.begin() + static_cast<long>(at + 400)}))
            made.push_back(std::move(key));
    options_.limits.user = {5000, 5000};
    restart();
    const Backup before = back_up();
    turn();
    EXPECT_EQ(keyring_->epoch(), 2U);
    const Backup after = back_up();
    ASSERT_EQ(after.data_keys.size(), ids.size());
    for (const auto& key : after.data_keys) EXPECT_EQ(key.epoch, 2U);
    ASSERT_EQ(before.tenant_keys.size(), 1U);
    for (std::size_t i = 0; i < ids.size(); i += 97) EXPECT_EQ(open(ids[i]).key->view(), made[i]);
    restart();
    for (std::size_t i = 0; i < ids.size(); i += 97) EXPECT_EQ(open(ids[i]).key->view(), made[i]);
}

TEST_F(Turn, destroys_the_old_root_only_after_the_grace) {
    const Uuid id = new_id();
    const auto made = make({id});
    turn();
    clock_.advance(hours(23));
    tick();
    EXPECT_EQ(roots_->epochs(), (std::vector<std::uint32_t>{1, 2}));
    clock_.advance(hours(2));
    tick();  // the grace of epoch 1 is over, and epoch 2 is a day old: 3 begins
    EXPECT_EQ(roots_->epochs(), (std::vector<std::uint32_t>{2, 3}));
    EXPECT_EQ(open(id).key->view(), made[0]);
}

TEST_F(Turn, leaves_nothing_erased_to_whoever_has_every_backup_and_the_live_roots) {
    std::vector<Uuid> erased, kept;
    std::vector<Backup> backups;
    for (int day = 0; day < 8; ++day) {
        std::vector<Uuid> today;
        for (int i = 0; i < 20; ++i) today.push_back(new_id());
        make(today);
        backups.push_back(back_up());
        if (day < 5) {
            destroy({today.begin(), today.begin() + 10});
            erased.insert(erased.end(), today.begin(), today.begin() + 10);
            kept.insert(kept.end(), today.begin() + 10, today.end());
        } else {
            kept.insert(kept.end(), today.begin(), today.end());
        }
        backups.push_back(back_up());
        clock_.advance(hours(24));
        tick();
    }
    backups.push_back(back_up());
    const auto opened = opened_by_thief(backups);
    for (const Uuid& id : erased) EXPECT_FALSE(opened.contains(id.text()));
    for (const Uuid& id : kept) EXPECT_TRUE(opened.contains(id.text()));
    // The attack itself works: what was erased less than two days ago is still open to it.
    const std::size_t before = opened.size();
    destroy({kept.back()});
    EXPECT_TRUE(opened_by_thief(backups).contains(kept.back().text()));
    EXPECT_EQ(before, kept.size());
}

/// Roots that fail at the n-th call: stands for a process that dies there.
class DyingRoots final : public Roots {
public:
    DyingRoots(std::unique_ptr<Roots> real, int& left) : real_(std::move(real)), left_(left) {}
    void make(std::uint32_t epoch) override { step(), real_->make(epoch), step(); }
    std::vector<std::uint32_t> epochs() override { return real_->epochs(); }
    std::string wrap(std::uint32_t epoch, const crypto::SecretKey& key,
                     const crypto::Place& place) override {
        step();
        return real_->wrap(epoch, key, place);
    }
    std::optional<crypto::SecretKey> unwrap(std::uint32_t epoch, std::string_view cell,
                                            const crypto::Place& place) override {
        step();
        return real_->unwrap(epoch, cell, place);
    }
    void destroy(std::uint32_t epoch) override { step(), real_->destroy(epoch), step(); }
    std::string describe() const override { return real_->describe(); }

private:
    void step() {
        if (left_ >= 0 && left_-- == 0) throw std::runtime_error("killed");
    }
    std::unique_ptr<Roots> real_;
    int& left_;
};

class Killed : public Turn {
protected:
    std::unique_ptr<Roots> open_roots() override {
        return std::make_unique<DyingRoots>(file_roots({directory_}), left_);
    }
    int left_ = -1;  // never
};

TEST_F(Killed, at_any_call_of_the_root_store_loses_no_key_and_revives_none) {
    std::map<std::string, std::string> live;
    std::vector<Uuid> gone;
    options_.limits.user = {1e6, 1e6};
    options_.limits.tenant = {1e6, 1e6};
    int kills = 0;
    for (int round = 0; round < 60; ++round) {
        left_ = -1;
        restart();
        ASSERT_EQ(keyring_->shut(), "") << "round " << round;
        const Uuid kept = new_id(), lost = new_id();
        const auto made = make({kept, lost});
        live[kept.text()] = made[0];
        left_ = round % 7;
        try {
            clock_.advance(hours(25));
            tick();
            destroy({lost});
            tick();
        } catch (const std::exception&) {
            ++kills;
        }
        left_ = -1;
        restart();
        destroy({lost});
        gone.push_back(lost);
        for (const auto& [id, key] : live) {
            const auto answer = open(*Uuid::parse(id));
            ASSERT_TRUE(answer.key.has_value()) << "round " << round;
            ASSERT_EQ(answer.key->view(), key);
        }
        for (const Uuid& id : gone) ASSERT_EQ(open(id).outcome, Outcome::destroyed);
    }
    EXPECT_GT(kills, 20);
}

}  // namespace
}  // namespace entrepot::keyd::test
