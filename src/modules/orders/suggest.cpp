// Suggestions for unmapped seller SKUs.
#include "modules/orders/suggest.hpp"

#include "modules/catalog/catalog.hpp"
#include "modules/orders/inbox_store.hpp"
#include "modules/shops/shops.hpp"

namespace entrepot::orders {
namespace {
constexpr std::int64_t suggestions_max = 200;
constexpr std::size_t start_min = 4;

struct Guess {
    const catalog::SkuName* sku = nullptr;
    const char* reason = "none";
};

/// The same code; else the same letters and digits; else the SKU whose bare code is the longest
/// start of the seller SKU's (listings often carry a suffix: -FBA, -US, -2PK).
Guess guess_of(const std::string& seller_sku, const std::vector<catalog::SkuName>& skus) {
    const std::string bare = bare_code(seller_sku);
    Guess best;
    std::size_t best_length = start_min - 1;
    for (const catalog::SkuName& sku : skus) {
        if (sku.code == seller_sku) return {&sku, "same_code"};
        const std::string code = bare_code(sku.code);
        if (code.empty()) continue;
        if (code == bare) {
            best = {&sku, "same_letters"};
            best_length = std::string::npos;
        } else if (best_length != std::string::npos && code.size() > best_length &&
                   bare.starts_with(code)) {
            best = {&sku, "same_start"};
            best_length = code.size();
        }
    }
    return best;
}
}  // namespace

std::string bare_code(const std::string& code) {
    std::string out;
    for (const char c : code) {
        if (c >= 'a' && c <= 'z')
            out.push_back(static_cast<char>(c - 'a' + 'A'));
        else if ((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (c & 0x80) != 0)
            out.push_back(c);
    }
    return out;
}

Awaitable<Result<Suggestions>> suggest_mappings(Context& ctx, const SuggestMappings& in) {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<Suggestions>> {
        CO_TRY(const auto shop, co_await shops::find_shop(ctx, tx, in.shop_id));
        auto rows = co_await unmapped_rows(tx, shop.id, suggestions_max);
        std::vector<std::string> starts;
        for (const UnmappedRow& row : rows) starts.push_back(bare_code(row.seller_sku));
        const auto skus = co_await catalog::skus_like(tx, starts, start_min);
        Suggestions out;
        for (UnmappedRow& row : rows) {
            const Guess guess = guess_of(row.seller_sku, skus);
            Suggestion item{std::move(row.seller_sku),
                            std::move(row.title),
                            row.orders,
                            std::nullopt,
                            std::nullopt,
                            guess.reason};
            if (guess.sku != nullptr) {
                item.sku_code = guess.sku->code;
                item.sku_title = guess.sku->title;
            }
            out.items.push_back(std::move(item));
        }
        co_return out;
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body, pg::Access::read_only);
}

}  // namespace entrepot::orders
