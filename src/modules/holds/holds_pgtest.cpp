// Legal holds through the routes, with the real keyd and the real database.
#include <boost/json.hpp>

#include "modules/holds/service.hpp"
#include "modules/orders/sample_test.hpp"

namespace entrepot::holds {
namespace {
using http::Method;
namespace json = boost::json;
constexpr auto day = std::chrono::hours(24);

class LegalHolds : public orders::test::OrdersTest {
protected:
    void SetUp() override {
        ctx_.emplace(tenant_context());
        second_.emplace(as(*ctx_, ctx_->rights.permissions));
        shop_ = make_shop(*ctx_, "Shop");
    }
    std::string add(const std::string& number) {
        ingest_batch(*ctx_, source(shop_), {orders::test::sample_order(number, 1)});
        return id_of(*ctx_, number);
    }
    /// An order whose buyer's data is held.
    std::string add_held(const std::string& number, const std::string& name) {
        std::string order = add(number);
        const std::string wire =
            R"({"n":")" + name + R"(","a":"9 Heronwharf","t":"+44 113 496 0077"})";
        const auto stored = run([&]() -> Awaitable<Result<bool>> {
            auto draft = vault::harvest(crypto::secret_bytes(wire),
                                        {{"/n", vault::Field::recipient_name, {}},
                                         {"/a", vault::Field::address_line1, {}},
                                         {"/t", vault::Field::phone, {}}});
            vault::Subject subject{*OrderId::parse(order), shop_, "amazon", {}};
            CO_TRY(const vault::Sealed sealed,
                   co_await vault::seal(*ctx_, std::move(subject), std::move(*draft)));
            auto body = [&](pg::Transaction& tx) -> Awaitable<Result<bool>> {
                co_return co_await vault::keep(tx, *ctx_, sealed);
            };
            co_return co_await ctx_->db().transaction(ctx_->tenant, body);
        });
        EXPECT_TRUE(stored.has_value() && *stored);
        return order;
    }
    static std::string body_of(const std::vector<std::string>& orders, Instant ends_at) {
        std::string ids;
        for (const std::string& id : orders) ids += (ids.empty() ? "\"" : ",\"") + id + '"';
        return R"({"order_ids":[)" + ids +
               R"(],"order_numbers":[],"reason":"court","reference":"12 C 34/26","ends_at":")" +
               format_instant(ends_at) + "\"}";
    }
    std::string place(const std::vector<std::string>& orders,
                      std::chrono::hours life = std::chrono::hours(24 * 365)) {
        return text_of(post(*ctx_, "/legal-holds", body_of(orders, clock().now() + life), 201),
                       "id");
    }
    json::value shown(const std::string& id) { return get(*ctx_, "/legal-holds/" + id); }
    std::string state_of(const std::string& id) { return text_of(shown(id), "state"); }
    std::string listed(const std::string& state) {
        return std::to_string(
            get(*ctx_, "/legal-holds?state=" + state).at("items").as_array().size());
    }
    json::value act(Context& who, const std::string& id, const std::string& what,
                    const std::string& ask, int status = 200) {
        return post(who, "/legal-holds/" + id + "/" + what, R"({"ask_id":")" + ask + "\"}", status);
    }
    /// Asks; answers the id of what waits now.
    std::string ask_for(Context& who, const std::string& id, const std::string& what,
                        const std::string& more = {}) {
        const auto detail = post(who, "/legal-holds/" + id + "/ask",
                                 R"({"act":")" + what + R"(","why":"The court asks")" + more + "}");
        for (const auto& ask : detail.at("asks").as_array())
            if (text_of(ask, "state") == "waiting") return text_of(ask, "id");
        return "nothing waits";
    }
    /// Opened as it should be: asked by one, allowed by another.
    json::value open(const std::string& id, int status = 200) {
        const std::string ask = ask_for(*ctx_, id, "open");
        act(*second_, id, "approve", ask);
        return act(*ctx_, id, "open", ask, status);
    }
    static std::set<std::string> orders_in(const json::value& opened) {
        std::set<std::string> out;
        for (const auto& field : opened.at("fields").as_array())
            out.insert(text_of(field, "order_id"));
        return out;
    }
    std::string reveal(const std::string& order) {
        const auto revealed = run([&] {
            return vault::reveal(*ctx_,
                                 {*OrderId::parse(order), vault::Reason::legal_claim, "case", "1"});
        });
        return revealed ? "shown" : std::string(revealed.error().code.name);
    }
    void erase(const std::string& order) {
        auto body = [&](pg::Transaction& tx) -> Awaitable<Result<bool>> {
            co_return co_await vault::erase(tx, *ctx_, *OrderId::parse(order), "erasure_request") ==
                vault::Erasure::begun;
        };
        (void)run([&] { return ctx_->db().transaction(ctx_->tenant, body); });
        drain_jobs();
    }
    std::string count(const std::string& from) {
        return sql("select count(*) from " + from + " and tenant_id = '" + ctx_->tenant.text() +
                   "'");
    }
    vault::HoldAnswer open_past_register(Context& who, const std::string& hold,
                                         const std::string& ask) {
        const Uuid id = *Uuid::parse(hold), what = *Uuid::parse(ask);
        return run([&] { return vault::open_hold(who, id, what); })->answer;
    }
    std::string audited(const std::string& act, const std::string& result = "done") {
        return count("platform.audit_entry where act = '" + act + "' and result = '" + result +
                     "'");
    }
    std::string cells_of(const std::string& id) {
        return count("vault.held_cell where hold_id = '" + id + "'");
    }
    std::optional<Context> ctx_, second_;
    ShopId shop_;
};

