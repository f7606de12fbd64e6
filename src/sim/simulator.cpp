// The simulator behind the socket: takes a request, gives a response. One lock around everything.
// Routing, authentication, usage plans and faults are here; what an operation does is in api_*.cpp.
#include "sim/simulator.hpp"

#include <openssl/rand.h>

#include <boost/json.hpp>
#include <stdexcept>

#include "sim/feed.hpp"

namespace entrepot::sim {

namespace json = boost::json;

namespace {

std::string request_id() {
    std::array<unsigned char, 16> bytes{};
    RAND_bytes(bytes.data(), static_cast<int>(bytes.size()));
    constexpr std::string_view digits = "0123456789abcdef";
    std::string id;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10) id.push_back('-');
        id.push_back(digits[bytes[i] >> 4U]);
        id.push_back(digits[bytes[i] & 15U]);
    }
    return id;
}

bool matches(std::string_view pattern, const std::vector<std::string>& path) {
    const auto wanted = path_segments(pattern);
    if (wanted.size() != path.size()) return false;
    for (std::size_t i = 0; i < path.size(); ++i) {
        if (wanted[i] == "*" ? path[i].empty() : wanted[i] != path[i]) return false;
    }
    return true;
}

}  // namespace

Response json_response(std::string body, int status) {
    Response response;
    response.status = status;
    response.body = std::move(body);
    return response;
}

Response error_response(int status, std::string_view code, std::string_view message,
                        std::string_view details) {
    std::string body;
    JsonWriter writer(body);
    writer.begin_object();
    writer.key("errors");
    writer.begin_array();
    writer.begin_object();
    writer.member("code", code);
    writer.member("message", message);
    writer.member("details", details);
    writer.end_object();
    writer.end_array();
    writer.end_object();
    return json_response(std::move(body), status);
}

Response bad_input(std::string_view details) {
    return error_response(400, "InvalidInput", "Invalid Input", details);
}

Response not_found(std::string_view details) {
    return error_response(404, "NotFound", "The requested resource was not found.", details);
}

// Rates and bursts as the models state them.
const std::vector<Simulator::Operation>& Simulator::operations() {
    static const std::vector<Operation> table{
        {"GET",
         "/sellers/v1/marketplaceParticipations",
         "getMarketplaceParticipations",
         {0.016, 15},
         &Simulator::get_marketplace_participations},
        {"GET", "/sellers/v1/account", "getAccount", {0.016, 15}, &Simulator::get_account},
        {"GET",
         "/orders/2026-01-01/orders",
         "searchOrders",
         {0.0056, 20},
         &Simulator::search_orders},
        {"GET", "/orders/2026-01-01/orders/*", "getOrder", {0.5, 30}, &Simulator::get_order},
        {"GET", "/orders/v0/orders/*", "getOrderV0", {0.5, 30}, &Simulator::get_order_v0},
        {"GET",
         "/orders/v0/orders/*/address",
         "getOrderAddress",
         {0.5, 30},
         &Simulator::get_order_address},
        {"GET",
         "/orders/v0/orders/*/buyerInfo",
         "getOrderBuyerInfo",
         {0.5, 30},
         &Simulator::get_order_buyer_info},
        {"POST",
         "/orders/v0/orders/*/shipmentConfirmation",
         "confirmShipment",
         {2, 10},
         &Simulator::confirm_shipment},
        {"POST",
         "/reports/2021-06-30/reports",
         "createReport",
         {0.0167, 15},
         &Simulator::create_report},
        {"GET", "/reports/2021-06-30/reports", "getReports", {0.0222, 10}, &Simulator::get_reports},
        {"GET", "/reports/2021-06-30/reports/*", "getReport", {2, 15}, &Simulator::get_report},
        {"DELETE",
         "/reports/2021-06-30/reports/*",
         "cancelReport",
         {0.0222, 10},
         &Simulator::cancel_report},
        {"GET",
         "/reports/2021-06-30/documents/*",
         "getReportDocument",
         {0.0167, 15},
         &Simulator::get_report_document},
        {"POST",
         "/tokens/2021-03-01/restrictedDataToken",
         "createRestrictedDataToken",
         {1, 10},
         &Simulator::create_restricted_data_token},
    };
    return table;
}

