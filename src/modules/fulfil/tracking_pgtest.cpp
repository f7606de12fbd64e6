// What leaves the house for tracking, when, and what is made of the answer.
#include "modules/fulfil/service.hpp"
#include "modules/fulfil/tracking.hpp"
#include "modules/orders/sample_test.hpp"

namespace entrepot::fulfil {
namespace {
using http::Method;

class FulfilTracking : public orders::test::OrdersTest {
protected:
    void SetUp() override {
        ctx_.emplace(tenant_context());
        const ShopId shop = make_shop(*ctx_, "Shop");
        ingest_batch(*ctx_, source(shop), {orders::test::sample_order("A-1", 1)});
        order_ = id_of(*ctx_, "A-1");
        const auto out =
            post(*ctx_, "/shipments/release", R"({"items":[{"order_id":")" + order_ + "\"}]}");
        id_ = text_of(out.at("released").at(0), "shipment_id");
        ask(*ctx_, Method::put, "/shipments/" + id_,
            R"({"carrier_code":"UPS","tracking_number":"1Z999"})");
        post(*ctx_, "/shipments/" + id_ + "/confirm");
        run([&]() -> Awaitable<bool> {
            auto body = [&](pg::Transaction& tx) -> Awaitable<Result<bool>> {
                co_await note_confirmed(*ctx_, tx, *ShipmentId::parse(id_));
                co_return true;
            };
            co_return (co_await ctx_->db().transaction(ctx_->tenant, body)).value();
        });
    }
    void allow() {
        ask(*ctx_, Method::put, "/shipments/tracking-partner",
            R"({"endpoint":"https://localhost:1/tracking/v1/events"})");
    }
    std::optional<Instant> turn() {
        return run([&] {
            return ask_tracking(*ctx_, [this](EgressRequest request) -> Awaitable<EgressReply> {
                sent_.push_back(request);
                if (answer_.empty()) throw EgressError(EgressFailure::connect, "localhost: gone");
                co_return EgressReply{200, {}, answer_};
            });
        });
    }
    std::string state() { return text_of(get(*ctx_, "/shipments/" + id_), "state"); }

    std::optional<Context> ctx_;
    std::string order_, id_, answer_ = R"({"status":"IN_TRANSIT"})";
    std::vector<EgressRequest> sent_;
};

TEST_F(FulfilTracking, nobody_is_asked_whom_the_owner_has_not_allowed) {
    EXPECT_FALSE(turn());
    EXPECT_TRUE(sent_.empty());
    allow();
    EXPECT_TRUE(turn());
    EXPECT_EQ(sent_.size(), 1U);
    ask(*ctx_, Method::del, "/shipments/tracking-partner", {}, 204);
    clock().advance(std::chrono::days(2));
    EXPECT_FALSE(turn());
    EXPECT_EQ(sent_.size(), 1U);
    EXPECT_EQ("2", sql("select count(*) from platform.audit_entry where act like "
                       "'fulfil.tracking%' and" +
                       of_tenant(*ctx_)));
}

TEST_F(FulfilTracking, three_members_leave_the_house_and_no_more) {
    allow();
    (void)turn();
    ASSERT_EQ(sent_.size(), 1U);
    std::set<std::string> members;
    const auto body = boost::json::parse(sent_[0].body);
    for (const auto& member : body.as_object()) members.insert(std::string(member.key()));
    EXPECT_EQ(members, (std::set<std::string>{"order_id", "tracking_number", "carrier"}));
    EXPECT_EQ(text_of(body, "order_id"), order_);
    EXPECT_EQ(text_of(body, "tracking_number"), "1Z999");
    EXPECT_EQ(text_of(body, "carrier"), "UPS");
    EXPECT_EQ(sent_[0].url.find('?'), std::string::npos);
    EXPECT_EQ(sent_[0].partner, "tracking");
}

TEST_F(FulfilTracking, the_gate_refuses_a_member_more_and_a_member_less) {
    Egress egress(services().runtime, {.allow_loopback = true});
    const auto kind_of = [&](const std::string& body, const std::string& url) {
        return run([&]() -> Awaitable<std::string> {
            EgressRequest request;
            request.method = "POST";
            request.url = url;
            request.partner = "tracking";
            request.body = body;
            try {
                (void)co_await egress.send(request);
            } catch (const EgressError& error) {
                co_return error.kind == EgressFailure::refused ? "refused" : "sent";
            }
            co_return "sent";
        });
    };
    const std::string here = "https://127.0.0.1:1/t";
    const std::string good = R"({"order_id":"1","tracking_number":"2","carrier":"3"})";
    EXPECT_EQ(kind_of(good, here), "sent") << "nobody listens there, but the gate is open";
    for (const char* bad : {R"({"order_id":"1","tracking_number":"2","carrier":"3","name":"Ann"})",
                            R"({"order_id":"1","tracking_number":"2"})",
                            R"({"order_id":"1","tracking_number":"2","carrier":{"name":"Ann"}})",
                            R"({"order_id":"1","tracking_number":"2","zip":"3"})", "[]", "", "Ann"})
        EXPECT_EQ(kind_of(bad, here), "refused") << bad;
    EXPECT_EQ(kind_of(good, here + "?name=Ann"), "refused");
    EXPECT_EQ(kind_of(good, "https://tracker.example/t"), "refused") << "not on the register";
}

TEST_F(FulfilTracking, an_arrival_is_believed_and_asked_for_ever_less_often_until_then) {
    allow();
    std::vector<std::int64_t> gaps;
    for (int look = 0; look < 7; ++look) {
        const std::size_t before = sent_.size();
        const Instant from = clock().now();
        while (sent_.size() == before) {
            const auto next = turn();
            ASSERT_TRUE(next);
            if (sent_.size() == before) clock().set(*next);
        }
        gaps.push_back(std::chrono::floor<std::chrono::hours>(clock().now() - from).count());
    }
    EXPECT_EQ(gaps, (std::vector<std::int64_t>{0, 1, 2, 4, 8, 16, 24}));
    clock().advance(std::chrono::days(1));
    const Instant at = clock().now() - std::chrono::hours(3);
    answer_ = R"({"status":"DELIVERED","delivered_at":")" + format_instant(at) + "\"}";
    (void)turn();
    EXPECT_EQ(state(), "delivered");
    const auto shipment = get(*ctx_, "/shipments/" + id_);
    EXPECT_EQ(text_of(shipment, "delivered_source"), "tracking");
    EXPECT_EQ(text_of(shipment, "delivered_at"), format_instant(at));
    const auto asked = sent_.size();
    clock().advance(std::chrono::days(3));
    (void)turn();
    EXPECT_EQ(sent_.size(), asked) << "what has arrived is not asked for";
}

TEST_F(FulfilTracking, a_partner_that_does_not_answer_is_seen_and_asked_later) {
    allow();
    answer_.clear();
    EXPECT_TRUE(turn());
    EXPECT_EQ(state(), "shipped");
    EXPECT_EQ(text_of(get(*ctx_, "/shipments/tracking-partner"), "last_error"), "localhost: gone");
    answer_ = "odd";
    clock().advance(std::chrono::hours(2));
    (void)turn();
    EXPECT_NE(text_of(get(*ctx_, "/shipments/tracking-partner"), "last_error"), "");
    answer_ = R"({"status":"DELIVERED","delivered_at":"1999-01-01T00:00:00Z"})";
    clock().advance(std::chrono::hours(3));
    (void)turn();
    EXPECT_EQ(state(), "delivered");
    EXPECT_EQ("t",
              sql("select delivered_at >= ship_date from fulfil.shipment where id = '" + id_ + "'"))
        << "nothing arrives before it was sent";
}

}  // namespace
}  // namespace entrepot::fulfil
