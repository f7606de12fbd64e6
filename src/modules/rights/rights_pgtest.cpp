// Buyers' requests through the routes, with the real keyd and the real database.
#include <filesystem>

#include "modules/rights/register_test.hpp"
#include "platform/audit/merkle.hpp"
#include "platform/audit/proof.hpp"
#include "platform/telemetry/log.hpp"
#include "support/sealing.hpp"

namespace entrepot::rights {
namespace {

TEST_F(Rights, a_buyer_of_two_orders_is_erased_and_nobody_else) {
    const std::string one = add_held("A-1", "Ann Quill", "ann@quill.example");
    const std::string two = add_held("A-2", "Ann Quill", "ann@quill.example");
    const std::string bob = add_held("B-1", "Bob Reed", "bob@reed.example");
    const std::string cleo = add_held("C-1", "Cleo Sedge", "cleo@sedge.example");
    const auto found = search("buyer_email", "Ann@Quill.example");
    EXPECT_EQ(found_in(found), (std::set<std::string>{one, two}));
    EXPECT_EQ(text_of(found.at("items").at(0), "buyer_data"), "held");
    EXPECT_EQ(found_in(search("name", "ANN  quill")).size(), 2U);
    EXPECT_EQ(found_in(search("phone", "44 (113) 496-0077")).size(), 4U);
    EXPECT_TRUE(found_in(search("name", "Ann")).empty()) << "exact, or the search is a browser";

    const std::string id = open("erasure", {one, two});
    const auto begun = act(id, "carry-out");
    EXPECT_EQ(text_of(begun, "state"), "open") << "not done before the keys are gone";
    EXPECT_EQ(outcome(begun, one), "erasing");
    EXPECT_EQ(reveal(one), "vault.erased") << "unreadable from the first moment";
    EXPECT_TRUE(found_in(search("buyer_email", "ann@quill.example")).empty());
    EXPECT_EQ(text_of(act(id, "carry-out", "{}", 409), "code"), "rights.under_way");
    EXPECT_EQ(text_of(act(id, "refuse", R"({"reason":"withdrawn"})", 409), "code"),
              "rights.under_way");
    get(*ctx_, "/rights/requests/" + id + "/receipt", 409);

    drain_jobs();
    const auto done = shown(id);
    EXPECT_EQ(text_of(done, "state"), "done");
    EXPECT_EQ(outcome(done, one), "erased");
    EXPECT_EQ(outcome(done, two), "erased");
    EXPECT_EQ(text_of(done, "urgency"), "none");
    EXPECT_EQ(pii_state(one), "erased");
    EXPECT_EQ(reveal(two), "vault.erased");
    EXPECT_EQ(reveal(bob), "shown");
    EXPECT_EQ(reveal(cleo), "shown");
    EXPECT_TRUE(found_in(search("name", "Ann Quill")).empty());
    EXPECT_EQ(found_in(search("name", "Bob Reed")), std::set<std::string>{bob});
    const auto numbered = search("order_number", "A-1");
    EXPECT_EQ(text_of(numbered.at("items").at(0), "buyer_data"), "erased");
    EXPECT_EQ(audited("rights.request_done"), "1");
}

TEST_F(Rights, a_receipt_hangs_on_the_ledger_and_on_the_signed_audit) {
    const std::string order = add_held("A-1", "Ann Quill", "ann@quill.example");
    const std::string id = open("erasure", {order});
    act(id, "carry-out");
    drain_jobs();
    const std::string path = "/rights/requests/" + id + "/receipt";
    EXPECT_TRUE(get(*ctx_, path).at("seal").is_null()) << "no checkpoint has it yet";
    audit::Sealer sealer(services().runtime, clock(), entrepot::test::sealing_options("rights"));
    while (run([&] { return sealer.seal(); }) == audit::Sealer::Outcome::full_batch) {
    }
    const auto receipt = get(*ctx_, path);
    const std::string statement = text_of(receipt, "statement");
    EXPECT_EQ(text_of(receipt, "statement_sha256"), crypto::sha256_hex(statement));
    EXPECT_EQ(sql("select detail->>'statement_sha256' from platform.audit_entry where id = '" +
                  text_of(receipt, "audit_entry_id") + "'"),
              crypto::sha256_hex(statement));
    const auto stated = json::parse(statement);
    const auto& line = stated.at("orders").at(0).at("ledger_line");
    EXPECT_EQ(text_of(line, "act"), "key_destroyed");
    EXPECT_EQ(text_of(line, "reason"), "erasure_request");
    EXPECT_EQ(text_of(line, "id"), text_of(stated.at("orders").at(0), "key_id"));
    EXPECT_EQ(statement.find("uill"), std::string::npos);
    const auto& seal = receipt.at("seal");
    std::vector<audit::Hash> proof;
    for (const auto& hash : seal.at("path").as_array())
        proof.push_back(*audit::hash_of_hex(std::string(hash.as_string())));
    const auto root = audit::root_of_inclusion(
        *audit::hash_of_hex(text_of(seal, "leaf")),
        static_cast<std::uint64_t>(seal.at("position").as_int64()),
        static_cast<std::uint64_t>(seal.at("checkpoint").at("size").as_int64()), proof);
    ASSERT_TRUE(root.has_value());
    EXPECT_EQ(audit::hex_of(*root), text_of(seal.at("checkpoint"), "root"));
}

TEST_F(Rights, never_held_erased_before_and_erased_now_are_told_apart) {
    const std::string none = add("N-1");
    const std::string before = add_held("E-1", "Ann Quill", "ann@quill.example");
    const std::string held = add_held("H-1", "Ann Quill", "ann@quill.example");
    act(open("erasure", {before}), "carry-out");
    drain_jobs();
    EXPECT_EQ(text_of(search("order_number", "N-1").at("items").at(0), "buyer_data"),
              "not_fetched");
    const std::string id = open("erasure", {none, before, held});
    act(id, "carry-out");
    drain_jobs();
    const auto done = shown(id);
    EXPECT_EQ(outcome(done, none), "barred");
    EXPECT_EQ(pii_state(none), "erased") << "and never to be fetched";
    EXPECT_EQ(outcome(done, before), "already_erased");
    EXPECT_EQ(outcome(done, held), "erased");
    // Nothing of any order: an answer as well, and done at once.
    const std::string empty = open("erasure", {});
    EXPECT_EQ(text_of(act(empty, "carry-out"), "state"), "done");
}

TEST_F(Rights, an_erasure_without_keyd_is_not_called_done) {
    const std::string order = add_held("A-1", "Ann Quill", "ann@quill.example");
    const std::string id = open("erasure", {order});
    entrepot::test::Environment::get().keyd().stop();
    act(id, "carry-out");
    drain_jobs();
    EXPECT_EQ(text_of(shown(id), "state"), "open");
    EXPECT_EQ(outcome(shown(id), order), "erasing");
    entrepot::test::Environment::get().keyd().start();
    clock().advance(std::chrono::minutes(2));
    drain_jobs();
    EXPECT_EQ(text_of(shown(id), "state"), "done");
}

TEST_F(Rights, a_restriction_is_kept_by_keyd_until_it_is_lifted) {
    const std::string order = add_held("A-1", "Ann Quill", "ann@quill.example");
    const std::string none = add("N-1");
    const std::string id = open("restriction", {order, none});
    const std::string second = open("restriction", {order});
    EXPECT_EQ(text_of(act(id, "carry-out"), "state"), "done");
    act(second, "carry-out");
    EXPECT_EQ(outcome(shown(id), order), "restricted");
    EXPECT_EQ(outcome(shown(id), none), "restricted");
    EXPECT_EQ(pii_state(order), "restricted");
    EXPECT_EQ(pii_state(none), "restricted") << "and not to be fetched before it ends";
    EXPECT_EQ(reveal(order, vault::Reason::fulfilment), "vault.restricted");
    EXPECT_EQ(reveal(order, vault::Reason::legal_claim), "shown");
    const auto found = search("buyer_email", "ann@quill.example");
    EXPECT_EQ(text_of(found.at("items").at(0), "buyer_data"), "restricted");
    act(id, "lift");
    EXPECT_EQ(pii_state(none), "not_fetched");
    EXPECT_EQ(reveal(order, vault::Reason::fulfilment), "vault.restricted")
        << "the second request keeps it";
    act(second, "lift");
    EXPECT_EQ(outcome(shown(second), order), "lifted");
    EXPECT_EQ(reveal(order, vault::Reason::fulfilment), "shown");
    EXPECT_EQ(pii_state(order), "held");
    EXPECT_EQ(text_of(act(id, "lift", "{}", 409), "code"), "rights.not_restricting");
    EXPECT_EQ(audited("rights.restriction_lifted"), "2");
}

TEST_F(Rights, a_restriction_without_keyd_is_not_called_done) {
    const std::string order = add_held("A-1", "Ann Quill", "ann@quill.example");
    const std::string id = open("restriction", {order});
    entrepot::test::Environment::get().keyd().stop();
    EXPECT_EQ(text_of(act(id, "carry-out", "{}", 503), "code"), "vault.keys_unavailable");
    entrepot::test::Environment::get().keyd().start();
    EXPECT_EQ(text_of(shown(id), "state"), "open");
    EXPECT_EQ(pii_state(order), "held");
    EXPECT_EQ(reveal(order, vault::Reason::fulfilment), "shown");
    EXPECT_EQ(text_of(act(id, "carry-out"), "state"), "done") << "the same click again";
    EXPECT_EQ(reveal(order, vault::Reason::fulfilment), "vault.restricted");
}

TEST_F(Rights, an_erasure_under_way_is_not_turned_into_a_restriction) {
    const std::string order = add_held("A-1", "Ann Quill", "ann@quill.example");
    const std::string erasure = open("erasure", {order});
    act(erasure, "carry-out");
    const std::string late = open("restriction", {order});
    EXPECT_EQ(outcome(act(late, "carry-out"), order), "already_erased");
    drain_jobs();
    EXPECT_EQ(outcome(shown(erasure), order), "erased");
    EXPECT_EQ(pii_state(order), "erased");
}

TEST_F(Rights, a_restricted_buyer_can_be_erased) {
    const std::string order = add_held("A-1", "Ann Quill", "ann@quill.example");
    act(open("restriction", {order}), "carry-out");
    const std::string id = open("erasure", {order});
    act(id, "carry-out");
    drain_jobs();
    EXPECT_EQ(outcome(shown(id), order), "erased");
    EXPECT_EQ(reveal(order, vault::Reason::legal_claim), "vault.erased");
}

TEST_F(Rights, an_access_request_ends_when_all_was_shown) {
    const std::string order = add_held("A-1", "Ann Quill", "ann@quill.example");
    const std::string none = add("N-1");
    const std::string other = add_held("B-1", "Bob Reed", "bob@reed.example");
    const std::string id = open("access", {order, none});
    EXPECT_EQ(text_of(act(id, "carry-out", "{}", 409), "code"), "rights.not_shown");
    act(id, "reveal", R"({"order_id":")" + other + "\"}", 404);
    const auto copy = act(id, "reveal", R"({"order_id":")" + order + "\"}");
    EXPECT_NE(json::serialize(copy).find("ann@quill.example"), std::string::npos);
    EXPECT_EQ(audited("vault.revealed"), "1");
    EXPECT_EQ(text_of(act(id, "carry-out"), "state"), "done");
    EXPECT_EQ(outcome(shown(id), order), "shown");
    act(id, "reveal", R"({"order_id":")" + order + "\"}", 409);
    act(open("erasure", {order}), "reveal", R"({"order_id":")" + order + "\"}", 409);
}

