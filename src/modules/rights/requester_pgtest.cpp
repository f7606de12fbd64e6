// Who asks, until when, what is corrected, what the buyer is told; and customer service that looks
// for a buyer. Through the routes, with the real keyd and the real database.
#include "modules/rights/register_test.hpp"

namespace entrepot::rights {
namespace {

TEST_F(Rights, an_agent_finds_orders_by_the_buyer_and_sees_nothing_of_them) {
    const std::string one = add_held("A-1", "Ann Quill", "ann@quill.example");
    const ShopId far = make_shop(*ctx_, "Far");
    const std::string there = add_held("F-1", "Ann Quill", "ann@quill.example", far);
    Context agent = as(*ctx_, role_by_name("customer_service")->permissions, std::vector{shop_});
    const auto look_up = [&](Context& who, const std::string& field, const std::string& value,
                             const std::string& reference = "TICKET-7", int status = 200) {
        return post(who, "/buyers/look-up",
                    R"({"field":")" + field + R"(","value":")" + value + R"(","case_reference":")" +
                        reference + "\"}",
                    status);
    };
    for (const auto& [field, value] :
         std::map<std::string, std::string>{{"buyer_email", "Ann@quill.example"},
                                            {"phone", "+44 113 4960077"},
                                            {"name", "ann QUILL"}}) {
        const auto found = look_up(agent, field, value);
        EXPECT_EQ(found_in(found), std::set<std::string>{one}) << field;
        const std::string text = json::serialize(found);
        for (const char* part : {"uill", "Heronwharf", "496"})
            EXPECT_EQ(text.find(part), std::string::npos) << part;
    }
    EXPECT_TRUE(found_in(look_up(agent, "name", "Ann")).empty());
    EXPECT_EQ(sql("select count(*) from platform.audit_entry where act = 'rights.looked_up' and "
                  "object_kind = 'case' and object_id = 'TICKET-7' and "
                  "detail->>'purpose' = 'customer_service' and" +
                  of_tenant(*ctx_)),
              "4");
    EXPECT_EQ(sql("select count(*) from platform.audit_entry where act = 'vault.searched' and "
                  "detail->>'purpose' = 'service' and" +
                  of_tenant(*ctx_)),
              "6");
    // A reference says which case it is, and nothing of a buyer.
    for (const char* bad : {"", "ab", "Ann Quill", "ann@quill.example", "nodigits"})
        (void)look_up(agent, "name", "Ann Quill", bad, 400);
    (void)search(agent, "name", "Ann Quill", 403);
    Context warehouse = as(*ctx_, role_by_name("warehouse")->permissions);
    (void)look_up(warehouse, "name", "Ann Quill", "TICKET-7", 403);
    Context stranger = tenant_context();
    EXPECT_TRUE(found_in(look_up(stranger, "name", "Ann Quill")).empty());
    // Who restricted the use of their data is not looked up to be served.
    act(open("restriction", {one}), "carry-out");
    EXPECT_TRUE(found_in(look_up(agent, "name", "Ann Quill")).empty());
    EXPECT_EQ(found_in(search("name", "Ann Quill")).size(), 2U);
}

TEST_F(Rights, who_looks_up_names_is_stopped_and_officers_are_counted_apart) {
    Context agent = as(*ctx_, {Permission::buyers_search, Permission::buyers_rights});
    int answered = 0, status = 200;
    while (answered < 500 && status == 200) {
        status = call(agent, Method::post, "/buyers/look-up",
                      R"({"field":"name","value":"Ann Quill","case_reference":"T-1"})")
                     .status;
        answered += status == 200 ? 1 : 0;
    }
    EXPECT_EQ(answered, 40);
    EXPECT_EQ(status, 429);
    (void)search(agent, "order_number", "A-1");
}

TEST_F(Rights, nothing_is_done_before_somebody_made_sure_who_asks) {
    const std::string order = add_held("A-1", "Ann Quill", "ann@quill.example");
    for (const char* kind : {"access", "correction", "erasure", "restriction"}) {
        const std::string id = enter(kind, {order});
        EXPECT_EQ(text_of(shown(id), "state"), "verifying") << kind;
        const std::string body =
            std::string(kind) == "correction" ? R"({"corrected":["name"]})" : "{}";
        EXPECT_EQ(text_of(act(id, "carry-out", body, 409), "code"), "rights.not_verified") << kind;
    }
    const std::string access = enter("access", {order});
    EXPECT_EQ(text_of(act(access, "reveal", R"({"order_id":")" + order + "\"}", 409), "code"),
              "rights.not_verified");
    EXPECT_EQ(audited("vault.revealed"), "0");
    EXPECT_EQ(pii_state(order), "held");
    EXPECT_EQ(get(*ctx_, "/rights/requests/counts").at("verifying").as_int64(), 5);
    // A request that nobody can verify is refused, with its reason.
    EXPECT_EQ(text_of(act(access, "refuse", R"({"reason":"not_identified"})"), "state"), "refused");
    EXPECT_EQ(text_of(act(access, "verify", by_message, 409), "code"), "rights.closed");
    // The marketplace's own instruction has no requester who might be somebody else.
    const std::string told = text_of(
        post(*ctx_, "/rights/requests",
             R"({"kind":"erasure","arrived_by":"instruction","order_ids":[")" + order + "\"]}",
             201),
        "id");
    act(told, "carry-out");
    EXPECT_EQ(reveal(order), "vault.erased");
    post(*ctx_, "/rights/requests",
         R"({"kind":"access","arrived_by":"instruction","order_ids":[]})", 400);
}

