// The trail: how fast the offline verifier reads an export, against SHA-256 over the same bytes;
// and what writing the audit costs a transaction.
#include <openssl/evp.h>
#include <unistd.h>

#include <atomic>
#include <fstream>
#include <thread>

#include "modules/catalog/catalog.hpp"
#include "modules/orders/orders.hpp"
#include "modules/shops/shops.hpp"
#include "platform/audit/merkle.hpp"
#include "platform/audit/trail_file.hpp"
#include "platform/runtime/runtime.hpp"
#include "world.hpp"

namespace entrepot::bench {
namespace {
constexpr std::uint64_t rows_of_checkpoint = 1000;
constexpr std::size_t piece = std::size_t{4} << 20;
constexpr const char* marketplace = "A1PA6795UKMFR9";

Uuid numbered(std::uint64_t high, std::uint64_t low) {
    Uuid out;
    for (std::size_t i = 0; i < 8; ++i) {
        out.bytes[7 - i] = static_cast<std::uint8_t>(high >> (8 * i));
        out.bytes[15 - i] = static_cast<std::uint8_t>(low >> (8 * i));
    }
    return out;
}

/// A trail of a hundred tenants, as `entrepot audit export` writes it.
void write_trail(const std::string& path, std::uint64_t count, const audit::Signer& signer) {
    std::ofstream file(path, std::ios::binary);
    const Uuid origin = numbered(1, 1);
    const Instant start{std::chrono::sys_days{std::chrono::year{2026} / 1 / 1}};
    std::string text;
    audit::write_line(text, audit::Header{origin, std::nullopt, start});
    audit::Frontier tree;
    std::optional<audit::Checkpoint> last;
    audit::Row row{};
    row.entry = {.actor_kind = "user",
                 .actor_id = numbered(3, 3),
                 .actor_name = "Tom Becker",
                 .act = "orders.released",
                 .object_kind = "order",
                 .result = "done",
                 .ip = "192.0.2.17",
                 .user_agent =
                     "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like "
                     "Gecko) Chrome/131.0.0.0 Safari/537.36",
                 .request_id = "hjjRiA49C-OgdvCz",
                 .detail = R"({"from":"held","to":"released"})"};
    for (std::uint64_t i = 0; i < count; ++i) {
        row.position = i;
        row.number = i / 100 + 1;
        row.entry.tenant = numbered(2, i % 100);
        row.entry.id = numbered(4, i);
        row.entry.object_id = numbered(5, i).text();
        row.entry.at = start + std::chrono::microseconds(1'003'007 * i);
        row.leaf = audit::leaf_of(row.entry.tenant, row.number, audit::digest_of(row.entry));
        audit::write_line(text, row);
        tree.append(row.leaf);
        if ((i + 1) % rows_of_checkpoint == 0 || i + 1 == count) {
            audit::Checkpoint c{.origin = origin,
                                .number = last ? last->number + 1 : 1,
                                .size = i + 1,
                                .root = tree.root(),
                                .at = row.entry.at,
                                .previous = last ? audit::link_to(*last) : audit::Hash{},
                                .key = {}};
            audit::sign(c, signer);
            audit::write_line(text, c);
            last = c;
        }
        if (text.size() > piece) {
            file << text;
            text.clear();
        }
    }
    audit::write_line(text, audit::Ending{count});
    file << text;
    if (!file.flush()) throw std::runtime_error("cannot write " + path);
}

/// SHA-256 over the file, in one stream; seconds.
double hash_file(const std::string& path) {
    const Timer timer;
    std::ifstream file(path, std::ios::binary);
    std::string text(piece, '\0');
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                          &EVP_MD_CTX_free);
    EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr);
    while (file.read(text.data(), static_cast<std::streamsize>(text.size())) || file.gcount() > 0)
        EVP_DigestUpdate(context.get(), text.data(), static_cast<std::size_t>(file.gcount()));
    std::array<unsigned char, 32> out;
    EVP_DigestFinal_ex(context.get(), out.data(), nullptr);
    return timer.seconds();
}

Row verify_row(World& world) {
    const auto count = static_cast<std::uint64_t>(world.sizes.all);
    const std::string path = world.dir + "/trail.jsonl";
    const audit::Signer signer = audit::signer_of_seed({1});
    write_trail(path, count, signer);
    (void)hash_file(path);  // into the page cache, for both
    const double floor = hash_file(path);
    const std::string command =
        program("ENTREPOT_AUDIT_VERIFY_BIN", "../src/audit_verify/entrepot-audit-verify") + " '" +
        path + "' --public-key " + audit::hex_of(signer.public_key) + " >&2";
    const double cpu_before = cpu_of_tree(::getpid());
    const Timer timer;
    // NOLINTNEXTLINE(cert-env33-c): the command line is made of our own paths
    if (std::system(command.c_str()) != 0) throw std::runtime_error("the trail did not verify");
    const double seconds = timer.seconds();
    const double cpu = cpu_of_tree(::getpid()) - cpu_before;
    ::unlink(path.c_str());
    const auto rows = static_cast<double>(count);
    return {.name = "audit_verify",
            .value = rows / seconds,
            .unit = "rows/s",
            .floor = rows / floor,
            .goal = 10e6 / 30,
            .cpu_us = cpu * 1e6 / rows,
            .floor_cpu_us = floor * 1e6 / rows,
            .note = std::to_string(count) + " rows; floor: SHA-256 of the file on one core"};
}

