// What people do: holds, tags, notes, dismissals, views, exports, mappings and what follows.
#include <filesystem>

#include "modules/catalog/catalog.hpp"
#include "modules/orders/sample_test.hpp"

namespace entrepot::orders::test {
namespace {

using http::Method;

class OrdersPeople : public OrdersTest {
protected:
    void SetUp() override {
        ctx_.emplace(tenant_context());
        shop_ = make_shop(*ctx_, "US");
    }
    std::string add(const std::string& number, OrderState state = OrderState::unshipped,
                    FulfilledBy by = FulfilledBy::merchant) {
        IncomingOrder order = sample_order(number, 1);
        order.state = state;
        order.fulfilled_by = by;
        ingest_batch(*ctx_, source(shop_), {order});
        return id_of(*ctx_, number);
    }
    std::string code_of(const http::Response& response) {
        return text_of(boost::json::parse(response.body), "code");
    }
    http::Response act(const std::string& id, const std::string& what, const std::string& body,
                       const std::string& version = {}) {
        std::vector<std::pair<std::string, std::string>> headers;
        if (!version.empty()) headers.emplace_back("if-match", '"' + version + '"');
        return call(*ctx_, Method::post, "/orders/" + id + what, body, headers);
    }
    void map(const std::string& seller_sku, const std::string& code, const std::string& more = {},
             int status = 201) {
        post(*ctx_, "/sku-mappings",
             R"({"shop_id":")" + shop_.text() + R"(","seller_sku":")" + seller_sku +
                 R"(","sku_code":")" + code + R"(","create_sku":true)" + more + "}",
             status);
    }
    std::optional<Context> ctx_;
    ShopId shop_{};
};

TEST_F(OrdersPeople, a_hold_is_shown_and_released_and_refused_with_a_reason) {
    const std::string id = add("1");
    EXPECT_EQ(get(*ctx_, "/orders/" + id).at("allowed_actions").as_array().back().as_string(),
              "hold");
    EXPECT_EQ(act(id, "/hold", R"({"reason":"  "})").status, 400);
    const auto held = act(id, "/hold", R"({"reason":"check address"})");
    EXPECT_EQ(held.status, 200);
    const auto detail = boost::json::parse(held.body);
    EXPECT_TRUE(detail.at("held").as_bool());
    EXPECT_EQ(text_of(detail.at("hold"), "reason"), "check address");
    EXPECT_EQ(text_of(detail.at("history").as_array().at(0), "kind"), "hold");
    EXPECT_EQ(detail.at("allowed_actions").as_array().back().as_string(), "release");
    EXPECT_EQ(code_of(act(id, "/hold", R"({"reason":"again"})")), "orders.already_held");
    EXPECT_EQ(act(id, "/release", "{}").status, 200);
    EXPECT_EQ(code_of(act(id, "/release", "{}")), "orders.not_held");
    EXPECT_EQ(code_of(act(add("2", OrderState::shipped), "/hold", R"({"reason":"x"})")),
              "orders.nothing_to_hold");
    EXPECT_EQ(code_of(act(add("3", OrderState::unshipped, FulfilledBy::channel), "/hold",
                          R"({"reason":"x"})")),
              "orders.fulfilled_by_channel");
    EXPECT_EQ("2", sql("select count(*) from platform.audit_entry where act in ('orders.held', "
                       "'orders.released') and result = 'done' and" +
                       of_tenant(*ctx_)));
    EXPECT_EQ("5", sql("select count(*) from platform.audit_entry where result = 'refused' and" +
                       of_tenant(*ctx_)));
}

TEST_F(OrdersPeople, a_stale_page_changes_nothing) {
    const std::string id = add("1");
    const std::string version =
        std::to_string(get(*ctx_, "/orders/" + id).at("version").as_int64());
    EXPECT_EQ(act(id, "/tags", R"({"add":["a"]})", version).status, 200);
    const auto late = act(id, "/hold", R"({"reason":"x"})", version);
    EXPECT_EQ(late.status, 409);
    EXPECT_EQ(code_of(late), "version_conflict");
}

