// Imports from upload to undo against a real database, through the dispatcher.
#include <sys/resource.h>
#include <zlib.h>

#include <csignal>
#include <filesystem>
#include <random>

#include "channel/csv/import_fixture.hpp"

namespace entrepot::csv::test {
namespace {
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
namespace fs = std::filesystem;

const std::string header = "order,date,sku,qty,price\n";

class CsvImport : public ImportTest {
protected:
    std::string orders_in(const Context& ctx) {
        return sql("select count(*) from orders.sales_order where" + of_tenant(ctx));
    }
};

TEST_F(CsvImport, orders_of_a_small_file) {
    Context ctx = tenant_context();
    const std::string shop = add_shop(ctx);
    const std::string id = uploaded(ctx, shop,
                                    header + "1,2026-01-05 08:00,A,2,1.50\n" +
                                        "2,2026-07-05 08:00,B,1,3\n1,2026-01-05 08:00,C,1,0.335\n");
    const json::value seen = preview(ctx, id);
    EXPECT_EQ(text_of(seen, "mapping_source"), "guessed");
    EXPECT_EQ(seen.at("rows").as_array().size(), 3U);
    EXPECT_EQ(seen.at("problems").as_array().size(), 0U) << json::serialize(seen);
    body_of(start(ctx, id, accepted(seen, "all_or_none")));
    drain_jobs();
    const json::value done = import_of(ctx, id);
    EXPECT_EQ(text_of(done, "state"), "done") << json::serialize(done);
    EXPECT_EQ(count_of(done, "orders_created"), 2);
    EXPECT_EQ(count_of(done, "lines"), 3);
    EXPECT_EQ(done.at("progress").at("percent").as_int64(), 100);
    EXPECT_EQ(done.at("progress").at("rows_read").as_int64(), 3);
    EXPECT_EQ("1|2026-01-05 08:00:00+00|334|2,2|2026-07-05 07:00:00+00|300|1",
              sql("select string_agg(channel_order_id || '|' || (ordered_at at time zone 'UTC') || "
                  "'+00|' || "
                  "grand_total_minor || '|' || line_count, ',' order by channel_order_id) from "
                  "orders.sales_order where" +
                  of_tenant(ctx)));
    EXPECT_EQ("0.33500000",
              sql("select unit_price from orders.order_line where seller_sku = 'C' and" +
                  of_tenant(ctx)));
    EXPECT_EQ("0", sql("select count(*) from orders.exception where" + of_tenant(ctx)))
        << "SKUs and mappings were made";
    EXPECT_EQ("3", sql("select count(*) from catalog.sku where" + of_tenant(ctx)));
}

TEST_F(CsvImport, the_same_file_twice_changes_nothing) {
    Context ctx = tenant_context();
    const std::string shop = add_shop(ctx);
    const std::string bytes = header + "1,2026-01-05,A,2,1.50\n2,2026-01-06,B,1,3\n";
    const json::value first = run_file(ctx, shop, bytes);
    const std::string versions =
        "select string_agg(xmin::text || version::text, ',' order by id) "
        "from orders.sales_order where" +
        of_tenant(ctx);
    const std::string before = sql(versions);
    const auto again = body_of(upload(ctx, "shop_id=" + shop + "&file_name=again.csv", bytes));
    EXPECT_EQ(text_of(again, "same_as"), text_of(first, "id")) << "recognised by its bytes";
    const std::string id = text_of(again, "id");
    const json::value seen = preview(ctx, id);
    EXPECT_EQ(text_of(seen, "mapping_source"), "remembered");
    EXPECT_EQ(text_of(seen, "same_as"), text_of(first, "id"));
    body_of(start(ctx, id, accepted(seen, "all_or_none")));
    drain_jobs();
    const json::value second = import_of(ctx, id);
    EXPECT_EQ(count_of(second, "unchanged"), 2);
    EXPECT_EQ(count_of(second, "orders_created") + count_of(second, "orders_changed"), 0);
    EXPECT_EQ(sql(versions), before);
}

TEST_F(CsvImport, all_or_none_writes_nothing_when_a_row_is_bad) {
    Context ctx = tenant_context();
    const std::string shop = add_shop(ctx);
    const json::value failed = run_file(
        ctx, shop,
        header + "1,2026-01-05,A,2,1.50\n2,2026-01-06,B,x,3\n3,soon,C,1,3\n1,2026-01-05\n");
    EXPECT_EQ(text_of(failed, "state"), "failed");
    EXPECT_EQ(text_of(failed.at("failure"), "code"), "imports.rows_refused");
    EXPECT_EQ(failed.at("error_count").as_int64(), 3);
    EXPECT_EQ(orders_in(ctx), "0");
    EXPECT_EQ("0", sql("select count(*) from catalog.sku where" + of_tenant(ctx)));
    EXPECT_EQ(errors_of(ctx, text_of(failed, "id")),
              "\xEF\xBB\xBFrow,column,code,words\r\n"
              "3,qty,not_a_number,Not a number\r\n"
              "4,date,not_a_date,Not a date in the chosen format\r\n"
              "5,,ragged_row,The row has more or fewer cells than the header\r\n");
    EXPECT_THAT(errors_of(ctx, text_of(failed, "id"), "?language=zh"), HasSubstr("不是数字"));
}

TEST_F(CsvImport, skip_bad_leaves_out_whole_orders) {
    Context ctx = tenant_context();
    const std::string shop = add_shop(ctx);
    const json::value done = run_file(ctx, shop,
                                      header +
                                          "1,2026-01-05,A,2,1.50\n2,2026-01-06,B,1,3\n"
                                          "1,2026-01-05,C,x,1\n3,2026-01-07,D,1,3\n",
                                      "skip_bad");
    EXPECT_EQ(text_of(done, "state"), "done");
    EXPECT_EQ(count_of(done, "orders_created"), 2);
    EXPECT_EQ(count_of(done, "skipped"), 2);
    EXPECT_EQ("2,3", sql("select string_agg(channel_order_id, ',' order by channel_order_id) from "
                         "orders.sales_order where" +
                         of_tenant(ctx)));
    EXPECT_THAT(errors_of(ctx, text_of(done, "id")),
                HasSubstr("4,qty,not_a_number,Not a number\r\n2,order,order_has_bad_row,"));
}

TEST_F(CsvImport, a_repaired_file_can_run_again) {
    Context ctx = tenant_context();
    const std::string shop = add_shop(ctx);
    const json::value failed = run_file(ctx, shop, header + "1,2026-01-05,A,x,1.50\n");
    const std::string id = text_of(failed, "id");
    body_of(start(ctx, id, accepted(preview(ctx, id), "skip_bad")));
    drain_jobs();
    const json::value done = import_of(ctx, id);
    EXPECT_EQ(text_of(done, "state"), "done");
    EXPECT_EQ(done.at("error_count").as_int64(), 1);
    EXPECT_EQ("1", sql("select count(*) from imports.row_error where" + of_tenant(ctx)));
    EXPECT_EQ(start(ctx, id, accepted(preview(ctx, id), "skip_bad")).status, 409);
}

TEST_F(CsvImport, undo_takes_back_what_it_made) {
    Context ctx = tenant_context();
    const std::string shop = add_shop(ctx);
    run_file(ctx, shop, header + "1,2026-01-05,A,2,1.50\n");
    const json::value second =
        run_file(ctx, shop, header + "1,2026-01-05,A,2,1.50\n2,2026-01-06,B,1,3\n");
    const std::string id = text_of(second, "id");
    EXPECT_EQ(orders_in(ctx), "2");
    EXPECT_EQ(
        text_of(body_of(call(ctx, http::Method::post, "/imports/" + id + "/undo", "{}")), "state"),
        "undoing");
    drain_jobs();
    const json::value undone = import_of(ctx, id);
    EXPECT_EQ(text_of(undone, "state"), "undone");
    EXPECT_EQ(count_of(undone, "orders_removed"), 1);
    EXPECT_EQ("1", sql("select string_agg(channel_order_id, ',') from orders.sales_order where" +
                       of_tenant(ctx)))
        << "the order of the first file stays";
    EXPECT_EQ(call(ctx, http::Method::post, "/imports/" + id + "/undo", "{}").status, 409);
    body_of(start(ctx, id, accepted(preview(ctx, id), "all_or_none")));
    drain_jobs();
    EXPECT_EQ(orders_in(ctx), "2") << "it can be run again";
}

std::string many_orders(int count) {
    std::string out = header;
    for (int i = 0; i < count; ++i)
        for (int line = 0; line < 2; ++line)
            out += std::to_string(1000 + i) + ",2026-01-05 10:00,SKU-" + std::to_string(i % 50) +
                   "," + std::to_string(1 + line) + ",1.25\n";
    return out;
}

TEST_F(CsvImport, a_run_killed_between_batches_goes_on_without_gap_or_double) {
    Context ctx = tenant_context();
    const std::string shop = add_shop(ctx);
    const std::string id = uploaded(ctx, shop, many_orders(3500));
    body_of(start(ctx, id, accepted(preview(ctx, id), "skip_bad")));
    for (const std::int64_t batch : {1, 2, 2}) {
        run_probe().before_commit = [batch](std::int64_t at) {
            if (at == batch) throw std::runtime_error("killed here");
        };
        drain_jobs();
        clock().advance(std::chrono::hours(1));
    }
    EXPECT_EQ(text_of(import_of(ctx, id), "state"), "running");
    EXPECT_EQ(orders_in(ctx), "2000") << "one batch from each run that got so far";
    run_probe().before_commit = nullptr;
    drain_jobs();
    const json::value done = import_of(ctx, id);
    EXPECT_EQ(text_of(done, "state"), "done");
    EXPECT_EQ(orders_in(ctx), "3500");
    EXPECT_EQ(count_of(done, "orders_created"), 3500);
    EXPECT_EQ(count_of(done, "orders_changed") + count_of(done, "unchanged"), 0);
    EXPECT_EQ("7000", sql("select count(*) from orders.order_line where" + of_tenant(ctx)));
    EXPECT_EQ("1312500",
              sql("select sum(grand_total_minor) from orders.sales_order where" + of_tenant(ctx)));
}

TEST_F(CsvImport, a_run_that_always_breaks_off_is_taken_back) {
    Context ctx = tenant_context();
    const std::string shop = add_shop(ctx);
    const std::string id = uploaded(ctx, shop, many_orders(1500));
    body_of(start(ctx, id, accepted(preview(ctx, id), "all_or_none")));
    run_probe().before_commit = [this, &ctx](std::int64_t) {
        if (orders_in(ctx) != "0") throw std::runtime_error("the world is broken");
    };
    for (int i = 0; i < 12; ++i) {
        drain_jobs();
        clock().advance(std::chrono::hours(1));
    }
    const json::value failed = import_of(ctx, id);
    EXPECT_EQ(text_of(failed, "state"), "failed");
    EXPECT_EQ(text_of(failed.at("failure"), "code"), "unavailable");
    EXPECT_EQ(orders_in(ctx), "0") << "nothing stands half-written";
}

/// A disk that is full after so many bytes of a file, as the kernel tells it.
class FullDisk {
public:
    explicit FullDisk(rlim_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
        getrlimit(RLIMIT_FSIZE, &before_);
        rlimit limit = before_;
        limit.rlim_cur = bytes;
        setrlimit(RLIMIT_FSIZE, &limit);
    }
    ~FullDisk() {
        setrlimit(RLIMIT_FSIZE, &before_);
        std::signal(SIGXFSZ, handler_);
    }
    FullDisk(const FullDisk&) = delete;

private:
    rlimit before_{};
    void (*handler_)(int);
};

std::string random_text(std::size_t bytes) {
    static std::mt19937 random(1);
    std::string out;
    while (out.size() < bytes) out += static_cast<char>('a' + random() % 26);
    return out;
}

TEST_F(CsvImport, a_full_disk_is_told_in_words_and_leaves_nothing) {
    Context ctx = tenant_context();
    const std::string shop = add_shop(ctx);
    std::string bytes = "order,date,sku,qty,price,title\n";
    for (int i = 0; i < 2000; ++i)
        bytes += std::to_string(i) + ",2026-01-05,A,1,1," + random_text(900) + "\n";
    const std::string id = uploaded(ctx, shop, bytes);
    const fs::path directory = environment().dir() + "/imports/" + ctx.tenant.text();
    const auto files = [&] {
        return std::distance(fs::directory_iterator(directory), fs::directory_iterator());
    };
    EXPECT_EQ(files(), 1);
    const std::string file = environment().dir() + "/large";
    std::ofstream(file, std::ios::binary)
        << header + "1,2026-01-05," + random_text(200'000) + ",1,1\n";
    {
        const FullDisk full(100'000);
        const auto refused = upload_from(ctx, "shop_id=" + shop + "&file_name=b.csv", file);
        EXPECT_EQ(refused.status, 503);
        EXPECT_THAT(refused.body, HasSubstr("imports.no_space"));
    }
    EXPECT_EQ(files(), 1);
    body_of(start(ctx, id, accepted(preview(ctx, id), "skip_bad")));
    {
        const FullDisk full(500'000);
        drain_jobs();
    }
    const json::value failed = import_of(ctx, id);
    EXPECT_EQ(text_of(failed, "state"), "failed");
    EXPECT_EQ(text_of(failed.at("failure"), "code"), "imports.no_space");
    EXPECT_EQ(orders_in(ctx), "0");
    EXPECT_EQ(files(), 1);
}

std::string all_bytes(const fs::path& directory) {
    std::string out;
    for (const auto& entry : fs::directory_iterator(directory)) {
        gzFile file = gzopen(entry.path().c_str(), "rb");
        std::array<char, 4096> buffer;
        for (int count; (count = gzread(file, buffer.data(), buffer.size())) > 0;)
            out.append(buffer.data(), static_cast<std::size_t>(count));
        gzclose(file);
    }
    return out;
}

TEST_F(CsvImport, personal_data_is_stored_nowhere) {
    Context ctx = tenant_context();
    const std::string shop = add_shop(ctx);
    const std::string id =
        uploaded(ctx, shop,
                 "订单编号,下单时间,收货人姓名,联系手机,商家编码,数量,单价,contact2\n"
                 "9001,2026年1月5日 10:00,王小明,13800138000,A,1,9.90,wang@example.com\n"
                 "9002,2026年1月6日 10:00,李小红,13900139000,B,1,9.90,li@example.com\n"
                 "9003,2026年1月6日 10:00,赵,大,13700137000,B,1,9.90,zhao@example.com\n");
    const json::value seen = preview(ctx, id);
    EXPECT_EQ(json::serialize(seen.at("dropped_columns")),
              R"(["收货人姓名","联系手机","contact2"])");
    EXPECT_EQ(text_of(seen, "date_format"), "ymd");
    EXPECT_EQ(count_of(import_of(ctx, id), "dropped_pii_columns"), 3);
    const std::string kept =
        all_bytes(environment().dir() + "/imports/" + ctx.tenant.text()) + json::serialize(seen);
    for (const char* personal : {"王小明", "李小红", "赵", "1380013", "1370013", "example.com"})
        EXPECT_THAT(kept, Not(HasSubstr(personal)));
    body_of(start(ctx, id, accepted(seen, "skip_bad")));
    drain_jobs();
    const json::value done = import_of(ctx, id);
    EXPECT_EQ(count_of(done, "orders_created"), 1)
        << "the order before a shifted row may have lost a line: " << json::serialize(done);
    json::object mapped = accepted(seen, "skip_bad");
    mapped["mapping"].as_object()["title"] = "收货人姓名";
    const std::string again = uploaded(ctx, shop,
                                       "订单编号,下单时间,收货人姓名,商家编码,数量,单价\n"
                                       "1,2026-01-05,王小明,A,1,1\n");
    const auto refused = start(ctx, again, mapped);
    EXPECT_EQ(refused.status, 400);
    EXPECT_THAT(refused.body, HasSubstr("/mapping/title"));
}

std::string packed_by_zlib(const std::string& bytes) {
    const std::string path = "/tmp/entrepot-packed-" + std::to_string(::getpid());
    gzFile file = gzopen(path.c_str(), "wb9");
    gzwrite(file, bytes.data(), static_cast<unsigned>(bytes.size()));
    gzclose(file);
    std::ifstream in(path, std::ios::binary);
    std::string out{std::istreambuf_iterator<char>(in), {}};
    fs::remove(path);
    return out;
}

TEST_F(CsvImport, an_even_table_may_pack_beyond_the_limit_of_uploaded_archives) {
    Context ctx = tenant_context();
    const std::string shop = add_shop(ctx);
    std::string bytes = "order,date,sku,qty,price,title\n";
    for (int i = 0; i < 9000; ++i) bytes += "1,2026-01-05,A,1,1," + std::string(300, 'a') + "\n";
    const std::string packed = packed_by_zlib(bytes);
    ASSERT_GT(bytes.size(), 100 * packed.size());
    ASSERT_GT(bytes.size(), InflateLimits{}.ratio_free_bytes);
    const auto refused = upload(ctx, "shop_id=" + shop + "&file_name=a.csv.gz", packed);
    EXPECT_THAT(refused.body, HasSubstr("imports.archive_too_large")) << "what came in packed";
    const std::string id = uploaded(ctx, shop, bytes);
    EXPECT_EQ(preview(ctx, id, "?delimiter=semicolon").at("header").as_array().size(), 1U);
    body_of(start(ctx, id, accepted(preview(ctx, id, "?delimiter=comma"), "all_or_none")));
    drain_jobs();
    const json::value done = import_of(ctx, id);
    EXPECT_EQ(text_of(done, "state"), "done") << json::serialize(done);
    EXPECT_EQ(count_of(done, "lines"), 9000);
}

TEST_F(CsvImport, another_encoding_by_the_person) {
    Context ctx = tenant_context();
    const std::string shop = add_shop(ctx);
    // 订单编号,收货人 in GB18030, uploaded as if it were windows-1252.
    const auto stored = body_of(
        upload(ctx, "shop_id=" + shop + "&file_name=a.csv&encoding=windows_1252",
               "\xB6\xA9\xB5\xA5\xB1\xE0\xBA\xC5,\xCA\xD5\xBB\xF5\xC8\xCB,sku\n1,\xCD\xF5,A\n"));
    EXPECT_EQ(stored.at("dropped_columns").as_array().size(), 1U) << "whatever the encoding";
    const json::value seen = preview(ctx, text_of(stored, "id"), "?encoding=gb18030");
    EXPECT_EQ(json::serialize(seen.at("header")), R"(["订单编号","收货人","sku"])");
    EXPECT_EQ(json::serialize(seen.at("rows")), R"([["1","","A"]])");
    const json::value semicolons =
        preview(ctx, text_of(stored, "id"), "?encoding=gb18030&delimiter=semicolon");
    EXPECT_EQ(semicolons.at("header").as_array().size(), 1U);
}

TEST_F(CsvImport, bad_uploads_and_requests) {
    Context ctx = tenant_context();
    const std::string shop = add_shop(ctx);
    const std::string query = "shop_id=" + shop + "&file_name=a.csv";
    const auto code_of = [&](const http::Response& response) {
        return text_of(json::parse(response.body), "code");
    };
    EXPECT_EQ(code_of(upload(ctx, query, "")), "imports.empty_file");
    EXPECT_EQ(code_of(upload(ctx, query, "PK\x03\x04 a workbook")), "imports.not_a_table");
    EXPECT_EQ(code_of(upload(ctx, query, "1,2,3\n4,5,6\n")), "imports.no_header");
    EXPECT_EQ(code_of(upload(ctx, query, "a,b\n\"1,2\n")), "imports.quote_never_closed");
    EXPECT_EQ(code_of(upload(ctx, "shop_id=" + shop, "a,b\n")), "invalid_fields");
    EXPECT_EQ(code_of(upload(ctx, query + "&x=1", "a,b\n")), "invalid_fields");
    EXPECT_EQ(code_of(upload(ctx, "shop_id=" + shop + "&file_name=%20", "a,b\n")),
              "invalid_fields");
    const std::string id = uploaded(ctx, shop, header + "1,2026-01-05,A,1,1\n");
    json::object body = accepted(preview(ctx, id), "all_or_none");
    body["mapping"].as_object().erase("sku");
    body["time_zone"] = "Mars/Olympus";
    const auto refused = start(ctx, id, body);
    EXPECT_EQ(refused.status, 400);
    EXPECT_EQ(code_of(refused), "imports.bad_settings");
    EXPECT_THAT(refused.body, HasSubstr("/mapping/sku"));
    EXPECT_THAT(refused.body, HasSubstr("/time_zone"));
    EXPECT_EQ(code_of(call(ctx, http::Method::post, "/imports/" + id + "/undo", "{}")),
              "imports.wrong_state");
    EXPECT_EQ(call(ctx, http::Method::get, "/imports?limit=0").status, 400);
}

TEST_F(CsvImport, formulas_in_column_names_stay_text_in_the_error_file) {
    Context ctx = tenant_context();
    const std::string shop = add_shop(ctx);
    const std::string id =
        uploaded(ctx, shop, "order,date,sku,=cmd|' /C calc'!A0,price\n1,2026-01-05,A,x,1\n");
    json::object body = accepted(preview(ctx, id), "all_or_none");
    body["mapping"].as_object()["quantity"] = "=cmd|' /C calc'!A0";
    body_of(start(ctx, id, body));
    drain_jobs();
    EXPECT_THAT(errors_of(ctx, id), HasSubstr("2,'=cmd|' /C calc'!A0,not_a_number,"));
}

TEST_F(CsvImport, others_see_nothing) {
    Context ctx = tenant_context();
    const std::string shop = add_shop(ctx, "One"), other_shop = add_shop(ctx, "Two");
    const std::string id = uploaded(ctx, shop, header + "1,2026-01-05,A,1,1\n");
    Context stranger = tenant_context();
    Context colleague =
        as(ctx, {Permission::imports_run}, std::vector<ShopId>{*ShopId::parse(other_shop)});
    Context reader = as(ctx, {Permission::orders_read});
    const std::string absent = "/imports/" + ctx.new_id<ImportId>().text();
    for (Context* who : {&stranger, &colleague}) {
        for (const char* what : {"", "/preview", "/errors"}) {
            const auto foreign = call(*who, http::Method::get, "/imports/" + id + what);
            const auto none = call(*who, http::Method::get, absent + what);
            EXPECT_EQ(foreign.status, 404) << what;
            EXPECT_EQ(text_of(json::parse(foreign.body), "detail"),
                      text_of(json::parse(none.body), "detail"));
        }
        EXPECT_EQ(call(*who, http::Method::post, "/imports/" + id + "/undo", "{}").status, 404);
        EXPECT_EQ(body_of(call(*who, http::Method::get, "/imports")).at("items").as_array().size(),
                  0U);
        EXPECT_EQ(upload(*who, "shop_id=" + shop + "&file_name=a.csv", header).status, 404);
    }
    EXPECT_EQ(call(reader, http::Method::get, "/imports/" + id).status, 403);
}

TEST_F(CsvImport, the_file_is_deleted_after_thirty_days) {
    Context ctx = tenant_context();
    const std::string shop = add_shop(ctx);
    const json::value done = run_file(ctx, shop, header + "1,2026-01-05,A,1,1\n");
    const std::string id = text_of(done, "id");
    EXPECT_TRUE(done.at("file_kept").as_bool());
    clock().advance(std::chrono::days(31));
    drain_jobs();
    EXPECT_FALSE(import_of(ctx, id).at("file_kept").as_bool());
    EXPECT_TRUE(fs::is_empty(environment().dir() + "/imports/" + ctx.tenant.text()));
    EXPECT_EQ(call(ctx, http::Method::get, "/imports/" + id + "/preview").status, 409);
    EXPECT_EQ(orders_in(ctx), "1");
}

TEST_F(CsvImport, states_of_orders_by_their_words) {
    Context ctx = tenant_context();
    const std::string shop = add_shop(ctx);
    const json::value done = run_file(ctx, shop,
                                      "订单编号,下单时间,商家编码,数量,单价,订单状态\n"
                                      "1,2026-01-05,A,1,1,等待卖家发货\n2,2026-01-05,A,1,1,已发货\n"
                                      "3,2026-01-05,A,1,1,交易关闭\n4,2026-01-05,A,1,1,外星状态\n");
    EXPECT_EQ(count_of(done, "orders_created"), 4);
    EXPECT_EQ("unshipped,shipped,cancelled,unknown",
              sql("select string_agg(state, ',' order by channel_order_id) from orders.sales_order "
                  "where" +
                  of_tenant(ctx)));
}

}  // namespace
}  // namespace entrepot::csv::test
