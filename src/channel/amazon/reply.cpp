// The tables, and the sentences that tell a seller what to do.
#include "channel/amazon/reply.hpp"

#include "channel/amazon/amazon.hpp"
#include "channel/amazon/wire_json.hpp"

namespace entrepot::amazon {
namespace {
std::string said(std::string_view body) {
    const std::string text = error_text(body);
    return text.empty() ? std::string() : " Amazon said: " + text;
}

Verdict transient(int status, std::string_view body) {
    return {
        Outcome::transient, errors::unavailable,
        "Amazon answered " + std::to_string(status) + "; the call is repeated later." + said(body)};
}
}  // namespace

std::string error_text(std::string_view body) {
    const auto document = parse_wire(body.substr(0, std::size_t{64} << 10));
    if (!document) return {};
    // Some old services answer a bare list.
    const auto* errors = document->is_array() ? &*document : member(&*document, "errors");
    const auto listed = list_at(errors);
    if (listed.empty()) return {};
    const std::string code = text_at(member(listed[0], "code"));
    std::string message = text_at(member(listed[0], "message"));
    const std::string details = text_at(member(listed[0], "details"));
    if (!details.empty() && details != message) message += (message.empty() ? "" : " ") + details;
    return clean(code + (code.empty() || message.empty() ? "" : ": ") + message, 300);
}

Verdict judge_api(int status, std::string_view body) {
    if (status >= 200 && status < 300) return {};
    switch (status) {
        case 429:
            return {Outcome::throttled, errors::throttled,
                    "Amazon says that the quota is used up; the call is repeated when it has "
                    "refilled." +
                        said(body)};
        case 401:
        case 403:
            return {Outcome::forbidden, errors::access_denied,
                    "Amazon refuses access (" + std::to_string(status) +
                        "). Check that the application has the role \"Inventory and Order "
                        "Tracking\", that the region is right and that the seller account is "
                        "active; then store the credentials again." +
                        said(body)};
        case 404:
            return {Outcome::not_found, errors::order_not_found,
                    "Amazon does not know this for this seller, or not any more." + said(body)};
        case 408:
        case 425:
            return transient(status, body);
        default:
            break;
    }
    if (status >= 500 || status < 400) return transient(status, body);
    return {Outcome::bad_request, errors::bad_request,
            "Amazon did not accept the request (" + std::to_string(status) + ")." + said(body)};
}

Verdict judge_lwa(int status, std::string_view body) {
    if (status == 200) return {};
    if (status == 429 || status >= 500 || status < 400) return transient(status, body);
    const auto document = parse_wire(body);
    const std::string error = document ? text_at(member(&*document, "error")) : std::string();
    if (error == "invalid_grant")
        return {Outcome::unauthorised, errors::authorisation_revoked,
                "Login with Amazon does not honour the refresh token: the seller has revoked it, "
                "it has expired, or it belongs to another application. Authorise the application "
                "again in Seller Central and store the new refresh token."};
    if (error == "invalid_client" || error == "unauthorized_client")
        return {Outcome::unauthorised, errors::client_refused,
                "Login with Amazon does not accept the client id and secret. A secret lives 180 "
                "days; copy the present one from the developer console and store it."};
    return {Outcome::bad_request, errors::bad_request,
            "Login with Amazon did not accept the request (" + std::to_string(status) + ")" +
                (error.empty() ? "." : ": " + clean(error, 80))};
}

}  // namespace entrepot::amazon
