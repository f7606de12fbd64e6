// Dispatch as people do it: release, enter, confirm, deliver, cancel; and what two do at once.
#include <boost/asio/experimental/awaitable_operators.hpp>

#include "modules/fulfil/forget.hpp"
#include "modules/fulfil/service.hpp"
#include "modules/orders/sample_test.hpp"
#include "support/plans.hpp"

namespace entrepot::fulfil {
namespace {
using http::Method;
using orders::IncomingOrder;

class Fulfil : public orders::test::OrdersTest {
protected:
    void SetUp() override {
        ctx_.emplace(tenant_context());
        shop_ = make_shop(*ctx_, "Shop");
    }
    std::string add(
        const std::string& number,
        const std::function<void(IncomingOrder&)>& change = [](IncomingOrder&) {}) {
        IncomingOrder order = orders::test::sample_order(number, 1);
        order.lines[0].quantity_ordered = 5;
        order.grand_total = 1000;
        change(order);
        ingest_batch(*ctx_, source(shop_), {order});
        return id_of(*ctx_, number);
    }
    /// The order again, later, changed.
    void again(const std::string& number, const std::function<void(IncomingOrder&)>& change) {
        static int later = 0;
        (void)add(number, [&](IncomingOrder& order) {
            order.channel_updated_at += std::chrono::minutes(++later);
            change(order);
        });
        drain_jobs();
    }
    std::string release(const std::string& order, const std::string& lines = "") {
        const auto out = post(*ctx_, "/shipments/release", items(order, lines));
        EXPECT_EQ(out.at("released").as_array().size(), 1U) << boost::json::serialize(out);
        return text_of(out.at("released").at(0), "shipment_id");
    }
    std::string refusal(const std::string& order, const std::string& lines = "") {
        const auto out = post(*ctx_, "/shipments/release", items(order, lines));
        return out.at("refused").as_array().empty() ? "" : text_of(out.at("refused").at(0), "code");
    }
    static std::string items(const std::string& order, const std::string& lines) {
        return R"({"items":[{"order_id":")" + order + "\"" +
               (lines.empty() ? "" : ",\"lines\":" + lines) + "}]}";
    }
    void enter(const std::string& id, const std::string& tracking = "1Z999") {
        ask(*ctx_, Method::put, "/shipments/" + id,
            R"({"carrier_code":"UPS","tracking_number":")" + tracking + "\"}");
    }
    std::string state(const std::string& id) {
        return text_of(get(*ctx_, "/shipments/" + id), "state");
    }
    std::string act(const std::string& id, const std::string& what, const std::string& body = "{}",
                    int status = 200) {
        const auto out = post(*ctx_, "/shipments/" + id + "/" + what, body, status);
        return text_of(out, status == 200 ? "state" : "code");
    }
    template <class Write>
    void write(Write what) {
        run([&]() -> Awaitable<bool> {
            auto body = [&](pg::Transaction& tx) -> Awaitable<Result<bool>> {
                co_await what(tx);
                co_return true;
            };
            co_return (co_await ctx_->db().transaction(ctx_->tenant, body)).value();
        });
    }
    void confirmed(const std::string& id) {
        write(
            [&](pg::Transaction& tx) { return note_confirmed(*ctx_, tx, *ShipmentId::parse(id)); });
    }
    std::string ids(const std::string& target) {
        std::string out;
        const auto page = get(*ctx_, target);
        for (const auto& item : page.at("items").as_array())
            out += (out.empty() ? "" : " ") + text_of(item, "channel_order_id");
        return out;
    }
    std::optional<Context> ctx_;
    ShopId shop_;
};

TEST_F(Fulfil, an_order_becomes_shipments_until_nothing_is_left) {
    const std::string order = add("A-1");
    EXPECT_EQ(ids("/shipments/to-release"), "A-1");
    const std::string first = release(order, R"([{"line_no":1,"quantity":2}])");
    EXPECT_EQ(ids("/shipments/to-release"), "A-1");
    const std::string second = release(order);
    EXPECT_EQ(ids("/shipments/to-release"), "");
    EXPECT_EQ(refusal(order), "fulfil.nothing_left");
    const auto one = get(*ctx_, "/shipments/" + first), two = get(*ctx_, "/shipments/" + second);
    EXPECT_EQ(one.at("reference").as_int64(), 1);
    EXPECT_EQ(two.at("reference").as_int64(), 2);
    EXPECT_EQ(two.at("units").as_int64(), 3);
    EXPECT_EQ(text_of(two.at("lines").at(0), "seller_sku"), "SKU-1");
    EXPECT_EQ(boost::json::serialize(two.at("allowed_actions")), R"(["enter","cancel"])");
    EXPECT_EQ(act(first, "cancel", R"({"reason":"wrong one"})"), "cancelled");
    EXPECT_EQ(ids("/shipments/to-release"), "A-1") << "what was taken back may go again";
    EXPECT_EQ(get(*ctx_, "/shipments/" + release(order)).at("reference").as_int64(), 3)
        << "a number is never used twice";
    EXPECT_EQ(ids("/shipments?order_id=" + order), "A-1 A-1 A-1");
    EXPECT_EQ(get(*ctx_, "/shipments/counts").at("released").as_int64(), 2);
}