TEST_F(Rights, another_tenant_s_and_another_shop_s_orders_are_not_there) {
    const std::string mine = add_held("A-1", "Ann Quill", "ann@quill.example");
    const ShopId far = make_shop(*ctx_, "Far");
    const std::string there = add_held("F-1", "Ann Quill", "ann@quill.example", far);
    const std::string whole = open("erasure", {mine, there});

    Context stranger = tenant_context();
    EXPECT_TRUE(found_in(search(stranger, "buyer_email", "ann@quill.example")).empty());
    EXPECT_TRUE(found_in(search(stranger, "order_number", "A-1")).empty());
    post(stranger, "/rights/requests", body_of("erasure", {mine}), 404);
    get(stranger, "/rights/requests/" + whole, 404);
    post(stranger, "/rights/requests/" + whole + "/carry-out", "{}", 404);

    Context near = as(*ctx_, {Permission::buyers_rights}, std::vector{shop_});
    EXPECT_EQ(found_in(search(near, "buyer_email", "ann@quill.example")),
              std::set<std::string>{mine});
    EXPECT_TRUE(found_in(search(near, "order_number", "F-1")).empty());
    post(near, "/rights/requests", body_of("erasure", {mine, there}), 404);
    get(near, "/rights/requests/" + whole, 404);
    post(near, "/rights/requests/" + whole + "/carry-out", "{}", 404);
    EXPECT_TRUE(get(near, "/rights/requests").at("items").as_array().empty());
    const std::string part =
        text_of(post(near, "/rights/requests", body_of("erasure", {mine}), 201), "id");
    post(near, "/rights/requests/" + part + "/verify", by_message);
    post(near, "/rights/requests/" + part + "/carry-out");
    drain_jobs();
    EXPECT_EQ(reveal(mine), "vault.erased");
    EXPECT_EQ(reveal(there), "shown");
}

