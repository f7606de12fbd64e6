// What may be said of buyers' data without opening any: of how many orders there never was any, and
// which orders that are still to be sent go to one address.
#pragma once

#include "modules/fulfil/service.hpp"

namespace entrepot::fulfil {

/// Orders by what is, was or never was held of their buyer; in the caller's shops.
struct BuyerDataShare {
    std::int64_t orders;
    std::int64_t never_held;  ///< nobody had to ask, or the channel gave none, or it is barred
    std::int64_t held;
    std::int64_t restricted;
    std::int64_t erased;
};
BOOST_DESCRIBE_STRUCT(BuyerDataShare, (), (orders, never_held, held, restricted, erased))
Awaitable<Result<BuyerDataShare>> buyer_data_share(Context& ctx, const http::Nothing& in);

struct WhichOrder {
    OrderId id;
};
BOOST_DESCRIBE_STRUCT(WhichOrder, (), (id))
struct SameAddress {
    std::vector<SameAddressOrder> items;
};
BOOST_DESCRIBE_STRUCT(SameAddress, (), (items))
/// Other orders that are still to be sent, to the name and address of this one. Found through keyed
/// hashes, and so only among those whose address was fetched in the same month.
Awaitable<Result<SameAddress>> same_address(Context& ctx, const WhichOrder& in);

/// The same for many orders; one that shares its address with none is not in it.
Awaitable<std::map<OrderId, std::vector<SameAddressOrder>>> same_addresses(
    Context& ctx, pg::Transaction& tx, const std::vector<OrderId>& orders);

}  // namespace entrepot::fulfil
