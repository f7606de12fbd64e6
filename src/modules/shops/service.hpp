// Inputs and use cases behind the routes of shops.
#pragma once

#include "modules/shops/shops.hpp"
#include "platform/http/route.hpp"

namespace entrepot::shops {

struct ShopList {
    std::vector<Shop> items;
};
BOOST_DESCRIBE_STRUCT(ShopList, (), (items))

struct ShopRef {
    ShopId id;
};
BOOST_DESCRIBE_STRUCT(ShopRef, (), (id))

struct ChangeShop {
    ShopId id;
    std::optional<std::int64_t> if_match;
    std::string name;
    std::string time_zone;
};
BOOST_DESCRIBE_STRUCT(ChangeShop, (), (id, if_match, name, time_zone))

struct EnableMarketplaces {
    ShopId id;
    std::optional<std::int64_t> if_match;
    std::vector<std::string> enabled;
};
BOOST_DESCRIBE_STRUCT(EnableMarketplaces, (), (id, if_match, enabled))

struct AddFileShop {
    std::string name;
    std::string country;
    std::string currency;
    std::string time_zone;
};
BOOST_DESCRIBE_STRUCT(AddFileShop, (), (name, country, currency, time_zone))

Awaitable<Result<ShopList>> get_shops(Context& ctx, const http::Nothing& in);
Awaitable<Result<Shop>> get_shop(Context& ctx, const ShopRef& in);
Awaitable<Result<Shop>> change_shop(Context& ctx, const ChangeShop& in);
Awaitable<Result<Shop>> enable_marketplaces(Context& ctx, const EnableMarketplaces& in);
Awaitable<Result<Shop>> pause_shop(Context& ctx, const ShopRef& in);
Awaitable<Result<Shop>> resume_shop(Context& ctx, const ShopRef& in);
Awaitable<Result<Shop>> add_file_shop(Context& ctx, const AddFileShop& in);

}  // namespace entrepot::shops
