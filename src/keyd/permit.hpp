// What two people together may do with a legal hold, and until when. Pure.
#pragma once

#include <boost/describe/class.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.hpp"
#include "platform/keys/protocol.hpp"

namespace entrepot::keyd {

/// After the end of a hold nobody opens it. Its key goes when the server says so; when the server
/// is away, or says nothing, keyd destroys it itself after this long.
inline constexpr std::chrono::hours hold_grace{24};

/// Whether the operation is one that a hold's own rules decide.
bool is_of_hold(const keys::Request& request);

/// What is asked of a hold.
struct HoldAct {
    std::string act;               ///< open, release, extend
    std::optional<Instant> until;  ///< the new end
};
/// Out of a request's text; nothing for anything else.
std::optional<HoldAct> hold_act_from(std::string_view text);

struct Permit {
    std::string act;
    std::optional<Instant> until;
    UserId asked_by;
    Instant asked_at;
    std::optional<UserId> approved_by;
    std::optional<Instant> approved_at, used_at;
};
BOOST_DESCRIBE_STRUCT(Permit, (),
                      (act, until, asked_by, asked_at, approved_by, approved_at, used_at))

/// An end that a hold may be given.
bool is_end(Instant ends_at, Instant now);
/// A second person says yes: never the one who asked, and not after a day. Saying it again is the
/// same yes.
bool may_approve(const Permit& permit, UserId who, Instant now);
/// The one who asked opens, once, soon after the second one's yes.
bool may_open(const Permit& permit, UserId who, Instant now);

}  // namespace entrepot::keyd