TEST_F(Rights, who_may_not_is_refused_and_on_record) {
    const std::string order = add_held("A-1", "Ann Quill", "ann@quill.example");
    const std::string id = open("erasure", {order});
    for (const Role& role : roles()) {
        Context who = as(*ctx_, role.permissions);
        const bool may = role.name == "owner" || role.name == "compliance";
        EXPECT_EQ(role.permissions.has(Permission::buyers_rights), may) << role.name;
        if (may) continue;
        (void)search(who, "buyer_email", "ann@quill.example", 403);
        post(who, "/rights/requests/" + id + "/carry-out", "{}", 403);
    }
    EXPECT_EQ(reveal(order), "shown");
    EXPECT_EQ(sql("select count(*) from platform.audit_entry where result = 'refused' and" +
                  of_tenant(*ctx_)),
              "12");
}

TEST_F(Rights, what_was_searched_for_is_nowhere) {
    const std::string log_file = entrepot::test::Environment::get().dir() + "/rights.log";
    log::open(log_file, log::Level::debug);
    add_held("A-1", "Zebedee Plovercanary", "zebedee@plovercanary.example");
    EXPECT_EQ(found_in(search("buyer_email", "zebedee@plovercanary.example")).size(), 1U);
    EXPECT_EQ(found_in(search("name", "Zebedee Plovercanary")).size(), 1U);
    EXPECT_TRUE(found_in(search("name", "Nobody Plovercanary")).empty());
    for (const char* bad : {R"({"field":"name","value":"plovercanary)"
                            "\\u0007"
                            R"(","reason":"erasure"})",
                            R"({"field":"plovercanary","value":"plovercanary","reason":"erasure"})",
                            R"({"field":"name","value":"plovercanary","reason":"plovercanary"})",
                            R"({"field":"name","value":"plovercanary","plovercanary":1})",
                            R"({"field":"name","value":"plovercanary)"}) {
        const auto refused = call(*ctx_, Method::post, "/buyers/search", bad);
        EXPECT_EQ(refused.status, 400) << refused.body;
    }
    const auto long_one = call(*ctx_, Method::post, "/buyers/search",
                               R"({"field":"name","reason":"erasure","value":")" +
                                   std::string(400, 'x') + R"(plovercanary"})");
    EXPECT_EQ(long_one.body.find("plovercanary"), std::string::npos) << long_one.body;
    Context nobody = as(*ctx_, {Permission::orders_read});
    (void)search(nobody, "name", "Zebedee Plovercanary", 403);
    // A database that breaks down in the middle is logged, without what was asked of it.
    sql("revoke select on orders.sales_order from entrepot_app");
    EXPECT_EQ(call(*ctx_, Method::post, "/buyers/search",
                   R"({"field":"order_number","value":"plovercanary","reason":"erasure"})")
                  .status,
              500);
    sql("grant select on orders.sales_order to entrepot_app");
    log::open({}, log::Level::warning);
    EXPECT_GT(std::filesystem::file_size(log_file), 0U) << "there is a log to look through";
    EXPECT_EQ(rows_with("plovercanary"), "0");
    EXPECT_NE(rows_with("SKU-1"), "0") << "the query sees what is there";
    EXPECT_EQ(files_with("plovercanary"), "0");
    EXPECT_EQ(sql("select count(*) from platform.audit_entry where act = 'rights.searched' and "
                  "detail->>'found' = '1' and detail->>'reason' = 'erasure' and" +
                  of_tenant(*ctx_)),
              "2");
}