Simulator::Simulator(Settings settings, std::function<Millis()> wall)
    : settings_(std::move(settings)),
      wall_(std::move(wall)),
      clock_(wall_),
      sealer_(settings_.world.seed),
      throttle_(settings_.rate_factor, settings_.throttled) {
    if (!settings_.data_directory.empty())
        journal_ = std::make_unique<Journal>(settings_.data_directory);
    start_world();
}

std::string Simulator::fingerprint() const {
    return std::to_string(settings_.world.seed) + "/" +
           std::to_string(settings_.world.history_orders) + "/" +
           std::to_string(settings_.world.history_days) + "/" +
           (settings_.world.auto_ship ? "auto" : "manual") + "/" +
           sealer_.derived_hex(settings_.feed_json, 8);
}

void Simulator::start_world() {
    if (journal_ && journal_->resumed()) {
        if (journal_->fingerprint() != fingerprint()) {
            throw std::runtime_error(settings_.data_directory +
                                     " holds another world; use an empty directory");
        }
        settings_.world.start = *journal_->start();
        const ClockState saved = journal_->clock();
        const auto passed =
            static_cast<Millis>(static_cast<double>(wall_() - saved.wall) * saved.speed);
        clock_.set(saved.now + std::max<Millis>(passed, 0), saved.speed);
    } else {
        if (settings_.world.start == 0) settings_.world.start = clock_.now();
        clock_.set(settings_.world.start, 1.0);
    }
    world_ = std::make_unique<World>(settings_.world);
    if (!settings_.feed_json.empty())
        world_->merge_feed(read_feed(settings_.feed_json, settings_.world.seed));
    if (journal_ && !journal_->resumed()) journal_->begin(settings_.world.start, fingerprint());
    replay();
    // Time in which the simulator was off passes at the natural rate.
    set_clock_locked(clock_.now(), clock_.speed(), false);
    save_locked();
}

void Simulator::replay() {
    if (!journal_) return;
    std::size_t act = 0;
    const auto& acts = journal_->acts();
    const auto acts_until = [&](Millis until) {
        for (; act < acts.size() && acts[act].at("at").to_number<Millis>() <= until; ++act) {
            world_->advance(acts[act].at("at").to_number<Millis>());
            apply_act(acts[act]);
        }
    };
    for (const Stretch& stretch : journal_->stretches()) {
        world_->set_arrivals(world_->advanced_to(), stretch.arrivals);
        acts_until(stretch.until);
        world_->advance(stretch.until);
    }
    world_->set_arrivals(world_->advanced_to(), {Arrivals::Mode::natural, 0});
    acts_until(INT64_MAX);
}

Arrivals Simulator::flowing() const {
    if (settings_.orders_per_minute == 0) return {Arrivals::Mode::none, 0};
    // A clock that races would bury every shop under orders meant to come seconds apart.
    if (settings_.orders_per_minute < 0 || clock_.speed() > 1.5)
        return {Arrivals::Mode::natural, 0};
    return {Arrivals::Mode::per_minute, settings_.orders_per_minute};
}

void Simulator::follow_clock() {
    const Millis now = clock_.now();
    if (now <= world_->advanced_to()) return;
    world_->advance(now);
    if (journal_) journal_->advanced(now, world_->arrivals());
}

void Simulator::set_clock_locked(Millis now, double speed, bool quiet) {
    clock_.set(now, speed);
    if (now > world_->advanced_to()) {
        world_->set_arrivals(world_->advanced_to(),
                             {quiet ? Arrivals::Mode::none : Arrivals::Mode::natural, 0});
        world_->advance(now);
        if (journal_) journal_->advanced(now, world_->arrivals());
    }
    world_->set_arrivals(world_->advanced_to(), flowing());
}

