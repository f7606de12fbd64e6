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
    const std::string of_shops = tenant + ", '{1}', '{1}', '{1}', '{1}'" + days +
                                 ", '{2026-02-01}', '{2026-02-02}', '{1}', '{" + ctx.tenant.text() +
                                 "}', '{1}'";
    struct Case {
        const char* name;
        std::string arguments;
        std::vector<std::string> lookups;
    };
    const std::vector<Case> cases{
        {"insight.original_item_points",
         tenant + ", '{1}', '{1}', '{1}', '{1}'" + days + ", 'day'",
         {"sale_line_day_idx"}},
        {"insight.book_item_points",
         tenant + ", '{1}', '{1}', '{1}', '{1}'" + days + ", 'day'",
         {"sale_line_day_idx"}},
        {"insight.item_sums",
         tenant + ", '{1}', '{1}', '{1}', '{1}'" + days + ", '{2026-02-01}', '{2026-02-02}', '{1}'",
         {"sale_line_day_idx", "item_place_month_pkey"}},
        {"insight.item_sums_of_shops", of_shops, {"sale_line_day_idx", "item_shop_month_pkey"}},
        {"insight.item_months_of_shops", of_shops, {"sale_line_day_idx", "item_shop_month_pkey"}}};
    for (const Case& c : cases) {
        const std::string plan = reader.plan(c.name, c.arguments);
        for (const std::string& index : c.lookups) {
            const std::regex looked_up(index + R"([^\n]*\n *Index Cond:[^\n]*\((day|month) = )");
            EXPECT_TRUE(std::regex_search(plan, looked_up)) << c.name << '\n' << plan;
        }
    }
}

TEST_F(InsightPlans, days_of_an_item_are_read_in_one_go) {
    Context ctx = tenant_context();
    entrepot::test::PlanReader reader(conninfo("entrepot_app"), ctx.tenant);
    reader.run("set local plan_cache_mode = force_generic_plan");
    reader.run("set local enable_seqscan = off");
    reader.run("set local enable_bitmapscan = off");
    const std::string items = "'" + ctx.tenant.text() + "', '{1}', '{1}', '2026-02-01', ";
    const std::string parts = "'2026-02-01', '{2026-04-01}', '{2026-04-02}', '{1}'";
    const std::regex range(
        R"(item_day_item_idx[^\n]*\n *Index Cond:[^\n]*item_no = [^\n]*day >= [^\n]*day <= )");
    for (const auto& [name, arguments] :
         {std::pair<const char*, std::string>{"insight.item_points_everywhere",
                                              items + "'2026-02-28', 'day'"},
          {"insight.item_sums_everywhere", items + parts},
          {"insight.item_months_everywhere", items + parts}}) {
        const std::string plan = reader.plan(name, arguments);
        EXPECT_TRUE(std::regex_search(plan, range)) << name << '\n' << plan;
    }
}

TEST_F(InsightPlans, the_first_day_of_a_shop_is_looked_up) {
    Context ctx = tenant_context();
    entrepot::test::PlanReader reader(conninfo("entrepot_app"), ctx.tenant);
    reader.run("set local plan_cache_mode = force_generic_plan");
    reader.run("set local enable_seqscan = off");
    reader.run("set local enable_bitmapscan = off");
    const std::string plan = reader.plan(
        "insight.first_days", "'" + ctx.tenant.text() + "', '{" + ctx.tenant.text() + "}'");
    EXPECT_TRUE(std::regex_search(
        plan, std::regex(R"(item_shop_month_pkey[^\n]*\n *Index Cond:[^\n]*shop_id = )")))
        << plan;
    EXPECT_TRUE(std::regex_search(
        plan, std::regex(R"(shop_day_pkey[^\n]*\n *Index Cond:[^\n]*day >= [^\n]*shop_id = )")))
        << plan;
    EXPECT_EQ(plan.find("Sort"), std::string::npos) << "read in the index's own order\n" << plan;
}

TEST_F(InsightPlans, a_ranking_reads_its_months_and_days_and_no_others) {
    Context ctx = tenant_context();
    entrepot::test::PlanReader reader(conninfo("entrepot_app"), ctx.tenant);
    reader.run("set local plan_cache_mode = force_generic_plan");
    reader.run("set local enable_seqscan = off");
    reader.run("set local enable_bitmapscan = off");
    const std::string arguments = "'" + ctx.tenant.text() +
                                  "', 'sales', '2026-02-01', '2026-03-01', '{2026-04-01}', "
                                  "'{2026-04-02}', '{1}', 10";
    const std::string days = R"([^\n]*\n *Index Cond:[^\n]*day >= [^\n]*day <= )";
    const std::string of_shops = reader.plan("insight.best_items_of_shops",
                                             arguments + ", '{1}', '{" + ctx.tenant.text() + "}'");
    const std::regex months(
        R"(item_shop_month_pkey[^\n]*\n *Index Cond:[^\n]*shop_id = [^\n]*month >= [^\n]*month <= )");
    EXPECT_TRUE(std::regex_search(of_shops, months)) << of_shops;
    EXPECT_TRUE(std::regex_search(of_shops, std::regex("sale_line_day_idx" + days))) << of_shops;
    const std::string of_places = reader.plan("insight.best_items", arguments + ", '{1}'");
    EXPECT_TRUE(std::regex_search(of_places, std::regex("sale_line_day_idx" + days))) << of_places;
    const std::string everywhere = reader.plan("insight.best_items_everywhere", arguments);
    EXPECT_TRUE(std::regex_search(everywhere, std::regex("item_day_pkey" + days))) << everywhere;
}

}  // namespace
}  // namespace entrepot::insight::test
