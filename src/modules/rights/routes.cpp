// Route lines of buyers' requests.
#include "modules/rights/routes.hpp"

#include "modules/rights/answer.hpp"
#include "modules/rights/receipt.hpp"

namespace entrepot::rights {
namespace {
using enum Permission;
constexpr http::Route table[] = {
    http::post<&search_buyers>("/buyers/search", buyers_rights,
                               "Orders whose buyer has exactly this e-mail, phone or name, or "
                               "that have this number; leaves a row in the audit without it."),
    http::post<&look_up_buyer>("/buyers/look-up", buyers_search,
                               "Orders of a buyer who has this e-mail, phone or name, to answer "
                               "them; shows nothing of the buyer, and the case is on record."),
    http::get<&requests_page>("/rights/requests", buyers_rights,
                              "Buyers' requests, the nearest end of the month first."),
    http::create<&open_request>("/rights/requests", buyers_rights,
                                "Enter a buyer's request and the orders that it covers."),
    http::get<&request_counts>("/rights/requests/counts", buyers_rights,
                               "How many requests are open, overdue, due within a week."),
    http::get<&get_request>("/rights/requests/{id}", buyers_rights,
                            "One request with what became of each order."),
    http::post<&verify_request>("/rights/requests/{id}/verify", buyers_rights,
                                "It is the buyer who asks: how somebody made sure."),
    http::post<&extend_request>("/rights/requests/{id}/extend", buyers_rights,
                                "Take two further months, with the reason that the buyer is told."),
    http::get<&request_answer>("/rights/requests/{id}/answer", buyers_rights,
                               "What to write to the buyer, as it stands; holds no personal data."),
    http::post<&carry_out>("/rights/requests/{id}/carry-out", buyers_rights,
                           "Do it: erase, restrict, fetch anew, or note that all was shown."),
    http::post<&refuse_request>("/rights/requests/{id}/refuse", buyers_rights,
                                "Refuse it, with the reason that the buyer is told."),
    http::post<&reveal_order>("/rights/requests/{id}/reveal", buyers_rights,
                              "All that is held of one order, for the copy that the buyer asked "
                              "for; leaves a row in the audit."),
    http::post<&lift_restriction>("/rights/requests/{id}/lift", buyers_rights,
                                  "End a restriction; the buyer is told before."),
    http::get<&request_receipt>("/rights/requests/{id}/receipt", buyers_rights,
                                "What proves that it was done."),
};
}  // namespace

std::span<const http::Route> routes() {
    return table;
}

}  // namespace entrepot::rights
