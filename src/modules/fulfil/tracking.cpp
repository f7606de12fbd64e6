// Asking the partner, one parcel at a time; what it says of an arrival is believed.
#include "modules/fulfil/tracking.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "base/text.hpp"
#include "modules/fulfil/service.hpp"
#include "modules/fulfil/tracking_store.hpp"
#include "platform/audit/audit.hpp"
#include "platform/json/writer.hpp"

namespace entrepot::fulfil {
namespace {
using std::chrono::hours;

constexpr std::int64_t looks_in_turn = 50;
/// Nothing is due: look again for new parcels.
constexpr std::chrono::minutes idle{15};
constexpr std::size_t reply_max = std::size_t{64} << 10;
constexpr std::size_t url_max = 300;
constexpr std::string_view standing = "tenant";

template <class Write>
Awaitable<void> write(Context& ctx, Write what) {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<bool>> {
        co_await what(tx);
        co_return true;
    };
    (void)co_await ctx.db().transaction(ctx.tenant, body);
}

struct Turn {
    std::optional<PartnerRow> partner;
    std::vector<LookRow> looks;
};
Awaitable<Turn> load(Context& ctx) {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<Turn>> {
        Turn out;
        out.partner = co_await partner_row(tx);
        if (out.partner) out.looks = co_await next_looks(tx, looks_in_turn);
        co_return out;
    };
    auto out = co_await ctx.db().transaction(ctx.tenant, body, pg::Access::read_only);
    co_return *std::move(out);
}

EgressRequest request_of(const std::string& url, const LookRow& look) {
    EgressRequest request;
    request.method = "POST";
    request.url = url;
    request.partner = "tracking";
    request.headers = {{"Content-Type", "application/json"}, {"Accept", "application/json"}};
    request.body = json::to_json(
        TrackingQuestion{look.order_id.text(), look.tracking_number,
                         look.carrier_name.empty() ? look.carrier_code : look.carrier_name});
    request.body_max = reply_max;
    return request;
}

/// An answer, or why there is none.
struct Asked {
    std::optional<TrackingAnswer> answer;
    std::string trouble;
};
Awaitable<Asked> ask(SendOut& send, const std::string& url, const LookRow& look) {
    Asked out;
    try {
        const EgressReply reply = co_await send(request_of(url, look));
        if (reply.status == 200) out.answer = read_tracking(reply.body);
        if (!out.answer) out.trouble = "The partner answered " + std::to_string(reply.status) + ".";
    } catch (const EgressError& error) {
        out.trouble = error.what();
    }
    co_return out;
}

Awaitable<void> note_arrival(Context& ctx, pg::Transaction& tx, ShipmentId id,
                             const TrackingAnswer& answer) {
    const auto row = co_await lock_shipment(tx, id);
    if (!row || row->state != ShipmentState::shipped) co_return;
    const Instant now = ctx.now();
    const Instant at = std::clamp(answer.delivered_at.value_or(now),
                                  std::min(row->ship_date.value_or(now), now), now);
    write_state(tx,
                {id, ShipmentState::delivered, row->counts, {}, {}, at, DeliveredSource::tracking},
                now);
    emit_shipments(tx, ctx, shipment_delivered, {ref_of(*row)});
    audit::done(tx, ctx,
                {"fulfil.delivered", "shipment", id.text(),
                 R"({"order_id":")" + row->order_id.text() + "\"}"});
}

Awaitable<void> note_answer(Context& ctx, const LookRow& look, const Asked& asked) {
    co_await write(ctx, [&](pg::Transaction& tx) -> Awaitable<void> {
        note_partner_answer(tx, ctx.now(), asked.trouble);
        if (asked.answer && asked.answer->delivered)
            co_return co_await note_arrival(ctx, tx, look.id, *asked.answer);
        const bool over = ctx.now() - look.shipped_at > look_life;
        write_look(tx, look.id, look.looks + 1,
                   over ? std::nullopt : std::optional(ctx.now() + look_delay(look.looks)));
    });
}

TrackingPartner view_of(std::optional<PartnerRow> row) {
    TrackingPartner out;
    if (!row) return out;
    out.url = std::move(row->url);
    out.authorised_by = std::move(row->authorised_by);
    out.authorised_at = row->authorised_at;
    out.last_answer_at = row->last_answer_at;
    out.last_error = std::move(row->last_error);
    return out;
}
}  // namespace

