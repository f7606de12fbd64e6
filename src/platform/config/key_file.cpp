// Key file handling: created with O_EXCL, checked on every start.
#include "platform/config/key_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <stdexcept>

namespace entrepot::config {
namespace fs = std::filesystem;

namespace {
void create(const std::string& path) {
    fs::create_directories(fs::path(path).parent_path());
    crypto::Bytes32 key{};
    crypto::random_bytes(key);
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0) throw std::runtime_error("the key file " + path + " cannot be created");
    const bool written =
        ::write(file, key.data(), key.size()) == static_cast<ssize_t>(key.size()) &&
        ::fsync(file) == 0;
    ::close(file);
    if (!written) throw std::runtime_error("the key file " + path + " cannot be written");
}
}  // namespace

bool is_inside(const std::string& path, const std::string& dir) {
    const auto relative = fs::weakly_canonical(path).lexically_relative(fs::weakly_canonical(dir));
    return !dir.empty() && !relative.empty() && *relative.begin() != "..";
}

crypto::Bytes32 load_or_create_key(const std::string& path, const std::string& data_dir) {
    const fs::path whole = fs::weakly_canonical(path);
    if (is_inside(path, data_dir))
        throw std::runtime_error(
            "the key file must lie outside the data directory (keys are kept apart from data): "
            "choose another --key-file");
    if (!fs::exists(whole)) create(whole);
    struct stat info{};
    const int file = ::open(whole.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0 || ::fstat(file, &info) != 0)
        throw std::runtime_error("the key file " + path + " cannot be read");
    crypto::Bytes32 key{};
    const bool whole_key = info.st_size == static_cast<off_t>(key.size()) &&
                           ::read(file, key.data(), key.size()) == static_cast<ssize_t>(key.size());
    ::close(file);
    if ((info.st_mode & 077) != 0)
        throw std::runtime_error("the key file " + path + " can be read by others: chmod 600 it");
    if (!whole_key)
        throw std::runtime_error("the key file " + path +
                                 " does not hold 32 bytes: restore it from its own backup");
    return key;
}

}  // namespace entrepot::config