TEST_F(OrdersPeople, tags_and_notes_have_their_limits) {
    const std::string id = add("1");
    act(id, "/tags", R"({"add":["b","a","b"]})");
    const auto tagged =
        boost::json::parse(act(id, "/tags", R"({"add":["c"],"remove":["a","zz"]})").body);
    EXPECT_EQ(boost::json::serialize(tagged.at("tags")), R"(["b","c"])");
    std::string many;
    for (int i = 0; i < 19; ++i) many += (i == 0 ? "\"t" : ",\"t") + std::to_string(i) + '"';
    EXPECT_EQ(code_of(act(id, "/tags", R"({"add":[)" + many + "]}")), "orders.too_many_tags");
    EXPECT_EQ("2", sql("select cardinality(tags) from orders.sales_order where id = '" + id + "'"))
        << "all or nothing";
    EXPECT_EQ(act(id, "/notes", R"({"text":""})").status, 400);
    EXPECT_EQ(act(id, "/notes", R"({"text":")" + std::string(4001, 'x') + "\"}").status, 400);
    const auto noted =
        boost::json::parse(act(id, "/notes", R"({"text":")" + std::string(4000, 'x') + "\"}").body);
    EXPECT_EQ(text_of(noted.at("notes").as_array().at(0), "by_name"), "Test User");
    EXPECT_EQ(text_of(noted.at("history").as_array().at(0), "detail"), "")
        << "the words stay in the note";
}

TEST_F(OrdersPeople, bulk_names_every_result) {
    const std::string open = add("1"), shipped = add("2", OrderState::shipped);
    const std::string never = crypto::new_uuid(ctx_->now()).text();
    const std::string ids = '"' + open + "\",\"" + shipped + "\",\"" + never + "\",\"" + open + '"';
    const auto held = post(*ctx_, "/orders/bulk",
                           R"({"action":"hold","reason":"stop","order_ids":[)" + ids + "]}");
    EXPECT_EQ(boost::json::serialize(held.at("done")), "[\"" + open + "\"]");
    ASSERT_EQ(held.at("refused").as_array().size(), 2U);
    EXPECT_EQ(text_of(held.at("refused").as_array()[0], "code"), "orders.nothing_to_hold");
    EXPECT_EQ(text_of(held.at("refused").as_array()[1], "code"), "not_found");
    const auto tagged =
        post(*ctx_, "/orders/bulk", R"({"action":"add_tag","tag":"x","order_ids":[)" + ids + "]}");
    EXPECT_EQ(tagged.at("done").as_array().size(), 2U);
    post(*ctx_, "/orders/bulk", R"({"action":"hold","order_ids":[)" + ids + "]}", 400);
    std::string too_many;
    for (int i = 0; i < 501; ++i) too_many += (i == 0 ? "\"" : ",\"") + never + '"';
    post(*ctx_, "/orders/bulk", R"({"action":"release","order_ids":[)" + too_many + "]}", 400);
}

TEST_F(OrdersPeople, a_dismissed_exception_leaves_the_inbox) {
    add("1");
    const auto inbox = get(*ctx_, "/orders/exceptions?kind=unmapped_sku");
    ASSERT_EQ(inbox.at("items").as_array().size(), 1U);
    const auto& item = inbox.at("items").as_array()[0];
    EXPECT_EQ(text_of(item, "subject"), "SKU-1");
    const std::string path = "/orders/exceptions/" + text_of(item, "id") + "/dismiss";
    post(*ctx_, path, R"({"reason":""})", 400);
    EXPECT_EQ(text_of(post(*ctx_, path, R"({"reason":"a gift"})"), "state"), "dismissed");
    EXPECT_EQ(text_of(post(*ctx_, path, R"({"reason":"again"})", 409), "code"),
              "orders.exception_closed");
    EXPECT_TRUE(get(*ctx_, "/orders/exceptions").at("items").as_array().empty());
    EXPECT_EQ(get(*ctx_, "/orders/exceptions?state=dismissed").at("items").as_array().size(), 1U);
    EXPECT_TRUE(get(*ctx_, "/orders?exception=true").at("items").as_array().empty());
}

TEST_F(OrdersPeople, a_mapping_heals_its_orders_without_asking_the_channel) {
    const std::string id = add("1");
    EXPECT_EQ(get(*ctx_, "/orders/" + id).at("exception_count").as_int64(), 1);
    map("SKU-1", "OURS");
    drain_jobs();
    const auto healed = get(*ctx_, "/orders/" + id);
    EXPECT_EQ(healed.at("exception_count").as_int64(), 0);
    EXPECT_EQ(text_of(healed.at("lines").as_array()[0], "sku"), "OURS");
    EXPECT_EQ(text_of(healed.at("exceptions").as_array()[0], "state"), "resolved");
    EXPECT_EQ(text_of(healed.at("history").as_array()[0], "kind"), "mapping");
    EXPECT_EQ(numbers(get(*ctx_, "/orders?sku=OURS")), "1");
    // A new order of it is whole from the start.
    EXPECT_EQ(get(*ctx_, "/orders/" + add("2")).at("exception_count").as_int64(), 0);
    const auto mapping = get(*ctx_, "/sku-mappings").at("items").as_array().at(0);
    ask(*ctx_, Method::post, "/sku-mappings/" + text_of(mapping, "id") + "/end",
        R"({"valid_to":"1970-01-01T00:00:00Z"})", 204);
    drain_jobs();
    EXPECT_EQ(get(*ctx_, "/orders/" + id).at("exception_count").as_int64(), 1);
    EXPECT_TRUE(get(*ctx_, "/orders/" + id).at("lines").as_array()[0].at("sku").is_null());
}

