// Writes the statement, and finds its place in the audit's tree.
#include "modules/rights/receipt.hpp"

#include "platform/audit/proof.hpp"

namespace entrepot::rights {
namespace {
struct StatedOrder {
    OrderId order_id;
    std::string order_number;
    Outcome outcome;
    std::optional<Instant> settled_at;
    std::optional<Uuid> key_id;
    std::optional<json::RawJson> ledger_line;  ///< keyd's, about the destroyed key
    /// Copies that legal holds keep all the same, each with its end.
    std::vector<holds::HeldCopy> held_copies;
};
BOOST_DESCRIBE_STRUCT(StatedOrder, (),
                      (order_id, order_number, outcome, settled_at, key_id, ledger_line,
                       held_copies))
struct Statement {
    TenantId tenant_id;
    RequestId request_id;
    RequestKind kind;
    Instant received_at;
    std::optional<Instant> carried_out_at;
    Instant done_at;
    std::vector<StatedOrder> orders;
};
BOOST_DESCRIBE_STRUCT(Statement, (),
                      (tenant_id, request_id, kind, received_at, carried_out_at, done_at, orders))

ReceiptSeal view_of(const audit::Seal& seal) {
    const audit::Checkpoint& from = seal.checkpoint;
    ReceiptSeal out{seal.position,
                    seal.number,
                    audit::hex_of(seal.leaf),
                    {},
                    {from.origin.text(),
                     static_cast<std::int64_t>(from.number),
                     static_cast<std::int64_t>(from.size),
                     audit::hex_of(from.root),
                     from.at,
                     audit::hex_of(from.previous),
                     from.key,
                     {}}};
    for (const audit::Hash& hash : seal.path) out.path.push_back(audit::hex_of(hash));
    audit::append_hex(
        out.checkpoint.signature,
        {reinterpret_cast<const char*>(from.signature.data()), from.signature.size()});
    return out;
}
}  // namespace

Awaitable<std::string> statement_of(Context& ctx, pg::Transaction& tx,
                                    const store::RequestRow& request,
                                    const std::vector<store::CoveredRow>& orders) {
    Statement out{ctx.tenant, request.id, request.kind, request.received_at, request.begun_at,
                  ctx.now(),  {}};
    std::vector<OrderId> ids;
    for (const store::CoveredRow& order : orders) ids.push_back(order.order_id);
    std::map<OrderId, vault::Receipt> receipts;
    for (vault::Receipt& receipt : co_await vault::receipts(tx, ids))
        receipts.emplace(receipt.order, std::move(receipt));
    const auto copies = co_await holds::copies_of(tx, ids);
    for (const store::CoveredRow& order : orders) {
        StatedOrder stated{order.order_id,
                           order.order_number,
                           order.outcome,
                           order.settled_at,
                           std::nullopt,
                           std::nullopt,
                           {}};
        if (const auto held = copies.find(order.order_id); held != copies.end())
            stated.held_copies = held->second;
        const auto found = receipts.find(order.order_id);
        if (found != receipts.end()) {
            stated.key_id = found->second.key;
            if (!found->second.line.empty()) stated.ledger_line = json::RawJson{found->second.line};
        }
        out.orders.push_back(std::move(stated));
    }
    co_return json::to_json(out);
}

Awaitable<Result<RequestReceipt>> request_receipt(Context& ctx, const WhichRequest& in) {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<RequestReceipt>> {
        const auto request = co_await store::request(tx, ctx.shop_scope(), in.id);
        if (!request) co_return no_such_request();
        if (!request->receipt)
            co_return make_error(errors::not_done, "there is a receipt of what is done");
        const auto entry = co_await store::entry_of_end(tx, in.id);
        ensure(entry.has_value(), "a request was done and the audit does not know");
        co_return RequestReceipt{in.id, *request->receipt, crypto::sha256_hex(*request->receipt),
                                 *entry, std::nullopt};
    };
    CO_TRY(RequestReceipt out,
           co_await ctx.db().transaction(ctx.tenant, body, pg::Access::read_only));
    const auto found = co_await audit::seal_of(ctx, out.audit_entry_id);
    if (found.seal) out.seal = view_of(*found.seal);
    co_return out;
}

}  // namespace entrepot::rights
