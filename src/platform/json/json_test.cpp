// What the reader accepts and refuses, and how the writer escapes and masks.
#include "platform/json/reader.hpp"
#include "platform/json/schema.hpp"
#include "platform/json/writer.hpp"

namespace entrepot::json {
namespace {

enum class Colour { red, green };
BOOST_DESCRIBE_ENUM(Colour, red, green)
struct Line {
    std::string sku;
    std::int64_t quantity;
};
BOOST_DESCRIBE_STRUCT(Line, (), (sku, quantity))
struct Form {
    std::string name;
    std::optional<Colour> colour;
    std::vector<Line> lines;
    std::optional<Money> price;
    std::optional<Date> day;
};
BOOST_DESCRIBE_STRUCT(Form, (), (name, colour, lines, price, day))

TEST(JsonReader, reads_a_whole_form) {
    const auto form = read_document<Form>(
        R"({"name":"grün","colour":"green","lines":[{"sku":"A/1","quantity":3}],"price":{"amount":"12.30","currency":"USD"},"day":"2024-02-29"})");
    ASSERT_TRUE(form.has_value());
    EXPECT_EQ(form->colour, Colour::green);
    EXPECT_EQ(form->lines.at(0).quantity, 3);
    EXPECT_EQ(form->price->minor, 1230);
    EXPECT_FALSE(read_document<Form>(R"({"name":"x","lines":[]})")->colour.has_value());
}

TEST(JsonReader, collects_every_violation_with_its_pointer) {
    const auto form = read_document<Form>(
        R"({"colour":"blue","lines":[{"sku":7,"quantity":"3"},{"sku":"B"}],"price":{"amount":"1.234","currency":"USD"},"day":"2023-02-29","extra":1})");
    ASSERT_TRUE(form.has_error());
    std::vector<std::string> found;
    for (const FieldError& field : form.error().fields)
        found.push_back(field.pointer + " " + field.code);
    EXPECT_THAT(found,
                ::testing::UnorderedElementsAre(
                    "/name required", "/colour unknown_value", "/lines/0/sku string_expected",
                    "/lines/0/quantity integer_expected", "/lines/1/quantity required",
                    "/price/amount invalid_amount", "/day date_expected", "/extra unknown_member"));
}

TEST(JsonReader, refuses_what_is_not_json_or_not_text) {
    for (const std::string& bad :
         {std::string(""), std::string("{"), std::string("{}x"), std::string("[1,]"),
          std::string("{\"a\":\"\xC0\xAF\"}"), std::string("nan"), std::string(100'000, '['),
          std::string("{\"name\":\"a\\u0000b\",\"lines\":[]}")})
        EXPECT_TRUE(read_document<Form>(bad).has_error()) << bad.substr(0, 20);
    const auto nested = [](std::size_t depth) {
        return std::string(depth, '[') + std::string(depth, ']');
    };
    EXPECT_TRUE(parse(nested(32)).has_value());
    EXPECT_TRUE(parse(nested(33)).has_error());
    EXPECT_TRUE(parse(nested(100'000)).has_error());
}

struct View {
    std::string title;
    Guarded<std::optional<Money>, Permission::money_read> total;
};
BOOST_DESCRIBE_STRUCT(View, (), (title, total))

TEST(JsonWriter, masks_by_rights_and_says_so) {
    const View view{"x", std::optional(Money{1234, *Currency::parse("EUR")})};
    EXPECT_EQ(to_json(view, PermissionSet{Permission::money_read}),
              R"({"title":"x","total":{"amount":"12.34","currency":"EUR"}})");
    EXPECT_EQ(to_json(view, PermissionSet{}), R"({"title":"x","total":null,"masked":["total"]})");
}

TEST(JsonWriter, text_survives_and_cannot_become_markup) {
    const std::string nasty = "</script><b>\"q\"\\ \t\n\x01 ünï 日本 🎁 & '";
    std::string out;
    write_string(out, nasty);
    EXPECT_EQ(out.find('<'), std::string::npos);
    EXPECT_EQ(std::string(parse(out)->as_string()), nasty);
}

TEST(JsonSchema, says_what_reader_and_writer_do) {
    const std::string schema = schema_of<Form>(Direction::input);
    EXPECT_NE(schema.find(R"("required":["name","lines"])"), std::string::npos) << schema;
    EXPECT_NE(schema.find(R"("enum":["red","green"])"), std::string::npos);
    EXPECT_TRUE(parse(schema).has_value());
    EXPECT_NE(schema_of<View>(Direction::output).find("masked"), std::string::npos);
}

}  // namespace
}  // namespace entrepot::json
