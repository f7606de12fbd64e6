// Capsules from arrival to their end, with the real keyd and the real database.
#include <fstream>

#include "platform/jobs/jobs.hpp"
#include "platform/json/writer.hpp"
#include "support/fixture.hpp"
#include "vault/capsule.hpp"
#include "vault/vault.hpp"

namespace entrepot::vault {
namespace {

class Vault : public test::DatabaseTest {
protected:
    Context ctx = tenant_context();
    Context* owner = &ctx;  ///< whose capsules put() makes
    ShopId shop{crypto::new_uuid(clock().now())};

    static Draft draft(std::string_view name, std::string_view email) {
        const std::string body = R"({"n":")" + std::string(name) + R"(","e":")" +
                                 std::string(email) +
                                 R"(","a":"1 Canary Row","p":"90210","t":"+1 555 0100"})";
        return *harvest(crypto::secret_bytes(body), {{"/n", Field::recipient_name, {}},
                                                     {"/e", Field::buyer_email, {}},
                                                     {"/a", Field::address_line1, {}},
                                                     {"/p", Field::postal_code, {}},
                                                     {"/t", Field::phone, {}}});
    }
    OrderId put(std::string_view name = "Ann Canary", std::string_view email = "ann@canary.example",
                std::optional<Instant> promised = {}) {
        const OrderId order{crypto::new_uuid(clock().now())};
        EXPECT_TRUE(put_for(order, name, email, promised));
        return order;
    }
    bool put_for(OrderId order, std::string_view name, std::string_view email,
                 std::optional<Instant> promised = {}) {
        Delivery delivery{};
        delivery.promised_by = promised;
        const auto stored = run([&]() -> Awaitable<Result<bool>> {
            CO_TRY(const Sealed sealed,
                   co_await seal(*owner, {order, shop, "amazon", delivery}, draft(name, email)));
            auto body = [&](pg::Transaction& tx) -> Awaitable<Result<bool>> {
                co_return co_await keep(tx, *owner, sealed);
            };
            co_return co_await owner->db().transaction(owner->tenant, body);
        });
        return stored.has_value() && *stored;
    }
    Result<Revealed> show(const Context& who, OrderId order, Reason reason = Reason::fulfilment) {
        Context asking = who;
        return run([&] { return reveal(asking, {order, reason, "shipment", "s-1"}); });
    }
    static std::string text_of(const Revealed& revealed) {
        return json::to_json(revealed, PermissionSet{});
    }
    template <class Body>
    auto in_tx(Body body) {
        return run([&] { return ctx.db().transaction(ctx.tenant, body); });
    }
    bool erase_now(OrderId order, const std::string& reason) {
        auto body = [&](pg::Transaction& tx) -> Awaitable<Result<bool>> {
            co_return co_await erase(tx, ctx, order, reason) == Erasure::begun;
        };
        return *in_tx(body);
    }
    std::optional<Holding> holding_of(OrderId order) {
        std::optional<Holding> out;
        auto body = [&](pg::Transaction& tx) -> Awaitable<Result<>> {
            const auto all = co_await holdings(tx, {order});
            if (const auto found = all.find(order); found != all.end()) out = found->second;
            co_return Result<>{};
        };
        (void)in_tx(body);
        return out;
    }
    std::string state_of(OrderId order) {
        return sql("select state from vault.capsule where order_id = '" + order.text() + "'");
    }
    std::string count(const std::string& where) { return sql("select count(*) from " + where); }
    std::string audited(const std::string& act, OrderId order) {
        return count("platform.audit_entry where act = '" + act + "' and object_id = '" +
                     order.text() + "' and result = 'done'");
    }
};

TEST_F(Vault, opens_for_a_purpose_and_leaves_a_row) {
    const OrderId order = put();
    const auto shown = show(ctx, order);
    ASSERT_TRUE(shown.has_value());
    const std::string text = text_of(*shown);
    EXPECT_NE(text.find("Ann Canary"), std::string::npos);
    EXPECT_NE(text.find("1 Canary Row"), std::string::npos);
    EXPECT_EQ(text.find("ann@canary.example"), std::string::npos) << "a parcel needs no e-mail";
    EXPECT_EQ(audited("vault.revealed", order), "1");
    EXPECT_NE(text_of(*show(ctx, order, Reason::service)).find("ann@canary.example"),
              std::string::npos);
    EXPECT_EQ(audited("vault.revealed", order), "2");
    EXPECT_EQ(sql("select count(*) from platform.audit_entry where detail::text like '%Canary%'"),
              "0");
}

