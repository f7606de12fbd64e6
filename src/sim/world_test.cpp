// The world: the same from the same seed, every order once, money that foots, lives that move on.
#include "sim/world.hpp"

#include <gtest/gtest.h>

#include <set>

#include "sim/feed.hpp"
#include "sim/test_rig.hpp"

namespace entrepot::sim::test {
namespace {

WorldOptions small_world(std::uint64_t seed) {
    WorldOptions options;
    options.seed = seed;
    options.start = noon;
    return options;
}

std::string everything(const World& world) {
    std::string out;
    JsonWriter json(out);
    json.begin_array();
    RenderOptions options;
    options.datasets = ~0U;
    options.seed = world.planner().seed();
    for (std::size_t shop = 0; shop < shop_count; ++shop) {
        for (std::uint32_t i = 0; i < world.count(shop); ++i)
            render_order(json, world.view(shop, i), options, noon);
    }
    json.end_array();
    return out;
}

TEST(World, same_seed_gives_the_same_bytes) {
    World first(small_world(7)), second(small_world(7)), other(small_world(8));
    for (World* world : {&first, &second, &other}) world->advance(noon);
    EXPECT_EQ(everything(first), everything(second));
    EXPECT_NE(everything(first), everything(other));
}

TEST(World, the_steps_of_the_clock_do_not_matter) {
    World once(small_world(7)), often(small_world(7));
    once.advance(noon + 5 * day_ms);
    for (Millis at = noon; at <= noon + 5 * day_ms; at += 7 * minute_ms + 13) often.advance(at);
    often.advance(noon + 5 * day_ms);
    EXPECT_EQ(everything(once), everything(often));
}

TEST(World, order_ids_are_unique_and_readable_back) {
    World world(small_world(7));
    std::set<std::string> ids;
    for (std::size_t shop = 0; shop < shop_count; ++shop) {
        for (std::uint32_t i = 0; i < world.count(shop); ++i) {
            const std::string id = world.view(shop, i).plan.id;
            EXPECT_TRUE(ids.insert(id).second) << id;
            EXPECT_EQ(world.find(shop, id), i);
            EXPECT_FALSE(world.find((shop + 1) % shop_count, id)) << "another seller finds " << id;
        }
    }
    EXPECT_EQ(ids.size(), 600U);
    EXPECT_FALSE(world.find(0, "111-0000000-0000000x"));
    EXPECT_FALSE(world.find(0, ""));
}

TEST(World, every_order_foots_and_lives_in_order) {
    WorldOptions options = small_world(3);
    options.history_orders = 6000;
    World world(options);
    std::array<std::size_t, status_count> seen{};
    std::size_t multi_line = 0, discounted = 0, replacements = 0, by_amazon = 0;
    for (std::size_t shop = 0; shop < shop_count; ++shop) {
        for (std::uint32_t i = 0; i < world.count(shop); ++i) {
            const OrderView view = world.view(shop, i);
            const OrderPlan& plan = view.plan;
            ++seen[static_cast<std::size_t>(view.status)];
            multi_line += plan.lines.size() > 1;
            discounted += order_amounts(plan).discount > 0;
            by_amazon += plan.fulfilled_by_amazon;
            EXPECT_GE(view.updated, plan.created);
            for (std::size_t e = 1; e < plan.life.size(); ++e)
                EXPECT_GE(plan.life[e].at, plan.life[e - 1].at);
            std::int64_t total = 0;
            for (const OrderLine& line : plan.lines) {
                EXPECT_EQ(line.item, line.unit_price * line.quantity);
                EXPECT_LE(line.item_discount, line.item);
                total +=
                    line_amounts(line).grand_total(marketplaces()[plan.marketplace].tax_included);
            }
            EXPECT_EQ(total, order_amounts(plan).grand_total(
                                 marketplaces()[plan.marketplace].tax_included));
            if (plan.replaces) {
                ++replacements;
                EXPECT_EQ(total, 0);
            } else {
                EXPECT_GT(total, 0);
            }
            if (view.status == Status::shipped) {
                for (std::size_t line = 0; line < plan.lines.size(); ++line)
                    EXPECT_EQ(view.fulfilled[line], plan.lines[line].quantity);
            }
        }
    }
    for (const Status status : {Status::pending, Status::unshipped, Status::partially_shipped,
                                Status::shipped, Status::cancelled}) {
        EXPECT_GT(seen[static_cast<std::size_t>(status)], 0U) << status_text(status);
    }
    EXPECT_GT(multi_line, 1000U);
    EXPECT_GT(discounted, 500U);
    EXPECT_GT(replacements, 5U);
    EXPECT_GT(by_amazon, 1500U);
}

TEST(World, natural_arrivals_keep_the_pace_of_the_history) {
    World world(small_world(7));
    world.advance(noon);
    const std::size_t before = world.count(0) + world.count(1) + world.count(2);
    world.advance(noon + 30 * day_ms);
    const std::size_t fresh = world.count(0) + world.count(1) + world.count(2) - before;
    EXPECT_GT(fresh, 480U);
    EXPECT_LT(fresh, 740U);
}

TEST(World, arrivals_per_minute) {
    World world(small_world(7));
    world.advance(noon);
    world.set_arrivals(noon, {Arrivals::Mode::per_minute, 20});
    const std::size_t before = world.count(0) + world.count(1) + world.count(2);
    world.advance(noon + hour_ms);
    const std::size_t fresh = world.count(0) + world.count(1) + world.count(2) - before;
    EXPECT_GT(fresh, 1050U);
    EXPECT_LT(fresh, 1350U);
    world.set_arrivals(noon + hour_ms, {Arrivals::Mode::none, 0});
    world.advance(noon + 2 * hour_ms);
    EXPECT_EQ(world.count(0) + world.count(1) + world.count(2), before + fresh);
}

TEST(World, a_clock_that_steps_back_undoes_nothing) {
    World world(small_world(7));
    world.advance(noon + day_ms);
    const std::string before = everything(world);
    world.advance(noon - 10 * day_ms);
    EXPECT_EQ(everything(world), before);
}

TEST(World, feed_orders_stand_among_the_generated_ones) {
    World world(small_world(7));
    world.merge_feed(read_feed(R"({"orders":[
        {"shop":"DE","orderId":"FEED-1","createdTime":"2026-05-20T10:00:00Z",
         "paidTime":"2026-05-20T10:05:00Z",
         "lines":[{"sku":"X/1","quantity":3,"unitPrice":"10.10","itemTax":"4.84"}]},
        {"shop":"DE","orderId":"FEED-2","createdTime":"2026-06-02T10:00:00Z",
         "lines":[{"sku":"Y","unitPrice":"1"}]}]})",
                               7));
    const auto first = world.find(1, "FEED-1");
    ASSERT_TRUE(first);
    EXPECT_EQ(world.view(1, *first).status, Status::unshipped);
    EXPECT_EQ(order_amounts(world.view(1, *first).plan).item, 3030);
    EXPECT_FALSE(world.find(1, "FEED-2"));
    world.advance(noon + 2 * day_ms);
    ASSERT_TRUE(world.find(1, "FEED-2"));
    Millis last = 0;
    world.for_each(1, [&](std::uint32_t, Millis created, Millis) {
        EXPECT_GE(created, last);
        last = created;
    });
    for (const char* wrong :
         {"[{}]",
          R"([{"shop":"DE","createdTime":"2026-05-20T10:00:00Z",
              "shippedTime":"2026-05-21T10:00:00Z","lines":[{"sku":"a"}]}])",
          "{\"order\":[]}", R"([{"shop":"DE","createdTime":"2026-05-20T10:00:00Z","lines":[]}])",
          R"([{"shop":"JP","createdTime":"2026-05-20T10:00:00Z",
              "lines":[{"sku":"a","unitPrice":"1.5"}]}])"}) {
        EXPECT_THROW(read_feed(wrong, 7), std::runtime_error) << wrong;
    }
}

