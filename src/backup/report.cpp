// The two lines, their check, and the words for people.
#include "backup/report.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "base/text.hpp"
#include "platform/audit/hash.hpp"
#include "platform/json/writer.hpp"

namespace entrepot::backup {

// The second line.
struct SignatureLine {
    std::string algorithm, key, signature;
};
BOOST_DESCRIBE_STRUCT(SignatureLine, (), (algorithm, key, signature))

namespace {
constexpr std::size_t tables_shown = 12;

std::string seconds(std::int64_t ms) {
    return std::to_string(ms / 1000) + '.' + std::to_string(ms % 1000 / 100) + " s";
}

template <std::size_t Size>
std::optional<std::array<std::uint8_t, Size>> bytes(const boost::json::value& line,
                                                    const char* name) {
    const auto* found = line.is_object() ? line.as_object().if_contains(name) : nullptr;
    if (found == nullptr || !found->is_string()) return std::nullopt;
    const auto raw = text::from_hex(std::string_view(found->as_string()));
    if (!raw || raw->size() != Size) return std::nullopt;
    std::array<std::uint8_t, Size> out{};
    std::copy(raw->begin(), raw->end(), out.begin());
    return out;
}

std::string tables_text(const Report& report) {
    std::string out;
    std::size_t differ = 0;
    for (const TableCount& table : report.tables) {
        if (table.restored == table.live || ++differ > tables_shown) continue;
        out += "    " + table.table + ": " + std::to_string(table.restored) + " of " +
               std::to_string(table.live) + (table.append_only ? " (append-only)\n" : "\n");
    }
    if (differ > tables_shown)
        out += "    and " + std::to_string(differ - tables_shown) + " more, in the report\n";
    return "  tables            " + std::to_string(report.tables.size()) + " counted, " +
           std::to_string(differ) + " have other rows now\n" + out;
}
}  // namespace

std::string signed_report(const Report& report, const audit::Signer& signer) {
    const std::string line = json::to_json(report);
    const SignatureLine signature{"Ed25519", text::to_hex(signer.public_key),
                                  text::to_hex(signer.sign(line))};
    return line + '\n' + json::to_json(signature) + '\n';
}

std::string verify_report(const std::string& file, const std::optional<audit::PublicKey>& key) {
    const auto end = file.find('\n');
    if (end == std::string::npos) return "it has no signature";
    const std::string_view line = std::string_view(file).substr(0, end);
    boost::system::error_code error;
    const boost::json::value second =
        boost::json::parse(text::trim(std::string_view(file).substr(end)), error);
    const auto named = bytes<32>(second, "key");
    const auto signature = bytes<64>(second, "signature");
    if (error || !named || !signature) return "it has no signature";
    if (key && *key != *named) return "it was signed with another key";
    if (!audit::is_signed_by(*named, line, *signature)) return "it is not what was signed";
    return {};
}

std::string summary(const Report& report) {
    const vault::DrillTally& buyers = report.buyers;
    std::string out = "Drill " + report.id.text() + '\n';
    out += "  backup            " + report.label.value_or("none") + " of repository " +
           std::to_string(report.repository) + ", restored to: " + report.target + '\n';
    if (report.backup_finished_at)
        out += "  made              " + format_instant(*report.backup_finished_at) + '\n';
    if (report.newest_in_backup)
        out += "  newest change     " + format_instant(*report.newest_in_backup) + '\n';
    out += "  buyers            erased: " +
           std::to_string(buyers.erased_tried - buyers.erased_opened) + " of " +
           std::to_string(buyers.erased_tried) +
           " cannot be read; live: " + std::to_string(buyers.live_opened) + " of " +
           std::to_string(buyers.live_tried) + " read\n";
    out += tables_text(report);
    out += "  orders            " + std::to_string(report.orders.compared) +
           " compared: " + std::to_string(report.orders.same) + " the same to the cent, " +
           std::to_string(report.orders.moved_on) + " changed since, " +
           std::to_string(report.orders.differ) + " differ\n";
    if (report.trail.size == 0)
        out += "  audit             nothing was sealed yet\n";
    else
        out += "  audit             checkpoint " + std::to_string(report.trail.checkpoint) +
               " over " + std::to_string(report.trail.size) + " rows " +
               (report.trail.begins_the_live_tree ? "begins the running tree\n"
                                                  : "does NOT begin the running tree\n");
    out += "  time to restore   " + seconds(report.restore_ms) + ", with every check " +
           seconds(report.rto_ms) + " (RTO)\n";
    if (report.rpo_ms)
        out += "  lost at most      " + seconds(*report.rpo_ms) + " of changes (RPO)\n";
    for (const std::string& fault : report.faults) out += "  FAULT             " + fault + '\n';
    return out + (report.faults.empty() ? "  passed\n" : "  FAILED\n");
}

}  // namespace entrepot::backup
