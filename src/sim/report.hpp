// Flat-file order reports: what a report holds, and its bytes in the marketplace's charset.
// Rendering only; the life cycle of a report is served by api_reports.cpp.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/world.hpp"

namespace entrepot::sim {

enum class ReportStatus : std::uint8_t { in_queue, in_progress, done, cancelled, fatal };
std::string_view report_status_name(ReportStatus status);

struct ReportJob {
    std::string id;
    std::size_t shop = 0;
    std::string type;
    bool by_update = true;
    bool to_ship = false;  ///< unshipped merchant orders with their buyers; restricted
    unsigned marketplaces = 0;
    std::vector<std::string> marketplace_ids;
    Millis data_start = 0;
    Millis data_end = 0;
    Millis created = 0;
    Millis created_wall = 0;
    std::optional<ReportStatus> final_status;
    Millis finished = 0;
    std::string document_id;
    std::string content_type;
    bool fail = false, come_empty = false, stuck = false, wrong_charset = false,
         double_gzip = false;
};

/// The table as UTF-8 text with CRLF lines. `rows` receives the number of data rows.
std::string report_table(const World& world, const ReportJob& job, std::size_t& rows);

/// UTF-8 text in another charset; characters it lacks become `?`.
std::string encode(std::string_view utf8, Charset charset);
std::string_view charset_name(Charset charset);
std::string gzip(std::string_view bytes);

}  // namespace entrepot::sim
