// Reports 2021-06-30: createReport, getReport, getReports, cancelReport, getReportDocument, and the
// download behind a presigned link. Two order reports can be asked for.
#include <algorithm>
#include <boost/json.hpp>

#include "sim/simulator.hpp"

namespace entrepot::sim {

namespace json = boost::json;

namespace {

constexpr std::string_view by_update_type = "GET_FLAT_FILE_ALL_ORDERS_DATA_BY_LAST_UPDATE_GENERAL";
constexpr std::string_view by_order_type = "GET_FLAT_FILE_ALL_ORDERS_DATA_BY_ORDER_DATE_GENERAL";
/// Orders to ship, with their buyers: its document opens only with a restricted data token.
constexpr std::string_view to_ship_type = "GET_FLAT_FILE_ACTIONABLE_ORDER_DATA_SHIPPING";
constexpr Millis link_life = 5 * minute_ms;
constexpr Millis default_range = 30 * day_ms;
constexpr Millis longest_range = 31 * day_ms;

std::string report_id_of(std::size_t number) {
    return std::to_string(50'000'000'000 + 17 * number + 20'301);
}

// Marketplaces of the request as bits; 0 when one is not the seller's.
unsigned read_marketplaces(const json::value* list, std::size_t shop,
                           std::vector<std::string>& ids) {
    if (!list || !list->is_array() || list->get_array().empty() || list->get_array().size() > 25)
        return 0;
    unsigned bits = 0;
    const Shop& seller = shops()[shop];
    for (const json::value& id : list->get_array()) {
        if (!id.is_string()) return 0;
        const std::string_view text = id.get_string();
        std::size_t found = 0;
        while (found < seller.marketplace_count &&
               marketplaces()[seller.marketplaces[found]].id != text)
            ++found;
        if (found == seller.marketplace_count) return 0;
        bits |= 1U << seller.marketplaces[found];
        ids.emplace_back(text);
    }
    return bits;
}

// False when the member is there and is no time.
bool read_time(const json::object& object, std::string_view name, std::optional<Millis>& into) {
    const json::value* value = object.if_contains(name);
    if (!value) return true;
    if (value->is_string()) into = parse_iso(value->get_string());
    return into.has_value();
}

bool options_are_strings(const json::object& object) {
    const json::value* options = object.if_contains("reportOptions");
    if (!options) return true;
    if (!options->is_object()) return false;
    const auto& members = options->get_object();
    return std::all_of(members.begin(), members.end(),
                       [](const auto& member) { return member.value().is_string(); });
}

bool contains(const std::vector<std::string>& list, std::string_view value) {
    return list.empty() || std::find(list.begin(), list.end(), value) != list.end();
}

}  // namespace

Response Simulator::create_report(Call& call) {
    boost::system::error_code error;
    const json::value body = json::parse(call.request.body, error);
    if (error || !body.is_object()) return bad_input("The request body is not a JSON object.");
    const json::object& object = body.get_object();
    for (const auto& member : object) {
        const std::string_view name = member.key();
        if (name != "reportType" && name != "marketplaceIds" && name != "dataStartTime" &&
            name != "dataEndTime" && name != "reportOptions") {
            return bad_input("Unknown member '" + std::string(name) + "'.");
        }
    }
    const json::value* type = object.if_contains("reportType");
    const std::string_view type_text =
        type && type->is_string() ? std::string_view(type->get_string()) : std::string_view();
    if (type_text != by_update_type && type_text != by_order_type && type_text != to_ship_type)
        return bad_input("The report type is not available.");
    if (type_text == to_ship_type && !settings_.pii_role[call.caller.shop])
        return error_response(403, "Unauthorized", "Access to requested resource is denied.",
                              "The application has no role for this report type.");
    ReportJob job;
    job.marketplaces = read_marketplaces(object.if_contains("marketplaceIds"), call.caller.shop,
                                         job.marketplace_ids);
    if (job.marketplaces == 0)
        return bad_input("marketplaceIds must hold 1 to 25 marketplaces of the seller.");
    std::optional<Millis> start, end;
    if (!read_time(object, "dataStartTime", start) || !read_time(object, "dataEndTime", end)) {
        return bad_input("dataStartTime and dataEndTime must be ISO 8601 dates.");
    }
    if (!options_are_strings(object))
        return bad_input("reportOptions must be an object of strings.");
    job.data_end = end.value_or(call.now);
    job.data_start = start.value_or(job.data_end - default_range);
    if (job.data_start > call.now || job.data_start > job.data_end)
        return bad_input("dataStartTime must not be in the future nor after dataEndTime.");
    job.data_end = std::min(job.data_end, call.now);
    job.id = report_id_of(reports_.size());
    job.shop = call.caller.shop;
    job.type = type_text;
    job.by_update = type_text == by_update_type;
    job.to_ship = type_text == to_ship_type;
    job.created = call.now;
    job.created_wall = wall_();
    job.fail = job.data_end - job.data_start > longest_range ||
               strikes(FaultKind::report_fatal, call.operation, job.shop);
    job.come_empty = strikes(FaultKind::report_cancelled, call.operation, job.shop);
    job.stuck = strikes(FaultKind::report_stuck, call.operation, job.shop);
    job.wrong_charset = strikes(FaultKind::report_charset, call.operation, job.shop);
    job.double_gzip = strikes(FaultKind::report_double_gzip, call.operation, job.shop);
    std::string out;
    JsonWriter writer(out);
    writer.begin_object();
    writer.member("reportId", job.id);
    writer.end_object();
    reports_.push_back(std::move(job));
    return json_response(std::move(out), 202);
}

ReportStatus Simulator::status_of(ReportJob& job) {
    if (job.final_status) return *job.final_status;
    const Millis age = wall_() - job.created_wall;
    if (job.stuck || age < settings_.report_delay / 4) return ReportStatus::in_queue;
    if (age < settings_.report_delay) return ReportStatus::in_progress;
    finish(job);
    return *job.final_status;
}

void Simulator::finish(ReportJob& job) {
    job.finished = std::max(clock_.now(), job.created);
    if (job.fail) {
        job.final_status = ReportStatus::fatal;
        return;
    }
    std::size_t rows = 0;
    const std::string table = job.come_empty ? std::string() : report_table(*world_, job, rows);
    if (rows == 0) {
        job.final_status = ReportStatus::cancelled;
        return;
    }
    const Charset own = marketplaces()[shops()[job.shop].marketplaces[0]].report_charset;
    Charset used = own;
    if (job.wrong_charset) used = own == Charset::utf8 ? Charset::windows_1252 : Charset::utf8;
    job.content_type = "text/plain; charset=" + std::string(charset_name(own));
    std::string bytes = gzip(encode(table, used));
    if (job.double_gzip) bytes = gzip(bytes);
    job.document_id = "amzn1.spdoc.1.4.sim." + sealer_.derived_hex("document " + job.id, 16);
    documents_[job.document_id] = std::move(bytes);
    job.final_status = ReportStatus::done;
}

void Simulator::write_report(JsonWriter& json, ReportJob& job) {
    const ReportStatus status = status_of(job);
    json.begin_object();
    json.member("reportId", job.id);
    json.member("reportType", job.type);
    json.member("dataStartTime", iso_millis(job.data_start));
    json.member("dataEndTime", iso_millis(job.data_end));
    json.key("marketplaceIds");
    json.begin_array();
    for (const std::string& id : job.marketplace_ids) json.string(id);
    json.end_array();
    json.member("createdTime", iso_millis(job.created));
    json.member("processingStatus", report_status_name(status));
    if (status != ReportStatus::in_queue)
        json.member("processingStartTime", iso_millis(job.created));
    if (job.final_status) json.member("processingEndTime", iso_millis(job.finished));
    if (status == ReportStatus::done) json.member("reportDocumentId", job.document_id);
    json.end_object();
}

ReportJob* Simulator::find_report(std::size_t shop, std::string_view id) {
    for (ReportJob& job : reports_) {
        if (job.shop == shop && job.id == id) return &job;
    }
    return nullptr;
}

Response Simulator::get_report(Call& call) {
    if (!call.request.query.empty()) return bad_input("The operation has no parameters.");
    ReportJob* job = find_report(call.caller.shop, call.path[3]);
    if (!job) return not_found("The report does not exist.");
    std::string out;
    JsonWriter writer(out);
    write_report(writer, *job);
    return json_response(std::move(out));
}

Response Simulator::cancel_report(Call& call) {
    ReportJob* job = find_report(call.caller.shop, call.path[3]);
    if (!job) return not_found("The report does not exist.");
    if (status_of(*job) != ReportStatus::in_queue)
        return bad_input("Only a report in the queue can be cancelled.");
    job->final_status = ReportStatus::cancelled;
    job->finished = call.now;
    return json_response("");
}

namespace {

struct ReportQuery {
    std::vector<std::string> types, statuses, marketplace_ids;
    std::size_t page_size = 10;
    std::size_t skip = 0;
    Millis since = 0, until = INT64_MAX;
};

std::string read_query(const Request& request, ReportQuery& query) {
    for (const auto& [name, value] : request.query) {
        const auto at = parse_iso(value);
        if (name == "reportTypes") {
            query.types = split_list(value);
            if (query.types.size() > 10) return "reportTypes has too many values.";
        } else if (name == "processingStatuses") {
            query.statuses = split_list(value);
        } else if (name == "marketplaceIds") {
            query.marketplace_ids = split_list(value);
            if (query.marketplace_ids.size() > 10) return "marketplaceIds has too many values.";
        } else if (name == "pageSize") {
            const bool digits = !value.empty() && value.size() <= 3 &&
                                value.find_first_not_of("0123456789") == std::string::npos;
            query.page_size = digits ? std::stoul(value) : 0;
            if (query.page_size < 1 || query.page_size > 100)
                return "pageSize must be a number from 1 to 100.";
        } else if (name == "createdSince" || name == "createdUntil") {
            if (!at) return name + " must be an ISO 8601 date.";
            (name == "createdSince" ? query.since : query.until) = *at;
        } else {
            return "The parameter '" + name + "' is not supported by this operation.";
        }
    }
    return {};
}

// What parse_form would read as something else.
std::string escaped(std::string_view value) {
    std::string out;
    for (const char c : value) {
        if (c == '%')
            out += "%25";
        else if (c == '+')
            out += "%2B";
        else if (c == '&')
            out += "%26";
        else
            out.push_back(c);
    }
    return out;
}

}  // namespace

Response Simulator::get_reports(Call& call) {
    Request effective = call.request;
    std::size_t skip = 0;
    if (const auto token = call.request.parameter("nextToken")) {
        if (call.request.query.size() != 1)
            return bad_input("nextToken must be the only parameter.");
        const auto content = sealer_.open("reports", *token);
        if (!content) return bad_input("nextToken is invalid.");
        skip = std::stoul(*content);
        effective.query = parse_form(std::string_view(*content).substr(content->find('?') + 1));
    } else if (!call.request.parameter("reportTypes")) {
        return bad_input("reportTypes or nextToken is required.");
    }
    ReportQuery query;
    if (const std::string problem = read_query(effective, query); !problem.empty())
        return bad_input(problem);
    std::vector<ReportJob*> found;
    for (auto job = reports_.rbegin(); job != reports_.rend(); ++job) {
        if (job->shop != call.caller.shop || !contains(query.types, job->type)) continue;
        if (job->created < query.since || job->created > query.until) continue;
        if (!contains(query.statuses, report_status_name(status_of(*job)))) continue;
        if (std::none_of(
                job->marketplace_ids.begin(), job->marketplace_ids.end(),
                [&](const std::string& id) { return contains(query.marketplace_ids, id); }))
            continue;
        found.push_back(&*job);
    }
    std::string out;
    JsonWriter writer(out);
    writer.begin_object();
    writer.key("reports");
    writer.begin_array();
    const std::size_t end = std::min(found.size(), skip + query.page_size);
    for (std::size_t i = skip; i < end; ++i) write_report(writer, *found[i]);
    writer.end_array();
    if (end < found.size()) {
        std::string rest = std::to_string(end) + "?";
        for (const auto& [name, value] : effective.query) rest += name + "=" + escaped(value) + "&";
        writer.member("nextToken", sealer_.seal("reports", rest));
    }
    writer.end_object();
    return json_response(std::move(out));
}

Response Simulator::get_report_document(Call& call) {
    bool encoded_header = false;
    for (const auto& [name, value] : call.request.query) {
        if (name != "enableContentEncodingUrlHeader" || (value != "true" && value != "false")) {
            return bad_input("The parameter '" + name + "' is not supported by this operation.");
        }
        encoded_header = value == "true";
    }
    const std::string& id = call.path[3];
    const auto job = std::find_if(reports_.begin(), reports_.end(), [&](const ReportJob& other) {
        return other.shop == call.caller.shop && other.document_id == id && !id.empty();
    });
    if (job == reports_.end()) return not_found("The report document does not exist.");
    if (job->to_ship && !call.caller.restricted)
        return error_response(403, "Unauthorized", "Access to requested resource is denied.",
                              "The report holds restricted data; a restricted data token is "
                              "needed.");
    std::string link = sealer_.seal(
        "link", std::to_string(call.now + link_life) + (encoded_header ? " 1 " : " 0 ") + id);
    // Links are paths, so they use the alphabet of URLs.
    std::replace(link.begin(), link.end(), '+', '-');
    std::replace(link.begin(), link.end(), '/', '_');
    std::string out;
    JsonWriter writer(out);
    writer.begin_object();
    writer.member("reportDocumentId", id);
    writer.member("url", settings_.base_url + "/documents/" + link);
    writer.member("compressionAlgorithm", "GZIP");
    writer.end_object();
    return json_response(std::move(out));
}

Response Simulator::document(const Request& request) {
    const auto refuse = [](int status, std::string_view code) {
        Response response;
        response.status = status;
        response.content_type = "application/xml";
        response.body = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>" +
                        std::string(code) + "</Code></Error>";
        return response;
    };
    if (request.method != "GET") return refuse(405, "MethodNotAllowed");
    // The storage takes a second authorisation beside the one in the link for a mistake.
    if (!request.header("authorization").empty() || !request.header("x-amz-access-token").empty())
        return refuse(400, "InvalidArgument");
    if (auto struck = strike_before("document", "*")) return std::move(*struck);
    const auto path = path_segments(request.path);
    std::string link = path.size() == 2 ? path[1] : std::string();
    std::replace(link.begin(), link.end(), '-', '+');
    std::replace(link.begin(), link.end(), '_', '/');
    const auto content = sealer_.open("link", link);
    if (!content) return refuse(403, "SignatureDoesNotMatch");
    const std::size_t space = content->find(' ');
    if (clock_.now() > std::stoll(content->substr(0, space))) return refuse(403, "AccessDenied");
    const std::string id = content->substr(space + 3);
    const auto stored = documents_.find(id);
    if (stored == documents_.end()) return refuse(404, "NoSuchKey");
    const auto job = std::find_if(reports_.begin(), reports_.end(),
                                  [&](const ReportJob& other) { return other.document_id == id; });
    Response response;
    response.body = stored->second;
    response.content_type = job->content_type;
    if ((*content)[space + 1] == '1') response.headers.emplace_back("Content-Encoding", "gzip");
    return response;
}

}  // namespace entrepot::sim