TEST_F(Rights, who_tries_out_names_is_stopped) {
    Context curious = as(*ctx_, {Permission::buyers_rights});
    int answered = 0, status = 200;
    while (answered < 500 && status == 200) {
        status = call(curious, Method::post, "/buyers/search",
                      R"({"field":"order_number","value":"A-1","reason":"access"})")
                     .status;
        answered += status == 200 ? 1 : 0;
    }
    EXPECT_EQ(answered, 60);
    EXPECT_EQ(status, 429);
    (void)search("order_number", "A-1");
    clock().advance(std::chrono::hours(1));
    (void)search(curious, "order_number", "A-1");
    EXPECT_EQ(sql("select count(*) from rights.search_budget where actor_id = '" +
                  curious.actor.id.text() + "'"),
              "1")
        << "hours that are over are forgotten";
}

TEST_F(Rights, the_list_shows_what_presses) {
    const auto enter = [&](int days_ago) {
        const Instant at = clock().now() - std::chrono::hours(24 * days_ago);
        return text_of(post(*ctx_, "/rights/requests",
                            R"({"kind":"erasure","arrived_by":"letter","order_ids":[],)"
                            R"("received_at":")" +
                                format_instant(at) + "\"}",
                            201),
                       "id");
    };
    const std::string fresh = enter(0), late = enter(40), soon = enter(27);
    const auto list = [&](const std::string& query) {
        std::string out, cursor;
        for (int page = 0; page < 9; ++page) {
            const auto answer = get(*ctx_, "/rights/requests?limit=2" + query +
                                               (cursor.empty() ? "" : "&cursor=" + cursor));
            for (const auto& item : answer.at("items").as_array())
                out += text_of(item, "urgency") + ' ';
            if (answer.at("next_cursor").is_null()) break;
            cursor = text_of(answer, "next_cursor");
        }
        return out;
    };
    EXPECT_EQ(list(""), "overdue soon later ");
    EXPECT_EQ(list("&sort=-due_at"), "later soon overdue ");
    const auto counts = get(*ctx_, "/rights/requests/counts");
    EXPECT_EQ(counts.at("open").as_int64(), 3);
    EXPECT_EQ(counts.at("overdue").as_int64(), 1);
    EXPECT_EQ(counts.at("due_soon").as_int64(), 1);
    const auto refused = act(late, "refuse", R"({"reason":"not_identified"})");
    EXPECT_EQ(text_of(refused, "state"), "refused");
    EXPECT_EQ(text_of(refused, "refusal"), "not_identified");
    EXPECT_EQ(list("&state=open"), "soon later ");
    EXPECT_EQ(list("&state=refused"), "none ");
    act(late, "carry-out", "{}", 409);
    post(*ctx_, "/rights/requests",
         R"({"kind":"erasure","arrived_by":"letter","order_ids":[],"received_at":")" +
             format_instant(clock().now() + std::chrono::hours(1)) + "\"}",
         400);
    EXPECT_NE(fresh, soon);
}

}  // namespace
}  // namespace entrepot::rights
