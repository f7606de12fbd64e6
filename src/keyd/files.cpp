// POSIX calls with every result looked at.
#include "keyd/files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <stdexcept>
#include <system_error>
#include <vector>

#include "platform/crypto/crypto.hpp"

namespace entrepot::keyd {
namespace {
class File {
public:
    File(const std::string& path, int flags) : path_(path), fd_(::open(path.c_str(), flags, 0600)) {
        if (fd_ < 0) fail("open");
    }
    ~File() { ::close(fd_); }
    File(const File&) = delete;
    File& operator=(const File&) = delete;

    void write(std::string_view text) {
        while (!text.empty()) {
            const ssize_t done = ::write(fd_, text.data(), text.size());
            if (done < 0 && errno == EINTR) continue;
            if (done <= 0) fail("write");
            text.remove_prefix(static_cast<std::size_t>(done));
        }
    }
    void sync() {
        if (::fsync(fd_) != 0) fail("sync");
    }
    std::size_t size() {
        struct stat seen{};
        if (::fstat(fd_, &seen) != 0) fail("stat");
        return static_cast<std::size_t>(seen.st_size);
    }
    std::string read_all() {
        std::string out(size(), '\0');
        std::size_t at = 0;
        while (at < out.size()) {
            const ssize_t got = ::read(fd_, out.data() + at, out.size() - at);
            if (got < 0 && errno == EINTR) continue;
            if (got < 0) fail("read");
            if (got == 0) break;
            at += static_cast<std::size_t>(got);
        }
        out.resize(at);
        return out;
    }

private:
    [[noreturn]] void fail(const char* what) const {
        throw std::system_error(errno, std::generic_category(),
                                std::string("cannot ") + what + ' ' + path_);
    }
    std::string path_;
    int fd_;
};

void sync_directory_of(const std::string& path) {
    const auto directory = std::filesystem::path(path).parent_path();
    File(directory.empty() ? "." : directory.string(), O_RDONLY | O_DIRECTORY | O_CLOEXEC).sync();
}
}  // namespace

std::optional<std::string> read_small_file(const std::string& path) {
    if (!std::filesystem::exists(path)) return std::nullopt;
    return File(path, O_RDONLY | O_CLOEXEC).read_all();
}

void write_durably(const std::string& path, std::string_view text) {
    const std::string beside = path + ".new";
    {
        File file(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC);
        file.write(text);
        file.sync();
    }
    std::filesystem::rename(beside, path);
    sync_directory_of(path);
}

void append_durably(const std::string& path, std::string_view line) {
    const bool is_new = !std::filesystem::exists(path);
    File file(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC);
    file.write(line);
    file.sync();
    if (is_new) sync_directory_of(path);
}

void shred(const std::string& path) {
    if (!std::filesystem::exists(path)) return;
    {
        File file(path, O_WRONLY | O_CLOEXEC);
        std::vector<std::uint8_t> noise(file.size());
        crypto::random_bytes(noise);
        file.write({reinterpret_cast<const char*>(noise.data()), noise.size()});
        file.sync();
    }
    std::filesystem::remove(path);
    sync_directory_of(path);
}

}  // namespace entrepot::keyd
