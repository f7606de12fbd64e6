// A statement over rows that are made here: many rows travel as one array a column, a few as
// values.
#pragma once

#include "platform/pg/pg.hpp"

namespace entrepot::pg {

namespace detail {
/// The text of a RowsStatement in its two forms. `head`: number of parameters before the columns.
struct RowsText {
    std::string one_name, many_sql, one_sql;
    RowsText(std::string_view name, std::string_view sql, std::size_t head, std::size_t columns);
};
}  // namespace detail

template <class Head, class... Column>
class RowsStatement;

/// `const RowsStatement<void(TenantId), OrderId, std::string> add{"orders.add", "insert into … from
/// [[rows]] as n(id, word)"};` The row marker is `unnest($2, $3)`, or for a few rows, once for
/// each,
/// `(values ($2, $3))`, which costs PostgreSQL half as much.
template <class Row, class... Head, class... Column>
class RowsStatement<Row(Head...), Column...> : detail::RowsText {
public:
    RowsStatement(std::string_view name, std::string_view sql)
        : RowsText(name, sql, sizeof...(Head), sizeof...(Column)),
          many_(name, many_sql),
          one_(one_name, one_sql) {}

    /// Sends without waiting. All columns have the same number of rows.
    void defer(Transaction& tx, const std::type_identity_t<Head>&... head,
               const std::vector<Column>&... column) const {
        const std::size_t count = std::min({column.size()...});
        if (count > few) return tx.defer(many_, head..., column...);
        for (std::size_t i = 0; i < count; ++i) tx.defer(one_, head..., column[i]...);
    }
    Awaitable<std::vector<Row>> rows(Transaction& tx, const std::type_identity_t<Head>&... head,
                                     const std::vector<Column>&... column) const {
        if (std::min({column.size()...}) == 1) return tx.rows(one_, head..., column[0]...);
        return tx.rows(many_, head..., column...);
    }

private:
    static constexpr std::size_t few = 3;
    Statement<Row(Head..., std::vector<Column>...)> many_;
    Statement<Row(Head..., Column...)> one_;
};

}  // namespace entrepot::pg
