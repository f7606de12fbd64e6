// The fake's answers, and the fixture around it.
#include "channel/amazon/fake_amazon_test.hpp"

#include <boost/json.hpp>

#include "channel/amazon/order_report.hpp"
#include "channel/amazon/sync.hpp"

namespace entrepot::amazon {

EgressReply json_reply(std::string body, int status) {
    EgressReply reply;
    reply.status = status;
    reply.headers = {{"content-type", "application/json"},
                     {"x-amzn-requestid", "request-" + crypto::random_token(6)}};
    reply.body = std::move(body);
    return reply;
}

Awaitable<EgressReply> FakeAmazon::send(EgressRequest request) {
    sent.push_back(request);
    for (auto it = faults.begin(); it != faults.end(); ++it) {
        if (request.url.find(it->part) == std::string::npos) continue;
        const Fault fault = std::move(it->fault);
        faults.erase(it);
        if (auto reply = fault(request)) co_return std::move(*reply);
        break;
    }
    const auto slash = request.url.find('/', 8);
    const std::string target = request.url.substr(slash);
    const auto mark = target.find('?');
    const std::string path = target.substr(0, mark);
    const std::string query = mark == std::string::npos ? "" : target.substr(mark + 1);
    if (path == "/auth/o2/token") co_return token(request);
    if (path.starts_with("/document/")) {
        EgressReply file;
        file.status = 200;
        file.headers = {{"content-type", document_type}};
        file.body = document;
        co_return file;
    }
    std::string access, agent;
    for (const auto& [name, value] : request.headers) {
        if (name == "x-amz-access-token") access = value;
        if (name == "User-Agent") agent = value;
    }
    EXPECT_FALSE(agent.empty());
    if (std::find(valid_tokens.begin(), valid_tokens.end(), access) == valid_tokens.end())
        co_return json_reply(R"({"errors":[{"code":"Unauthorized","message":"Access denied"}]})",
                             403);
    if (path == "/sellers/v1/marketplaceParticipations")
        co_return json_reply(R"({"payload":[
            {"marketplace":{"id":"ATVPDKIKX0DER","countryCode":"US","name":"Amazon.com",
                "defaultCurrencyCode":"USD","domainName":"www.amazon.com"},
                "participation":{"isParticipating":true}},
            {"marketplace":{"id":"A3SIM","countryCode":"US","name":"Non-Amazon US",
                "domainName":"siprod.example"},"participation":{"isParticipating":true}}]})");
    if (path == "/orders/2026-01-01/orders") co_return page(query);
    if (path.starts_with("/orders/2026-01-01/orders/")) {
        const auto found = orders.find(path.substr(26));
        if (found == orders.end())
            co_return json_reply(R"({"errors":[{"code":"NotFound","message":"no"}]})", 404);
        co_return json_reply(R"({"order":)" + found->second.json + "}");
    }
    if (path.starts_with("/orders/v0/orders/")) co_return confirm(request);
    co_return report(request, path);
}

EgressReply FakeAmazon::confirm(const EgressRequest& request) {
    const auto from = request.url.find("/orders/v0/orders/") + 18;
    const std::string id = request.url.substr(from, request.url.find('/', from) - from);
    const auto found = orders.find(id);
    if (found == orders.end())
        return json_reply(R"({"errors":[{"code":"NotFound","message":"no"}]})", 404);
    const auto detail = boost::json::parse(request.body).at("packageDetail");
    confirmed[id + '/' + std::string(detail.at("packageReferenceId").as_string())] = request.body;
    auto order = boost::json::parse(found->second.json);
    boost::json::array packages;
    for (const auto& [key, body] : confirmed) {
        if (!key.starts_with(id + '/')) continue;
        const auto one = boost::json::parse(body).at("packageDetail");
        packages.push_back({{"packageReferenceId", one.at("packageReferenceId")},
                            {"packageStatus", {{"status", "IN_TRANSIT"}}},
                            {"carrier", one.at("carrierCode")},
                            {"shipTime", one.at("shipDate")},
                            {"trackingNumber", one.at("trackingNumber")}});
    }
    order.as_object()["packages"] = packages;
    order.at("fulfillment").as_object()["fulfillmentStatus"] = "SHIPPED";
    found->second.updated += std::chrono::seconds(1);
    order.as_object()["lastUpdatedTime"] = format_instant(found->second.updated);
    auto& item = order.at("orderItems").at(0).as_object();
    item["fulfillment"] = {{"quantityFulfilled", item.at("quantityOrdered")}};
    found->second.json = boost::json::serialize(order);
    return EgressReply{204, {{"x-amzn-requestid", "request-1"}}, {}};
}

