// Use cases of SKUs and mappings.
#include "modules/catalog/service.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "modules/catalog/event.hpp"
#include "modules/catalog/mapping.hpp"
#include "modules/catalog/page_store.hpp"
#include "modules/catalog/store.hpp"
#include "modules/shops/shops.hpp"
#include "platform/audit/audit.hpp"
#include "platform/http/cursor.hpp"

namespace entrepot::catalog {
namespace {
constexpr std::size_t code_max = 100;
constexpr std::size_t title_max = 500;

Result<std::string> checked(const std::string& in, std::size_t max, const char* pointer) {
    std::string out(text::trim(in));
    if (out.empty() || text::length(out) > max)
        return field_error(entrepot::errors::invalid_fields, pointer, "length",
                           "1 to " + std::to_string(max) + " characters are expected here");
    return out;
}
Result<std::int64_t> checked_limit(const std::optional<std::int64_t>& limit) {
    const std::int64_t value = limit.value_or(50);
    if (value < 1 || value > 200)
        return field_error(entrepot::errors::invalid_fields, "/limit", "out_of_range",
                           "a number from 1 to 200 is expected here");
    return value;
}
Error no_such_mapping() {
    return make_error(entrepot::errors::not_found, "there is no such mapping");
}
Sku view_of(const SkuRow& row) {
    return {row.id, row.code, row.title, row.created_at, row.version};
}
Mapping view_of(const MappingRow& row, const shops::Names& names) {
    return {row.id,
            row.shop_id,
            names.shop(row.shop_id),
            row.seller_sku,
            row.sku_id,
            row.sku_code,
            row.sku_title,
            row.valid_from == beginning ? std::nullopt : std::optional(row.valid_from),
            row.valid_to,
            row.created_at,
            row.created_by};
}

/// The SKU of this code; made when that is wished and it is absent.
Awaitable<Result<SkuId>> sku_by_code(Context& ctx, pg::Transaction& tx, const std::string& code,
                                     const std::optional<std::string>& title_to_create) {
    const std::vector<std::string> codes{code};
    auto found = co_await skus_by_code(tx, codes);
    if (found.empty() && title_to_create) {
        const std::vector<SkuToAdd> added{{ctx.new_id<SkuId>(), code, *title_to_create}};
        insert_skus(tx, added, ctx.now());
        found = co_await skus_by_code(tx, codes);
        audit::done(tx, ctx, {"catalog.sku_added", "sku", found.front().id.text(), "{}"});
    }
    if (found.empty())
        co_return field_error(errors::unknown_sku, "/sku_code", "unknown_sku",
                              "there is no SKU with this code");
    co_return found.front().id;
}

/// Adds a period after a look at all others of the seller SKU; the shop's mappings are locked.
Awaitable<Result<MappingId>> add_period(Context& ctx, pg::Transaction& tx, MappingToAdd mapping) {
    if (mapping.valid_to && *mapping.valid_to <= mapping.valid_from)
        co_return field_error(errors::empty_period, "/valid_to", "empty_period",
                              "the end must lie after the start");
    const MappingPeriod period{mapping.seller_sku, mapping.sku_id, mapping.valid_from,
                               mapping.valid_to};
    const std::vector<std::string> only{mapping.seller_sku};
    for (const MappingPeriod& other : co_await periods_of(tx, mapping.shop_id, only))
        if (overlap(period, other))
            co_return make_error(errors::mapping_overlaps,
                                 "the seller SKU is mapped already in a part of that time; end "
                                 "that mapping first");
    const MappingId id = mapping.id;
    const std::vector<MappingToAdd> rows{std::move(mapping)};
    insert_mappings(tx, rows, ctx.now(), ctx.actor.name);
    emit_mapping_changed(tx, ctx, rows.front().shop_id, only);
    audit::done(tx, ctx, {"catalog.mapping_added", "mapping", id.text(), "{}"});
    co_return id;
}

Awaitable<Result<Mapping>> mapping_view(Context& ctx, pg::Transaction& tx, MappingId id) {
    const auto row = co_await mapping_row(tx, ctx.shop_scope(), id);
    if (!row) co_return no_such_mapping();
    co_return view_of(*row, co_await shops::names(ctx, tx));
}

/// A mapping in the caller's scope, with its shop's mappings locked.
Awaitable<Result<MappingRow>> mapping_to_change(Context& ctx, pg::Transaction& tx, MappingId id) {
    const auto before = co_await mapping_row(tx, ctx.shop_scope(), id);
    if (!before) co_return no_such_mapping();
    if (!co_await shops::lock_mappings(ctx, tx, before->shop_id)) co_return no_such_mapping();
    auto locked = co_await mapping_row(tx, ctx.shop_scope(), id);
    if (!locked) co_return no_such_mapping();
    co_return *std::move(locked);
}

/// Ends the period at `at`, or removes it when nothing of it is left.
Result<bool> end_period(Context& ctx, pg::Transaction& tx, const MappingRow& mapping, Instant at) {
    if (mapping.valid_to && *mapping.valid_to <= at)
        return make_error(errors::mapping_ended, "the mapping has ended before that already");
    if (at <= mapping.valid_from)
        remove_mapping(tx, mapping.id);
    else
        write_mapping_end(tx, mapping.id, at);
    emit_mapping_changed(tx, ctx, mapping.shop_id, {mapping.seller_sku});
    audit::done(tx, ctx, {"catalog.mapping_ended", "mapping", mapping.id.text(), "{}"});
    return true;
}
}  // namespace

Awaitable<Result<http::Page<Sku>>> skus_page(Context& ctx, const ListSkus& in) {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<http::Page<Sku>>> {
        CO_TRY(const std::int64_t limit, checked_limit(in.limit));
        std::string after;
        if (in.cursor) {
            CO_TRY(after, http::read_cursor(ctx, "skus", *in.cursor));
        }
        auto rows = co_await sku_rows(tx, in.q.value_or(""), after, limit + 1);
        http::Page<Sku> page;
        if (rows.size() > static_cast<std::size_t>(limit)) {
            rows.pop_back();
            page.next_cursor = http::write_cursor(ctx, "skus", rows.back().code);
        }
        for (const SkuRow& row : rows) page.items.push_back(view_of(row));
        co_return page;
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body, pg::Access::read_only);
}

Awaitable<Result<Sku>> add_sku(Context& ctx, const AddSku& in) {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<Sku>> {
        CO_TRY(const std::string code, checked(in.code, code_max, "/code"));
        CO_TRY(const std::string title, checked(in.title, title_max, "/title"));
        const SkuRow row{ctx.new_id<SkuId>(), code, title, ctx.now(), 1};
        insert_sku(tx, row);
        audit::done(tx, ctx, {"catalog.sku_added", "sku", row.id.text(), "{}"});
        co_return view_of(row);
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body);
}

Awaitable<Result<Sku>> change_sku(Context& ctx, const ChangeSku& in) {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<Sku>> {
        CO_TRY(const std::string title, checked(in.title, title_max, "/title"));
        const auto before = co_await sku_for_update(tx, in.id);
        if (!before) co_return make_error(entrepot::errors::not_found, "there is no such SKU");
        if (in.if_match && *in.if_match != before->version)
            co_return make_error(entrepot::errors::version_conflict,
                                 "somebody changed the SKU meanwhile; load it again");
        write_title(tx, in.id, title);
        audit::done(tx, ctx, {"catalog.sku_changed", "sku", in.id.text(), "{}"});
        co_return Sku{before->id, before->code, title, before->created_at, before->version + 1};
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body);
}

Awaitable<Result<http::Page<Mapping>>> mappings_page(Context& ctx, const ListMappings& in) {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<http::Page<Mapping>>> {
        CO_TRY(const std::int64_t limit, checked_limit(in.limit));
        std::optional<MappingId> before;
        if (in.cursor) {
            CO_TRY(const std::string place, http::read_cursor(ctx, "mappings", *in.cursor));
            before = MappingId::parse(place);
        }
        const MappingSelection selection{ctx.shop_scope(), in.shop_id, in.q, before, limit + 1};
        auto rows = co_await mapping_rows(tx, selection);
        http::Page<Mapping> page;
        if (rows.size() > static_cast<std::size_t>(limit)) {
            rows.pop_back();
            page.next_cursor = http::write_cursor(ctx, "mappings", rows.back().id.text());
        }
        const shops::Names names = co_await shops::names(ctx, tx);
        for (const MappingRow& row : rows) page.items.push_back(view_of(row, names));
        co_return page;
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body, pg::Access::read_only);
}

Awaitable<Result<Mapping>> add_mapping(Context& ctx, const AddMapping& in) {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<Mapping>> {
        // A seller SKU is what the channel writes, to the letter; only its length is looked at.
        if (in.seller_sku.empty() || text::length(in.seller_sku) > 200)
            co_return field_error(entrepot::errors::invalid_fields, "/seller_sku", "length",
                                  "1 to 200 characters are expected here");
        CO_TRY(const std::string code, checked(in.sku_code, code_max, "/sku_code"));
        std::optional<std::string> title;
        if (in.create_sku.value_or(false)) {
            CO_TRY(title, checked(in.title.value_or(code), title_max, "/title"));
        }
        if (!co_await shops::lock_mappings(ctx, tx, in.shop_id))
            co_return field_error(entrepot::errors::not_found, "/shop_id", "not_found",
                                  "there is no such shop");
        CO_TRY(const SkuId sku, co_await sku_by_code(ctx, tx, code, title));
        MappingToAdd mapping{ctx.new_id<MappingId>(),           in.shop_id, in.seller_sku, sku,
                             in.valid_from.value_or(beginning), in.valid_to};
        CO_TRY(const MappingId id, co_await add_period(ctx, tx, std::move(mapping)));
        co_return co_await mapping_view(ctx, tx, id);
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body);
}

Awaitable<Result<Mapping>> change_mapping(Context& ctx, const ChangeMapping& in) {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<Mapping>> {
        CO_TRY(const MappingRow before, co_await mapping_to_change(ctx, tx, in.id));
        CO_TRY(const SkuId sku, co_await sku_by_code(ctx, tx, in.sku_code, std::nullopt));
        const Instant from = std::max(in.valid_from.value_or(before.valid_from), before.valid_from);
        CO_TRY_VOID(end_period(ctx, tx, before, from));
        MappingToAdd mapping{ctx.new_id<MappingId>(), before.shop_id, before.seller_sku, sku, from,
                             before.valid_to};
        CO_TRY(const MappingId id, co_await add_period(ctx, tx, std::move(mapping)));
        co_return co_await mapping_view(ctx, tx, id);
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body);
}

Awaitable<Result<http::NoContent>> end_mapping(Context& ctx, const EndMapping& in) {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<http::NoContent>> {
        CO_TRY(const MappingRow mapping, co_await mapping_to_change(ctx, tx, in.id));
        CO_TRY_VOID(end_period(ctx, tx, mapping, in.valid_to.value_or(ctx.now())));
        co_return http::NoContent{};
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body);
}

}  // namespace entrepot::catalog
