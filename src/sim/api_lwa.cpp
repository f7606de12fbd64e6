// Login with Amazon: POST /auth/o2/token, and the restricted data token.
// Errors of LWA have their own form: {"error","error_description"}, not the API's list.
#include <openssl/crypto.h>

#include <boost/json.hpp>

#include "sim/simulator.hpp"

namespace entrepot::sim {

namespace json = boost::json;

namespace {

constexpr Millis token_life = hour_ms;

Response lwa_error(int status, std::string_view error, std::string_view description) {
    std::string body;
    JsonWriter writer(body);
    writer.begin_object();
    writer.member("error", error);
    writer.member("error_description", description);
    writer.end_object();
    return json_response(std::move(body), status);
}

std::string_view field(const Pairs& form, std::string_view name) {
    for (const auto& [key, value] : form) {
        if (key == name) return value;
    }
    return {};
}

bool same_secret(std::string_view a, std::string_view b) {
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

bool known_scope(std::string_view scope) {
    return scope == "sellingpartnerapi::notifications" ||
           scope == "sellingpartnerapi::client_credential:rotation" ||
           scope == "sellingpartnerapi::shipments:track";
}

// Problem of one restricted resource, or empty.
std::string_view resource_problem(const json::value& resource) {
    const json::object* members = resource.if_object();
    if (!members) return "restrictedResources must hold objects.";
    const json::value* method = members->if_contains("method");
    const json::value* path = members->if_contains("path");
    if (!method || !method->is_string() || !path || !path->is_string())
        return "method and path are required.";
    const std::string_view verb = method->get_string();
    if (verb != "GET" && verb != "PUT" && verb != "POST" && verb != "DELETE")
        return "method is invalid.";
    if (!std::string_view(path->get_string()).starts_with('/')) return "path is invalid.";
    const std::string_view where = path->get_string();
    if (where.starts_with("/reports/") && where.find('{') != std::string_view::npos)
        return "The path of a report document must be specific.";
    if (const json::value* elements = members->if_contains("dataElements")) {
        if (!elements->is_array()) return "dataElements must be an array.";
        for (const json::value& element : elements->get_array()) {
            const std::string_view name =
                element.is_string() ? std::string_view(element.get_string()) : "";
            if (!parse_element(name)) return "dataElements holds an unknown element.";
        }
    }
    return {};
}

/// "GET /orders/v0/orders/{orderId} 3": a line of a restricted data token.
std::string resource_line(const json::value& resource) {
    unsigned bits = 0;
    if (const json::value* elements = resource.get_object().if_contains("dataElements"))
        for (const json::value& element : elements->get_array())
            bits |= parse_element(element.get_string()).value_or(0);
    return "\n" + json::value_to<std::string>(resource.at("method")) + " " +
           json::value_to<std::string>(resource.at("path")) + " " + std::to_string(bits);
}

/// A generic path has names in braces where the real one has values.
bool covers(std::string_view pattern, std::string_view path) {
    const auto wanted = path_segments(pattern), there = path_segments(path);
    if (wanted.size() != there.size()) return false;
    for (std::size_t i = 0; i < there.size(); ++i)
        if (!wanted[i].starts_with('{') && wanted[i] != there[i]) return false;
    return true;
}

}  // namespace

std::optional<unsigned> parse_element(std::string_view name) {
    if (name == "buyerInfo") return element_buyer_info;
    if (name == "shippingAddress") return element_shipping_address;
    if (name == "buyerTaxInformation") return element_tax_information;
    return std::nullopt;
}

bool Simulator::open_restricted(std::string_view resources, const Request& request,
                                Caller& caller) const {
    while (!resources.empty()) {
        const std::string_view line = resources.substr(0, resources.find('\n'));
        resources.remove_prefix(std::min(line.size() + 1, resources.size()));
        const std::size_t first = line.find(' '), last = line.rfind(' ');
        if (line.substr(0, first) != request.method ||
            !covers(line.substr(first + 1, last - first - 1), request.path))
            continue;
        caller.restricted = true;
        caller.elements |= static_cast<unsigned>(std::stoul(std::string(line.substr(last + 1))));
    }
    return caller.restricted;
}

Credentials Simulator::credentials(std::size_t shop) const {
    const std::string label(shops()[shop].seller_id);
    return {"amzn1.application-oa2-client." + sealer_.derived_hex("client " + label, 16),
            "amzn1.oa2-cs.v1." + sealer_.derived_hex("secret " + label, 32),
            "Atzr|IwEB" + sealer_.derived_hex("refresh " + label, 48)};
}

Response Simulator::token(const Request& request) {
    if (request.method != "POST")
        return lwa_error(405, "invalid_request", "Only POST is supported.");
    if (!request.header("content-type").starts_with("application/x-www-form-urlencoded")) {
        return lwa_error(400, "invalid_request",
                         "The Content-Type must be application/x-www-form-urlencoded.");
    }
    if (auto struck = strike_before("token", "*")) return std::move(*struck);
    const Pairs form = parse_form(request.body);
    const std::string_view grant = field(form, "grant_type");
    if (grant.empty())
        return lwa_error(400, "invalid_request",
                         "The request is missing a required parameter: grant_type");
    if (grant != "refresh_token" && grant != "client_credentials") {
        return lwa_error(
            400, "unsupported_grant_type",
            "The authorization grant type is not supported by the authorization server");
    }
    std::size_t shop = 0;
    while (shop < shop_count && !same_secret(credentials(shop).client_id, field(form, "client_id")))
        ++shop;
    if (shop == shop_count ||
        !same_secret(credentials(shop).client_secret, field(form, "client_secret")) ||
        strikes(FaultKind::invalid_client, "token", shop)) {
        return lwa_error(401, "invalid_client", "Client authentication failed");
    }
    if (grant == "refresh_token") return grant_refresh(form, shop);
    const std::string_view scope = field(form, "scope");
    if (!known_scope(scope))
        return lwa_error(400, "invalid_scope", "The request has an invalid parameter : scope");
    return issue_token(scope);
}

Response Simulator::grant_refresh(const Pairs& form, std::size_t shop) {
    const std::string_view refresh = field(form, "refresh_token");
    if (refresh.empty())
        return lwa_error(400, "invalid_request",
                         "The request is missing a required parameter: refresh_token");
    if (!same_secret(credentials(shop).refresh_token, refresh) || revoked_[shop] ||
        strikes(FaultKind::invalid_grant, "token", shop)) {
        return lwa_error(400, "invalid_grant",
                         "The request has an invalid grant parameter : refresh_token. User may "
                         "have revoked or didn't grant the permission.");
    }
    return issue_token(std::to_string(shop));
}

Response Simulator::issue_token(std::string_view content) {
    const bool grantless = content.size() > 1;
    const std::string sealed = sealer_.seal(
        "access", std::to_string(clock_.now() + token_life) + " " + std::string(content));
    std::string body;
    JsonWriter writer(body);
    writer.begin_object();
    writer.member("access_token", "Atza|" + sealed);
    // The refresh token is the same one again: it does not rotate on use.
    if (!grantless)
        writer.member("refresh_token",
                      credentials(static_cast<std::size_t>(content[0] - '0')).refresh_token);
    writer.member("token_type", "bearer");
    writer.member("expires_in", token_life / second_ms);
    writer.end_object();
    Response response = json_response(std::move(body));
    response.headers.emplace_back("Cache-Control", "no-store");
    return response;
}

Response Simulator::create_restricted_data_token(Call& call) {
    boost::system::error_code error;
    const json::value body = json::parse(call.request.body, error);
    if (error || !body.is_object()) return bad_input("The request body is not a JSON object.");
    const json::value* resources = body.get_object().if_contains("restrictedResources");
    if (!resources || !resources->is_array() || resources->get_array().empty() ||
        resources->get_array().size() > 50) {
        return bad_input("restrictedResources must hold 1 to 50 resources.");
    }
    for (const json::value& resource : resources->get_array()) {
        const std::string_view problem = resource_problem(resource);
        if (!problem.empty()) return bad_input(problem);
    }
    if (!settings_.pii_role[call.caller.shop]) {
        return error_response(403, "Unauthorized", "Access to requested resource is denied.",
                              "The application has no role for the requested data elements.");
    }
    std::string content =
        std::to_string(call.now + token_life) + " " + std::to_string(call.caller.shop);
    for (const json::value& resource : resources->get_array()) content += resource_line(resource);
    const std::string sealed = sealer_.seal("access", content);
    std::string out;
    JsonWriter writer(out);
    writer.begin_object();
    writer.member("restrictedDataToken", "Atza|" + sealed);
    writer.member("expiresIn", token_life / second_ms);
    writer.end_object();
    return json_response(std::move(out));
}

}  // namespace entrepot::sim
