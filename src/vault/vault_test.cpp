// Pure rules of the vault: what comes in, what each reason opens, when it ends; and a type that
// lets nothing out.
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "platform/json/writer.hpp"
#include "vault/capsule.hpp"
#include "vault/plaintext.hpp"

namespace entrepot::vault {
namespace {
using std::chrono::days;
using std::chrono::hours;

// A Pii has no way out but the vault's: each of these would compile for a plain text.
template <class T>
concept Printable = requires(std::ostream& out, const T& value) { out << value; };
template <class T>
concept Comparable = requires(const T& a, const T& b) { a == b; };
template <class T>
concept Ordered = requires(const T& a, const T& b) { a < b; };
template <class T>
concept Hashable = requires(const T& value) { std::hash<T>{}(value); };
template <class T>
concept AsText =
    std::is_convertible_v<T, std::string> || std::is_convertible_v<T, std::string_view> ||
    std::is_constructible_v<std::string, T>;
template <class T>
concept AsJson = requires(const T& value, std::string& out) { value.write_json(out); };
static_assert(Printable<std::string> && Comparable<std::string> && Hashable<std::string>);
static_assert(!Printable<Pii<>> && !Comparable<Pii<>> && !Ordered<Pii<>> && !Hashable<Pii<>>);
static_assert(!AsText<Pii<>> && !AsJson<Pii<>> && !std::is_copy_constructible_v<Pii<>> &&
              !std::is_copy_assignable_v<Pii<>>);
static_assert(!boost::describe::has_describe_members<Pii<>>::value);
static_assert(!Printable<Disclosed> && !Hashable<Disclosed> && !AsText<Disclosed> &&
              !std::is_copy_constructible_v<Disclosed>);

std::optional<Draft> read(std::string_view body) {
    return harvest(crypto::secret_bytes(body),
                   {{"/recipient/deliveryAddress/name", Field::recipient_name, {}},
                    {"/recipient/deliveryAddress/addressLine1", Field::address_line1, {}},
                    {"/buyer/buyerEmail", Field::buyer_email, {}}});
}

TEST(VaultHarvest, takes_the_named_fields_and_nothing_else) {
    const auto draft = read(
        R"({"recipient":{"deliveryAddress":{"name":" Zoë 王 ","addressLine1":"","city":"X"}},
            "buyer":{"buyerEmail":"a@b.example","buyerName":"never asked"}})");
    ASSERT_TRUE(draft.has_value());
    ASSERT_EQ(draft->cells.size(), 2U);
    EXPECT_EQ(Plaintext::of(draft->cells[0].value), "Zoë 王");
    EXPECT_EQ(Plaintext::of(draft->cells[1].value), "a@b.example");
}

TEST(VaultHarvest, other_types_and_broken_bodies_give_nothing) {
    EXPECT_TRUE(read(R"({"recipient":{"deliveryAddress":{"name":7}}})")->empty());
    EXPECT_TRUE(read("[]")->empty());
    EXPECT_FALSE(read(R"({"recipient":)").has_value());
    EXPECT_FALSE(read("").has_value());
}

TEST(VaultFields, a_parcel_needs_no_e_mail_and_claims_see_all) {
    const auto ship = fields_for(Reason::fulfilment);
    EXPECT_EQ(std::count(ship.begin(), ship.end(), Field::buyer_email), 0);
    EXPECT_EQ(std::count(ship.begin(), ship.end(), Field::postal_code), 1);
    EXPECT_EQ(fields_for(Reason::legal_claim).size(), 17U);
    for (const Field field : fields_for(Reason::legal_claim))
        EXPECT_EQ(field_named(name_of(field)), field);
    EXPECT_FALSE(field_named("password").has_value());
}

TEST(VaultRetention, ends_28_days_after_delivery_or_by_the_stated_fallbacks) {
    const Instant day0{days(20'000)};
    const auto after = [&](int n) { return day0 + hours(24 * n); };
    EXPECT_EQ(destroy_at({day0, after(1), after(5), after(3)}), after(31));
    EXPECT_EQ(destroy_at({day0, {}, after(5), {}}), after(33));
    EXPECT_EQ(destroy_at({day0, {}, {}, {}}), after(28));
    // Shipped, no scan: the promise plus 28 days, and never later than 30 days after shipping.
    EXPECT_EQ(destroy_at({day0, after(1), after(20), {}}), after(31));
    EXPECT_EQ(destroy_at({day0, after(10), after(2), {}}), after(30));
    // Shipped long after the promise: not destroyed before it left.
    EXPECT_GE(destroy_at({day0, after(60), after(2), {}}), after(60));
}

TEST(VaultIndex, meets_other_spellings_and_separates_fields) {
    const auto same = [](Field field, std::string_view a, std::string_view b) {
        return crypto::view(normalised(field, a)) == crypto::view(normalised(field, b));
    };
    EXPECT_TRUE(same(Field::buyer_email, "Ann@Example.COM", "ann@example.com"));
    EXPECT_TRUE(same(Field::recipient_name, "ＡＮＮ   Lee", "ann lee"));
    EXPECT_TRUE(same(Field::recipient_name, "STRASSE", "straße"));
    EXPECT_TRUE(same(Field::phone, "+1 (555) 010-99", "155501099"));
    EXPECT_FALSE(same(Field::recipient_name, "ann lee", "annlee"));
    const auto key = crypto::SecretKey::random();
    EXPECT_EQ(blind(key, 13, "x").data.size(), 8U);
    EXPECT_EQ(blind(key, 13, "x").data, blind(key, 13, "x").data);
    EXPECT_NE(blind(key, 13, "x").data, blind(key, 12, "x").data);
    EXPECT_NE(blind(crypto::SecretKey::random(), 13, "x").data, blind(key, 13, "x").data);
    EXPECT_NE(index_key_id(month_of(Instant{days(20'000)})),
              index_key_id(month_of(Instant{days(20'040)})));
}

}  // namespace
}  // namespace entrepot::vault
