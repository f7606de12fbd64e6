// The simulator's own interface, /admin/…: credentials, clock, faults, ledger, and what tests need.
// Every path needs the header x-admin-token.
#include <sys/resource.h>

#include <boost/json.hpp>
#include <map>

#include "sim/feed.hpp"
#include "sim/simulator.hpp"

namespace entrepot::sim {

namespace json = boost::json;

namespace {

Response admin_json(const json::value& value, int status = 200) {
    return json_response(json::serialize(value), status);
}

Response admin_error(int status, std::string_view message) {
    return admin_json({{"error", message}}, status);
}

std::optional<json::object> body_object(const Request& request) {
    boost::system::error_code error;
    const json::value body = json::parse(request.body.empty() ? "{}" : request.body, error);
    if (error || !body.is_object()) return std::nullopt;
    return body.get_object();
}

json::value clock_json(Millis now, double speed, Millis wall) {
    return {
        {"now", iso_millis(now)}, {"now_ms", now}, {"speed", speed}, {"wall", iso_millis(wall)}};
}

std::int64_t integer_parameter(const Request& request, std::string_view name,
                               std::int64_t otherwise) {
    const auto value = request.parameter(name);
    if (!value || value->empty() || value->size() > 12 ||
        value->find_first_not_of("0123456789") != std::string_view::npos)
        return otherwise;
    return std::stoll(std::string(*value));
}

// The shops and the span of time that an admin question is about.
struct Scope {
    std::vector<std::size_t> shops;
    Millis created_from = INT64_MIN, created_until = INT64_MAX;
    Millis updated_from = INT64_MIN, updated_until = INT64_MAX;
    std::optional<Status> status;

    bool covers(Millis created, Millis updated) const {
        return created >= created_from && created <= created_until && updated >= updated_from &&
               updated <= updated_until;
    }
};

std::optional<Scope> read_scope(const Request& request) {
    Scope scope;
    for (std::size_t shop = 0; shop < shop_count; ++shop) scope.shops.push_back(shop);
    for (const auto& [name, value] : request.query) {
        const auto at = parse_iso(value);
        if (name == "shop") {
            const std::size_t shop = find_shop(value);
            if (shop == shop_count) return std::nullopt;
            scope.shops = {shop};
        } else if (name == "status") {
            scope.status = parse_status(value);
            if (!scope.status) return std::nullopt;
        } else if (name == "createdAfter" && at) {
            scope.created_from = *at;
        } else if (name == "createdBefore" && at) {
            scope.created_until = *at;
        } else if (name == "updatedAfter" && at) {
            scope.updated_from = *at;
        } else if (name == "updatedBefore" && at) {
            scope.updated_until = *at;
        } else if (name != "offset" && name != "limit") {
            return std::nullopt;
        }
    }
    return scope;
}

// Sums of one cell of the ledger. Money only from orders that have been paid for.
struct Tally {
    std::int64_t orders = 0, priced = 0, lines = 0, units = 0, returns = 0;
    Amounts amounts;
    std::int64_t total = 0;

    void add(const OrderView& view, bool tax_included, Millis now) {
        ++orders;
        lines += static_cast<std::int64_t>(view.plan.lines.size());
        const Amounts sum = order_amounts(view.plan);
        units += sum.units;
        const auto& planned = view.plan.planned_return;
        if (planned && planned->at <= now && view.status == Status::shipped) ++returns;
        if (!view.paid) return;
        ++priced;
        amounts.item += sum.item;
        amounts.shipping += sum.shipping;
        amounts.gift_wrap += sum.gift_wrap;
        amounts.tax += sum.tax;
        amounts.discount += sum.discount;
        total += sum.grand_total(tax_included);
    }

