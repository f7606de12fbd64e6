// What /proc knows of processes: CPU time, memory, load.
#include <time.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "bench.hpp"

namespace entrepot::bench {
namespace fs = std::filesystem;
namespace {
struct Stat {
    int parent = 0;
    double own_s = 0;       ///< all threads
    double children_s = 0;  ///< ended and waited for
};

Stat read_stat(const std::string& pid) {
    std::ifstream file("/proc/" + pid + "/stat");
    const std::string text(std::istreambuf_iterator<char>(file), {});
    // The name stands in parentheses and may hold anything.
    const auto end_of_name = text.rfind(')');
    if (end_of_name == std::string::npos) return {};
    std::istringstream fields(text.substr(end_of_name + 2));
    const auto tick = static_cast<double>(::sysconf(_SC_CLK_TCK));
    std::string word;
    Stat out;
    for (int field = 3; fields >> word && field <= 17; ++field) {
        if (field == 4) out.parent = std::stoi(word);
        if (field == 14 || field == 15) out.own_s += std::stod(word) / tick;
        if (field == 16 || field == 17) out.children_s += std::stod(word) / tick;
    }
    return out;
}
}  // namespace

double cpu_of_process(int pid) {
    const Stat stat = read_stat(std::to_string(pid));
    return stat.own_s + stat.children_s;
}

double cpu_of_tree(int pid) {
    std::map<int, Stat> all;
    for (const auto& entry : fs::directory_iterator("/proc")) {
        const std::string name = entry.path().filename();
        if (name.find_first_not_of("0123456789") == std::string::npos)
            all.emplace(std::stoi(name), read_stat(name));
    }
    double sum = 0;
    for (const auto& [process, stat] : all) {
        int up = process;
        for (int depth = 0; depth < 16 && up != pid && all.contains(up); ++depth)
            up = all.at(up).parent;
        if (up == pid) sum += stat.own_s + stat.children_s;
    }
    return sum;
}

double cpu_of_thread() {
    timespec now{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

double peak_memory_mb(int pid) {
    std::ifstream file("/proc/" + std::to_string(pid) + "/status");
    for (std::string line; std::getline(file, line);)
        if (line.starts_with("VmHWM:")) return std::stod(line.substr(6)) / 1024;
    return 0;
}

void forget_peak_memory(int pid) {
    std::ofstream("/proc/" + std::to_string(pid) + "/clear_refs") << "5";
}

double load_of_machine() {
    double load = 0;
    std::ifstream("/proc/loadavg") >> load;
    return load;
}

}  // namespace entrepot::bench
