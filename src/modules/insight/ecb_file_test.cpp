// The ECB's table of rates, well-formed and not.
#include "modules/insight/ecb_file.hpp"

#include <gtest/gtest.h>

#include "modules/insight/insight.hpp"

namespace entrepot::insight {
namespace {

TEST(InsightEcbFile, reads_rates_and_skips_what_is_not_there) {
    const auto table = read_ecb_table(
        "Date,USD,JPY,CYP,\n"
        "2026-04-13,1.1684,186.75,N/A,\n"
        "2026-04-10,1.1711,,N/A,\r\n");
    ASSERT_TRUE(table.has_value());
    EXPECT_EQ(table->days, 2);
    ASSERT_EQ(table->rates.size(), 3U);
    EXPECT_EQ(table->rates[1].currency, "JPY");
    EXPECT_EQ(table->rates[1].per_eur.text(), "186.75");
    EXPECT_EQ(format_date(table->rates[2].day), "2026-04-10");
}

TEST(InsightEcbFile, takes_lines_without_the_last_comma_and_a_byte_order_mark) {
    const auto table = read_ecb_table(
        "\xEF\xBB\xBF"
        "Date,USD\n2026-04-13,1.1684");
    ASSERT_TRUE(table.has_value());
    EXPECT_EQ(table->rates.size(), 1U);
}

struct Broken {
    const char* title;
    std::string text;
};
class InsightBrokenEcbFile : public testing::TestWithParam<Broken> {};

TEST_P(InsightBrokenEcbFile, is_refused_with_a_line) {
    const auto table = read_ecb_table(GetParam().text);
    ASSERT_TRUE(table.has_error());
    EXPECT_EQ(table.error().code, errors::not_a_rates_file);
    EXPECT_TRUE(table.error().detail.starts_with("line ")) << table.error().detail;
}

INSTANTIATE_TEST_SUITE_P(
    Insight, InsightBrokenEcbFile,
    testing::Values(Broken{"Empty", ""}, Broken{"OtherHeader", "Day,USD\n2026-04-13,1\n"},
                    Broken{"NoRates", "Date,USD\n"},
                    Broken{"OnlyGaps", "Date,USD\n2026-04-13,N/A\n"},
                    Broken{"NotACode", "Date,usd\n2026-04-13,1\n"},
                    Broken{"CodeTwice", "Date,USD,USD\n2026-04-13,1,1\n"},
                    Broken{"DayTwice", "Date,USD\n2026-04-13,1\n2026-04-13,2\n"},
                    Broken{"NoDay", "Date,USD\n2026-04-31,1\n"},
                    Broken{"Zero", "Date,USD\n2026-04-13,0\n"},
                    Broken{"Negative", "Date,USD\n2026-04-13,-1.5\n"},
                    Broken{"Words", "Date,USD\n2026-04-13,one\n"},
                    Broken{"TooLarge", "Date,USD\n2026-04-13,9999999999999\n"},
                    Broken{"Ragged", "Date,USD,JPY\n2026-04-13,1\n"},
                    Broken{"TooMany", "Date,USD\n2026-04-13,1,2,\n"},
                    Broken{"NotUtf8", "Date,USD\n2026-04-13,\xff\n"}),
    [](const auto& given) { return std::string(given.param.title); });

}  // namespace
}  // namespace entrepot::insight
