// The command line of marketsim.
// Every option is one row of a table, so that --help and the parser cannot disagree.
#include "sim/command_line.hpp"

#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace entrepot::sim {

namespace {

[[noreturn]] void refuse(const std::string& what) {
    throw std::runtime_error(what);
}

std::string read_file(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    if (!in) refuse("cannot read " + path);
    return {std::istreambuf_iterator<char>(in), {}};
}

std::int64_t whole(const std::string& text, std::int64_t low, std::int64_t high) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || value < low || value > high) {
        refuse("'" + text + "' is not a whole number from " + std::to_string(low) + " to " +
               std::to_string(high));
    }
    return value;
}

double positive(const std::string& text) {
    char* end = nullptr;
    const double value = std::strtod(text.c_str(), &end);
    if (text.empty() || *end != '\0' || !(value > 0))
        refuse("'" + text + "' is not a positive number");
    return value;
}

struct Draft {
    CommandLine line;
    std::string world = "small";
    std::string certificate_file, key_file;
    std::int64_t days = 0;
    bool plain = false;
    std::optional<std::int64_t> orders_per_minute;
};

struct Option {
    std::string_view name;
    std::string_view value;  ///< empty = a switch
    std::string_view help;
    void (*apply)(Draft&, const std::string&);
};

void miss_role(Draft& draft, const std::string& shop) {
    const std::size_t index = find_shop(shop);
    if (index == shop_count) refuse("unknown shop " + shop);
    draft.line.settings.pii_role[index] = false;
}

void set_start(Draft& draft, const std::string& text) {
    const auto at = parse_iso(text);
    if (!at) refuse("--start must be a time such as 2026-06-01T00:00:00Z");
    draft.line.settings.world.start = *at;
}

