// A keyd for tests: the real keyring and socket on a thread of their own, with the tests' clock.
#pragma once

#include <memory>
#include <string>

#include "platform/runtime/clock.hpp"

namespace entrepot::test {

class TestKeyd {
public:
    /// `admin` and `owner` connect to the cluster; a database `name` is made in it. Listens on
    /// `socket`, or on one in `dir`.
    TestKeyd(const std::string& admin, const std::string& owner, const std::string& keyd,
             std::string dir, Clock& clock, const std::string& name = "keyring",
             std::string socket = {});
    ~TestKeyd();
    TestKeyd(const TestKeyd&) = delete;
    TestKeyd& operator=(const TestKeyd&) = delete;

    std::string socket() const;
    std::string owner_conninfo() const;
    /// Keyd goes away, and comes back with what it had.
    void stop();
    void start();
    /// The clockwork, now: turns the epoch when it is old enough, destroys roots in time.
    void tick();

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace entrepot::test
