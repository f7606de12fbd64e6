// HTTPS/1.1 server: accepts, reads with limits and timeouts, writes. No business in here.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "platform/http/types.hpp"

namespace entrepot {
class Runtime;
}

namespace entrepot::http {

/// What the server must know of a route before it reads the body.
struct BodyPlan {
    std::size_t limit = std::size_t{1} << 20;
    bool to_file = false;
};

class Server {
public:
    struct Options {
        std::string bind = "127.0.0.1";
        std::uint16_t port = 0;       ///< 0 = the kernel chooses
        std::string certificate_pem;  ///< both empty = plain HTTP (behind a proxy that ends TLS)
        std::string private_key_pem;
        std::string upload_dir = "/tmp";
        std::size_t connections_max = 2000;
    };
    using Plan = std::function<BodyPlan(Method, std::string_view path)>;
    using Dispatch = std::function<Awaitable<Response>(Request&)>;
    /// Asked before an upload is read, so that nobody without the right fills the disk. False = the
    /// request is dispatched at once, without its body, and says why.
    using Admit = std::function<Awaitable<bool>(const Request&)>;

    Server(Runtime& runtime, Options options, Plan plan, Dispatch dispatch, Admit admit);
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    /// Binds and starts accepting; returns the port. Throws when the address is taken.
    std::uint16_t start();

    struct State;

private:
    std::shared_ptr<State> state_;
};

/// Splits and decodes "a=1&b=2". False when an escape is broken or the text is not UTF-8.
bool parse_query(std::string_view query, std::vector<std::pair<std::string, std::string>>& out);

}  // namespace entrepot::http
