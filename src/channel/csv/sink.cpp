// Deflate at the fastest level: the file is read a few times and kept for some days.
#include "channel/csv/sink.hpp"

#include <fcntl.h>
#include <unistd.h>
#include <zlib.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <system_error>

#include "channel/csv/csv.hpp"

namespace entrepot::csv {
namespace {
bool is_out_of_space(int code) {
    return code == ENOSPC || code == EDQUOT || code == EFBIG;
}
Error no_space() {
    return make_error(errors::no_space,
                      "there is no room left on the server's disk; nothing was stored");
}
}  // namespace

Result<void> write_all(int file, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t count = ::write(file, bytes.data(), bytes.size());
        if (count >= 0) {
            bytes.remove_prefix(static_cast<std::size_t>(count));
        } else if (is_out_of_space(errno)) {
            return no_space();
        } else if (errno != EINTR) {
            throw std::system_error(errno, std::generic_category(), "write of an import");
        }
    }
    return {};
}

struct PackedFile::State {
    std::string path, temporary;
    int file = -1;
    z_stream stream{};
    std::array<char, std::size_t{64} << 10> buffer{};

    Result<void> deflate_all(int flush) {
        int code = Z_OK;
        do {
            stream.next_out = reinterpret_cast<Bytef*>(buffer.data());
            stream.avail_out = static_cast<uInt>(buffer.size());
            code = ::deflate(&stream, flush);
            ensure(code == Z_OK || code == Z_STREAM_END || code == Z_BUF_ERROR, "zlib refuses");
            TRY_VOID(write_all(file, {buffer.data(), buffer.size() - stream.avail_out}));
        } while (stream.avail_out == 0);
        return {};
    }
};

PackedFile::PackedFile(std::string path) : state_(std::make_unique<State>()) {
    state_->temporary = path + ".part";
    state_->path = std::move(path);
    state_->file =
        ::open(state_->temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (state_->file < 0)
        throw std::system_error(errno, std::generic_category(), "creation of an import's file");
    ensure(deflateInit2(&state_->stream, 1, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK,
           "zlib cannot start");
}

PackedFile::~PackedFile() {
    deflateEnd(&state_->stream);
    if (state_->file < 0) return;
    ::close(state_->file);
    ::unlink(state_->temporary.c_str());
}

Result<void> PackedFile::write(std::string_view bytes) {
    state_->stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    state_->stream.avail_in = static_cast<uInt>(bytes.size());
    return state_->deflate_all(Z_NO_FLUSH);
}

Result<void> PackedFile::finish() {
    TRY_VOID(state_->deflate_all(Z_FINISH));
    if (::fsync(state_->file) != 0) {
        if (is_out_of_space(errno)) return no_space();
        throw std::system_error(errno, std::generic_category(), "flush of an import's file");
    }
    if (::rename(state_->temporary.c_str(), state_->path.c_str()) != 0)
        throw std::system_error(errno, std::generic_category(), "naming of an import's file");
    ::close(state_->file);
    state_->file = -1;
    return {};
}

}  // namespace entrepot::csv
