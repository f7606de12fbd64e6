// The simulator behind the socket: takes a request, gives a response. One lock around everything.
// Handlers are spread over api_*.cpp by area; each file begins with the operations it serves.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

#include "sim/clock.hpp"
#include "sim/faults.hpp"
#include "sim/http.hpp"
#include "sim/journal.hpp"
#include "sim/render.hpp"
#include "sim/report.hpp"
#include "sim/seal.hpp"
#include "sim/throttle.hpp"
#include "sim/world.hpp"

namespace entrepot::sim {

struct Settings {
    WorldOptions world;
    std::int64_t orders_per_minute = 20;
    double rate_factor = 1.0;
    bool throttled = true;
    Millis visibility_lag = 2 * minute_ms;  ///< how far in the past …Before must lie
    Millis report_delay = 2 * second_ms;
    bool negative_discount = false;
    std::string admin_token = "marketsim-admin";
    std::string base_url;        ///< beginning of presigned links; set once the port is known
    std::string data_directory;  ///< empty = nothing is kept
    std::string feed_json;       ///< content of the feed file, or empty
    std::array<bool, shop_count> pii_role{true, true, true};
};

/// Data elements that a restricted data token opens.
enum Element : unsigned {
    element_buyer_info = 1U << 0U,
    element_shipping_address = 1U << 1U,
    element_tax_information = 1U << 2U
};
std::optional<unsigned> parse_element(std::string_view name);

/// Who is calling: the seller behind the access token.
struct Caller {
    std::size_t shop = 0;
    std::string application;
    bool restricted = false;  ///< by a restricted data token, made for this method and path
    unsigned elements = 0;    ///< that the token opens
};

struct Credentials {
    std::string client_id;
    std::string client_secret;
    std::string refresh_token;
};

class Simulator {
public:
    /// Builds the world and, with a data directory, replays what happened before. Throws
    /// std::runtime_error when a file cannot be read or does not parse.
    explicit Simulator(Settings settings, std::function<Millis()> wall = wall_now);

    /// Serves one request. Thread-safe.
    Response handle(const Request& request);

    /// Adds the faults and settings of a plan file. Returns what is wrong with it, or nothing.
    std::optional<std::string> apply_plan(std::string_view plan_json);
    /// Sets the clock, as POST /admin/clock does; `quiet` = no new orders in the time jumped over.
    void set_clock(Millis now, double speed, bool quiet = false);
    void set_base_url(std::string base_url) { settings_.base_url = std::move(base_url); }
    Credentials credentials(std::size_t shop) const;
    /// Writes down how far the world has come. Called now and then, and at the end.
    void save();

    // For tests that look behind the API.
    World& world() { return *world_; }
    Millis now() const { return clock_.now(); }

private:
    struct Call {
        const Request& request;
        Caller caller;
        std::string_view operation;
        std::vector<std::string> path;
        Millis now = 0;
    };
    using Handler = Response (Simulator::*)(Call&);
    struct Operation {
        std::string_view method;
        std::string_view pattern;  ///< `*` stands for one segment
        std::string_view name;
        UsagePlan plan;
        Handler handler;
    };
    static const std::vector<Operation>& operations();

    // simulator.cpp
    Response route(const Request& request);
    Response call_operation(const Request& request, const Operation& operation,
                            std::vector<std::string> path);
    std::variant<Caller, Response> authenticate(const Request& request, std::string_view operation);
    void distort(Response& response, std::string_view operation, std::string_view shop);
    std::optional<Response> strike_before(std::string_view operation, std::string_view shop);
    bool strikes(FaultKind kind, std::string_view operation, std::size_t shop);

    // api_lwa.cpp
    Response token(const Request& request);
    Response grant_refresh(const Pairs& form, std::size_t shop);
    Response issue_token(std::string_view content);
    Response create_restricted_data_token(Call& call);
    bool open_restricted(std::string_view resources, const Request& request, Caller& caller) const;

    // api_sellers.cpp
    Response get_marketplace_participations(Call& call);
    Response get_account(Call& call);
    void write_participations(JsonWriter& json, std::size_t shop) const;

    // api_orders.cpp
    Response search_orders(Call& call);
    Response get_order(Call& call);
    Response confirm_shipment(Call& call);
    void change_neighbours(const Call& call, const SearchPage& page, const SearchFilter& filter,
                           std::optional<Position> next);
    RenderOptions render_options(std::size_t shop, unsigned datasets) const;

    // api_tracking.cpp
    Response track(const Request& request);

    // api_orders_v0.cpp
    Response order_v0(Call& call, const std::function<void(JsonWriter&, const OrderView&)>& write);
    Response get_order_v0(Call& call);
    Response get_order_address(Call& call);
    Response get_order_buyer_info(Call& call);

    // api_reports.cpp
    Response create_report(Call& call);
    Response get_report(Call& call);
    Response get_reports(Call& call);
    Response cancel_report(Call& call);
    Response get_report_document(Call& call);
    Response document(const Request& request);
    ReportStatus status_of(ReportJob& job);
    void finish(ReportJob& job);
    void write_report(JsonWriter& json, ReportJob& job);
    ReportJob* find_report(std::size_t shop, std::string_view id);

    // api_admin.cpp
    Response admin(const Request& request);
    Response admin_credentials() const;
    Response admin_clock(const Request& request);
    Response admin_faults(const Request& request);
    Response admin_tick();
    Response admin_ledger(const Request& request);
    Response admin_orders(const Request& request);
    Response admin_place(const Request& request);
    Response admin_returns(const Request& request);
    Response admin_settings(const Request& request);
    Response admin_cpu() const;

    void follow_clock();
    Arrivals flowing() const;
    void start_world();
    void replay();
    void apply_act(const boost::json::value& act);
    void set_clock_locked(Millis now, double speed, bool quiet);
    void save_locked();
    std::string fingerprint() const;

    Settings settings_;
    std::function<Millis()> wall_;
    Clock clock_;
    Sealer sealer_;
    Throttle throttle_;
    FaultPlan faults_;
    std::unique_ptr<World> world_;
    std::unique_ptr<Journal> journal_;
    std::vector<ReportJob> reports_;
    std::unordered_map<std::string, std::string> documents_;  ///< encoded content by document id
    std::array<bool, shop_count> revoked_{};
    std::uint64_t requests_ = 0;
    std::uint64_t orders_served_ = 0;
    std::mutex mutex_;
};

// Replies in the API's forms, shared by the handlers.
Response json_response(std::string body, int status = 200);
Response error_response(int status, std::string_view code, std::string_view message,
                        std::string_view details = {});
Response bad_input(std::string_view details);
Response not_found(std::string_view details);

}  // namespace entrepot::sim
