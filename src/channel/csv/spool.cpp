// Records are length-prefixed and in this machine's byte order: they never outlive the process.
#include "channel/csv/spool.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>

#include "channel/csv/csv.hpp"
#include "channel/csv/sink.hpp"

namespace entrepot::csv {
namespace {
constexpr std::size_t buffer_bytes = std::size_t{1} << 20;

/// FNV-1a with a final mix.
std::uint64_t hash_of(std::string_view text) {
    std::uint64_t h = 0xCBF29CE484222325ULL;
    for (const char c : text) h = (h ^ static_cast<unsigned char>(c)) * 0x100000001B3ULL;
    h ^= h >> 32;
    h *= 0xD6E8FEB86659FD93ULL;
    return h ^ h >> 32;
}

template <class T>
void put(std::string& out, const T& value) {
    out.append(reinterpret_cast<const char*>(&value), sizeof value);
}
template <class T>
void take(std::string_view& in, T& value) {
    ensure(in.size() >= sizeof value, "spooled line is cut off");
    std::memcpy(&value, in.data(), sizeof value);
    in.remove_prefix(sizeof value);
}
void put_text(std::string& out, const std::string& text) {
    put(out, static_cast<std::uint16_t>(text.size()));
    out += text;
}
void take_text(std::string_view& in, std::string& text) {
    std::uint16_t size = 0;
    take(in, size);
    ensure(in.size() >= size, "spooled line is cut off");
    text.assign(in.substr(0, size));
    in.remove_prefix(size);
}
template <class T>
void put_optional(std::string& out, const std::optional<T>& value) {
    out += value ? '\1' : '\0';
    if (value) put(out, *value);
}
template <class T>
void take_optional(std::string_view& in, std::optional<T>& value) {
    char set = 0;
    take(in, set);
    value.reset();
    if (set != 0) take(in, value.emplace());
}

constexpr std::array<std::string Line::*, 8> texts{
    &Line::order_number, &Line::line_id, &Line::sku,   &Line::title,
    &Line::currency,     &Line::country, &Line::state, &Line::marketplace};
}  // namespace

Spool::Spool(const std::string& directory, std::int64_t rows_expected) {
    std::string name = directory + "/spool-XXXXXX";
    file_ = ::mkostemp(name.data(), O_CLOEXEC);
    if (file_ < 0) throw std::system_error(errno, std::generic_category(), "spool of an import");
    ::unlink(name.c_str());
    entries_.reserve(
        static_cast<std::size_t>(std::clamp<std::int64_t>(rows_expected, 0, rows_max)));
}

Spool::~Spool() {
    ::close(file_);
}

Result<void> Spool::flush() {
    TRY_VOID(write_all(file_, buffer_));
    written_ += buffer_.size();
    buffer_.clear();
    return {};
}

Result<void> Spool::append(const Line& line) {
    if (++lines_ > rows_max)
        return make_error(errors::too_many_rows, "the file has more than 4,000,000 rows");
    entries_.push_back({hash_of(line.order_number), written_ + buffer_.size()});
    const std::size_t start = buffer_.size();
    put(buffer_, std::uint32_t{0});
    put(buffer_, line.row);
    put(buffer_, line.ordered_at.time_since_epoch().count());
    put(buffer_, line.quantity);
    put(buffer_, line.item_minor);
    put_optional(buffer_, line.tax_minor);
    put_optional(buffer_, line.shipping_minor);
    put_optional(buffer_, line.discount_minor);
    buffer_ += line.unit_price ? '\1' : '\0';
    if (line.unit_price) put(buffer_, line.unit_price->units());
    for (const auto text : texts) put_text(buffer_, line.*text);
    const auto size = static_cast<std::uint32_t>(buffer_.size() - start - sizeof(std::uint32_t));
    std::memcpy(buffer_.data() + start, &size, sizeof size);
    if (buffer_.size() >= buffer_bytes) return flush();
    return {};
}

void Spool::mark_bad(std::string_view order_number) {
    if (!order_number.empty()) entries_.push_back({hash_of(order_number), bad_mark});
}

Result<void> Spool::seal() {
    TRY_VOID(flush());
    std::sort(entries_.begin(), entries_.end());
    for (std::size_t i = 0; i < entries_.size();) {
        const std::uint64_t key = entries_[i].key, first = entries_[i].at;
        for (; i < entries_.size() && entries_[i].key == key; ++i) entries_[i].key = first;
    }
    std::sort(entries_.begin(), entries_.end());
    return {};
}

std::string_view Spool::bytes_at(std::uint64_t at, std::size_t count) {
    if (at < window_at_ || at + count > window_at_ + window_.size()) {
        const std::size_t size = std::max(buffer_bytes, count);
        window_.resize(std::min<std::uint64_t>(size, written_ - at));
        window_at_ = at;
        for (std::size_t done = 0; done < window_.size();) {
            const ssize_t got = ::pread(file_, window_.data() + done, window_.size() - done,
                                        static_cast<off_t>(at + done));
            if (got < 0 && errno == EINTR) continue;
            if (got <= 0)
                throw std::system_error(errno, std::generic_category(), "read of a spool");
            done += static_cast<std::size_t>(got);
        }
    }
    return std::string_view(window_).substr(at - window_at_, count);
}

void Spool::read_line(std::uint64_t at, Line& line) {
    std::uint32_t size = 0;
    std::string_view prefix = bytes_at(at, sizeof size);
    take(prefix, size);
    std::string_view in = bytes_at(at + sizeof size, size);
    std::int64_t micros = 0;
    take(in, line.row);
    take(in, micros);
    line.ordered_at = Instant{std::chrono::microseconds{micros}};
    take(in, line.quantity);
    take(in, line.item_minor);
    take_optional(in, line.tax_minor);
    take_optional(in, line.shipping_minor);
    take_optional(in, line.discount_minor);
    std::optional<Decimal::Units> units;
    take_optional(in, units);
    line.unit_price.reset();
    if (units) line.unit_price = Decimal::from_units(*units);
    for (const auto text : texts) take_text(in, line.*text);
}

bool Spool::next(Group& group) {
    if (!collided_.empty()) {
        group = std::move(collided_.back());
        collided_.pop_back();
        return true;
    }
    group.bad = group.too_many = false;
    std::size_t used = 0;
    while (used == 0 && at_ < entries_.size()) {
        const std::uint64_t key = entries_[at_].key;
        for (; at_ < entries_.size() && entries_[at_].key == key; ++at_) {
            if (entries_[at_].at == bad_mark) {
                group.bad = used != 0;
            } else if (used == lines_per_order_max) {
                group.too_many = true;
            } else {
                if (group.lines.size() == used) group.lines.emplace_back();
                read_line(entries_[at_].at, group.lines[used++]);
            }
        }
    }
    group.lines.resize(used);
    if (used == 0) return false;
    const std::string& number = group.lines.front().order_number;
    const bool one = std::all_of(group.lines.begin(), group.lines.end(),
                                 [&](const Line& line) { return line.order_number == number; });
    if (one) return true;
    std::vector<Group> apart;
    for (Line& line : group.lines) {
        auto found = std::find_if(apart.begin(), apart.end(), [&](const Group& other) {
            return other.lines.front().order_number == line.order_number;
        });
        if (found == apart.end()) {
            apart.push_back({{}, group.bad, group.too_many});
            found = apart.end() - 1;
        }
        found->lines.push_back(std::move(line));
    }
    std::reverse(apart.begin(), apart.end());
    collided_ = std::move(apart);
    return next(group);
}

}  // namespace entrepot::csv
