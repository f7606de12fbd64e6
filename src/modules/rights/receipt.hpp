// What proves that a request was carried out: a statement that was fixed when it was done, keyd's
// lines about the destroyed keys, and the place of both in the signed tree of the audit.
#pragma once

#include "modules/rights/service.hpp"

namespace entrepot::rights {

struct ReceiptCheckpoint {
    std::string origin;
    std::int64_t number;
    std::int64_t size;
    std::string root;
    Instant at;
    std::string previous;
    std::string key;
    std::string signature;
};
BOOST_DESCRIBE_STRUCT(ReceiptCheckpoint, (),
                      (origin, number, size, root, at, previous, key, signature))
/// The audit row's place under a signed checkpoint.
struct ReceiptSeal {
    std::int64_t position;
    std::int64_t number;
    std::string leaf;
    std::vector<std::string> path;
    ReceiptCheckpoint checkpoint;
};
BOOST_DESCRIBE_STRUCT(ReceiptSeal, (), (position, number, leaf, path, checkpoint))

struct RequestReceipt {
    RequestId request_id;
    std::string statement;  ///< JSON text, byte for byte as it was hashed
    std::string statement_sha256;
    AuditId audit_entry_id;           ///< the row whose detail has that hash
    std::optional<ReceiptSeal> seal;  ///< null: the row is not under a checkpoint yet
};
BOOST_DESCRIBE_STRUCT(RequestReceipt, (),
                      (request_id, statement, statement_sha256, audit_entry_id, seal))

Awaitable<Result<RequestReceipt>> request_receipt(Context& ctx, const WhichRequest& in);

/// The statement of a request that ends now.
Awaitable<std::string> statement_of(Context& ctx, pg::Transaction& tx,
                                    const store::RequestRow& request,
                                    const std::vector<store::CoveredRow>& orders);

}  // namespace entrepot::rights
