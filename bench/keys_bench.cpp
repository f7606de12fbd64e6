// Sealed fields against OpenSSL's own figure, and an epoch turn while keys are being read.
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <filesystem>
#include <thread>

#include "keyd/server.hpp"
#include "platform/crypto/cell.hpp"
#include "platform/crypto/crypto.hpp"
#include "platform/keys/client.hpp"
#include "platform/migrate/migrate.hpp"
#include "platform/pgserver/cluster.hpp"
#include "platform/pgserver/roles.hpp"
#include "world.hpp"

namespace entrepot::migrate {
std::vector<Migration> keyring_schema();
}

namespace entrepot::bench {
namespace {
constexpr std::size_t field_bytes = 32;
constexpr std::size_t rounds = 400'000;
constexpr std::int64_t readers_per_second = 1000;
constexpr double allowed_over_openssl = 1.3;
constexpr double turn_seconds_max = 60;

/// Microseconds an operation of `openssl speed` for AES-256-GCM at 64 bytes, taken now.
double openssl_us() {
    std::FILE* pipe =
        popen("openssl speed -elapsed -seconds 2 -bytes 64 -evp aes-256-gcm -mr 2>/dev/null", "r");
    if (pipe == nullptr) return 0;
    double bytes_a_second = 0;
    char line[512];
    while (std::fgets(line, sizeof line, pipe) != nullptr) {
        const std::string_view text(line);
        if (!text.starts_with("+F:")) continue;
        bytes_a_second = std::strtod(line + text.rfind(':') + 1, nullptr);
    }
    pclose(pipe);
    return bytes_a_second > 0 ? 64e6 / bytes_a_second : 0;
}

Row field_row(const std::string& name, double us, double floor_us) {
    Row row;
    row.name = name;
    row.value = us;
    row.unit = "us";
    row.better = Better::less;
    row.floor = floor_us;
    row.goal_ratio = 1 / allowed_over_openssl;
    row.note = "32 bytes, nonce and place included; floor: openssl speed, 64 bytes";
    return row;
}

std::vector<Row> field_rows() {
    crypto::CellCipher cipher(crypto::SecretKey::random());
    const auto place = crypto::Place::field(TenantId{}, Uuid{}, Uuid{}, 1, 1);
    const std::string plain(field_bytes, 'x');
    const double floor_us = openssl_us();
    std::string cell;
    const Timer sealing;
    for (std::size_t i = 0; i < rounds; ++i) cell = cipher.seal(plain, place, 1);
    const double seal_us = sealing.seconds() * 1e6 / rounds;
    std::size_t opened = 0;
    const Timer opening;
    for (std::size_t i = 0; i < rounds; ++i) opened += cipher.open(cell, place)->size();
    const double open_us = opening.seconds() * 1e6 / rounds;
    ensure(opened == rounds * field_bytes, "a cell did not open");
    const double floor_after = openssl_us();
    const double floor = std::max(floor_us, floor_after);
    return {field_row("seal_field", seal_us, floor), field_row("open_field", open_us, floor)};
}

/// keyd as it is, on a thread, with a database of its own.
class Keyd {
public:
    explicit Keyd(const std::string& dir)
        : cluster_(pgserver::Cluster::open({.data_dir = dir,
                                            .database = "keyring",
                                            .sizing = {.memory_bytes = std::uint64_t{256} << 20}})),
          socket_(dir + "/keyd.sock") {
        pgserver::ensure_roles(cluster_.admin_conninfo());
        migrate::apply(cluster_.conninfo(pgserver::owner_role), migrate::keyring_schema(),
                       {.by_version = "bench"});
        db_.emplace(runtime_, pg::Database::Options{.conninfo = cluster_.conninfo("entrepot_keyd"),
                                                    .connections_per_loop = 8});
        roots_ = keyd::file_roots({dir + "/roots"});
        offsite_.emplace(dir + "/roots");
        keyring_.emplace(
            *db_, *roots_, *offsite_, clock_,
            keyd::Keyring::Options{.limits = {.user = {1e9, 1e9}, .tenant = {1e9, 1e9}}});
        run_to_end(runtime_, [&] { return keyring_->open_up(); });
        server_.emplace(runtime_, *keyring_, socket_, std::vector<uid_t>{::geteuid()});
        server_->start(std::chrono::hours(1));
        thread_ = std::thread([this] { runtime_.run(); });
    }
    ~Keyd() {
        runtime_.stop();
        thread_.join();
        db_->close();
    }
    Keyd(const Keyd&) = delete;
    Keyd& operator=(const Keyd&) = delete;
    const std::string& socket() const { return socket_; }

private:
    pgserver::Cluster cluster_;
    std::string socket_;
    SystemClock clock_;
    Runtime runtime_{{.loops = 1, .cpu_threads = 1, .blocking_threads = 1}};
    std::optional<pg::Database> db_;
    std::unique_ptr<keyd::Roots> roots_;
    std::optional<keyd::OffsiteLedger> offsite_;
    std::optional<keyd::Keyring> keyring_;
    std::optional<keyd::Server> server_;
    std::thread thread_;
};

struct Readers {
    std::atomic<bool> stop{false};
    std::vector<double> ms;
    std::size_t failed = 0;