TEST_F(Fulfil, what_is_not_ours_to_send_is_refused_by_name_and_the_rest_goes_on) {
    const std::string good = add("A-1");
    const std::string fba =
        add("A-2", [](auto& o) { o.fulfilled_by = orders::FulfilledBy::channel; });
    const std::string pending = add("A-3", [](auto& o) { o.state = orders::OrderState::pending; });
    const std::string held = add("A-4");
    post(*ctx_, "/orders/" + held + "/hold", R"({"reason":"x"})");
    const auto out =
        post(*ctx_, "/shipments/release",
             R"({"items":[{"order_id":")" + fba + R"("},{"order_id":")" + good +
                 R"("},{"order_id":")" + pending + R"("},{"order_id":")" + held +
                 R"("},{"order_id":")" + crypto::new_uuid(clock().now()).text() + R"("}]})");
    EXPECT_EQ(out.at("released").as_array().size(), 1U);
    std::string codes;
    for (const auto& one : out.at("refused").as_array()) codes += text_of(one, "code") + ' ';
    EXPECT_EQ(codes, "fulfil.not_ours fulfil.order_not_ready fulfil.order_held not_found ");
    EXPECT_EQ(ids("/shipments/to-release"), "");
    post(*ctx_, "/shipments/release",
         R"({"items":[{"order_id":")" + good + R"("},{"order_id":")" + good + R"("}]})", 400);
}

TEST_F(Fulfil, two_who_release_at_once_never_release_more_than_was_ordered) {
    const std::string order = add("A-1");
    int released = 0, refused = 0;
    const auto one = [&](std::int64_t quantity) -> Awaitable<void> {
        ReleaseOrders in;
        in.items.push_back({*OrderId::parse(order), std::vector<LineQuantity>{{1, quantity}}});
        const auto out = co_await release_orders(*ctx_, in);
        released += static_cast<int>(out->released.size());
        refused += static_cast<int>(out->refused.size());
    };
    run([&]() -> Awaitable<void> {
        using namespace boost::asio::experimental::awaitable_operators;
        co_await (one(2) && one(2) && one(2) && one(2) && one(2));
    });
    EXPECT_EQ(released, 2);
    EXPECT_EQ(refused, 3);
    EXPECT_EQ("4", sql("select sum(quantity) from fulfil.shipment_line where" + of_tenant(*ctx_)));
}

TEST_F(Fulfil, of_two_confirmations_at_once_one_is_asked_for) {
    const std::string id = release(add("A-1"));
    enter(id);
    int good = 0, refused = 0;
    const auto one = [&]() -> Awaitable<void> {
        const ConfirmShipment in{*ShipmentId::parse(id), std::nullopt};
        const auto out = co_await confirm_shipment(*ctx_, in);
        (out.has_value() ? good : refused)++;
    };
    run([&]() -> Awaitable<void> {
        using namespace boost::asio::experimental::awaitable_operators;
        co_await (one() && one() && one());
    });
    EXPECT_EQ(good, 1);
    EXPECT_EQ(refused, 2);
    EXPECT_EQ("1", sql("select count(*) from platform.job where kind = 'amazon.confirm' and" +
                       of_tenant(*ctx_)));
    EXPECT_EQ(state(id), "confirming");
}

TEST_F(Fulfil, nothing_is_confirmed_without_carrier_and_number) {
    const std::string id = release(add("A-1"));
    EXPECT_EQ(act(id, "confirm", "{}", 409), "fulfil.not_entered");
    ask(*ctx_, Method::put, "/shipments/" + id,
        R"({"carrier_code":"Other","tracking_number":"1Z"})", 400);
    enter(id);
    const auto entered = get(*ctx_, "/shipments/" + id);
    EXPECT_EQ(text_of(entered, "carrier_code"), "UPS");
    EXPECT_FALSE(entered.at("ship_date").is_null()) << "today, unless something else is said";
    ask(*ctx_, Method::put, "/shipments/" + id,
        R"({"carrier_code":"UPS","tracking_number":"1","if_match":1})", 409);
    EXPECT_EQ(act(id, "deliver", "{}", 409), "fulfil.illegal_move");
}

