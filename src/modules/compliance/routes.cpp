// Route lines of compliance.
#include "modules/compliance/routes.hpp"

#include "modules/compliance/incidents.hpp"
#include "modules/compliance/service.hpp"

namespace entrepot::compliance {
namespace {
using enum Permission;
constexpr http::Route table[] = {
    http::get<&get_promises>("/compliance/promises", compliance_read,
                             "Every promise of the privacy policies, with its state."),
    http::get<&get_promise>("/compliance/promises/{promise}", compliance_read,
                            "One promise: its control, its proof and the history of it."),
    http::post<&check_now>("/compliance/check", compliance_write, "Run every check now."),
    http::get<&get_incidents>("/incidents", compliance_read, "Incidents, newest first."),
    http::get<&get_incident>("/incidents/{id}", compliance_read, "One incident."),
    http::post<&close_incident>("/incidents/{id}/close", compliance_write,
                                "Close an incident with a note; not one about oneself."),
};
}  // namespace

std::span<const http::Route> routes() {
    return table;
}

}  // namespace entrepot::compliance
