// Decoys stand where programs look and people do not; whoever opens one is stopped, and no book
// knows them.
#include <set>

#include "modules/account/browser_pgtest.hpp"
#include "modules/fulfil/buyer.hpp"
#include "modules/fulfil/decoy.hpp"
#include "modules/insight/insight.hpp"
#include "modules/orders/sample_test.hpp"

namespace entrepot::test {
namespace {
using fulfil::ShipmentId;
using http::Method;

class Decoys : public orders::test::OrdersTest {
protected:
    void SetUp() override {
        ctx_.emplace(tenant_context());
        shop_ = make_shop(*ctx_, "Shop");
    }
    /// Parcels that have left, as many as numbers.
    void ship(int count) {
        for (int i = 0; i < count; ++i) {
            const std::string number = "113-" + std::to_string(4'000'000 + i) + "-1000000";
            ingest_batch(*ctx_, source(shop_), {orders::test::sample_order(number, 1)});
            const auto out = post(*ctx_, "/shipments/release",
                                  R"({"items":[{"order_id":")" + id_of(*ctx_, number) + "\"}]}");
            const std::string id = text_of(out.at("released").at(0), "shipment_id");
            ask(*ctx_, Method::put, "/shipments/" + id,
                R"({"carrier_code":"UPS","tracking_number":"1Z999AA10123456784"})");
            post(*ctx_, "/shipments/" + id + "/confirm");
            const ShipmentId shipment = *ShipmentId::parse(id);
            auto body = [&](pg::Transaction& tx) -> Awaitable<Result<bool>> {
                co_await fulfil::note_confirmed(*ctx_, tx, shipment);
                co_return true;
            };
            (void)run([&] { return ctx_->db().transaction(ctx_->tenant, body); });
            clock().advance(std::chrono::minutes(7));
        }
        drain_jobs();
    }
    std::optional<Instant> tend() {
        return run([&] { return fulfil::keep_decoys(*ctx_, {}); });
    }
    std::string count(const std::string& table) {
        return sql("select count(*) from " + table + " where" + of_tenant(*ctx_));
    }
    std::vector<std::string> ids(Context& who, const std::string& target) {
        std::vector<std::string> out;
        std::string cursor;
        for (;;) {
            const auto page =
                get(who, target + (target.find('?') == std::string::npos ? "?" : "&") + "limit=4" +
                             (cursor.empty() ? "" : "&cursor=" + cursor));
            for (const auto& item : page.at("items").as_array()) out.push_back(text_of(item, "id"));
            const auto* next = page.as_object().if_contains("next_cursor");
            if (next == nullptr || next->is_null()) return out;
            cursor = next->as_string();
        }
    }
    std::set<std::string> decoys() {
        const std::string all =
            sql("select coalesce(string_agg(id::text, ' '), '') from "
                "fulfil.decoy where" +
                of_tenant(*ctx_));
        std::set<std::string> out;
        for (std::size_t at = 0; at + 36 <= all.size(); at += 37) out.insert(all.substr(at, 36));
        return out;
    }
    std::optional<Context> ctx_;
    ShopId shop_;
};

TEST_F(Decoys, stand_among_what_was_shipped_once_something_was) {
    EXPECT_EQ(tend(), clock().now() + std::chrono::hours(1));
    EXPECT_EQ(count("fulfil.decoy"), "0");
    ship(10);
    EXPECT_EQ(tend(), clock().now() + std::chrono::hours(24));
    EXPECT_EQ(count("fulfil.decoy"), "3");
    tend();
    EXPECT_EQ(count("fulfil.decoy"), "3") << "once is enough";
    const auto traps = decoys();
    const auto all = ids(*ctx_, "/shipments");
    EXPECT_EQ(all.size(), 13U);
    EXPECT_EQ(std::set<std::string>(all.begin(), all.end()).size(), 13U) << "each once, over pages";
    for (const std::string& id : traps) EXPECT_EQ(std::count(all.begin(), all.end(), id), 1) << id;
    // Those that people look at have none.
    for (const char* list : {"/shipments?state=shipped", "/shipments?state=delivered",
                             "/shipments?state=released", "/shipments?problems=true"})
        for (const std::string& id : ids(*ctx_, list)) EXPECT_FALSE(traps.contains(id)) << list;
    Context looker = as(*ctx_, PermissionSet{Permission::shipments_read});
    EXPECT_EQ(ids(looker, "/shipments").size(), 10U) << "who may not reveal is told nothing false";
    EXPECT_EQ(call(looker, Method::get, "/shipments/" + *traps.begin()).status, 404);
    EXPECT_EQ(get(*ctx_, "/shipments/counts").at("shipped").as_int64(), 10);
    // They grow old, and others come.
    clock().advance(std::chrono::days(3));
    tend();
    EXPECT_EQ(count("fulfil.decoy"), "4");
}

TEST_F(Decoys, are_in_no_book_and_nothing_of_them_is_sent) {
    ship(5);
    tend();
    drain_jobs();
    EXPECT_EQ(count("orders.sales_order"), "5");
    EXPECT_EQ(count("fulfil.shipment"), "5");
    EXPECT_EQ(get(*ctx_, "/orders").at("items").as_array().size(), 5U);
    EXPECT_EQ(get(*ctx_, "/orders/buyer-data").at("held").as_int64(), 0);
    const auto verified = run([&] { return insight::verify(*ctx_); });
    EXPECT_EQ(verified.orders, 5);
    EXPECT_EQ(verified.differences, 0);
    for (const std::string& id : decoys()) {
        const std::string order = text_of(get(*ctx_, "/shipments/" + id), "order_id");
        EXPECT_EQ(call(*ctx_, Method::get, "/orders/" + order).status, 404);
        for (const auto& [act, body] : std::vector<std::pair<std::string, std::string>>{
                 {"confirm", "{}"}, {"deliver", "{}"}, {"cancel", R"({"reason":"x"})"}})
            EXPECT_EQ(call(*ctx_, Method::post, "/shipments/" + id + '/' + act, body).status, 404)
                << act;
        EXPECT_EQ(call(*ctx_, Method::put, "/shipments/" + id,
                       R"({"carrier_code":"UPS","tracking_number":"1"})")
                      .status,
                  404);
    }
    // The clock destroys them as others.
    clock().advance(std::chrono::days(31));
    drain_jobs();
    EXPECT_EQ(count("fulfil.decoy"), "0");
    EXPECT_EQ(
        sql("select count(*) from vault.capsule where state <> 'erased' and" + of_tenant(*ctx_)),
        "0");
}

TEST_F(Decoys, whoever_opens_all_is_caught_before_the_budget_ends) {
    ship(6);
    tend();
    int opened = 0;
    for (const std::string& id : ids(*ctx_, "/shipments")) {
        const auto reply = call(*ctx_, Method::post, "/shipments/" + id + "/reveal", "{}");
        if (reply.status != 200) continue;
        ++opened;
        const auto shown = boost::json::parse(reply.body);
        EXPECT_GE(shown.at("fields").as_array().size(), 5U);
    }
    EXPECT_EQ(opened, 3) << "the orders of this test have no capsule, the decoys have";
    EXPECT_EQ(sql("select count(*) from platform.audit_entry where act = 'vault.revealed' and "
                  "detail ->> 'alarm' = 'true' and" +
                  of_tenant(*ctx_)),
              "3");
    EXPECT_EQ(sql("select count(*) from platform.job where kind = 'account.freeze' and" +
                  of_tenant(*ctx_)),
              "3");
}

class DecoysAndPeople : public account::AccountTest {
protected:
    template <class Body>
    auto in_tx(Context& ctx, Body body) {
        return run([&] { return ctx.db().transaction(ctx.tenant, body); });
    }
    /// A parcel of the tenant has left.
    void ship(Context& ctx) {
        const shops::NewShop shop{
            "Shop", shops::Channel::amazon,
            "NA",   "A1",
            "UTC",  {{"ATVPDKIKX0DER", "US", "Amazon.com", "USD", true, true}}};
        const std::string number = "113-4000000-1000000";
        auto come = [&](pg::Transaction& tx) -> Awaitable<Result<bool>> {
            CO_TRY(const ShopId id, co_await shops::add_shop(ctx, tx, shop));
            const std::vector<orders::IncomingOrder> one{orders::test::sample_order(number, 1)};
            (void)co_await orders::ingest(
                ctx, tx, {id, "amazon", "searchOrders", "request-1", ctx.now(), std::nullopt}, one);
            co_return true;
        };
        ASSERT_TRUE(in_tx(ctx, come).has_value());
        const OrderId order = *OrderId::parse(
            sql("select id from orders.sales_order where tenant_id = '" + ctx.tenant.text() + "'"));
        run([&]() -> Awaitable<bool> {
            const auto released = co_await fulfil::release_orders(ctx, {{{order, std::nullopt}}});
            const ShipmentId id = released->released.at(0).shipment_id;
            fulfil::EnterDispatch entered{};
            entered.id = id;
            entered.carrier_code = "UPS";
            entered.tracking_number = "1Z999AA10123456784";
            (void)(co_await fulfil::enter_dispatch(ctx, entered)).value();
            (void)(co_await fulfil::confirm_shipment(ctx, {id, std::nullopt})).value();
            auto heard = [&](pg::Transaction& tx) -> Awaitable<Result<bool>> {
                co_await fulfil::note_confirmed(ctx, tx, id);
                co_return true;
            };
            co_return (co_await ctx.db().transaction(ctx.tenant, heard)).value();
        });
    }
    std::string one(const std::string& what, TenantId tenant) {
        return sql(what + " where tenant_id = '" + tenant.text() + "'");
    }
};

TEST_F(DecoysAndPeople, come_by_themselves_and_opening_one_ends_the_session_and_opens_an_incident) {
    const account::NewAccount made = make_tenant();
    const UserId clerk = make_user(made.tenant, "clerk", {{"warehouse", {}}});
    drain_jobs();
    Context system = system_context(services(), made.tenant, "Test");
    ship(system);
    clock().advance(std::chrono::hours(2));
    drain_jobs();
    EXPECT_EQ(one("select count(*) from fulfil.decoy", made.tenant), "3");
    account::Browser browser = signed_in("clerk");
    EXPECT_EQ(text_at(get(browser, "/session"), "/level"), "full");
    Context ctx = system_context(services(), made.tenant, "Clerk");
    ctx.actor = {ActorKind::user, clerk.value, "Clerk"};
    const fulfil::WhichShipment decoy{
        *ShipmentId::parse(one("select min(id::text) from fulfil.decoy", made.tenant))};
    const auto shown = run([&] { return fulfil::reveal_recipient(ctx, decoy); });
    ASSERT_TRUE(shown.has_value()) << shown.error().detail;
    drain_jobs();
    EXPECT_EQ(text_at(get(browser, "/session"), "/level"), "none");
    EXPECT_EQ(sql("select state || ' ' || disabled_reason from account.user_account where id = '" +
                  clerk.text() + "'"),
              "frozen honeytoken");
    EXPECT_EQ(
        one("select string_agg(state || ' ' || what, ',') from compliance.incident", made.tenant),
        "contained honeytoken");
}

}  // namespace
}  // namespace entrepot::test
