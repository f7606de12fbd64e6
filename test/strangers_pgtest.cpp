// A tenant full of everything, and a stranger with every permission in another tenant: whatever id
// the stranger names on whatever route, the answer is that of an id that never was. Routes and
// tables are found, not listed, so that a new module is tested by existing.
#include <boost/json.hpp>
#include <fstream>

#include "channel/amazon/fake_amazon_test.hpp"
#include "modules/account/account.hpp"
#include "support/route_samples.hpp"

namespace entrepot::test {
namespace {
using http::Method;
namespace json = boost::json;

int serial = 0;  // one account an e-mail, over all tests
const std::string seed = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";

class Strangers : public amazon::AmazonTest {
protected:
    static const std::vector<const http::Route*>& all() {
        static const std::vector<const http::Route*> routes = [] {
            std::vector<const http::Route*> out;
            for (const Module& module : Environment::get().instance().modules())
                for (const http::Route& route : module.routes) out.push_back(&route);
            return out;
        }();
        return routes;
    }

    /// A company with an owner; `who` becomes that owner, with every permission.
    account::NewAccount company(Context& who, const std::string& name) {
        const std::string email =
            name + std::to_string(++serial) + std::to_string(::getpid()) + "@strangers.example";
        account::NewTenant tenant;
        tenant.legal_name = name;
        tenant.country = "GB";
        tenant.registration_number = "01234567";
        tenant.registered_address = "1 Quay Street";
        tenant.billing_email = email;
        tenant.contact = {"Olga Tarn", "CEO", email, "+44 20 7946 0000"};
        tenant.book_currency = "GBP";
        tenant.time_zone = "UTC";
        tenant.language = "en";
        const account::NewUser owner{email, "Olga Tarn", "rT7;vQ2_kW9x", "en", seed};
        const auto made =
            run([&] { return account::create_tenant_with_owner(services(), tenant, owner); });
        EXPECT_TRUE(made.has_value());
        who.tenant = made->tenant;
        who.actor.id = made->user.value;
        who.session = crypto::new_id<SessionId>(clock().now());
        email_ = email;
        return *made;
    }

    json::value good(Context& who, Method method, const std::string& target,
                     const std::string& body = {}) {
        const auto response = call(who, method, target, body);
        EXPECT_LT(response.status, 300) << target << ' ' << response.body;
        return response.status < 300 && !response.body.empty() ? json::parse(response.body)
                                                               : json::value();
    }
    static std::string id_in(const json::value& value, const char* member = "id") {
        return std::string(value.at(member).as_string());
    }

