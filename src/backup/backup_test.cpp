// What is due when, what the configuration says, and that a report is worth its signature.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "backup/drill.hpp"
#include "backup/report.hpp"
#include "backup/schedule.hpp"
#include "backup/setup.hpp"

namespace entrepot::backup {
namespace {
namespace fs = std::filesystem;

Instant at(const char* text) {
    return *parse_instant(text);
}

store::LatestRow row(const char* kind, const char* outcome, const char* when, int repository = 1) {
    return {repository, kind, outcome, at(when)};
}

struct DueCase {
    const char* name;
    std::vector<store::LatestRow> latest;
    const char* now;
    std::optional<std::string> expected;
};

TEST(BackupSchedule, a_full_one_each_week_and_a_differential_one_each_day) {
    const DueCase cases[] = {
        {"never backed up", {}, "2026-11-22T13:00:00Z", "full"},
        {"another repository's",
         {row("full", "done", "2026-11-22T02:00:00Z", 2)},
         "2026-11-22T13:00:00Z",
         "full"},
        {"made today",
         {row("full", "done", "2026-11-22T02:00:09Z")},
         "2026-11-22T23:59:00Z",
         std::nullopt},
        {"just before the hour",
         {row("full", "done", "2026-11-22T02:00:09Z")},
         "2026-11-23T01:59:59Z",
         std::nullopt},
        {"at the hour",
         {row("full", "done", "2026-11-22T02:00:09Z")},
         "2026-11-23T02:00:00Z",
         "diff"},
        {"done for today",
         {row("full", "done", "2026-11-22T02:00:09Z"), row("diff", "done", "2026-11-23T02:00:09Z")},
         "2026-11-23T20:00:00Z",
         std::nullopt},
        {"a week later",
         {row("full", "done", "2026-11-22T02:30:00Z"), row("diff", "done", "2026-11-28T02:00:09Z")},
         "2026-11-29T02:00:00Z",
         "full"},
        {"missed for days",
         {row("full", "done", "2026-11-22T02:00:09Z")},
         "2026-11-25T12:00:00Z",
         "diff"},
        {"failed just now",
         {row("full", "done", "2026-11-22T02:00:09Z"),
          row("diff", "failed", "2026-11-23T02:00:09Z")},
         "2026-11-23T02:30:00Z",
         std::nullopt},
        {"failed an hour ago",
         {row("full", "done", "2026-11-22T02:00:09Z"),
          row("diff", "failed", "2026-11-23T02:00:09Z")},
         "2026-11-23T03:00:09Z",
         "diff"},
        {"failed, then done",
         {row("diff", "failed", "2026-11-22T02:00:09Z"),
          row("full", "done", "2026-11-22T02:10:00Z")},
         "2026-11-23T02:00:00Z",
         "diff"},
    };
    for (const DueCase& one : cases)
        EXPECT_EQ(due(one.latest, 1, {.hour = 2}, at(one.now)), one.expected) << one.name;
}

TEST(BackupSchedule, a_drill_each_week_and_the_first_on_the_day_after_the_first_backup) {
    const std::vector<store::LatestRow> latest = {row("full", "done", "2026-11-22T13:00:00Z")};
    const auto is_due = [&](std::optional<Instant> drilled, const char* now) {
        return drill_is_due(drilled, latest, {.hour = 2}, at(now));
    };
    EXPECT_FALSE(drill_is_due(std::nullopt, {}, {.hour = 2}, at("2026-11-22T13:00:00Z")));
    EXPECT_FALSE(is_due(std::nullopt, "2026-11-22T23:00:00Z"));
    EXPECT_TRUE(is_due(std::nullopt, "2026-11-23T02:00:00Z"));
    EXPECT_FALSE(is_due(at("2026-11-23T02:05:00Z"), "2026-11-30T01:59:00Z"));
    EXPECT_TRUE(is_due(at("2026-11-23T02:05:00Z"), "2026-11-30T02:00:00Z"));
}

class BackupSetup : public ::testing::Test {
protected:
    BackupSetup() {
        folder_ = (fs::temp_directory_path() / "entrepot-backup-XXXXXX").string();
        if (::mkdtemp(folder_.data()) == nullptr) throw std::runtime_error("no folder");
    }
    ~BackupSetup() override { fs::remove_all(folder_); }
    std::string folder_;
};

TEST_F(BackupSetup, repositories_are_encrypted_each_with_its_own_passphrase) {
    const std::string data = folder_ + "/data", one = folder_ + "/one", two = folder_ + "/two";
    fs::create_directories(data);
    EXPECT_FALSE(is_set_up(data));
    write_setup(data, {one, two}, data + "/pg/run", pgserver::own_user());
    EXPECT_TRUE(is_set_up(data));
    std::ifstream file(config_file(data));
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    std::vector<std::string> passphrases;
    for (const std::string repo : {"repo1-", "repo2-"}) {
        EXPECT_NE(text.find(repo + "cipher-type=aes-256-cbc\n"), std::string::npos);
        const auto from = text.find(repo + "cipher-pass=");
        ASSERT_NE(from, std::string::npos);
        passphrases.push_back(text.substr(from + repo.size() + 12, 64));
    }
    EXPECT_NE(passphrases[0], passphrases[1]);
    for (const fs::path& path : {config_file(data), key_file(data)})
        EXPECT_EQ(fs::status(path).permissions() & fs::perms(077), fs::perms::none) << path;
    EXPECT_EQ(repositories(data), (std::vector<int>{1, 2}));
    std::ofstream(extra_dir(data) / "third.conf") << "[global]\nrepo3-type=s3\n";
    EXPECT_EQ(repositories(data), (std::vector<int>{1, 2, 3}));
    // The same key again: what was written before stays readable.
    write_setup(data, {one, two}, data + "/pg/run", pgserver::own_user());
    std::ifstream again(config_file(data));
    EXPECT_EQ(text, std::string(std::istreambuf_iterator<char>(again), {}));
}

TEST_F(BackupSetup, what_cannot_work_is_refused_in_words) {
    if (::access(program, X_OK) != 0) GTEST_SKIP() << "pgBackRest is not installed";
    const std::string data = folder_ + "/data";
    fs::create_directories(data);
    EXPECT_THROW(check_directories(data, {data + "/backup"}), std::runtime_error);
    EXPECT_THROW(check_directories(data, {folder_ + "/one", folder_ + "/./one"}),
                 std::runtime_error);
    EXPECT_THROW(check_directories(data, {folder_}), std::runtime_error) << "the key is in it";
    EXPECT_NO_THROW(check_directories(data, {folder_ + "/one", folder_ + "/two"}));
}

TEST_F(BackupSetup, a_path_with_quotes_and_percents_stays_one_word) {
    const std::string command = archive_command("/srv/a'b %p");
    EXPECT_NE(command.find("'/srv/a'\\''b %%p.pgbackrest/pgbackrest.conf'"), std::string::npos)
        << command;
    EXPECT_TRUE(command.ends_with(" archive-push %p"));
}

TEST(BackupReport, is_what_was_signed_or_is_refused) {
    const auto ours = audit::signer_of_seed({1}), theirs = audit::signer_of_seed({2});
    Report report;
    report.buyers.erased_tried = 3;
    report.buyers.live_tried = report.buyers.live_opened = 5;
    const std::string text = signed_report(report, ours);
    EXPECT_EQ(verify_report(text, ours.public_key), "");
    EXPECT_EQ(verify_report(text, std::nullopt), "");
    EXPECT_NE(verify_report(text, theirs.public_key), "");
    for (std::size_t i = 0; i < text.find('\n'); i += 7) {
        std::string altered = text;
        altered[i] = static_cast<char>(altered[i] ^ 1);
        EXPECT_NE(verify_report(altered, ours.public_key), "") << i;
    }
    EXPECT_NE(verify_report(text.substr(0, text.find('\n') + 1), ours.public_key), "");
    EXPECT_NE(verify_report("", ours.public_key), "");
    EXPECT_NE(summary(report).find("erased: 3 of 3 cannot be read; live: 5 of 5 read"),
              std::string::npos);
}

TEST(BackupReport, a_row_has_failed_when_there_is_a_fault) {
    Report report;
    EXPECT_EQ(row_of(report, "x").outcome, "passed");
    report.faults = {"one", "two"};
    EXPECT_EQ(row_of(report, "x").outcome, "failed");
    EXPECT_EQ(row_of(report, "x").faults, "one\ntwo");
}

TEST(BackupTool, error_lines_are_told_in_one) {
    Said said{82,
              "2026 P00   INFO: restore\nP00  ERROR: [029]: checksum\n            HINT: look\n"};
    EXPECT_EQ(said.trouble(), "ERROR: [029]: checksum HINT: look");
    EXPECT_EQ((Said{1, ""}.trouble()), "pgBackRest ended with code 1");
}

}  // namespace
}  // namespace entrepot::backup
