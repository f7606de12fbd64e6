// Plans of the reports by SKU. Under row-level security a condition with a cast that is not
// leakproof cannot be looked up in an index: a report of a month then reads every day of every
// item.
#include <regex>

#include "modules/insight/sample.hpp"
#include "support/plans.hpp"

namespace entrepot::insight::test {
namespace {

class InsightPlans : public InsightTest {};

TEST_F(InsightPlans, reports_by_item_look_their_days_up) {
    Context ctx = tenant_context();
    entrepot::test::PlanReader reader(conninfo("entrepot_app"), ctx.tenant);
    reader.run("set local plan_cache_mode = force_generic_plan");
    reader.run("set local enable_seqscan = off");
    reader.run("set local enable_bitmapscan = off");
    const std::string tenant = "'" + ctx.tenant.text() + "'";
    const std::string days = ", '2026-02-01', '2026-02-28'";
    struct Case {
        const char* name;
        std::string arguments;
        std::vector<std::string> lookups;
    };
    const std::vector<Case> cases{
        {"insight.item_points_everywhere",
         tenant + ", '{1}', '{1}'" + days + ", 'day'",
         {"item_day_pkey"}},
        {"insight.original_item_points",
         tenant + ", '{1}', '{1}', '{1}', '{1}'" + days + ", 'day'",
         {"sale_line_day_idx"}},
        {"insight.book_item_points",
         tenant + ", '{1}', '{1}', '{1}', '{1}'" + days + ", 'day'",
         {"sale_line_day_idx"}},
        {"insight.item_sums",
         tenant + ", '{1}', '{1}', '{1}', '{1}'" + days + ", '{2026-02-01}', '{2026-02-02}', '{1}'",
         {"sale_line_day_idx", "item_place_month_pkey"}}};
    for (const Case& c : cases) {
        const std::string plan = reader.plan(c.name, c.arguments);
        for (const std::string& index : c.lookups) {
            const std::regex looked_up(index + R"([^\n]*\n *Index Cond:[^\n]*\((day|month) = )");
            EXPECT_TRUE(std::regex_search(plan, looked_up)) << c.name << '\n' << plan;
        }
    }
}

}  // namespace
}  // namespace entrepot::insight::test
