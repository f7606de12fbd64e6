// What the import wizard sends when a person accepts what the preview proposes.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

namespace entrepot::app {

/// Body of POST /imports/{id}/run from the answer of GET /imports/{id}/preview; bad rows are
/// skipped.
boost::json::object accepted_settings(const boost::json::value& preview);

}  // namespace entrepot::app