TEST_F(OrdersPeople, mappings_hold_from_when_to_when) {
    const auto order_at = [&](const std::string& number, int days) {
        ingest_batch(*ctx_, source(shop_),
                     {sample_order(number, 1, noon + std::chrono::days(days))});
        return id_of(*ctx_, number);
    };
    const std::string early = order_at("1", 0), late = order_at("2", 10), last = order_at("3", 20);
    map("SKU-1", "OLD", R"(,"valid_to":"2026-11-25T00:00:00Z")");
    map("SKU-1", "NEW", R"(,"valid_from":"2026-11-20T00:00:00Z")", 409);
    map("SKU-1", "NEW",
        R"(,"valid_from":"2026-11-25T00:00:00Z","valid_to":"2026-12-05T00:00:00Z")");
    map("SKU-1", "NONE",
        R"(,"valid_from":"2026-12-06T00:00:00Z","valid_to":"2026-12-06T00:00:00Z")", 400);
    drain_jobs();
    const auto sku_of = [&](const std::string& id) {
        return get(*ctx_, "/orders/" + id).at("lines").as_array()[0].at("sku");
    };
    EXPECT_EQ(sku_of(early).as_string(), "OLD");
    EXPECT_EQ(sku_of(late).as_string(), "NEW");
    EXPECT_TRUE(sku_of(last).is_null());
    const auto newest = get(*ctx_, "/sku-mappings?q=new").at("items").as_array().at(0);
    post(*ctx_, "/skus", R"({"code":"OTHER","title":"Other"})", 201);
    post(*ctx_, "/sku-mappings/" + text_of(newest, "id") + "/change",
         R"({"sku_code":"OTHER","valid_from":"2026-11-28T00:00:00Z"})");
    drain_jobs();
    EXPECT_EQ(sku_of(late).as_string(), "OTHER");
    EXPECT_EQ(get(*ctx_, "/sku-mappings").at("items").as_array().size(), 3U);
}

TEST_F(OrdersPeople, many_orders_are_re_evaluated_in_batches) {
    std::vector<IncomingOrder> batch;
    for (int i = 0; i < 1000; ++i) batch.push_back(sample_order("M" + std::to_string(i), 2));
    ingest_batch(*ctx_, source(shop_), batch);
    for (IncomingOrder& order : batch) order.channel_order_id += "b";
    ingest_batch(*ctx_, source(shop_), batch);
    map("SKU-1", "ONE");
    map("SKU-2", "TWO");
    drain_jobs();
    EXPECT_EQ("0", sql("select count(*) from orders.order_line where sku_id is null and" +
                       of_tenant(*ctx_)));
    EXPECT_EQ("0", sql("select count(*) from orders.exception where state = 'open' and" +
                       of_tenant(*ctx_)));
    EXPECT_EQ("0",
              sql("select sum(exception_count) from orders.sales_order where" + of_tenant(*ctx_)));
}

TEST_F(OrdersPeople, files_may_bring_their_own_skus) {
    const std::vector<catalog::SellerSku> skus{{"SKU-1", "Lantern"},
                                               {"SKU-1", "again"},
                                               {"SKU-2", ""},
                                               {"", "no code"},
                                               {std::string(101, 'x'), "long"}};
    const auto ensure_all = [&]() -> std::int64_t {
        return run([&]() -> Awaitable<std::int64_t> {
            auto body = [&](pg::Transaction& tx) -> Awaitable<Result<std::int64_t>> {
                co_return co_await catalog::ensure_skus(*ctx_, tx, shop_, skus);
            };
            co_return (co_await ctx_->db().transaction(ctx_->tenant, body)).value();
        });
    };
    EXPECT_EQ(ensure_all(), 2);
    EXPECT_EQ(ensure_all(), 0);
    EXPECT_EQ(get(*ctx_, "/orders/" + add("1")).at("exception_count").as_int64(), 0);
    EXPECT_EQ(text_of(get(*ctx_, "/skus?q=sku-1").at("items").as_array().at(0), "title"),
              "Lantern");
}