void Simulator::set_clock(Millis now, double speed, bool quiet) {
    const std::scoped_lock lock(mutex_);
    follow_clock();
    set_clock_locked(now, speed, quiet);
}

void Simulator::save() {
    const std::scoped_lock lock(mutex_);
    follow_clock();
    save_locked();
}

void Simulator::save_locked() {
    if (!journal_) return;
    journal_->set_clock({clock_.now(), wall_(), clock_.speed()});
    journal_->save();
}

Response Simulator::handle(const Request& request) {
    const std::scoped_lock lock(mutex_);
    ++requests_;
    follow_clock();
    Response response = route(request);
    response.headers.emplace_back("x-amzn-RequestId", request_id());
    return response;
}

Response Simulator::route(const Request& request) {
    if (request.path == "/health") return json_response("{\"status\":\"ok\"}");
    if (request.path.starts_with("/admin/")) return admin(request);
    if (request.path == "/auth/o2/token") {
        Response response = token(request);
        distort(response, "token", "*");
        return response;
    }
    if (request.path == "/tracking/v1/events") {
        Response response = track(request);
        distort(response, "tracking", "*");
        return response;
    }
    if (request.path.starts_with("/documents/")) {
        Response response = document(request);
        distort(response, "document", "*");
        return response;
    }
    std::vector<std::string> path = path_segments(request.path);
    for (const Operation& operation : operations()) {
        if (operation.method == request.method && matches(operation.pattern, path)) {
            return call_operation(request, operation, std::move(path));
        }
    }
    // The gateway does not tell a mistyped path from a missing permission.
    return error_response(403, "Unauthorized", "Access to requested resource is denied.");
}

Response Simulator::call_operation(const Request& request, const Operation& operation,
                                   std::vector<std::string> path) {
    if (request.header("user-agent").empty()) {
        return bad_input("User-Agent header is missing.");
    }
    auto who = authenticate(request, operation.name);
    if (auto* refused = std::get_if<Response>(&who)) {
        distort(*refused, operation.name, "*");
        return std::move(*refused);
    }
    const Caller& caller = std::get<Caller>(who);
    const std::string_view shop = shops()[caller.shop].code;
    const double seconds = static_cast<double>(wall_()) / 1000.0;
    Response response;
    if (!throttle_.allow(caller.application, shops()[caller.shop].seller_id, operation.name,
                         operation.plan, seconds) ||
        faults_.take(FaultKind::throttle, operation.name, shop)) {
        response = error_response(429, "QuotaExceeded",
                                  "You exceeded your quota for the requested resource.");
    } else if (auto struck = strike_before(operation.name, shop)) {
        response = std::move(*struck);
    } else {
        Call call{request, caller, operation.name, std::move(path), clock_.now()};
        response = (this->*operation.handler)(call);
    }
    if (response.status / 100 == 2 || response.status == 400 || response.status == 404) {
        response.headers.emplace_back("x-amzn-RateLimit-Limit",
                                      rate_text(operation.plan.rate * throttle_.factor()));
    }
    distort(response, operation.name, shop);
    return response;
}