/// While it lives, acts leave no audit row: the statement that writes them does nothing. Only in
/// this process, and only for connections that are opened meanwhile.
class AuditOff {
public:
    AuditOff() {
        for (pg::StatementInfo* statement : pg::all_statements())
            if (statement->name == "platform.insert_audit_entry") statement_ = statement;
        ensure(statement_ != nullptr, "the statement that writes audit rows has another name");
        kept_ = statement_->sql;
        statement_->sql =
            "select 1 from (values ($1::uuid, $2::uuid, $3::timestamptz, $4::text, $5::uuid, "
            "$6::text, $7::text, $8::text, $9::text, $10::text, $11::text, $12::text, $13::text, "
            "$14::text, $15::text, $16::bytea)) v where false";
    }
    ~AuditOff() { statement_->sql = kept_; }
    AuditOff(const AuditOff&) = delete;
    AuditOff& operator=(const AuditOff&) = delete;

private:
    pg::StatementInfo* statement_ = nullptr;
    std::string_view kept_;
};

orders::IncomingOrder order_of(std::int64_t number, Instant now) {
    orders::IncomingOrder out;
    out.channel_order_id = "AUDIT-" + std::to_string(number);
    out.ordered_at = now;
    out.channel_updated_at = now;
    out.channel_state = "Unshipped";
    out.state = orders::OrderState::unshipped;
    out.marketplace_id = marketplace;
    out.currency = "EUR";
    out.lines.push_back(
        {"1", "SKU-" + std::to_string(number % 50), "A thing of use", orders::LineKind::goods, 1});
    return out;
}

struct Written {
    double per_second = 0;
    double cpu_us = 0;  ///< an order, of all processes: the sealer's part is in it
};

/// Transactions of one order each, by `clients` writers for the given time.
Written write_orders(World& world, ShopId shop, std::atomic<std::int64_t>& next, double seconds) {
    Local local(world.common, world.clock);
    std::atomic<std::int64_t> written{0};
    const auto cpu_s = [&] { return world.cpu_s() + cpu_of_process(::getpid()); };
    const double cpu_before = cpu_s();
    const Timer timer;
    std::vector<std::function<Awaitable<void>()>> tasks(clients, [&]() -> Awaitable<void> {
        Context ctx = system_context(local.services(), world.tenant, "bench");
        while (timer.seconds() < seconds) {
            const std::vector<orders::IncomingOrder> one{order_of(next++, ctx.now())};
            const orders::IngestSource source{shop,    "amazon",  "getOrder",
                                              "bench", ctx.now(), std::nullopt};
            auto body = [&](pg::Transaction& tx) -> Awaitable<Result<bool>> {
                (void)co_await orders::ingest(ctx, tx, source, one);
                co_return true;
            };
            (void)(co_await ctx.db().transaction(ctx.tenant, body)).value();
            ++written;
        }
    });
    local.run(tasks);
    const auto count = static_cast<double>(written);
    return {count / timer.seconds(), (cpu_s() - cpu_before) * 1e6 / count};
}

/// Age of the oldest audit row that is not sealed, watched while acts are recorded.
class UnsealedWatch {
public:
    explicit UnsealedWatch(const World& world) : thread_([this, &world] { watch(world); }) {}
    double end() {
        ended_ = true;
        thread_.join();
        return most_s_;
    }

private:
    void watch(const World& world) {
        while (!ended_) {
            const std::string age = world.sql(
                "select coalesce(max(extract(epoch from clock_timestamp() - e.at)), 0)"
                " from platform.audit_unsealed u join platform.audit_entry e"
                " on e.tenant_id = u.tenant_id and e.id = u.entry_id");
            most_s_ = std::max(most_s_, std::stod(age));
            ::usleep(50'000);
        }
    }
    std::atomic<bool> ended_{false};
    double most_s_ = 0;
    std::thread thread_;
};

std::vector<Row> write_rows(World& world) {
    ShopId shop;
    {
        Local local(world.common, world.clock);
        local.run({[&]() -> Awaitable<void> {
            Context ctx = system_context(local.services(), world.tenant, "bench");
            auto body = [&](pg::Transaction& tx) -> Awaitable<Result<ShopId>> {
                shops::NewShop fresh;
                fresh.name = "Audit";
                fresh.channel = shops::Channel::file;
                fresh.time_zone = "Europe/Berlin";
                fresh.marketplaces = {{marketplace, "DE", "Store", "EUR", true, true}};
                co_return co_await shops::add_shop(ctx, tx, fresh);
            };
            shop = (co_await ctx.db().transaction(ctx.tenant, body)).value();
        }});
    }
    std::atomic<std::int64_t> next{0};
    Written on, off;
    constexpr int turns = 3;
    const auto add = [](Written& to, Written turn) {
        to.per_second += turn.per_second / turns;
        to.cpu_us += turn.cpu_us / turns;
    };
    for (int turn = 0; turn < turns; ++turn) {
        add(on, write_orders(world, shop, next, world.sizes.seconds));
        const AuditOff nothing_is_recorded;
        add(off, write_orders(world, shop, next, world.sizes.seconds));
    }
    // A turn of its own: looking costs more than sealing.
    UnsealedWatch watch(world);
    (void)write_orders(world, shop, next, world.sizes.seconds);
    const double window = watch.end();
    return {{.name = "audit_write",
             .value = on.per_second,
             .unit = "orders/s",
             .floor = off.per_second,
             .goal_ratio = 0.9,
             .cpu_us = on.cpu_us,
             .floor_cpu_us = off.cpu_us,
             .note = "one order a transaction, 8 writers, sealed meanwhile; floor: without audit"},
            {.name = "audit_unsealed",
             .value = window,
             .unit = "s",
             .better = Better::less,
             .goal = 1,
             .note = "age of the oldest row without a seal, meanwhile"}};
}
}  // namespace

std::vector<Row> audit_rows(World& world) {
    std::vector<Row> out{verify_row(world)};
    for (Row& row : write_rows(world)) out.push_back(std::move(row));
    return out;
}

}  // namespace entrepot::bench
