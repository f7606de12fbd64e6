// A reply as it is kept: without a buyer's data, compressed, with its digest and request id.
#pragma once

#include <boost/json/value.hpp>

#include "channel/amazon/client.hpp"
#include "channel/amazon/wire_json.hpp"

namespace entrepot::amazon {

/// A reply that has been read and is fit for keeping.
struct ReadReply {
    boost::json::value document;  ///< scrubbed
    Scrubbed dropped;
    std::string kept;  ///< text to keep: as it came, or written again without what was dropped
};
/// Nothing when the body is no JSON.
std::optional<ReadReply> read_reply(std::string body);

/// Stores it with the caller's transaction, and counts what was dropped on the shop.
void keep_reply(pg::Transaction& tx, const Context& ctx, ShopId shop, Operation operation,
                const std::string& request_id, const ReadReply& reply);

/// Opens what keep_reply() stored.
std::optional<std::string> open_kept(const std::string& zstd, std::size_t size);

}  // namespace entrepot::amazon
