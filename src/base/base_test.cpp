// Values of base/: text forms, exact arithmetic, allocation as a property.
#include <gtest/gtest.h>

#include <random>

#include "base/id.hpp"
#include "base/money.hpp"
#include "base/text.hpp"
#include "base/time.hpp"

namespace entrepot {
namespace {

const Currency usd = *Currency::parse("USD");
const Currency jpy = *Currency::parse("JPY");

TEST(BaseId, text_round_trip_and_order) {
    const Uuid early = uuid_v7(1'000, 5, 7);
    const Uuid late = uuid_v7(1'001, 0, 0);
    EXPECT_LT(early, late);
    EXPECT_EQ(Uuid::parse(early.text()), early);
    EXPECT_EQ(early.text()[14], '7');
    for (const char* bad :
         {"", "x", "0190b8a0-0000-7000-8000-00000000000g", "0190b8a000007000800000000000000000000"})
        EXPECT_FALSE(Uuid::parse(bad)) << bad;
}

TEST(BaseTime, rfc3339) {
    struct Case {
        const char* in;
        const char* out;
    };
    for (const auto& [in, out] :
         {Case{"2026-11-22T09:55:47Z", "2026-11-22T09:55:47Z"},
          Case{"2026-11-22T17:55:47.120+08:00", "2026-11-22T09:55:47.12Z"},
          Case{"2024-02-29T00:00:00.123456789Z", "2024-02-29T00:00:00.123456Z"}}) {
        ASSERT_TRUE(parse_instant(in)) << in;
        EXPECT_EQ(format_instant(*parse_instant(in)), out);
    }
    for (const char* bad :
         {"2026-02-30T00:00:00Z", "2026-11-22", "2026-11-22T09:55:47", "2026-11-22T25:00:00Z",
          "2026-11-22T09:55:47.Z", "2026-13-01T00:00:00Z"})
        EXPECT_FALSE(parse_instant(bad)) << bad;
}

TEST(BaseTime, prints_any_day) {
    using namespace std::chrono;
    EXPECT_EQ(format_date(sys_days{year{1969} / 12 / 31}), "1969-12-31");
    EXPECT_EQ(format_date(sys_days{year{987} / 1 / 2}), "0987-01-02");
    EXPECT_EQ(format_date(sys_days{year{12026} / 10 / 30}), "12026-10-30");
    EXPECT_EQ(format_instant(Instant{sys_days{year{1969} / 12 / 31}} + 23h + 59min + 59s + 1us),
              "1969-12-31T23:59:59.000001Z");
    EXPECT_EQ(format_instant(Instant{}), "1970-01-01T00:00:00Z");
}

TEST(BaseMoney, prints_amounts_of_any_size) {
    for (const char* text : {"0", "0.00000001", "-0.1", "184467440737.09551615",
                             "184467440737.09551616", "-999999999999999999.12345678"})
        EXPECT_EQ(Decimal::parse(text)->text(), text);
    EXPECT_EQ((Money{std::numeric_limits<std::int64_t>::max(), usd}.amount()),
              "92233720368547758.07");
    EXPECT_EQ((Money{std::numeric_limits<std::int64_t>::min(), usd}.amount()),
              "-92233720368547758.08");
    EXPECT_EQ((Money{0, usd}.amount()), "0.00");
}

TEST(BaseMoney, parse_and_print) {
    EXPECT_EQ(Money::parse("12.34", usd)->minor, 1234);
    EXPECT_EQ(Money::parse("-0.05", usd)->amount(), "-0.05");
    EXPECT_EQ(Money::parse("1200", jpy)->amount(), "1200");
    EXPECT_FALSE(Money::parse("12.345", usd));
    EXPECT_FALSE(Money::parse("1e5", usd));
    EXPECT_FALSE(Money::parse("", usd));
    EXPECT_FALSE(Money::parse("99999999999999999999", usd));
    EXPECT_FALSE(Currency::parse("usd"));
}

TEST(BaseMoney, rounds_half_to_even) {
    struct Case {
        const char* in;
        std::int64_t minor;
    };
    for (const auto& [in, minor] : {Case{"0.005", 0}, Case{"0.015", 2}, Case{"0.025", 2},
                                    Case{"-0.015", -2}, Case{"0.0251", 3}})
        EXPECT_EQ(round(*Decimal::parse(in), usd).minor, minor) << in;
}

TEST(BaseDecimal, arithmetic) {
    EXPECT_EQ((*Decimal::parse("48") / *Decimal::parse("7.2")).text(), "6.66666667");
    EXPECT_EQ((*Decimal::parse("0.87058") * *Decimal::parse("100")).text(), "87.058");
    EXPECT_EQ(Decimal::parse("-0.00")->text(), "0");
    EXPECT_FALSE(Decimal::parse("0.123456789"));
    EXPECT_FALSE(Decimal::parse("1."));
    EXPECT_FALSE(Decimal::parse("1.2.3"));
}

TEST(BaseMoney, allocate_parts_sum_to_the_whole) {
    std::mt19937_64 random(7);
    for (int round_no = 0; round_no < 2000; ++round_no) {
        std::vector<Decimal> weights(1 + random() % 9);
        for (Decimal& weight : weights)
            weight = Decimal::from_units(static_cast<std::int64_t>(random() % 1'000'000'000));
        weights[0] = weights[0] + Decimal::from_units(1);
        const Money whole{static_cast<std::int64_t>(random() % 2'000'000) - 1'000'000, usd};
        std::int64_t sum = 0;
        for (const Money& part : allocate(whole, weights)) sum += part.minor;
        ASSERT_EQ(sum, whole.minor);
    }
    const std::vector<Decimal> thirds(3, Decimal::from_integer(1));
    const auto parts = allocate(Money{10000, usd}, thirds);
    EXPECT_EQ(parts[0].minor, 3334);
    EXPECT_EQ(parts[1].minor, 3333);
    EXPECT_EQ(parts[2].minor, 3333);
}

TEST(BaseText, utf8_and_codings) {
    EXPECT_TRUE(text::is_utf8("grün 日本 🎁"));
    for (const char* bad : {"\xC0\xAF", "\xED\xA0\x80", "\xF5\x80\x80\x80", "\xE3\x81", "\xFF"})
        EXPECT_FALSE(text::is_utf8(bad));
    EXPECT_EQ(text::percent_decode("a%20b+c", true), "a b c");
    EXPECT_FALSE(text::percent_decode("%4"));
    EXPECT_EQ(text::percent_encode("A/1 +%"), "A%2F1%20%2B%25");
    const std::vector<std::uint8_t> bytes{0, 255, 17, 4};
    EXPECT_EQ(text::from_base64url(text::to_base64url(bytes)), bytes);
    EXPECT_EQ(text::from_hex(text::to_hex(bytes)), bytes);
    EXPECT_FALSE(text::from_base64url("A"));
}

}  // namespace
}  // namespace entrepot
