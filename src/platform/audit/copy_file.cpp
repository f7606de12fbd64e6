// Appends with O_APPEND and fdatasync; a lock on the file keeps a second writer out.
#include "platform/audit/copy_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <stdexcept>

#include "platform/audit/trail_file.hpp"

namespace entrepot::audit {
namespace fs = std::filesystem;

namespace {
/// Longer than any line of a checkpoint.
constexpr off_t tail_bytes = 4096;

[[noreturn]] void fail(const std::string& path, const char* what) {
    throw std::runtime_error("the copy of the checkpoints " + path + ' ' + what + ": " +
                             std::strerror(errno));
}
}  // namespace

CopyFile::~CopyFile() {
    close();
}

void CopyFile::close() {
    if (file_ >= 0) ::close(file_);
    file_ = -1;
}

bool CopyFile::is_gone() const {
    struct stat by_path{};
    struct stat by_file{};
    return file_ >= 0 && (::stat(path_.c_str(), &by_path) != 0 || ::fstat(file_, &by_file) != 0 ||
                          by_path.st_ino != by_file.st_ino || by_path.st_dev != by_file.st_dev);
}

void CopyFile::open() {
    if (is_gone()) close();
    if (file_ >= 0) return;
    std::error_code ignored;
    const fs::path folder = fs::path(path_).parent_path();
    fs::create_directories(folder, ignored);
    const int file = ::open(path_.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (file < 0) fail(path_, "cannot be opened");
    if (::flock(file, LOCK_EX | LOCK_NB) != 0) {
        ::close(file);
        throw std::runtime_error("the copy of the checkpoints " + path_ +
                                 " is written by another process: give each its own directory");
    }
    file_ = file;
    // The name of a new file must outlive a power cut too.
    const int directory = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory >= 0) {
        ::fsync(directory);
        ::close(directory);
    }
}

std::optional<Checkpoint> CopyFile::last() {
    open();
    struct stat info{};
    if (::fstat(file_, &info) != 0) fail(path_, "cannot be read");
    const off_t from = std::max<off_t>(0, info.st_size - tail_bytes);
    std::string tail(static_cast<std::size_t>(info.st_size - from), '\0');
    if (::pread(file_, tail.data(), tail.size(), from) != static_cast<ssize_t>(tail.size()))
        fail(path_, "cannot be read");
    const std::size_t end = tail.rfind('\n');
    if (end != tail.size() - 1 && !tail.empty()) {
        const off_t whole = end == tail.npos ? 0 : from + static_cast<off_t>(end) + 1;
        if (end == tail.npos && from > 0)
            throw std::runtime_error(path_ + " is not a copy of checkpoints");
        if (::ftruncate(file_, whole) != 0) fail(path_, "cannot be repaired");
    }
    if (end == tail.npos) return std::nullopt;
    tail.resize(end);
    const std::size_t begin = tail.rfind('\n');
    const auto line = read_line(std::string_view(tail).substr(begin == tail.npos ? 0 : begin + 1));
    if (!line || !std::holds_alternative<Checkpoint>(*line))
        throw std::runtime_error(path_ + " is not a copy of checkpoints");
    return std::get<Checkpoint>(*line);
}

void CopyFile::append(std::span<const Checkpoint> checkpoints) {
    open();
    std::string text;
    for (const Checkpoint& checkpoint : checkpoints) write_line(text, checkpoint);
    std::string_view rest = text;
    while (!rest.empty()) {
        const ssize_t written = ::write(file_, rest.data(), rest.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) fail(path_, "cannot be written");
        rest.remove_prefix(static_cast<std::size_t>(written));
    }
    if (::fdatasync(file_) != 0) fail(path_, "cannot be written");
}

}  // namespace entrepot::audit
