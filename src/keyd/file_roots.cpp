// Roots in sealed files: for machines without a token, for tests and for the demo.
#include <algorithm>
#include <charconv>
#include <filesystem>

#include "base/result.hpp"
#include "keyd/files.hpp"
#include "keyd/roots.hpp"

namespace entrepot::keyd {
namespace fs = std::filesystem;

namespace {
constexpr std::string_view prefix = "root-";
constexpr std::string_view suffix = ".key";

class FileRoots final : public Roots {
public:
    explicit FileRoots(std::vector<std::string> directories)
        : directories_(std::move(directories)), seal_(sealing_key(directories_.front())) {
        for (const std::string& directory : directories_) {
            fs::create_directories(directory);
            fs::permissions(directory, fs::perms::owner_all);
        }
    }

    void make(std::uint32_t epoch) override {
        std::optional<crypto::SecretKey> root = load(epoch);
        if (!root) root = crypto::SecretKey::random();
        const std::string cell = crypto::wrap_key(seal_, *root, place_of(epoch), epoch);
        for (const std::string& directory : directories_)
            if (!fs::exists(file(directory, epoch))) write_durably(file(directory, epoch), cell);
    }

    std::vector<std::uint32_t> epochs() override {
        std::vector<std::uint32_t> out;
        for (const std::string& directory : directories_)
            for (const auto& entry : fs::directory_iterator(directory))
                if (const auto epoch = epoch_of(entry.path().filename())) out.push_back(*epoch);
        std::sort(out.begin(), out.end());
        out.erase(std::unique(out.begin(), out.end()), out.end());
        return out;
    }

    std::string wrap(std::uint32_t epoch, const crypto::SecretKey& key,
                     const crypto::Place& place) override {
        crypto::CellCipher cipher(need(epoch));
        return crypto::wrap_key(cipher, key, place, epoch);
    }

    std::optional<crypto::SecretKey> unwrap(std::uint32_t epoch, std::string_view cell,
                                            const crypto::Place& place) override {
        crypto::CellCipher cipher(need(epoch));
        return crypto::unwrap_key(cipher, cell, place);
    }

    void destroy(std::uint32_t epoch) override {
        for (const std::string& directory : directories_) shred(file(directory, epoch));
    }

    std::string describe() const override {
        std::string out = "sealed files in ";
        for (const std::string& directory : directories_)
            out += (&directory == &directories_.front() ? "" : " and ") + directory;
        return out;
    }

private:
    static crypto::CellCipher sealing_key(const std::string& directory) {
        fs::create_directories(directory);
        const std::string path = directory + "/seal.key";
        auto bytes = read_small_file(path);
        if (!bytes) {
            const crypto::SecretKey made = crypto::SecretKey::random();
            write_durably(path, made.view());
            return crypto::CellCipher(made);
        }
        if (bytes->size() != crypto::SecretKey::size)
            throw RootError(path + " is not a key of 32 bytes; put the right file back");
        const auto key = crypto::SecretKey::of(
            {reinterpret_cast<const std::uint8_t*>(bytes->data()), bytes->size()});
        crypto::wipe(bytes->data(), bytes->size());
        return crypto::CellCipher(key);
    }

    static std::string file(const std::string& directory, std::uint32_t epoch) {
        return directory + '/' + std::string(prefix) + std::to_string(epoch) + std::string(suffix);
    }

    static std::optional<std::uint32_t> epoch_of(const std::string& name) {
        if (!name.starts_with(prefix) || !name.ends_with(suffix)) return std::nullopt;
        const char* first = name.data() + prefix.size();
        const char* last = name.data() + name.size() - suffix.size();
        std::uint32_t epoch = 0;
        const auto read = std::from_chars(first, last, epoch);
        if (read.ec != std::errc{} || read.ptr != last) return std::nullopt;
        return epoch;
    }

    static crypto::Place place_of(std::uint32_t epoch) {
        return crypto::Place::tenant_key(TenantId{}, epoch);
    }

    std::optional<crypto::SecretKey> load(std::uint32_t epoch) {
        for (const std::string& directory : directories_) {
            const auto cell = read_small_file(file(directory, epoch));
            if (!cell) continue;
            if (auto root = crypto::unwrap_key(seal_, *cell, place_of(epoch))) return root;
        }
        return std::nullopt;
    }

    crypto::SecretKey need(std::uint32_t epoch) {
        auto root = load(epoch);
        if (!root)
            throw RootError("the root of epoch " + std::to_string(epoch) + " is not in " +
                            describe());
        return std::move(*root);
    }

    std::vector<std::string> directories_;
    crypto::CellCipher seal_;
};
}  // namespace

std::unique_ptr<Roots> file_roots(const std::vector<std::string>& directories) {
    ensure(!directories.empty(), "roots need a directory");
    return std::make_unique<FileRoots>(directories);
}

}  // namespace entrepot::keyd
