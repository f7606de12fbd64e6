// Telling Amazon of a parcel: once, whatever is lost, refused or repeated on the way.
#include <boost/json.hpp>

#include "channel/amazon/confirm.hpp"
#include "channel/amazon/fake_amazon_test.hpp"
#include "channel/amazon/sync.hpp"
#include "modules/shops/shops.hpp"

namespace entrepot::amazon {
namespace {
using http::Method;
namespace json = boost::json;
constexpr auto confirmation = "/shipmentConfirmation";

class AmazonConfirm : public AmazonTest {
protected:
    void SetUp() override {
        amazon.put("114-1", clock().now() - std::chrono::hours(3), 1000);
        shop_ = connect();
        sync_until_done(shop_);
        order_ =
            sql("select id from orders.sales_order where tenant_id = '" + ctx.tenant.text() + "'");
        const auto released = ask(Method::post, "/shipments/release",
                                  R"({"items":[{"order_id":")" + order_ + "\"}]}");
        shipment_ = text(released.at("released").at(0), "shipment_id");
        enter("1Z999");
        ask(Method::post, "/shipments/" + shipment_ + "/confirm", "{}");
        amazon.sent.clear();
    }
    json::value ask(Method method, const std::string& target, const std::string& body = {}) {
        const auto response = call(ctx, method, target, body);
        EXPECT_EQ(response.status, 200) << target << ' ' << response.body;
        return json::parse(response.body);
    }
    static std::string text(const json::value& value, const char* member) {
        return std::string(value.at(member).as_string());
    }
    void enter(const std::string& tracking) {
        ask(Method::put, "/shipments/" + shipment_,
            R"({"carrier_code":"UPS","tracking_number":")" + tracking + "\"}");
    }
    std::optional<Instant> attempt() {
        const fulfil::ShipmentRef which{*fulfil::ShipmentId::parse(shipment_),
                                        *OrderId::parse(order_), shop_};
        Link wire = link();
        return run([&] { return confirm_parcel(wire, which); });
    }
    std::string state() { return text(ask(Method::get, "/shipments/" + shipment_), "state"); }
    std::string words() { return text(ask(Method::get, "/shipments/" + shipment_), "detail"); }
    std::size_t said() const { return amazon.calls(confirmation); }
    /// Amazon does what is asked, and nobody hears of it.
    void lose_reply() {
        amazon.next(confirmation, [this](const EgressRequest& request) {
            (void)amazon.confirm(request);
            throw EgressError(EgressFailure::truncated, "localhost: cut off");
            return std::optional<EgressReply>();
        });
    }
    void set_state(shops::ShopState state) {
        run([&]() -> Awaitable<bool> {
            auto body = [&](pg::Transaction& tx) -> Awaitable<Result<bool>> {
                co_await shops::set_state(ctx, tx, shop_, state);
                co_return true;
            };
            co_return (co_await ctx.db().transaction(ctx.tenant, body)).value();
        });
    }
    ShopId shop_;
    std::string order_, shipment_;
};

TEST_F(AmazonConfirm, amazon_is_told_and_the_order_read_again) {
    EXPECT_FALSE(attempt());
    EXPECT_EQ(said(), 1U);
    EXPECT_EQ(state(), "shipped");
    const auto body = json::parse(amazon.sent.back().body);
    EXPECT_EQ(text(body.at("packageDetail"), "packageReferenceId"), "1");
    EXPECT_EQ("1", sql("select count(*) from platform.job where kind = 'amazon.order' and "
                       "tenant_id = '" +
                       ctx.tenant.text() + "'"));
    advance(std::chrono::minutes(5));
    Link wire = link();
    const std::string number = "114-1";
    const auto pulled = run([&] { return pull_order(wire, shop_, number, Priority::user); });
    EXPECT_EQ(pulled->outcome, "changed");
    EXPECT_EQ("shipped", sql("select state from orders.sales_order where id = '" + order_ + "'"));
    EXPECT_FALSE(attempt()) << "settled is settled";
    EXPECT_EQ(said(), 1U);
}

TEST_F(AmazonConfirm, a_lost_reply_is_looked_up_and_not_said_again) {
    lose_reply();
    EXPECT_TRUE(attempt());
    EXPECT_EQ(state(), "confirming");
    EXPECT_FALSE(words().empty());
    EXPECT_FALSE(attempt());
    EXPECT_EQ(state(), "shipped");
    EXPECT_EQ(said(), 1U);
    EXPECT_EQ(words(), "");
}

TEST_F(AmazonConfirm, a_parcel_seen_before_its_reply_counts_once) {
    lose_reply();
    EXPECT_TRUE(attempt());
    advance(std::chrono::minutes(5));
    Link wire = link();
    const std::string number = "114-1";
    EXPECT_TRUE(run([&] { return pull_order(wire, shop_, number, Priority::user); }).has_value());
    // The process's own workers would call Amazon.
    const auto settle = [&] {
        sql("with gone as (delete from platform.job where kind like 'amazon.%' and tenant_id = '" +
            ctx.tenant.text() + "' returning 1) select count(*) from gone");
        drain_jobs();
    };
    settle();
    EXPECT_FALSE(attempt());
    EXPECT_EQ(state(), "shipped");
    EXPECT_EQ("t", sql("select counts from fulfil.shipment where id = '" + shipment_ + "'"));
    settle();
    EXPECT_EQ("f", sql("select counts from fulfil.shipment where id = '" + shipment_ + "'"));
}