TEST_F(Vault, lays_no_plaintext_on_the_disk) {
    put("Zebulon Quartzcanary", "zebulon@quartzcanary.example");
    sql("checkpoint");
    const std::string command = "grep -rlaE 'Quartzcanary|quartzcanary' " +
                                test::Environment::get().dir() + "/pg 2>/dev/null | wc -l";
    std::FILE* pipe = popen(command.c_str(), "r");
    char answer[16] = {};
    ASSERT_NE(fgets(answer, sizeof answer, pipe), nullptr);
    pclose(pipe);
    EXPECT_EQ(std::stoi(answer), 0);
    EXPECT_EQ(count("vault.cell where tenant_id = '" + ctx.tenant.text() + "'"), "5");
}

TEST_F(Vault, an_order_has_one_capsule_for_ever) {
    const OrderId order = put();
    EXPECT_FALSE(put_for(order, "Somebody Else", "x@y.example"));
    EXPECT_NE(text_of(*show(ctx, order)).find("Ann Canary"), std::string::npos);
    erase_now(order, "erasure_request");
    drain_jobs();
    EXPECT_FALSE(put_for(order, "Ann Again", "x@y.example"));
    EXPECT_EQ(show(ctx, order).error().code, errors::erased);
}

TEST_F(Vault, what_was_never_here_does_not_come_after_an_erasure) {
    // Sealed before, as by a fetch that is under way, and stored after.
    const OrderId order{crypto::new_uuid(clock().now())}, free{crypto::new_uuid(clock().now())};
    const auto under_way = run([&] {
        return seal(ctx, {order, shop, "amazon", {}}, draft("Ann Canary", "ann@canary.example"));
    });
    ASSERT_TRUE(under_way.has_value());
    EXPECT_FALSE(erase_now(order, "erasure_request")) << "there is nothing to erase";
    auto store_it = [&](pg::Transaction& tx) -> Awaitable<Result<bool>> {
        co_return co_await keep(tx, ctx, *under_way);
    };
    EXPECT_FALSE(*in_tx(store_it));
    EXPECT_FALSE(put_for(order, "Ann Again", "ann@canary.example"));
    EXPECT_EQ(count("vault.capsule where order_id = '" + order.text() + "'"), "0");
    EXPECT_EQ(show(ctx, order).error().code, errors::erased);
    EXPECT_EQ(audited("vault.barred", order), "1");
    EXPECT_TRUE(put_for(free, "Bob Free", "bob@free.example"));
    EXPECT_EQ(holding_of(order), Holding::erased);
}

TEST_F(Vault, what_was_never_here_does_not_come_while_restricted) {
    const OrderId order{crypto::new_uuid(clock().now())};
    const auto restrict = [&](OrderId which, bool on) {
        const std::vector<OrderId> only{which};
        return *run([&] { return set_restricted(ctx, only, on); });
    };
    EXPECT_EQ(restrict(order, true).at(order), Holding::restricted);
    EXPECT_FALSE(put_for(order, "Ann Canary", "ann@canary.example"));
    EXPECT_EQ(show(ctx, order).error().code, errors::restricted);
    EXPECT_TRUE(restrict(order, false).empty())
        << "nothing is held, and nobody forbids to fetch it";
    EXPECT_TRUE(put_for(order, "Ann Canary", "ann@canary.example"));
    EXPECT_TRUE(show(ctx, order).has_value());
    // An erasure outweighs a restriction, whichever came first, and no end of one lifts it.
    const OrderId gone{crypto::new_uuid(clock().now())};
    (void)restrict(gone, true);
    EXPECT_FALSE(erase_now(gone, "erasure_request"));
    (void)restrict(gone, true);
    (void)restrict(gone, false);
    EXPECT_EQ(holding_of(gone), Holding::erased);
    EXPECT_FALSE(put_for(gone, "Ann Canary", "ann@canary.example"));
}

