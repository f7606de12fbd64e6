// A buyer's data comes just in time: for an order that somebody ships, once, and into the vault.
#include <unistd.h>

#include <boost/json.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "channel/amazon/fake_amazon_test.hpp"
#include "channel/amazon/recipient.hpp"
#include "platform/jobs/jobs.hpp"

namespace entrepot::amazon {
namespace {
using http::Method;
namespace json = boost::json;

constexpr auto buyer =
    R"(,"recipient":{"deliveryAddress":{"name":"Ann Quayle","addressLine1":"7 Canaryside",
        "city":"Leeds","postalCode":"LS1 4AP","countryCode":"GB","phone":"+44 113 496 0000"}},
        "buyer":{"buyerName":"A. Quayle","buyerEmail":"quayle@canaryside.example"})";

class AmazonRecipient : public AmazonTest {
protected:
    struct Parcel {
        std::string order, shipment;
    };
    void SetUp() override {
        amazon.put("114-1", clock().now() - std::chrono::hours(3), 1000);
        shop_ = connect();
        const Parcel first = release("114-1");
        order_ = first.order;
        shipment_ = first.shipment;
        amazon.sent.clear();
    }
    Parcel release(const std::string& number) {
        sync_until_done(shop_);
        Parcel out{sql("select id from orders.sales_order where tenant_id = '" + ctx.tenant.text() +
                       "' and channel_order_id = '" + number + "'"),
                   {}};
        const auto released = call(ctx, Method::post, "/shipments/release",
                                   R"({"items":[{"order_id":")" + out.order + "\"}]}");
        out.shipment = std::string(
            json::parse(released.body).at("released").at(0).at("shipment_id").as_string());
        return out;
    }
    std::optional<Instant> fetch(const Parcel& parcel) {
        const fulfil::ShipmentRef which{*fulfil::ShipmentId::parse(parcel.shipment),
                                        *OrderId::parse(parcel.order), shop_};
        Link wire = link();
        return run([&] { return fetch_recipient(wire, which); });
    }
    std::optional<Instant> fetch() { return fetch({order_, shipment_}); }
    /// From now on the order's replies carry a buyer.
    void give_buyer() {
        amazon.extra_members = buyer;
        amazon.put("114-1", clock().now() - std::chrono::hours(3), 1000);
    }
    /// A request of the buyer of this order, done; its id.
    std::string carry_out(const std::string& kind) {
        const auto opened =
            call(ctx, Method::post, "/rights/requests",
                 R"({"kind":")" + kind + R"(","arrived_by":"marketplace","order_ids":[")" + order_ +
                     "\"]}");
        EXPECT_EQ(opened.status, 201) << opened.body;
        const std::string id(json::parse(opened.body).at("id").as_string());
        EXPECT_EQ(call(ctx, Method::post, "/rights/requests/" + id + "/verify",
                       R"({"how":"channel_message"})")
                      .status,
                  200);
        const auto done = call(ctx, Method::post, "/rights/requests/" + id + "/carry-out",
                               kind == "correction" ? R"({"corrected":["address","name"]})" : "{}");
        EXPECT_EQ(done.status, 200) << done.body;
        return id;
    }
    /// Why nothing more of the order is released to pick.
    std::string release_again() {
        const auto answer = call(ctx, Method::post, "/shipments/release",
                                 R"({"items":[{"order_id":")" + order_ + "\"}]}");
        const auto parsed = json::parse(answer.body);
        const auto& refused = parsed.at("refused").as_array();
        return refused.empty() ? "released" : std::string(refused.at(0).at("code").as_string());
    }
    /// What follows from the answer, and nothing of the marketplace's own jobs.
    void settle() {
        sql("delete from platform.job where kind like 'amazon.%' and tenant_id = '" +
            ctx.tenant.text() + "'");
        drain_jobs();
    }
    std::string jobs_of(const std::string& kind) {
        return sql("select count(*) from platform.job where kind = '" + kind +
                   "' and tenant_id = '" + ctx.tenant.text() + "'");
    }
    http::Response reveal(Context& who) {
        return call(who, Method::post, "/shipments/" + shipment_ + "/reveal", "{}");
    }
    http::Response slip(Context& who) {
        return call(who, Method::post, "/shipments/" + shipment_ + "/pack-slip", "{}");
    }
    /// What a reader of the PDF reads.
    static std::string words_of(const std::string& pdf) {
        const std::string path = "/tmp/entrepot-slip-" + std::to_string(::getpid());
        std::ofstream(path + ".pdf", std::ios::binary) << pdf;
        const int code =
            std::system(("pdftotext -layout " + path + ".pdf " + path + ".txt").c_str());  // NOLINT
        EXPECT_EQ(code, 0) << "pdftotext (poppler-utils)";
        std::ifstream in(path + ".txt", std::ios::binary);
        std::string out{std::istreambuf_iterator<char>(in), {}};
        for (const char* end : {".pdf", ".txt"}) std::filesystem::remove(path + end);
        return out;
    }
    std::string pii_state() {
        return sql("select pii_state from orders.sales_order where id = '" + order_ + "'");
    }
    ShopId shop_;
    std::string order_, shipment_;
};