TEST_F(Rights, a_requester_is_verified_by_what_they_know_and_it_is_not_shown) {
    const std::string order = add_held("A-1", "Ann Quill", "ann@quill.example");
    const std::string other = add_held("B-1", "Bob Reed", "bob@reed.example");
    const std::string id = enter("access", {order});
    const auto verify = [&](const std::string& how, const std::string& number,
                            const std::string& value, int status) {
        return act(id, "verify",
                   R"({"how":")" + how + R"(","order_number":")" + number + R"(","value":")" +
                       value + "\"}",
                   status);
    };
    const auto refused = verify("order_email", "A-1", "bob@reed.example", 409);
    EXPECT_EQ(text_of(refused, "code"), "rights.no_match");
    EXPECT_EQ(json::serialize(refused).find("reed"), std::string::npos);
    EXPECT_EQ(text_of(verify("order_email", "B-1", "bob@reed.example", 409), "code"),
              "rights.no_match")
        << "an order that the request does not cover";
    EXPECT_EQ(text_of(verify("order_phone", "A-1", "+44 113 000", 409), "code"), "rights.no_match");
    act(id, "verify", R"({"how":"order_email"})", 400);
    act(id, "verify", R"({"how":"channel_message","value":"x@y.example"})", 400);
    EXPECT_EQ(audited("rights.verification_failed"), "3");
    const auto verified = verify("order_email", "A-1", "ANN@quill.example", 200);
    EXPECT_EQ(text_of(verified, "state"), "open");
    EXPECT_EQ(text_of(verified, "verification"), "order_email");
    EXPECT_EQ(json::serialize(verified).find("uill"), std::string::npos);
    EXPECT_EQ(text_of(verify("order_email", "A-1", "ann@quill.example", 409), "code"),
              "rights.verified_already");
    EXPECT_EQ(rows_with("reed.example"), "0") << "what was compared is in no row";
    EXPECT_EQ(audited("rights.requester_verified"), "1");
    act(id, "reveal", R"({"order_id":")" + order + "\"}");
    EXPECT_EQ(text_of(act(id, "carry-out"), "state"), "done");
    EXPECT_NE(other, order);
}