TEST_F(LegalHolds, two_people_open_what_is_kept_once) {
    const std::string order = add_held("A-1", "Ann Quill");
    const std::string id = place({order});
    EXPECT_EQ(state_of(id), "active");
    EXPECT_EQ(cells_of(id), "3");
    const std::string ask = ask_for(*ctx_, id, "open");
    EXPECT_EQ(text_of(act(*ctx_, id, "open", ask, 409), "code"), "holds.not_approved");
    EXPECT_EQ(text_of(act(*ctx_, id, "approve", ask, 409), "code"), "holds.second_person");
    EXPECT_EQ(text_of(act(*second_, id, "approve", ask).at("asks").at(0), "state"), "approved");
    EXPECT_EQ(text_of(act(*second_, id, "open", ask, 409), "code"), "holds.not_approved")
        << "who asked opens, nobody else";
    const http::Response answer =
        call(*ctx_, Method::post, "/legal-holds/" + id + "/open", R"({"ask_id":")" + ask + "\"}");
    ASSERT_EQ(answer.status, 200) << answer.body;
    EXPECT_NE(answer.body.find("Ann Quill"), std::string::npos);
    EXPECT_NE(answer.body.find("9 Heronwharf"), std::string::npos);
    EXPECT_NE(std::ranges::find(answer.headers,
                                std::pair<std::string, std::string>("cache-control", "no-store")),
              answer.headers.end());
    EXPECT_EQ(text_of(act(*ctx_, id, "open", ask, 409), "code"), "holds.not_approved") << "once";
    for (const char* one : {"holds.placed", "holds.asked", "holds.approved", "holds.opened"})
        EXPECT_EQ(audited(one), "1") << one;
    EXPECT_EQ(audited("vault.held"), "1");
    EXPECT_EQ(sql("select count(*) from platform.audit_entry where detail::text like '%Quill%'"),
              "0");
}

TEST_F(LegalHolds, keyd_itself_wants_two_people) {
    const std::string id = place({add_held("A-1", "Ann Quill")});
    const std::string asked = ask_for(*ctx_, id, "open");
    const Uuid hold = *Uuid::parse(id), ask = *Uuid::parse(asked);
    // Past the register, as a server would that is taken over or wrong.
    const auto opened = [&](Context& who) { return open_past_register(who, id, asked); };
    const auto approved = [&](Context& who) -> std::string {
        const auto answer = run([&] { return vault::approve_for_hold(who, hold, ask); });
        return answer ? boost::describe::enum_to_string(*answer, "")
                      : std::string(answer.error().code.name);
    };
    EXPECT_EQ(opened(*ctx_), vault::HoldAnswer::not_permitted);
    EXPECT_EQ(approved(*ctx_), "not_permitted");
    EXPECT_EQ(opened(*ctx_), vault::HoldAnswer::not_permitted);
    EXPECT_EQ(approved(*second_), "yes");
    EXPECT_EQ(opened(*second_), vault::HoldAnswer::not_permitted);
    EXPECT_EQ(opened(*ctx_), vault::HoldAnswer::yes);
    EXPECT_EQ(opened(*ctx_), vault::HoldAnswer::not_permitted);
    EXPECT_FALSE(*run([&] { return vault::opens_unapproved(*ctx_, hold); }));
    const std::string reason = "hold_ended";
    const auto early = run([&] { return vault::destroy_hold(*ctx_, hold, reason); });
    EXPECT_EQ(early->answer, vault::HoldAnswer::not_permitted) << "evidence goes in time or by two";
}

