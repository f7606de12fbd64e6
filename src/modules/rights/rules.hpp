// Words and rules of the register. Pure.
#pragma once

#include <string>

#include "modules/rights/rights.hpp"
#include "vault/vault.hpp"

namespace entrepot::rights {

/// access: GDPR article 15 · correction: 16 · erasure: 17 · restriction: 18.
enum class RequestKind { access, correction, erasure, restriction };
BOOST_DESCRIBE_ENUM(RequestKind, access, correction, erasure, restriction)

/// verifying: nobody has made sure yet that it is the buyer who asks.
enum class RequestState { verifying, open, done, refused };
BOOST_DESCRIBE_ENUM(RequestState, verifying, open, done, refused)
/// Neither done nor refused.
bool is_running(RequestState state);

/// By which way a request arrived. instruction: the marketplace itself tells us to erase.
enum class Arrival { marketplace, email, phone, letter, in_person, other, instruction };
BOOST_DESCRIBE_ENUM(Arrival, marketplace, email, phone, letter, in_person, other, instruction)

/// How somebody made sure that it is the buyer who asks. order_email, order_phone: names an order
/// number and the e-mail or phone of that order, compared by keyed hash · channel_message: wrote
/// through the marketplace's messages of the order · order_confirmation: showed the order's papers.
enum class Verification { order_email, order_phone, channel_message, order_confirmation };
BOOST_DESCRIBE_ENUM(Verification, order_email, order_phone, channel_message, order_confirmation)
/// Whether somebody has to make sure first. Not when nothing is covered, nor when the marketplace
/// instructs: there is nobody to be mistaken for the buyer.
bool needs_verification(Arrival arrival, bool covers_orders);

/// Why two further months are needed (12(3), third sentence).
enum class Extension { complexity, many_requests };
BOOST_DESCRIBE_ENUM(Extension, complexity, many_requests)

/// What the buyer had corrected at the marketplace: which parts, never their words.
enum class CorrectedPart { name, address, phone, email };
BOOST_DESCRIBE_ENUM(CorrectedPart, name, address, phone, email)

/// not_identified: we cannot tell that it is the buyer (12(6)) · legal_obligation (17(3)(b)) ·
/// legal_claims (17(3)(e)) · unfounded: or excessive (12(5)) · not_ours: somebody else decides over
/// the data · withdrawn.
enum class Refusal {
    not_identified,
    legal_obligation,
    legal_claims,
    unfounded,
    not_ours,
    withdrawn
};
BOOST_DESCRIBE_ENUM(Refusal, not_identified, legal_obligation, legal_claims, unfounded, not_ours,
                    withdrawn)

/// What became of the buyer data of one order.
enum class Outcome {
    waiting,
    nothing_held,
    barred,  ///< nothing was held, and nothing will be fetched any more
    already_erased,
    erasing,  ///< unreadable; its key is being destroyed
    erased,
    shown,
    restricted,
    lifted,
    fetching,   ///< the marketplace is asked for what was corrected
    corrected,  ///< fetched anew
    unchanged   ///< the marketplace gave nothing new
};
/// Nothing more is to be done for the order.
bool is_settled(Outcome outcome);
BOOST_DESCRIBE_ENUM(Outcome, waiting, nothing_held, barred, already_erased, erasing, erased, shown,
                    restricted, lifted, fetching, corrected, unchanged)

/// What an order holds of its buyer.
enum class BuyerData { not_fetched, held, restricted, not_granted, erased };
BOOST_DESCRIBE_ENUM(BuyerData, not_fetched, held, restricted, not_granted, erased)

/// What a search is counted as: each has an allowance of its own.
enum class SearchUse { rights_request, service };
BOOST_DESCRIBE_ENUM(SearchUse, rights_request, service)

/// Whether this names a case and says nothing of a person: 3 to 40 letters, digits and . _ / # -,
/// with a digit among them.
bool is_case_reference(const std::string& text);

/// How near the end of its month an open request is. none: it is closed.
enum class Urgency { none, later, soon, overdue };
BOOST_DESCRIBE_ENUM(Urgency, none, later, soon, overdue)

inline constexpr std::chrono::days soon_is{7};

/// The same day so many months later, or that month's last one when it has no such day (Regulation
/// 1182/71, article 3(2)(c)), at the same time.
Instant due_after(Instant received, int months = 1);
/// One month, and two more.
inline constexpr int extended_months = 3;
Urgency urgency_of(RequestState state, Instant due_at, Instant now);
/// The vault's word, and where it has none what the order says of it.
BuyerData buyer_data_of(vault::Holding holding, const std::string& pii_state);
/// What an order without anything to do is recorded as; nothing when there is something.
std::optional<Outcome> settled_already(BuyerData data);

}  // namespace entrepot::rights