std::optional<TrackingAnswer> read_tracking(std::string_view body) {
    boost::system::error_code error;
    const auto reply = boost::json::parse(body, error);
    if (error || !reply.is_object()) return std::nullopt;
    const auto* status = reply.get_object().if_contains("status");
    if (status == nullptr || !status->is_string()) return std::nullopt;
    TrackingAnswer out;
    out.delivered = status->get_string() == "DELIVERED";
    if (const auto* at = reply.get_object().if_contains("delivered_at"); at && at->is_string())
        out.delivered_at = parse_instant(std::string_view(at->get_string()));
    return out;
}

std::chrono::seconds look_delay(std::int64_t looks) {
    return std::min<std::chrono::seconds>(hours(24),
                                          hours(1) * (1 << std::clamp<std::int64_t>(looks, 0, 5)));
}

Awaitable<std::optional<Instant>> ask_tracking(Context& ctx, SendOut send) {
    const Turn turn = co_await load(ctx);
    if (!turn.partner) co_return std::nullopt;
    for (const LookRow& look : turn.looks) {
        if (look.next_look_at > ctx.now()) co_return std::min(look.next_look_at, ctx.now() + idle);
        const Asked asked = co_await ask(send, turn.partner->url, look);
        co_await note_answer(ctx, look, asked);
        // Who does not answer one question is not asked the next fifty.
        if (!asked.answer) co_return ctx.now() + idle;
    }
    co_return turn.looks.empty() ? ctx.now() + idle : ctx.now();
}

Awaitable<std::optional<Instant>> track(Context& ctx, const jobs::Job&) {
    Egress& egress = ctx.services.egress;
    co_return co_await ask_tracking(
        ctx, [&egress](EgressRequest request) { return egress.send(std::move(request)); });
}

Awaitable<Result<TrackingPartner>> tracking_partner(Context& ctx, const http::Nothing&) {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<TrackingPartner>> {
        co_return view_of(co_await partner_row(tx));
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body, pg::Access::read_only);
}

Awaitable<Result<TrackingPartner>> set_tracking_partner(Context& ctx,
                                                        const SetTrackingPartner& in) {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<TrackingPartner>> {
        const bool good = in.endpoint.starts_with("https://") && in.endpoint.size() <= url_max &&
                          !text::has_control(in.endpoint) &&
                          in.endpoint.find('?') == std::string::npos;
        if (!good)
            co_return field_error(entrepot::errors::invalid_fields, "/endpoint", "invalid",
                                  "an https address without parameters is expected here");
        write_partner(tx, in.endpoint, ctx.actor.name, ctx.now());
        jobs::enqueue(tx, ctx, track_kind, "{}", ctx.now(), std::string(standing));
        audit::done(tx, ctx, {"fulfil.tracking_allowed", "tenant", ctx.tenant.text(), "{}"});
        co_return view_of(co_await partner_row(tx));
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body);
}

Awaitable<Result<http::NoContent>> remove_tracking_partner(Context& ctx, const http::Nothing&) {
    auto body = [&](pg::Transaction& tx) -> Awaitable<Result<http::NoContent>> {
        remove_partner(tx);
        jobs::remove(tx, track_kind, std::string(standing));
        audit::done(tx, ctx, {"fulfil.tracking_ended", "tenant", ctx.tenant.text(), "{}"});
        co_return http::NoContent{};
    };
    co_return co_await ctx.db().transaction(ctx.tenant, body);
}

}  // namespace entrepot::fulfil
