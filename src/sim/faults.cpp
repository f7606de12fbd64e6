// Faults that can be switched on: each waits for its operation, happens so many times, and is gone.
// A description with an unknown member or a wrong type is refused, so that a test cannot hope in
// vain.
#include "sim/faults.hpp"

#include <array>
#include <boost/json.hpp>

namespace entrepot::sim {

namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, 21> names{
    "latency",           "error",        "throttle",         "reset_request",  "reset_reply",
    "reset_after",       "truncate",     "wrong_length",     "duplicate_page", "repeat_token",
    "orders_change",     "unknown_enum", "unknown_member",   "invalid_grant",  "invalid_client",
    "expired_token",     "report_fatal", "report_cancelled", "report_stuck",   "report_charset",
    "report_double_gzip"};

std::optional<FaultKind> parse_kind(std::string_view name) {
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (names[i] == name) return static_cast<FaultKind>(i);
    }
    return std::nullopt;
}

// Reads one member into the fault; false when it is unknown or of the wrong type.
bool read_member(Fault& fault, std::string_view name, const json::value& value) {
    const auto text = [&](std::string& into) {
        if (!value.is_string()) return false;
        into = std::string_view(value.get_string());
        return true;
    };
    const auto number = [&](auto& into) {
        if (!value.is_int64()) return false;
        into = static_cast<std::decay_t<decltype(into)>>(value.get_int64());
        return true;
    };
    if (name == "operation") return text(fault.operation);
    if (name == "shop") return text(fault.shop);
    if (name == "code") return text(fault.code);
    if (name == "times") return number(fault.times);
    if (name == "skip") return number(fault.skip);
    if (name == "ms") return number(fault.ms);
    if (name == "bytes") return number(fault.bytes);
    if (name == "count") return number(fault.count);
    if (name == "status") return number(fault.status);
    return false;
}

}  // namespace

std::string_view fault_name(FaultKind kind) {
    return names[static_cast<std::size_t>(kind)];
}

std::optional<std::string> FaultPlan::add(const json::value& description) {
    if (!description.is_object()) return "a fault is an object";
    Fault fault;
    bool has_kind = false;
    for (const auto& [name, value] : description.get_object()) {
        if (name == "kind") {
            const auto kind = value.is_string() ? parse_kind(value.get_string()) : std::nullopt;
            if (!kind) return "unknown kind of fault";
            fault.kind = *kind;
            has_kind = true;
        } else if (!read_member(fault, name, value)) {
            return "unknown or mistyped member: " + std::string(name);
        }
    }
    if (!has_kind) return "kind is missing";
    if (fault.status == 0) fault.status = fault.kind == FaultKind::expired_token ? 403 : 503;
    fault.id = next_id_++;
    faults_.push_back(std::move(fault));
    return std::nullopt;
}

std::optional<Fault> FaultPlan::take(FaultKind kind, std::string_view operation,
                                     std::string_view shop) {
    for (Fault& fault : faults_) {
        if (fault.kind != kind || fault.times == 0) continue;
        if (fault.operation != "*" && fault.operation != operation) continue;
        if (fault.shop != "*" && fault.shop != shop) continue;
        if (fault.skip > 0) {
            --fault.skip;
            continue;
        }
        if (fault.times > 0) --fault.times;
        ++fault.happened;
        return fault;
    }
    return std::nullopt;
}

json::value FaultPlan::list() const {
    json::array all;
    for (const Fault& fault : faults_) {
        all.push_back({{"id", fault.id},
                       {"kind", fault_name(fault.kind)},
                       {"operation", fault.operation},
                       {"shop", fault.shop},
                       {"times", fault.times},
                       {"skip", fault.skip},
                       {"happened", fault.happened},
                       {"ms", fault.ms},
                       {"bytes", fault.bytes},
                       {"count", fault.count},
                       {"status", fault.status},
                       {"code", fault.code}});
    }
    return {{"faults", std::move(all)}};
}

}  // namespace entrepot::sim
