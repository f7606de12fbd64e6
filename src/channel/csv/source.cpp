// Inflating by zlib. Limits are checked on every step, so that a bomb costs one buffer.
#include "channel/csv/source.hpp"

#include <fcntl.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>

#include "channel/csv/csv.hpp"

namespace entrepot::csv {

Result<std::size_t> MemorySource::read(std::span<char> out) {
    const std::size_t count = std::min(out.size(), bytes_.size());
    std::memcpy(out.data(), bytes_.data(), count);
    bytes_.remove_prefix(count);
    return count;
}

FileSource::FileSource(const std::string& path)
    : file_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
    if (file_ < 0) throw std::system_error(errno, std::generic_category(), "open of an import");
}

FileSource::~FileSource() {
    ::close(file_);
}

Result<std::size_t> FileSource::read(std::span<char> out) {
    for (;;) {
        const ssize_t count = ::read(file_, out.data(), out.size());
        if (count >= 0) return static_cast<std::size_t>(count);
        if (errno != EINTR)
            throw std::system_error(errno, std::generic_category(), "read of an import");
    }
}

struct UnpackedSource::State {
    enum class Form { unknown, plain, gzip };

    ByteSource& packed;
    InflateLimits limits;
    Form form = Form::unknown;
    z_stream stream{};
    std::array<char, std::size_t{64} << 10> buffer{};
    std::size_t begin = 0, end = 0;
    std::uint64_t bytes_in = 0, bytes_out = 0;
    bool packed_ended = false, member_ended = false;
    std::string head;  ///< first inflated bytes, to tell an archive inside the archive

    State(ByteSource& source, InflateLimits bounds) : packed(source), limits(bounds) {}
    ~State() {
        if (form == Form::gzip) inflateEnd(&stream);
    }
    State(const State&) = delete;
    State& operator=(const State&) = delete;

    /// Keeps unread bytes and adds to them.
    Result<bool> fill() {
        std::memmove(buffer.data(), buffer.data() + begin, end - begin);
        end -= begin;
        begin = 0;
        TRY(const std::size_t count,
            packed.read(std::span(buffer).subspan(end, buffer.size() - end)));
        end += count;
        bytes_in += count;
        packed_ended = count == 0;
        return count != 0;
    }

    std::string_view waiting() const { return {buffer.data() + begin, end - begin}; }

    Result<void> tell_form() {
        while (waiting().size() < 4 && !packed_ended) {
            TRY([[maybe_unused]] const bool more, fill());
        }
        if (waiting().starts_with("\x1f\x8b")) {
            ensure(inflateInit2(&stream, 15 + 16) == Z_OK, "zlib cannot start");
            form = Form::gzip;
        } else {
            form = Form::plain;
            if (is_container(waiting())) return not_a_table();
        }
        return {};
    }

    static bool is_container(std::string_view bytes) {
        using namespace std::string_view_literals;
        constexpr std::array magics{"PK\x03\x04"sv,
                                    "PK\x05\x06"sv,
                                    "\xD0\xCF\x11\xE0"sv,
                                    "\xFD"
                                    "7zX"sv,
                                    "7z\xBC\xAF"sv,
                                    "\x28\xB5\x2F\xFD"sv,
                                    "BZh"sv,
                                    "Rar!"sv,
                                    "%PDF"sv};
        return std::any_of(magics.begin(), magics.end(),
                           [&](std::string_view magic) { return bytes.starts_with(magic); });
    }
    static Error not_a_table() {
        return make_error(errors::not_a_table,
                          "the file is a spreadsheet, an archive or a document; save the table as "
                          "CSV (UTF-8) and upload that");
    }

    Result<void> check_limits(std::string_view inflated) {
        bytes_out += inflated.size();
        if (head.size() < 4) {
            head += inflated.substr(0, 4 - head.size());
            if (head.starts_with("\x1f\x8b"))
                return make_error(errors::archive_nested,
                                  "the archive holds another archive; pack the table once");
            if (is_container(head)) return not_a_table();
        }
        const bool ratio_passed =
            bytes_out > limits.ratio_free_bytes && bytes_out > bytes_in * limits.ratio_max;
        if (bytes_out > limits.bytes_max || ratio_passed)
            return make_error(errors::archive_too_large,
                              "the archive grows beyond 2 GiB or beyond 100 times its size");
        return {};
    }

    Result<std::size_t> inflate_into(std::span<char> out) {
        for (;;) {
            if (waiting().empty() && !packed_ended) {
                TRY([[maybe_unused]] const bool more, fill());
            }
            if (member_ended) {
                if (waiting().empty() && packed_ended) return std::size_t{0};
                ensure(inflateReset(&stream) == Z_OK, "zlib cannot start again");
                member_ended = false;
            }
            stream.next_in = reinterpret_cast<Bytef*>(buffer.data() + begin);
            stream.avail_in = static_cast<uInt>(end - begin);
            stream.next_out = reinterpret_cast<Bytef*>(out.data());
            stream.avail_out = static_cast<uInt>(std::min<std::size_t>(out.size(), 1U << 20));
            const auto room = stream.avail_out;
            const int code = ::inflate(&stream, Z_NO_FLUSH);
            begin = end - stream.avail_in;
            const std::size_t made = room - stream.avail_out;
            member_ended = code == Z_STREAM_END;
            const bool stuck = code == Z_BUF_ERROR && (!packed_ended || made != 0);
            if (code != Z_OK && code != Z_STREAM_END && !stuck)
                return make_error(errors::archive_damaged,
                                  "the gzip archive is damaged or cut off");
            TRY_VOID(check_limits({out.data(), made}));
            if (made != 0) return made;
        }
    }
};

UnpackedSource::UnpackedSource(ByteSource& packed, InflateLimits limits)
    : state_(std::make_unique<State>(packed, limits)) {}
UnpackedSource::~UnpackedSource() = default;

Result<std::size_t> UnpackedSource::read(std::span<char> out) {
    State& s = *state_;
    if (s.form == State::Form::unknown) TRY_VOID(s.tell_form());
    if (s.form == State::Form::gzip) return s.inflate_into(out);
    if (s.waiting().empty()) {
        TRY(const bool more, s.fill());
        if (!more) return std::size_t{0};
    }
    const std::size_t count = std::min(out.size(), s.waiting().size());
    std::memcpy(out.data(), s.buffer.data() + s.begin, count);
    s.begin += count;
    s.bytes_out += count;
    if (s.bytes_out > s.limits.bytes_max)
        return make_error(errors::archive_too_large, "the file is larger than 2 GiB");
    return count;
}

}  // namespace entrepot::csv