    /// At least one row in every table that a route shows or changes.
    void fill_up(Context& owner) {
        good(owner, Method::post, "/users/invitations",
             R"({"email":"guest@strangers.example","name":"G","roles":[{"role":"buyer"}]})");
        good(owner, Method::post, "/sign-in",
             R"({"email":")" + email_ + R"(","password":"rT7;vQ2_kW9x"})");
        const account::NewUser second{"b" + email_, "Ben Ray", "rT7;vQ2_kW9x", "en", seed};
        const std::vector<account::RoleGrant> roles{{"buyer", std::nullopt}};
        (void)run([&] { return account::add_user(services(), owner.tenant, second, roles); });
        good(owner, Method::post, "/api-keys", R"({"name":"k","permissions":["orders.read"]})");
        fill(3);
        sync_until_done(connect());
        drain_jobs();
        const std::string order = sql("select id from orders.sales_order where tenant_id = '" +
                                      owner.tenant.text() + "' limit 1");
        good(owner, Method::post, "/shipments/release",
             R"({"items":[{"order_id":")" + order + "\"}]}");
        good(owner, Method::post, "/rights/requests",
             R"({"kind":"erasure","arrived_by":"email","order_ids":[")" + order + "\"]}");
        good(owner, Method::post, "/orders/" + order + "/tags", R"({"add":["x"]})");
        good(owner, Method::post, "/orders/" + order + "/notes", R"({"text":"x"})");
        good(owner, Method::post, "/orders/" + order + "/hold", R"({"reason":"x"})");
        good(owner, Method::post, "/orders/views",
             R"({"name":"x","filter":{"state":"unshipped"}})");
        const std::string store =
            id_in(good(owner, Method::post, "/shops/file",
                       R"({"name":"Store","country":"GB","currency":"GBP","time_zone":"UTC"})"));
        good(owner, Method::post, "/sku-mappings",
             R"({"shop_id":")" + store +
                 R"(","seller_sku":"A","sku_code":"A-1","create_sku":true})");
        upload(owner, store);
        sql("insert into platform.job (tenant_id, id, kind, payload, state, run_at, attempts, "
            "last_error, created_at) values ('" +
            owner.tenant.text() + "', '" + crypto::new_uuid(clock().now()).text() +
            "', 'amazon.purge', '{}', 'quarantined', now(), 9, 'x', now())");
        const std::string hold = crypto::new_uuid(clock().now()).text();
        sql("insert into holds.legal_hold (tenant_id, id, reason, reference, ends_at, placed_at, "
            "placed_by) values ('" +
            owner.tenant.text() + "', '" + hold + "', 'court', 'x', '2030-01-01Z', now(), '" +
            owner.actor.id.text() + "')");
        sql("insert into holds.ask (tenant_id, hold_id, id, act, why, asked_by, asked_at) values "
            "('" +
            owner.tenant.text() + "', '" + hold + "', '" + crypto::new_uuid(clock().now()).text() +
            "', 'open', 'x', '" + owner.actor.id.text() + "', now())");
        sql("insert into compliance.incident (tenant_id, id, kind, state, subject_kind, "
            "subject_id, "
            "what, opened_at, last_at, alarms, audit_ids) values ('" +
            owner.tenant.text() + "', '" + crypto::new_uuid(clock().now()).text() +
            "', 'reading', 'open', 'tenant', '" + owner.tenant.text() +
            "', 'tenant_over_budget', now(), now(), 1, '{}')");
    }
    void upload(Context& owner, const std::string& shop) {
        const std::string file = Environment::get().dir() + "/upload-stranger";
        std::ofstream(file) << "order,date,sku,qty,price\n1,2026-01-05,A,1,1\n";
        http::Request request;
        request.method = Method::post;
        request.path = std::string(api::prefix) + "/imports";
        request.query_values = {{"shop_id", shop}, {"file_name", "a.csv"}};
        request.body_file = file;
        request.headers = {{"authorization", "Bearer test"}, {"content-type", "text/csv"}};
        Environment::get().acting = &owner;
        const auto response =
            run([&] { return Environment::get().dispatcher().dispatch(request); });
        EXPECT_EQ(response.status, 201) << response.body;
    }

    /// Tables with rows of tenants, and of each that has an id one of `tenant`'s.
    static std::vector<std::string> tables() {
        return lines(sql(
            "select string_agg(c.oid::regclass::text, chr(10) order by c.oid::regclass::text) "
            "from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on "
            "a.attrelid = c.oid and a.attname = 'tenant_id' where c.relkind in ('r', 'p') and "
            "n.nspname not like 'pg\\_%' and n.nspname <> 'information_schema'"));
    }
    static std::map<std::string, std::string> ids_of(TenantId tenant) {
        std::map<std::string, std::string> out;
        for (const std::string& table : tables()) {
            const auto dot = table.find('.');
            if (sql("select count(*) from pg_attribute where attrelid = '" + table +
                    "'::regclass and attname = 'id' and atttypid = 'uuid'::regtype") == "0")
                continue;
            // A session of the stranger's own kind, a job that waits for a person, and so on: the
            // newest row is the one that was made for this test.
            const std::string id =
                sql("select coalesce((select id::text from " + table + " where tenant_id = '" +
                    tenant.text() + "' order by " +
                    (table == "platform.job" ? "state = 'quarantined' desc, " : "") +
                    "id desc limit 1), '')");
            if (!id.empty()) out.emplace(table.substr(0, dot) + table.substr(dot), id);
        }
        return out;
    }
    /// One sum over every row that the tenant has anywhere.
    static std::string print_of(TenantId tenant) {
        std::string out;
        for (const std::string& table : tables())
            out += table + ' ' +
                   sql("select count(*) || ' ' || coalesce(md5(string_agg(t::text, '' order by "
                       "t::text)), '') from " +
                       table + " t where tenant_id = '" + tenant.text() + "'") +
                   '\n';
        return out;
    }
    static std::vector<std::string> lines(const std::string& text) {
        std::vector<std::string> out;
        for (std::size_t at = 0; at < text.size();) {
            const std::size_t end = std::min(text.find('\n', at), text.size());
            out.push_back(text.substr(at, end - at));
            at = end + 1;
        }
        return out;
    }

    /// Status, headers and body without what differs between any two requests.
    static std::string bytes_of(http::Response response, const std::string& id = {}) {
        const auto blank = [](std::string& text, const std::string& part, const std::string& by) {
            if (part.empty()) return;
            for (auto at = text.find(part); at != std::string::npos; at = text.find(part))
                text.replace(at, part.size(), by);
        };
        std::string out = std::to_string(response.status) + ' ' + response.content_type;
        std::string request_id;
        for (const auto& [name, value] : response.headers) {
            if (name == "x-request-id") request_id = value;
            out += '\n' + name + ": " + value;
        }
        out += "\n\n" + response.body;
        blank(out, request_id, "REQUEST");
        blank(out, id, "ID");
        return out;
    }

    static bool has_id(const http::Route& route) {
        return route.path.find("{id}") != std::string_view::npos;
    }
    http::Response ask(Context& who, const http::Route& route, const Sample& sample,
                       const std::string& path_id) {
        return call(who, route.method, path_with(route, path_id), sample.body(route));
    }
    static bool listens(const http::Route& route) {
        return !route.upload && route.gate != http::Gate::open;
    }

    std::string email_;
};

