// Pack slips: drawn where the address is opened, so that no other part of the product ever holds
// it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "platform/crypto/secret.hpp"

namespace entrepot::vault {

/// A line of the parcel.
struct SlipLine {
    std::string seller_sku;
    std::string title;
    std::int64_t quantity;
};
/// What stands on the slip beside the recipient; nothing of it is personal.
struct SlipText {
    std::string seller;  ///< the shop's name
    std::string order_number;
    Date ordered_on;
    std::optional<std::string> country;  ///< ISO 3166; chooses language and paper
    std::vector<SlipLine> lines;
};

/// A slip as a PDF on its way to who prints it. It is personal data itself: wiped with its last
/// owner, sent with `no-store`, kept nowhere.
class PackSlip {
public:
    explicit PackSlip(crypto::SecretBytes pdf) : pdf_(std::move(pdf)) {}
    std::string answer() const { return {pdf_.begin(), pdf_.end()}; }

private:
    crypto::SecretBytes pdf_;
};

}  // namespace entrepot::vault
