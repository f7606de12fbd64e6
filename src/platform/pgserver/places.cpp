// Directories of the cluster. Whatever lies in a directory that the unprivileged user owns is
// touched as that user, so that a link planted there cannot lead root astray.
#include "platform/pgserver/places.hpp"

#include <fcntl.h>
#include <openssl/evp.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "platform/pgserver/cluster.hpp"
#include "platform/pgserver/process.hpp"

namespace entrepot::pgserver {
namespace {

namespace fs = std::filesystem;

// sizeof(sun_path) is 108 with its end mark; "/.s.PGSQL.5432.lock" is the longest name beside it.
constexpr std::size_t longest_socket_directory = 107 - 19;

[[noreturn]] void refuse(const std::string& what) {
    throw ClusterError(what + ": " + std::strerror(errno));
}

std::string short_digest(const std::string& text) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr);
    std::string out;
    constexpr std::string_view letters = "0123456789abcdef";
    for (std::size_t i = 0; i < 8; ++i) {
        out += letters[digest[i] >> 4];
        out += letters[digest[i] & 15];
    }
    return out;
}

void check_reachable(const fs::path& directory, const OsUser& user) {
    fs::path upto;
    for (const fs::path& part : directory) {
        upto /= part;
        const std::string step = upto.string();
        if (run_as(user, [&step] { return access(step.c_str(), X_OK) == 0 ? 0 : 1; }) == 0)
            continue;
        throw ClusterError("the user " + user.name + ", who runs PostgreSQL, cannot enter " + step +
                           "; choose a data directory that everybody may pass through to (such as "
                           "/var/lib/entrepot), or allow it: chmod o+x " +
                           step);
    }
}

void make_private(const fs::path& directory, const OsUser& user) {
    if (mkdir(directory.c_str(), 0700) == 0) {
        if (geteuid() == 0 && lchown(directory.c_str(), user.uid, user.gid) != 0) {
            refuse("cannot give " + directory.string() + " to " + user.name);
        }
        return;
    }
    struct stat found{};
    if (errno != EEXIST) refuse("cannot make " + directory.string());
    if (lstat(directory.c_str(), &found) != 0) refuse("cannot look at " + directory.string());
    if (!S_ISDIR(found.st_mode) || found.st_uid != user.uid || (found.st_mode & 077) != 0) {
        throw ClusterError(directory.string() + " must be a directory of " + user.name +
                           " that nobody else may enter (mode 0700)");
    }
}

void make_inside(const fs::path& directory, const OsUser& user) {
    const std::string name = directory.string();
    const int code =
        run_as(user, [&name] { return mkdir(name.c_str(), 0700) == 0 || errno == EEXIST ? 0 : 1; });
    if (code != 0) throw ClusterError(user.name + " cannot make " + name);
}

fs::path short_socket_directory(const fs::path& root, const OsUser& user) {
    const char* own = std::getenv("XDG_RUNTIME_DIR");
    fs::path base = "/tmp";
    if (geteuid() == 0) {
        base = "/run";
    } else if (own != nullptr && std::strlen(own) < 48 && access(own, W_OK | X_OK) == 0) {
        base = own;
    }
    fs::path directory = base / ("entrepot-pg-" + short_digest(root.string()));
    make_private(directory, user);
    return directory;
}

}  // namespace

int lock_data_dir(const fs::path& data_dir) {
    std::error_code failed;
    fs::create_directories(data_dir.parent_path(), failed);
    // As root, others may pass through (not list): the unprivileged user must get to pg inside.
    const mode_t mode = geteuid() == 0 ? 0711 : 0700;
    if (mkdir(data_dir.c_str(), mode) != 0 && errno != EEXIST) {
        refuse("cannot make the data directory " + data_dir.string());
    }
    const std::string name = (data_dir / "pg.lock").string();
    const int lock = ::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (lock < 0) refuse("cannot write " + name);
    if (flock(lock, LOCK_EX | LOCK_NB) != 0) {
        const int reason = errno;
        std::string holder = tail(name);
        close(lock);
        if (reason != EWOULDBLOCK) throw ClusterError("cannot lock " + name);
        throw ClusterBusy("the data directory " + data_dir.string() + " is in use by process " +
                          holder + "; stop that one first, or use another directory");
    }
    const std::string self = std::to_string(getpid());
    if (ftruncate(lock, 0) != 0 || pwrite(lock, self.data(), self.size(), 0) < 0) {
        close(lock);
        refuse("cannot write " + name);
    }
    return lock;
}

OsUser user_for(const fs::path& data_dir, const std::optional<std::string>& wanted) {
    struct stat found{};
    if (lstat((data_dir / "pg").c_str(), &found) != 0) return choose_os_user(wanted);
    const OsUser owner = os_user_of(found.st_uid);
    if (owner.uid == 0) throw ClusterError((data_dir / "pg").string() + " belongs to root");
    if ((geteuid() != 0 && owner.uid != geteuid()) || (wanted && *wanted != owner.name)) {
        throw ClusterError("the cluster in " + data_dir.string() + " belongs to " + owner.name +
                           "; run as that user or as root, or give the directory pg over by chown");
    }
    return owner;
}

Places make_places(const fs::path& data_dir, const OsUser& user) {
    struct stat own{};
    if (user.uid != geteuid() && lstat(data_dir.c_str(), &own) == 0 && own.st_uid == geteuid() &&
        (own.st_mode & S_IXOTH) == 0) {
        chmod(data_dir.c_str(), (own.st_mode & 07777) | S_IXOTH);
    }
    check_reachable(data_dir, user);
    Places places{data_dir / "pg", data_dir / "pg/data", data_dir / "pg/log", data_dir / "pg/run"};
    make_private(places.root, user);
    make_inside(places.log, user);
    if (places.socket.string().size() <= longest_socket_directory) {
        make_inside(places.socket, user);
    } else {
        places.socket = short_socket_directory(places.root, user);
    }
    return places;
}

void write_as(const OsUser& user, const fs::path& file, const std::string& text) {
    const std::string name = file.string();
    const std::string fresh = name + ".new";
    const int code = run_as(user, [&name, &fresh, &text] {
        unlink(fresh.c_str());
        const int out = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0600);
        if (out < 0) return 1;
        if (write(out, text.data(), text.size()) != static_cast<ssize_t>(text.size())) return 2;
        if (fsync(out) != 0 || close(out) != 0) return 3;
        return rename(fresh.c_str(), name.c_str()) == 0 ? 0 : 4;
    });
    if (code != 0) throw ClusterError(user.name + " cannot write " + name + " (is the disk full?)");
}

}  // namespace entrepot::pgserver