constexpr Option option_table[] = {
    {"--port", "N", "port to listen on; 0 (default) takes a free one and prints it",
     [](Draft& d, const std::string& v) {
         d.line.server.port = static_cast<std::uint16_t>(whole(v, 0, 65535));
     }},
    {"--bind", "ADDRESS", "address to listen on (default 127.0.0.1)",
     [](Draft& d, const std::string& v) { d.line.server.address = v; }},
    {"--tls-cert", "FILE", "certificate chain in PEM; without it a self-signed one is made",
     [](Draft& d, const std::string& v) { d.certificate_file = v; }},
    {"--tls-key", "FILE", "private key in PEM",
     [](Draft& d, const std::string& v) { d.key_file = v; }},
    {"--write-cert", "FILE", "write the certificate in use, for clients to trust",
     [](Draft& d, const std::string& v) { d.line.write_certificate = v; }},
    {"--plain", "", "plain HTTP instead of HTTPS",
     [](Draft& d, const std::string&) { d.plain = true; }},
    {"--threads", "N", "threads that serve connections (default 2)",
     [](Draft& d, const std::string& v) {
         d.line.server.threads = static_cast<unsigned>(whole(v, 1, 64));
     }},
    {"--seed", "S", "seed of the world (default 1); the same seed and start give the same world",
     [](Draft& d, const std::string& v) {
         d.line.settings.world.seed = static_cast<std::uint64_t>(whole(v, 0, INT64_MAX));
     }},
    {"--world", "SIZE",
     "small (600 orders in 30 days, default), year (30000 in 365) or huge (1000000 in 365)",
     [](Draft& d, const std::string& v) { d.world = v; }},
    {"--orders", "N", "number of orders of the history, instead of the world's own",
     [](Draft& d, const std::string& v) {
         d.line.settings.world.history_orders = static_cast<std::uint64_t>(whole(v, 0, 50'000'000));
     }},
    {"--days", "N", "days of history, instead of the world's own",
     [](Draft& d, const std::string& v) { d.days = whole(v, 1, 3650); }},
    {"--start", "TIME", "simulated time at the start (default: the wall clock)", set_start},
    {"--orders-per-minute", "N",
     "new orders over all shops while the clock runs; 0 = none, -1 = the world's natural rate",
     [](Draft& d, const std::string& v) { d.orders_per_minute = whole(v, -1, 1'000'000); }},
    {"--no-auto-ship", "",
     "merchant orders wait for confirmShipment instead of shipping by themselves",
     [](Draft& d, const std::string&) { d.line.settings.world.auto_ship = false; }},
    {"--visibility-lag", "SECONDS",
     "age an update must have to be found by searchOrders (default 120)",
     [](Draft& d, const std::string& v) {
         d.line.settings.visibility_lag = whole(v, 0, 86'400) * second_ms;
     }},
    {"--report-delay", "MS", "time a report takes (default 2000)",
     [](Draft& d, const std::string& v) {
         d.line.settings.report_delay = whole(v, 0, 86'400'000);
     }},
    {"--discount-sign", "SIGN", "positive (default) or negative DISCOUNT amounts",
     [](Draft& d, const std::string& v) {
         if (v != "positive" && v != "negative") refuse("--discount-sign is positive or negative");
         d.line.settings.negative_discount = v == "negative";
     }},
    {"--no-pii-role", "SHOP",
     "this shop's application lacks the role for BUYER and RECIPIENT (repeatable)", miss_role},
    {"--feed", "FILE", "orders from a JSON file besides the generated ones",
     [](Draft& d, const std::string& v) { d.line.settings.feed_json = read_file(v); }},
    {"--plan", "FILE", "faults from the start, as JSON",
     [](Draft& d, const std::string& v) { d.line.plan_json = read_file(v); }},
    {"--rate-factor", "X", "multiplies the official request rates",
     [](Draft& d, const std::string& v) { d.line.settings.rate_factor = positive(v); }},
    {"--unthrottled", "", "no request limits at all",
     [](Draft& d, const std::string&) { d.line.settings.throttled = false; }},
    {"--admin-token", "T", "value of x-admin-token for /admin (default marketsim-admin)",
     [](Draft& d, const std::string& v) { d.line.settings.admin_token = v; }},
    {"--data-dir", "DIR", "keeps certificate, clock and shipments, so that a restart goes on",
     [](Draft& d, const std::string& v) { d.line.settings.data_directory = v; }},
    {"--help", "", "this text", [](Draft& d, const std::string&) { d.line.help = true; }},
};

void choose_world(Draft& draft, bool orders_given) {
    WorldOptions& world = draft.line.settings.world;
    std::int64_t per_minute = 20;
    std::uint64_t orders = 30'000;
    world.history_days = 365;
    if (draft.world == "small") {
        orders = 600;
        world.history_days = 30;
        per_minute = 2;
    } else if (draft.world == "huge") {
        orders = 1'000'000;
    } else if (draft.world != "year") {
        refuse("--world is small, year or huge");
    }
    if (!orders_given) world.history_orders = orders;
    if (draft.days > 0) world.history_days = draft.days;
    draft.line.settings.orders_per_minute = draft.orders_per_minute.value_or(per_minute);
}

void choose_certificate(Draft& draft) {
    ServerOptions& server = draft.line.server;
    if (draft.plain) return;
    if (draft.certificate_file.empty() != draft.key_file.empty())
        refuse("--tls-cert and --tls-key belong together");
    if (!draft.certificate_file.empty()) {
        server.certificate =
            CertificatePair{read_file(draft.certificate_file), read_file(draft.key_file)};
        return;
    }
    const std::filesystem::path root(draft.line.settings.data_directory);
    if (root.empty()) {
        server.certificate = make_certificate();
        return;
    }
    std::filesystem::create_directories(root);
    if (!std::filesystem::exists(root / "key.pem")) {
        const CertificatePair fresh = make_certificate();
        std::ofstream(root / "cert.pem") << fresh.certificate_pem;
        std::ofstream(root / "key.pem") << fresh.key_pem;
        std::filesystem::permissions(root / "key.pem", std::filesystem::perms::owner_read |
                                                           std::filesystem::perms::owner_write);
    }
    server.certificate = CertificatePair{read_file(root / "cert.pem"), read_file(root / "key.pem")};
}

}  // namespace

std::string usage() {
    std::string text =
        "marketsim: a simulated marketplace that speaks the Selling Partner API.\n\n"
        "Usage: marketsim [options]\n\nOptions:\n";
    for (const Option& option : option_table) {
        std::string left = "  " + std::string(option.name);
        if (!option.value.empty()) left += " " + std::string(option.value);
        left.resize(std::max<std::size_t>(left.size() + 1, 28), ' ');
        text += left + std::string(option.help) + "\n";
    }
    return text +
           "\nPrints one line when it is ready. SIGINT and SIGTERM stop it. docs/marketsim.md has "
           "the rest.\n";
}

CommandLine parse_command_line(const std::vector<std::string>& arguments) {
    Draft draft;
    bool orders_given = false;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const std::string& name = arguments[i];
        const Option* found = nullptr;
        for (const Option& option : option_table) {
            if (option.name == name) found = &option;
        }
        if (!found) refuse("unknown option " + name + "; see --help");
        if (!found->value.empty() && i + 1 == arguments.size()) refuse(name + " needs a value");
        found->apply(draft, found->value.empty() ? std::string() : arguments[++i]);
        orders_given = orders_given || name == "--orders";
    }
    if (draft.line.help) return std::move(draft.line);
    choose_world(draft, orders_given);
    choose_certificate(draft);
    return std::move(draft.line);
}

}  // namespace entrepot::sim