TEST_F(Rights, the_month_is_extended_once_within_itself_and_with_a_reason) {
    const std::string id = enter("erasure", {});
    const std::string first = text_of(shown(id), "due_at");
    const auto extended = act(id, "extend", R"({"reason":"complexity"})");
    EXPECT_EQ(text_of(extended, "extension"), "complexity");
    EXPECT_EQ(text_of(extended, "due_at"), format_instant(due_after(clock().now(), 3)));
    EXPECT_NE(text_of(extended, "due_at"), first);
    EXPECT_EQ(text_of(act(id, "extend", R"({"reason":"complexity"})", 409), "code"),
              "rights.extended_already");
    EXPECT_EQ(audited("rights.request_extended"), "1");
    const std::string late =
        text_of(post(*ctx_, "/rights/requests",
                     R"({"kind":"erasure","arrived_by":"letter","order_ids":[],"received_at":")" +
                         format_instant(clock().now() - std::chrono::hours(24 * 40)) + "\"}",
                     201),
                "id");
    EXPECT_EQ(text_of(act(late, "extend", R"({"reason":"many_requests"})", 409), "code"),
              "rights.too_late");
    act(late, "extend", "{}", 400);
}

TEST_F(Rights, a_correction_names_its_parts_and_waits_for_the_marketplace) {
    const std::string order = add_held("A-1", "Ann Quill", "ann@quill.example");
    const std::string none = add("N-1");
    const std::string id = open("correction", {order, none});
    act(id, "carry-out", "{}", 400);
    act(open("restriction", {order}), "carry-out", R"({"corrected":["name"]})", 400);
    const auto begun = act(id, "carry-out", R"({"corrected":["address","name"]})");
    EXPECT_EQ(outcome(begun, order), "fetching");
    EXPECT_EQ(outcome(begun, none), "nothing_held");
    EXPECT_EQ(json::serialize(begun.at("corrected")), R"(["address","name"])");
    EXPECT_EQ(text_of(begun, "state"), "open");
    // What is erased meanwhile is not fetched any more, and the request does not wait for it.
    act(open("erasure", {order}), "carry-out");
    drain_jobs();
    EXPECT_EQ(outcome(shown(id), order), "erased");
    EXPECT_EQ(text_of(shown(id), "state"), "done");
    const std::string held = add_held("B-1", "Bob Reed", "bob@reed.example");
    act(open("restriction", {held}), "carry-out");
    EXPECT_EQ(
        text_of(act(open("correction", {held}), "carry-out", R"({"corrected":["name"]})", 409),
                "code"),
        "rights.restricted_first");
}

TEST_F(Rights, an_answer_fits_the_request_and_names_nobody) {
    const std::string order = add_held("A-1", "Ann Quill", "ann@quill.example");
    const std::string id = enter("erasure", {order});
    const auto answer = [&](const std::string& language) {
        return get(*ctx_, "/rights/requests/" + id + "/answer?language=" + language);
    };
    std::set<std::string> texts;
    const auto all = [&](const std::string& occasion) {
        for (const char* language : {"zh", "en", "de", "ja"}) {
            const auto given = answer(language);
            EXPECT_EQ(text_of(given, "occasion"), occasion);
            const std::string text = text_of(given, "text");
            EXPECT_TRUE(texts.insert(text).second) << "said before: " << text;
            for (const char* part : {"Quill", "A-1", "quill.example", "{"})
                EXPECT_EQ(text.find(part), std::string::npos) << text;
        }
    };
    all("identify");
    act(id, "verify", by_message);
    all("received");
    EXPECT_NE(text_of(answer("de"), "text").find(text_of(shown(id), "due_at").substr(0, 10)),
              std::string::npos);
    act(id, "extend", R"({"reason":"many_requests"})");
    all("extended");
    act(id, "carry-out");
    drain_jobs();
    all("erasure");
    get(*ctx_, "/rights/requests/" + id + "/answer?language=fr", 400);
}

}  // namespace
}  // namespace entrepot::rights
