// How many orders have, or had, a capsule.
#pragma once

#include <boost/describe/class.hpp>
#include <cstdint>

namespace entrepot::vault {

struct Census {
    std::int64_t held;
    std::int64_t restricted;
    std::int64_t erased;  ///< or being erased
};
BOOST_DESCRIBE_STRUCT(Census, (), (held, restricted, erased))

}  // namespace entrepot::vault
