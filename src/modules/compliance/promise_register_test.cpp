// The register against itself and against the policies: no sentence that promises something is
// left out.
#include "modules/compliance/promise_register.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>

#include "base/text.hpp"
#include "modules/compliance/check.hpp"
#include "platform/json/reader.hpp"

namespace entrepot::compliance {

struct NoPromise {
    std::vector<std::string> zh, en;
};
BOOST_DESCRIBE_STRUCT(NoPromise, (), (zh, en))

namespace {
namespace fs = std::filesystem;
const fs::path root = ENTREPOT_SOURCE_DIR;

std::string read_whole(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    EXPECT_TRUE(file.good()) << path;
    return {std::istreambuf_iterator<char>(file), {}};
}

/// Where a sentence ends after `at`: behind 。！？, or behind ". " before a capital letter.
std::size_t end_of_sentence(std::string_view line, std::size_t at) {
    for (std::size_t i = at; i < line.size(); ++i) {
        for (const std::string_view mark : {"。", "！", "？"})
            if (line.substr(i).starts_with(mark)) return i + mark.size();
        if (line[i] == '.' && i + 2 < line.size() && line[i + 1] == ' ' && line[i + 2] >= 'A' &&
            line[i + 2] <= 'Z')
            return i + 1;
    }
    return line.size();
}

/// The sentences of a policy: lines without their bullet, split at full stops; a numbered heading
/// stays whole.
std::vector<std::string> sentences_of(const std::string& text) {
    std::vector<std::string> out;
    for (std::string_view line : text::split(text, '\n')) {
        line = text::trim(line);
        if (line.starts_with("- ")) line = text::trim(line.substr(2));
        if (line.empty()) continue;
        const bool heading = line.front() >= '0' && line.front() <= '9';
        for (std::size_t at = 0; at < line.size();) {
            const std::size_t end = heading ? line.size() : end_of_sentence(line, at);
            const std::string_view sentence = text::trim(line.substr(at, end - at));
            if (!sentence.empty()) out.emplace_back(sentence);
            at = end;
        }
    }
    return out;
}

std::vector<fs::path> seed_files() {
    std::vector<fs::path> out;
    std::error_code absent;
    for (const auto& each : fs::directory_iterator(root / "../shared/seeds", absent))
        if (each.path().extension() == ".txt") out.push_back(each.path());
    std::ranges::sort(out);
    return out;
}

TEST(ComplianceRegister, every_sentence_of_the_policies_is_a_promise_or_listed_as_none) {
    const auto files = seed_files();
    if (files.empty())
        GTEST_SKIP() << "the policies (../shared/seeds) are not here; the register is not compared";
    const auto none = json::read_document<NoPromise>(
        read_whole(root / "src/modules/compliance/promises/no_promise.json"));
    ASSERT_TRUE(none.has_value());
    std::multiset<std::string> known(none->zh.begin(), none->zh.end());
    known.insert(none->en.begin(), none->en.end());
    for (const Promise& promise : promise_register().promises()) known.insert(promise.own_text());
    std::size_t seen = 0;
    for (const fs::path& file : files) {
        for (const std::string& sentence : sentences_of(read_whole(file))) {
            ++seen;
            const auto found = known.find(sentence);
            EXPECT_NE(found, known.end())
                << file << " says, and the register does not: " << sentence;
            if (found != known.end()) known.erase(found);
        }
    }
    EXPECT_GT(seen, 100U);
    for (const std::string& left : known)
        ADD_FAILURE() << "the register quotes what no policy says: " << left;
}

TEST(ComplianceRegister, sentences_are_told_apart) {
    EXPECT_EQ(
        sentences_of(
            "1. Heading. It stays\n - 甲乙。丙丁！\n  - One thing. Another thing, e.g. x.\n\n"),
        (std::vector<std::string>{"1. Heading. It stays", "甲乙。", "丙丁！", "One thing.",
                                  "Another thing, e.g. x."}));
}

TEST(ComplianceRegister, every_demand_and_every_anchor_has_its_promise) {
    std::set<std::string> seeds, privacy;
    for (const Promise& promise : promise_register().promises()) {
        seeds.insert(promise.seeds.begin(), promise.seeds.end());
        privacy.insert(promise.privacy.begin(), promise.privacy.end());
    }
    for (int i = 1; i <= 32; ++i) EXPECT_TRUE(seeds.contains("S" + std::to_string(i))) << 'S' << i;
    for (int i = 1; i <= 40; ++i)
        EXPECT_TRUE(privacy.contains((i < 10 ? "P0" : "P") + std::to_string(i))) << 'P' << i;
    EXPECT_EQ(seeds.size(), 32U);
    EXPECT_EQ(privacy.size(), 40U);
}

TEST(ComplianceRegister, ids_are_unique_and_texts_stand_in_both_languages) {
    const auto has_han = [](const std::string& text) {
        return std::ranges::any_of(text,
                                   [](char c) { return static_cast<unsigned char>(c) >= 0xE4; });
    };
    std::set<std::string> ids;
    for (const Promise& promise : promise_register().promises()) {
        EXPECT_TRUE(ids.insert(promise.id).second) << promise.id;
        EXPECT_TRUE(promise.id.starts_with(promise.policy == Policy::zh ? "ZH-" : "EN-"));
        EXPECT_TRUE(has_han(promise.text.zh)) << promise.id;
        EXPECT_FALSE(has_han(promise.text.en)) << promise.id;
        EXPECT_FALSE(promise.text.en.empty()) << promise.id;
        EXPECT_FALSE(promise.controls.empty()) << promise.id;
    }
    for (const Control& control : promise_register().controls()) {
        EXPECT_TRUE(has_han(control.text.zh) && !has_han(control.text.en)) << control.id;
        if (control.unbuilt)
            EXPECT_TRUE(has_han(control.unbuilt->zh) && !has_han(control.unbuilt->en))
                << control.id;
    }
}

TEST(ComplianceRegister, a_control_has_a_check_or_says_that_it_is_not_built) {
    std::set<std::string> used, proven;
    for (const Promise& promise : promise_register().promises())
        for (const Control* control : promise.controls) used.insert(control->id);
    for (const Control& control : promise_register().controls()) {
        EXPECT_TRUE(used.contains(control.id)) << control.id << " keeps no promise";
        EXPECT_TRUE(!control.checks.empty() || control.unbuilt) << control.id;
        for (const std::string& check : control.checks) {
            EXPECT_NE(check_by_name(check), nullptr) << control.id << " names " << check;
            proven.insert(check);
        }
    }
    for (const Check& check : checks())
        EXPECT_TRUE(proven.contains(std::string(check.name))) << check.name << " proves nothing";
}

}  // namespace
}  // namespace entrepot::compliance
