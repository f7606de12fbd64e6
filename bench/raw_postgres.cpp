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
constexpr const char* order_sql =
    "insert into bench.sales_order (tenant_id, id, shop_id, channel_order_id, kind, ordered_at, "
    "channel_updated_at, updated_at, state, channel_state, "
    "fulfilled_by, marketplace_id, ship_country, currency, item_minor, shipping_minor, "
    "gift_wrap_minor, tax_minor, discount_minor, other_minor, "
    "grand_total_minor, line_count, unit_count, first_seller_sku, first_title, first_quantity, "
    "programs, held, "
    "exception_count, tags, pii_state, source_channel, "
    "source_operation, source_request_id, source_received_at, import_only, content_hash, version) "
    "values ($1, $2, $3, $4, 'sale', now(), now(), now(), 'shipped', 'SHIPPED', 'merchant', "
    "'ATVPDKIKX0DER', 'US', 'USD', 2598, 0, 0, 0, 0, 0, 2598, "
    "2, 3, 'SKU-1', 'A thing', 1, '{}', false, 0, '{}', 'not_fetched', 'amazon', 'searchOrders', "
    "'r', "
    "now(), false, '\\x00', 1)";
constexpr const char* line_sql =
    "insert into bench.order_line (tenant_id, order_id, ordered_at, line_no, channel_line_id, "
    "seller_sku, "
    "title, kind, quantity_ordered, quantity_shipped, "
    "quantity_cancelled, unit_price, item_minor, shipping_minor, gift_wrap_minor, tax_minor, "
    "discount_minor, other_minor) "
    "values ($1, $2, now(), $3, 'L', 'SKU-1', 'A thing', 'goods', 1, 1, 0, 12.99, 1299, 0, 0, 0, "
    "0, 0)";

void expect(PGresult* result, ExecStatusType wanted) {
    const bool good = PQresultStatus(result) == wanted;
    const std::string words = PQresultErrorMessage(result);
    PQclear(result);
    if (!good) throw std::runtime_error("floor: " + words);
}

void run_client(const std::string& conninfo, int per_transaction, int lines, double seconds,
                std::atomic<long>& done) {
    PGconn* pg = PQconnectdb(conninfo.c_str());
    if (PQstatus(pg) != CONNECTION_OK) throw std::runtime_error(PQerrorMessage(pg));
    expect(PQprepare(pg, "o", order_sql, 0, nullptr), PGRES_COMMAND_OK);
    expect(PQprepare(pg, "l", line_sql, 0, nullptr), PGRES_COMMAND_OK);
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
            const char* order[] = {tenant.c_str(), id.c_str(), shop.c_str(), id.c_str()};
            PQsendQueryPrepared(pg, "o", 4, order, nullptr, nullptr, 0);
            for (int l = 1; l <= lines; ++l) {
                const std::string no = std::to_string(l);
                const char* line[] = {tenant.c_str(), id.c_str(), no.c_str()};
                PQsendQueryPrepared(pg, "l", 3, line, nullptr, nullptr, 0);
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
