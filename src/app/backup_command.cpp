// `entrepot backup` and `entrepot drill`: make a backup now; restore one and try it.
#include <sys/stat.h>

#include <cstdio>
#include <fstream>

#include "api/dispatcher.hpp"
#include "app/commands.hpp"
#include "backup/drill.hpp"
#include "backup/run.hpp"
#include "backup/setup.hpp"
#include "platform/audit/hash.hpp"
#include "platform/config/key_file.hpp"
#include "platform/json/writer.hpp"
#include "platform/pgserver/places.hpp"

namespace entrepot::app {
namespace {
constexpr int faults_found = 3;

struct DrillArguments {
    Common common;
    backup::Wanted wanted;
    std::string until, set, out, verify, public_key;
};

void require_set_up(const Common& common) {
    if (!common.database_url.empty())
        throw std::runtime_error(
            "the backup of a database of your own (--database-url) is yours too; "
            "docs/operators/backup.md says what it must do");
    if (!backup::is_set_up(common.data_dir))
        throw std::runtime_error("no backup is set up for " + common.data_dir +
                                 ": start the server with --backup-dir");
}

backup::Tool tool_of(const Common& common) {
    return {common.data_dir, pgserver::user_for(common.data_dir, std::nullopt)};
}

template <class Row>
void record(Instance& instance, const DatabasePlace& place,
            Awaitable<void> (*add)(pg::Database&, const Row&), const Row& row) {
    pg::Database db(instance.runtime(),
                    {.conninfo = place.conninfo("entrepot_backup"), .connections_per_loop = 1});
    instance.run_once([&]() -> Awaitable<void> { co_await add(db, row); });
    db.close();
}

int back_up(const Common& common, const std::string& kind, int only) {
    require_set_up(common);
    SystemClock clock;
    DatabasePlace place(common.database());
    const auto instance = open_instance(common, place, clock);
    const backup::Tool tool = tool_of(common);
    if (const std::string why = backup::prepare(tool); !why.empty())
        throw std::runtime_error("the backup is not ready: " + why);
    int worst = 0;
    for (const int repository : backup::repositories(common.data_dir)) {
        if (only != 0 && only != repository) continue;
        const auto row = backup::take(tool, repository, kind, clock);
        record(*instance, place, &backup::store::add_run, row);
        std::printf("%s\n",
                    common.json ? json::to_json(row).c_str() : backup::line_of(row).c_str());
        std::fflush(stdout);
        if (row.outcome != "done") worst = 1;
    }
    return worst;
}

/// Whole or not at all.
void write_report(const std::string& path, const std::string& text) {
    const std::string part = path + ".part";
    std::ofstream file(part, std::ios::binary | std::ios::trunc);
    ::chmod(part.c_str(), 0600);
    file << text;
    if (!file.flush()) throw std::runtime_error("cannot write " + part);
    file.close();
    std::filesystem::rename(part, path);
}

int verify_report(const DrillArguments& in) {
    std::ifstream file(in.verify, std::ios::binary);
    if (!file) throw std::runtime_error("cannot read " + in.verify);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    std::optional<audit::PublicKey> key;
    if (!in.public_key.empty()) {
        key = audit::hash_of_hex(in.public_key);
        if (!key)
            throw std::runtime_error(
                "--public-key takes 64 hexadecimal digits, as "
                "`entrepot audit key` prints them");
    }
    const std::string why = backup::verify_report(text, key);
    if (!why.empty()) {
        std::printf("%s: %s\n", in.verify.c_str(), why.c_str());
        return faults_found;
    }
    std::printf("%s is as it was signed%s\n", in.verify.c_str(),
                key ? ", with the given key"
                    : "; with a key that the file itself names: give --public-key");
    return 0;
}

int run_drill(DrillArguments in) {
    if (!in.verify.empty()) return verify_report(in);
    require_set_up(in.common);
    if (!in.set.empty()) in.wanted.set = in.set;
    if (!in.until.empty()) in.wanted.until = in.until;
    SystemClock clock;
    DatabasePlace place(in.common.database());
    const auto instance = open_instance(in.common, place, clock);
    const auto signer = audit::signer_of_seed(
        config::load_or_create_key(in.common.audit_key_path(), in.common.data_dir));
    backup::DrillOptions options;
    options.wanted = in.wanted;
    options.version = std::string(api::version());
    options.admin_conninfo = place.conninfo("postgres");
    options.audit_key = signer.public_key;
    const auto report = backup::drill(instance->services(), tool_of(in.common), options);
    const std::string text = backup::signed_report(report, signer);
    record(*instance, place, &backup::store::add_drill, backup::row_of(report, text));
    if (!in.out.empty()) write_report(in.out, text);
    std::printf("%s", in.common.json ? text.c_str() : backup::summary(report).c_str());
    if (!in.out.empty() && !in.common.json) std::printf("  signed report     %s\n", in.out.c_str());
    return report.faults.empty() ? 0 : faults_found;
}
}  // namespace

Command add_backup(CLI::App& root) {
    CLI::App* command = root.add_subcommand("backup", "Make a backup now, in every repository");
    auto common = std::make_shared<Common>();
    auto kind = std::make_shared<std::string>("incr");
    auto repository = std::make_shared<int>(0);
    common->add_to(*command);
    command
        ->add_option("--kind", *kind,
                     "full; diff: what changed since the last full one; incr: since the last one")
        ->check(CLI::IsMember({"full", "diff", "incr"}))
        ->capture_default_str();
    command->add_option("--repo", *repository, "Only this repository");
    return [common, kind, repository] { return back_up(*common, *kind, *repository); };
}

Command add_drill(CLI::App& root) {
    CLI::App* command = root.add_subcommand(
        "drill",
        "Restore a backup beside the running server, try it, destroy it, and report (exit code 3: "
        "something is wrong)");
    auto in = std::make_shared<DrillArguments>();
    in->common.add_to(*command);
    command->add_option("--repo", in->wanted.repository, "Repository to restore from")
        ->capture_default_str();
    auto* at = command->add_option("--at", in->until,
                                   "State of this moment, with its zone: "
                                   "2026-11-22 09:30:00+00");
    command->add_option("--set", in->set, "This backup as it was, not the newest state")
        ->excludes(at);
    command->add_option("--scratch", in->wanted.scratch,
                        "Empty directory to restore into (default: <data-dir>.drill)");
    command->add_flag("--keep", in->wanted.keep, "Leave the scratch directory");
    command->add_option("--out", in->out, "File for the signed report");
    command->add_option("--verify", in->verify, "Verify a signed report instead");
    command->add_option("--public-key", in->public_key,
                        "Key that must have signed it, as `entrepot audit key` prints it");
    return [in] { return run_drill(*in); };
}

}  // namespace entrepot::app
