// Shared by the demo and the benchmarks, which import a file as a person would.
#include "app/import_settings.hpp"

namespace entrepot::app {

boost::json::object accepted_settings(const boost::json::value& preview) {
    boost::json::object out{{"mode", "skip_bad"}, {"number_format", preview.at("decimal")}};
    for (const char* name : {"encoding", "delimiter", "mapping", "date_format", "time_zone",
                             "currency", "rules", "charges", "create_skus"})
        if (const auto& value = preview.at(name); !value.is_null()) out[name] = value;
    return out;
}

}  // namespace entrepot::app
