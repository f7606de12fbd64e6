// What dispatch says of buyers without opening any: how much was never held, which parcels may
// travel together, and whom a channel is asked for when a restriction ends.
#include "modules/fulfil/buyer.hpp"
#include "modules/orders/sample_test.hpp"

namespace entrepot::fulfil {
namespace {
using http::Method;

class FulfilBuyer : public orders::test::OrdersTest {
protected:
    void SetUp() override {
        ctx_.emplace(tenant_context());
        shop_ = make_shop(*ctx_, "Shop");
    }
    std::string add(Context& who, const std::string& number, ShopId shop) {
        ingest_batch(who, source(shop), {orders::test::sample_order(number, 1)});
        return id_of(who, number);
    }
    std::string add(const std::string& number) { return add(*ctx_, number, shop_); }
    /// Its buyer's data comes in.
    void hold(Context& who, const std::string& order, ShopId shop, const std::string& street,
              const std::string& name = "Ann Quill") {
        const std::string wire = R"({"n":")" + name + R"(","a":")" + street + R"(","p":"LS1 4AP"})";
        const auto stored = run([&]() -> Awaitable<Result<bool>> {
            auto draft = vault::harvest(crypto::secret_bytes(wire),
                                        {{"/n", vault::Field::recipient_name, {}},
                                         {"/a", vault::Field::address_line1, {}},
                                         {"/p", vault::Field::postal_code, {}}});
            vault::Subject subject{*OrderId::parse(order), shop, "amazon", {}};
            CO_TRY(const vault::Sealed sealed,
                   co_await vault::seal(who, std::move(subject), std::move(*draft)));
            auto body = [&](pg::Transaction& tx) -> Awaitable<Result<bool>> {
                co_await orders::note_pii_state(tx, *OrderId::parse(order), "held");
                co_return co_await vault::keep(tx, who, sealed);
            };
            co_return co_await who.db().transaction(who.tenant, body);
        });
        EXPECT_TRUE(stored.has_value() && *stored);
    }
    void hold(const std::string& order, const std::string& street) {
        hold(*ctx_, order, shop_, street);
    }
    std::string release(const std::string& order) {
        const auto out =
            post(*ctx_, "/shipments/release", R"({"items":[{"order_id":")" + order + "\"}]}");
        return text_of(out.at("released").at(0), "shipment_id");
    }
    void restrict(const std::vector<OrderId>& orders, bool on) {
        EXPECT_TRUE(run([&] { return vault::set_restricted(*ctx_, orders, on); }).has_value());
    }
    void note(const std::string& order, const std::string& state) {
        auto body = [&](pg::Transaction& tx) -> Awaitable<Result<bool>> {
            co_await orders::note_pii_state(tx, *OrderId::parse(order), state);
            co_return true;
        };
        (void)run([&] { return ctx_->db().transaction(ctx_->tenant, body); });
    }
    std::string numbers(Context& who, const std::string& order) {
        std::string out;
        const auto found = get(who, "/orders/" + order + "/same-address");
        for (const auto& each : found.at("items").as_array())
            out += text_of(each, "channel_order_id") + ' ';
        return out;
    }
    std::string numbers(const std::string& order) { return numbers(*ctx_, order); }

