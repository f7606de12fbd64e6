// `entrepot serve`.
#include "app/serve.hpp"

#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <thread>

#include "api/dispatcher.hpp"
#include "app/identity.hpp"
#include "backup/schedule.hpp"
#include "backup/setup.hpp"
#include "platform/config/key_file.hpp"
#include "platform/crypto/certificate.hpp"
#include "platform/jobs/jobs.hpp"
#include "platform/pgserver/places.hpp"
#include "platform/pgserver/roles.hpp"
#include "platform/pgserver/session.hpp"
#include "platform/telemetry/log.hpp"

namespace entrepot::app {
namespace fs = std::filesystem;

namespace {
std::string read_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) throw std::runtime_error("cannot read " + path);
    return {std::istreambuf_iterator<char>(file), {}};
}

void write_private(const fs::path& path, const std::string& text) {
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    ::chmod(path.c_str(), 0600);
    file << text;
    if (!file.flush()) throw std::runtime_error("cannot write " + path.string());
}

/// The operator's certificate, else one of our own in the data directory, made at the first start.
void take_certificate(const ServeOptions& options, const Clock& clock,
                      http::Server::Options& server) {
    if (options.plain_http) return;
    std::string certificate = options.tls_cert;
    std::string key = options.tls_key;
    if (certificate.empty()) {
        const fs::path dir = fs::path(options.common.data_dir) / "tls";
        fs::create_directories(dir);
        certificate = dir / "certificate.pem";
        key = dir / "private_key.pem";
        if (!fs::exists(certificate) || !fs::exists(key)) {
            const auto made = crypto::self_signed({"localhost", "127.0.0.1"}, clock.now(), 825);
            write_private(key, made.private_key_pem);
            write_private(certificate, made.certificate_pem);
        }
    }
    server.certificate_pem = read_file(certificate);
    server.private_key_pem = read_file(key);
}

std::string audit_folder(const ServeOptions& options) {
    return options.audit_copy.empty() ? beside(options.common.data_dir, ".audit")
                                      : options.audit_copy;
}

Awaitable<void> watch_database(DatabasePlace& place, Runtime& runtime) {
    while (!runtime.stopping()) {
        co_await Runtime::sleep_for(std::chrono::seconds(1));
        std::function<void()> check = [&place] { place.ensure_running(); };
        co_await runtime.run_blocking(std::move(check));
    }
}
}  // namespace

void RunningServer::start_keyd(const ServeOptions& options) {
    const std::string dir = options.common.keys_path();
    fs::create_directories(dir);
    keyd_ = std::make_unique<ChildProcess>(
        fs::read_symlink("/proc/self/exe"),
        std::vector<std::string>{"keyd", "--keys-dir", dir, "--with-parent", "--allow-uid",
                                 std::to_string(::geteuid()), "--log-file", dir + "/keyd.log"},
        "listening");
}

/// One database has one keyring: beside another one, secrets would neither open nor be sealed so
/// that the first server opens them.
void RunningServer::meet_keyd(const ServeOptions& options) {
    if (options.new_keyring)
        pgserver::Session(place_->conninfo(pgserver::owner_role))
            .run("delete from platform.keyring");
    std::string foreign, away;
    instance_->run_once([&]() -> Awaitable<void> {
        try {
            co_await instance_->services().keys.meet();
        } catch (const keys::ForeignKeyring& error) {
            foreign = error.what();
        } catch (const keys::Unavailable& error) {
            away = error.what();
        }
    });
    if (!away.empty()) log::warning("serve.keyd_not_met", {{"why", away}});
    if (foreign.empty()) return;
    throw std::runtime_error(
        "one database has one keyring, and this server has been given another: " + foreign +
        ".\n  Another server runs on this database: give --keyd-socket, the socket of its keyd.\n"
        "  The directory of keys was moved or replaced: put it back at " +
        options.common.keys_path() +
        ".\n  The keyring is lost for ever: --new-keyring, once; docs/operators/keys.md says what "
        "is lost with it.");
}

/// A keyd of our own that has died is started again; until then sealed data fails closed.
Awaitable<void> RunningServer::watch_keyd(ServeOptions options) {
    Runtime& runtime = instance_->runtime();
    while (!runtime.stopping()) {
        co_await Runtime::sleep_for(std::chrono::seconds(1));
        std::function<void()> check = [&] {
            if (keyd_->alive()) return;
            log::error("serve.keyd_died");
            try {
                start_keyd(options);
            } catch (const std::exception& error) {
                log::error("serve.keyd_does_not_start", {{"why", error.what()}});
            }
        };
        co_await runtime.run_blocking(std::move(check));
    }
}

