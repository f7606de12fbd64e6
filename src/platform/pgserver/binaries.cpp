// Looks for PostgreSQL where Debian puts it, or asks a given directory for its version.
#include "platform/pgserver/binaries.hpp"

#include <unistd.h>

#include <charconv>
#include <stdexcept>
#include <string>

#include "platform/pgserver/process.hpp"

namespace entrepot::pgserver {
namespace {

namespace fs = std::filesystem;

int number_in(std::string_view text) {
    int number = 0;
    const auto first = text.find_first_of("0123456789");
    if (first == std::string_view::npos) return 0;
    std::from_chars(text.data() + first, text.data() + text.size(), number);
    return number;
}

bool complete(const fs::path& directory) {
    return access((directory / "postgres").c_str(), X_OK) == 0 &&
           access((directory / "initdb").c_str(), X_OK) == 0;
}

int version_of(const fs::path& directory) {
    std::string folder = (fs::temp_directory_path() / "entrepot-version-XXXXXX").string();
    if (mkdtemp(folder.data()) == nullptr) throw std::runtime_error("cannot write to " + folder);
    const fs::path output = fs::path(folder) / "out";
    const int code =
        wait_for(spawn({{(directory / "postgres").string(), "--version"}, own_user(), output, 0}));
    const std::string text = tail(output);
    fs::remove_all(folder);
    if (code != 0) throw std::runtime_error((directory / "postgres").string() + ": " + text);
    return number_in(text);
}

Binaries newest(std::optional<int> major) {
    Binaries best;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator("/usr/lib/postgresql", ignored)) {
        const int found = number_in(entry.path().filename().string());
        const bool fits = major ? found == *major : found > best.major;
        if (fits && complete(entry.path() / "bin")) best = {entry.path() / "bin", found};
    }
    return best;
}

}  // namespace

Binaries find_binaries(const std::optional<fs::path>& directory, std::optional<int> major) {
    Binaries found;
    if (directory) {
        if (!complete(*directory)) {
            throw std::runtime_error("no programs postgres and initdb in " + directory->string());
        }
        found = {*directory, version_of(*directory)};
    } else {
        found = newest(major);
    }
    if (major && found.major != *major) {
        const std::string number = std::to_string(*major);
        throw std::runtime_error("the data directory was made by PostgreSQL " + number +
                                 ", whose programs are not here; install the Debian package "
                                 "postgresql-" +
                                 number + " or carry the data over by pg_upgrade");
    }
    if (found.major < oldest_major) {
        const std::string have =
            found.major == 0 ? std::string("none") : "version " + std::to_string(found.major);
        throw std::runtime_error("PostgreSQL " + std::to_string(oldest_major) +
                                 " or later is needed, found " + have +
                                 "; install it: apt-get install postgresql");
    }
    return found;
}

}  // namespace entrepot::pgserver