TEST_F(Fulfil, a_shipment_goes_its_way_and_may_be_corrected) {
    const std::string order = add("A-1");
    const std::string id = release(order);
    enter(id);
    EXPECT_EQ(act(id, "confirm"), "confirming");
    EXPECT_EQ(act(id, "cancel", R"({"reason":"x"})", 409), "fulfil.illegal_move");
    confirmed(id);
    EXPECT_EQ(state(id), "shipped");
    EXPECT_EQ(refusal(order), "fulfil.nothing_left")
        << "the order does not count it yet, the shipment does";
    again("A-1", [](IncomingOrder& o) {
        o.state = orders::OrderState::shipped;
        o.lines[0].quantity_shipped = 5;
        o.packages = {{"1", "UPS", "1Z999", "IN_TRANSIT", o.ordered_at, {}}};
    });
    EXPECT_EQ("f", sql("select counts from fulfil.shipment where id = '" + id + "'"));
    enter(id, "1Z998");
    EXPECT_EQ(state(id), "confirming") << "a correction is told again";
    const std::string no = "Amazon said: no.";
    write([&](pg::Transaction& tx) { return note_refused(*ctx_, tx, *ShipmentId::parse(id), no); });
    EXPECT_EQ(state(id), "failed");
    EXPECT_EQ(ids("/shipments?problems=true"), "A-1");
    EXPECT_EQ(act(id, "cancel", R"({"reason":"x"})", 409), "fulfil.illegal_move");
    EXPECT_EQ(act(id, "confirm"), "confirming");
    confirmed(id);
    EXPECT_EQ(act(id, "deliver"), "delivered");
    EXPECT_EQ(text_of(get(*ctx_, "/shipments/" + id), "delivered_source"), "hand");
    EXPECT_EQ("3", sql("select count(*) from platform.audit_entry where act in ('fulfil.confirmed',"
                       " 'fulfil.refused') and" +
                       of_tenant(*ctx_)));
}

TEST_F(Fulfil, a_release_ends_with_its_order) {
    const std::string gone = release(add("A-1")), elsewhere = release(add("A-2"));
    again("A-1", [](IncomingOrder& o) {
        o.state = orders::OrderState::cancelled;
        o.lines[0].quantity_cancelled = 5;
    });
    again("A-2", [](IncomingOrder& o) {
        o.state = orders::OrderState::shipped;
        o.lines[0].quantity_shipped = 5;
        o.packages = {{"1", "UPS", "OTHER", "IN_TRANSIT", o.ordered_at, {}}};
    });
    EXPECT_EQ(state(gone), "cancelled");
    EXPECT_EQ(state(elsewhere), "cancelled");
    EXPECT_FALSE(text_of(get(*ctx_, "/shipments/" + elsewhere), "detail").empty());
}

TEST_F(Fulfil, the_channel_s_word_of_delivery_is_believed) {
    const std::string id = release(add("A-1"));
    enter(id);
    (void)act(id, "confirm");
    confirmed(id);
    const Instant at = orders::test::noon + std::chrono::hours(30);
    again("A-1", [&](IncomingOrder& o) {
        o.state = orders::OrderState::delivered;
        o.lines[0].quantity_shipped = 5;
        o.packages = {{"1", "UPS", "1Z999", "DELIVERED", o.ordered_at, at}};
    });
    const auto shipment = get(*ctx_, "/shipments/" + id);
    EXPECT_EQ(text_of(shipment, "state"), "delivered");
    EXPECT_EQ(text_of(shipment, "delivered_source"), "channel");
    EXPECT_EQ(text_of(shipment, "delivered_at"), format_instant(at));
}

TEST_F(Fulfil, a_parcel_sent_past_us_keeps_its_number) {
    const std::string id = release(add("A-1"), R"([{"line_no":1,"quantity":1}])");
    again("A-1", [](IncomingOrder& o) {
        o.state = orders::OrderState::partially_shipped;
        o.lines[0].quantity_shipped = 2;
        o.packages = {{"1", "UPS", "OTHER", "IN_TRANSIT", o.ordered_at, {}}};
    });
    enter(id);
    EXPECT_EQ(act(id, "confirm"), "confirming");
    EXPECT_EQ(get(*ctx_, "/shipments/" + id).at("reference").as_int64(), 2);
}