TEST_F(AmazonRecipient, is_fetched_for_who_ships_sealed_and_shown) {
    EXPECT_EQ(pii_state(), "not_fetched");
    EXPECT_EQ(reveal(ctx).status, 409);
    give_buyer();
    EXPECT_FALSE(fetch());
    EXPECT_EQ(amazon.calls("includedData=BUYER,RECIPIENT"), 1U);
    EXPECT_EQ(pii_state(), "held");
    const auto shown = reveal(ctx);
    ASSERT_EQ(shown.status, 200) << shown.body;
    for (const char* part : {"Ann Quayle", "7 Canaryside", "LS1 4AP", "+44 113 496 0000"})
        EXPECT_NE(shown.body.find(part), std::string::npos) << part;
    EXPECT_EQ(shown.body.find("canaryside.example"), std::string::npos);
    EXPECT_FALSE(fetch());
    EXPECT_EQ(amazon.calls("includedData=BUYER,RECIPIENT"), 1U) << "once is enough";
    for (const char* table : {"amazon.raw_reply", "platform.audit_entry", "platform.job",
                              "orders.sales_order", "fulfil.shipment", "vault.capsule"})
        EXPECT_EQ(sql("select count(*) from " + std::string(table) +
                      " as t where t::text ~* 'quayle|canaryside|LS1 4AP'"),
                  "0")
            << table;
}

TEST_F(AmazonRecipient, is_printed_on_a_pack_slip_and_nowhere_else) {
    EXPECT_EQ(slip(ctx).status, 409);
    give_buyer();
    EXPECT_FALSE(fetch());
    const auto printed = slip(ctx);
    ASSERT_EQ(printed.status, 200) << printed.body;
    EXPECT_EQ(printed.content_type, "application/pdf");
    const std::string text = words_of(printed.body);
    for (const char* part : {"Packing slip", "Ann Quayle", "7 Canaryside", "LS1 4AP", "114-1"})
        EXPECT_NE(text.find(part), std::string::npos) << part << " in " << text;
    EXPECT_EQ(text.find("496 0000"), std::string::npos) << "the telephone is for the carrier";
    EXPECT_EQ(text.find("canaryside.example"), std::string::npos);
    EXPECT_EQ(sql("select count(*) from platform.audit_entry where act = 'vault.revealed' and "
                  "object_id = '" +
                  order_ + "' and result = 'done'"),
              "1");
    Context onlooker = as(ctx, {Permission::shipments_read});
    EXPECT_EQ(slip(onlooker).status, 403);
    Context elsewhere =
        as(ctx, {Permission::shipments_read, Permission::buyers_reveal}, std::vector<ShopId>{});
    EXPECT_EQ(slip(elsewhere).status, 404);
    EXPECT_EQ(call(ctx, Method::post, "/shipments/" + shipment_ + "/cancel",
                   R"({"reason":"out of stock"})")
                  .status,
              200);
    EXPECT_EQ(slip(ctx).status, 409) << "nobody ships it any more";
}

TEST_F(AmazonRecipient, slips_of_several_parcels_are_one_document_or_none) {
    give_buyer();
    EXPECT_FALSE(fetch());
    const auto slips = [&](const std::string& ids) {
        return call(ctx, Method::post, "/shipments/pack-slips",
                    R"({"shipment_ids":[)" + ids + "]}");
    };
    const std::string first = '"' + shipment_ + '"';
    const auto revealed = [&] {
        return sql(
            "select count(*) from platform.audit_entry where act = 'vault.revealed' and "
            "tenant_id = '" +
            ctx.tenant.text() + "'");
    };
    advance(std::chrono::minutes(30));
    amazon.put("114-2", clock().now() - std::chrono::minutes(10), 1000);
    const Parcel other = release("114-2");
    const std::string second = '"' + other.shipment + '"';
    const auto refused = slips(first + "," + second);
    EXPECT_EQ(refused.status, 409);
    EXPECT_NE(refused.body.find(R"("pointer":"/shipment_ids/1")"), std::string::npos)
        << refused.body;
    EXPECT_EQ(refused.body.find(R"("pointer":"/shipment_ids/0")"), std::string::npos);
    EXPECT_EQ(revealed(), "0") << "what cannot be printed whole opens nothing";
    EXPECT_FALSE(fetch(other));
    const auto both = slips(first + "," + second);
    ASSERT_EQ(both.status, 200) << both.body;
    const std::string text = words_of(both.body);
    EXPECT_NE(text.find("114-1"), std::string::npos) << text;
    EXPECT_NE(text.find("114-2"), std::string::npos) << text;
    EXPECT_EQ(revealed(), "2");
    EXPECT_EQ(slips("").status, 400);
    EXPECT_EQ(slips(first + "," + first).status, 400);
}

