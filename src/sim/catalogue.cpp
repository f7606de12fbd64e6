// What is sold where: marketplaces, the three demo sellers, and about sixty products.
// Marketplace ids follow the official table; names, prices and SKUs are the simulator's own.
#include "sim/catalogue.hpp"

#include "sim/random.hpp"

namespace entrepot::sim {

const std::array<Marketplace, marketplace_count>& marketplaces() {
    static constexpr std::array<Marketplace, marketplace_count> table{{
        {"ATVPDKIKX0DER", "Amazon.com", "Amazon.com", "US", "USD", 2, "en_US", "www.amazon.com",
         false, Language::english, Charset::utf8},
        {"A2EUQ1WTGCTBG2", "Amazon.ca", "Amazon.ca", "CA", "CAD", 2, "en_CA", "www.amazon.ca",
         false, Language::english, Charset::utf8},
        {"A1PA6795UKMFR9", "Amazon.de", "Amazon.de", "DE", "EUR", 2, "de_DE", "www.amazon.de", true,
         Language::german, Charset::windows_1252},
        {"A1VC38T7YXB528", "Amazon.co.jp", "Amazon.co.jp", "JP", "JPY", 0, "ja_JP",
         "www.amazon.co.jp", true, Language::japanese, Charset::windows_31j},
    }};
    return table;
}

const std::array<Shop, shop_count>& shops() {
    static constexpr std::array<Shop, shop_count> table{{
        {"US",
         "NA",
         "A1SIMUS0NORTH1",
         "Harbor & Pine",
         "Harbor and Pine Trading LLC",
         "",
         {0, 1},
         2,
         "A3SIMCHANNELUS",
         500,
         -6,
         "111112113114"},
        {"DE",
         "EU",
         "A2SIMDE0EUROP2",
         "Hafen & Kiefer",
         "Hafen und Kiefer Handels GmbH",
         "Häfen & Kiefer Handelsgesellschaft mbH",
         {2, 2},
         1,
         "A3SIMCHANNELDE",
         300,
         1,
         "302303304305"},
        {"JP",
         "FE",
         "A3SIMJP0FAREA3",
         "港と松",
         "Minato Matsu Co., Ltd.",
         "株式会社港と松",
         {3, 3},
         1,
         "A3SIMCHANNELJP",
         200,
         9,
         "249250503"},
    }};
    return table;
}

std::size_t find_shop(std::string_view code_or_seller) {
    for (std::size_t i = 0; i < shop_count; ++i) {
        if (shops()[i].code == code_or_seller || shops()[i].seller_id == code_or_seller) return i;
    }
    return shop_count;
}

namespace {

struct Family {
    std::string_view stem;  ///< start of the SKU
    std::array<std::string_view, 3> name;
    std::int64_t price_cents;  ///< US list price
    std::int64_t popularity;
    Season season;
    bool reduced_tax;
};

constexpr std::array<Family, 20> families{{
    {"LAMP",
     {"LED Desk Lamp, Dimmable", "LED-Schreibtischlampe, dimmbar", "LEDデスクライト 調光式"},
     3499,
     90,
     Season::school,
     false},
    {"MUG",
     {"Stoneware Mug, 12 oz", "Steinzeug-Becher, 350 ml", "陶器マグカップ 350ml"},
     1299,
     120,
     Season::winter_gift,
     false},
    {"KNIFE",
     {"Chef's Knife, 8 in", "Küchenmesser, 20 cm", "三徳包丁 200mm"},
     4599,
     60,
     Season::steady,
     false},
    {"TEA",
     {"Green Tea, Loose Leaf", "Grüner Tee, lose", "煎茶 茶葉"},
     1599,
     80,
     Season::steady,
     true},
    {"TOWEL",
     {"Bath Towel, Turkish Cotton", "Badetuch, türkische Baumwolle", "バスタオル 綿100%"},
     2299,
     70,
     Season::steady,
     false},
    {"BOTTLE",
     {"Insulated Water Bottle, 25 oz", "Isolierflasche, 750 ml", "真空断熱ボトル 750ml"},
     2799,
     150,
     Season::summer,
     false},
    {"CABLE",
     {"USB-C Cable, 6 ft, Braided", "USB-C-Kabel, 2 m, geflochten", "USB-Cケーブル 2m 編組"},
     999,
     200,
     Season::steady,
     false},
    {"CHARGER",
     {"65 W GaN Charger, 3 Ports", "65-W-GaN-Ladegerät, 3 Anschlüsse", "65W GaN急速充電器 3ポート"},
     3999,
     110,
     Season::winter_gift,
     false},
    {"PUZZLE",
     {"Jigsaw Puzzle, 1000 Pieces", "Puzzle, 1000 Teile", "ジグソーパズル 1000ピース"},
     1899,
     85,
     Season::winter_gift,
     false},
    {"BLOCKS",
     {"Wooden Building Blocks, 60 pcs", "Holzbausteine, 60 Stück", "積み木 60ピース"},
     3299,
     75,
     Season::winter_gift,
     false},
    {"HOSE",
     {"Expandable Garden Hose, 50 ft", "Flexibler Gartenschlauch, 15 m", "伸縮ホース 15m"},
     3699,
     45,
     Season::summer,
     false},
    {"FAN",
     {"Portable Desk Fan", "Tischventilator, tragbar", "卓上扇風機 USB"},
     2499,
     65,
     Season::summer,
     false},
    {"NOTE",
     {"Dotted Notebook, A5", "Notizbuch A5, gepunktet", "ドット方眼ノート A5"},
     1199,
     95,
     Season::school,
     false},
    {"PEN",
     {"Gel Pens, 12 Colours", "Gelstifte, 12 Farben", "ゲルインクペン 12色"},
     899,
     130,
     Season::school,
     false},
    {"BAG",
     {"Canvas Backpack, 20 L", "Rucksack aus Segeltuch, 20 l", "帆布リュック 20L"},
     5499,
     55,
     Season::school,
     false},
    {"CANDLE",
     {"Beeswax Candle, Set of 4", "Bienenwachskerzen, 4er-Set", "蜜蝋キャンドル 4本"},
     2099,
     60,
     Season::winter_gift,
     false},
    {"YOGA",
     {"Yoga Mat, 6 mm", "Yogamatte, 6 mm", "ヨガマット 6mm"},
     2999,
     70,
     Season::summer,
     false},
    {"COFFEE",
     {"Coffee Beans, Whole, 2 lb", "Kaffeebohnen, ganz, 1 kg", "コーヒー豆 1kg"},
     2699,
     100,
     Season::steady,
     true},
    {"HEADSET",
     {"Wireless Headset with Mic", "Kabelloses Headset mit Mikrofon", "ワイヤレスヘッドセット"},
     7999,
     50,
     Season::winter_gift,
     false},
    {"CHAIR",
     {"Ergonomic Office Chair", "Ergonomischer Bürostuhl", "エルゴノミクスチェア"},
     24900,
     18,
     Season::steady,
     false},
}};

struct Variant {
    std::string_view code;
    std::array<std::string_view, 3> name;
    std::int64_t price_permille;
};

constexpr std::array<Variant, 3> variants{{
    {"BLK", {"Black", "Schwarz", "ブラック"}, 1000},
    {"GRN", {"Forest Green", "Waldgrün", "フォレストグリーン"}, 1050},
    {"SET", {"Gift Set", "Geschenkset", "ギフトセット"}, 1850},
}};

// SKUs that have broken real clients: separators of URLs, lists, CSV and spreadsheets, digits that
// a spreadsheet would round, and letters outside ASCII (each inside its shop's report charset).
struct NastySku {
    std::size_t product;
    std::array<std::string_view, shop_count> sku;
};

constexpr std::array<NastySku, 12> nasty_skus{{
    {0, {"LAMP 01/BLK", "LAMP 01/BLK", "LAMP 01/BLK"}},
    {3, {"MUG+BLK", "MUG+BLK", "MUG+BLK"}},
    {5, {"MUG,SET,4", "MUG,SET,4", "MUG,SET,4"}},
    {6, {"KNIFE-CAFÉ", "KÜCHE-MESSER-ß", "包丁-黒-01"}},
    {11, {"TEA 100% SET", "TEE 100% SET", "茶 100% セット"}},
    {12, {"TOWEL'S \"XL\"", "TOWEL'S \"XL\"", "TOWEL'S \"XL\""}},
    {18, {"000123456789012345", "000123456789012345", "000123456789012345"}},
    {21, {"=1+CHARGER", "=1+CHARGER", "=1+CHARGER"}},
    {26, {"PUZZLE&SET=1?#", "PUZZLE&SET=1?#", "PUZZLE&SET=1?#"}},
    {30, {"HOSE\\50;FT|A", "HOSE\\15;M|A", "HOSE\\15;M|A"}},
    {37, {"NOTE–GRÜN€", "NOTE–GRÜN€", "ノート～緑①"}},
    {45, {"1E5", "1E5", "1E5"}},
}};

std::string make_asin(std::uint64_t seed, std::size_t index) {
    constexpr std::string_view alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    Rng rng(mix(seed, 0xA51Eu, index));
    std::string asin = "B0";
    for (int i = 0; i < 8; ++i) asin.push_back(rng.pick(alphabet));
    return asin;
}

std::array<std::int64_t, marketplace_count> prices(std::int64_t cents) {
    // Charm prices in each currency; yen have no minor unit.
    const std::int64_t cad = cents * 135 / 100 / 100 * 100 + 99;
    const std::int64_t eur = cents * 112 / 100 / 100 * 100 + 95;
    const std::int64_t jpy = cents * 148 / 100 / 10 * 10 + 80;
    return {cents, cad, eur, jpy};
}

}  // namespace

std::vector<Product> make_catalogue(std::uint64_t seed) {
    std::vector<Product> products;
    products.reserve(families.size() * variants.size());
    for (const Family& family : families) {
        for (const Variant& variant : variants) {
            const std::size_t index = products.size();
            Rng rng(mix(seed, 0xCA7u, index));
            Product product;
            product.sku.fill(std::string(family.stem) + "-" + std::string(variant.code));
            product.asin = make_asin(seed, index);
            for (std::size_t i = 0; i < 3; ++i) {
                // Windows-31J has no en dash.
                const std::string_view joint = i == 2 ? " " : " – ";
                product.title[i] = family.name[i];
                product.title[i].append(joint).append(variant.name[i]);
            }
            product.price =
                prices(family.price_cents * variant.price_permille / 1000 / 100 * 100 + 99);
            product.popularity = family.popularity * rng.between(40, 160) / 100 + 1;
            product.season = family.season;
            product.reduced_tax = family.reduced_tax;
            product.fba_permille = static_cast<unsigned>(rng.pick(std::array{50, 350, 700, 950}));
            product.launch_permille =
                rng.chance(150) ? static_cast<unsigned>(rng.between(200, 800)) : 0;
            products.push_back(std::move(product));
        }
    }
    for (const NastySku& nasty : nasty_skus) {
        for (std::size_t shop = 0; shop < shop_count; ++shop) {
            products[nasty.product].sku[shop] = nasty.sku[shop];
        }
    }
    return products;
}

std::string decimal_text(std::int64_t minor, int exponent) {
    const bool negative = minor < 0;
    std::string digits = std::to_string(negative ? -minor : minor);
    if (exponent > 0) {
        const auto places = static_cast<std::size_t>(exponent);
        if (digits.size() <= places) digits.insert(0, places + 1 - digits.size(), '0');
        digits.insert(digits.size() - places, ".");
    }
    return negative ? "-" + digits : digits;
}

}  // namespace entrepot::sim
