// `entrepot audit`: the key that signs, an export of the trail, and its verification by the program
// beside this one, which needs no database and which an auditor can run elsewhere.
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>

#include "app/commands.hpp"
#include "platform/audit/export.hpp"
#include "platform/audit/signer.hpp"
#include "platform/config/key_file.hpp"

namespace entrepot::app {
namespace fs = std::filesystem;

namespace {
struct ExportArguments {
    Common common;
    std::string tenant, out;
    std::uint64_t since_size = 0;
};

int print_key(const Common& common) {
    const auto signer =
        audit::signer_of_seed(config::load_or_create_key(common.audit_key_path(), common.data_dir));
    std::printf("%s\n", audit::hex_of(signer.public_key).c_str());
    return 0;
}

/// Written beside its place first: a file of that name is always a whole export.
class OutFile {
public:
    explicit OutFile(const std::string& path)
        : path_(path), file_(path + ".part", std::ios::binary | std::ios::trunc) {}
    ~OutFile() {
        std::error_code ignored;
        if (!kept_) fs::remove(path_ + ".part", ignored);
    }
    OutFile(const OutFile&) = delete;
    OutFile& operator=(const OutFile&) = delete;
    void write(const std::string& text) {
        if (!file_.write(text.data(), static_cast<std::streamsize>(text.size())))
            throw std::runtime_error("cannot write " + path_);
    }
    void keep() {
        if (!file_.flush()) throw std::runtime_error("cannot write " + path_);
        fs::rename(path_ + ".part", path_);
        kept_ = true;
    }

private:
    std::string path_;
    std::ofstream file_;
    bool kept_ = false;
};

int export_to_file(const ExportArguments& in) {
    audit::ExportOptions options;
    if (!in.tenant.empty()) {
        options.tenant = TenantId::parse(in.tenant);
        if (!options.tenant) throw std::runtime_error("--tenant takes a tenant's id");
    }
    options.since_size = in.since_size;
    SystemClock clock;
    DatabasePlace place(in.common.database());
    const auto instance = open_instance(in.common, place, clock);
    pg::Database sealer_db(instance->runtime(), {.conninfo = place.conninfo("entrepot_sealer"),
                                                 .connections_per_loop = 1});
    OutFile file(in.out);
    std::optional<audit::Exported> done;
    instance->run_once([&]() -> Awaitable<void> {
        done = co_await audit::export_trail(instance->services(), sealer_db, options,
                                            [&](const std::string& text) { file.write(text); });
    });
    sealer_db.close();
    if (!done) throw std::runtime_error("no audit row is sealed yet");
    file.keep();
    std::printf("%llu rows up to checkpoint %llu of %s\n",
                static_cast<unsigned long long>(done->rows),
                static_cast<unsigned long long>(done->checkpoint.number),
                format_instant(done->checkpoint.at).c_str());
    return 0;
}

/// The verifier lies beside this program, or in a build tree in the folder next to it.
fs::path verifier_path() {
    const fs::path here = fs::read_symlink("/proc/self/exe").parent_path();
    const fs::path beside_it = here / "entrepot-audit-verify";
    if (fs::exists(beside_it)) return beside_it;
    return (here / "../audit_verify/entrepot-audit-verify").lexically_normal();
}

int run_verifier(const std::vector<std::string>& arguments) {
    const std::string program = verifier_path();
    std::vector<char*> words{const_cast<char*>(program.c_str())};
    for (const std::string& argument : arguments)
        words.push_back(const_cast<char*>(argument.c_str()));
    words.push_back(nullptr);
    ::execv(program.c_str(), words.data());
    throw std::runtime_error("the verifier " + program + " cannot be started");
}
}  // namespace

Command add_audit(CLI::App& root) {
    CLI::App* command = root.add_subcommand("audit", "The trail: its key, its export, its proof");
    command->require_subcommand(1);
    auto key_common = std::make_shared<Common>();
    CLI::App* key = command->add_subcommand("key", "Print the public key that signs checkpoints");
    key_common->add_to(*key);
    auto exported = std::make_shared<ExportArguments>();
    CLI::App* out = command->add_subcommand(
        "export", "Write sealed audit rows, with what proves them, to a file (JSON lines)");
    exported->common.add_to(*out);
    out->add_option("--tenant", exported->tenant,
                    "Only this tenant, each row with its proof; default: the whole instance");
    out->add_option("--since-size", exported->since_size,
                    "Of one tenant: prove too that the tree continues the one of this size");
    out->add_option("--out", exported->out, "File to write")->required();
    CLI::App* verify =
        command->add_subcommand("verify", "Run entrepot-audit-verify, which has its own --help");
    verify->prefix_command();
    verify->set_help_flag();
    return [key, out, verify, key_common, exported] {
        if (key->parsed()) return print_key(*key_common);
        if (out->parsed()) return export_to_file(*exported);
        return run_verifier(verify->remaining());
    };
}

}  // namespace entrepot::app
