// Sixty boundary cases of the password policy, and the blocklist against mutated words.
#include "modules/account/password_rules.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>

#include "base/text.hpp"
#include "modules/account/common_words.hpp"

namespace entrepot::account {
namespace {

const PasswordOwner owner{"Maria Holm 李娜", "mholm.shop@nordlicht-trade.com"};

std::string verdict(std::string_view password) {
    std::string out;
    for (const FieldError& problem : password_problems(password, owner, "/password"))
        out += (out.empty() ? "" : " ") + problem.code;
    return out.empty() ? "good" : out;
}

struct Case {
    std::string password;
    std::string expected;
};

const std::string core = "rT7;vQ2_kW9x";  // twelve characters, four classes

/// Length, classes, and what cannot be typed again.
const std::vector<Case> form_cases{
    // length, counted in characters
    {"", "too_short needs_upper needs_lower needs_digit needs_special too_common"},
    {"rT7;vQ2_kW9", "too_short"},
    {core, "good"},
    {core + "y", "good"},
    {"rT7;vQ2_kWé", "too_short"},
    {"rT7;vQ2_kW9é", "good"},
    {core + "hJ5)bN4&mZ8(cX1=pL6?sD3wG0rT7;vQ2_kW9xbN4&mZ8(cX1=pL6?", "good"},
    {"密码很长但是没有别的字", "too_short needs_upper needs_lower needs_digit"},
    {"钥匙Ab1在仓库里面的第三格", "good"},
    {"Ab1 Ключ на складе", "good"},
    // classes, one missing each
    {"rt7;vq2_kw9x", "needs_upper"},
    {"RT7;VQ2_KW9X", "needs_lower"},
    {"rTh;vQb_kWzx", "needs_digit"},
    {"rT7svQ2pkW9x", "needs_special"},
    {"rthgvqbpkwzx", "needs_upper needs_digit needs_special too_common"},
    {"827364519283", "needs_upper needs_lower needs_special too_common"},
    {";:_-#+*~=?)(", "needs_upper needs_lower needs_digit too_common"},
    {"rT7 vQ2 kW9 ", "good"},   // a space is a sign
    {"rT７;vQ2_kW9x", "good"},  // a full-width digit is a digit
    {"ÄT7;vq2_kw9x", "good"},   // capitals of any script
    {"äÖ7;ÄÜß_éÈçñ", "good"},
    {"rT7€vQ2£kW9¥", "good"},
    // what cannot be typed again
    {std::string("rT7;vQ2_kW9x") + '\0', "invalid_text"},
    {"rT7;vQ2_\x01kW9x", "invalid_text"},
    {"rT7;vQ2_\x7fkW9x", "invalid_text"},
    {"rT7;vQ2_\xff\xfekW9x", "invalid_text"},
};

/// Own names, common words, and what is good.
const std::vector<Case> content_cases{
    // own names
    {"rT7;Maria_kW9x", "contains_name"},
    {"rT7;mARIA_kW9x", "contains_name"},
    {"rT7;Holm_kW9xq", "contains_name"},
    {"rT7;李娜_kW9xqv", "contains_name"},
    {"rT7;ｍａｒｉａ_kW9x", "contains_name"},
    {"rT7;mholm_kW9x", "contains_name contains_email"},
    {"rT7;shop_kW9xq", "contains_email"},
    {"rT7;nordlicht_k9", "contains_email"},
    {"rT7;trade_kW9x", "contains_email"},
    {"rT7;com_kW9xqv", "good"},  // three letters of a domain are in everything
    {"rT7;Mar_kW9xqv", "good"},
    {"rT7;李_kW9xqvb", "good"},
    // common words, dressed up
    {"Password123!", "too_common"},
    {"P@ssw0rd2026", "too_common"},
    {"pASSWORD1234!", "too_common"},
    {"!!Password99", "too_common"},
    {"1234Welcome!", "too_common"},
    {"Welcome2026!!", "too_common"},
    {"Qwertyuiop1!", "too_common"},
    {"1Qaz2wsx3edc!", "too_common"},
    {"Asdfghjkl123#", "too_common"},
    {"DragonDragon1!", "too_common"},
    {"DragonMonkey7#", "too_common"},
    {"S-u-m-m-e-r-2026", "too_common"},
    {"Summer_2026_Summer", "too_common"},
    {"drowssaP2026!", "too_common"},
    {"Beijing2026!!", "too_common"},
    {"Woaini1314520!", "too_common"},
    {"Abc1!Abc1!Abc1!", "too_common"},
    {"Aa1!Aa1!Aa1!", "too_common"},
    {"AAAAaaaa1111!!!!", "too_common"},
    {"L3tm31n!2026", "too_common"},
    {"Thunderstorm99#", "too_common"},
    {"Blorptag2026!", "too_common"},  // any one word with decoration
    // and what is good
    {"Correct horse battery 9 staple", "good"},
    {"xK9#mQ2$vL7p", "good"},
    {"harbour-Crane-41-umbrella", "good"},
    {"Tz4!k7Hn2vQx9Lz", "good"},
};

TEST(AccountPassword, sixty_boundary_cases) {
    EXPECT_GE(form_cases.size() + content_cases.size(), 60U);
    for (const auto* cases : {&form_cases, &content_cases})
        for (const Case& each : *cases)
            EXPECT_EQ(verdict(password_form(each.password)), each.expected) << each.password;
}

TEST(AccountPassword, longest_and_one_more) {
    std::string password;
    while (password.size() < 128) password += "rT7;vQ2_kW9xhJ5)bN4&mZ8(cX1=pL6?sD3wG0";
    password.resize(128);
    EXPECT_EQ(verdict(password), "good");
    EXPECT_EQ(verdict(password + "y"), "too_long");
    std::string wide = "Ab1!";
    while (text::length(wide) < 128) wide += "é";
    EXPECT_EQ(text::length(wide), 128U);
    EXPECT_EQ(verdict(wide).find("too_long"), std::string::npos);
    EXPECT_EQ(verdict(std::string(100'000, 'x')), "invalid_text");
}

TEST(AccountPassword, the_same_password_on_two_keyboards) {
    EXPECT_EQ(password_form("Caf\xC3\xA9 7;Qw_zR"), password_form("Cafe\xCC\x81 7;Qw_zR"));
    EXPECT_NE(password_form("rT7;vQ2_kW9x"), password_form("rt7;vQ2_kW9x"));
}

/// Five ways in which people make a word pass a class rule.
std::vector<std::string> mutations(const std::string& word) {
    std::string capital = word;
    capital[0] = static_cast<char>(capital[0] - 32);
    std::string leet = capital;
    for (char& c : leet) {
        if (c == 'a') c = '@';
        if (c == 'e') c = '3';
        if (c == 'i') c = '1';
        if (c == 'o') c = '0';
        if (c == 's') c = '$';
    }
    const auto padded = [](std::string text, std::string_view filler) {
        for (std::size_t i = 0; text.size() < 12 || i < 2; ++i) text += filler[i % filler.size()];
        return text;
    };
    return {padded(capital, "123!456#"), padded(capital + "2026", "!?"), padded(leet, "1!2?3#4*"),
            "!1" + padded(capital, "99#88*"), padded(capital + word, "1!")};
}

struct Tally {
    int tried = 0;
    int refused = 0;
    std::string missed;
    void take(const std::string& word) {
        for (const std::string& password : mutations(word)) {
            ++tried;
            if (is_guessable(password))
                ++refused;
            else if (missed.size() < 400)
                missed += password + ' ';
        }
    }
};

TEST(AccountPassword, mutated_common_words_are_refused) {
    Tally tally;
    for (const std::string_view stem : common_stems()) tally.take(std::string(stem));
    EXPECT_GT(tally.tried, 5 * 1500);
    EXPECT_GE(tally.refused * 100, tally.tried * 95) << tally.missed;
}

TEST(AccountPassword, mutated_words_of_a_foreign_list_are_refused) {
    // Debian's cracklib-runtime; every 17th word, so that about 3,000 are tried.
    std::ifstream file("/usr/share/dict/cracklib-small");
    if (!file) GTEST_SKIP() << "package cracklib-runtime is not installed";
    Tally tally;
    std::string word;
    for (int i = 0; std::getline(file, word); ++i) {
        const bool letters =
            std::all_of(word.begin(), word.end(), [](char c) { return c >= 'a' && c <= 'z'; });
        if (i % 17 == 0 && letters && word.size() >= 3) tally.take(word);
    }
    EXPECT_GT(tally.tried, 5 * 2500);
    EXPECT_GE(tally.refused * 100, tally.tried * 95) << tally.missed;
    RecordProperty("tried", tally.tried);
    RecordProperty("refused", tally.refused);
}

TEST(AccountPassword, random_passwords_are_not_taken_for_words) {
    // A fixed sequence, so that a failure comes again.
    constexpr std::string_view alphabet =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&()*+,-./:;=?@_";
    std::uint64_t state = 42;
    int refused = 0;
    for (int i = 0; i < 5000; ++i) {
        std::string password;
        while (password.size() < 14) {
            state = state * 6364136223846793005ULL + 1442695040888963407ULL;
            password += alphabet[(state >> 33) % alphabet.size()];
        }
        if (is_guessable(password)) ++refused;
    }
    EXPECT_LE(refused, 50);
}

TEST(AccountPassword, ages) {
    const Instant set{std::chrono::sys_days{std::chrono::year{2026} / 1 / 1}};
    const auto second = std::chrono::seconds(1);
    EXPECT_FALSE(is_password_expired(set, set + password_age_max - second));
    EXPECT_TRUE(is_password_expired(set, set + password_age_max));
    EXPECT_EQ(password_changeable_at(set), set + std::chrono::hours(24));
}

}  // namespace
}  // namespace entrepot::account
