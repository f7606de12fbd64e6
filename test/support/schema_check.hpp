// Checks a JSON value against the JSON Schema subset that our OpenAPI document uses.
#pragma once

#include <boost/json/value.hpp>
#include <string>
#include <vector>

namespace entrepot::test {

/// Every disagreement as "pointer: what"; empty = the value fits.
std::vector<std::string> misfits(const boost::json::value& value, const boost::json::value& schema);

}  // namespace entrepot::test
