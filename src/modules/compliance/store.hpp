// What the checks found, kept.
#pragma once

#include "modules/compliance/standing.hpp"
#include "platform/context.hpp"

namespace entrepot::compliance::store {

struct ResultRow {
    std::string check_name;
    State state;
    std::string code;
    pg::Json figures;
    std::vector<std::string> items;
    Instant checked_at;
};
BOOST_DESCRIBE_STRUCT(ResultRow, (), (check_name, state, code, figures, items, checked_at))

extern const pg::Statement<void(TenantId, Uuid, std::string, State, std::string, pg::Json,
                                std::vector<std::string>, Instant)>
    insert_result;

struct LatestRow {
    std::string check_name;
    State state;
    std::string code;
    pg::Json figures;
    std::vector<std::string> items;
    Instant checked_at;
    std::optional<Instant> green_at;  ///< when it was green for the last time
};
BOOST_DESCRIBE_STRUCT(LatestRow, (),
                      (check_name, state, code, figures, items, checked_at, green_at))
/// The last result of each of these checks that has one.
extern const pg::Statement<LatestRow(TenantId, std::vector<std::string>)> latest_results;
/// Newest first.
extern const pg::Statement<ResultRow(TenantId, std::vector<std::string>, std::int64_t)> history;

}  // namespace entrepot::compliance::store
