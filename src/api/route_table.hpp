// Finds the route of a path. Literal segments win over parameters.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "platform/module.hpp"

namespace entrepot::api {

class RouteTable {
public:
    struct Found {
        const http::Route* route = nullptr;
        std::string allowed;  ///< other methods of this path; empty = no such path
    };
    explicit RouteTable(std::span<const Module> modules) {
        for (const Module& module : modules)
            for (const http::Route& route : module.routes)
                lines_.push_back({&route, text::split(route.path.substr(1), '/')});
        std::sort(lines_.begin(), lines_.end(), [](const Line& a, const Line& b) {
            return std::pair(parameters(a), a.route->path) <
                   std::pair(parameters(b), b.route->path);
        });
    }

    /// Fills `values` with the decoded path parameters of the route found.
    Found find(http::Method method, std::string_view path,
               std::vector<std::pair<std::string, std::string>>& values) const {
        Found found;
        if (path.empty() || path[0] != '/') return found;
        const auto segments = text::split(path.substr(1), '/');
        for (const Line& line : lines_) {
            if (!matches(line, segments)) continue;
            if (line.route->method == method) {
                if (take_values(line, segments, values)) found.route = line.route;
                return found;
            }
            found.allowed += (found.allowed.empty() ? "" : ", ") +
                             std::string(http::method_name(line.route->method));
        }
        return found;
    }

private:
    struct Line {
        const http::Route* route;
        std::vector<std::string_view> segments;
    };
    static bool is_parameter(std::string_view segment) {
        return !segment.empty() && segment[0] == '{';
    }
    static std::ptrdiff_t parameters(const Line& line) {
        return std::count_if(line.segments.begin(), line.segments.end(), is_parameter);
    }
    static bool matches(const Line& line, const std::vector<std::string_view>& segments) {
        if (line.segments.size() != segments.size()) return false;
        for (std::size_t i = 0; i < segments.size(); ++i)
            if (is_parameter(line.segments[i]) ? segments[i].empty()
                                               : line.segments[i] != segments[i])
                return false;
        return true;
    }
    static bool take_values(const Line& line, const std::vector<std::string_view>& segments,
                            std::vector<std::pair<std::string, std::string>>& values) {
        values.clear();
        for (std::size_t i = 0; i < segments.size(); ++i) {
            if (!is_parameter(line.segments[i])) continue;
            auto value = text::percent_decode(segments[i]);
            if (!value || !text::is_utf8(*value) || text::has_control(*value)) return false;
            values.emplace_back(
                std::string(line.segments[i].substr(1, line.segments[i].size() - 2)),
                std::move(*value));
        }
        return true;
    }
    std::vector<Line> lines_;
};

}  // namespace entrepot::api
