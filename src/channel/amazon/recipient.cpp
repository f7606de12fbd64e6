// Ask, wipe, seal. Orders 2026-01-01 needs no restricted token: the role alone decides, and what is
// not granted is absent without an error (spapi-facts §8.1, §11).
#include "channel/amazon/recipient.hpp"

#include "base/text.hpp"
#include "channel/amazon/sync_rules.hpp"
#include "modules/orders/orders.hpp"

namespace entrepot::amazon {
namespace {
using vault::Field;

struct Wanted {
    orders::DispatchOrder order;
    bool again;  ///< a correction: something is held
};

/// The order, when it is to be shipped by the seller and nothing is known of its buyer yet, or when
/// what is known is to be corrected.
Awaitable<std::optional<Wanted>> wanted(Context& ctx, OrderId id) {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<std::optional<Wanted>>> {
        const std::vector<OrderId> only{id};
        auto found =
            co_await orders::dispatch_orders(tx, std::nullopt, only, orders::Locking::none);
        if (found.empty()) co_return std::optional<Wanted>();
        orders::DispatchOrder& order = found.front();
        if (co_await vault::is_wanted_again(tx, id)) co_return Wanted{std::move(order), true};
        const bool to_ship = order.state == orders::OrderState::unshipped ||
                             order.state == orders::OrderState::partially_shipped;
        if (order.fulfilled_by != orders::FulfilledBy::merchant || !to_ship)
            co_return std::optional<Wanted>();
        if (!(co_await vault::holdings(tx, only)).empty()) co_return std::optional<Wanted>();
        co_return Wanted{std::move(order), false};
    };
    auto out = co_await ctx.db().transaction(ctx.tenant, body, pg::Access::read_only);
    co_return *std::move(out);
}

bool has_address(const vault::Draft& draft) {
    return std::any_of(draft.cells.begin(), draft.cells.end(), [](const vault::DraftCell& cell) {
        return cell.field == Field::address_line1 || cell.field == Field::postal_code;
    });
}

/// The channel gave nothing: of what is held nothing changes.
Awaitable<void> note_nothing(Context& ctx, const Wanted& wanted) {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<>> {
        if (wanted.again)
            co_await vault::keep_as_it_is(tx, ctx, wanted.order.id);
        else
            co_await orders::note_pii_state(tx, wanted.order.id, "not_granted");
        co_return Result<>{};
    };
    (void)co_await ctx.db().transaction(ctx.tenant, body);
}

Awaitable<bool> seal_and_keep_again(Context& ctx, OrderId order, vault::Draft draft) {
    const auto sealed = co_await vault::seal_again(ctx, order, std::move(draft));
    if (sealed.has_error()) co_return false;
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<>> {
        (void)co_await vault::keep_again(tx, ctx, *sealed);
        co_return Result<>{};
    };
    (void)co_await ctx.db().transaction(ctx.tenant, body);
    co_return true;
}

Awaitable<bool> seal_and_keep(Context& ctx, const Wanted& wanted, vault::Draft draft) {
    const orders::DispatchOrder& order = wanted.order;
    if (wanted.again) co_return co_await seal_and_keep_again(ctx, order.id, std::move(draft));
    vault::Delivery delivery{};
    delivery.promised_by = order.deliver_by_to;
    const auto sealed =
        co_await vault::seal(ctx, {order.id, order.shop_id, "amazon", delivery}, std::move(draft));
    if (sealed.has_error()) co_return false;
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<>> {
        if (co_await vault::keep(tx, ctx, *sealed))
            co_await orders::note_pii_state(tx, order.id, "held");
        co_return Result<>{};
    };
    (void)co_await ctx.db().transaction(ctx.tenant, body);
    co_return true;
}
}  // namespace

std::vector<vault::Source> recipient_sources() {
    const std::string address = "/order/recipient/deliveryAddress/";
    return {{address + "name", Field::recipient_name, {}},
            {address + "companyName", Field::recipient_company, {}},
            {address + "addressLine1", Field::address_line1, {}},
            {address + "addressLine2", Field::address_line2, {}},
            {address + "addressLine3", Field::address_line3, {}},
            {address + "city", Field::city, {}},
            {address + "districtOrCounty", Field::district, {}},
            {address + "stateOrRegion", Field::region, {}},
            {address + "postalCode", Field::postal_code, {}},
            {address + "phone", Field::phone, {}},
            {"/order/buyer/buyerName", Field::buyer_name, {}},
            {"/order/buyer/buyerEmail", Field::buyer_email, {}},
            {"/order/buyer/buyerCompanyName", Field::buyer_company, {}},
            {"/order/buyer/buyerPurchaseOrderNumber", Field::buyer_purchase_order, {}}};
}

std::string recipient_path(std::string_view order_id) {
    const std::string path = order_path(order_id);
    return path.substr(0, path.find('?')) + "?includedData=BUYER,RECIPIENT";
}

Awaitable<std::optional<Instant>> fetch_recipient(Link& link, const fulfil::ShipmentRef& shipment) {
    Context& ctx = link.ctx;
    const auto opened = co_await open_shop(ctx, shipment.shop_id);
    const auto asked = co_await wanted(ctx, shipment.order_id);
    if (!asked) co_return std::nullopt;
    if (opened.has_error()) {
        if (asked->again) co_await note_nothing(ctx, *asked);
        co_return std::nullopt;
    }
    if (opened->shop.state != shops::ShopState::connected) co_return ctx.now() + poll_period;
    const auto account = co_await account_of(ctx, *opened);
    if (account.has_error()) co_return ctx.now() + poll_period;
    const Call question{
        Operation::get_order, Priority::user, recipient_path(asked->order.channel_order_id), {}};
    Reply reply = co_await call(link, *account, question);
    if (!reply.ok()) {
        if (reply.verdict.outcome == Outcome::unauthorised ||
            reply.verdict.outcome == Outcome::forbidden)
            co_return co_await note_trouble(link, *opened, reply);
        if (reply.verdict.outcome == Outcome::throttled ||
            reply.verdict.outcome == Outcome::transient)
            co_return ctx.now() +
                std::max<std::chrono::microseconds>(reply.wait, std::chrono::seconds(1));
        if (asked->again) co_await note_nothing(ctx, *asked);
        co_return std::nullopt;
    }
    const crypto::SecretBytes body = crypto::secret_bytes(reply.body);
    crypto::wipe(reply.body.data(), reply.body.size());
    auto draft = vault::harvest(body, recipient_sources());
    if (!draft) co_return ctx.now() + std::chrono::minutes(1);
    if (!has_address(*draft)) {
        co_await note_nothing(ctx, *asked);
        co_return std::nullopt;
    }
    // Without keys nothing may be sealed, and nothing unsealed may stay: it is asked for again.
    if (!co_await seal_and_keep(ctx, *asked, std::move(*draft)))
        co_return ctx.now() + std::chrono::minutes(1);
    co_return std::nullopt;
}

}  // namespace entrepot::amazon
