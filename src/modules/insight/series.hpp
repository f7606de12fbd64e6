// The series of a report: by place or by item, with or without the points of a chart.
#pragma once

#include "modules/insight/report_frame.hpp"

namespace entrepot::insight {

/// A report's question, checked.
struct Asked {
    Span span;
    Grain grain;
    By by;
    Valuation valuation;
    Compare compare;
    Rank rank;
    std::int64_t limit;
    std::optional<std::string> sku;
    store::Money money() const {
        return valuation == Valuation::book ? store::Money::book : store::Money::original;
    }
};

enum class WithPoints { no, yes };

/// The best `limit` series of what was asked for, best first. By shop, marketplace, country or
/// currency the rest is folded into one called "other"; by SKU it is left out.
Awaitable<std::vector<Series>> read_series(pg::Transaction& tx, const Reader& reader,
                                           const Frame& frame, const Asked& asked,
                                           WithPoints with_points);

/// Series without points.
std::vector<TopItem> as_items(std::vector<Series> series);

}  // namespace entrepot::insight
