// Buyers and their addresses, made from name parts in many scripts. Nobody here exists.
// Made on demand from a seed; nothing is stored.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace entrepot::sim {

struct Person {
    std::string name;
    std::string company;         ///< empty for private buyers
    std::string email;           ///< relay address
    std::string purchase_order;  ///< business buyers only
};

struct Address {
    std::string line1, line2, line3;
    std::string city, district, state, postal_code, country, phone;
    bool commercial = false;
};

/// What tax and reports need without building the whole address.
struct Region {
    std::string_view state;
    unsigned tax_per_100k;  ///< general sales tax or VAT rate, 100 000 = 100 %
    unsigned reduced_per_100k;
};

/// The region in which the buyer with this seed lives. `marketplace` indexes marketplaces().
Region region_of(std::size_t marketplace, std::uint64_t buyer_seed);

Person make_person(std::size_t marketplace, std::uint64_t buyer_seed, bool business);
Address make_address(std::size_t marketplace, std::uint64_t buyer_seed, bool business);

}  // namespace entrepot::sim