EgressReply FakeAmazon::token(const EgressRequest&) {
    valid_tokens.push_back("Atza|" + std::to_string(++serial) + crypto::random_token(6));
    return json_reply(R"({"access_token":")" + valid_tokens.back() +
                      R"(","token_type":"bearer","expires_in":)" + std::to_string(token_life_s) +
                      "}");
}

EgressReply FakeAmazon::page(const std::string& query) {
    Place place{query, visible_until, {}};
    const auto at = query.find("&paginationToken=");
    if (at != std::string::npos) {
        const auto given = text::percent_decode(query.substr(at + 17));
        const auto known = pages.find(given.value_or(""));
        if (known == pages.end() || known->second.query != query.substr(0, at))
            return json_reply(R"({"errors":[{"code":"InvalidInput","message":"bad token"}]})", 400);
        place = known->second;
    }
    const bool by_creation = place.query.find("createdAfter=") != std::string::npos;
    const auto from = place.query.find('=') + 1;
    const auto lower = parse_instant(
        *text::percent_decode(place.query.substr(from, place.query.find('&') - from)));
    std::map<std::pair<Instant, std::string>, const Order*> found;
    for (const auto& [id, order] : orders) {
        const std::pair<Instant, std::string> key{order.updated, id};
        const bool inside = order.updated >= *lower && order.updated < place.until;
        if ((by_creation || inside) && key > place.after) found[key] = &order;
    }
    std::string body = R"({"orders":[)";
    std::size_t shown = 0;
    for (const auto& [key, order] : found) {
        if (shown == page_size) break;
        body += (shown++ == 0 ? "" : ",") + order->json;
        place.after = key;
    }
    body += "]";
    if (shown < found.size()) {
        const std::string next = "t+/=" + std::to_string(++serial);
        pages[next] = place;
        body += R"(,"pagination":{"nextToken":")" + next + "\"}";
    }
    return json_reply(body + R"(,"lastUpdatedBefore":")" + format_instant(place.until) + "\"}");
}

EgressReply FakeAmazon::report(const EgressRequest& request, const std::string& path) {
    if (path == "/reports/2021-06-30/reports" && request.method == "POST") {
        created_reports.push_back(request.body);
        return json_reply(R"({"reportId":"R)" + std::to_string(created_reports.size()) + "\"}",
                          202);
    }
    if (path == "/reports/2021-06-30/reports") {
        std::string list;
        for (std::size_t i = 0; i < created_reports.size(); ++i) {
            std::string entry = created_reports[i];
            entry.insert(
                1, R"("reportId":"R)" + std::to_string(i + 1) +
                       R"(","createdTime":"2026-11-22T09:00:00Z","processingStatus":"IN_QUEUE",)");
            list += (i == 0 ? "" : ",") + entry;
        }
        return json_reply(R"({"reports":[)" + list + "]}");
    }
    if (reports_gone > 0) {
        --reports_gone;
        return json_reply(R"({"errors":[{"code":"NotFound","message":"no such report"}]})", 404);
    }
    if (path.starts_with("/reports/2021-06-30/documents/"))
        return json_reply(R"({"reportDocumentId":"D1","url":")" +
                          request.url.substr(0, request.url.find('/', 8)) +
                          R"(/document/1?X-Amz-Signature=CANARY","compressionAlgorithm":"GZIP"})");
    if (reports_other > 0) {
        --reports_other;
        return json_reply(R"({"reportId":"R1","reportType":"X","processingStatus":"DONE",
            "createdTime":"2026-11-22T09:00:00Z","dataStartTime":"2020-01-01T00:00:00Z",
            "dataEndTime":"2020-01-31T00:00:00Z","reportDocumentId":"D1"})");
    }
    const std::string state = report_states.front();
    if (report_states.size() > 1) report_states.pop_front();
    return json_reply(
        R"({"reportId":"R1","reportType":"X","createdTime":"2026-11-22T09:00:00Z",
                "processingStatus":")" +
        state + "\"" + (state == "DONE" ? R"(,"reportDocumentId":"D1")" : "") + "}");
}