TEST_F(AmazonRecipient, two_parcels_of_one_order_have_the_address_on_each_slip) {
    give_buyer();
    EXPECT_FALSE(fetch());
    const vault::Ask ask{*OrderId::parse(order_), vault::Reason::fulfilment, "shipment", shipment_};
    const auto shown = run([&] { return vault::reveal_all(ctx, {ask, ask}); });
    ASSERT_TRUE(shown.has_value());
    ASSERT_EQ(shown->size(), 2U);
    EXPECT_FALSE(shown->at(0).fields.empty());
    EXPECT_EQ(shown->at(1).fields.size(), shown->at(0).fields.size());
}

TEST_F(AmazonRecipient, not_granted_is_told_from_not_fetched) {
    EXPECT_FALSE(fetch());
    EXPECT_EQ(pii_state(), "not_granted");
    const auto shown = reveal(ctx);
    EXPECT_EQ(shown.status, 409);
    EXPECT_NE(shown.body.find("fulfil.not_granted"), std::string::npos) << shown.body;
}

TEST_F(AmazonRecipient, is_never_asked_for_what_amazon_ships_or_what_is_cancelled) {
    give_buyer();
    for (const char* change :
         {"fulfilled_by = 'channel'", "fulfilled_by = 'merchant', state = 'cancelled'",
          "state = 'shipped'"}) {
        sql("update orders.sales_order set " + std::string(change) + " where id = '" + order_ +
            "'");
        EXPECT_FALSE(fetch());
    }
    EXPECT_EQ(amazon.calls("/orders/2026"), 0U);
    EXPECT_EQ(pii_state(), "not_fetched");
}

TEST_F(AmazonRecipient, comes_later_when_amazon_or_the_keys_are_away) {
    give_buyer();
    amazon.next_status("BUYER,RECIPIENT", 429);
    EXPECT_TRUE(fetch());
    test::Environment::get().keyd().stop();
    EXPECT_TRUE(fetch());
    EXPECT_EQ(pii_state(), "not_fetched");
    test::Environment::get().keyd().start();
    EXPECT_FALSE(fetch());
    EXPECT_EQ(pii_state(), "held");
}

TEST_F(AmazonRecipient, an_erasure_before_the_fetch_holds_for_every_later_one) {
    give_buyer();
    carry_out("erasure");
    EXPECT_EQ(pii_state(), "erased");
    EXPECT_FALSE(fetch());
    EXPECT_EQ(amazon.calls("BUYER,RECIPIENT"), 0U) << "it is not even asked for";
    EXPECT_EQ(pii_state(), "erased");
    EXPECT_NE(reveal(ctx).body.find("vault.erased"), std::string::npos);
    call(ctx, Method::post, "/shipments/" + shipment_ + "/cancel", R"({"reason":"erased"})");
    EXPECT_EQ(release_again(), "fulfil.buyer_erased");
    EXPECT_EQ(sql("select count(*) from vault.capsule where order_id = '" + order_ + "'"), "0");
}

TEST_F(AmazonRecipient, a_restriction_before_the_fetch_holds_until_it_ends) {
    give_buyer();
    const std::string request = carry_out("restriction");
    EXPECT_EQ(pii_state(), "restricted");
    EXPECT_FALSE(fetch());
    EXPECT_EQ(amazon.calls("BUYER,RECIPIENT"), 0U);
    const auto refused = reveal(ctx);
    EXPECT_EQ(refused.status, 409);
    EXPECT_NE(refused.body.find("vault.restricted"), std::string::npos) << refused.body;
    EXPECT_NE(refused.body.find("compliance officer"), std::string::npos) << refused.body;
    EXPECT_EQ(release_again(), "fulfil.buyer_restricted");
    EXPECT_EQ(jobs_of("fulfil.buyer_fetch"), "0");
    call(ctx, Method::post, "/rights/requests/" + request + "/lift", "{}");
    EXPECT_EQ(pii_state(), "not_fetched");
    EXPECT_EQ(jobs_of("fulfil.buyer_fetch"), "1") << "nobody has to release it anew";
    EXPECT_FALSE(fetch());
    EXPECT_EQ(pii_state(), "held");
    EXPECT_EQ(reveal(ctx).status, 200);
}