TEST_F(Fulfil, orders_without_a_channel_ship_in_the_same_queue) {
    const std::string store =
        text_of(post(*ctx_, "/shops/file",
                     R"({"name":"Fair","country":"GB","currency":"GBP","time_zone":"UTC"})", 201),
                "id");
    const std::string order = text_of(
        post(*ctx_, "/orders",
             R"({"shop_id":")" + store +
                 R"(","channel_order_id":"F-1","currency":"GBP","ship_country":"GB","lines":[)"
                 R"({"seller_sku":"MUG","quantity":3,"unit_price":"1.00"}]})",
             201),
        "id");
    const std::string first = release(order, R"([{"line_no":1,"quantity":1}])");
    enter(first, "1Z1");
    EXPECT_EQ(act(first, "confirm"), "shipped");
    EXPECT_EQ(text_of(get(*ctx_, "/orders/" + order), "state"), "partially_shipped");
    drain_jobs();
    const std::string second = release(order);
    enter(second, "1Z2");
    EXPECT_EQ(act(second, "confirm"), "shipped");
    EXPECT_EQ(text_of(get(*ctx_, "/orders/" + order), "state"), "shipped");
    drain_jobs();
    enter(second, "1Z3");
    EXPECT_EQ(state(second), "shipped");
    EXPECT_EQ("1Z3", sql("select tracking_number from orders.package where reference = '2' and" +
                         of_tenant(*ctx_)));
    EXPECT_EQ(act(first, "deliver"), "delivered");
    EXPECT_EQ(text_of(get(*ctx_, "/orders/" + order), "state"), "shipped");
    EXPECT_EQ(act(second, "deliver"), "delivered");
    EXPECT_EQ(text_of(get(*ctx_, "/orders/" + order), "state"), "delivered");
    EXPECT_EQ("3", sql("select sum(quantity_shipped) from orders.order_line where seller_sku = "
                       "'MUG' and" +
                       of_tenant(*ctx_)));
}

TEST_F(Fulfil, an_order_shipped_by_hand_past_its_shipment_ends_it) {
    const std::string store =
        text_of(post(*ctx_, "/shops/file",
                     R"({"name":"Fair","country":"GB","currency":"GBP","time_zone":"UTC"})", 201),
                "id");
    const std::string order =
        text_of(post(*ctx_, "/orders",
                     R"({"shop_id":")" + store +
                         R"(","channel_order_id":"F-1","currency":"GBP","lines":[)"
                         R"({"seller_sku":"MUG","quantity":3,"unit_price":"1.00"}]})",
                     201),
                "id");
    const std::string id = release(order);
    post(*ctx_, "/orders/" + order + "/ship");
    drain_jobs();
    EXPECT_EQ(state(id), "cancelled");
}

TEST_F(Fulfil, nobody_sees_shipments_of_other_shops_or_tenants) {
    const std::string id = release(add("A-1"));
    Context elsewhere =
        as(*ctx_, {Permission::shipments_read, Permission::shipments_write}, std::vector<ShopId>{});
    get(elsewhere, "/shipments/" + id, 404);
    EXPECT_TRUE(get(elsewhere, "/shipments").at("items").as_array().empty());
    EXPECT_EQ(get(elsewhere, "/shipments/counts").at("released").as_int64(), 0);
    post(elsewhere, "/shipments/" + id + "/confirm", "{}", 404);
    Context stranger = tenant_context();
    get(stranger, "/shipments/" + id, 404);
    post(stranger, "/shipments/" + id + "/cancel", R"({"reason":"x"})", 404);
}

TEST_F(Fulfil, lists_go_on_where_they_ended) {
    for (int i = 1; i <= 5; ++i) {
        (void)add("A-" + std::to_string(i),
                  [&](IncomingOrder& o) { o.ordered_at += std::chrono::minutes(i); });
    }
    const auto walk = [&](const std::string& target) {
        std::string out, cursor;
        for (int page = 0; page < 9; ++page) {
            const auto answer = get(*ctx_, target + (cursor.empty() ? "" : "&cursor=" + cursor));
            for (const auto& item : answer.at("items").as_array())
                out += text_of(item, "channel_order_id") + ' ';
            if (answer.at("next_cursor").is_null()) break;
            cursor = text_of(answer, "next_cursor");
        }
        return out;
    };
    EXPECT_EQ(walk("/shipments/to-release?limit=2"), "A-1 A-2 A-3 A-4 A-5 ");
    for (int i = 1; i <= 5; ++i) {
        clock().advance(std::chrono::seconds(1));
        (void)release(id_of(*ctx_, "A-" + std::to_string(i)));
    }
    EXPECT_EQ(walk("/shipments?state=released&limit=2"), "A-1 A-2 A-3 A-4 A-5 ");
    EXPECT_EQ(walk("/shipments?limit=2"), "A-5 A-4 A-3 A-2 A-1 ");
}

