// A simulator with a wall clock that the test holds in its hand; no socket, no waiting.
#pragma once

#include <boost/json.hpp>
#include <memory>
#include <string>

#include "sim/simulator.hpp"

namespace entrepot::sim::test {

constexpr Millis noon = 1'780'315'200'000;  // 2026-06-01T12:00:00Z

inline Settings small_settings(std::uint64_t seed = 7) {
    Settings settings;
    settings.world.seed = seed;
    settings.world.start = noon;
    settings.orders_per_minute = 0;
    settings.throttled = false;
    settings.base_url = "https://sim.test";
    return settings;
}

class Rig {
public:
    explicit Rig(Settings settings = small_settings())
        : admin_token_(settings.admin_token),
          simulator(std::move(settings), [this] { return wall; }) {}

    Response call(std::string method, std::string_view target, std::string_view shop = "US",
                  std::string body = {}) {
        return simulator.handle(
            make_request(std::move(method), target, std::move(body),
                         {{"user-agent", "test/1"}, {"x-amz-access-token", token(shop)}}));
    }
    Response get(std::string_view target, std::string_view shop = "US") {
        return call("GET", target, shop);
    }

    Response admin(std::string method, std::string_view target, std::string body = {}) {
        return simulator.handle(make_request(std::move(method), target, std::move(body),
                                             {{"x-admin-token", admin_token_}}));
    }
    boost::json::value admin_json(std::string method, std::string_view target,
                                  std::string body = {}) {
        return boost::json::parse(admin(std::move(method), target, std::move(body)).body);
    }
    void fault(const std::string& description) {
        const Response response = admin("POST", "/admin/faults", description);
        if (response.status != 200) throw std::runtime_error(response.body);
    }

    Response lwa(const Pairs& form) {
        std::string body;
        for (const auto& [name, value] : form) body += name + "=" + escape(value) + "&";
        return simulator.handle(
            make_request("POST", "/auth/o2/token", body,
                         {{"content-type", "application/x-www-form-urlencoded"}}));
    }
    Response refresh(std::string_view shop) {
        const Credentials own = simulator.credentials(find_shop(shop));
        return lwa({{"grant_type", "refresh_token"},
                    {"client_id", own.client_id},
                    {"client_secret", own.client_secret},
                    {"refresh_token", own.refresh_token}});
    }
    std::string token(std::string_view shop) {
        const boost::json::value reply = boost::json::parse(refresh(shop).body);
        return boost::json::value_to<std::string>(reply.at("access_token"));
    }

    static std::string escape(std::string_view text) {
        std::string out;
        for (const char c : text) {
            const auto byte = static_cast<unsigned char>(c);
            const bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
                               (c >= 'a' && c <= 'z') || c == '-' || c == '.' || c == '_';
            if (plain) {
                out.push_back(c);
            } else {
                constexpr std::string_view hex = "0123456789ABCDEF";
                out += {'%', hex[byte >> 4U], hex[byte & 15U]};
            }
        }
        return out;
    }

    Millis wall = noon;

private:
    std::string admin_token_;

public:
    Simulator simulator;
};

inline std::string header(const Response& response, std::string_view name) {
    for (const auto& [key, value] : response.headers) {
        if (key == name) return value;
    }
    return {};
}

inline std::string text(const boost::json::value& value, std::string_view member) {
    return boost::json::value_to<std::string>(value.at(member));
}

constexpr std::string_view all_datasets =
    "&includedData=BUYER,RECIPIENT,PROCEEDS,EXPENSE,PROMOTION,CANCELLATION,FULFILLMENT,PACKAGES,"
    "TAX,PAYMENT,FULFILLMENT_ORDERS";
constexpr std::string_view search_path = "/orders/2026-01-01/orders";

/// All pages of a search; `target` has at least one parameter.
inline std::vector<boost::json::value> all_pages(Rig& rig, const std::string& target,
                                                 std::string_view shop) {
    std::vector<boost::json::value> pages;
    std::string token;
    do {
        const Response response =
            rig.get(target + (token.empty() ? "" : "&paginationToken=" + Rig::escape(token)), shop);
        if (response.status != 200) throw std::runtime_error(response.body);
        pages.push_back(boost::json::parse(response.body));
        const auto* pagination = pages.back().get_object().if_contains("pagination");
        token = pagination ? text(*pagination, "nextToken") : "";
    } while (!token.empty() && pages.size() < 1000);
    return pages;
}

}  // namespace entrepot::sim::test
