// The tables behind fields.hpp.
#include "vault/fields.hpp"

#include <array>
#include <boost/describe/enum_from_string.hpp>
#include <boost/describe/enum_to_string.hpp>

#include "base/result.hpp"

namespace entrepot::vault {
namespace {
using enum Field;
constexpr std::array to_ship = {recipient_name,
                                recipient_company,
                                address_line1,
                                address_line2,
                                address_line3,
                                city,
                                district,
                                region,
                                postal_code,
                                phone,
                                delivery_instructions,
                                gift_message,
                                customization_url};
constexpr std::array to_answer = {
    recipient_name, recipient_company, address_line1, address_line2, address_line3,
    city,           district,          region,        postal_code,   phone,
    buyer_name,     buyer_email,       buyer_company, gift_message};
constexpr std::array everything = {recipient_name,
                                   recipient_company,
                                   address_line1,
                                   address_line2,
                                   address_line3,
                                   city,
                                   district,
                                   region,
                                   postal_code,
                                   phone,
                                   delivery_instructions,
                                   buyer_name,
                                   buyer_email,
                                   buyer_company,
                                   buyer_purchase_order,
                                   gift_message,
                                   customization_url};
}  // namespace

std::string_view name_of(Field field) {
    return boost::describe::enum_to_string(field, "");
}

std::optional<Field> field_named(std::string_view name) {
    for (const Field field : everything)
        if (name_of(field) == name) return field;
    return std::nullopt;
}

keys::Purpose purpose_of(Reason reason) {
    switch (reason) {
        case Reason::fulfilment:
            return keys::Purpose::fulfilment;
        case Reason::service:
            return keys::Purpose::service;
        case Reason::rights_request:
            return keys::Purpose::rights_request;
        case Reason::legal_claim:
            return keys::Purpose::legal_claim;
    }
    throw Bug("no such reason");
}

std::span<const Field> fields_for(Reason reason) {
    switch (reason) {
        case Reason::fulfilment:
            return to_ship;
        case Reason::service:
            return to_answer;
        case Reason::rights_request:
        case Reason::legal_claim:
            return everything;
    }
    throw Bug("no such reason");
}

bool is_searchable(Field field) {
    return field == buyer_email || field == phone || field == recipient_name || field == buyer_name;
}

}  // namespace entrepot::vault
