// libpq in pipeline mode, nothing else.
#include "raw_postgres.hpp"

#include <libpq-fe.h>

#include <atomic>
#include <stdexcept>
#include <thread>
#include <vector>

#include "bench.hpp"
#include "platform/crypto/crypto.hpp"
#include "platform/runtime/clock.hpp"

namespace entrepot::bench {
namespace {
/// `insert into … (a, b) values ($1, $2)`.
std::string insert_of(const std::string& table, const std::vector<std::string>& columns) {
    std::string names, marks;
    for (std::size_t i = 0; i < columns.size(); ++i) {
        names += (i == 0 ? "" : ", ") + columns[i];
        marks += (i == 0 ? "$" : ", $") + std::to_string(i + 1);
    }
    return "insert into bench." + table + " (" + names + ") values (" + marks + ")";
}

const std::vector<std::string> order_columns{"tenant_id",
                                             "id",
                                             "shop_id",
                                             "channel_order_id",
                                             "kind",
                                             "ordered_at",
                                             "channel_updated_at",
                                             "updated_at",
                                             "state",
                                             "channel_state",
                                             "fulfilled_by",
                                             "marketplace_id",
                                             "ship_country",
                                             "currency",
                                             "item_minor",
                                             "shipping_minor",
                                             "gift_wrap_minor",
                                             "tax_minor",
                                             "discount_minor",
                                             "other_minor",
                                             "grand_total_minor",
                                             "line_count",
                                             "unit_count",
                                             "first_seller_sku",
                                             "first_title",
                                             "first_quantity",
                                             "programs",
                                             "exception_count",
                                             "source_channel",
                                             "source_operation",
                                             "source_request_id",
                                             "source_received_at",
                                             "content_hash",
                                             "version"};
const std::vector<std::string> line_columns{"tenant_id",
                                            "order_id",
                                            "ordered_at",
                                            "line_no",
                                            "channel_line_id",
                                            "seller_sku",
                                            "sku_id",
                                            "title",
                                            "kind",
                                            "quantity_ordered",
                                            "quantity_shipped",
                                            "quantity_cancelled",
                                            "unit_price",
                                            "item_minor",
                                            "shipping_minor",
                                            "gift_wrap_minor",
                                            "tax_minor",
                                            "discount_minor",
                                            "other_minor"};

/// One prepared insert with its values as text.
struct Insert {
    const char* name;
    std::vector<std::string> values;
    void send(PGconn* pg) const {
        std::vector<const char*> texts;
        for (const std::string& value : values) texts.push_back(value.c_str());
        PQsendQueryPrepared(pg, name, static_cast<int>(texts.size()), texts.data(), nullptr,
                            nullptr, 0);
    }
};

void expect(PGresult* result, ExecStatusType wanted) {
    const bool good = PQresultStatus(result) == wanted;
    const std::string words = PQresultErrorMessage(result);
    PQclear(result);
    if (!good) throw std::runtime_error("floor: " + words);
}

std::vector<std::string> order_values(const std::string& tenant, const std::string& shop,
                                      const std::string& id, const std::string& at) {
    return {tenant,
            id,
            shop,
            id,
            "sale",
            at,
            at,
            at,
            "shipped",
            "Shipped",
            "merchant",
            "A1PA6795UKMFR9",
            "DE",
            "EUR",
            "5190",
            "590",
            "0",
            "444",
            "0",
            "0",
            "6224",
            "2",
            "4",
            "SKU-417",
            "A thing of use, number 417",
            "2",
            "{}",
            "0",
            "amazon",
            "report",
            "bench",
            at,
            "\\x" + std::string(64, 'a'),
            "1"};
}

void run_client(const std::string& conninfo, int per_transaction, int lines, double seconds,
                std::atomic<long>& done) {
    PGconn* pg = PQconnectdb(conninfo.c_str());
    if (PQstatus(pg) != CONNECTION_OK) throw std::runtime_error(PQerrorMessage(pg));
    expect(PQprepare(pg, "o", insert_of("sales_order", order_columns).c_str(), 0, nullptr),
           PGRES_COMMAND_OK);
    expect(PQprepare(pg, "l", insert_of("order_line", line_columns).c_str(), 0, nullptr),
           PGRES_COMMAND_OK);
    PQenterPipelineMode(pg);
    const SystemClock clock;
    const std::string tenant = crypto::new_uuid(clock.now()).text();
    const std::string shop = crypto::new_uuid(clock.now()).text();
    const Timer timer;
    while (timer.seconds() < seconds) {
        int results = 2;
        PQsendQueryParams(pg, "begin", 0, nullptr, nullptr, nullptr, nullptr, 0);
        for (int i = 0; i < per_transaction; ++i) {
            const std::string id = crypto::new_uuid(clock.now()).text();
            const std::string at = format_instant(clock.now());
            Insert{"o", order_values(tenant, shop, id, at)}.send(pg);
            for (int l = 1; l <= lines; ++l) {
                const std::string sku = "SKU-" + std::to_string((i * 7 + l * 13) % 500);
                Insert line{"l",
                            {tenant, id, at, std::to_string(l), sku + "#1", sku, shop,
                             "A thing of use, number 417", "goods", "2", "2", "0", "25.95", "2595",
                             "295", "0", "222", "0", "0"}};
                line.send(pg);
            }
            results += 1 + lines;
        }
        PQsendQueryParams(pg, "commit", 0, nullptr, nullptr, nullptr, nullptr, 0);
        PQpipelineSync(pg);
        for (int i = 0; i < results; ++i) {
            expect(PQgetResult(pg), PGRES_COMMAND_OK);
            PQclear(PQgetResult(pg));
        }
        expect(PQgetResult(pg), PGRES_PIPELINE_SYNC);
        done += per_transaction;
    }
    PQfinish(pg);
}
}  // namespace

void make_raw_tables(const std::string& conninfo) {
    PGconn* pg = PQconnectdb(conninfo.c_str());
    expect(PQexec(pg,
                  "drop schema if exists bench cascade; create schema bench; "
                  "create table bench.sales_order (like orders.sales_order including defaults); "
                  "alter table bench.sales_order add primary key (tenant_id, id), add unique "
                  "(tenant_id, shop_id, channel_order_id); "
                  "create table bench.order_line (like orders.order_line including defaults); "
                  "alter table bench.order_line add primary key (tenant_id, order_id, line_no)"),
           PGRES_COMMAND_OK);
    PQfinish(pg);
}

RawInserts raw_inserts(const std::string& conninfo, int count, int per_transaction, int lines,
                       double seconds, const std::function<double()>& server_cpu_s) {
    std::atomic<long> done{0};
    std::atomic<double> client_cpu{0};
    std::vector<std::thread> threads;
    const double cpu_before = server_cpu_s();
    const Timer timer;
    for (int i = 0; i < count; ++i)
        threads.emplace_back([&] {
            run_client(conninfo, per_transaction, lines, seconds, done);
            client_cpu += cpu_of_thread();
        });
    for (std::thread& thread : threads) thread.join();
    const auto orders = static_cast<double>(done);
    return {orders / timer.seconds(),
            (server_cpu_s() - cpu_before + client_cpu) * 1e6 / std::max(1.0, orders)};
}

}  // namespace entrepot::bench