TEST_F(Vault, a_fence_holds_for_its_own_tenant_only) {
    const OrderId order{crypto::new_uuid(clock().now())};
    (void)erase_now(order, "erasure_request");
    Context theirs = tenant_context();
    owner = &theirs;
    EXPECT_TRUE(put_for(order, "Bob Other", "bob@other.example"));
}

TEST_F(Vault, of_another_tenant_is_not_there_and_its_cells_do_not_open) {
    const OrderId mine = put();
    Context theirs = tenant_context();
    EXPECT_EQ(show(theirs, mine).error().code, errors::not_fetched);
    // A row copied past row-level security into the other tenant's capsule does not open either.
    owner = &theirs;
    const OrderId other = put("Bob Other", "bob@other.example");
    sql("update vault.cell as t set sealed = s.sealed from vault.cell as s, vault.capsule as a, "
        "vault.capsule as b where a.order_id = '" +
        mine.text() + "' and b.order_id = '" + other.text() +
        "' and s.capsule_id = a.id and t.capsule_id = b.id and s.field = t.field");
    EXPECT_THROW((void)show(theirs, other), Bug);
    EXPECT_TRUE(show(ctx, mine).has_value());
}

TEST_F(Vault, ten_thousand_cell_swaps_open_none) {
    std::vector<OrderId> orders;
    for (int i = 0; i < 8; ++i) orders.push_back(put("Name " + std::to_string(i), "e@x.example"));
    std::vector<store::CellRow> cells;
    std::vector<Uuid> capsules;
    auto read = [&](pg::Transaction& tx) -> Awaitable<Result<>> {
        for (const auto& row : co_await store::capsules_of(tx, orders)) capsules.push_back(row.id);
        cells = co_await store::cells_of(tx, capsules, {1, 7, 9, 10, 13, 3});
        co_return Result<>{};
    };
    (void)in_tx(read);
    keys::Request ask;
    ask.operation = keys::Operation::open;
    ask.caller = caller_of(ctx, keys::Purpose::service);
    ask.ids = capsules;
    keys::Reply reply;
    auto call = [&]() -> Awaitable<Result<>> {
        reply = co_await ctx.services.keys.call(ask);
        co_return Result<>{};
    };
    (void)run(call);
    int opened = 0, tried = 0;
    for (int round = 0; tried < 10'000; ++round)
        for (std::size_t i = 0; i < capsules.size(); ++i) {
            crypto::CellCipher cipher(*reply.keys[i].key);
            for (store::CellRow cell : cells) {
                const bool own = cell.capsule_id == capsules[i];
                const bool moves_field = round % 2 == 1;
                if (own && !moves_field) continue;
                cell.capsule_id = capsules[i];
                if (moves_field) cell.field += 1;
                ++tried;
                opened += Opener::open(cipher, ctx.tenant, cell).has_value();
            }
        }
    EXPECT_EQ(opened, 0);
}

TEST_F(Vault, without_keyd_reading_fails_closed_and_comes_back) {
    const OrderId order = put();
    test::Environment::get().keyd().stop();
    EXPECT_EQ(show(ctx, order).error().code, errors::keys_unavailable);
    EXPECT_FALSE(put_for(OrderId{crypto::new_uuid(clock().now())}, "A", "b@c.example"));
    // An erasure that is asked for meanwhile fences at once and is finished later.
    EXPECT_TRUE(erase_now(order, "erasure_request"));
    drain_jobs();
    EXPECT_EQ(state_of(order), "erasing");
    test::Environment::get().keyd().start();
    EXPECT_EQ(show(ctx, order).error().code, errors::erased);
    clock().advance(std::chrono::minutes(2));
    drain_jobs();
    EXPECT_EQ(state_of(order), "erased");
}

TEST_F(Vault, erasure_destroys_the_key_and_deletes_cells_and_indexes) {
    const OrderId order = put(), kept = put("Kept Person", "kept@canary.example");
    EXPECT_TRUE(erase_now(order, "erasure_request"));
    EXPECT_EQ(show(ctx, order).error().code, errors::erased);
    drain_jobs();
    EXPECT_EQ(state_of(order), "erased");
    const std::string id =
        sql("select id from vault.capsule where order_id = '" + order.text() + "'");
    EXPECT_EQ(count("vault.cell where capsule_id = '" + id + "'"), "0");
    EXPECT_EQ(count("vault.blind_index where capsule_id = '" + id + "'"), "0");
    const std::string receipt =
        sql("select receipt from vault.capsule where order_id = '" + order.text() + "'");
    EXPECT_NE(receipt.find(id), std::string::npos);
    EXPECT_NE(receipt.find("erasure_request"), std::string::npos);
    EXPECT_EQ(audited("vault.erased", order), "1");
    EXPECT_TRUE(show(ctx, kept).has_value());
    EXPECT_FALSE(erase_now(order, "erasure_request"));
}

TEST_F(Vault, ends_by_itself_28_days_after_delivery) {
    const Instant begun = clock().now();
    const OrderId order = put("D Eleven", "d@canary.example", begun + std::chrono::hours(24 * 5));
    auto delivered = [&](pg::Transaction& tx) -> Awaitable<Result<>> {
        co_await note_shipped(tx, ctx, order, begun + std::chrono::hours(24));
        co_await note_delivered(tx, ctx, order, begun + std::chrono::hours(48));
        // A second scan does not keep it longer.
        co_await note_delivered(tx, ctx, order, begun + std::chrono::hours(240));
        co_return Result<>{};
    };
    (void)in_tx(delivered);
    clock().set(begun + std::chrono::hours(24 * 29));
    drain_jobs();
    EXPECT_TRUE(show(ctx, order).has_value());
    clock().set(begun + std::chrono::hours(24 * 30 + 1));
    drain_jobs();
    EXPECT_EQ(state_of(order), "erased");
    EXPECT_EQ(sql("select erase_reason from vault.capsule where order_id = '" + order.text() + "'"),
              "retention");
}

TEST_F(Vault, search_finds_the_buyer_in_ones_own_shops_only) {
    const OrderId one = put("Ann Lee", "Ann@Canary.example");
    put("Bob Lee", "bob@canary.example");
    const auto find = [&](const Context& who, Field field, const std::string& wanted) {
        Context asking = who;
        return *run([&] { return find_orders(asking, field, wanted, Reason::service); });
    };
    EXPECT_EQ(find(ctx, Field::buyer_email, "ann@canary.EXAMPLE"), std::vector{one});
    EXPECT_EQ(find(ctx, Field::recipient_name, "ANN  LEE"), std::vector{one});
    EXPECT_EQ(find(ctx, Field::phone, "15550100").size(), 2U);
    EXPECT_TRUE(find(ctx, Field::buyer_email, "ann").empty());
    const Context elsewhere =
        as(ctx, ctx.rights.permissions, std::vector{ShopId{crypto::new_uuid(clock().now())}});
    EXPECT_TRUE(find(elsewhere, Field::buyer_email, "ann@canary.example").empty());
    EXPECT_TRUE(find(tenant_context(), Field::buyer_email, "ann@canary.example").empty());
    Context asking = ctx;
    EXPECT_TRUE(
        run([&] { return find_orders(asking, Field::city, "X", Reason::service); }).has_error());
}

TEST_F(Vault, who_reads_in_masses_is_stopped) {
    const OrderId order = put();
    Context greedy = as(ctx, ctx.rights.permissions);
    int shown = 0;
    std::optional<ErrorCode> end;
    for (int i = 0; i < 400 && !end; ++i) {
        const auto revealed = show(greedy, order);
        if (revealed.has_value())
            ++shown;
        else
            end = revealed.error().code;
    }
    EXPECT_LE(shown, 300);
    ASSERT_TRUE(end.has_value());
    EXPECT_EQ(*end, errors::over_budget);
    EXPECT_TRUE(show(ctx, order).has_value()) << "another person of the tenant goes on";
}

}  // namespace
}  // namespace entrepot::vault
