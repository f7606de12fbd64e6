// Directories, key file and configuration text.
#include "backup/setup.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <set>
#include <stdexcept>

#include "base/text.hpp"
#include "platform/config/key_file.hpp"
#include "platform/pgserver/places.hpp"

namespace entrepot::backup {
namespace fs = std::filesystem;

namespace {
fs::path beside(const std::string& data_dir, const char* ending) {
    fs::path path = fs::weakly_canonical(fs::absolute(data_dir));
    if (!path.has_filename()) path = path.parent_path();
    path += ending;
    return path;
}

std::string shell_quoted(const std::string& word) {
    std::string out = "'";
    for (const char letter : word) {
        if (letter == '\'') out += "'\\'";
        if (letter == '%') out += '%';  // archive_command reads %p, %f and %%
        out += letter;
    }
    return out + '\'';
}

/// A directory of the user's own that nobody else may enter; what is above it is made when missing.
void make_private(const fs::path& directory, const pgserver::OsUser& user) {
    fs::create_directories(directory.parent_path());
    if (::mkdir(directory.c_str(), 0700) == 0) {
        if (::geteuid() == 0 && ::lchown(directory.c_str(), user.uid, user.gid) != 0)
            throw std::runtime_error("cannot give " + directory.string() + " to " + user.name);
        return;
    }
    if (errno != EEXIST)
        throw std::runtime_error("cannot make " + directory.string() + ": " + std::strerror(errno));
    struct stat found{};
    if (::lstat(directory.c_str(), &found) != 0 || !S_ISDIR(found.st_mode) ||
        found.st_uid != user.uid)
        throw std::runtime_error(directory.string() + " must be a directory of " + user.name +
                                 ", who runs PostgreSQL: chown it, or choose another");
}

std::string passphrase(const crypto::Bytes32& key, std::size_t repository) {
    return text::to_hex(
        crypto::hmac_sha256(key, "pgbackrest repository " + std::to_string(repository)));
}

std::string repository_lines(std::size_t number, const std::string& directory,
                             const crypto::Bytes32& key) {
    const std::string name = "repo" + std::to_string(number) + '-';
    return name + "path=" + directory + '\n' + name + "cipher-type=aes-256-cbc\n" + name +
           "cipher-pass=" + passphrase(key, number) + '\n' + name + "bundle=y\n" + name +
           "retention-full-type=time\n" + name + "retention-full=" + std::to_string(kept_days) +
           '\n';
}

std::string config_text(const std::string& data_dir, const std::vector<std::string>& directories,
                        const fs::path& socket, const crypto::Bytes32& key) {
    const std::string own = config_dir(data_dir).string();
    std::string out =
        "# Written anew when the server starts. Your own settings belong into conf.d beside it.\n"
        "[global]\n";
    for (std::size_t i = 0; i < directories.size(); ++i)
        out += repository_lines(i + 1, directories[i], key);
    out += "compress-type=zst\ncompress-level=3\nprocess-max=2\nstart-fast=y\n";
    out += "log-path=" + own + "/log\nlock-path=" + own + "/lock\nspool-path=" + own + "/spool\n";
    out += "log-level-file=info\nlog-level-console=warn\nlog-level-stderr=off\n";
    // Of the push alone: a restore beside it would wait for the push's lock.
    out += "\n[global:archive-push]\narchive-async=y\n";
    out += std::string("\n[") + stanza + "]\npg1-path=" + beside(data_dir, "").string() +
           "/pg/data\npg1-socket-path=" + socket.string() +
           "\npg1-port=5432\npg1-user=entrepot_backup\npg1-database=entrepot\n";
    return out;
}

void note_repositories(const fs::path& file, std::set<int>& out) {
    std::ifstream in(file);
    for (std::string line; std::getline(in, line);)
        if (line.starts_with("repo") && line.size() > 5 && line[5] == '-')
            if (const auto number = text::parse_int(line.substr(4, 1)))
                out.insert(static_cast<int>(*number));
}
}  // namespace

fs::path config_dir(const std::string& data_dir) {
    return beside(data_dir, ".pgbackrest");
}

fs::path config_file(const std::string& data_dir) {
    return config_dir(data_dir) / "pgbackrest.conf";
}

fs::path key_file(const std::string& data_dir) {
    return beside(data_dir, ".backup.key");
}

fs::path extra_dir(const std::string& data_dir) {
    return config_dir(data_dir) / "conf.d";
}

bool is_set_up(const std::string& data_dir) {
    std::error_code ignored;
    return fs::exists(config_file(data_dir), ignored);
}

std::string archive_command(const std::string& data_dir) {
    return std::string(program) + " --config=" + shell_quoted(config_file(data_dir).string()) +
           " --config-include-path=" + shell_quoted(extra_dir(data_dir).string()) +
           " --stanza=" + stanza + " archive-push %p";
}

void check_directories(const std::string& data_dir, const std::vector<std::string>& directories) {
    if (::access(program, X_OK) != 0)
        throw std::runtime_error(
            "backups need pgBackRest, and /usr/bin/pgbackrest is not here: install the Debian "
            "package pgbackrest, or start without --backup-dir");
    std::set<fs::path> seen;
    for (const std::string& directory : directories) {
        if (config::is_inside(directory, data_dir))
            throw std::runtime_error(
                "the backups must lie outside the data directory, whose fate "
                "they must not share: choose another --backup-dir");
        if (directory.find_first_of("\r\n") != std::string::npos)
            throw std::runtime_error("a backup directory's name has a line end in it");
        if (config::is_inside(key_file(data_dir).string(), directory))
            throw std::runtime_error("the key file of the backups, " + key_file(data_dir).string() +
                                     ", must not lie among them: choose another --backup-dir");
        if (!seen.insert(fs::weakly_canonical(directory)).second)
            throw std::runtime_error(
                "the two backup directories are one: the second stands for "
                "another site");
    }
}

void write_setup(const std::string& data_dir, const std::vector<std::string>& directories,
                 const fs::path& socket, const pgserver::OsUser& user) {
    std::vector<std::string> absolute;
    for (const std::string& directory : directories) {
        absolute.push_back(fs::weakly_canonical(fs::absolute(directory)).string());
        make_private(absolute.back(), user);
    }
    const fs::path own = config_dir(data_dir);
    make_private(own, user);
    for (const char* name : {"log", "lock", "spool", "conf.d"}) make_private(own / name, user);
    const crypto::Bytes32 key =
        config::load_or_create_key(key_file(data_dir).string(), beside(data_dir, "").string());
    pgserver::write_as(user, config_file(data_dir), config_text(data_dir, absolute, socket, key));
}

std::vector<int> repositories(const std::string& data_dir) {
    std::set<int> found;
    note_repositories(config_file(data_dir), found);
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(extra_dir(data_dir), ignored))
        if (entry.path().extension() == ".conf") note_repositories(entry.path(), found);
    return {found.begin(), found.end()};
}

}  // namespace entrepot::backup
