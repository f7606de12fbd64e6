// Filters that staff keep, and the search over everything.
#pragma once

#include "modules/orders/list.hpp"

namespace entrepot::orders {

struct View {
    ViewId id;
    std::string name;
    std::map<std::string, std::string> filter;  ///< query parameters of GET /orders
    bool shared;
    bool mine;
};
BOOST_DESCRIBE_STRUCT(View, (), (id, name, filter, shared, mine))
struct ViewList {
    std::vector<View> items;
};
BOOST_DESCRIBE_STRUCT(ViewList, (), (items))

struct AddView {
    std::string name;
    std::map<std::string, std::string> filter;
    std::optional<bool> shared;
};
BOOST_DESCRIBE_STRUCT(AddView, (), (name, filter, shared))
struct ViewRef {
    ViewId id;
};
BOOST_DESCRIBE_STRUCT(ViewRef, (), (id))

Awaitable<Result<ViewList>> list_views(Context& ctx, const http::Nothing& in);
Awaitable<Result<View>> add_view(Context& ctx, const AddView& in);
Awaitable<Result<http::NoContent>> remove_view(Context& ctx, const ViewRef& in);

struct Search {
    std::string q;
};
BOOST_DESCRIBE_STRUCT(Search, (), (q))
struct FoundSku {
    SkuId id;
    std::string code;
    std::string title;
};
BOOST_DESCRIBE_STRUCT(FoundSku, (), (id, code, title))
struct FoundShop {
    ShopId id;
    std::string name;
};
BOOST_DESCRIBE_STRUCT(FoundShop, (), (id, name))
struct Found {
    std::vector<OrderSummary> orders;
    std::vector<FoundSku> skus;
    std::vector<FoundShop> shops;
};
BOOST_DESCRIBE_STRUCT(Found, (), (orders, skus, shops))
/// Orders by number, SKU or tracking number; SKUs by code; shops by name. What the caller may not
/// read is left out.
Awaitable<Result<Found>> search(Context& ctx, const Search& in);

}  // namespace entrepot::orders
