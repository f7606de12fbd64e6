// Words and rules of legal holds. Pure. keyd has the rules of two people too: it does not take our
// word for them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "modules/holds/holds.hpp"
#include "vault/vault.hpp"

namespace entrepot::holds {

/// ending: nobody opens it any more, its key is being destroyed.
enum class HoldState { active, ending, ended };
BOOST_DESCRIBE_ENUM(HoldState, active, ending, ended)

/// court: an order of a court · authority: of an authority · claim: a legal claim is made or
/// defended (GDPR article 17(3)(b) and (e)).
enum class HoldReason { court, authority, claim };
BOOST_DESCRIBE_ENUM(HoldReason, court, authority, claim)

enum class Ending { expired, released };
BOOST_DESCRIBE_ENUM(Ending, expired, released)

/// What was found of an order's buyer when the hold was placed.
enum class FoundData { copied, nothing_held, already_erased };
BOOST_DESCRIBE_ENUM(FoundData, copied, nothing_held, already_erased)

/// waiting: for a second person · lapsed: nobody allowed it within a day, or it was not used in
/// time.
enum class AskState { waiting, approved, done, declined, lapsed };
BOOST_DESCRIBE_ENUM(AskState, waiting, approved, done, declined, lapsed)

using vault::HoldAct;

/// What was asked of a hold.
struct AskFacts {
    HoldAct act;
    Uuid asked_by;
    Instant asked_at;
    std::optional<Instant> approved_at, declined_at, used_at;
};

AskState state_of(const AskFacts& ask, Instant now);
/// What the person may do with it: approve, decline, open.
std::vector<std::string> acts_on(const AskFacts& ask, const Uuid& person, Instant now);
/// A hold whose end has come is `ending`, whatever the row still says.
HoldState state_of(HoldState stored, Instant ends_at, Instant now);
/// Why an end cannot be given: a field error of `/ends_at`; nothing when it can.
std::optional<Error> refusal_of_end(Instant ends_at, std::optional<Instant> now_ends, Instant now);

}  // namespace entrepot::holds
