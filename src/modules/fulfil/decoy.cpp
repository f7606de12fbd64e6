// Decoys: modelled on what was really shipped lately, and shown where only programs look.
#include "modules/fulfil/decoy.hpp"

#include <algorithm>

#include "modules/fulfil/decoy_store.hpp"
#include "modules/shops/shops.hpp"
#include "platform/crypto/crypto.hpp"
#include "vault/vault.hpp"

namespace entrepot::fulfil {
namespace {
constexpr std::int64_t decoys_at_least = 3;
/// A model's own buyer data lives a month; what is older is no place for a trap.
constexpr auto model_age_max = std::chrono::days(14);
constexpr std::int64_t models_max = 40;
constexpr auto newest_age_max = std::chrono::days(2);
constexpr auto look_again = std::chrono::hours(1);
constexpr auto keyd_again = std::chrono::minutes(10);
constexpr auto tend_every = std::chrono::hours(24);

std::int64_t below(std::int64_t limit) {
    return static_cast<std::int64_t>(crypto::random_u64() % static_cast<std::uint64_t>(limit));
}

/// The same form with other digits: "113-4567890-1234567" stays a number of that marketplace.
std::string other_digits(std::string text, std::size_t kept) {
    for (std::size_t i = std::min(kept, text.size()); i < text.size(); ++i)
        if (text[i] >= '0' && text[i] <= '9') text[i] = static_cast<char>('0' + below(10));
    return text;
}

DecoyRow decoy_like(const Context& ctx, const DecoyRow& model) {
    const std::chrono::milliseconds shift(1'000 + below(90'000));
    const auto later = [&](Instant at) { return std::min(ctx.now(), at + shift); };
    DecoyRow out = model;
    out.released_at = later(model.released_at);
    // Its place in the list is that of its time, and so is its id, as those of others.
    out.id = crypto::new_id<ShipmentId>(out.released_at);
    out.order_id = crypto::new_id<OrderId>(model.ordered_at);
    out.channel_order_id = other_digits(model.channel_order_id, 4);
    out.tracking_number = other_digits(model.tracking_number, 4);
    out.shipped_at = later(model.shipped_at.value_or(model.released_at));
    out.ordered_at = model.ordered_at - std::chrono::milliseconds(below(3'600'000));
    out.ship_country = vault::decoy_country(model.ship_country.value_or(""));
    return out;
}

Awaitable<bool> add_decoy(Context& ctx, const DecoyRow& decoy) {
    vault::Delivery delivery{};
    delivery.shipped_at = decoy.shipped_at;
    const auto sealed = co_await vault::seal_decoy(
        ctx, {decoy.order_id, decoy.shop_id, {}, delivery}, *decoy.ship_country);
    if (sealed.has_error()) co_return false;
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<>> {
        (void)co_await vault::keep(tx, ctx, *sealed);
        write_decoy(tx, decoy);
        co_return Result<>{};
    };
    (void)co_await ctx.db().transaction(ctx.tenant, body);
    co_return true;
}

struct Look {
    StandingRow standing;
    std::vector<DecoyRow> models;
};
Awaitable<Look> look(Context& ctx) {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<Look>> {
        Look out{co_await decoys_standing(tx), {}};
        out.models = co_await decoy_models(tx, ctx.now() - model_age_max, models_max);
        co_return out;
    };
    auto out = co_await ctx.db().transaction(ctx.tenant, body, pg::Access::read_only);
    co_return std::move(*out);
}
}  // namespace

Awaitable<std::vector<ListRow>> with_decoys(pg::Transaction& tx, const Context& ctx,
                                            const ListSelection& selection,
                                            std::vector<ListRow> rows) {
    if (selection.state || selection.order || selection.problems ||
        !ctx.may(Permission::buyers_reveal))
        co_return rows;
    auto decoys = co_await decoys_behind(tx, selection.shops, selection.after, selection.limit);
    for (ListRow& decoy : decoys) rows.push_back(std::move(decoy));
    std::ranges::sort(rows, [](const ListRow& a, const ListRow& b) {
        return std::pair(a.released_at, a.id.value) > std::pair(b.released_at, b.id.value);
    });
    if (static_cast<std::int64_t>(rows.size()) > selection.limit)
        rows.erase(rows.begin() + selection.limit, rows.end());
    co_return rows;
}

Awaitable<Result<ShipmentDetail>> decoy_detail(Context& ctx, pg::Transaction& tx, ShipmentId id) {
    if (!ctx.may(Permission::buyers_reveal)) co_return no_such_shipment();
    auto row = co_await decoy_row(tx, ctx.shop_scope(), id);
    if (!row) co_return no_such_shipment();
    const shops::Names names = co_await shops::names(ctx, tx);
    ShipmentDetail out;
    ShipmentLine line{1, row->first_seller_sku, row->first_title, 1};
    static_cast<ShipmentSummary&>(out) = summary_of(std::move(*row), names);
    out.lines.push_back(std::move(line));
    out.pii_state = "held";
    co_return out;
}

void remove_decoy(pg::Transaction& tx, OrderId order) {
    delete_decoy(tx, order);
}

Awaitable<std::optional<Instant>> keep_decoys(Context& ctx, const jobs::Job&) {
    const Look found = co_await look(ctx);
    if (found.models.empty()) co_return ctx.now() + look_again;
    std::int64_t wanted = std::max<std::int64_t>(0, decoys_at_least - found.standing.count);
    if (wanted == 0 && *found.standing.newest + newest_age_max < ctx.now()) wanted = 1;
    for (; wanted > 0; --wanted) {
        const auto& model = found.models[static_cast<std::size_t>(
            below(static_cast<std::int64_t>(found.models.size())))];
        if (!co_await add_decoy(ctx, decoy_like(ctx, model))) co_return ctx.now() + keyd_again;
    }
    co_return ctx.now() + tend_every;
}

Awaitable<void> begin_decoys(Context& ctx, pg::Transaction& tx, const std::vector<jobs::Job>&) {
    jobs::enqueue(tx, ctx, decoys_kind, "{}", ctx.now(), "decoys");
    co_return;
}

}  // namespace entrepot::fulfil
