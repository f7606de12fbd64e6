// Route lines of orders.
#include "modules/orders/routes.hpp"

#include "modules/orders/by_hand.hpp"
#include "modules/orders/export.hpp"
#include "modules/orders/inbox.hpp"
#include "modules/orders/people.hpp"
#include "modules/orders/suggest.hpp"
#include "modules/orders/views.hpp"

namespace entrepot::orders {
namespace {
using enum Permission;
constexpr http::Route table[] = {
    http::get<&orders_page>("/orders", orders_read, "Orders, filtered, sorted, page by page."),
    http::create<&add_order>("/orders", orders_write,
                             "Add an order of a shop without a marketplace connection."),
    http::get<&order_count>("/orders/count", orders_read,
                            "How many orders a filter selects, exact up to 10,000."),
    http::get<&export_orders>("/orders/export", orders_export,
                              "Orders of a filter as a CSV or XLSX file."),
    http::get<&exceptions_page>("/orders/exceptions", orders_read,
                                "What a person must look at, newest first."),
    http::get<&exception_summary>("/orders/exceptions/summary", orders_read,
                                  "Open exceptions by kind."),
    http::post<&dismiss_exception>("/orders/exceptions/{id}/dismiss", orders_write,
                                   "Close an exception although its cause is still there."),
    http::get<&list_views>("/orders/views", orders_read, "Filters kept by you or shared with you."),
    http::create<&add_view>("/orders/views", orders_read, "Keep a filter under a name."),
    http::del<&remove_view>("/orders/views/{id}", orders_read, "Forget a filter of yours."),
    http::post<&bulk_act>("/orders/bulk", orders_write,
                          "Hold, release or tag up to 500 orders; each result is named."),
    http::get<&get_order>("/orders/{id}", orders_read,
                          "One order with lines, money, history and source."),
    http::post<&hold_order>("/orders/{id}/hold", orders_write, "Hold an order back."),
    http::post<&release_order>("/orders/{id}/release", orders_write, "Let a held order go on."),
    http::post<&cancel_order>("/orders/{id}/cancel", orders_write,
                              "Cancel an order that was added here."),
    http::post<&ship_order>("/orders/{id}/ship", orders_write,
                            "Mark an order that was added here as shipped."),
    http::post<&deliver_order>("/orders/{id}/deliver", orders_write,
                               "Mark an order that was added here as delivered."),
    http::post<&tag_order>("/orders/{id}/tags", orders_write, "Add and remove tags."),
    http::post<&add_note>("/orders/{id}/notes", orders_write, "Add a note."),
    http::post<&suggest_mappings>("/sku-mappings/suggest", catalog_write,
                                  "Seller SKUs without a mapping, with a guess for each."),
    http::get<&search>("/search", orders_read, "Orders, SKUs and shops by what they start with."),
};
}  // namespace

std::span<const http::Route> routes() {
    return table;
}

}  // namespace entrepot::orders