TEST_F(Strangers, ids_of_another_tenant_answer_on_every_route_like_ids_that_never_were) {
    Context stranger = ctx;
    company(stranger, "Stranger");
    company(ctx, "Owner");
    fill_up(ctx);
    const auto ids = ids_of(ctx.tenant);
    EXPECT_GE(ids.size(), 12U);
    const std::string before = print_of(ctx.tenant);
    const std::string never = crypto::new_uuid(clock().now()).text();
    Sample sample;
    sample.id = never;
    std::size_t asked = 0;
    for (const http::Route* route : all()) {
        if (!listens(*route) || !has_id(*route)) continue;
        const std::string nobodys = bytes_of(ask(stranger, *route, sample, never));
        EXPECT_EQ(nobodys.substr(0, 1), "4") << name_of(*route);
        for (const auto& [table, id] : ids) {
            ++asked;
            EXPECT_EQ(bytes_of(ask(stranger, *route, sample, id)), nobodys)
                << name_of(*route) << " with an id of " << table;
        }
    }
    EXPECT_GT(asked, 300U);
    EXPECT_EQ(print_of(ctx.tenant), before) << "something of the owner's was changed";
    // The comparison means something only where the owner, with the same request, is answered
    // otherwise than with an id that never was.
    for (const http::Route* route : all()) {
        if (!listens(*route) || !has_id(*route)) continue;
        const std::string nobodys = bytes_of(ask(ctx, *route, sample, never));
        const bool reached = std::any_of(ids.begin(), ids.end(), [&](const auto& each) {
            return bytes_of(ask(ctx, *route, sample, each.second)) != nobodys;
        });
        EXPECT_TRUE(reached) << name_of(*route) << " is never reached: " << nobodys << '\n'
                             << sample.body(*route);
    }
}

TEST_F(Strangers, ids_of_another_tenant_in_bodies_and_queries_are_ids_that_never_were) {
    Context stranger = ctx;
    company(stranger, "Stranger");
    company(ctx, "Owner");
    fill_up(ctx);
    const auto ids = ids_of(ctx.tenant);
    const std::string before = print_of(ctx.tenant);
    const std::string never = crypto::new_uuid(clock().now()).text();
    std::size_t asked = 0;
    for (const http::Route* route : all()) {
        if (!listens(*route) || !Sample::asks_for_id(*route)) continue;
        const auto with = [&](const std::string& id) {
            Sample sample;
            sample.id = id;
            // What makes something must not meet what an earlier turn made.
            sample.text = [&](std::string_view member) {
                const bool name = member == "email" || member == "code" || member == "name";
                return (name ? std::to_string(asked) : std::string()) + good_text(member);
            };
            std::string target = path_with(*route, never);
            if (!takes_body(*route)) {
                const auto schema = json::parse(Sample::schema_text(*route));
                char mark = '?';
                for (const auto& member : schema.at("properties").as_object())
                    if (json::serialize(member.value()).find("\"uuid\"") != std::string::npos) {
                        target += mark + std::string(member.key()) + '=' + id;
                        mark = '&';
                    }
            }
            return bytes_of(call(stranger, route->method, target, sample.body(*route)), id);
        };
        const std::string nobodys = with(never);
        for (const auto& [table, id] : ids) {
            ++asked;
            const std::string theirs = with(id);
            // What was made has an id and secrets of its own.
            const std::size_t compared = nobodys[0] == '2' ? 3 : std::string::npos;
            EXPECT_EQ(theirs.substr(0, compared), nobodys.substr(0, compared))
                << name_of(*route) << " with an id of " << table;
        }
    }
    EXPECT_GT(asked, 100U);
    EXPECT_EQ(print_of(ctx.tenant), before) << "something of the owner's was changed";
}