TEST_F(AmazonRecipient, a_correction_brings_what_the_marketplace_has_now) {
    give_buyer();
    EXPECT_FALSE(fetch());
    const std::string before =
        sql("select id from vault.capsule where order_id = '" + order_ + "'");
    const std::string request = carry_out("correction");
    const auto outcome = [&] {
        const auto shown =
            json::parse(call(ctx, Method::get, "/rights/requests/" + request, "").body);
        return std::string(shown.at("state").as_string()) + ' ' +
               std::string(shown.at("orders").at(0).at("outcome").as_string());
    };
    EXPECT_EQ(outcome(), "open fetching");
    EXPECT_NE(reveal(ctx).body.find("7 Canaryside"), std::string::npos) << "it stays until then";
    amazon.extra_members =
        R"(,"recipient":{"deliveryAddress":{"name":"Ann Quayle","addressLine1":"8 Canaryside",
            "city":"Leeds","postalCode":"LS1 4AP","countryCode":"GB"}})";
    amazon.put("114-1", clock().now() - std::chrono::hours(3), 1000);
    EXPECT_FALSE(fetch());
    EXPECT_EQ(amazon.calls("BUYER,RECIPIENT"), 2U);
    const auto shown = reveal(ctx);
    EXPECT_NE(shown.body.find("8 Canaryside"), std::string::npos) << shown.body;
    EXPECT_EQ(shown.body.find("7 Canaryside"), std::string::npos);
    EXPECT_EQ(shown.body.find("496 0000"), std::string::npos) << "what is gone there is gone here";
    EXPECT_EQ(sql("select id from vault.capsule where order_id = '" + order_ + "'"), before)
        << "one capsule, with its own clock";
    settle();
    EXPECT_EQ(outcome(), "done corrected");
    EXPECT_FALSE(fetch());
    EXPECT_EQ(amazon.calls("BUYER,RECIPIENT"), 2U) << "once is enough";
}

TEST_F(AmazonRecipient, a_correction_that_the_marketplace_does_not_know_changes_nothing) {
    give_buyer();
    EXPECT_FALSE(fetch());
    const std::string request = carry_out("correction");
    amazon.extra_members.clear();
    amazon.put("114-1", clock().now() - std::chrono::hours(3), 1000);
    EXPECT_FALSE(fetch());
    EXPECT_NE(reveal(ctx).body.find("7 Canaryside"), std::string::npos);
    settle();
    const auto shown = call(ctx, Method::get, "/rights/requests/" + request, "");
    EXPECT_NE(shown.body.find("\"unchanged\""), std::string::npos) << shown.body;
    EXPECT_EQ(pii_state(), "held");
}

TEST_F(AmazonRecipient, only_who_may_sees_it_and_only_while_it_is_sent) {
    give_buyer();
    EXPECT_FALSE(fetch());
    Context clerk = as(ctx, {Permission::shipments_read, Permission::buyers_reveal});
    EXPECT_EQ(reveal(clerk).status, 200);
    Context onlooker = as(ctx, {Permission::shipments_read, Permission::shipments_write});
    EXPECT_EQ(reveal(onlooker).status, 403);
    Context elsewhere = as(ctx, {Permission::shipments_read, Permission::buyers_reveal},
                           std::vector{ShopId{crypto::new_uuid(clock().now())}});
    EXPECT_EQ(reveal(elsewhere).status, 404);
    sql("update fulfil.shipment set state = 'cancelled' where id = '" + shipment_ + "'");
    EXPECT_EQ(reveal(ctx).status, 409);
}

TEST_F(AmazonRecipient, sources_are_those_of_a_real_reply) {
    const auto draft = vault::harvest(
        crypto::secret_bytes(R"({"order":{"orderId":"1")" + std::string(buyer) + "}}"),
        recipient_sources());
    ASSERT_TRUE(draft.has_value());
    EXPECT_EQ(draft->cells.size(), 7U);
}

}  // namespace
}  // namespace entrepot::amazon