    double p99() {
        std::sort(ms.begin(), ms.end());
        return ms.empty() ? 0 : ms[ms.size() * 99 / 100];
    }
};

/// Opens one key a millisecond, on four connections, until told to stop.
Awaitable<void> read_keys(keys::Client& client, const keys::Request& ask,
                          const std::vector<Uuid>& ids, Readers& out, int lane) {
    constexpr int lanes = 4;
    const auto pace = std::chrono::microseconds(1'000'000 * lanes / readers_per_second);
    auto next = std::chrono::steady_clock::now();
    for (std::size_t n = static_cast<std::size_t>(lane); !out.stop; n += lanes) {
        keys::Request request = ask;
        request.ids = {ids[n * 7919 % ids.size()]};
        const Timer timer;
        const auto reply = co_await client.call(request);
        out.ms.push_back(timer.seconds() * 1e3);
        out.failed += reply.keys.at(0).key ? 0 : 1;
        next += pace;
        const auto now = std::chrono::steady_clock::now();
        if (next > now) co_await Runtime::sleep_for(next - now);
    }
}

Awaitable<void> make_keys(keys::Client& client, keys::Request make, std::int64_t count,
                          std::vector<Uuid>& ids) {
    while (static_cast<std::int64_t>(ids.size()) < count) {
        make.ids.clear();
        for (std::size_t i = 0; i < keys::ids_max; ++i)
            make.ids.push_back(crypto::new_uuid(SystemClock().now()));
        ids.insert(ids.end(), make.ids.begin(), make.ids.end());
        co_await client.call(make);
    }
}

Row turn_row(World& world) {
    const std::string dir = world.dir + "-keyd";
    std::filesystem::create_directories(dir);
    Row row;
    {
        const Keyd keyd(dir);
        Runtime runtime({.loops = 1, .cpu_threads = 1, .blocking_threads = 1});
        keys::Client client(runtime, keyd.socket());
        const std::int64_t count = world.sizes.all;
        keys::Request make;
        make.operation = keys::Operation::make;
        make.caller.tenant.value.bytes[0] = 7;
        make.caller.request_id = "bench";
        keys::Request ask = make;
        ask.operation = keys::Operation::open;
        ask.caller.purpose = keys::Purpose::fulfilment;
        std::vector<Uuid> ids;
        Readers before, during;
        double seconds = 0;
        run_to_end(runtime, [&] { return make_keys(client, make, count, ids); });
        const auto with_readers = [&](Readers& readers, std::function<Awaitable<void>()> work) {
            int left = 4;
            for (int lane = 0; lane < 4; ++lane)
                runtime.spawn(
                    0,
                    [&, lane]() -> Awaitable<void> {
                        co_await read_keys(client, ask, ids, readers, lane);
                        --left;
                    },
                    "reader");
            run_to_end(runtime, [&]() -> Awaitable<void> {
                co_await work();
                readers.stop = true;
                while (left > 0) co_await Runtime::sleep_for(std::chrono::milliseconds(5));
            });
        };
        Readers settling;
        with_readers(settling, [&]() -> Awaitable<void> {
            co_await Runtime::sleep_for(std::chrono::seconds(10));
        });
        with_readers(before, [&]() -> Awaitable<void> {
            co_await Runtime::sleep_for(std::chrono::seconds(15));
        });
        with_readers(during, [&]() -> Awaitable<void> {
            keys::Request turn;
            turn.operation = keys::Operation::turn;
            turn.caller.request_id = "bench";
            const Timer timer;
            co_await client.call(turn);
            seconds = timer.seconds();
        });
        row.name = "epoch_turn";
        row.value = seconds * 1e6 / static_cast<double>(ids.size());
        row.unit = "s/1M keys";
        row.better = Better::less;
        row.goal = turn_seconds_max;
        char note[200];
        std::snprintf(note, sizeof note,
                      "%zu keys, %.1f s; readers: %zu served, %zu failed, p99 %.1f ms (before: "
                      "%.1f)",
                      ids.size(), seconds, during.ms.size(), during.failed, during.p99(),
                      before.p99());
        row.note = note;
    }
    std::filesystem::remove_all(dir);
    return row;
}
}  // namespace

std::vector<Row> key_rows(World& world) {
    std::vector<Row> rows = field_rows();
    rows.push_back(turn_row(world));
    return rows;
}

}  // namespace entrepot::bench