void FakeAmazon::put(const std::string& id, Instant updated, std::int64_t cents,
                     const std::string& status) {
    const Money money{cents, *Currency::parse("USD")};
    const std::string amount = R"({"amount":")" + money.amount() + R"(","currencyCode":"USD"})";
    orders[id] = {updated,
                  R"({"orderId":")" + id +
                      R"(","createdTime":"2026-11-20T10:00:00Z","lastUpdatedTime":")" +
                      format_instant(updated) +
                      R"(","salesChannel":{"channelName":"AMAZON","marketplaceId":"ATVPDKIKX0DER"},
                "fulfillment":{"fulfillmentStatus":")" +
                      status + R"(","fulfilledBy":"MERCHANT"},"proceeds":{"grandTotal":)" + amount +
                      R"(},"orderItems":[{"orderItemId":"1","quantityOrdered":1,
                "product":{"sellerSku":"SKU-1","title":"Cup"},
                "proceeds":{"breakdowns":[{"type":"ITEM","subtotal":)" +
                      amount + "}]}}]" + extra_members + "}"};
}

void FakeAmazon::next_status(const std::string& part, int status, const std::string& body) {
    next(part, [=](const EgressRequest&) { return json_reply(body, status); });
}

void FakeAmazon::next_failure(const std::string& part, EgressFailure kind) {
    next(part, [=](const EgressRequest&) -> std::optional<EgressReply> {
        throw EgressError(kind, "localhost: broken on purpose");
    });
}

std::size_t FakeAmazon::calls(const std::string& part) const {
    return static_cast<std::size_t>(std::count_if(
        sent.begin(), sent.end(),
        [&](const auto& request) { return request.url.find(part) != std::string::npos; }));
}

AmazonTest::AmazonTest() : ctx(tenant_context()) {
    amazon.visible_until = clock().now() - std::chrono::minutes(2);
}

Link AmazonTest::link() {
    return Link{ctx, amazon,
                [this](std::chrono::microseconds wait) -> Awaitable<void> {
                    clock().advance(wait);
                    co_return;
                },
                [this](std::string_view name) { on_step(name); }};
}

ShopId AmazonTest::connect(const std::string& name) {
    const ConnectShop wish{name,     RegionName::NA, "amzn1.application-oa2-client.test",
                           "secret", refresh_token,  "https://localhost:1"};
    Link wire = link();
    const auto shop = run([&] { return connect_shop(wire, wish); });
    EXPECT_TRUE(shop.has_value()) << (shop.has_error() ? shop.error().detail : "");
    return shop.has_value() ? shop->id : ShopId{};
}

std::optional<Instant> AmazonTest::sync_once(ShopId shop) {
    Link wire = link();
    return run([&] { return sync_shop(wire, shop); });
}

void AmazonTest::advance(std::chrono::microseconds by) {
    clock().advance(by);
    amazon.visible_until = clock().now() - std::chrono::minutes(2);
}

void AmazonTest::sync_until_done(ShopId shop) {
    for (int turn = 0; turn < 100; ++turn) {
        const auto good = health(shop).last_good_at;
        const auto next = sync_once(shop);
        ASSERT_TRUE(next);
        if (health(shop).last_good_at != good) return;
        if (*next > clock().now()) clock().set(*next);
    }
    ADD_FAILURE() << "the sync does not come to its end";
}

SyncHealth AmazonTest::health(ShopId shop) {
    const ShopRef which{shop};
    const auto out = run([&] { return sync_health(ctx, which); });
    if (out.has_error()) throw std::runtime_error("no health: " + out.error().detail);
    return *out;
}

std::string AmazonTest::stored(ShopId shop) {
    return sql(
        "select coalesce(string_agg(channel_order_id || ':' || grand_total_minor, ',' order by "
        "channel_order_id), '') from orders.sales_order where shop_id = '" +
        shop.text() + "'");
}

std::string AmazonTest::expected() const {
    std::string out;
    for (const auto& [id, order] : amazon.orders) {
        const auto at = order.json.find(R"("amount":")") + 10;
        std::string cents = order.json.substr(at, order.json.find('"', at) - at);
        cents.erase(cents.find('.'), 1);
        cents.erase(0, std::min(cents.find_first_not_of('0'), cents.size() - 1));
        out += (out.empty() ? "" : ",") + id + ':' + cents;
    }
    return out;
}

void AmazonTest::expect_same(ShopId shop) const {
    const std::string there = expected(), here = stored(shop);
    const auto at = static_cast<std::size_t>(
        std::mismatch(there.begin(), there.end(), here.begin(), here.end()).first - there.begin());
    const std::size_t from = at < 40 ? 0 : at - 40;
    EXPECT_TRUE(there == here) << "there: …" << there.substr(std::min(from, there.size()), 120)
                               << "\nhere:  …" << here.substr(std::min(from, here.size()), 120);
}

std::string AmazonTest::tables_with(const std::string& text) {
    return sql(R"(select coalesce(string_agg(t, ','), '') from (
        select format('%I.%I', schemaname, tablename) t from pg_tables
        where schemaname in ('amazon', 'orders', 'platform', 'shops', 'catalog', 'insight')) x
        where query_to_xml(format('select 1 from %s r where r::text like ''%%)" +
               text + R"(%%'' limit 1', t), true, false, '')::text like '%<row%')");
}

void AmazonTest::fill(int count) {
    for (int i = 0; i < count; ++i) {
        char id[16];
        std::snprintf(id, sizeof id, "114-%05d", i);
        amazon.put(id, clock().now() - std::chrono::hours(3) + std::chrono::seconds(i), 1000 + i);
    }
}

}  // namespace entrepot::amazon
