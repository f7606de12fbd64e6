// Route lines of legal holds.
#include "modules/holds/routes.hpp"

#include "modules/holds/service.hpp"

namespace entrepot::holds {
namespace {
using enum Permission;
constexpr http::Route table[] = {
    http::get<&holds_page>("/legal-holds", buyers_hold, "Legal holds, the newest first."),
    http::create<&place_hold>("/legal-holds", buyers_hold,
                              "Keep a copy of what is held of these orders, under a key of its "
                              "own, until a day."),
    http::get<&get_hold>("/legal-holds/{id}", buyers_hold,
                         "One hold with its orders and what was asked of it."),
    http::post<&ask_of_hold>("/legal-holds/{id}/ask", buyers_hold,
                             "Ask to open, release or extend it; a second person allows it."),
    http::post<&approve_ask>("/legal-holds/{id}/approve", buyers_hold,
                             "Allow what somebody else asked."),
    http::post<&decline_ask>("/legal-holds/{id}/decline", buyers_hold,
                             "Decline what was asked, or withdraw it."),
    http::post<&open_hold>("/legal-holds/{id}/open", buyers_hold,
                           "What the hold keeps, once, for who asked; leaves a row in the audit."),
};
}  // namespace

std::span<const http::Route> routes() {
    return table;
}

}  // namespace entrepot::holds
