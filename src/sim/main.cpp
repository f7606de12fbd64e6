// marketsim: starts the simulator and serves it until it is told to stop.
// Exit codes: 0 stopped as asked, 1 could not start or run, 2 wrong command line.
#include <fstream>
#include <iostream>
#include <vector>

#include "sim/command_line.hpp"

namespace {

int serve(entrepot::sim::CommandLine line) {
    using namespace entrepot::sim;
    Simulator simulator(std::move(line.settings));
    if (!line.plan_json.empty()) {
        if (const auto problem = simulator.apply_plan(line.plan_json)) {
            std::cerr << "marketsim: --plan: " << *problem << '\n';
            return 2;
        }
    }
    if (!line.write_certificate.empty() && line.server.certificate) {
        std::ofstream out(line.write_certificate);
        out << line.server.certificate->certificate_pem;
        if (!out.flush()) {
            std::cerr << "marketsim: cannot write " << line.write_certificate << '\n';
            return 1;
        }
    }
    const bool tls = line.server.certificate.has_value();
    const std::string address = line.server.address;
    Server server(simulator, std::move(line.server));
    std::cout << "marketsim listening on " << (tls ? "https://" : "http://") << address << ':'
              << server.port() << std::endl;
    server.run(true);
    return 0;
}

}  // namespace

int main(int count, char** values) {
    try {
        auto line =
            entrepot::sim::parse_command_line(std::vector<std::string>(values + 1, values + count));
        if (line.help) {
            std::cout << entrepot::sim::usage();
            return 0;
        }
        try {
            return serve(std::move(line));
        } catch (const std::exception& problem) {
            std::cerr << "marketsim: " << problem.what() << '\n';
            return 1;
        }
    } catch (const std::exception& problem) {
        std::cerr << "marketsim: " << problem.what() << '\n';
        return 2;
    }
}