std::variant<Caller, Response> Simulator::authenticate(const Request& request,
                                                       std::string_view operation) {
    const auto refuse = [](int status, std::string_view details) {
        return error_response(status, "Unauthorized", "Access to requested resource is denied.",
                              details);
    };
    const std::string_view text = request.header("x-amz-access-token");
    if (text.empty()) return refuse(403, "Access token is missing in the request header.");
    constexpr std::string_view prefix = "Atza|";
    const auto content = text.starts_with(prefix)
                             ? sealer_.open("access", text.substr(prefix.size()))
                             : std::nullopt;
    if (!content)
        return refuse(403, "The access token you provided is revoked, malformed or invalid.");
    // content: expiry, shop index (or a scope for grantless tokens), a line for each restricted
    // resource
    const std::size_t space = content->find(' ');
    const Millis expires = std::stoll(content->substr(0, space));
    const std::size_t resources = std::min(content->find('\n'), content->size());
    const std::string subject = content->substr(space + 1, resources - space - 1);
    if (subject.size() != 1)
        return refuse(403, "The access token is not valid for this operation.");
    Caller caller;
    caller.shop = static_cast<std::size_t>(subject[0] - '0');
    caller.application = credentials(caller.shop).client_id;
    if (resources != content->size() &&
        !open_restricted(std::string_view(*content).substr(resources + 1), request, caller))
        return refuse(403, "The restricted data token was not made for this resource.");
    if (const auto fault =
            faults_.take(FaultKind::expired_token, operation, shops()[caller.shop].code)) {
        return refuse(fault->status, "The access token you provided has expired.");
    }
    if (clock_.now() >= expires) return refuse(403, "The access token you provided has expired.");
    if (revoked_[caller.shop])
        return refuse(403, "The access token you provided is revoked, malformed or invalid.");
    return caller;
}

// Faults that answer in place of the operation, which then has not been carried out.
std::optional<Response> Simulator::strike_before(std::string_view operation,
                                                 std::string_view shop) {
    if (faults_.take(FaultKind::reset_request, operation, shop)) {
        Response response;
        response.transport.reset_instead = true;
        return response;
    }
    if (const auto fault = faults_.take(FaultKind::error, operation, shop)) {
        const bool busy = fault->status == 503;
        const std::string code = !fault->code.empty() ? fault->code
                                 : busy               ? "ServiceUnavailable"
                                                      : "InternalFailure";
        return error_response(fault->status, code,
                              busy ? "Service is temporarily unavailable."
                                   : "We encountered an internal error. Please try again.");
    }
    return std::nullopt;
}

// Faults of the way back: the operation has been carried out, its reply suffers.
void Simulator::distort(Response& response, std::string_view operation, std::string_view shop) {
    if (const auto fault = faults_.take(FaultKind::latency, operation, shop))
        response.transport.delay_ms = fault->ms;
    if (faults_.take(FaultKind::reset_reply, operation, shop))
        response.transport.reset_instead = true;
    if (faults_.take(FaultKind::reset_after, operation, shop))
        response.transport.reset_after = true;
    if (const auto fault = faults_.take(FaultKind::truncate, operation, shop)) {
        const std::size_t half = response.body.size() / 2;
        response.transport.cut_at =
            fault->bytes > 0
                ? std::min(static_cast<std::size_t>(fault->bytes), response.body.size())
                : half;
    }
    if (const auto fault = faults_.take(FaultKind::wrong_length, operation, shop)) {
        response.transport.length_error = fault->bytes != 0 ? fault->bytes : 10;
    }
}

bool Simulator::strikes(FaultKind kind, std::string_view operation, std::size_t shop) {
    return faults_.take(kind, operation, shops()[shop].code).has_value();
}

std::optional<std::string> Simulator::apply_plan(std::string_view plan_json) {
    boost::system::error_code error;
    const json::value plan = json::parse(plan_json, error);
    if (error || !plan.is_object()) return "the plan is not a JSON object";
    const std::scoped_lock lock(mutex_);
    for (const auto& [name, value] : plan.get_object()) {
        if (name == "faults" && value.is_array()) {
            for (const json::value& fault : value.get_array()) {
                if (auto problem = faults_.add(fault)) return problem;
            }
        } else if (name == "roles_missing" && value.is_array()) {
            for (const json::value& shop : value.get_array()) {
                const std::size_t index =
                    shop.is_string() ? find_shop(shop.get_string()) : shop_count;
                if (index == shop_count) return "roles_missing names an unknown shop";
                settings_.pii_role[index] = false;
            }
        } else {
            return "unknown or mistyped member: " + std::string(name);
        }
    }
    return std::nullopt;
}

}  // namespace entrepot::sim