TEST(TimeText, reads_and_writes_iso) {
    EXPECT_EQ(parse_iso("2026-06-01T12:00:00Z"), noon);
    EXPECT_EQ(parse_iso("2026-06-01T14:00:00+02:00"), noon);
    EXPECT_EQ(parse_iso("2026-06-01T12:00:00.5Z"), noon + 500);
    EXPECT_EQ(iso_millis(noon + 7), "2026-06-01T12:00:00.007Z");
    EXPECT_EQ(iso_millis(*parse_iso("2024-02-29T23:59:59.999Z")), "2024-02-29T23:59:59.999Z");
    for (const char* wrong :
         {"", "TEST_CASE_400", "2026-13-01T00:00:00Z", "2025-02-29T00:00:00Z",
          "2026-06-01T12:00:00", "2026-06-01T24:00:00Z", "2026-06-01 12:00:00Z"}) {
        EXPECT_FALSE(parse_iso(wrong)) << wrong;
    }
}

TEST(Money, decimal_text) {
    EXPECT_EQ(decimal_text(1234, 2), "12.34");
    EXPECT_EQ(decimal_text(5, 2), "0.05");
    EXPECT_EQ(decimal_text(-5, 2), "-0.05");
    EXPECT_EQ(decimal_text(1234, 0), "1234");
    EXPECT_EQ(decimal_text(0, 2), "0.00");
}

}  // namespace
}  // namespace entrepot::sim::test