    json::object to_json(int exponent) const {
        const auto money = [&](std::int64_t minor) {
            return json::string(decimal_text(minor, exponent));
        };
        return {{"orders", orders},
                {"priced_orders", priced},
                {"lines", lines},
                {"units", units},
                {"item", money(amounts.item)},
                {"shipping", money(amounts.shipping)},
                {"gift_wrap", money(amounts.gift_wrap)},
                {"tax", money(amounts.tax)},
                {"discount", money(amounts.discount)},
                {"grand_total", money(total)},
                {"returns", returns}};
    }
};

}  // namespace

Response Simulator::admin(const Request& request) {
    if (request.header("x-admin-token") != settings_.admin_token)
        return admin_error(401, "x-admin-token is missing or wrong");
    const std::string_view path = std::string_view(request.path).substr(7);
    const bool get = request.method == "GET";
    const bool post = request.method == "POST";
    if (path == "credentials" && get) return admin_credentials();
    if (path == "clock" && (get || post)) return admin_clock(request);
    if (path == "faults") return admin_faults(request);
    if (path == "tick" && post) return admin_tick();
    if (path == "ledger" && get) return admin_ledger(request);
    if (path == "orders" && get) return admin_orders(request);
    if (path == "orders" && post) return admin_place(request);
    if (path == "returns" && get) return admin_returns(request);
    if (path == "settings" && (get || post)) return admin_settings(request);
    if (path == "cpu" && get) return admin_cpu();
    return admin_error(404, "no such path or method; see docs/marketsim.md");
}

Response Simulator::admin_credentials() const {
    json::array all;
    for (std::size_t i = 0; i < shop_count; ++i) {
        const Shop& shop = shops()[i];
        const Credentials own = credentials(i);
        json::array ids;
        for (std::size_t m = 0; m < shop.marketplace_count; ++m)
            ids.push_back(json::string(marketplaces()[shop.marketplaces[m]].id));
        all.push_back({{"shop", shop.code},
                       {"seller_id", shop.seller_id},
                       {"region", shop.region},
                       {"store_name", shop.store_name},
                       {"client_id", own.client_id},
                       {"client_secret", own.client_secret},
                       {"refresh_token", own.refresh_token},
                       {"marketplace_ids", ids},
                       {"token_url", settings_.base_url + "/auth/o2/token"},
                       {"endpoint", settings_.base_url},
                       {"revoked", revoked_[i]},
                       {"pii_role", settings_.pii_role[i]}});
    }
    return admin_json({{"credentials", all}});
}

Response Simulator::admin_clock(const Request& request) {
    if (request.method == "POST") {
        const auto body = body_object(request);
        if (!body) return admin_error(400, "the body must be a JSON object");
        Millis now = clock_.now();
        double speed = clock_.speed();
        bool quiet = false;
        for (const auto& [name, value] : *body) {
            const auto at = value.is_string() ? parse_iso(value.get_string()) : std::nullopt;
            if (name == "now" && at) {
                now = *at;
            } else if (name == "advance_seconds" && value.is_int64()) {
                now += value.get_int64() * second_ms;
            } else if (name == "speed" && value.is_number() && value.to_number<double>() >= 0) {
                speed = value.to_number<double>();
            } else if (name == "quiet" && value.is_bool()) {
                quiet = value.get_bool();
            } else {
                return admin_error(400, "unknown or mistyped member: " + std::string(name));
            }
        }
        set_clock_locked(now, speed, quiet);
        save_locked();
    }
    return admin_json(clock_json(clock_.now(), clock_.speed(), wall_()));
}

Response Simulator::admin_faults(const Request& request) {
    if (request.method == "DELETE") {
        faults_.clear();
    } else if (request.method == "POST") {
        boost::system::error_code error;
        const json::value body = json::parse(request.body, error);
        if (error) return admin_error(400, "the body is not JSON");
        const json::value* list =
            body.is_object() ? body.get_object().if_contains("faults") : nullptr;
        const json::array all = list && list->is_array() ? list->get_array() : json::array{body};
        for (const json::value& fault : all) {
            if (const auto problem = faults_.add(fault)) return admin_error(400, *problem);
        }
    } else if (request.method != "GET") {
        return admin_error(405, "GET, POST or DELETE");
    }
    return admin_json(faults_.list());
}

Response Simulator::admin_tick() {
    follow_clock();
    json::object counts;
    for (std::size_t i = 0; i < shop_count; ++i) counts[shops()[i].code] = world_->count(i);
    return admin_json({{"now", iso_millis(clock_.now())}, {"orders", counts}});
}

Response Simulator::admin_ledger(const Request& request) {
    const auto scope = read_scope(request);
    if (!scope) return admin_error(400, "unknown parameter or value");
    json::array rows;
    json::array totals;
    for (const std::size_t shop : scope->shops) {
        std::map<std::tuple<std::size_t, std::string, Status>, Tally> cells;
        std::map<std::size_t, Tally> by_marketplace;
        world_->for_each(shop, [&](std::uint32_t sequence, Millis created, Millis updated) {
            if (!scope->covers(created, updated)) return;
            const OrderView view = world_->view(shop, sequence);
            if (scope->status && view.status != *scope->status) return;
            const bool included = marketplaces()[view.plan.marketplace].tax_included;
            cells[{view.plan.marketplace, iso_month(created), view.status}].add(view, included,
                                                                                clock_.now());
            by_marketplace[view.plan.marketplace].add(view, included, clock_.now());
        });
        const auto labelled = [&](std::size_t index, const Tally& tally) {
            const Marketplace& market = marketplaces()[index];
            json::object row = tally.to_json(market.exponent);
            row["shop"] = shops()[shop].code;
            row["marketplace_id"] = market.id;
            row["currency"] = market.currency;
            return row;
        };
        for (const auto& [key, tally] : cells) {
            json::object row = labelled(std::get<0>(key), tally);
            row["month"] = std::get<1>(key);
            row["status"] = status_text(std::get<2>(key));
            rows.push_back(std::move(row));
        }
        for (const auto& [index, tally] : by_marketplace) totals.push_back(labelled(index, tally));
    }
    return admin_json({{"now", iso_millis(clock_.now())}, {"totals", totals}, {"rows", rows}});
}

Response Simulator::admin_orders(const Request& request) {
    const auto scope = read_scope(request);
    if (!scope) return admin_error(400, "unknown parameter or value");
    const std::int64_t offset = integer_parameter(request, "offset", 0);
    const std::int64_t limit = integer_parameter(request, "limit", 1000);
    std::int64_t matching = 0;
    json::array orders;
    for (const std::size_t shop : scope->shops) {
        world_->for_each(shop, [&](std::uint32_t sequence, Millis created, Millis updated) {
            if (!scope->covers(created, updated)) return;
            const bool wanted = matching >= offset && matching < offset + limit;
            if (!scope->status && !wanted) {
                ++matching;
                return;
            }
            const OrderView view = world_->view(shop, sequence);
            if (scope->status && view.status != *scope->status) return;
            if (matching >= offset && matching < offset + limit) {
                const Marketplace& market = marketplaces()[view.plan.marketplace];
                orders.push_back(
                    {{"shop", shops()[shop].code},
                     {"order_id", view.plan.id},
                     {"marketplace_id", market.id},
                     {"status", status_text(view.status)},
                     {"fulfilled_by", view.plan.fulfilled_by_amazon ? "AMAZON" : "MERCHANT"},
                     {"created", iso_millis(created)},
                     {"updated", iso_millis(updated)},
                     {"currency", market.currency},
                     {"grand_total",
                      view.paid ? json::value(decimal_text(
                                      order_amounts(view.plan).grand_total(market.tax_included),
                                      market.exponent))
                                : json::value(nullptr)}});
            }
            ++matching;
        });
    }
    return admin_json({{"total", matching}, {"orders", orders}});
}

Response Simulator::admin_place(const Request& request) {
    boost::system::error_code error;
    const json::value body = json::parse(request.body, error);
    if (error) return admin_error(400, "the body is not JSON");
    try {
        OrderPlan plan = read_feed_order(body, settings_.world.seed, clock_.now());
        const std::size_t shop = plan.shop;
        if (world_->find(shop, plan.id)) return admin_error(409, "an order with this id exists");
        if (journal_) {
            journal_->record({{"kind", "place"},
                              {"at", world_->advanced_to()},
                              {"now", clock_.now()},
                              {"order", body}});
        }
        const std::uint32_t sequence = world_->place(std::move(plan), clock_.now());
        return admin_json({{"order_id", world_->view(shop, sequence).plan.id}}, 201);
    } catch (const std::runtime_error& problem) {
        return admin_error(400, problem.what());
    }
}

Response Simulator::admin_returns(const Request& request) {
    const auto scope = read_scope(request);
    if (!scope) return admin_error(400, "unknown parameter or value");
    json::array returns;
    for (const std::size_t shop : scope->shops) {
        world_->for_each(shop, [&](std::uint32_t sequence, Millis created, Millis updated) {
            if (!scope->covers(created, updated)) return;
            const OrderView view = world_->view(shop, sequence);
            const auto& planned = view.plan.planned_return;
            if (!planned || planned->at > clock_.now() || view.status != Status::shipped) return;
            returns.push_back({{"shop", shops()[shop].code},
                               {"order_id", view.plan.id},
                               {"at", iso_millis(planned->at)},
                               {"sku", view.plan.lines[planned->line].product->sku[shop]},
                               {"quantity", planned->quantity},
                               {"reason", planned->reason},
                               {"disposition", planned->disposition}});
        });
    }
    return admin_json({{"returns", returns}});
}

Response Simulator::admin_settings(const Request& request) {
    if (request.method == "POST") {
        const auto body = body_object(request);
        if (!body) return admin_error(400, "the body must be a JSON object");
        for (const auto& [name, value] : *body) {
            const std::size_t shop =
                name.starts_with("pii_role_") || name.starts_with("revoked_")
                    ? find_shop(std::string_view(name).substr(name.rfind('_') + 1))
                    : shop_count;
            if (name == "orders_per_minute" && value.is_int64()) {
                settings_.orders_per_minute = value.get_int64();
                world_->set_arrivals(world_->advanced_to(), flowing());
            } else if (name == "rate_factor" && value.is_number() &&
                       value.to_number<double>() > 0) {
                throttle_.configure(value.to_number<double>(), throttle_.enabled());
            } else if (name == "throttled" && value.is_bool()) {
                throttle_.configure(throttle_.factor(), value.get_bool());
            } else if (name == "report_delay_ms" && value.is_int64()) {
                settings_.report_delay = value.get_int64();
            } else if (name == "visibility_lag_seconds" && value.is_int64()) {
                settings_.visibility_lag = value.get_int64() * second_ms;
            } else if (shop != shop_count && name.starts_with("pii_role_") && value.is_bool()) {
                settings_.pii_role[shop] = value.get_bool();
            } else if (shop != shop_count && value.is_bool()) {
                revoked_[shop] = value.get_bool();
            } else {
                return admin_error(400, "unknown or mistyped member: " + std::string(name));
            }
        }
    }
    json::object out{{"orders_per_minute", settings_.orders_per_minute},
                     {"rate_factor", throttle_.factor()},
                     {"throttled", throttle_.enabled()},
                     {"report_delay_ms", settings_.report_delay},
                     {"visibility_lag_seconds", settings_.visibility_lag / second_ms}};
    for (std::size_t i = 0; i < shop_count; ++i) {
        out["pii_role_" + std::string(shops()[i].code)] = settings_.pii_role[i];
        out["revoked_" + std::string(shops()[i].code)] = revoked_[i];
    }
    return admin_json(out);
}

Response Simulator::admin_cpu() const {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto micros = [](const timeval& t) {
        return static_cast<std::int64_t>(t.tv_sec) * 1'000'000 + t.tv_usec;
    };
    const auto seconds = [](std::int64_t us) { return static_cast<double>(us) / 1e6; };
    return admin_json({{"user_seconds", seconds(micros(usage.ru_utime))},
                       {"system_seconds", seconds(micros(usage.ru_stime))},
                       {"cpu_seconds", seconds(micros(usage.ru_utime) + micros(usage.ru_stime))},
                       {"max_resident_kb", static_cast<std::int64_t>(usage.ru_maxrss)},
                       {"requests", requests_},
                       {"orders_served", orders_served_}});
}

}  // namespace entrepot::sim
