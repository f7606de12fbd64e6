// The simulator's own request and response, free of Beast, so that handlers compile quickly and
// tests can call them without a socket.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace entrepot::sim {

using Pairs = std::vector<std::pair<std::string, std::string>>;

struct Request {
    std::string method;
    std::string path;  ///< still percent-encoded, without the query
    Pairs query;       ///< decoded, in order
    Pairs headers;     ///< names in lower case
    std::string body;

    /// First header of this (lower case) name, or empty.
    std::string_view header(std::string_view name) const;
    /// First query parameter of this name, or nothing.
    std::optional<std::string_view> parameter(std::string_view name) const;
};

/// What the network does to a reply; filled by the fault switches.
struct Transport {
    std::int64_t delay_ms = 0;
    bool reset_instead = false;         ///< no byte of the reply, the connection is reset
    bool reset_after = false;           ///< the whole reply, then a reset
    std::optional<std::size_t> cut_at;  ///< only so many bytes of the body, then a reset
    std::int64_t length_error = 0;      ///< added to Content-Length
};

struct Response {
    int status = 200;
    Pairs headers;
    std::string content_type = "application/json";
    std::string body;
    Transport transport;
};

/// Splits a target into path and decoded query.
Request make_request(std::string method, std::string_view target, std::string body = {},
                     Pairs headers = {});
/// Undoes percent-encoding; `plus_is_space` in forms and queries only. A bad escape stays as it is.
std::string percent_decode(std::string_view text, bool plus_is_space);
Pairs parse_form(std::string_view text);
/// Path segments, each decoded on its own, so that %2F inside one is not a separator.
std::vector<std::string> path_segments(std::string_view path);
/// Splits a comma-separated parameter; empty text gives no element.
std::vector<std::string> split_list(std::string_view text);

}  // namespace entrepot::sim
