// Buyers and their addresses, made from name parts in many scripts. Nobody here exists.
// Each marketplace draws mostly from its own locale, with a share of other scripts as in life.
#include "sim/people.hpp"

#include <array>
#include <span>

#include "sim/random.hpp"

namespace entrepot::sim {

namespace {

using Words = std::span<const std::string_view>;

constexpr std::string_view english_given[] = {
    "James",     "Mary",    "Robert",     "Patricia", "Michael", "Linda",  "William",
    "Elizabeth", "David",   "Susan",      "Joseph",   "Karen",   "Thomas", "Nancy",
    "Aaliyah",   "Deshawn", "María José", "Zoë",      "Siân",    "Renée"};
constexpr std::string_view english_family[] = {
    "Smith",  "Johnson",  "Williams",     "Brown",          "Jones",   "García",
    "Miller", "Davis",    "Rodríguez",    "Martínez",       "O'Brien", "McDonald",
    "Nguyen", "St. John", "Van der Berg", "Washington-Lee", "Núñez",   "Kowalski"};
constexpr std::string_view german_given[] = {"Jürgen", "Björn", "Käthe",  "Günther",    "Anneliese",
                                             "Sören",  "Lukas", "Hannah", "Maximilian", "Charlotte",
                                             "Zoë",    "Ayşe",  "Mehmet", "Łukasz"};
constexpr std::string_view german_family[] = {
    "Müller",   "Schäfer",       "Groß",   "Weiß",   "König", "Böhm",   "Jäger",    "Schröder",
    "Hoffmann", "von der Heyde", "Öztürk", "Yılmaz", "Nowak", "Strauß", "Übelacker"};
constexpr std::string_view japanese_given[] = {"太郎", "花子", "健一",   "美咲",   "大輔",
                                               "陽子", "翔",   "さくら", "ひろし", "結衣",
                                               "誠",   "愛",   "ケンジ", "千尋"};
constexpr std::string_view japanese_family[] = {"佐藤", "鈴木", "高橋",   "田中",  "渡邊",
                                                "伊藤", "山本", "中村",   "小林",  "加藤",
                                                "髙木", "齋藤", "五十嵐", "長谷川"};
constexpr std::string_view cyrillic_given[] = {"Анна",    "Дмитрий",   "Ольга", "Сергей",
                                               "Наталья", "Олександр", "Юлія"};
constexpr std::string_view cyrillic_family[] = {"Иванова",  "Смирнов",  "Кузнецова",
                                                "Шевченко", "Щербаков", "Ковальчук"};
constexpr std::string_view arabic_given[] = {"محمد", "فاطمة", "أحمد", "ليلى", "يوسف", "نور"};
constexpr std::string_view arabic_family[] = {"العلي", "الحسن", "خليل", "منصور", "الشريف"};
constexpr std::string_view hangul_family[] = {"김", "이", "박", "최", "정", "남궁"};
constexpr std::string_view hangul_given[] = {"민준", "서연", "지우", "하은", "도윤", "수빈"};
constexpr std::string_view han_family[] = {"王", "李", "張", "刘", "陈", "欧阳"};
constexpr std::string_view han_given[] = {"偉", "芳", "娜", "秀英", "磊", "静怡"};

std::string join(Rng& rng, Words first, std::string_view joint, Words second) {
    std::string name(rng.pick(first));
    name.append(joint).append(rng.pick(second));
    return name;
}

// Shares of scripts in permille: own locale first, the rest spread over the others.
std::string person_name(std::size_t marketplace, Rng& rng) {
    const std::uint64_t draw = rng.below(1000);
    if (draw >= 960) return join(rng, cyrillic_given, " ", cyrillic_family);
    if (draw >= 930) return join(rng, arabic_given, " ", arabic_family);
    if (draw >= 890) return join(rng, hangul_family, "", hangul_given);
    if (draw >= 850) return join(rng, han_family, "", han_given);
    if (marketplace == 3) {
        if (draw >= 800) return join(rng, english_given, " ", english_family);
        return join(rng, japanese_family, draw % 3 == 0 ? "" : " ", japanese_given);
    }
    if (marketplace == 2) {
        if (draw >= 800) return join(rng, english_given, " ", english_family);
        return join(rng, german_given, " ", german_family);
    }
    return join(rng, english_given, " ", english_family);
}

struct Town {
    std::string_view city;
    std::string_view state;
    std::string_view postal;  ///< first digits; the rest is drawn
    unsigned tax_per_100k;
    unsigned reduced_per_100k;
};

constexpr Town us_towns[] = {
    {"Seattle", "WA", "981", 10250, 10250},   {"Portland", "OR", "972", 0, 0},
    {"Los Angeles", "CA", "900", 9500, 9500}, {"San José", "CA", "951", 9375, 9375},
    {"Austin", "TX", "787", 8250, 8250},      {"Houston", "TX", "770", 8250, 8250},
    {"New York", "NY", "100", 8875, 8875},    {"Brooklyn", "NY", "112", 8875, 8875},
    {"Chicago", "IL", "606", 10250, 2250},    {"Cañon City", "CO", "812", 7000, 7000},
    {"Miami", "FL", "331", 7000, 7000},       {"St. Paul", "MN", "551", 9875, 9875},
    {"Boston", "MA", "021", 6250, 0},         {"Anchorage", "AK", "995", 0, 0},
    {"Honolulu", "HI", "968", 4500, 4500},    {"Coeur d'Alene", "ID", "838", 6000, 6000}};
constexpr Town ca_towns[] = {
    {"Toronto", "ON", "M5V ", 13000, 13000},        {"Montréal", "QC", "H2X ", 14975, 14975},
    {"Trois-Rivières", "QC", "G9A ", 14975, 14975}, {"Vancouver", "BC", "V6B ", 12000, 12000},
    {"Calgary", "AB", "T2P ", 5000, 5000},          {"Halifax", "NS", "B3J ", 14000, 14000}};
constexpr Town de_towns[] = {{"München", "Bayern", "80", 19000, 7000},
                             {"Köln", "Nordrhein-Westfalen", "50", 19000, 7000},
                             {"Düsseldorf", "Nordrhein-Westfalen", "40", 19000, 7000},
                             {"Hamburg", "", "20", 19000, 7000},
                             {"Berlin", "", "10", 19000, 7000},
                             {"Würzburg", "Bayern", "97", 19000, 7000},
                             {"Görlitz", "Sachsen", "02", 19000, 7000},
                             {"Lüneburg", "Niedersachsen", "21", 19000, 7000},
                             {"Gießen", "Hessen", "35", 19000, 7000},
                             {"Weil am Rhein", "Baden-Württemberg", "79", 19000, 7000}};
constexpr Town jp_towns[] = {
    {"千代田区", "東京都", "100", 10000, 8000},     {"世田谷区", "東京都", "154", 10000, 8000},
    {"横浜市西区", "神奈川県", "220", 10000, 8000}, {"大阪市北区", "大阪府", "530", 10000, 8000},
    {"京都市左京区", "京都府", "606", 10000, 8000}, {"札幌市中央区", "北海道", "060", 10000, 8000},
    {"福岡市博多区", "福岡県", "812", 10000, 8000}, {"那覇市", "沖縄県", "900", 10000, 8000},
    {"つくば市", "茨城県", "305", 10000, 8000}};

constexpr std::string_view us_streets[] = {
    "Main St",   "Elm Street",     "N 34th Ave",   "Martin Luther King Jr Blvd",
    "Peña Blvd", "County Road 12", "O'Farrell St", "Lakeview Dr"};
constexpr std::string_view ca_streets[] = {"King St W", "Rue Sainte-Catherine",
                                           "Chemin des Érables", "Robson St", "8 Ave SW"};
constexpr std::string_view de_streets[] = {
    "Königstraße",         "Am Mühlbach",       "Große Elbstraße", "Bahnhofstr.",
    "Straße des 17. Juni", "Schönhauser Allee", "Unter den Eichen"};
constexpr std::string_view jp_streets[] = {"丸の内", "南幸",     "梅田",    "吉田本町",
                                           "大通西", "博多駅前", "三軒茶屋"};
constexpr std::string_view jp_houses[] = {"コーポさくら", "メゾン青葉", "タワー髙輪", "第２ビル",
                                          "ハイツ①"};
constexpr std::string_view companies[] = {
    "Brightwater Dental", "Fields & Sons", "Café Lumière",         "Nordlicht GmbH & Co. KG",
    "有限会社みなみ",     "Studio 54½",    "Quick \"Fix\" Repairs"};

std::span<const Town> towns(std::size_t marketplace) {
    switch (marketplace) {
        case 0:
            return us_towns;
        case 1:
            return ca_towns;
        case 2:
            return de_towns;
        default:
            return jp_towns;
    }
}

const Town& town_of(std::size_t marketplace, std::uint64_t buyer_seed) {
    const auto choice = towns(marketplace);
    return choice[static_cast<std::size_t>(Rng(mix(buyer_seed, 0x70u)).below(choice.size()))];
}

std::string padded(std::int64_t value, std::size_t width) {
    std::string text = std::to_string(value);
    if (text.size() < width) text.insert(0, width - text.size(), '0');
    return text;
}

void north_american(Address& address, const Town& town, bool canada, Rng& rng) {
    address.line1 = std::to_string(rng.between(1, 19999)) + " ";
    address.line1 += canada ? rng.pick(ca_streets) : rng.pick(us_streets);
    if (rng.chance(300)) address.line2 = "Apt #" + std::to_string(rng.between(1, 999));
    if (canada) {
        address.postal_code = std::string(town.postal) + std::to_string(rng.between(1, 9)) +
                              static_cast<char>('A' + rng.between(0, 7)) +
                              std::to_string(rng.between(0, 9));
    } else {
        address.postal_code = std::string(town.postal) + padded(rng.between(0, 99), 2);
        if (rng.chance(400)) address.postal_code += "-" + padded(rng.between(1, 9999), 4);
    }
    address.phone = "+1 555-" + padded(rng.between(100, 199), 4) + " ext. " +
                    padded(rng.between(10000, 99999), 5);
}

void german(Address& address, const Town& town, Rng& rng) {
    address.line1 = std::string(rng.pick(de_streets)) + " " + std::to_string(rng.between(1, 240));
    if (rng.chance(200)) address.line1.push_back(static_cast<char>('a' + rng.between(0, 5)));
    if (rng.chance(150)) address.line2 = "Packstation " + std::to_string(rng.between(101, 299));
    address.postal_code = std::string(town.postal) + padded(rng.between(1, 999), 3);
    address.phone = "+49 30 " + padded(rng.between(0, 99999999), 8);
}

void japanese(Address& address, const Town& town, Rng& rng) {
    address.line1 = std::string(rng.pick(jp_streets)) + std::to_string(rng.between(1, 9)) + "丁目" +
                    std::to_string(rng.between(1, 30)) + "－" + std::to_string(rng.between(1, 20));
    if (rng.chance(500)) {
        address.line2 =
            std::string(rng.pick(jp_houses)) + std::to_string(rng.between(101, 1205)) + "号室";
    }
    address.postal_code = std::string(town.postal) + "-" + padded(rng.between(1, 9999), 4);
    address.phone =
        "050-" + padded(rng.between(0, 9999), 4) + "-" + padded(rng.between(0, 9999), 4);
}

}  // namespace

Region region_of(std::size_t marketplace, std::uint64_t buyer_seed) {
    const Town& town = town_of(marketplace, buyer_seed);
    return {town.state, town.tax_per_100k, town.reduced_per_100k};
}

Person make_person(std::size_t marketplace, std::uint64_t buyer_seed, bool business) {
    Rng rng(mix(buyer_seed, 0x9E25u));
    Person person;
    person.name = person_name(marketplace, rng);
    constexpr std::string_view alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
    for (int i = 0; i < 14; ++i) person.email.push_back(rng.pick(alphabet));
    constexpr std::array<std::string_view, 4> relays{
        "@marketplace.amazon.example", "@marketplace.amazon.example",
        "@marketplace.amazon.de.example", "@marketplace.amazon.co.jp.example"};
    person.email += relays[marketplace];
    if (business) {
        person.company = rng.pick(companies);
        if (rng.chance(500))
            person.purchase_order = "PO-" + std::to_string(rng.between(1000, 99999));
    }
    return person;
}

Address make_address(std::size_t marketplace, std::uint64_t buyer_seed, bool business) {
    const Town& town = town_of(marketplace, buyer_seed);
    Rng rng(mix(buyer_seed, 0xADD2u));
    constexpr std::array<std::string_view, 4> countries{"US", "CA", "DE", "JP"};
    Address address;
    address.city = town.city;
    address.state = town.state;
    address.country = countries[marketplace];
    address.commercial = business;
    if (marketplace == 2) {
        german(address, town, rng);
    } else if (marketplace == 3) {
        japanese(address, town, rng);
    } else {
        north_american(address, town, marketplace == 1, rng);
    }
    return address;
}

}  // namespace entrepot::sim
