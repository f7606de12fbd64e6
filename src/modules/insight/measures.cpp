// Expands the shorthand of insight's SQL.
#include "modules/insight/measures.hpp"

#include "base/result.hpp"

namespace entrepot::insight {
namespace {
using Names = std::vector<std::string>;

const Names& counts() {
    static const Names names{"orders", "cancelled_orders", "pending_orders", "credit_notes",
                             "units",  "credit_units",     "unrated_lines",  "stale_lines"};
    return names;
}
const Names& money() {
    static const Names names{"sales", "credits", "discounts",   "postage",
                             "tax",   "fees",    "adjustments", "other"};
    return names;
}
Names book() {
    Names names;
    for (const std::string& name : money()) names.push_back("book_" + name);
    return names;
}
Names joined(std::initializer_list<Names> lists) {
    Names names;
    for (const Names& list : lists) names.insert(names.end(), list.begin(), list.end());
    return names;
}

Names list_named(std::string_view name) {
    if (name == "counts") return counts();
    if (name == "money") return money();
    if (name == "book") return book();
    if (name == "line") return joined({{"units"}, money(), book()});
    if (name == "sums") return joined({counts(), money(), book()});
    if (name == "flat") return joined({counts(), book()});
    throw Bug("unknown list of measures");
}

/// Both legs against the euro, each the last one published by that day; 12 places, half to even.
constexpr std::string_view rate_joins = R"sql(
    left join unnest($4::text[], $5::bigint[]) as of_from(code, decimals) on of_from.code = p.currency
    left join unnest($4::text[], $5::bigint[]) as of_to(code, decimals) on of_to.code = $3
    left join lateral (
        select x.day, x.per_eur from insight.fx_rate x
        where x.tenant_id = $1 and x.currency = p.currency and x.day <= p.day
        order by x.day desc limit 1
    ) f on p.currency not in ('EUR', $3)
    left join lateral (
        select x.day, x.per_eur from insight.fx_rate x
        where x.tenant_id = $1 and x.currency = $3 and x.day <= p.day
        order by x.day desc limit 1
    ) t on $3 not in ('EUR', p.currency)
    cross join lateral (
        select case when of_from.code is null or of_to.code is null then null
                when p.currency = $3 then 1
                else platform.round_half_even(
                    case when $3 = 'EUR' then 1 else t.per_eur end::numeric(40, 24) * 1000000000000
                    / case when p.currency = 'EUR' then 1 else f.per_eur end) / 1000000000000
            end::numeric(30, 12) as rate,
            case when p.currency = $3 then p.day else least(f.day, t.day) end as rate_day
        offset 0
    ) r
)sql";

std::string repeated(const Names& names, std::string_view shape) {
    std::string out;
    for (const std::string& name : names) {
        if (!out.empty()) out += ", ";
        for (const char c : shape) {
            if (c == '%')
                out += name;
            else
                out += c;
        }
    }
    return out;
}
}  // namespace

namespace {
/// What a chart shows of a period, summed over rows d; `total` is all money measures together.
std::string points(const Names& amounts) {
    std::string out =
        "insight.total(d.orders) as orders, insight.total(d.cancelled_orders) as cancelled_orders,"
        " insight.total(d.units) as units, insight.total(d." +
        amounts[0] + ") as sales, insight.total(d." + amounts[1] + ") as credits, ";
    // One sum of a sum is half the work of eight sums.
    for (const std::string& name : amounts)
        out += (&name == &amounts.front() ? "insight.total(coalesce(d." : " + coalesce(d.") + name +
               ", 0)";
    return out + ") as total";
}
}  // namespace

std::string expand(std::string_view sql) {
    std::string out;
    for (;;) {
        const auto open = sql.find("[[");
        if (open == std::string_view::npos) return out += sql;
        const auto close = sql.find("]]", open);
        ensure(close != std::string_view::npos, "a list of measures is not closed");
        out += sql.substr(0, open);
        const std::string_view inner = sql.substr(open + 2, close - open - 2);
        if (inner == "rate") {
            out += rate_joins;
        } else if (inner == "original points") {
            out += points(money());
        } else if (inner == "book points") {
            out += points(book());
        } else {
            const auto colon = inner.find(": ");
            ensure(colon != std::string_view::npos, "a list of measures has no template");
            out += repeated(list_named(inner.substr(0, colon)), inner.substr(colon + 2));
        }
        sql = sql.substr(close + 2);
    }
}

}  // namespace entrepot::insight
