// Company numbers by their check character, countries, telephones.
#include "modules/account/company.hpp"

#include <gtest/gtest.h>

#include <string>

namespace entrepot::account {
namespace {

TEST(AccountCompany, real_credit_codes_are_taken) {
    // Printed on the licences of known companies.
    for (const char* code : {"91350100M000100Y43", "91330100799655058B", "9144030071526726XG",
                             "914403001922038216", "91110000802100433B", "91440300708461136T"})
        EXPECT_TRUE(is_unified_social_credit_code(code)) << code;
}

TEST(AccountCompany, every_single_wrong_character_is_seen) {
    constexpr std::string_view alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    const std::string good = "91350100M000100Y43";
    int refused = 0;
    for (std::size_t at = 0; at < good.size(); ++at) {
        for (const char c : alphabet) {
            if (c == good[at]) continue;
            std::string bad = good;
            bad[at] = c;
            EXPECT_FALSE(is_unified_social_credit_code(bad)) << bad;
            ++refused;
        }
    }
    EXPECT_EQ(refused, 18 * 30);
}

TEST(AccountCompany, what_is_no_credit_code_is_refused) {
    for (const char* code : {"", "91350100M000100Y4", "91350100M000100Y433", "91350100m000100y43",
                             "91350100M000100Y4O", "9I350100M000100Y43", "91350100M000100Y4 ",
                             "000000000000000000X", "9135A100M000100Y43"})
        EXPECT_FALSE(is_unified_social_credit_code(code)) << code;
    // Letters in the division code are refused even when the check character fits.
    EXPECT_FALSE(is_unified_social_credit_code("91A50100000000000G"));
}

TEST(AccountCompany, numbers_of_other_countries_are_plausible_only) {
    EXPECT_TRUE(is_registration_number("DE", "HRB12345"));
    EXPECT_TRUE(is_registration_number("GB", "01234567"));
    EXPECT_TRUE(is_registration_number("US", "12-3456789"));
    EXPECT_FALSE(is_registration_number("DE", "A1"));
    EXPECT_FALSE(is_registration_number("DE", "NONE"));
    EXPECT_FALSE(is_registration_number("DE", "12 34"));
    EXPECT_FALSE(is_registration_number("DE", std::string(31, '1')));
    EXPECT_FALSE(is_registration_number("DE", "12<script>"));
    EXPECT_FALSE(is_registration_number("CN", "HRB12345"));
}

TEST(AccountCompany, countries_telephones_languages) {
    EXPECT_TRUE(is_country("CN"));
    EXPECT_TRUE(is_country("DE"));
    EXPECT_FALSE(is_country("cn"));
    EXPECT_FALSE(is_country("ZZ"));
    EXPECT_FALSE(is_country("CHN"));
    EXPECT_TRUE(is_telephone("+86 571 8502 2088"));
    EXPECT_TRUE(is_telephone("(030) 123-456"));
    EXPECT_FALSE(is_telephone("call me"));
    EXPECT_FALSE(is_telephone("1234"));
    EXPECT_FALSE(is_telephone("123456789012345678901"));
    EXPECT_TRUE(is_language("zh-CN"));
    EXPECT_FALSE(is_language("fr"));
}

}  // namespace
}  // namespace entrepot::account
