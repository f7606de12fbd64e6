// entrepot-audit-verify: verifies an exported trail without a database. Exit codes: 0 everything
// fits, 1 it could not be verified (a file that cannot be read), 2 wrong usage, 3 something was
// found.
#include <CLI/CLI.hpp>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <thread>

#include "audit_verify/verifier.hpp"
#include "base/text.hpp"

namespace entrepot::audit_verify {
namespace {
constexpr int found = 3;
constexpr std::size_t piece_bytes = std::size_t{2} << 20;
/// No row is longer: an act's detail is a few kilobytes.
constexpr std::size_t line_bytes_max = std::size_t{16} << 20;

/// The lines of a file in large pieces.
Input open_file(const std::string& path) {
    const std::shared_ptr<std::FILE> file(std::fopen(path.c_str(), "rbe"), [](std::FILE* open) {
        if (open != nullptr) std::fclose(open);
    });
    if (!file) throw std::runtime_error("cannot read " + path + ": " + std::strerror(errno));
    auto rest = std::make_shared<std::string>();
    return {path, [file, rest, path](std::string& out) {
                out = std::exchange(*rest, {});
                for (;;) {
                    const std::size_t before = out.size();
                    out.resize(before + piece_bytes);
                    const std::size_t read =
                        std::fread(out.data() + before, 1, piece_bytes, file.get());
                    out.resize(before + read);
                    if (std::ferror(file.get()) != 0)
                        throw std::runtime_error("cannot read " + path);
                    if (read == 0) return !out.empty();
                    const std::size_t end = out.rfind('\n');
                    if (end != out.npos) {
                        *rest = out.substr(end + 1);
                        out.resize(end + 1);
                        return true;
                    }
                    if (out.size() > line_bytes_max)
                        throw std::runtime_error(path + " has a line that is too long");
                }
            }};
}

audit::PublicKey key_of(const std::string& words) {
    const auto bytes = audit::hash_of_hex(words);
    if (!bytes)
        throw CLI::ValidationError("--public-key",
                                   "64 hexadecimal digits, as `entrepot audit key` "
                                   "prints them");
    return *bytes;
}

std::optional<audit::Seen> read_seen(const std::string& path) {
    if (path.empty()) return std::nullopt;
    std::ifstream file(path);
    std::string line;
    if (!std::getline(file, line)) throw std::runtime_error("cannot read " + path);
    const auto read = audit::read_line(line);
    if (read && std::holds_alternative<audit::Seen>(*read)) return std::get<audit::Seen>(*read);
    // A line of a copy of the checkpoints serves too.
    if (read && std::holds_alternative<audit::Checkpoint>(*read))
        return audit::Seen{{}, 0, 0, std::get<audit::Checkpoint>(*read)};
    throw std::runtime_error(path + " holds nothing that was seen by a verification");
}

std::string place_words(const Finding& finding) {
    std::string out = finding.file;
    if (finding.line != 0) out += ':' + std::to_string(finding.line);
    if (finding.positions && finding.positions->first == finding.positions->last)
        out += ", position " + std::to_string(finding.positions->first);
    else if (finding.positions)
        out += ", positions " + std::to_string(finding.positions->first) + " to " +
               std::to_string(finding.positions->last);
    if (finding.checkpoint) out += ", checkpoint " + std::to_string(*finding.checkpoint);
    return out;
}

std::string text_of_report(const Report& report) {
    std::string out;
    for (const Finding& finding : report.findings.first())
        out += std::string(fault_name(finding.fault)) + ": " + place_words(finding) + ": " +
               finding.words + '\n';
    out += "rows: " + std::to_string(report.rows) +
           ", checkpoints: " + std::to_string(report.checkpoints) +
           ", findings: " + std::to_string(report.findings.count());
    if (report.seen)
        out += "; all fits up to " + format_instant(report.seen->checkpoint.at) + ", checkpoint " +
               std::to_string(report.seen->checkpoint.number) + ", root " +
               audit::hex_of(report.seen->checkpoint.root);
    return out + '\n';
}

void add_number(std::string& out, const char* name, std::optional<std::uint64_t> value) {
    out += std::string(",\"") + name + "\":" + (value ? std::to_string(*value) : "null");
}

std::string json_text(std::string_view words) {
    std::string out = "\"";
    for (const char c : words) {
        if (c == '"' || c == '\\') out += '\\';
        out += static_cast<unsigned char>(c) < 0x20 ? '?' : c;
    }
    return out + '"';
}

std::string json_of_report(const Report& report) {
    std::string out = "{\"good\":" + std::string(report.good() ? "true" : "false");
    add_number(out, "rows", report.rows);
    add_number(out, "checkpoints", report.checkpoints);
    add_number(out, "findings", report.findings.count());
    out += ",\"first\":[";
    for (const Finding& finding : report.findings.first()) {
        if (out.back() != '[') out += ',';
        out += "{\"fault\":" + json_text(fault_name(finding.fault));
        out += ",\"file\":" + json_text(finding.file);
        add_number(out, "line", finding.line);
        const auto& place = finding.positions;
        add_number(out, "first_position", place ? std::optional(place->first) : std::nullopt);
        add_number(out, "last_position", place ? std::optional(place->last) : std::nullopt);
        add_number(out, "checkpoint", finding.checkpoint);
        out += ",\"words\":" + json_text(finding.words) + '}';
    }
    return out + "]}\n";
}

struct Arguments {
    std::vector<std::string> files, keys, copies;
    std::string since, save, until;
    unsigned threads = std::max(1U, std::thread::hardware_concurrency());
    bool json = false;
};

void declare(CLI::App& program, Arguments& in) {
    program.add_option("FILE", in.files, "Exports by `entrepot audit export`")->required();
    program
        .add_option("--public-key", in.keys,
                    "Key that signs the checkpoints (`entrepot audit key`); once more for each "
                    "earlier key")
        ->required();
    program.add_option("--copy", in.copies,
                       "Checkpoints that were kept off the database (checkpoints.jsonl)");
    program.add_option("--copy-until", in.until,
                       "Of the copies, only what is not later than this: 2026-11-22T09:00:00Z");
    program.add_option("--since", in.since, "What an earlier verification has saved with --save");
    program.add_option("--save", in.save, "Where to save what was seen, when all fits");
    program.add_option("--threads", in.threads, "Threads that read and hash")
        ->capture_default_str();
    program.add_flag("--json", in.json, "Print the result as JSON");
    program.footer("Exit codes: 0 all fits, 1 not verified, 2 wrong usage, 3 something was found");
}

int run(const Arguments& in) {
    Options options;
    for (const std::string& words : in.keys) options.keys.push_back(key_of(words));
    options.threads = in.threads;
    if (!in.until.empty()) {
        options.copies_until = parse_instant(in.until);
        if (!options.copies_until)
            throw CLI::ValidationError("--copy-until", "a moment as 2026-11-22T09:00:00Z");
    }
    bool good = true;
    for (const std::string& path : in.files) {
        std::vector<Input> copies;
        for (const std::string& copy : in.copies) copies.push_back(open_file(copy));
        const Report report =
            verify(open_file(path), std::move(copies), read_seen(in.since), options);
        const std::string words = in.json ? json_of_report(report) : text_of_report(report);
        std::fputs(words.c_str(), stdout);
        good = good && report.good();
        if (report.seen && !in.save.empty()) {
            std::string line;
            audit::write_line(line, *report.seen);
            std::ofstream file(in.save, std::ios::trunc);
            file << line;
            if (!file.flush()) throw std::runtime_error("cannot write " + in.save);
        }
    }
    return good ? 0 : found;
}
}  // namespace
}  // namespace entrepot::audit_verify

int main(int argc, char** argv) {
    CLI::App program("Verifies an exported trail of audit rows, without a database",
                     "entrepot-audit-verify");
    entrepot::audit_verify::Arguments arguments;
    entrepot::audit_verify::declare(program, arguments);
    try {
        program.parse(argc, argv);
        return entrepot::audit_verify::run(arguments);
    } catch (const CLI::ParseError& e) {
        return program.exit(e) == 0 ? 0 : 2;
    } catch (const std::exception& e) {
        std::fprintf(stderr, "entrepot-audit-verify: %s\n", e.what());
        return 1;
    }
}
