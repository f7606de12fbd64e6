// Where parcels are: a partner that the owner has allowed is asked, and is told three things only.
#pragma once

#include "modules/fulfil/store.hpp"
#include "platform/http/egress.hpp"
#include "platform/http/route.hpp"

namespace entrepot::fulfil {

/// All that leaves the house: not a member more, and the gate refuses others.
struct TrackingQuestion {
    std::string order_id;  ///< our own id, which means nothing outside
    std::string tracking_number;
    std::string carrier;
};
BOOST_DESCRIBE_STRUCT(TrackingQuestion, (), (order_id, tracking_number, carrier))

/// What the partner says; words that are not known mean nothing.
struct TrackingAnswer {
    bool delivered = false;
    std::optional<Instant> delivered_at;
};
/// Nothing when the reply is not an answer.
std::optional<TrackingAnswer> read_tracking(std::string_view body);

/// How long until a parcel is asked for again: an hour, doubling to a day.
std::chrono::seconds look_delay(std::int64_t looks);
/// Nobody is asked for a parcel that has been on its way for so long.
inline constexpr std::chrono::days look_life{60};

/// The way out; tests bring their own.
using SendOut = std::function<Awaitable<EgressReply>(EgressRequest)>;
/// Asks for every parcel that is due, some at a time. Returns when the next is due; nothing when
/// there is no partner.
Awaitable<std::optional<Instant>> ask_tracking(Context& ctx, SendOut send);

struct TrackingPartner {
    std::optional<std::string> url;
    std::optional<std::string> authorised_by;
    std::optional<Instant> authorised_at;
    std::optional<Instant> last_answer_at;
    std::string last_error;
};
BOOST_DESCRIBE_STRUCT(TrackingPartner, (),
                      (url, authorised_by, authorised_at, last_answer_at, last_error))
struct SetTrackingPartner {
    std::string endpoint;
};
BOOST_DESCRIBE_STRUCT(SetTrackingPartner, (), (endpoint))

Awaitable<Result<TrackingPartner>> tracking_partner(Context& ctx, const http::Nothing& in);
/// Allows the partner; the act is on record.
Awaitable<Result<TrackingPartner>> set_tracking_partner(Context& ctx, const SetTrackingPartner& in);
Awaitable<Result<http::NoContent>> remove_tracking_partner(Context& ctx, const http::Nothing& in);

inline constexpr std::string_view track_kind = "fulfil.track";
Awaitable<std::optional<Instant>> track(Context& ctx, const jobs::Job& job);

}  // namespace entrepot::fulfil