TEST_F(LegalHolds, an_approval_lasts_a_quarter_of_an_hour) {
    const std::string id = place({add_held("A-1", "Ann Quill")});
    const std::string ask = ask_for(*ctx_, id, "open");
    act(*second_, id, "approve", ask);
    clock().advance(std::chrono::minutes(15));
    EXPECT_EQ(text_of(shown(id).at("asks").at(0), "state"), "lapsed");
    EXPECT_EQ(text_of(act(*ctx_, id, "open", ask, 409), "code"), "holds.not_approved");
    const std::string declined = ask_for(*ctx_, id, "open");
    act(*second_, id, "decline", declined);
    EXPECT_EQ(text_of(act(*second_, id, "approve", declined, 409), "code"), "holds.not_waiting");
    const std::string old = ask_for(*ctx_, id, "open");
    clock().advance(day);
    EXPECT_EQ(text_of(act(*second_, id, "approve", old, 409), "code"), "holds.not_waiting");
}

TEST_F(LegalHolds, nobody_opens_it_a_second_after_its_end_even_restored) {
    const std::string id = place({add_held("A-1", "Ann Quill")}, 10 * day);
    sql("create schema older");
    sql("create table older.legal_hold as table holds.legal_hold");
    sql("create table older.held_cell as table vault.held_cell");
    sql("delete from older.legal_hold where id <> '" + id + "'");
    sql("delete from older.held_cell where hold_id <> '" + id + "'");
    EXPECT_EQ(orders_in(open(id)).size(), 1U);
    clock().advance(10 * day - std::chrono::minutes(5));
    const std::string ask = ask_for(*ctx_, id, "open");
    act(*second_, id, "approve", ask);
    clock().advance(std::chrono::minutes(5) + std::chrono::seconds(1));
    EXPECT_EQ(text_of(act(*ctx_, id, "open", ask, 409), "code"), "holds.ended");
    EXPECT_EQ(open_past_register(*ctx_, id, ask), vault::HoldAnswer::ended)
        << "keyd has a clock of its own";
    EXPECT_EQ(state_of(id), "ending");
    EXPECT_EQ(listed("ending"), "1") << "as it is, whatever the row still says";
    EXPECT_EQ(listed("active"), "0");
    drain_jobs();
    EXPECT_EQ(state_of(id), "ended");
    EXPECT_EQ(listed("ended"), "1");
    EXPECT_EQ(cells_of(id), "0");
    const auto line = json::parse(text_of(shown(id), "receipt"));
    EXPECT_EQ(text_of(line, "act"), "key_destroyed");
    EXPECT_EQ(text_of(line, "reason"), "hold_ended");
    EXPECT_EQ(text_of(line, "id"), id);

    // The rows of an older copy, and a server that believes in a later end.
    sql("update holds.legal_hold as h set state = o.state, ending = o.ending, ended_at = null, "
        "receipt = null, ends_at = o.ends_at + interval '1 year' from older.legal_hold as o "
        "where h.tenant_id = o.tenant_id and h.id = o.id");
    sql("insert into vault.held_cell table older.held_cell on conflict do nothing");
    sql("drop schema older cascade");
    EXPECT_EQ(state_of(id), "active");
    EXPECT_EQ(cells_of(id), "3");
    EXPECT_EQ(text_of(post(*ctx_, "/legal-holds/" + id + "/ask",
                           R"({"act":"open","why":"The court asks"})", 409),
                      "code"),
              "holds.ended");
    EXPECT_EQ(open_past_register(*ctx_, id, ask), vault::HoldAnswer::ended);
    // The next run of the ender sees that keyd has no key any more, and ends it again.
    place({add_held("B-1", "Bob Reed")}, day);
    clock().advance(day);
    drain_jobs();
    EXPECT_EQ(state_of(id), "ended");
    EXPECT_EQ(cells_of(id), "0");
}

TEST_F(LegalHolds, the_ordinary_clock_and_erasure_go_on) {
    const std::string kept = add_held("A-1", "Ann Quill");
    const std::string asked = add_held("A-2", "Ann Quill");
    const std::string other = add_held("B-1", "Bob Reed");
    const std::string id = place({kept, asked});
    erase(asked);
    EXPECT_EQ(reveal(asked), "vault.erased");
    clock().advance(29 * day);
    drain_jobs();
    for (const std::string& order : {kept, other}) EXPECT_EQ(reveal(order), "vault.erased");
    const auto opened = open(id);
    EXPECT_EQ(orders_in(opened), (std::set<std::string>{kept, asked}))
        << "and never of an order that it does not name";
    EXPECT_EQ(count("vault.held_cell where order_id = '" + other + "'"), "0");
    EXPECT_EQ(json::serialize(opened).find("Reed"), std::string::npos);
    EXPECT_EQ(count("vault.capsule where state <> 'erased'"), "0");
    // A drill of a backup takes the copy for what it is: alive, though its capsules are erased.
    const auto tally = run([&] { return vault::try_copy(*ctx_, ctx_->db(), 100); });
    EXPECT_EQ(tally.live_tried, 1);
    EXPECT_EQ(tally.live_opened, 1);
    EXPECT_EQ(tally.erased_opened, 0);
    EXPECT_TRUE(tally.first.empty());
}