/// Texts that mean something to SQL, to browsers, to spreadsheets, to logs, to file systems.
const std::vector<std::string>& hostile_texts() {
    static const std::vector<std::string> texts{"x' or '1'='1",
                                                "x'; drop table orders.sales_order; --",
                                                "x\"); delete from account.user_account; --",
                                                "$1::text || $2",
                                                "%",
                                                "_",
                                                "<script>alert(1)</script>",
                                                "\"><img src=x onerror=alert(1)>",
                                                "=HYPERLINK(\"http://x\",\"y\")",
                                                "line\r\nx-injected: 1",
                                                "../../../../etc/passwd",
                                                "\xE2\x80\xAEgnp.exe",
                                                std::string(5000, 'a')};
    return texts;
}

TEST_F(Strangers, sql_and_html_in_every_text_of_every_body_harm_nobody) {
    Context stranger = ctx;
    company(stranger, "Stranger");
    company(ctx, "Owner");
    fill_up(ctx);
    const std::string before = print_of(ctx.tenant);
    const auto own = ids_of(ctx.tenant);
    Sample harmless;
    harmless.id = crypto::new_uuid(clock().now()).text();
    for (const http::Route* route : all()) {
        if (!takes_body(*route) || route->upload || route->input_schema == nullptr) continue;
        std::vector<std::string> members;
        Sample looking = harmless;
        looking.text = [&](std::string_view member) {
            members.emplace_back(member);
            return good_text(member);
        };
        (void)looking.body(*route);
        for (const std::string& bad : members)
            for (const std::string& text : hostile_texts()) {
                // Each try costs a password's hash here.
                if (route->gate == http::Gate::open && text[0] != 'x' && text[0] != '<') continue;
                Sample sample = harmless;
                sample.text = [&](std::string_view member) {
                    return member == bad ? text : good_text(member);
                };
                const auto response = call(stranger, route->method, path_with(*route, harmless.id),
                                           sample.body(*route));
                EXPECT_LT(response.status, 500)
                    << name_of(*route) << ' ' << bad << ' ' << text << ' ' << response.body;
                EXPECT_EQ(response.body.find("<script>"), std::string::npos) << name_of(*route);
                for (const auto& [name, value] : response.headers) {
                    EXPECT_NE(name, "x-injected");
                    EXPECT_EQ(value.find_first_of("\r\n"), std::string::npos) << name;
                }
            }
    }
    EXPECT_EQ(print_of(ctx.tenant), before) << "another tenant's rows were changed";
}

TEST_F(Strangers, sql_in_every_query_parameter_selects_what_any_unknown_text_selects) {
    company(ctx, "Owner");
    fill_up(ctx);
    const std::string never = crypto::new_uuid(clock().now()).text();
    const auto rows_of = [](const http::Response& response) -> std::size_t {
        if (response.status != 200 || !response.body.starts_with("{")) return 0;
        std::size_t rows = 0;
        const json::value body = json::parse(response.body);
        for (const auto& member : body.as_object())
            if (member.value().is_array()) rows += member.value().as_array().size();
        return rows;
    };
    std::size_t compared = 0;
    for (const http::Route* route : all()) {
        if (route->method != Method::get || route->input_schema == nullptr) continue;
        const auto schema = json::parse(Sample::schema_text(*route));
        for (const auto& member : schema.at("properties").as_object()) {
            const std::string name(member.key());
            const auto with = [&](const std::string& text) {
                return call(
                    ctx, Method::get,
                    path_with(*route, never) + '?' + name + '=' + text::percent_encode(text));
            };
            const auto neutral = with("nothing-has-this-text");
            for (const std::string& text : hostile_texts()) {
                const auto answer = with(text);
                EXPECT_LT(answer.status, 500) << name_of(*route) << ' ' << name << ' ' << text;
                if (answer.status != 200 || neutral.status != 200) continue;
                ++compared;
                EXPECT_EQ(rows_of(answer), rows_of(neutral))
                    << name_of(*route) << ' ' << name << '=' << text << ' ' << answer.body;
            }
        }
    }
    EXPECT_GT(compared, 100U);
}

}  // namespace
}  // namespace entrepot::test