    std::optional<Context> ctx_;
    ShopId shop_;
};

TEST_F(FulfilBuyer, orders_to_one_address_find_each_other) {
    const std::string one = add("A-1"), two = add("A-2"), far = add("A-3"), none = add("A-4");
    hold(one, "9 Heronwharf");
    hold(two, "9  HERONWHARF");
    hold(far, "10 Heronwharf");
    hold(*ctx_, none, shop_, "9 Heronwharf", "Bob Reed");
    EXPECT_EQ(numbers(one), "A-2 ");
    EXPECT_EQ(numbers(two), "A-1 ");
    EXPECT_EQ(numbers(far), "");
    EXPECT_EQ(numbers(none), "") << "another name is another letterbox";
    const std::string shipment = release(one);
    const auto listed = get(*ctx_, "/shipments?state=released").at("items").at(0);
    EXPECT_EQ(listed.at("same_address").as_int64(), 1);
    const auto shown = get(*ctx_, "/shipments/" + shipment);
    EXPECT_EQ(text_of(shown.at("same_address_orders").at(0), "order_id"), two);
    EXPECT_EQ(boost::json::serialize(shown).find("Heronwharf"), std::string::npos);
    // What is not to be sent any more is not there to be merged with.
    sql("update orders.sales_order set held = true where id = '" + two + "'");
    EXPECT_EQ(numbers(one), "");
    sql("update orders.sales_order set held = false, state = 'shipped' where id = '" + two + "'");
    EXPECT_EQ(numbers(one), "");
    sql("update orders.sales_order set state = 'unshipped' where id = '" + two + "'");
    EXPECT_EQ(numbers(one), "A-2 ");
    // Nor is who restricted the use of their data, nor who had it erased.
    restrict({*OrderId::parse(two)}, true);
    EXPECT_EQ(numbers(one), "");
    EXPECT_EQ(numbers(two), "");
}

TEST_F(FulfilBuyer, an_address_is_compared_within_tenant_shops_and_month_only) {
    const std::string one = add("A-1"), two = add("A-2");
    hold(one, "9 Heronwharf");
    const ShopId far = make_shop(*ctx_, "Far");
    const std::string there = add(*ctx_, "F-1", far);
    hold(*ctx_, there, far, "9 Heronwharf");
    EXPECT_EQ(numbers(one), "F-1 ");
    Context near = as(*ctx_, {Permission::shipments_read}, std::vector{shop_});
    EXPECT_EQ(numbers(near, one), "") << "an order of a shop that one does not see";
    get(near, "/orders/" + there + "/same-address", 404);

    Context stranger = tenant_context();
    const ShopId theirs = make_shop(stranger, "Theirs");
    const std::string other = add(stranger, "S-1", theirs);
    hold(stranger, other, theirs, "9 Heronwharf");
    EXPECT_EQ(numbers(stranger, other), "");
    EXPECT_EQ(numbers(one), "F-1 ");
    get(stranger, "/orders/" + one + "/same-address", 404);

    // Another month has another key: the same address has nothing in common there.
    clock().advance(std::chrono::hours(24 * 32));
    hold(two, "9 Heronwharf");
    EXPECT_EQ(numbers(two), "");
    EXPECT_EQ(numbers(one), "F-1 ");
    EXPECT_EQ(sql("select count(distinct value) from vault.blind_index where field = 1000 and "
                  "tenant_id in ('" +
                  ctx_->tenant.text() + "', '" + stranger.tenant.text() + "')"),
              "3")
        << "one a tenant and month";
}

TEST_F(FulfilBuyer, what_was_never_held_is_counted_in_ones_own_shops) {
    const auto share = [&](Context& who) {
        const auto out = get(who, "/orders/buyer-data");
        std::string text;
        for (const char* each : {"orders", "never_held", "held", "restricted", "erased"})
            text += std::to_string(out.at(each).as_int64()) + ' ';
        return text;
    };
    EXPECT_EQ(share(*ctx_), "0 0 0 0 0 ");
    const ShopId far = make_shop(*ctx_, "Far");
    const std::string one = add("A-1"), two = add("A-2"), three = add("A-3"), barred = add("A-4");
    const std::string there = add(*ctx_, "F-1", far);
    hold(one, "9 Heronwharf");
    hold(two, "9 Heronwharf");
    hold(three, "9 Heronwharf");
    EXPECT_EQ(share(*ctx_), "5 2 3 0 0 ");
    restrict({*OrderId::parse(one)}, true);
    note(one, "restricted");
    const auto erase = [&](const std::string& order) {
        auto body = [&](pg::Transaction& tx) -> Awaitable<Result<bool>> {
            co_await vault::erase(tx, *ctx_, *OrderId::parse(order), "erasure_request");
            co_return true;
        };
        (void)run([&] { return ctx_->db().transaction(ctx_->tenant, body); });
    };
    erase(two);
    erase(barred);
    note(barred, "erased");
    drain_jobs();
    EXPECT_EQ(share(*ctx_), "5 2 1 1 1 ") << "what is barred never held any either";
    Context near = as(*ctx_, {Permission::orders_read}, std::vector{far});
    EXPECT_EQ(share(near), "1 1 0 0 0 ");
    Context stranger = tenant_context();
    EXPECT_EQ(share(stranger), "0 0 0 0 0 ");
    Context nobody = as(*ctx_, {Permission::catalog_read});
    get(nobody, "/orders/buyer-data", 403);
}

TEST_F(FulfilBuyer, who_is_released_already_is_asked_for_when_a_restriction_ends) {
    const std::string waits = add("A-1"), idle = add("A-2");
    const std::string shipment = release(waits);
    const std::vector<OrderId> both{*OrderId::parse(waits), *OrderId::parse(idle)};
    sql("delete from platform.job where kind = 'amazon.recipient' and tenant_id = '" +
        ctx_->tenant.text() + "'");
    restrict(both, true);
    restrict(both, false);
    std::vector<jobs::Job> work;
    for (const OrderId order : both)
        work.push_back({{}, R"({"order_id":")" + order.text() + "\"}", 1});
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<bool>> {
        co_await want_recipients(*ctx_, tx, work);
        co_return true;
    };
    (void)run([&] { return ctx_->db().transaction(ctx_->tenant, body); });
    const std::string asked =
        sql("select payload from platform.job where kind = "
            "'amazon.recipient' and tenant_id = '" +
            ctx_->tenant.text() + "'");
    EXPECT_NE(asked.find(shipment), std::string::npos) << asked;
    EXPECT_EQ(asked.find(idle), std::string::npos) << "nobody sends it yet";
    EXPECT_EQ(sql("select count(*) from platform.job where kind = 'fulfil.buyer_fetch' and "
                  "tenant_id = '" +
                  ctx_->tenant.text() + "'"),
              "2");
}

}  // namespace
}  // namespace entrepot::fulfil