TEST_F(LegalHolds, what_was_erased_is_not_brought_back) {
    const std::string erased = add_held("A-1", "Ann Quill");
    const std::string held = add_held("A-2", "Ann Quill");
    const std::string none = add("N-1");
    erase(erased);
    const auto empty = body_of({erased, none}, clock().now() + day);
    EXPECT_EQ(text_of(post(*ctx_, "/legal-holds", empty, 409), "code"), "holds.nothing_held");
    const auto detail = shown(place({erased, held, none}));
    std::map<std::string, std::string> found;
    for (const auto& order : detail.at("orders").as_array())
        found[text_of(order, "order_number")] = text_of(order, "found");
    EXPECT_EQ(found, (std::map<std::string, std::string>{
                         {"A-1", "already_erased"}, {"A-2", "copied"}, {"N-1", "nothing_held"}}));
    // Erased between the copying and the storing: left out, as the erasure's receipt says.
    const HoldId late = ctx_->new_id<HoldId>();
    const vault::HoldKey key{late.value, clock().now() + day};
    const std::vector<OrderId> only{*OrderId::parse(held)};
    const auto copy = run([&] { return vault::copy_for_hold(*ctx_, key, only); });
    ASSERT_TRUE(copy.has_value());
    erase(held);
    auto keep = [&](pg::Transaction& tx) -> Awaitable<Result<std::size_t>> {
        co_return (co_await vault::keep_copy(tx, *copy)).size();
    };
    EXPECT_EQ(*run([&] { return ctx_->db().transaction(ctx_->tenant, keep); }), 0U);
    EXPECT_EQ(cells_of(late.text()), "0");
}

TEST_F(LegalHolds, an_erasures_receipt_says_that_a_copy_is_kept) {
    const std::string order = add_held("A-1", "Ann Quill");
    const std::string id = place({order});
    const auto request = post(
        *ctx_, "/rights/requests",
        R"({"kind":"erasure","arrived_by":"instruction","order_ids":[")" + order + "\"]}", 201);
    const std::string path = "/rights/requests/" + text_of(request, "id");
    EXPECT_EQ(text_of(request.at("orders").at(0).at("held_copies").at(0), "hold_id"), id);
    post(*ctx_, path + "/carry-out");
    drain_jobs();
    EXPECT_EQ(text_of(get(*ctx_, path), "state"), "done");
    const auto stated = json::parse(text_of(get(*ctx_, path + "/receipt"), "statement"));
    const auto& copy = stated.at("orders").at(0).at("held_copies").at(0);
    EXPECT_EQ(text_of(copy, "hold_id"), id);
    EXPECT_EQ(text_of(copy, "until"), text_of(shown(id), "ends_at"));
    EXPECT_EQ(orders_in(open(id)), std::set<std::string>{order});
}

TEST_F(LegalHolds, two_people_release_and_extend) {
    const std::string order = add_held("A-1", "Ann Quill");
    const std::string id = place({order}, 5 * day);
    const std::string later = format_instant(clock().now() + 9 * day);
    const std::string longer = ask_for(*ctx_, id, "extend", R"(,"ends_at":")" + later + '"');
    EXPECT_EQ(text_of(act(*ctx_, id, "approve", longer, 409), "code"), "holds.second_person");
    EXPECT_EQ(text_of(act(*second_, id, "approve", longer), "ends_at"), later);
    clock().advance(6 * day);
    drain_jobs();
    EXPECT_EQ(orders_in(open(id)).size(), 1U);
    const std::string release = ask_for(*second_, id, "release");
    EXPECT_EQ(text_of(act(*second_, id, "approve", release, 409), "code"), "holds.second_person");
    EXPECT_EQ(text_of(act(*ctx_, id, "approve", release), "state"), "ending");
    drain_jobs();
    EXPECT_EQ(text_of(shown(id), "ending"), "released");
    EXPECT_EQ(state_of(id), "ended");
    EXPECT_EQ(cells_of(id), "0");
    EXPECT_EQ(reveal(order), "shown") << "the capsule has its own clock";
    EXPECT_EQ(audited("holds.ended"), "1");
}

