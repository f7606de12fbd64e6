// The command line of marketsim.
// Files named by options are read here, so that everything after works on content.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sim/server.hpp"
#include "sim/simulator.hpp"

namespace entrepot::sim {

struct CommandLine {
    Settings settings;
    ServerOptions server;
    std::string plan_json;
    std::string write_certificate;  ///< file for the certificate, or empty
    bool help = false;
};

/// The text of --help.
std::string usage();

/// Reads the arguments (without the program's name). Throws std::runtime_error with a message for
/// the user when one is unknown or wrong.
CommandLine parse_command_line(const std::vector<std::string>& arguments);

}  // namespace entrepot::sim
