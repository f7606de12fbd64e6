// Checks of buyers' data go red when the promise is broken: each breach is planted in the database
// or in keyd, past the program.
#include "modules/compliance/run.hpp"
#include "platform/audit/audit.hpp"
#include "platform/pgserver/session.hpp"
#include "support/reader.hpp"

namespace entrepot::compliance {
namespace {

class VaultChecks : public entrepot::test::DatabaseTest {
protected:
    Finding find(std::string_view name) {
        const Check* check = check_by_name(name);
        EXPECT_NE(check, nullptr) << name;
        return run([&] { return run_check(ctx, *check); });
    }
    void expect(std::string_view check, State state, const std::string& code) {
        const Finding found = find(check);
        EXPECT_EQ(found.state, state) << check << ' ' << found.code;
        EXPECT_EQ(found.code, code) << (found.items.empty() ? "" : found.items.front());
    }
    OrderId put() {
        return run([&] { return entrepot::test::put_capsule(ctx, ctx.new_id<ShopId>()); });
    }
    std::string of() const { return " where tenant_id = '" + ctx.tenant.text() + "'"; }
    /// An order of its own for the capsule, as a channel and a clerk would have made it.
    void release(OrderId order, const std::string& fulfilled_by, const std::string& released_at) {
        pgserver::Session session(entrepot::test::Environment::get().admin_conninfo());
        // No shop stands behind it.
        session.run("set session_replication_role = replica");
        session.run(
            "insert into orders.sales_order (tenant_id, id, shop_id, channel_order_id, kind, "
            "ordered_at, channel_updated_at, updated_at, state, channel_state, fulfilled_by, "
            "marketplace_id, item_minor, shipping_minor, gift_wrap_minor, tax_minor, "
            "discount_minor, other_minor, line_count, unit_count, first_seller_sku, first_title, "
            "first_quantity, programs, source_channel, source_operation, source_request_id, "
            "source_received_at, content_hash) select tenant_id, order_id, shop_id, "
            "order_id::text, 'sale', sealed_at, sealed_at, sealed_at, 'unshipped', 'Unshipped', '" +
            fulfilled_by +
            "', 'x', 0, 0, 0, 0, 0, 0, 0, 0, '', '', 0, '{}', 'x', 'x', 'x', sealed_at, '' from "
            "vault.capsule" +
            of() + " and order_id = '" + order.text() + "'");
        session.run(
            "insert into fulfil.shipment (tenant_id, id, order_id, shop_id, channel_order_id, "
            "reference, state, released_at, released_by, updated_at) select tenant_id, "
            "gen_random_uuid(), order_id, shop_id, 'x', 1, 'released', sealed_at + interval '" +
            released_at + "', 'x', sealed_at from vault.capsule" + of() + " and order_id = '" +
            order.text() + "'");
    }
    Context ctx = tenant_context();
};

TEST_F(VaultChecks, a_cell_that_is_not_sealed_is_seen) {
    expect("vault_cells", State::green, "sealed");
    put();
    expect("vault_cells", State::green, "sealed");
    EXPECT_EQ(find("vault_cells").figures.at("cells"), 2);
    sql("update vault.cell set sealed = convert_to('Ann Canary lives at 1 Canary Row, Hangzhou', "
        "'UTF8')" +
        of() + " and field = (select min(field) from vault.cell" + of() + ")");
    expect("vault_cells", State::red, "plain");
}

TEST_F(VaultChecks, buyer_data_fetched_before_its_time_is_seen) {
    const OrderId order = put();
    release(order, "merchant", "-1 minute");
    expect("just_in_time", State::green, "in_time");
    EXPECT_EQ(find("just_in_time").figures.at("capsules"), 1);
    sql("update orders.sales_order set fulfilled_by = 'channel'" + of());
    expect("just_in_time", State::red, "not_ours");
    sql("update orders.sales_order set fulfilled_by = 'merchant'" + of());
    sql("update fulfil.shipment set released_at = released_at + interval '1 hour'" + of());
    expect("just_in_time", State::red, "early");
}

TEST_F(VaultChecks, a_clock_that_stands_still_or_runs_late_is_seen) {
    put();
    expect("pii_clock", State::green, "in_time");
    sql("update vault.capsule set destroy_at = destroy_at - interval '29 days'" + of());
    expect("pii_clock", State::red, "overdue");
    sql("update vault.capsule set delivered_at = sealed_at, destroy_at = sealed_at + interval "
        "'28 days 1 second'" +
        of());
    expect("pii_clock", State::red, "too_long");
    sql("update vault.capsule set delivered_at = null, shipped_at = sealed_at, destroy_at = "
        "sealed_at + interval '30 days 1 second'" +
        of());
    expect("pii_clock", State::red, "too_long");
    sql("update vault.capsule set destroy_at = sealed_at + interval '30 days'" + of());
    expect("pii_clock", State::green, "in_time");
    sql("delete from platform.job" + of() + " and kind = 'vault.sweep'");
    expect("pii_clock", State::red, "no_sweeper");
}

TEST_F(VaultChecks, an_erasure_that_was_not_one_is_seen) {
    const OrderId order = put(), kept = put();
    auto erase = [&](pg::Transaction& tx) -> Awaitable<Result<bool>> {
        co_return co_await vault::erase(tx, ctx, order, "erasure_request") == vault::Erasure::begun;
    };
    (void)run([&] { return ctx.db().transaction(ctx.tenant, erase); });
    drain_jobs();
    expect("erased_capsules", State::green, "gone");
    EXPECT_EQ(find("erased_capsules").figures.at("asked"), 1);
    // Barred before it was fetched, and fetched all the same.
    sql("insert into vault.fence (tenant_id, order_id, kind, fenced_at) select tenant_id, "
        "order_id, "
        "'erased', now() from vault.capsule" +
        of() + " and order_id = '" + kept.text() + "'");
    expect("erased_capsules", State::red, "brought_back");
    sql("delete from vault.fence" + of());
    // Said to be erased, and the key lives on.
    sql("update vault.capsule set state = 'erased', erased_at = now(), receipt = '{}'" + of() +
        " and order_id = '" + kept.text() + "'");
    expect("erased_capsules", State::red, "left_over");
    sql("delete from vault.cell" + of());
    sql("delete from vault.blind_index" + of());
    expect("erased_capsules", State::red, "not_destroyed");
    sql("update vault.capsule set receipt = ''" + of());
    expect("erased_capsules", State::red, "no_receipt");
}

TEST_F(VaultChecks, keyd_away_or_with_an_old_epoch_is_seen) {
    auto& keyd = entrepot::test::Environment::get().keyd();
    // One keyd serves all tests, and another may have left an epoch of a later day.
    clock().advance(std::chrono::days(365));
    keyd.tick();
    keyd.tick();
    // Tests run keyd in their own process, so as their own user.
    expect("keyd_epochs", State::amber, "same_user");
    EXPECT_GE(find("keyd_epochs").figures.at("epoch"), 1);
    clock().advance(std::chrono::hours(27));
    expect("keyd_epochs", State::red, "old_epoch");
    keyd.tick();
    expect("keyd_epochs", State::amber, "same_user");
    keyd.stop();
    expect("keyd_epochs", State::red, "away");
    keyd.start();
    expect("keyd_epochs", State::amber, "same_user");
}

TEST_F(VaultChecks, traps_that_are_missing_unmarked_or_opened_past_the_server_are_seen) {
    expect("decoys_stand", State::green, "nothing_shipped");
    const OrderId order = put();
    release(order, "merchant", "-1 day");
    sql("update fulfil.shipment set state = 'shipped', ship_date = released_at, shipped_at = "
        "released_at" +
        of());
    expect("decoys_stand", State::red, "none");
    const OrderId decoy = put();
    const std::string trap = of() + " and order_id = '" + decoy.text() + "'";
    sql("insert into fulfil.decoy select tenant_id, order_id, order_id, shop_id, '1', 'UPS', '', "
        "'', "
        "'1', null, now(), '', null, now(), null, null, '', '' from vault.capsule" +
        trap);
    expect("decoys_stand", State::red, "unmarked");
    (void)run([&]() -> Awaitable<int> {
        co_await entrepot::test::make_honeytoken(ctx, decoy);
        co_return 0;
    });
    expect("decoys_stand", State::green, "standing");
    (void)run([&] { return entrepot::test::read_in_masses(ctx, decoy, 1); });
    expect("decoys_stand", State::green, "standing");
    // With keyd's socket in hand, and without the server.
    keys::Request ask;
    ask.operation = keys::Operation::open;
    ask.caller = vault::caller_of(ctx, keys::Purpose::service);
    ask.ids = {*Uuid::parse(sql("select id from vault.capsule" + trap))};
    clock().advance(std::chrono::seconds(1));
    (void)run([&] { return services().keys.call(ask); });
    expect("decoys_stand", State::red, "unseen");
    EXPECT_EQ(find("decoys_stand").figures.at("openings"), 2);
}

TEST_F(VaultChecks, a_reading_without_a_purpose_is_seen) {
    const OrderId order = put();
    (void)run([&] { return entrepot::test::read_in_masses(ctx, order, 1); });
    expect("reveal_purposes", State::green, "bound");
    EXPECT_EQ(find("reveal_purposes").figures.at("readings"), 1);
    EXPECT_EQ(find("reveal_purposes").figures.at("probes_refused"), 2);
    auto curious = [&](pg::Transaction& tx) -> Awaitable<Result<>> {
        audit::done(tx, ctx,
                    {"vault.revealed", "order", order.text(),
                     R"({"purpose":"curiosity","serves_kind":"x","serves_id":"y"})"});
        co_return Result<>{};
    };
    (void)run([&] { return ctx.db().transaction(ctx.tenant, curious); });
    expect("reveal_purposes", State::red, "aimless");
}

TEST_F(VaultChecks, an_audit_that_is_not_sealed_is_seen) {
    auto act = [&](pg::Transaction& tx) -> Awaitable<Result<>> {
        audit::done(tx, ctx, {"orders.hold_placed", "order", "x"});
        co_return Result<>{};
    };
    (void)run([&] { return ctx.db().transaction(ctx.tenant, act); });
    EXPECT_EQ(find("audit_sealed").figures.at("rows"), 0) << "it may wait for its seal a moment";
    clock().advance(std::chrono::seconds(20));
    EXPECT_EQ(find("audit_sealed").state, State::red);
    EXPECT_EQ(find("audit_sealed").figures.at("unsealed"), 1);
    // A place in the tree, far from all others; taken away again.
    sql("insert into platform.audit_leaf (tenant_id, entry_id, position, number) select tenant_id, "
        "id, 1000000000000, 1 from platform.audit_entry" +
        of());
    EXPECT_EQ(find("audit_sealed").figures.at("unsealed"), 0);
    sql("delete from platform.audit_leaf" + of());
}

TEST_F(VaultChecks, who_reads_too_much_and_goes_on_is_seen) {
    expect("incidents_contained", State::green, "contained");
    const OrderId order = put();
    Context greedy = as(ctx, ctx.rights.permissions);
    (void)run([&] { return entrepot::test::read_in_masses(greedy, order); });
    drain_jobs();
    expect("incidents_contained", State::green, "contained");
    // Nobody is behind this context, so nobody was thrown out.
    clock().advance(std::chrono::minutes(2));
    expect("incidents_contained", State::red, "uncontained");
    sql("update compliance.incident set state = 'contained', contained_at = last_at, took_ms = "
        "5001" +
        of());
    expect("incidents_contained", State::red, "too_slow");
    sql("update compliance.incident set took_ms = 900" + of());
    expect("incidents_contained", State::green, "contained");
    clock().advance(std::chrono::hours(24 * 8));
    expect("incidents_contained", State::amber, "waiting");
}

TEST_F(VaultChecks, the_gate_tells_a_tracking_partner_no_more) {
    expect("tracking_gate", State::green, "refused");
    EXPECT_EQ(find("tracking_gate").figures.at("refused"), 2);
}

}  // namespace
}  // namespace entrepot::compliance
