// The bodies of Asio and Beast, compiled once for the simulator.
// The rest of the program sees only their declarations (BOOST_…_SEPARATE_COMPILATION).
#include <boost/asio/impl/src.hpp>
#include <boost/asio/ssl/impl/src.hpp>
#include <boost/beast/src.hpp>
