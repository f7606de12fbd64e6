// A tenant whose orders have buyers, sealed with the real keyd, and the requests of those buyers.
#pragma once

#include "modules/orders/sample_test.hpp"
#include "modules/rights/rules.hpp"
#include "vault/vault.hpp"

namespace entrepot::rights {
using http::Method;
namespace json = boost::json;

class Rights : public orders::test::OrdersTest {
protected:
    void SetUp() override {
        ctx_.emplace(tenant_context());
        shop_ = make_shop(*ctx_, "Shop");
    }
    std::string add(const std::string& number, std::optional<ShopId> shop = {}) {
        ingest_batch(*ctx_, source(shop.value_or(shop_)), {orders::test::sample_order(number, 1)});
        return id_of(*ctx_, number);
    }
    /// An order whose buyer's data is held.
    std::string add_held(const std::string& number, const std::string& name,
                         const std::string& email, std::optional<ShopId> shop = {}) {
        std::string order = add(number, shop);
        const std::string wire = R"({"n":")" + name + R"(","e":")" + email +
                                 R"(","a":"9 Heronwharf","t":"+44 113 496 0077"})";
        const auto stored = run([&]() -> Awaitable<Result<bool>> {
            auto draft = vault::harvest(crypto::secret_bytes(wire),
                                        {{"/n", vault::Field::recipient_name, {}},
                                         {"/e", vault::Field::buyer_email, {}},
                                         {"/a", vault::Field::address_line1, {}},
                                         {"/t", vault::Field::phone, {}}});
            vault::Subject subject{*OrderId::parse(order), shop.value_or(shop_), "amazon", {}};
            CO_TRY(const vault::Sealed sealed,
                   co_await vault::seal(*ctx_, std::move(subject), std::move(*draft)));
            auto body = [&](pg::Transaction& tx) -> Awaitable<Result<bool>> {
                co_await orders::note_pii_state(tx, *OrderId::parse(order), "held");
                co_return co_await vault::keep(tx, *ctx_, sealed);
            };
            co_return co_await ctx_->db().transaction(ctx_->tenant, body);
        });
        EXPECT_TRUE(stored.has_value() && *stored);
        return order;
    }
    json::value search(Context& who, const std::string& field, const std::string& value,
                       int status = 200) {
        return post(who, "/buyers/search",
                    R"({"field":")" + field + R"(","value":")" + value + R"(","reason":"erasure"})",
                    status);
    }
    json::value search(const std::string& field, const std::string& value) {
        return search(*ctx_, field, value);
    }
    static std::set<std::string> found_in(const json::value& answer) {
        std::set<std::string> out;
        for (const auto& item : answer.at("items").as_array())
            out.insert(text_of(item, "order_id"));
        return out;
    }
    static std::string body_of(const std::string& kind, const std::vector<std::string>& orders) {
        std::string ids;
        for (const std::string& id : orders) ids += (ids.empty() ? "\"" : ",\"") + id + '"';
        return R"({"kind":")" + kind + R"(","arrived_by":"email","order_ids":[)" + ids + "]}";
    }
    std::string enter(const std::string& kind, const std::vector<std::string>& orders) {
        return text_of(post(*ctx_, "/rights/requests", body_of(kind, orders), 201), "id");
    }
    /// A request of a buyer who has written through the marketplace.
    std::string open(const std::string& kind, const std::vector<std::string>& orders) {
        const std::string id = enter(kind, orders);
        if (!orders.empty()) act(id, "verify", by_message);
        return id;
    }
    static constexpr auto by_message = R"({"how":"channel_message"})";
    json::value act(const std::string& id, const std::string& what, const std::string& body = "{}",
                    int status = 200) {
        return post(*ctx_, "/rights/requests/" + id + "/" + what, body, status);
    }
    json::value shown(const std::string& id) { return get(*ctx_, "/rights/requests/" + id); }
    static std::string outcome(const json::value& request, const std::string& order) {
        for (const auto& each : request.at("orders").as_array())
            if (text_of(each, "order_id") == order) return text_of(each, "outcome");
        return "not there";
    }
    /// What who opens it for the buyer's copy gets: the code of the refusal, or "shown".
    std::string reveal(const std::string& order,
                       vault::Reason reason = vault::Reason::rights_request) {
        const auto revealed = run(
            [&] { return vault::reveal(*ctx_, {*OrderId::parse(order), reason, "case", "1"}); });
        return revealed ? "shown" : std::string(revealed.error().code.name);
    }
    std::string pii_state(const std::string& order) {
        return sql("select pii_state from orders.sales_order where id = '" + order + "'");
    }
    std::string audited(const std::string& act, const std::string& result = "done") {
        return sql("select count(*) from platform.audit_entry where act = '" + act +
                   "' and result = '" + result + "' and" + of_tenant(*ctx_));
    }
    /// Rows of any table, of the server's and of keyd's database, in which the text stands.
    static std::string rows_with(const std::string& text) {
        return sql(
            "select coalesce(sum((xpath('/row/n/text()', query_to_xml(format("
            "'select count(*) as n from %s t where t::text ilike %L', c.oid::regclass, '%" +
            text +
            "%'), false, true, '')))[1]::text::bigint), 0) from pg_class c join "
            "pg_namespace n on n.oid = c.relnamespace where c.relkind = 'r' and "
            "n.nspname not like 'pg\\_%' and n.nspname <> 'information_schema'");
    }
    /// Files under the server's directory (tables, log of the database, WAL) that have the text.
    static std::string files_with(const std::string& text) {
        sql("checkpoint");
        const std::string command =
            "grep -rlai '" + text + "' " + entrepot::test::Environment::get().dir() + " | wc -l";
        std::FILE* pipe = popen(command.c_str(), "r");
        char answer[16] = {};
        EXPECT_NE(fgets(answer, sizeof answer, pipe), nullptr);
        pclose(pipe);
        return std::to_string(std::stoi(answer));
    }
    std::optional<Context> ctx_;
    ShopId shop_;
};

}  // namespace entrepot::rights
