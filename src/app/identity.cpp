// The account module answers who a request is.
#include "app/identity.hpp"

#include "modules/account/account.hpp"

namespace entrepot::app {

api::Identity account_identity(Services&) {
    api::Identity identity;
    identity.authenticate = [](Context& ctx, const http::Request& request) {
        return account::authenticate(ctx, request);
    };
    identity.csrf_token = [](std::string_view cookie) { return account::csrf_token_of(cookie); };
    identity.session_cookie = account::session_cookie;
    return identity;
}

}  // namespace entrepot::app
