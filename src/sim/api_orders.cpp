// Orders 2026-01-01: searchOrders, getOrder. Orders v0: confirmShipment.
// Every parameter is checked; one that the model does not have is an error, as it is there.
#include <algorithm>
#include <boost/json.hpp>

#include "sim/feed.hpp"
#include "sim/simulator.hpp"

namespace entrepot::sim {

namespace json = boost::json;

namespace {

constexpr Millis page_token_life = 24 * hour_ms;
constexpr std::array<std::string_view, 10> search_parameters{
    "createdAfter",        "createdBefore",  "lastUpdatedAfter", "lastUpdatedBefore",
    "fulfillmentStatuses", "marketplaceIds", "fulfilledBy",      "maxResultsPerPage",
    "paginationToken",     "includedData"};

struct Search {
    SearchFilter filter;
    std::size_t limit = 100;
    unsigned datasets = 0;
    std::optional<Position> from;
    std::string same;  ///< the parameters that must not change from page to page
    std::string token;
};

// What is wrong with a request; empty when nothing is.
using Problem = std::string;

Problem unknown_parameter(const Request& request, const auto& known) {
    std::vector<std::string_view> seen;
    for (const auto& [name, value] : request.query) {
        if (std::find(known.begin(), known.end(), name) == known.end()) {
            return "The parameter '" + name + "' is not supported by this operation.";
        }
        if (std::find(seen.begin(), seen.end(), name) != seen.end()) {
            return "The parameter '" + name + "' is given more than once.";
        }
        seen.push_back(name);
    }
    return {};
}

Problem read_time(const Request& request, std::string_view name, std::optional<Millis>& into) {
    const auto value = request.parameter(name);
    if (!value) return {};
    into = parse_iso(*value);
    if (!into) return "The value of '" + std::string(name) + "' is not an ISO 8601 date.";
    return {};
}

// Reads a list parameter into bits; `bit_of` gives the bit of one value or nothing.
Problem read_bits(const Request& request, std::string_view name, std::size_t most, unsigned& bits,
                  const auto& bit_of) {
    const auto value = request.parameter(name);
    if (!value) return {};
    const auto parts = split_list(*value);
    if (parts.empty() || parts.size() > most)
        return "The list '" + std::string(name) + "' has too few or too many values.";
    for (const std::string& part : parts) {
        const std::optional<unsigned> bit = bit_of(part);
        if (!bit) return "The value '" + part + "' of '" + std::string(name) + "' is invalid.";
        bits |= *bit;
    }
    return {};
}

Problem read_included_data(const Request& request, unsigned& datasets) {
    return read_bits(request, "includedData", 11, datasets,
                     [](std::string_view name) { return parse_dataset(name); });
}

Problem read_window(const Request& request, Search& search, Millis latest, Millis now) {
    std::optional<Millis> created_after, created_before, updated_after, updated_before;
    for (const Problem& problem : {read_time(request, "createdAfter", created_after),
                                   read_time(request, "createdBefore", created_before),
                                   read_time(request, "lastUpdatedAfter", updated_after),
                                   read_time(request, "lastUpdatedBefore", updated_before)}) {
        if (!problem.empty()) return problem;
    }
    if (created_after.has_value() == updated_after.has_value()) {
        return "Exactly one of 'createdAfter' and 'lastUpdatedAfter' must be provided.";
    }
    if (created_after && updated_before)
        return "'lastUpdatedBefore' cannot be combined with 'createdAfter'.";
    if (updated_after && created_before)
        return "'createdBefore' cannot be combined with 'lastUpdatedAfter'.";
    search.filter.by_update = updated_after.has_value();
    search.filter.after = search.filter.by_update ? *updated_after : *created_after;
    const std::optional<Millis> before = search.filter.by_update ? updated_before : created_before;
    if (before && *before > latest)
        return "The '…Before' date must be at least two minutes before the time of the request.";
    if (before && *before < search.filter.after)
        return "The '…Before' date must be equal to or after the '…After' date.";
    if (search.filter.after > now) return "The '…After' date must not be in the future.";
    search.filter.before = before.value_or(latest);
    return {};
}

Problem read_filters(const Request& request, std::size_t shop, Search& search) {
    SearchFilter& filter = search.filter;
    Problem problem = read_bits(
        request, "fulfillmentStatuses", status_count, filter.statuses, [](std::string_view name) {
            const auto status = parse_status(name);
            return status ? std::optional<unsigned>(1U << static_cast<unsigned>(*status))
                          : std::nullopt;
        });
    if (!problem.empty()) return problem;
    problem = read_bits(request, "fulfilledBy", 2, filter.fulfilled_by, [](std::string_view name) {
        return name == "MERCHANT" ? std::optional<unsigned>(1)
               : name == "AMAZON" ? std::optional<unsigned>(2)
                                  : std::nullopt;
    });
    if (!problem.empty()) return problem;
    return read_bits(request, "marketplaceIds", 50, filter.marketplaces,
                     [shop](std::string_view id) {
                         const Shop& seller = shops()[shop];
                         for (std::size_t i = 0; i < seller.marketplace_count; ++i) {
                             if (marketplaces()[seller.marketplaces[i]].id == id)
                                 return std::optional<unsigned>(1U << seller.marketplaces[i]);
                         }
                         return std::optional<unsigned>();
                     });
}

Problem read_limit(const Request& request, std::size_t& limit) {
    const auto value = request.parameter("maxResultsPerPage");
    if (!value) return {};
    const bool digits =
        !value->empty() && value->size() <= 3 &&
        std::all_of(value->begin(), value->end(), [](char c) { return c >= '0' && c <= '9'; });
    limit = digits ? std::stoul(std::string(*value)) : 0;
    if (limit < 1 || limit > 100) return "'maxResultsPerPage' must be a number from 1 to 100.";
    return {};
}

std::string unchanging(const Request& request) {
    std::vector<std::string> parts;
    for (const auto& [name, value] : request.query) {
        if (name != "maxResultsPerPage" && name != "paginationToken")
            parts.push_back(name + "=" + value);
    }
    std::sort(parts.begin(), parts.end());
    std::string all;
    for (const std::string& part : parts) all += part + "&";
    return all;
}

// Content of a page token: issued, shop, upper bound, position (or none), unchanging parameters.
std::string token_content(Millis now, std::size_t shop, const Search& search,
                          const std::optional<Position>& at) {
    std::string content = std::to_string(now) + ";" + std::to_string(shop) + ";" +
                          std::to_string(search.filter.before) + ";";
    content += at ? std::to_string(at->at) + ";" + std::to_string(at->sequence) : "-;0";
    return content + ";" + search.same;
}

Problem read_token(const std::string& content, Search& search, std::size_t shop, Millis now) {
    std::array<std::string, 5> fields;
    std::size_t from = 0;
    for (std::string& field : fields) {
        const std::size_t end = content.find(';', from);
        field = content.substr(from, end - from);
        from = end + 1;
    }
    if (now - std::stoll(fields[0]) > page_token_life) return "The pagination token has expired.";
    if (fields[1] != std::to_string(shop)) return "The pagination token is invalid.";
    if (content.substr(from) != search.same)
        return "The parameters must be the same as in the first request of the pagination.";
    search.filter.before = std::stoll(fields[2]);
    if (fields[3] != "-")
        search.from =
            Position{std::stoll(fields[3]), static_cast<std::uint32_t>(std::stoul(fields[4]))};
    return {};
}

}  // namespace

RenderOptions Simulator::render_options(std::size_t shop, unsigned datasets) const {
    RenderOptions options;
    // Without the role the datasets are left out, and nothing says so.
    options.datasets =
        settings_.pii_role[shop] ? datasets : datasets & ~(dataset_buyer | dataset_recipient);
    options.negative_discount = settings_.negative_discount;
    options.seed = settings_.world.seed;
    return options;
}

Response Simulator::search_orders(Call& call) {
    const Request& request = call.request;
    const std::size_t shop = call.caller.shop;
    Search search;
    search.same = unchanging(request);
    if (Problem p = unknown_parameter(request, search_parameters); !p.empty()) return bad_input(p);
    if (Problem p = read_window(request, search, call.now - settings_.visibility_lag, call.now);
        !p.empty())
        return bad_input(p);
    if (Problem p = read_filters(request, shop, search); !p.empty()) return bad_input(p);
    if (Problem p = read_limit(request, search.limit); !p.empty()) return bad_input(p);
    if (Problem p = read_included_data(request, search.datasets); !p.empty()) return bad_input(p);
    if (const auto token = request.parameter("paginationToken")) {
        search.token = *token;
        const auto content = sealer_.open("page", search.token);
        if (!content) return bad_input("The pagination token is invalid.");
        if (Problem p = read_token(*content, search, shop, call.now); !p.empty())
            return bad_input(p);
    }
    const SearchPage page = world_->search(shop, search.filter, search.from, search.limit);
    std::optional<std::string> next;
    if (page.next) next = sealer_.seal("page", token_content(call.now, shop, search, page.next));
    if (strikes(FaultKind::duplicate_page, call.operation, shop)) {
        next = sealer_.seal("page", token_content(call.now, shop, search, search.from));
    }
    if (next && strikes(FaultKind::repeat_token, call.operation, shop)) {
        next = !search.token.empty()
                   ? search.token
                   : sealer_.seal("page", token_content(call.now, shop, search, search.from));
    }
    RenderOptions options = render_options(shop, search.datasets);
    options.unknown_enum = strikes(FaultKind::unknown_enum, call.operation, shop);
    options.unknown_member = strikes(FaultKind::unknown_member, call.operation, shop);
    std::string body;
    body.reserve(page.orders.size() * 2048 + 256);
    JsonWriter json(body);
    json.begin_object();
    json.key("orders");
    json.begin_array();
    for (const std::uint32_t sequence : page.orders)
        render_order(json, world_->view(shop, sequence), options, call.now);
    json.end_array();
    if (next) {
        json.key("pagination");
        json.begin_object();
        json.member("nextToken", *next);
        json.end_object();
    }
    json.member(search.filter.by_update ? "lastUpdatedBefore" : "createdBefore",
                iso_millis(search.filter.before));
    json.end_object();
    orders_served_ += page.orders.size();
    change_neighbours(call, page, search.filter, page.next);
    return json_response(std::move(body));
}

// The fault of orders that change while a client pages: some that it has just got, and some that
// it would get next.
void Simulator::change_neighbours(const Call& call, const SearchPage& page,
                                  const SearchFilter& filter, std::optional<Position> next) {
    const std::size_t shop = call.caller.shop;
    const auto fault = faults_.take(FaultKind::orders_change, call.operation, shops()[shop].code);
    if (!fault) return;
    std::vector<std::uint32_t> changing = page.orders;
    changing.resize(std::min(changing.size(), static_cast<std::size_t>(fault->count)));
    if (next) {
        const SearchPage following =
            world_->search(shop, filter, next, static_cast<std::size_t>(fault->count));
        changing.insert(changing.end(), following.orders.begin(), following.orders.end());
    }
    for (const std::uint32_t sequence : changing) {
        if (journal_) {
            journal_->record({{"kind", "touch"},
                              {"at", world_->advanced_to()},
                              {"shop", shop},
                              {"sequence", sequence},
                              {"now", call.now}});
        }
        world_->touch(shop, sequence, call.now);
    }
}

Response Simulator::get_order(Call& call) {
    constexpr std::array<std::string_view, 1> known{"includedData"};
    if (Problem p = unknown_parameter(call.request, known); !p.empty()) return bad_input(p);
    unsigned datasets = 0;
    if (Problem p = read_included_data(call.request, datasets); !p.empty()) return bad_input(p);
    const auto sequence = world_->find(call.caller.shop, call.path[3]);
    if (!sequence) return not_found("The order does not exist or belongs to another seller.");
    RenderOptions options = render_options(call.caller.shop, datasets);
    options.unknown_enum = strikes(FaultKind::unknown_enum, call.operation, call.caller.shop);
    options.unknown_member = strikes(FaultKind::unknown_member, call.operation, call.caller.shop);
    std::string body;
    JsonWriter json(body);
    json.begin_object();
    json.key("order");
    render_order(json, world_->view(call.caller.shop, *sequence), options, call.now);
    json.end_object();
    ++orders_served_;
    return json_response(std::move(body));
}

namespace {

std::optional<std::string> text_member(const json::object& object, std::string_view name) {
    const json::value* value = object.if_contains(name);
    if (!value || !value->is_string() || value->get_string().empty()) return std::nullopt;
    return std::string(std::string_view(value->get_string()));
}

Problem read_package_items(const json::object& detail, const OrderView& view, std::uint64_t seed,
                           Package& package) {
    const json::value* items = detail.if_contains("orderItems");
    if (!items || !items->is_array() || items->get_array().empty())
        return "packageDetail.orderItems must be a non-empty array.";
    package.quantities.assign(view.plan.lines.size(), 0);
    for (const json::value& item : items->get_array()) {
        const json::object* object = item.if_object();
        const auto id = object ? text_member(*object, "orderItemId") : std::nullopt;
        const json::value* quantity = object ? object->if_contains("quantity") : nullptr;
        if (!id || !quantity || !quantity->is_int64() || quantity->get_int64() < 1) {
            return "Each order item needs orderItemId and a positive quantity.";
        }
        std::size_t line = 0;
        while (line < package.quantities.size() &&
               order_item_id(seed, view.plan.shop, view.plan.sequence, line) != *id)
            ++line;
        if (line == package.quantities.size())
            return "The orderItemId '" + *id + "' does not belong to the order.";
        package.quantities[line] += quantity->get_int64();
    }
    return {};
}

Problem read_package(const json::object& detail, const OrderView& view, std::uint64_t seed,
                     Package& package) {
    const auto reference = text_member(detail, "packageReferenceId");
    const bool numeric = reference && reference->size() <= 18 &&
                         reference->find_first_not_of("0123456789") == std::string::npos &&
                         reference->find_first_not_of('0') != std::string::npos;
    if (!numeric) return "packageDetail.packageReferenceId must be a string of a positive number.";
    const auto carrier = text_member(detail, "carrierCode");
    if (!carrier) return "packageDetail.carrierCode is required.";
    const auto carrier_name = text_member(detail, "carrierName");
    if (*carrier == "Other" && !carrier_name)
        return "packageDetail.carrierName is required when carrierCode is Other.";
    const auto tracking = text_member(detail, "trackingNumber");
    if (!tracking) return "packageDetail.trackingNumber is required.";
    const auto date = text_member(detail, "shipDate");
    const auto shipped = date ? parse_iso(*date) : std::nullopt;
    if (!shipped) return "packageDetail.shipDate must be an ISO 8601 date.";
    package.reference = *reference;
    package.carrier = *carrier == "Other" ? *carrier_name : *carrier;
    package.service = text_member(detail, "shippingMethod").value_or("");
    package.tracking = *tracking;
    package.shipped = *shipped;
    return read_package_items(detail, view, seed, package);
}

}  // namespace

Response Simulator::confirm_shipment(Call& call) {
    const std::size_t shop = call.caller.shop;
    const auto sequence = world_->find(shop, call.path[3]);
    if (!sequence) return not_found("The order does not exist or belongs to another seller.");
    boost::system::error_code error;
    const json::value body = json::parse(call.request.body, error);
    if (error || !body.is_object()) return bad_input("The request body is not a JSON object.");
    const OrderView view = world_->view(shop, *sequence);
    const auto marketplace = text_member(body.get_object(), "marketplaceId");
    if (!marketplace || *marketplace != marketplaces()[view.plan.marketplace].id) {
        return bad_input("marketplaceId is missing or not the marketplace of the order.");
    }
    if (const json::value* cod = body.get_object().if_contains("codCollectionMethod")) {
        if (*cod != "DirectPayment" || shops()[shop].code != "JP")
            return bad_input("codCollectionMethod is invalid.");
    }
    const json::value* detail = body.get_object().if_contains("packageDetail");
    if (!detail || !detail->is_object()) return bad_input("packageDetail is required.");
    Package package;
    if (Problem p = read_package(detail->get_object(), view, settings_.world.seed, package);
        !p.empty())
        return bad_input(p);
    json::array quantities(package.quantities.begin(), package.quantities.end());
    const json::value act{{"kind", "ship"},
                          {"at", world_->advanced_to()},
                          {"shop", shop},
                          {"sequence", *sequence},
                          {"now", call.now},
                          {"reference", package.reference},
                          {"carrier", package.carrier},
                          {"service", package.service},
                          {"tracking", package.tracking},
                          {"shipped", package.shipped},
                          {"quantities", quantities}};
    const Confirmation confirmation =
        world_->confirm(shop, *sequence, std::move(package), call.now);
    if (!confirmation.error.empty()) return bad_input(confirmation.detail);
    if (journal_) journal_->record(act);
    Response response;
    response.status = 204;
    response.content_type.clear();
    return response;
}

void Simulator::apply_act(const json::value& act) {
    const auto kind = json::value_to<std::string>(act.at("kind"));
    if (kind == "place") {
        OrderPlan plan = read_feed_order(act.at("order"), settings_.world.seed,
                                         act.at("now").to_number<Millis>());
        world_->place(std::move(plan), act.at("now").to_number<Millis>());
        return;
    }
    const auto shop = act.at("shop").to_number<std::size_t>();
    const auto sequence = act.at("sequence").to_number<std::uint32_t>();
    const auto now = act.at("now").to_number<Millis>();
    if (kind == "touch") {
        world_->touch(shop, sequence, now);
        return;
    }
    Package package;
    package.reference = json::value_to<std::string>(act.at("reference"));
    package.carrier = json::value_to<std::string>(act.at("carrier"));
    package.service = json::value_to<std::string>(act.at("service"));
    package.tracking = json::value_to<std::string>(act.at("tracking"));
    package.shipped = act.at("shipped").to_number<Millis>();
    package.quantities = json::value_to<std::vector<std::int64_t>>(act.at("quantities"));
    world_->confirm(shop, sequence, std::move(package), now);
}

}  // namespace entrepot::sim
