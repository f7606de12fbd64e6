// What a table means: personal columns, mapping, clean copies, lines, gathering to orders.
#include "channel/csv/table.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "channel/csv/csv.hpp"
#include "channel/csv/order_builder.hpp"
#include "channel/csv/proposal.hpp"
#include "channel/csv/spool.hpp"

namespace entrepot::csv {
namespace {
using ::testing::ElementsAre;
using ::testing::IsEmpty;
namespace fs = std::filesystem;

class CsvTable : public ::testing::Test {
protected:
    CsvTable() {
        dir_ = fs::temp_directory_path() / ("entrepot-csv-" + std::to_string(::getpid()));
        fs::create_directories(dir_);
    }
    ~CsvTable() override { fs::remove_all(dir_); }
    std::string path(const std::string& name) const { return dir_ / name; }
    std::string put(const std::string& bytes) const {
        std::ofstream(path("in.csv"), std::ios::binary) << bytes;
        return path("in.csv");
    }
    Table examined(const std::string& bytes) const {
        const std::string file = put(bytes);
        return *examine(file, survey_file(file)->encoding, std::nullopt);
    }
    std::string cleaned(const std::string& bytes) const {
        const Table table = examined(bytes);
        EXPECT_TRUE(write_clean_copy(path("in.csv"), path("out.gz"), table).has_value());
        FileSource file(path("out.gz"));
        UnpackedSource unpacked(file);
        std::string out;
        std::array<char, 4096> buffer;
        while (const std::size_t count = *unpacked.read(buffer)) out.append(buffer.data(), count);
        return out;
    }
    fs::path dir_;
};

TEST(CsvColumns, personal_names) {
    for (const char* name :
         {"Buyer Name", "buyer-email", "E-Mail",         "ship-address-1",   "Shipping Phone",
          "CustomerID", "customer_id", "recipient-name", "Ship Postal Code", "Billing Name",
          "Notes",      "Zip",         "买家会员名",     "收货人姓名",       "收货地址",
          "联系手机",   "买家留言",    "邮编",           "客户电话",         "お名前",
          "Ｅｍａｉｌ", "Name",        "IP Address",     "household_id"})
        EXPECT_TRUE(is_personal_name(name)) << name;
    for (const char* name :
         {"InvoiceNo",    "StockCode",     "Description",  "Quantity", "InvoiceDate",
          "UnitPrice",    "Country",       "ship-country", "Shipping", "Item Price",
          "订单编号",     "商品数量",      "运费",         "收货国家", "SKU",
          "product-name", "Lineitem name", "Marketplace",  "Total",    "订单状态"})
        EXPECT_FALSE(is_personal_name(name)) << name;
    EXPECT_THAT(personal_columns({"Name", "Email", "Lineitem name"}),
                ElementsAre(false, true, false))
        << "one export calls its order number Name";
}

TEST(CsvColumns, guesses_of_known_exports) {
    const Mapping shopify =
        guess_mapping({"Name", "Email", "Fulfillment Status", "Currency", "Shipping", "Taxes",
                       "Created at", "Lineitem quantity", "Lineitem name", "Lineitem price",
                       "Lineitem sku", "Shipping Name", "Shipping Country"});
    EXPECT_EQ(shopify.at("order_number"), "Name");
    EXPECT_EQ(shopify.at("quantity"), "Lineitem quantity");
    EXPECT_EQ(shopify.at("unit_price"), "Lineitem price");
    EXPECT_EQ(shopify.at("sku"), "Lineitem sku");
    EXPECT_EQ(shopify.at("title"), "Lineitem name");
    EXPECT_EQ(shopify.at("country"), "Shipping Country");
    EXPECT_EQ(shopify.at("ordered_at"), "Created at");
    const Mapping chinese =
        guess_mapping({"订单编号", "下单时间", "商家编码", "商品标题", "数量", "单价", "运费",
                       "收货人姓名", "收货国家", "订单状态", "币种"});
    EXPECT_EQ(chinese.at("order_number"), "订单编号");
    EXPECT_EQ(chinese.at("ordered_at"), "下单时间");
    EXPECT_EQ(chinese.at("sku"), "商家编码");
    EXPECT_EQ(chinese.at("country"), "收货国家");
    EXPECT_EQ(chinese.at("state"), "订单状态");
    for (const auto& [field, column] : chinese) EXPECT_NE(column, "收货人姓名");
    EXPECT_THAT(guess_mapping({"foo", "bar"}), IsEmpty());
}

TEST(CsvColumns, names_become_addresses) {
    EXPECT_THAT(unique_names({" a ", "", "a", "a"}),
                ElementsAre("a", "column 2", "a (2)", "a (3)"));
    EXPECT_EQ(header_signature({"Order No", "SKU"}), header_signature({"order_no ", "sku"}));
    EXPECT_NE(header_signature({"a", "b"}), header_signature({"b", "a"}));
}

TEST_F(CsvTable, header_below_a_preamble) {
    const Table table = examined("Report of May\n\norder,sku,quantity\n1,A,2\n2,B,3\n");
    EXPECT_EQ(table.header_row, 3);
    EXPECT_THAT(table.columns, ElementsAre("order", "sku", "quantity"));
}

TEST_F(CsvTable, a_file_without_names_is_refused) {
    const std::string file = put("1,A,2\n2,B,3\n");
    EXPECT_EQ(examine(file, Encoding::utf8, std::nullopt).error().code.name, "imports.no_header");
    EXPECT_EQ(survey_file(put("")).error().code.name, "imports.empty_file");
    EXPECT_EQ(examine(put("\n\n"), Encoding::utf8, std::nullopt).error().code.name,
              "imports.empty_file");
}

TEST_F(CsvTable, personal_cells_never_reach_the_copy) {
    const std::string copy = cleaned(
        "\xEF\xBB\xBF\"order\",Buyer Name,sku,contact,qty\r\n"
        "1,\"Ann, \"\"A\"\" Lee\",A,ann@example.com,2\r\n"
        "2,Bob,B,bob@example.com,3\r\n");
    EXPECT_EQ(copy, "order,Buyer Name,sku,contact,qty\n1,,A,,2\n2,,B,,3\n");
}

TEST_F(CsvTable, shifted_rows_keep_their_width_only) {
    const std::string copy = cleaned(
        "order,sku,address,qty\n1,A,1 Main St, Apt 4,2\n2,B,x,3\nBob\n3,C,\"y\"z,4\n4,D,w,5\n");
    EXPECT_EQ(copy, "order,sku,address,qty\n?,,,,\n2,B,,3\n?\n?,,,,\n4,D,,5\n");
}

TEST_F(CsvTable, without_personal_columns_bad_rows_stay_as_they_are) {
    const std::string bytes = "order,sku,qty\n1,A\n2,\"B\"x,3\n\n3,\"C,\"\"D\"\"\",4\n";
    EXPECT_EQ(cleaned(bytes), bytes);
}

TEST_F(CsvTable, names_are_read_in_every_encoding) {
    // 收货人 in GB18030, among bytes that a person took for windows-1252.
    const std::string file = put("order,\xCA\xD5\xBB\xF5\xC8\xCB,qty\n1,Ann,2\n");
    const auto table = examine(file, Encoding::windows_1252, std::nullopt);
    EXPECT_THAT(table->personal, ElementsAre(false, true, false));
}

TEST_F(CsvTable, utf16_and_bars_among_trail_bytes_are_converted) {
    const std::string copy =
        cleaned(std::string("\xFF\xFE"
                            "o\0,\0n\0\n\0"
                            "1\0,\0\x70\x65\n\0",
                            18));
    EXPECT_EQ(copy, "o,n\n1,数\n");
}

Settings basic_settings() {
    Settings settings;
    settings.mapping = {{"order_number", "order"},
                        {"ordered_at", "date"},
                        {"sku", "sku"},
                        {"quantity", "qty"},
                        {"unit_price", "price"}};
    settings.time_zone = "UTC";
    settings.currency = "GBP";
    return settings;
}
const std::vector<std::string> basic_columns{"order", "date", "sku", "qty", "price"};

Row row_of(std::vector<std::string_view> cells, std::int64_t number = 2) {
    Row row;
    row.number = number;
    row.cells = std::move(cells);
    return row;
}

std::vector<std::string> faults_of(const Settings& settings, const Row& row, Line& line) {
    auto reader = LineReader::make(settings, basic_columns);
    std::vector<Fault> faults;
    const bool good = reader->read(row, line, faults);
    EXPECT_EQ(good, faults.empty());
    std::vector<std::string> out;
    for (const Fault& fault : faults) out.push_back(fault.column + ":" + std::string(fault.code));
    return out;
}

TEST(CsvLine, amounts_are_rounded_half_to_even_and_the_price_stays_exact) {
    const std::vector<std::array<const char*, 3>> cases{
        {"3", "0.335", "100"},        {"1", "0.125", "12"},          {"1", "0.135", "14"},
        {"-1", "0.125", "-12"},       {"10", "0.001", "1"},          {"1", "0.001", "0"},
        {"80995", "1.04", "8423480"}, {"-80995", "1.04", "-8423480"}};
    for (const auto& [quantity, price, minor] : cases) {
        Line line;
        EXPECT_THAT(
            faults_of(basic_settings(), row_of({"1", "2026-01-05", "A", quantity, price}), line),
            IsEmpty());
        EXPECT_EQ(std::to_string(line.item_minor), minor) << quantity << " x " << price;
        EXPECT_EQ(line.unit_price->text(), Decimal::parse(price)->text());
    }
}

TEST(CsvLine, every_bad_cell_is_named) {
    Line line;
    EXPECT_THAT(faults_of(basic_settings(), row_of({"1.2E+15", "soon", "", "1.5", "cheap"}), line),
                ElementsAre("order:damaged_id", "sku:required", "date:not_a_date",
                            "qty:fractional_quantity", "price:not_a_number"));
    EXPECT_THAT(faults_of(basic_settings(), row_of({"1", "2026-01-05", "A"}), line),
                ElementsAre(":ragged_row"));
    EXPECT_EQ(line.order_number, "1") << "the order of a ragged row is known";
    EXPECT_THAT(
        faults_of(basic_settings(), row_of({"1", "2026-01-05", "A\xEF\xBF\xBD", "1", "1"}), line),
        ElementsAre("sku:damaged_text"));
    EXPECT_THAT(
        faults_of(basic_settings(), row_of({"1", "2026-01-05", "A", "2000000000", "1"}), line),
        ElementsAre("qty:out_of_range"));
    EXPECT_THAT(faults_of(basic_settings(),
                          row_of({"1", "2026-01-05", "A", "1", "99999999999999999999"}), line),
                ElementsAre("price:out_of_range"));
    EXPECT_THAT(faults_of(basic_settings(), row_of({"1", "2026-01-05", "A\x01", "1", ""}), line),
                ElementsAre("sku:control_character", "price:required"));
}

TEST(CsvLine, settings_that_cannot_be_are_refused) {
    Settings settings;
    settings.mapping = {{"order_number", "order"}, {"nonsense", "sku"}, {"sku", "absent"}};
    settings.time_zone = "Mars/Olympus";
    settings.currency = "XXQ";
    const auto reader = LineReader::make(settings, basic_columns);
    ASSERT_TRUE(reader.has_error());
    std::vector<std::string> pointers;
    for (const FieldError& field : reader.error().fields) pointers.push_back(field.pointer);
    EXPECT_THAT(pointers,
                ElementsAre("/mapping/nonsense", "/mapping/sku", "/mapping/ordered_at",
                            "/mapping/quantity", "/mapping/unit_price", "/time_zone", "/currency"));
    Settings dropped = basic_settings();
    dropped.mapping["title"] = "";
    EXPECT_TRUE(LineReader::make(dropped, {"order", "date", "sku", "qty", "price", ""}).has_error())
        << "dropped columns cannot be mapped";
}

Line line_of(const std::string& order, const std::string& sku, std::int64_t quantity,
             const char* price, std::int64_t row = 2) {
    Line line;
    line.row = row;
    line.order_number = order;
    line.sku = sku;
    line.quantity = quantity;
    line.unit_price = Decimal::parse(price);
    line.currency = "GBP";
    const auto exact = Decimal::from_units(line.unit_price->units() * quantity);
    line.item_minor = round(exact, *Currency::parse("GBP")).minor;
    return line;
}

Settings retail_settings() {
    Settings settings = basic_settings();
    settings.rules = find_profile({"InvoiceNo", "StockCode", "Description", "Quantity",
                                   "InvoiceDate", "UnitPrice", "CustomerID", "Country"})
                         ->rules;
    return settings;
}

TEST(CsvOrder, kinds_of_orders) {
    using orders::OrderKind;
    struct Case {
        std::vector<Line> lines;
        OrderKind kind;
    };
    const std::vector<Case> cases{
        {{line_of("1", "85123A", 6, "2.55")}, OrderKind::sale},
        {{line_of("C1", "85123A", -6, "2.55")}, OrderKind::cancellation},
        {{line_of("A1", "B", 1, "-11062.06")}, OrderKind::adjustment},
        {{line_of("2", "22139", -5, "0")}, OrderKind::adjustment},
        {{line_of("3", "22139", 56, "0")}, OrderKind::adjustment},
        {{line_of("4", "22139", 1, "0"), line_of("4", "22140", 1, "1.00")}, OrderKind::sale},
        {{line_of("5", "22139", -1, "1.00")}, OrderKind::cancellation},
        {{line_of("6", "22139", -1, "1.00"), line_of("6", "22140", 2, "1.00")}, OrderKind::sale}};
    for (const Case& c : cases) {
        std::vector<Fault> faults;
        const auto order = build_order(c.lines, retail_settings(), "GB", faults);
        ASSERT_TRUE(order) << c.lines.front().order_number;
        EXPECT_EQ(order->kind, c.kind) << c.lines.front().order_number;
    }
}

TEST(CsvOrder, every_amount_stands_where_it_belongs) {
    std::vector<Fault> faults;
    const std::vector<Line> lines{line_of("1", "85123A", 2, "1.50"),
                                  line_of("1", "POST", 1, "18"),
                                  line_of("1", "D", -1, "27.50"),
                                  line_of("1", "BANK CHARGES", 1, "15"),
                                  line_of("1", "gift_0001_20", 1, "17.02"),
                                  line_of("1", "m", 1, "2.55"),
                                  line_of("1", "S", 1, "12.95")};
    const auto order = build_order(lines, retail_settings(), "GB", faults);
    ASSERT_TRUE(order);
    using orders::LineKind;
    std::vector<LineKind> kinds;
    for (const auto& line : order->lines) kinds.push_back(line.kind);
    EXPECT_THAT(kinds,
                ElementsAre(LineKind::goods, LineKind::postage, LineKind::discount, LineKind::fee,
                            LineKind::gift_card, LineKind::adjustment, LineKind::adjustment));
    EXPECT_EQ(order->lines[0].amounts.item, 300);
    EXPECT_EQ(order->lines[1].amounts.shipping, 1800);
    EXPECT_EQ(order->lines[2].amounts.discount, 2750);
    EXPECT_EQ(order->lines[3].amounts.other, 1500);
    EXPECT_EQ(*order->grand_total, 300 + 1800 - 2750 + 1500 + 1702 + 255 + 1295);
    EXPECT_EQ(order->marketplace_id, "GB");
    EXPECT_EQ(order->state, orders::OrderState::shipped);
    EXPECT_EQ(order->lines[0].quantity_shipped, 2);
}

TEST(CsvOrder, charges_of_the_order_count_once) {
    Settings settings = basic_settings();
    settings.charges = Charges::per_order;
    std::vector<Line> lines{line_of("1", "A", 1, "1"), line_of("1", "B", 1, "2", 3)};
    lines[0].shipping_minor = lines[1].shipping_minor = 500;
    lines[1].discount_minor = 100;
    std::vector<Fault> faults;
    EXPECT_EQ(*build_order(lines, settings, "GB", faults)->grand_total, 300 + 500 - 100);
    lines[1].shipping_minor = 501;
    EXPECT_FALSE(build_order(lines, settings, "GB", faults));
    ASSERT_EQ(faults.size(), 1U);
    EXPECT_EQ(faults[0].row, 3);
    EXPECT_EQ(faults[0].code, faults::charge_differs);
    settings.charges = Charges::per_line;
    faults.clear();
    EXPECT_EQ(*build_order(lines, settings, "GB", faults)->grand_total, 300 + 1001 - 100);
    lines[1].currency = "EUR";
    EXPECT_FALSE(build_order(lines, settings, "GB", faults));
    EXPECT_EQ(faults.back().code, faults::currency_differs);
}

TEST_F(CsvTable, lines_of_an_order_need_not_stand_together) {
    Spool spool(dir_, 10);
    for (int i = 0; i < 3000; ++i) {
        Line line = line_of("N" + std::to_string(i % 1000), "SKU", i, "1.25", i);
        line.title = std::string(i % 50, 'x');
        if (i % 3 == 0) line.tax_minor = i;
        ASSERT_TRUE(spool.append(line).has_value());
    }
    spool.mark_bad("N7");
    spool.mark_bad("no line of this one");
    ASSERT_TRUE(spool.seal().has_value());
    for (int round = 0; round < 2; ++round) {
        Group group;
        spool.rewind();
        for (int i = 0; i < 1000; ++i) {
            ASSERT_TRUE(spool.next(group));
            ASSERT_EQ(group.lines.size(), 3U);
            EXPECT_EQ(group.bad, i == 7);
            for (int k = 0; k < 3; ++k) {
                const Line& line = group.lines[static_cast<std::size_t>(k)];
                const int n = i + k * 1000;
                EXPECT_EQ(line.order_number, "N" + std::to_string(i));
                EXPECT_EQ(line.quantity, n);
                EXPECT_EQ(line.title.size(), static_cast<std::size_t>(n % 50));
                EXPECT_EQ(line.tax_minor.has_value(), n % 3 == 0);
                EXPECT_EQ(line.unit_price->text(), "1.25");
            }
        }
        EXPECT_FALSE(spool.next(group));
    }
}

TEST_F(CsvTable, an_order_without_end_is_cut) {
    Spool spool(dir_, 10);
    for (std::size_t i = 0; i <= lines_per_order_max; ++i)
        ASSERT_TRUE(spool.append(line_of("one", "SKU", 1, "1")).has_value());
    ASSERT_TRUE(spool.seal().has_value());
    Group group;
    ASSERT_TRUE(spool.next(group));
    EXPECT_TRUE(group.too_many);
    EXPECT_EQ(group.lines.size(), lines_per_order_max);
    EXPECT_FALSE(spool.next(group));
}

ProposalInput input_of(std::vector<std::string> columns,
                       std::vector<std::vector<std::string>> rows) {
    ProposalInput in;
    in.columns = std::move(columns);
    in.rows = std::move(rows);
    in.time_zone = "Europe/Berlin";
    in.currency = "EUR";
    return in;
}

std::vector<std::string> problems_of(const Proposal& proposal) {
    std::vector<std::string> out;
    for (const ProposalProblem& problem : proposal.problems)
        out.push_back(problem.field + ":" + problem.code);
    return out;
}

TEST(CsvProposal, formats_follow_the_cells) {
    const Proposal german = propose(input_of(
        {"Order No", "Date", "SKU", "Qty", "Price"},
        {{"1", "31.12.2025", "A", "1", "1.234,50"}, {"2", "01.12.2025", "B", "2", "5,00"}}));
    EXPECT_EQ(german.settings.number_format, NumberFormat::comma);
    EXPECT_EQ(german.settings.date_format, DateFormat::dmy);
    EXPECT_EQ(german.settings.time_zone, "Europe/Berlin");
    EXPECT_THAT(problems_of(german), IsEmpty());
    const Proposal unclear =
        propose(input_of({"Order No", "Date", "SKU", "Qty"}, {{"6E+14", "1/2/2026", "A", "1"}}));
    EXPECT_THAT(problems_of(unclear),
                ElementsAre("ordered_at:ambiguous_dates", "unit_price:missing_field",
                            "order_number:damaged_ids"));
}

TEST(CsvProposal, remembered_before_profile_before_guess) {
    const std::vector<std::string> retail{"InvoiceNo", "StockCode",   "Description",
                                          "Quantity",  "InvoiceDate", "UnitPrice",
                                          "",          "Country"};
    ProposalInput in = input_of(
        retail, {{"C1", "85123A", "LANTERN", "-6", "2010-12-01 08:26:00", "2.55", "", "EIRE"}});
    const Proposal profile = propose(in);
    EXPECT_EQ(profile.source, MappingSource::profile);
    EXPECT_EQ(profile.profile, "online_retail");
    EXPECT_EQ(profile.settings.time_zone, "Europe/London");
    EXPECT_EQ(profile.settings.currency, "GBP");
    EXPECT_THAT(problems_of(profile), IsEmpty());
    in.remembered = profile.settings;
    in.remembered->currency = "EUR";
    EXPECT_EQ(propose(in).source, MappingSource::remembered);
    EXPECT_EQ(propose(in).settings.currency, "EUR");
    in.remembered->mapping["sku"] = "gone";
    EXPECT_EQ(propose(in).source, MappingSource::profile);
}

}  // namespace
}  // namespace entrepot::csv
