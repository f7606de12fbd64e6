// Words and rules of the register. Pure.
#pragma once

#include <string>

#include "modules/rights/rights.hpp"
#include "vault/vault.hpp"

namespace entrepot::rights {

/// access: GDPR article 15 · erasure: 17 · restriction: 18.
enum class RequestKind { access, erasure, restriction };
BOOST_DESCRIBE_ENUM(RequestKind, access, erasure, restriction)

enum class RequestState { open, done, refused };
BOOST_DESCRIBE_ENUM(RequestState, open, done, refused)

/// By which way a request arrived.
enum class Arrival { marketplace, email, phone, letter, in_person, other };
BOOST_DESCRIBE_ENUM(Arrival, marketplace, email, phone, letter, in_person, other)

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
    lifted
};
BOOST_DESCRIBE_ENUM(Outcome, waiting, nothing_held, barred, already_erased, erasing, erased, shown,
                    restricted, lifted)

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

/// The same day of the next month, or its last one when it has no such day (Regulation 1182/71,
/// article 3(2)(c)), at the same time.
Instant due_after(Instant received);
Urgency urgency_of(RequestState state, Instant due_at, Instant now);
/// The vault's word, and where it has none what the order says of it.
BuyerData buyer_data_of(vault::Holding holding, const std::string& pii_state);
/// What an order without anything to do is recorded as; nothing when there is something.
std::optional<Outcome> settled_already(BuyerData data);

}  // namespace entrepot::rights
