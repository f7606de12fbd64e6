// A named SQL statement with its row and argument types. Every statement registers itself, so that
// one test can prepare all of them against the migrated schema and compare parameter types, column
// names and column types.
#pragma once

#include <boost/describe/class.hpp>
#include <boost/describe/members.hpp>
#include <boost/mp11/algorithm.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "platform/pg/codec.hpp"

namespace entrepot::pg {

struct ColumnType {
    std::string_view name;  ///< empty for a row that is a single value
    unsigned oid;
    bool nullable;
};

/// What the wire needs of a statement, without its types.
struct StatementInfo {
    std::string_view name;
    std::string_view sql;
    std::vector<unsigned> parameters;
    std::vector<ColumnType> columns;
    std::size_t index = 0;  ///< position in the registry; key of a connection's prepared set
    bool global = false;
};

/// All statements linked into this program.
std::span<StatementInfo* const> all_statements();
void register_statement(StatementInfo& info);

template <class Row>
struct RowShape {
    static std::vector<ColumnType> columns() {
        if constexpr (std::is_void_v<Row>) {
            return {};
        } else if constexpr (boost::describe::has_describe_members<Row>::value) {
            std::vector<ColumnType> out;
            using Members =
                boost::describe::describe_members<Row, boost::describe::mod_public |
                                                           boost::describe::mod_inherited>;
            boost::mp11::mp_for_each<Members>([&](auto member) {
                using Field = std::remove_cvref_t<decltype(std::declval<Row&>().*member.pointer)>;
                out.push_back({member.name, type_oid<Field>, is_optional<Field>});
            });
            return out;
        } else {
            return {{"", type_oid<Row>, is_optional<Row>}};
        }
    }
};

template <class Signature>
class Statement;

/// `const pg::Statement<OrderRow(TenantId, OrderId)> order_by_id{"orders.order_by_id", "select
/// …"};` Row = a described struct (columns in member order), one value, or void. Arguments are $1,
/// $2, …
template <class Row, class... Args>
class Statement<Row(Args...)> {
public:
    Statement(std::string_view name, std::string_view sql) {
        info_.name = name;
        info_.sql = sql;
        info_.parameters = {type_oid<Args>...};
        info_.columns = RowShape<Row>::columns();
        register_statement(info_);
    }
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;

    const StatementInfo& info() const { return info_; }
    static Params encode(const Args&... args) {
        Params params;
        (params.add(args), ...);
        return params;
    }

private:
    StatementInfo info_;
};

}  // namespace entrepot::pg