RunningServer::RunningServer(const ServeOptions& options, Clock& clock) : clock_(clock) {
    fs::create_directories(options.common.data_dir);
    DatabaseOptions database = options.common.database();
    database.archive = !options.backup_dirs.empty();
    if (database.archive) {
        if (!database.url.empty())
            throw std::runtime_error("--backup-dir is for the private database only");
        backup::check_directories(options.common.data_dir, options.backup_dirs);
    }
    place_ = std::make_unique<DatabasePlace>(database, false);
    // After the database: where that may not run, keyd may not either, and the database says why.
    if (options.common.keyd_socket.empty()) start_keyd(options);
    place_->migrate();
    if (const auto faults = place_->faults(); !faults.empty()) {
        std::string all = "the database is not as it must be:";
        for (const std::string& fault : faults) all += "\n  " + fault;
        throw std::runtime_error(all);
    }
    const fs::path uploads = fs::path(options.common.data_dir) / "uploads";
    fs::remove_all(uploads);
    fs::create_directories(uploads);

    Instance::Options wiring;
    wiring.app_conninfo = place_->conninfo("entrepot_app");
    wiring.jobs_conninfo = place_->conninfo("entrepot_jobs");
    wiring.data_dir = options.common.data_dir;
    wiring.secrets_key =
        config::load_or_create_key(options.common.key_path(), options.common.data_dir);
    wiring.keyd_socket = options.common.keyd_socket_path();
    wiring.allow_channel_endpoint = options.allow_channel_endpoint;
    wiring.channel_ca_file = options.channel_ca_file;
    wiring.loops = options.loops;
    wiring.public_url = options.public_url;
    if (wiring.public_url.empty())
        wiring.public_url = "https://localhost:" + std::to_string(options.port);
    instance_ = std::make_unique<Instance>(wiring, clock);
    meet_keyd(options);
    dispatcher_ = std::make_unique<api::Dispatcher>(instance_->services(), instance_->modules(),
                                                    account_identity(instance_->services()));

    Runtime& runtime = instance_->runtime();
    if (options.run_api) {
        http::Server::Options server;
        server.bind = options.bind;
        server.port = options.port;
        server.upload_dir = uploads;
        take_certificate(options, clock, server);
        const auto plan = [this](http::Method method, std::string_view path) {
            return dispatcher_->plan(method, path);
        };
        const auto dispatch = [this](http::Request& request) {
            return dispatcher_->dispatch(request);
        };
        const auto admit = [this](const http::Request& request) {
            return dispatcher_->admits(request);
        };
        server_ = std::make_unique<http::Server>(runtime, server, plan, dispatch, admit);
        port_ = server_->start();
    }
    if (options.run_workers)
        for (std::size_t loop = 0; loop < runtime.loop_count(); ++loop)
            for (std::size_t i = 0; i < options.workers_per_loop; ++i)
                runtime.spawn(loop, [this] { return jobs::work(instance_->services()); }, "worker");
    if (options.run_workers) start_sealing(options);
    if (options.run_workers && place_->is_private()) start_backups(options);
    if (place_->is_private())
        runtime.spawn(
            0, [this] { return watch_database(*place_, instance_->runtime()); }, "watch_database");
    if (keyd_) runtime.spawn(0, [this, options] { return watch_keyd(options); }, "watch_keyd");
}

void RunningServer::start_sealing(const ServeOptions& options) {
    audit::Sealer::Options sealing;
    sealing.conninfo = place_->conninfo("entrepot_sealer");
    sealing.signer = audit::signer_of_seed(
        config::load_or_create_key(options.common.audit_key_path(), options.common.data_dir));
    for (const std::string& words : options.former_audit_keys) {
        const auto key = audit::hash_of_hex(words);
        if (!key)
            throw std::runtime_error(
                "--audit-former-key takes 64 hexadecimal digits, as "
                "`entrepot audit key` prints them");
        sealing.former_keys.push_back(*key);
    }
    const std::string folder = audit_folder(options);
    if (config::is_inside(folder, options.common.data_dir))
        throw std::runtime_error(
            "the copy of the audit's checkpoints must lie outside the data directory, whose fate "
            "it must not share: choose another --audit-copy");
    sealing.copy_path = fs::path(folder) / "checkpoints.jsonl";
    sealer_ = std::make_unique<audit::Sealer>(instance_->runtime(), clock_, std::move(sealing));
    instance_->runtime().spawn(0, [this] { return sealer_->run(); }, "sealer");
}

