// Slim precompiled header of business modules: std, awaitable, JSON values. No sockets, no libpq.
#pragma once
#include <array>
#include <boost/asio/awaitable.hpp>
#include <boost/describe.hpp>
#include <boost/json/value.hpp>
#include <boost/mp11.hpp>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>
