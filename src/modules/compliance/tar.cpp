// ustar: a header of 512 bytes, the content, zeros up to the next 512; two empty blocks end it.
#include "modules/compliance/tar.hpp"

#include <algorithm>
#include <array>

namespace entrepot::compliance {
namespace {
constexpr std::size_t block = 512;

struct Field {
    std::size_t at, size;
};
constexpr Field name_field{0, 100}, mode_field{100, 8}, owner_field{108, 8}, group_field{116, 8},
    size_field{124, 12}, time_field{136, 12}, sum_field{148, 8};
constexpr std::size_t kind_at = 156, magic_at = 257;
constexpr std::string_view magic("ustar\00000", 8);

using Header = std::array<char, block>;

void put_octal(Header& header, Field field, std::uint64_t value) {
    for (std::size_t i = field.size - 1; i-- > 0; value >>= 3)
        header[field.at + i] = static_cast<char>('0' + (value & 7));
}

std::optional<std::uint64_t> octal(std::string_view header, Field field) {
    std::uint64_t value = 0;
    for (const char c : header.substr(field.at, field.size - 1)) {
        if (c < '0' || c > '7') return std::nullopt;
        value = value << 3 | static_cast<std::uint64_t>(c - '0');
    }
    return value;
}

void put_sum(Header& header) {
    std::fill_n(header.begin() + sum_field.at, sum_field.size, ' ');
    std::uint64_t sum = 0;
    for (const char c : header) sum += static_cast<unsigned char>(c);
    put_octal(header, {sum_field.at, 7}, sum);
    header[sum_field.at + 6] = '\0';
}

bool is_name(std::string_view name) {
    return !name.empty() && name.size() < name_field.size && name.front() != '.' &&
           std::ranges::all_of(
               name,
               [](char c) {
                   return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' ||
                          c == '_' || c == '-';
               });
}

Header header_of(const TarFile& file, std::int64_t unix_seconds) {
    Header header{};
    std::ranges::copy(file.name, header.begin());
    put_octal(header, mode_field, 0644);
    put_octal(header, owner_field, 0);
    put_octal(header, group_field, 0);
    put_octal(header, size_field, file.content.size());
    put_octal(header, time_field, static_cast<std::uint64_t>(unix_seconds));
    header[kind_at] = '0';
    std::ranges::copy(magic, header.begin() + magic_at);
    put_sum(header);
    return header;
}

std::size_t padding(std::size_t size) {
    return (block - size % block) % block;
}

Error broken(std::size_t at, std::string_view why) {
    return make_error(entrepot::errors::invalid_request,
                      "the pack is broken at byte " + std::to_string(at) + ": " + std::string(why));
}
}  // namespace

std::string write_tar(const std::vector<TarFile>& files, std::int64_t unix_seconds) {
    std::string out;
    for (const TarFile& file : files) {
        ensure(is_name(file.name), "a file of a pack has a bad name");
        const Header header = header_of(file, unix_seconds);
        out.append(header.data(), header.size());
        out += file.content;
        out.append(padding(file.content.size()), '\0');
    }
    out.append(2 * block, '\0');
    return out;
}

Result<std::vector<TarFile>> read_tar(std::string_view bytes) {
    const auto is_zero = [](std::string_view part) {
        return part.find_first_not_of('\0') == std::string_view::npos;
    };
    if (bytes.size() > tar_bytes_max) return broken(tar_bytes_max, "it is too large");
    std::vector<TarFile> files;
    std::size_t at = 0;
    while (at + block <= bytes.size() && !is_zero(bytes.substr(at, block))) {
        const std::string_view header = bytes.substr(at, block);
        TarFile file;
        file.name = header.substr(0, std::min(header.find('\0'), name_field.size));
        const auto size = octal(header, size_field);
        const auto time = octal(header, time_field);
        if (!is_name(file.name) || !size || !time) return broken(at, "no file begins here");
        if (*size > bytes.size() - at - block) return broken(at, "a file is cut off: " + file.name);
        file.content = bytes.substr(at + block, *size);
        // A header that is not byte for byte the one that we write says something that we do not.
        const Header ours = header_of(file, static_cast<std::int64_t>(*time));
        if (std::string_view(ours.data(), block) != header)
            return broken(at, "the head of " + file.name + " was altered");
        const std::size_t end = at + block + *size;
        const std::string_view filler = bytes.substr(end, padding(*size));
        if (filler.size() != padding(*size) || !is_zero(filler))
            return broken(end, "something stands behind " + file.name);
        at = end + padding(*size);
        files.push_back(std::move(file));
        if (files.size() > tar_files_max) return broken(at, "too many files");
    }
    if (bytes.size() - at != 2 * block || !is_zero(bytes.substr(at)))
        return broken(at, "it does not end as it should");
    return files;
}

}  // namespace entrepot::compliance
