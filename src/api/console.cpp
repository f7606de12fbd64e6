// Assets are compressed once at the first request and then shared by all answers.
#include "api/console.hpp"

#include <zlib.h>

#include <mutex>
#include <unordered_map>

#include "api/embedded_files.hpp"

namespace entrepot::api {
namespace {
struct Asset {
    std::shared_ptr<const std::string> plain;
    std::shared_ptr<const std::string> gzip;
    std::string type;
    bool immutable;
};

std::string type_of(std::string_view path) {
    constexpr std::pair<std::string_view, std::string_view> types[] = {
        {".html", "text/html; charset=utf-8"},
        {".js", "text/javascript; charset=utf-8"},
        {".css", "text/css; charset=utf-8"},
        {".json", "application/json"},
        {".svg", "image/svg+xml"},
        {".png", "image/png"},
        {".ico", "image/x-icon"},
        {".woff2", "font/woff2"},
        {".webmanifest", "application/manifest+json"}};
    for (const auto& [ending, type] : types)
        if (path.ends_with(ending)) return std::string(type);
    return "application/octet-stream";
}

std::string gzip_of(std::string_view data) {
    z_stream stream{};
    deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
    std::string out(deflateBound(&stream, data.size()), '\0');
    std::string copy(data);
    stream.next_in = reinterpret_cast<Bytef*>(copy.data());
    stream.avail_in = static_cast<uInt>(copy.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
}

const std::unordered_map<std::string, Asset>& assets() {
    static const auto all = [] {
        std::unordered_map<std::string, Asset> map;
        for (const EmbeddedFile& file : embedded_files()) {
            Asset asset{std::make_shared<const std::string>(file.data), nullptr, type_of(file.path),
                        file.path.starts_with("/assets/")};
            if (file.data.size() > 1000)
                asset.gzip = std::make_shared<const std::string>(gzip_of(file.data));
            map.emplace(std::string(file.path), std::move(asset));
        }
        return map;
    }();
    return all;
}

void add_page_headers(http::Response& response) {
    response.headers.emplace_back("content-security-policy",
                                  "default-src 'self'; script-src 'self'; style-src 'self' "
                                  "'unsafe-inline'; img-src 'self' data:; "
                                  "connect-src 'self'; object-src 'none'; base-uri 'none'; "
                                  "form-action 'self'; frame-ancestors 'none'");
    response.headers.emplace_back("x-frame-options", "DENY");
    response.headers.emplace_back("cross-origin-opener-policy", "same-origin");
    response.headers.emplace_back("permissions-policy", "camera=(), microphone=(), geolocation=()");
}
}  // namespace

http::Response console_file(const http::Request& request) {
    http::Response response;
    const auto& all = assets();
    auto found = all.find(request.path == "/" ? "/index.html" : request.path);
    const bool deep_link = found == all.end() && request.path.find('.') == std::string::npos;
    if (deep_link) found = all.find("/index.html");
    if (request.method != http::Method::get || found == all.end()) {
        response.status = request.method != http::Method::get ? 405 : 404;
        response.content_type = "text/plain; charset=utf-8";
        response.body =
            all.empty()
                ? "The console is not part of this build (run ./dev web, then ./dev build).\n"
                : "Not found\n";
        return response;
    }
    const Asset& asset = found->second;
    response.content_type = asset.type;
    response.headers.emplace_back(
        "cache-control", asset.immutable ? "public, max-age=31536000, immutable" : "no-cache");
    response.headers.emplace_back("vary", "accept-encoding");
    const bool zip =
        asset.gzip && request.header("accept-encoding").find("gzip") != std::string_view::npos;
    if (zip) response.headers.emplace_back("content-encoding", "gzip");
    response.shared_body = zip ? asset.gzip : asset.plain;
    if (asset.type.starts_with("text/html")) add_page_headers(response);
    return response;
}

}  // namespace entrepot::api
