// What the simulator keeps between runs: its start, how time went, and the shipments it was told
// of. The world itself is made from the seed again; the journal only repeats what came from
// outside.
#pragma once

#include <boost/json/value.hpp>
#include <optional>
#include <string>
#include <vector>

#include "sim/world.hpp"

namespace entrepot::sim {

/// A stretch of simulated time in which orders arrived in one way.
struct Stretch {
    Millis until = 0;
    Arrivals arrivals;
};

/// Where the clock stood at which wall time, and how fast it ran.
struct ClockState {
    Millis now = 0;
    Millis wall = 0;
    double speed = 1.0;
};

class Journal {
public:
    /// Reads what is there. Throws std::runtime_error when a file is damaged.
    explicit Journal(std::string directory);

    bool resumed() const { return start_.has_value(); }
    std::optional<Millis> start() const { return start_; }
    /// Parameters of the world as text; a world with others must not be resumed.
    const std::string& fingerprint() const { return fingerprint_; }
    const ClockState& clock() const { return clock_; }
    void set_clock(ClockState clock) { clock_ = clock; }
    const std::vector<Stretch>& stretches() const { return stretches_; }
    /// Things from outside in the order in which they happened; each has `at` and `kind`.
    const std::vector<boost::json::value>& acts() const { return acts_; }

    void begin(Millis start, std::string fingerprint);
    /// The world was advanced until here under these arrivals. Kept in memory until save().
    void advanced(Millis until, Arrivals arrivals);
    /// Appends one act; on disk when this returns.
    void record(const boost::json::value& act);
    void save() const;

private:
    std::string directory_;
    std::optional<Millis> start_;
    std::string fingerprint_;
    ClockState clock_;
    std::vector<Stretch> stretches_;
    std::vector<boost::json::value> acts_;
};

}  // namespace entrepot::sim
