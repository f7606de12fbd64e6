// Reports: their life, the presigned link, and the bytes in each marketplace's charset.
#include <gtest/gtest.h>
#include <unicode/ucnv.h>
#include <zlib.h>

#include <algorithm>
#include <map>

#include "sim/test_rig.hpp"

namespace entrepot::sim::test {
namespace {

namespace json = boost::json;

std::string gunzip(const std::string& bytes) {
    z_stream stream{};
    if (inflateInit2(&stream, 15 + 16) != Z_OK) throw std::runtime_error("zlib");
    std::string input = bytes, out, chunk(1U << 16U, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(input.data());
    stream.avail_in = static_cast<uInt>(input.size());
    int result = Z_OK;
    while (result == Z_OK) {
        stream.next_out = reinterpret_cast<Bytef*>(chunk.data());
        stream.avail_out = static_cast<uInt>(chunk.size());
        result = inflate(&stream, Z_NO_FLUSH);
        out.append(chunk, 0, chunk.size() - stream.avail_out);
    }
    inflateEnd(&stream);
    if (result != Z_STREAM_END) throw std::runtime_error("not gzip");
    return out;
}

std::string to_utf8(const std::string& bytes, const char* charset) {
    UErrorCode error = U_ZERO_ERROR;
    std::string out(bytes.size() * 4 + 16, '\0');
    const auto size =
        ucnv_convert("UTF-8", charset, out.data(), static_cast<std::int32_t>(out.size()),
                     bytes.data(), static_cast<std::int32_t>(bytes.size()), &error);
    if (U_FAILURE(error)) throw std::runtime_error("not convertible");
    out.resize(static_cast<std::size_t>(size));
    return out;
}

std::vector<std::string> split(const std::string& text, const std::string& by) {
    std::vector<std::string> parts;
    std::size_t from = 0;
    for (std::size_t at = text.find(by); at != std::string::npos; at = text.find(by, from)) {
        parts.push_back(text.substr(from, at - from));
        from = at + by.size();
    }
    parts.push_back(text.substr(from));
    return parts;
}

std::string create(Rig& rig, std::string_view shop, std::string_view kind = "BY_LAST_UPDATE",
                   std::string_view start = "2026-05-05T00:00:00Z") {
    const auto& market = marketplaces()[shops()[find_shop(shop)].marketplaces[0]];
    const json::value body{
        {"reportType", "GET_FLAT_FILE_ALL_ORDERS_DATA_" + std::string(kind) + "_GENERAL"},
        {"marketplaceIds", {market.id}},
        {"dataStartTime", start}};
    const Response response =
        rig.call("POST", "/reports/2021-06-30/reports", shop, json::serialize(body));
    if (response.status != 202) throw std::runtime_error(response.body);
    return text(json::parse(response.body), "reportId");
}

json::value report(Rig& rig, std::string_view shop, const std::string& id) {
    return json::parse(rig.get("/reports/2021-06-30/reports/" + id, shop).body);
}

std::string link_of(Rig& rig, std::string_view shop, const std::string& id) {
    const std::string document = text(report(rig, shop, id), "reportDocumentId");
    const json::value reply =
        json::parse(rig.get("/reports/2021-06-30/documents/" + document, shop).body);
    EXPECT_EQ(text(reply, "compressionAlgorithm"), "GZIP");
    const std::string url = text(reply, "url");
    EXPECT_TRUE(url.starts_with("https://sim.test/documents/"));
    return url.substr(std::string("https://sim.test").size());
}

Response download(Rig& rig, const std::string& link, Pairs headers = {}) {
    return rig.simulator.handle(make_request("GET", link, {}, std::move(headers)));
}

TEST(Reports, pass_through_queue_and_progress) {
    Rig rig;
    const std::string id = create(rig, "US");
    EXPECT_EQ(text(report(rig, "US", id), "processingStatus"), "IN_QUEUE");
    rig.wall += 1000;
    EXPECT_EQ(text(report(rig, "US", id), "processingStatus"), "IN_PROGRESS");
    EXPECT_EQ(rig.call("DELETE", "/reports/2021-06-30/reports/" + id).status, 400);
    rig.wall += 1000;
    EXPECT_EQ(text(report(rig, "US", id), "processingStatus"), "DONE");
    EXPECT_EQ(rig.get("/reports/2021-06-30/reports/" + id, "DE").status, 404)
        << "another seller's report";
    const std::string second = create(rig, "US");
    EXPECT_EQ(rig.call("DELETE", "/reports/2021-06-30/reports/" + second).status, 200);
    EXPECT_EQ(text(report(rig, "US", second), "processingStatus"), "CANCELLED");
    const std::string empty = create(rig, "US", "BY_ORDER_DATE", "2026-06-01T11:59:59Z");
    rig.wall += 3000;
    EXPECT_EQ(text(report(rig, "US", empty), "processingStatus"), "CANCELLED") << "no data";
    const std::string long_range = create(rig, "US", "BY_ORDER_DATE", "2026-01-01T00:00:00Z");
    rig.wall += 3000;
    EXPECT_EQ(text(report(rig, "US", long_range), "processingStatus"), "FATAL");
}

TEST(Reports, are_in_the_charset_of_the_marketplace) {
    const std::map<std::string, std::pair<std::string, const char*>> expected{
        {"US", {"UTF-8", "UTF-8"}},
        {"DE", {"windows-1252", "windows-1252"}},
        {"JP", {"Windows-31J", "windows-31j"}}};
    for (const auto& [shop, charset] : expected) {
        Rig rig;
        const std::string id = create(rig, shop);
        rig.wall += 2000;
        const Response file = download(rig, link_of(rig, shop, id));
        ASSERT_EQ(file.status, 200);
        EXPECT_EQ(file.content_type, "text/plain; charset=" + charset.first);
        const std::string raw = gunzip(file.body);
        if (shop != "US") {
            EXPECT_NE(raw, to_utf8(raw, charset.second)) << "the bytes must need decoding";
        }
        const auto lines = split(to_utf8(raw, charset.second), "\r\n");
        ASSERT_GT(lines.size(), 100U);
        EXPECT_TRUE(lines.back().empty());
        const auto head = split(lines[0], "\t");
        ASSERT_EQ(head.size(), 32U);
        EXPECT_EQ(head[0], "amazon-order-id");
        EXPECT_EQ(head[24], "ship-city");
        std::map<std::string, std::int64_t> file_items;
        for (std::size_t i = 1; i + 1 < lines.size(); ++i) {
            const auto fields = split(lines[i], "\t");
            ASSERT_EQ(fields.size(), head.size()) << lines[i];
            std::string price = fields[16];
            std::erase(price, '.');
            if (!price.empty()) file_items[fields[0]] += std::stoll(price);
        }
        const std::size_t index = find_shop(shop);
        const World& world = rig.simulator.world();
        std::size_t compared = 0;
        for (std::uint32_t i = 0; i < world.count(index); ++i) {
            const OrderView view = world.view(index, i);
            if (!view.paid || !file_items.contains(view.plan.id)) continue;
            EXPECT_EQ(file_items[view.plan.id], order_amounts(view.plan).item);
            ++compared;
        }
        EXPECT_GT(compared, 80U) << shop;
    }
}

TEST(Reports, skus_survive_the_charset) {
    for (std::size_t shop = 0; shop < shop_count; ++shop) {
        const Charset charset = marketplaces()[shops()[shop].marketplaces[0]].report_charset;
        for (const Product& product : make_catalogue(7)) {
            const std::string bytes = encode(product.sku[shop], charset);
            const char* name = charset == Charset::utf8           ? "UTF-8"
                               : charset == Charset::windows_1252 ? "windows-1252"
                                                                  : "windows-31j";
            EXPECT_EQ(to_utf8(bytes, name), product.sku[shop]);
        }
    }
    EXPECT_EQ(encode("é茶", Charset::windows_1252), "\xE9?");
    EXPECT_EQ(encode("茶é", Charset::windows_31j).back(), '?');
}

TEST(Reports, links_expire_and_refuse_credentials) {
    Rig rig;
    const std::string id = create(rig, "DE");
    rig.wall += 2000;
    const std::string link = link_of(rig, "DE", id);
    EXPECT_EQ(download(rig, link, {{"authorization", "Bearer x"}}).status, 400);
    EXPECT_EQ(download(rig, link, {{"x-amz-access-token", "x"}}).status, 400);
    EXPECT_EQ(download(rig, link).status, 200);
    EXPECT_EQ(download(rig, "/documents/xyz").status, 403);
    rig.simulator.set_clock(rig.simulator.now() + 5 * minute_ms + 1, 0);
    EXPECT_EQ(download(rig, link).status, 403);
    EXPECT_EQ(download(rig, link_of(rig, "DE", id)).status, 200) << "a new link works";
}

TEST(Reports, faults) {
    Rig rig;
    for (const auto& [kind, status] :
         std::map<std::string, std::string>{{"report_fatal", "FATAL"},
                                            {"report_cancelled", "CANCELLED"},
                                            {"report_stuck", "IN_QUEUE"}}) {
        rig.fault(R"({"kind":")" + kind + R"("})");
        const std::string id = create(rig, "US");
        rig.wall += 10'000;
        EXPECT_EQ(text(report(rig, "US", id), "processingStatus"), status);
    }
    rig.fault(R"({"kind":"report_double_gzip"})");
    const std::string twice = create(rig, "US");
    rig.wall += 2000;
    EXPECT_TRUE(gunzip(gunzip(download(rig, link_of(rig, "US", twice)).body))
                    .starts_with("amazon-order-id"));
    rig.fault(R"({"kind":"report_charset"})");
    const std::string wrong = create(rig, "DE");
    rig.wall += 2000;
    const Response file = download(rig, link_of(rig, "DE", wrong));
    EXPECT_EQ(file.content_type, "text/plain; charset=windows-1252");
    EXPECT_NE(gunzip(file.body).find("ü"), std::string::npos) << "the bytes are UTF-8";
}

TEST(Reports, list_pages_by_token_alone) {
    Rig rig;
    for (int i = 0; i < 5; ++i) {
        create(rig, "US");
        rig.wall += 1000;
    }
    const std::string query =
        "/reports/2021-06-30/"
        "reports?reportTypes=GET_FLAT_FILE_ALL_ORDERS_DATA_BY_LAST_UPDATE_GENERAL&pageSize=2";
    std::map<std::string, int> seen;
    std::string target = query;
    for (int pages = 0; !target.empty() && pages < 10; ++pages) {
        const json::value reply = json::parse(rig.get(target).body);
        for (const json::value& one : reply.at("reports").as_array()) ++seen[text(one, "reportId")];
        const auto* next = reply.as_object().if_contains("nextToken");
        target = next ? "/reports/2021-06-30/reports?nextToken=" +
                            Rig::escape(json::value_to<std::string>(*next))
                      : "";
    }
    EXPECT_EQ(seen.size(), 5U);
    EXPECT_TRUE(
        std::all_of(seen.begin(), seen.end(), [](const auto& one) { return one.second == 1; }));
    EXPECT_EQ(rig.get("/reports/2021-06-30/reports").status, 400);
    EXPECT_EQ(rig.get(query + "&nextToken=x").status, 400);
    EXPECT_EQ(rig.get("/reports/2021-06-30/reports?reportTypes=X&pageSize=101").status, 400);
}

}  // namespace
}  // namespace entrepot::sim::test
