// libcurl easy handles on the blocking pool, kept for their connections.
#include "platform/http/egress.hpp"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <mutex>

#include "base/text.hpp"
#include "platform/runtime/runtime.hpp"

namespace entrepot {
namespace {
using Handle = std::unique_ptr<CURL, decltype(&curl_easy_cleanup)>;

struct Exchange {
    const EgressRequest& request;
    EgressReply reply;
    bool too_large = false;
    bool blocked = false;
};

bool is_loopback(const sockaddr* address) {
    if (address->sa_family != AF_INET) return false;
    sockaddr_in v4{};
    std::memcpy(&v4, address, sizeof v4);
    return ntohl(v4.sin_addr.s_addr) >> 24 == 127;
}

/// Private, link-local, loopback, multicast, NAT64 and other special ranges are never a partner's
/// address.
bool is_public(const sockaddr* address) {
    if (address->sa_family == AF_INET) {
        sockaddr_in v4{};
        std::memcpy(&v4, address, sizeof v4);
        const std::uint32_t ip = ntohl(v4.sin_addr.s_addr);
        const auto in = [ip](std::uint32_t net, int bits) {
            return ip >> (32 - bits) == net >> (32 - bits);
        };
        return !(in(0x00000000, 8) || in(0x0A000000, 8) || in(0x64400000, 10) ||
                 in(0x7F000000, 8) || in(0xA9FE0000, 16) || in(0xAC100000, 12) ||
                 in(0xC0000000, 24) || in(0xC0A80000, 16) || in(0xC6120000, 15) ||
                 in(0xE0000000, 3));
    }
    if (address->sa_family != AF_INET6) return false;
    sockaddr_in6 v6{};
    std::memcpy(&v6, address, sizeof v6);
    // Global unicast is 2000::/3; documentation and transition ranges inside it are left out.
    const std::uint8_t* b = v6.sin6_addr.s6_addr;
    const bool global = (b[0] & 0xE0) == 0x20;
    const bool six_to_four = b[0] == 0x20 && b[1] == 0x02;
    const bool teredo_or_documentation =
        b[0] == 0x20 && b[1] == 0x01 &&
        ((b[2] == 0 && b[3] == 0) || (b[2] == 0x0D && b[3] == 0xB8));
    return global && !six_to_four && !teredo_or_documentation;
}

std::string host_of(const std::string& url) {
    CURLU* parts = curl_url();
    char* host = nullptr;
    char* scheme = nullptr;
    std::string out;
    if (curl_url_set(parts, CURLUPART_URL, url.c_str(), 0) == CURLUE_OK &&
        curl_url_get(parts, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK &&
        std::string_view(scheme) == "https" &&
        curl_url_get(parts, CURLUPART_HOST, &host, 0) == CURLUE_OK)
        out = text::to_lower_ascii(host);
    curl_free(host);
    curl_free(scheme);
    curl_url_cleanup(parts);
    return out;
}

bool matches(std::string_view host, std::string_view pattern) {
    if (!pattern.starts_with("*.")) return host == pattern;
    return host.size() > pattern.size() - 1 && host.ends_with(pattern.substr(1));
}

/// Partners who are told no more than these members, each a text. A partner that is not in here
/// gets what its channel builds.
struct BodySchema {
    std::string_view partner;
    std::vector<std::string_view> members;
};
const std::vector<BodySchema>& body_schemas() {
    static const std::vector<BodySchema> schemas{
        {"tracking", {"order_id", "tracking_number", "carrier"}}};
    return schemas;
}

/// The body has exactly the members that its partner may get.
bool body_fits(const EgressRequest& request) {
    for (const BodySchema& schema : body_schemas()) {
        if (schema.partner != request.partner) continue;
        // What is not in the body cannot be in the address either.
        if (request.url.find('?') != std::string::npos || request.method != "POST") return false;
        boost::system::error_code error;
        const auto body = boost::json::parse(request.body, error);
        if (error || !body.is_object() || body.get_object().size() != schema.members.size())
            return false;
        for (const std::string_view name : schema.members) {
            const auto* value = body.get_object().if_contains(name);
            if (value == nullptr || !value->is_string()) return false;
        }
    }
    return true;
}

std::size_t on_body(char* data, std::size_t size, std::size_t count, void* user) {
    auto& exchange = *static_cast<Exchange*>(user);
    if (exchange.reply.body.size() + size * count > exchange.request.body_max) {
        exchange.too_large = true;
        return 0;
    }
    exchange.reply.body.append(data, size * count);
    return size * count;
}

std::size_t on_header(char* data, std::size_t size, std::size_t count, void* user) {
    auto& exchange = *static_cast<Exchange*>(user);
    const std::string_view line(data, size * count);
    if (line.starts_with("HTTP/")) exchange.reply.headers.clear();
    const auto colon = line.find(':');
    if (colon != std::string_view::npos)
        exchange.reply.headers.emplace_back(text::to_lower_ascii(line.substr(0, colon)),
                                            std::string(text::trim(line.substr(colon + 1))));
    return size * count;
}

struct SocketGuard {
    bool allow_loopback;
    bool* blocked;
};

curl_socket_t open_socket(void* user, curlsocktype, curl_sockaddr* address) {
    const auto& guard = *static_cast<const SocketGuard*>(user);
    const bool allowed =
        is_public(&address->addr) || (guard.allow_loopback && is_loopback(&address->addr));
    if (!allowed) {
        *guard.blocked = true;
        return CURL_SOCKET_BAD;
    }
    return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

EgressFailure failure_of(CURLcode code, const Exchange& exchange) {
    if (exchange.too_large) return EgressFailure::too_large;
    if (exchange.blocked) return EgressFailure::refused;
    switch (code) {
        case CURLE_OPERATION_TIMEDOUT:
            return EgressFailure::timeout;
        case CURLE_PARTIAL_FILE:
        case CURLE_RECV_ERROR:
        case CURLE_GOT_NOTHING:
        case CURLE_WEIRD_SERVER_REPLY:
            return EgressFailure::truncated;
        case CURLE_SSL_CONNECT_ERROR:
        case CURLE_PEER_FAILED_VERIFICATION:
        case CURLE_SSL_CACERT_BADFILE:
            return EgressFailure::tls;
        default:
            return EgressFailure::connect;
    }
}
}  // namespace

std::string_view EgressReply::header(std::string_view name) const {
    for (const auto& [key, value] : headers)
        if (key == name) return value;
    return {};
}

const std::vector<EgressPartner>& egress_partners() {
    static const std::vector<EgressPartner> partners{
        {"amazon.lwa",
         "access tokens for the seller's own application",
         "credentials of the seller",
         {"api.amazon.com"}},
        {"amazon.api",
         "orders and reports of the seller's shops",
         "orders without buyer data",
         {"sellingpartnerapi-na.amazon.com", "sellingpartnerapi-eu.amazon.com",
          "sellingpartnerapi-fe.amazon.com"}},
        {"amazon.document",
         "report documents behind presigned links",
         "orders without buyer data",
         {"*.amazonaws.com", "*.amazonaws.com.cn"}},
        // No tracking service is registered; marketsim stands for one.
        {"tracking",
         "where a parcel is",
         "order id, tracking number and carrier, and nothing else",
         {}},
    };
    return partners;
}

struct Egress::State {
    Options options;
    std::mutex mutex;
    std::vector<Handle> idle;

    Handle take() {
        const std::lock_guard lock(mutex);
        if (idle.empty()) return {curl_easy_init(), &curl_easy_cleanup};
        Handle handle = std::move(idle.back());
        idle.pop_back();
        return handle;
    }
    void give(Handle handle) {
        curl_easy_reset(handle.get());
        const std::lock_guard lock(mutex);
        if (idle.size() < options.idle_handles_max) idle.push_back(std::move(handle));
    }
    void check_host(const EgressRequest& request, const std::string& host) const;
    EgressReply perform(const EgressRequest& request);
};

void Egress::State::check_host(const EgressRequest& request, const std::string& host) const {
    if (host.empty()) throw EgressError(EgressFailure::refused, "only https addresses are called");
    if (options.allow_loopback && (host == "127.0.0.1" || host == "localhost")) return;
    for (const EgressPartner& partner : egress_partners()) {
        if (partner.name != request.partner) continue;
        for (const std::string_view pattern : partner.hosts)
            if (matches(host, pattern)) return;
    }
    throw EgressError(EgressFailure::refused,
                      "host " + host + " is not registered for partner " + request.partner);
}

EgressReply Egress::State::perform(const EgressRequest& request) {
    const std::string host = host_of(request.url);
    check_host(request, host);
    if (!body_fits(request))
        throw EgressError(EgressFailure::refused, "the request to " + request.partner +
                                                      " has not exactly the members that this "
                                                      "partner may get");
    Handle handle = take();
    Exchange exchange{request, {}};
    SocketGuard guard{options.allow_loopback, &exchange.blocked};
    curl_slist* headers = nullptr;
    for (const auto& [name, value] : request.headers)
        headers = curl_slist_append(headers, (name + ": " + value).c_str());
    headers = curl_slist_append(headers, "Expect:");
    CURL* easy = handle.get();
    curl_easy_setopt(easy, CURLOPT_URL, request.url.c_str());
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "https");
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_SSLVERSION, long{CURL_SSLVERSION_TLSv1_2});
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(request.timeout.count()));
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, 10'000L);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request.method.c_str());
    if (!request.body.empty() || request.method == "POST" || request.method == "PUT") {
        curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request.body.data());
        curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE,
                         static_cast<curl_off_t>(request.body.size()));
    }
    // A reused connection that dies before a byte came back makes libcurl send the request again by
    // itself; what changes something must be sent once.
    if (request.method != "GET") curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &on_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, &exchange);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, &on_header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, &exchange);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, &open_socket);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, &guard);
    if (!options.extra_ca_file.empty())
        curl_easy_setopt(easy, CURLOPT_CAINFO, options.extra_ca_file.c_str());
    const CURLcode code = curl_easy_perform(easy);
    long status = 0;
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    curl_slist_free_all(headers);
    if (code != CURLE_OK)
        throw EgressError(failure_of(code, exchange), host + ": " + curl_easy_strerror(code));
    give(std::move(handle));
    exchange.reply.status = static_cast<int>(status);
    return std::move(exchange.reply);
}

Egress::Egress(Runtime& runtime, Options options)
    : runtime_(runtime), state_(std::make_unique<State>()) {
    static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
    ensure(ready == CURLE_OK, "libcurl did not start");
    state_->options = std::move(options);
}
Egress::~Egress() = default;

Awaitable<EgressReply> Egress::send(EgressRequest request) {
    auto call = [&] { return state_->perform(request); };
    co_return co_await runtime_.on_blocking(call);
}

}  // namespace entrepot