TEST_F(LegalHolds, ends_when_keyd_is_back) {
    const std::string id = place({add_held("A-1", "Ann Quill")}, 5 * day);
    entrepot::test::Environment::get().keyd().stop();
    clock().advance(5 * day);
    drain_jobs();
    EXPECT_EQ(state_of(id), "ending");
    entrepot::test::Environment::get().keyd().start();
    clock().advance(std::chrono::minutes(2));
    drain_jobs();
    EXPECT_EQ(state_of(id), "ended");
}

TEST_F(LegalHolds, a_cell_moved_between_orders_does_not_open) {
    const std::string one = add_held("A-1", "Ann Quill");
    const std::string two = add_held("B-1", "Bob Reed");
    const std::string id = place({one, two});
    EXPECT_EQ(orders_in(open(id)).size(), 2U);
    sql("update vault.held_cell as c set sealed = (select d.sealed from vault.held_cell as d "
        "where d.hold_id = c.hold_id and d.order_id = '" +
        two + "' and d.field = 1) where c.hold_id = '" + id + "' and c.order_id = '" + one +
        "' and c.field = 1");
    const std::string ask = ask_for(*ctx_, id, "open");
    act(*second_, id, "approve", ask);
    const auto answer =
        call(*ctx_, Method::post, "/legal-holds/" + id + "/open", R"({"ask_id":")" + ask + "\"}");
    EXPECT_EQ(answer.status, 500);
    EXPECT_EQ(answer.body.find("Reed"), std::string::npos);
}

TEST_F(LegalHolds, of_another_tenant_or_shop_is_not_there) {
    const std::string order = add_held("A-1", "Ann Quill");
    const std::string id = place({order});
    const std::string ask = ask_for(*ctx_, id, "open");
    Context stranger = tenant_context();
    Context elsewhere =
        as(*ctx_, ctx_->rights.permissions, std::vector<ShopId>{ctx_->new_id<ShopId>()});
    const std::string nowhere = crypto::new_uuid(clock().now()).text();
    for (Context* who : {&stranger, &elsewhere}) {
        const auto bytes = [&](const std::string& which, const char* what) {
            const auto answer = call(*who, Method::post, "/legal-holds/" + which + what,
                                     R"({"ask_id":")" + ask + "\"}");
            auto body = json::parse(answer.body).as_object();
            body.erase("request_id");
            return std::to_string(answer.status) + json::serialize(body);
        };
        for (const char* what : {"/open", "/approve", "/decline"})
            EXPECT_EQ(bytes(id, what), bytes(nowhere, what));
        EXPECT_EQ(get(*who, "/legal-holds").at("items").as_array().size(), 0U);
        get(*who, "/legal-holds/" + id, 404);
        post(*who, "/legal-holds", body_of({order}, clock().now() + day), 404);
    }
}

TEST_F(LegalHolds, takes_numbers_and_says_which_is_wrong) {
    add_held("A-1", "Ann Quill");
    const auto body = [&](const std::string& numbers, const std::string& ends) {
        return R"({"order_ids":[],"order_numbers":[)" + numbers +
               R"(],"reason":"authority","reference":"R 7","ends_at":")" + ends + "\"}";
    };
    const std::string soon = format_instant(clock().now() + day);
    const auto wrong = post(*ctx_, "/legal-holds", body(R"("A-1","Z-9")", soon), 400);
    EXPECT_NE(json::serialize(wrong).find("/order_numbers/1"), std::string::npos);
    post(*ctx_, "/legal-holds", body("", soon), 400);
    post(*ctx_, "/legal-holds", body(R"("A-1")", format_instant(clock().now())), 400);
    post(*ctx_, "/legal-holds", body(R"("A-1")", format_instant(clock().now() + 1200 * day)), 400);
    Context key = *ctx_;
    key.actor.kind = ActorKind::api_key;
    EXPECT_EQ(text_of(post(key, "/legal-holds", body(R"("A-1")", soon), 403), "code"),
              "holds.person_needed");
    EXPECT_EQ(shown(text_of(post(*ctx_, "/legal-holds", body(R"(" A-1 ")", soon), 201), "id"))
                  .at("order_count"),
              1);
    Context clerk = as(*ctx_, {Permission::orders_read, Permission::buyers_rights});
    get(clerk, "/legal-holds", 403);
    const auto page = get(*ctx_, "/legal-holds?state=active&limit=1");
    EXPECT_EQ(page.at("items").as_array().size(), 1U);
}

}  // namespace
}  // namespace entrepot::holds
