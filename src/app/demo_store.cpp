// Invoices of an imaginary gift shop, drawn from a seeded generator.
#include "app/demo_store.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <array>
#include <fstream>
#include <random>
#include <stdexcept>

namespace entrepot::app {
namespace {
constexpr int days = 270;
constexpr int busiest_day = 16;  ///< invoices

struct Article {
    std::string_view code, title;
    int pence;
};
constexpr std::array<Article, 16> articles{{{"20711", "OAK SERVING BOARD", 1295},
                                            {"20725A", "LINEN TEA TOWEL, STRIPED", 450},
                                            {"21034", "SET OF 4 STONEWARE BOWLS", 2150},
                                            {"21080", "PAPER STAR LANTERN", 385},
                                            {"21212", "72 BAKING CASES, DOTS", 55},
                                            {"21484", "WOOL HOT WATER BOTTLE COVER", 1495},
                                            {"21731", "NIGHT LIGHT, TOADSTOOL", 165},
                                            {"22086", "PAPER CHAIN KIT, \"WINTER\"", 295},
                                            {"22197", "POPCORN HOLDER, SMALL", 85},
                                            {"22386", "JUTE SHOPPER, PINK", 208},
                                            {"22423", "CAKE STAND, THREE TIERS", 1275},
                                            {"22720", "TIN SET, BAKERY", 495},
                                            {"23084", "RABBIT LAMP", 1675},
                                            {"47566", "COTTON BUNTING, 5 M", 495},
                                            {"84946", "SILVER TEA LIGHT HOLDER", 125},
                                            {"85099B", "SHOPPER, RED DOTS", 195}}};
constexpr std::array<std::string_view, 9> countries{
    "United Kingdom", "United Kingdom", "United Kingdom", "United Kingdom", "Germany",
    "France",         "EIRE",           "Netherlands",    "Japan"};

/// The distributions of <random> differ between libraries; the bare generator does not.
class Dice {
public:
    explicit Dice(std::uint64_t seed) : engine_(seed) {}
    int below(int limit) { return static_cast<int>(engine_() % static_cast<std::uint64_t>(limit)); }

private:
    std::mt19937_64 engine_;
};

class StoreFile {
public:
    StoreFile(const std::string& path, std::uint64_t seed)
        : file_(path, std::ios::trunc), dice_(seed) {
        file_ << "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,"
                 "Country\n";
    }

    void write_day(Date day, int number_of_day) {
        // It grows by half over the nine months, and weekends are quiet.
        const std::chrono::weekday weekday(day);
        const bool quiet = weekday == std::chrono::Saturday || weekday == std::chrono::Sunday;
        const int most = busiest_day * (2 * days + number_of_day) / (3 * days) / (quiet ? 3 : 1);
        for (int left = most / 2 + dice_.below(most); left > 0; --left)
            write_invoice(Instant(day) + std::chrono::minutes(8 * 60 + dice_.below(600)));
    }

    std::int64_t finish() {
        file_.flush();
        if (!file_) throw std::runtime_error("the demo's order file could not be written");
        return lines_;
    }

private:
    void write_invoice(Instant at) {
        const std::string number = std::to_string(next_number_++);
        const std::string_view country =
            countries[static_cast<std::size_t>(dice_.below(static_cast<int>(countries.size())))];
        const std::string customer =
            dice_.below(5) == 0 ? "" : std::to_string(12'000 + dice_.below(900));
        const auto line = [&](const std::string& invoice, const Article& article, int quantity) {
            std::string title(article.title);
            for (std::size_t quote = title.find('"'); quote != std::string::npos;
                 quote = title.find('"', quote + 2))
                title.insert(quote, 1, '"');
            file_ << fmt::format("{},{},\"{}\",{},{:%Y-%m-%d %H:%M:%S},{}.{:02},{},{}\n", invoice,
                                 article.code, title, quantity,
                                 std::chrono::floor<std::chrono::seconds>(at), article.pence / 100,
                                 article.pence % 100, customer, country);
            ++lines_;
        };
        const int first = dice_.below(static_cast<int>(articles.size()));
        const int count = 1 + dice_.below(5);
        for (int i = 0; i < count; ++i) {
            Article article = articles[static_cast<std::size_t>(first + 3 * i) % articles.size()];
            if (dice_.below(200) == 0) article.pence = 0;
            line(number, article, 1 + dice_.below(12));
        }
        if (country != "United Kingdom") line(number, {"POST", "POSTAGE", 1800}, 1);
        if (dice_.below(25) == 0) line("C" + number, articles[static_cast<std::size_t>(first)], -1);
    }

    std::ofstream file_;
    Dice dice_;
    std::int64_t next_number_ = 600'000, lines_ = 0;
};
}  // namespace

std::int64_t write_demo_store(const std::string& path, Instant now, std::uint64_t seed) {
    StoreFile file(path, seed);
    const Date today = std::chrono::floor<std::chrono::days>(now);
    for (int i = 0; i < days; ++i) file.write_day(today - std::chrono::days(days - i), i);
    return file.finish();
}

}  // namespace entrepot::app
