// Checks a JSON value against a definition of an official swagger model (the subset they use).
#pragma once

#include <boost/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace entrepot::sim::test {

/// One swagger 2.0 file.
class Model {
public:
    /// Throws std::runtime_error when the file cannot be read.
    explicit Model(const std::string& path);

    /// What is wrong with a reply of this operation; empty when it fits. Members that the model
    /// does not know are reported too.
    std::vector<std::string> check_reply(std::string_view path, std::string_view method, int status,
                                         const boost::json::value* body) const;

private:
    void check(const boost::json::value& value, const boost::json::object& schema,
               const std::string& at, std::vector<std::string>& problems) const;
    void check_object(const boost::json::object& value, const boost::json::object& schema,
                      const std::string& at, std::vector<std::string>& problems) const;
    void check_text(std::string_view value, const boost::json::object& schema,
                    const std::string& at, std::vector<std::string>& problems) const;
    const boost::json::object& resolve(const boost::json::object& schema) const;

    boost::json::value root_;
};

}  // namespace entrepot::sim::test