TEST_F(AmazonConfirm, a_call_that_never_arrived_is_made_after_a_look) {
    amazon.next_failure(confirmation, EgressFailure::connect);
    EXPECT_TRUE(attempt());
    EXPECT_FALSE(attempt());
    EXPECT_EQ(amazon.calls("/orders/2026-01-01/orders/114-1"), 1U);
    EXPECT_EQ(said(), 2U);
    EXPECT_EQ(state(), "shipped");
    EXPECT_EQ(amazon.confirmed.size(), 1U) << "one parcel";
}

TEST_F(AmazonConfirm, killed_between_saying_and_hearing_it_looks_first) {
    on_step = [](std::string_view name) {
        if (name == step::after_call) throw std::runtime_error("killed");
    };
    EXPECT_THROW((void)attempt(), std::runtime_error);
    EXPECT_EQ(state(), "confirming");
    on_step = [](std::string_view) {};
    EXPECT_FALSE(attempt());
    EXPECT_EQ(said(), 1U);
    EXPECT_EQ(state(), "shipped");
}

TEST_F(AmazonConfirm, the_quota_is_waited_for_without_a_look) {
    amazon.next_status(confirmation, 429,
                       R"({"errors":[{"code":"QuotaExceeded","message":"slow"}]})");
    const auto again = attempt();
    ASSERT_TRUE(again);
    EXPECT_EQ(state(), "confirming");
    clock().set(*again);
    EXPECT_FALSE(attempt());
    EXPECT_EQ(amazon.calls("/orders/2026-01-01/orders/114-1"), 0U);
    EXPECT_EQ(state(), "shipped");
}

TEST_F(AmazonConfirm, five_hundreds_are_tried_later_and_seen_meanwhile) {
    amazon.next_status(confirmation, 503, "{}");
    EXPECT_TRUE(attempt());
    EXPECT_EQ(ask(Method::get, "/shipments/counts").at("problems").as_int64(), 1);
    EXPECT_FALSE(attempt());
    EXPECT_EQ(state(), "shipped");
    EXPECT_EQ(ask(Method::get, "/shipments/counts").at("problems").as_int64(), 0);
}

TEST_F(AmazonConfirm, a_refusal_is_shown_in_words_and_can_be_mended) {
    amazon.next_status(
        confirmation, 400,
        R"({"errors":[{"code":"InvalidInput","message":"Invalid carrierCode","details":"x"}]})");
    EXPECT_FALSE(attempt());
    EXPECT_EQ(state(), "failed");
    EXPECT_NE(words().find("Invalid carrierCode"), std::string::npos) << words();
    enter("1Z998");
    ask(Method::post, "/shipments/" + shipment_ + "/confirm", "{}");
    EXPECT_FALSE(attempt());
    EXPECT_EQ(state(), "shipped");
}

TEST_F(AmazonConfirm, an_order_that_amazon_does_not_know_fails_in_words) {
    amazon.orders.clear();
    EXPECT_FALSE(attempt());
    EXPECT_EQ(state(), "failed");
    EXPECT_FALSE(words().empty());
}

TEST_F(AmazonConfirm, a_missing_role_fails_in_words_and_shows_on_the_shop) {
    for (int i = 0; i < 2; ++i) amazon.next_status(confirmation, 403, "{}");
    EXPECT_FALSE(attempt());
    EXPECT_EQ(state(), "failed");
    EXPECT_EQ(health(shop_).last_error->code, "amazon.access_denied");
}

TEST_F(AmazonConfirm, a_shop_that_is_not_connected_waits_with_words) {
    set_state(shops::ShopState::paused);
    const auto again = attempt();
    ASSERT_TRUE(again);
    EXPECT_EQ(said(), 0U);
    EXPECT_EQ(state(), "confirming");
    EXPECT_FALSE(words().empty());
    set_state(shops::ShopState::connected);
    clock().set(*again);
    EXPECT_FALSE(attempt());
    EXPECT_EQ(state(), "shipped");
}

TEST_F(AmazonConfirm, a_correction_edits_the_same_parcel) {
    EXPECT_FALSE(attempt());
    enter("1Z555");
    EXPECT_EQ(state(), "confirming");
    EXPECT_FALSE(attempt());
    EXPECT_EQ(state(), "shipped");
    ASSERT_EQ(amazon.confirmed.size(), 1U);
    EXPECT_NE(amazon.orders.at("114-1").json.find("1Z555"), std::string::npos);
}

}  // namespace
}  // namespace entrepot::amazon