TEST_F(Fulfil, a_page_of_the_queue_is_one_index_range) {
    std::vector<IncomingOrder> batch;
    for (int i = 0; i < 4'000; ++i) {
        batch.push_back(orders::test::sample_order("P" + std::to_string(i), 1,
                                                   orders::test::noon - std::chrono::minutes(i)));
        if (i % 10 != 0) batch.back().state = orders::OrderState::shipped;
        if (batch.size() < 1000) continue;
        ingest_batch(*ctx_, source(shop_), batch);
        batch.clear();
    }
    for (int page = 0; page < 4; ++page) {
        const auto waiting = get(*ctx_, "/shipments/to-release?limit=80");
        std::string wish;
        for (const auto& order : waiting.at("items").as_array())
            wish += (wish.empty() ? "" : ",") + (R"({"order_id":")" + text_of(order, "order_id")) +
                    "\"}";
        post(*ctx_, "/shipments/release", R"({"items":[)" + wish + "]}");
    }
    // As it is after a year: nearly all have arrived.
    sql("with old as (update fulfil.shipment set state = 'delivered', counts = false, ship_date = "
        "released_at, delivered_at = released_at where tenant_id = '" +
        ctx_->tenant.text() +
        "' and get_byte(uuid_send(order_id), 15) > 20 returning 1) select count(*) from old");
    for (const char* table :
         {"orders.sales_order", "orders.order_line", "fulfil.shipment", "fulfil.shipment_line"}) {
        sql(std::string("delete from ") + table + " where tenant_id <> '" + ctx_->tenant.text() +
            "'");
        sql(std::string("vacuum full analyze ") + table);
    }
    entrepot::test::PlanReader reader(conninfo("entrepot_app"), ctx_->tenant);
    reader.run("set local plan_cache_mode = force_generic_plan");
    const std::string first = "'" + ctx_->tenant.text() +
                              "', null, '0001-01-01', '00000000-0000-0000-0000-000000000000', ";
    struct Case {
        const char* name;
        std::string arguments;
        const char* index;
    };
    for (const Case& c :
         std::vector<Case>{{"fulfil.waiting_orders", first + "51", "sales_order_open_idx"},
                           {"fulfil.list_oldest", first + "51, 'released'", "shipment_open_idx"},
                           {"fulfil.list_all", first + "51", "shipment_released_idx"}}) {
        const std::string text = reader.plan(c.name, c.arguments);
        EXPECT_NE(text.find(c.index), std::string::npos) << c.name << '\n' << text;
        EXPECT_EQ(text.find("Seq Scan on sales_order"), std::string::npos) << c.name << '\n'
                                                                           << text;
        EXPECT_EQ(text.find("Seq Scan on shipment "), std::string::npos) << c.name << '\n' << text;
    }
}

TEST_F(Fulfil, parcels_of_amazon_go_after_18_months_unless_they_still_count) {
    const std::string done = release(add("A-1")), open = release(add("A-2"));
    sql("update orders.sales_order set state = 'delivered' where channel_order_id = 'A-1' and" +
        of_tenant(*ctx_));
    const auto forget_at_age = [&](int days) {
        sql("update fulfil.shipment set updated_at = '" +
            format_instant(clock().now() - std::chrono::days(days)) + "' where" + of_tenant(*ctx_));
        const jobs::Job job{};
        EXPECT_TRUE(run([&] { return forget(*ctx_, job); }).has_value());
    };
    forget_at_age(539);
    get(*ctx_, "/shipments/" + done);
    forget_at_age(541);
    get(*ctx_, "/shipments/" + done, 404);
    get(*ctx_, "/shipments/" + open);
    EXPECT_EQ(sql("select count(*) from fulfil.shipment_line where" + of_tenant(*ctx_)), "1");
}

}  // namespace
}  // namespace entrepot::fulfil
