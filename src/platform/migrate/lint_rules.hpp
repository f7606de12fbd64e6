// The shape of a lint rule, shared by the files that hold the rules.
#pragma once

#include <span>
#include <string_view>

namespace entrepot::migrate {

/// A rule is a query over the common tables of lint.cpp (our_schema, our_table, app_role …) that
/// returns (object, sentence) for each breach.
struct LintRule {
    std::string_view name;
    std::string_view sql;
};

std::span<const LintRule> tenant_rules();
std::span<const LintRule> rights_rules();
std::span<const LintRule> shape_rules();

/// The one rule that differs between plain PostgreSQL and Citus.
inline constexpr std::string_view force_rule = "rls_forced";

}  // namespace entrepot::migrate
