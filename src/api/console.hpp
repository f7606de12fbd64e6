// The console's files, embedded in the binary.
#pragma once

#include "platform/http/types.hpp"

namespace entrepot::api {

/// A file of the console with its cache headers; unknown paths without a dot get index.html (deep
/// links); others 404.
http::Response console_file(const http::Request& request);

}  // namespace entrepot::api
