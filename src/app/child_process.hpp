// A child program that dies with us: marketsim in the demo.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace entrepot::app {

class ChildProcess {
public:
    /// Starts the program and waits until it has printed a line that contains `ready`; throws when
    /// it ends before.
    ChildProcess(const std::string& program, const std::vector<std::string>& arguments,
                 const std::string& ready);
    ~ChildProcess();
    ChildProcess(const ChildProcess&) = delete;
    ChildProcess& operator=(const ChildProcess&) = delete;
    const std::string& ready_line() const { return ready_line_; }
    pid_t process() const { return process_; }
    /// False once it has ended by itself.
    bool alive();
    /// SIGTERM, five seconds, SIGKILL.
    void stop();

private:
    pid_t process_ = -1;
    std::string ready_line_;
};

}  // namespace entrepot::app
