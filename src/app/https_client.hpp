// A blocking HTTPS client for the demo and for commands that talk to a running server. Keeps
// cookies; not for requests of users.
#pragma once

#include <boost/json/value.hpp>
#include <memory>
#include <string>
#include <vector>

namespace entrepot::app {

struct HttpsReply {
    long status = 0;
    std::string body;
    boost::json::value json() const;
};

class HttpsClient {
public:
    /// `ca_file` is trusted instead of the system's authorities.
    HttpsClient(std::string base_url, const std::string& ca_file);
    ~HttpsClient();
    HttpsClient(const HttpsClient&) = delete;
    HttpsClient& operator=(const HttpsClient&) = delete;

    /// Sent with every later request.
    void set_header(const std::string& name, const std::string& value);
    HttpsReply get(const std::string& path);
    HttpsReply send(const std::string& method, const std::string& path,
                    const boost::json::value& body);
    /// Streams a file as the body of a POST.
    HttpsReply upload(const std::string& path, const std::string& file,
                      const std::string& content_type);

private:
    struct State;
    HttpsReply perform(const std::string& method, const std::string& path);
    std::unique_ptr<State> state_;
};

}  // namespace entrepot::app