TEST_F(OrdersPeople, suggestions_guess_by_code) {
    for (const char* code : {"AB-100", "CAP", "CUP-77"})
        post(*ctx_, "/skus", std::string(R"({"code":")") + code + R"(","title":"T"})", 201);
    IncomingOrder order = sample_order("1", 4);
    order.lines[0].seller_sku = "AB-100";
    order.lines[1].seller_sku = "ab100";
    order.lines[2].seller_sku = "CUP-77-FBA";
    order.lines[3].seller_sku = "CAPTAIN";
    // Cut by letters, not by bytes: half a letter is no text.
    IncomingOrder japanese = sample_order("2", 1);
    japanese.lines[0].seller_sku = "茶碗青い花瓶-小";
    ingest_batch(*ctx_, source(shop_), {order, japanese});
    const auto items =
        post(*ctx_, "/sku-mappings/suggest", R"({"shop_id":")" + shop_.text() + "\"}").at("items");
    std::string guesses;
    for (const auto& item : items.as_array())
        guesses += text_of(item, "seller_sku") + '=' + text_of(item, "reason") + ' ';
    EXPECT_EQ(guesses,
              "AB-100=same_code CAPTAIN=none CUP-77-FBA=same_start ab100=same_letters "
              "茶碗青い花瓶-小=none ");
}

TEST_F(OrdersPeople, views_are_read_as_the_list_reads_them) {
    const auto mine =
        post(*ctx_, "/orders/views",
             R"({"name":"open","filter":{"state":"pending,unshipped","sort":"ordered_at"}})", 201);
    EXPECT_EQ(text_of(mine.at("filter"), "state"), "pending,unshipped");
    post(*ctx_, "/orders/views", R"({"name":"open","filter":{}})", 409);
    for (const char* bad :
         {R"({"state":"lost"})", R"({"nothing":"1"})", R"({"sort":"x"})", R"({"limit":"5"})"})
        post(*ctx_, "/orders/views", std::string(R"({"name":"bad","filter":)") + bad + "}", 400);
    post(*ctx_, "/orders/views", R"({"name":"all","filter":{},"shared":true})", 201);
    Context second = as(*ctx_, {Permission::orders_read});
    const auto seen = get(second, "/orders/views").at("items").as_array();
    ASSERT_EQ(seen.size(), 1U);
    EXPECT_FALSE(seen[0].at("mine").as_bool());
    ask(second, Method::del, "/orders/views/" + text_of(seen[0], "id"), {}, 404);
    ask(*ctx_, Method::del, "/orders/views/" + text_of(mine, "id"), {}, 204);
}

TEST_F(OrdersPeople, exports_are_safe_whole_and_logged) {
    std::vector<IncomingOrder> batch;
    for (int i = 0; i < 1000; ++i) batch.push_back(sample_order("E" + std::to_string(i), 1));
    ingest_batch(*ctx_, source(shop_), batch);
    IncomingOrder evil = sample_order("=1+1", 2, noon + std::chrono::hours(1));
    evil.lines[0].title = "=HYPERLINK(\"http://x\",\"y\")";
    evil.lines[0].seller_sku = "@SUM(A1)";
    evil.lines[1].amounts.item = -5;
    evil.grand_total = 995;
    ingest_batch(*ctx_, source(shop_), {evil});
    const auto csv = call(*ctx_, Method::get, "/orders/export?format=csv");
    EXPECT_EQ(csv.status, 200);
    EXPECT_TRUE(csv.body.starts_with("\xEF\xBB\xBForder_number,shop,"));
    EXPECT_EQ(std::count(csv.body.begin(), csv.body.end(), '\n'), 1 + 1000 + 2);
    EXPECT_NE(csv.body.find("\n'=1+1,US,"), std::string::npos);
    EXPECT_NE(csv.body.find("'@SUM(A1)"), std::string::npos);
    EXPECT_NE(csv.body.find("\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\""), std::string::npos);
    EXPECT_NE(csv.body.find(",-0.05,"), std::string::npos) << "numbers stay numbers";
    const auto xlsx = call(*ctx_, Method::get, "/orders/export?format=xlsx&q=E99");
    EXPECT_TRUE(xlsx.body.starts_with("PK"));
    for (const auto& file : std::filesystem::directory_iterator(ctx_->services.data_dir))
        EXPECT_FALSE(file.path().filename().string().starts_with("export-")) << file.path();
    EXPECT_EQ("1001/1002 11/11", sql("select string_agg(detail->>'orders' || '/' || "
                                     "(detail->>'rows'), ' ' order by detail->>'rows') from "
                                     "platform.audit_entry where act = 'orders.exported' and" +
                                     of_tenant(*ctx_)));
    EXPECT_EQ("E99", sql("select detail->'filter'->>'q' from platform.audit_entry where act = "
                         "'orders.export_started' and detail->>'format' = 'xlsx' and" +
                         of_tenant(*ctx_)));
    get(*ctx_, "/orders/export?format=pdf", 400);
    get(*ctx_, "/orders/export?format=csv&sort=-updated_at", 400);
}

}  // namespace
}  // namespace entrepot::orders::test
