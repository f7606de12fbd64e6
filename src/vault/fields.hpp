// Which fields of a buyer there are, what they are called, and who may see which for what. Pure.
#pragma once

#include <boost/describe/enum.hpp>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "platform/keys/protocol.hpp"

namespace entrepot::vault {

/// Numbers are stored in cells' places: never reuse one. Source: spapi-facts §10.
enum class Field : std::uint16_t {
    recipient_name = 1,
    recipient_company = 2,
    address_line1 = 3,
    address_line2 = 4,
    address_line3 = 5,
    city = 6,
    district = 7,
    region = 8,
    postal_code = 9,
    phone = 10,
    delivery_instructions = 11,
    buyer_name = 12,
    buyer_email = 13,
    buyer_company = 14,
    buyer_purchase_order = 15,
    gift_message = 16,       ///< of an order line
    customization_url = 17,  ///< of an order line
};
BOOST_DESCRIBE_ENUM(Field, recipient_name, recipient_company, address_line1, address_line2,
                    address_line3, city, district, region, postal_code, phone,
                    delivery_instructions, buyer_name, buyer_email, buyer_company,
                    buyer_purchase_order, gift_message, customization_url)

std::string_view name_of(Field field);
std::optional<Field> field_named(std::string_view name);

/// Why somebody reads; each is a keyd purpose.
enum class Reason { fulfilment, service, rights_request, legal_claim };
BOOST_DESCRIBE_ENUM(Reason, fulfilment, service, rights_request, legal_claim)
keys::Purpose purpose_of(Reason reason);

/// Fields that a reason opens at all: a parcel needs an address, no e-mail (least data).
std::span<const Field> fields_for(Reason reason);
/// Whether a field may be searched exactly by a blind index.
bool is_searchable(Field field);

}  // namespace entrepot::vault
