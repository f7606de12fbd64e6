// libcurl, one handle, one thread.
#include "app/https_client.hpp"

#include <curl/curl.h>

#include <boost/json.hpp>
#include <cstdio>
#include <map>
#include <stdexcept>

namespace entrepot::app {
namespace {
std::size_t collect(char* data, std::size_t size, std::size_t count, void* user) {
    static_cast<std::string*>(user)->append(data, size * count);
    return size * count;
}
}  // namespace

boost::json::value HttpsReply::json() const {
    if (status < 400 && body.empty()) return nullptr;
    boost::system::error_code failure;
    auto value = boost::json::parse(body, failure);
    if (failure || status >= 400)
        throw std::runtime_error("answer " + std::to_string(status) + ": " + body.substr(0, 400));
    return value;
}

struct HttpsClient::State {
    std::string base_url;
    CURL* easy = curl_easy_init();
    std::map<std::string, std::string> headers;
    std::string body;
    std::FILE* file = nullptr;
    std::string content_type = "application/json";
};

HttpsClient::HttpsClient(std::string base_url, const std::string& ca_file)
    : state_(std::make_unique<State>()) {
    state_->base_url = std::move(base_url);
    curl_easy_setopt(state_->easy, CURLOPT_CAINFO, ca_file.c_str());
    curl_easy_setopt(state_->easy, CURLOPT_COOKIEFILE, "");
    curl_easy_setopt(state_->easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(state_->easy, CURLOPT_PROXY, "");
}

HttpsClient::~HttpsClient() {
    curl_easy_cleanup(state_->easy);
}

void HttpsClient::set_header(const std::string& name, const std::string& value) {
    state_->headers[name] = value;
}

HttpsReply HttpsClient::get(const std::string& path) {
    return perform("GET", path);
}

HttpsReply HttpsClient::send(const std::string& method, const std::string& path,
                             const boost::json::value& body) {
    state_->body = boost::json::serialize(body);
    state_->content_type = "application/json";
    HttpsReply reply = perform(method, path);
    state_->body.clear();
    return reply;
}

HttpsReply HttpsClient::upload(const std::string& path, const std::string& file,
                               const std::string& content_type) {
    state_->file = std::fopen(file.c_str(), "rb");
    if (state_->file == nullptr) throw std::runtime_error("cannot read " + file);
    state_->content_type = content_type;
    HttpsReply reply = perform("POST", path);
    std::fclose(state_->file);
    state_->file = nullptr;
    return reply;
}

HttpsReply HttpsClient::perform(const std::string& method, const std::string& path) {
    HttpsReply reply;
    CURL* easy = state_->easy;
    curl_slist* headers = nullptr;
    for (const auto& [name, value] : state_->headers)
        headers = curl_slist_append(headers, (name + ": " + value).c_str());
    if (method != "GET")
        headers = curl_slist_append(headers, ("content-type: " + state_->content_type).c_str());
    headers = curl_slist_append(headers, "expect:");
    curl_easy_setopt(easy, CURLOPT_URL, (state_->base_url + path).c_str());
    curl_easy_setopt(easy, CURLOPT_HTTPGET, 1L);
    curl_easy_setopt(easy, CURLOPT_UPLOAD, 0L);
    if (state_->file != nullptr) {
        std::fseek(state_->file, 0, SEEK_END);
        curl_easy_setopt(easy, CURLOPT_UPLOAD, 1L);
        curl_easy_setopt(easy, CURLOPT_INFILESIZE_LARGE,
                         static_cast<curl_off_t>(std::ftell(state_->file)));
        curl_easy_setopt(easy, CURLOPT_READDATA, state_->file);
        std::rewind(state_->file);
    } else if (method != "GET") {
        curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE, static_cast<long>(state_->body.size()));
        curl_easy_setopt(easy, CURLOPT_COPYPOSTFIELDS, state_->body.c_str());
    }
    curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, method.c_str());
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &collect);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, &reply.body);
    const CURLcode code = curl_easy_perform(easy);
    curl_slist_free_all(headers);
    if (code != CURLE_OK) throw std::runtime_error(path + ": " + curl_easy_strerror(code));
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &reply.status);
    return reply;
}

}  // namespace entrepot::app
