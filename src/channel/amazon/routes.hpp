// The route table of the Amazon channel.
#pragma once

#include <span>

#include "platform/http/types.hpp"

namespace entrepot::amazon {

std::span<const http::Route> routes();

}  // namespace entrepot::amazon