void RunningServer::start_backups(const ServeOptions& options) {
    const std::string& data_dir = options.common.data_dir;
    const pgserver::OsUser user = pgserver::user_for(data_dir, std::nullopt);
    if (!options.backup_dirs.empty())
        backup::write_setup(data_dir, options.backup_dirs, place_->socket_directory(), user);
    if (!backup::is_set_up(data_dir)) {
        log::warning("backup.none", {{"remedy", "--backup-dir"}});
        return;
    }
    const auto absolute = [](const std::string& path) { return fs::absolute(path).string(); };
    backup::Schedule schedule;
    schedule.hour = options.backup_hour;
    schedule.reports = absolute(audit_folder(options));
    schedule.drill = {fs::read_symlink("/proc/self/exe").string(),
                      "drill",
                      "--data-dir",
                      absolute(data_dir),
                      "--key-file",
                      absolute(options.common.key_path()),
                      "--audit-key-file",
                      absolute(options.common.audit_key_path()),
                      "--keyd-socket",
                      absolute(options.common.keyd_socket_path())};
    fs::create_directories(schedule.reports);
    instance_->runtime().spawn(
        0,
        [this, data_dir, user, schedule] {
            return backup::keep_backing_up(instance_->runtime(), clock_, data_dir, user,
                                           place_->conninfo("entrepot_backup"), schedule);
        },
        "backup");
}

RunningServer::~RunningServer() = default;

void RunningServer::stop() {
    instance_->runtime().stop();
}

void block_stop_signals() {
    sigset_t signals;
    sigemptyset(&signals);
    for (const int signal : {SIGINT, SIGTERM, SIGPIPE}) sigaddset(&signals, signal);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

void RunningServer::run() {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    std::thread waiter([&] {
        int received = 0;
        while (!instance_->runtime().stopping()) {
            const timespec half_second{0, 200'000'000};
            received = sigtimedwait(&signals, nullptr, &half_second);
            if (received > 0) stop();
        }
    });
    instance_->runtime().run();
    stop();
    waiter.join();
}

Command add_serve(CLI::App& root) {
    CLI::App* command = root.add_subcommand("serve", "Run the server: API, console and workers");
    auto options = std::make_shared<ServeOptions>();
    options->common.add_to(*command);
    command->add_option("--bind", options->bind, "Address to listen on")->capture_default_str();
    command->add_option("--port", options->port, "Port; 0 = the kernel chooses")
        ->capture_default_str();
    command->add_option("--tls-cert", options->tls_cert,
                        "Certificate chain (PEM); default: a self-signed one for localhost");
    command->add_option("--tls-key", options->tls_key, "Its private key (PEM)");
    command->add_option("--public-url", options->public_url,
                        "Address that people use, for links in invitations");
    command->add_flag("--plain-http", options->plain_http,
                      "No TLS here: only behind a proxy on the same machine");
    auto roles = std::make_shared<std::string>("api,worker");
    command->add_option("--roles", *roles, "What this process does: api, worker, or both")
        ->capture_default_str();
    command->add_flag(
        "--allow-channel-endpoint", options->allow_channel_endpoint,
        "Shops may name another endpoint than Amazon's (marketsim); never in production");
    command->add_option("--channel-ca", options->channel_ca_file,
                        "Authority to trust for such endpoints (PEM)");
    command->add_option(
        "--audit-copy", options->audit_copy,
        "Directory where each checkpoint of the audit is copied to, best on another "
        "machine (default: <data-dir>.audit)");
    command->add_flag("--new-keyring", options->new_keyring,
                      "The keyring of this database is lost: take the one that keyd has now. What "
                      "was sealed under the lost one stays shut");
    auto backup_dir = std::make_shared<std::string>();
    auto second_backup_dir = std::make_shared<std::string>();
    auto* first = command
                      ->add_option("--backup-dir", *backup_dir,
                                   "Back the private database up into this directory with "
                                   "pgBackRest, continuously; stays in force until changed")
                      ->envname("ENTREPOT_BACKUP_DIR");
    command
        ->add_option("--second-backup-dir", *second_backup_dir,
                     "And into this one, best at another site")
        ->envname("ENTREPOT_SECOND_BACKUP_DIR")
        ->needs(first);
    command->add_option("--backup-hour", options->backup_hour, "When a day's backup begins, UTC")
        ->check(CLI::Range(0, 23))
        ->capture_default_str();
    command->add_option("--audit-former-key", options->former_audit_keys,
                        "Public key that signed checkpoints before the present one");
    command->add_option("--loops", options->loops, "Event loops; 0 = one a core")
        ->capture_default_str();
    auto log_file = std::make_shared<std::string>();
    command->add_option("--log-file", *log_file, "Log file; default: standard error");
    return [options, roles, log_file, backup_dir, second_backup_dir] {
        for (const std::string& dir : {*backup_dir, *second_backup_dir})
            if (!dir.empty()) options->backup_dirs.push_back(dir);
        options->run_api = roles->find("api") != std::string::npos;
        options->run_workers = roles->find("worker") != std::string::npos;
        if (!options->run_api && !options->run_workers)
            throw std::runtime_error("--roles takes api, worker, or api,worker");
        block_stop_signals();
        log::open(*log_file, log::Level::info);
        SystemClock clock;
        RunningServer server(*options, clock);
        std::printf("entrepot listening on %s://%s:%u\n", options->plain_http ? "http" : "https",
                    options->bind.c_str(), server.port());
        std::fflush(stdout);
        server.run();
        return 0;
    };
}

}  // namespace entrepot::app
