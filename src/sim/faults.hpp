// Faults that can be switched on: each waits for its operation, happens so many times, and is gone.
// Set by the plan file at start, or by POST /admin/faults at any time.
#pragma once

#include <boost/json/value.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace entrepot::sim {

enum class FaultKind : std::uint8_t {
    latency,
    error,
    throttle,
    reset_request,
    reset_reply,
    reset_after,
    truncate,
    wrong_length,
    duplicate_page,
    repeat_token,
    orders_change,
    unknown_enum,
    unknown_member,
    invalid_grant,
    invalid_client,
    expired_token,
    report_fatal,
    report_cancelled,
    report_stuck,
    report_charset,
    report_double_gzip
};

struct Fault {
    std::uint64_t id = 0;
    FaultKind kind = FaultKind::error;
    std::string operation = "*";  ///< operation name, `token`, `document`, or `*`
    std::string shop = "*";
    std::int64_t times = 1;  ///< how often it still happens; -1 = until deleted
    std::int64_t skip = 0;   ///< matching calls to let pass first
    std::int64_t happened = 0;
    std::int64_t ms = 0;     ///< latency
    std::int64_t bytes = 0;  ///< truncate: bytes kept; wrong_length: added to the true length
    std::int64_t count = 1;  ///< orders_change: orders touched
    int status = 0;          ///< error, expired_token
    std::string code;        ///< error
};

std::string_view fault_name(FaultKind kind);

class FaultPlan {
public:
    /// Adds one fault from its JSON object. Returns what is wrong with it, or nothing.
    std::optional<std::string> add(const boost::json::value& description);
    /// The fault of this kind that strikes this call, counted down; or nothing.
    std::optional<Fault> take(FaultKind kind, std::string_view operation, std::string_view shop);
    void clear() { faults_.clear(); }
    bool empty() const { return faults_.empty(); }
    /// All faults, spent ones too, as JSON.
    boost::json::value list() const;

private:
    std::vector<Fault> faults_;
    std::uint64_t next_id_ = 1;
};

}  // namespace entrepot::sim
