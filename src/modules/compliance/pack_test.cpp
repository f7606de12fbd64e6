// Packs: whatever is changed, taken out or added is found and named.
#include "modules/compliance/pack.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace entrepot::compliance {
namespace {
using testing::Contains, testing::HasSubstr, testing::IsEmpty;

class CompliancePack : public testing::Test {
protected:
    CompliancePack()
        : dir_("/tmp/entrepot-pack-" + std::to_string(::getpid())), key_(make_key("signing.pem")) {}
    ~CompliancePack() override { std::filesystem::remove_all(dir_); }

    SigningKey make_key(const std::string& name) {
        std::filesystem::create_directories(dir_);
        return SigningKey::load_or_create(dir_ + "/" + name);
    }
    std::string sealed() {
        Pack pack{"tenant-1", "0.1.0", Instant{std::chrono::hours(500'000)}, {}, {}};
        pack.artefacts.push_back({"results.json", "what checks found", R"([{"state":"green"}])"});
        pack.artefacts.push_back({"access.json", "who may do what", std::string(700, 'a')});
        pack.missing.push_back({"audit tree", "not verified here"});
        return seal_pack(std::move(pack), key_);
    }
    static std::vector<TarFile> files_of(const std::string& bytes) {
        auto files = read_tar(bytes);
        EXPECT_TRUE(files.has_value());
        return *files;
    }
    static std::vector<std::string> faults_of(const std::vector<TarFile>& files) {
        return verify_pack(write_tar(files, 0), std::nullopt).faults;
    }
    const std::string dir_;
    SigningKey key_;
};

TEST_F(CompliancePack, a_whole_pack_is_whole_and_says_what_is_missing) {
    const PackVerdict verdict = verify_pack(sealed(), std::nullopt);
    EXPECT_THAT(verdict.faults, IsEmpty());
    EXPECT_EQ(verdict.artefacts, 4U);
    EXPECT_THAT(verdict.missing, Contains("audit tree: not verified here"));
    EXPECT_EQ(verdict.fingerprint, fingerprint(key_.public_key_pem()));
    EXPECT_THAT(verify_pack(sealed(), key_.public_key_pem()).faults, IsEmpty());
}

TEST_F(CompliancePack, one_byte_of_any_file_is_found_and_the_file_is_named) {
    const auto whole = files_of(sealed());
    ASSERT_EQ(whole.size(), 6U);
    for (std::size_t i = 0; i < whole.size(); ++i) {
        for (const std::size_t place :
             {std::size_t{0}, whole[i].content.size() / 2, whole[i].content.size() - 1}) {
            auto files = whole;
            files[i].content[place] = static_cast<char>(files[i].content[place] ^ 1);
            // A changed signature is seen at what it signs.
            const std::string name =
                files[i].name == "manifest.sig" ? "manifest.json" : files[i].name;
            EXPECT_THAT(faults_of(files), Contains(HasSubstr(name))) << files[i].name << place;
        }
    }
}

TEST_F(CompliancePack, a_file_that_is_taken_out_or_put_in_is_named) {
    const auto whole = files_of(sealed());
    for (std::size_t i = 0; i < whole.size(); ++i) {
        auto files = whole;
        files.erase(files.begin() + static_cast<std::ptrdiff_t>(i));
        EXPECT_THAT(faults_of(files), Contains(HasSubstr(whole[i].name)));
    }
    auto more = whole;
    more.push_back({"extra.json", "{}"});
    EXPECT_THAT(faults_of(more), Contains(HasSubstr("extra.json")));
    auto twice = whole;
    twice.push_back({"access.json", "[]"});
    EXPECT_THAT(faults_of(twice), Contains(HasSubstr("access.json")));
}

TEST_F(CompliancePack, another_signer_is_found_by_the_known_key) {
    const SigningKey other = make_key("other.pem");
    EXPECT_THAT(verify_pack(sealed(), other.public_key_pem()).faults,
                Contains(HasSubstr("not by the given key")));
    EXPECT_THAT(verify_pack(sealed(), "no key").faults, Contains(HasSubstr("manifest.json")));
}

TEST_F(CompliancePack, every_flipped_bit_of_the_file_itself_is_found) {
    const std::string whole = sealed();
    for (std::size_t at = 0; at < whole.size(); at += 37) {
        std::string bytes = whole;
        bytes[at] = static_cast<char>(bytes[at] ^ (1 << (at % 8)));
        EXPECT_THAT(verify_pack(bytes, key_.public_key_pem()).faults, testing::Not(IsEmpty()))
            << at;
    }
    for (std::size_t size = 0; size < whole.size(); size += 101)
        EXPECT_THAT(verify_pack(std::string_view(whole).substr(0, size), std::nullopt).faults,
                    testing::Not(IsEmpty()))
            << size;
    EXPECT_THAT(verify_pack(whole + "more", std::nullopt).faults, testing::Not(IsEmpty()));
}

TEST_F(CompliancePack, names_that_lead_elsewhere_are_not_read) {
    const std::string good = write_tar({{"aa.json", "{}"}}, 0);
    for (const std::string_view name : {"../x.js", "/x.json", "A.jsons", "a/b.jso", ".json.x"}) {
        std::string bytes = good;
        bytes.replace(0, name.size(), name);
        EXPECT_TRUE(read_tar(bytes).has_error()) << name;
    }
}

TEST_F(CompliancePack, a_signing_key_that_others_can_read_is_refused) {
    const std::string path = dir_ + "/signing.pem";
    EXPECT_EQ(SigningKey::load_or_create(path).public_key_pem(), key_.public_key_pem());
    ::chmod(path.c_str(), 0644);
    EXPECT_THROW(SigningKey::load_or_create(path), std::runtime_error);
    ::chmod(path.c_str(), 0600);
    std::ofstream(path, std::ios::trunc) << "nothing";
    EXPECT_THROW(SigningKey::load_or_create(path), std::runtime_error);
}

}  // namespace
}  // namespace entrepot::compliance
