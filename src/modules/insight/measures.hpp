// The measures of sales, named once, and the small shorthand with which insight's SQL lists them.
#pragma once

#include <string>
#include <string_view>

#include "platform/pg/pg.hpp"

namespace entrepot::insight {

/// Replaces `[[list: template]]` by the template repeated for each name of the list, joined by
/// commas, with % standing for the name. Lists: counts, money, book (the same in book currency),
/// line (units, money, book), sums (counts, money, book), flat (counts, book). `[[rate]]` stands
/// for the joins that find the rate of p.currency on p.day into book currency $3, where $4 and $5
/// are the codes and decimals of the known currencies; `[[original points]]` and `[[book points]]`
/// for what a chart shows, summed over rows d. A list that is not known is a bug.
std::string expand(std::string_view sql);

namespace detail {
struct SqlText {
    std::string sql;
};
}  // namespace detail

template <class Signature>
class MeasuredStatement;

/// A statement whose text goes through expand().
template <class Row, class... Args>
class MeasuredStatement<Row(Args...)> : private detail::SqlText,
                                        public pg::Statement<Row(Args...)> {
public:
    MeasuredStatement(std::string_view name, std::string_view text)
        : SqlText{expand(text)}, pg::Statement<Row(Args...)>(name, sql) {}
};

}  // namespace entrepot::insight
