// The decisions; each has its case in rules_test.cpp.
#include "modules/fulfil/rules.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace entrepot::fulfil {
namespace {
using orders::OrderState;

constexpr std::size_t code_max = 50;
constexpr std::size_t name_max = 100;
constexpr std::size_t tracking_max = 50;
/// A person's watch may be ahead of ours.
constexpr auto clock_leeway = std::chrono::minutes(10);
constexpr std::string_view other_carrier = "Other";
/// Orders of files: their state is what the next file says.
constexpr std::string_view file_channel = "file";

Error bad(const char* pointer, const char* code, const char* words) {
    return field_error(entrepot::errors::invalid_fields, pointer, code, words);
}

std::string order_state_text(OrderState state) {
    std::string out = boost::describe::enum_to_string(state, "");
    std::replace(out.begin(), out.end(), '_', ' ');
    return out;
}

bool is_to_be_sent(OrderState state) {
    return state == OrderState::unshipped || state == OrderState::partially_shipped;
}

Result<std::string> words(const std::string& in, std::size_t max, const char* pointer,
                          bool needed) {
    std::string out(text::trim(in));
    if ((needed && out.empty()) || text::length(out) > max || text::has_control(out) ||
        out.find_first_of("\t\r\n") != std::string::npos)
        return bad(pointer, "length",
                   needed ? "a short text is expected here"
                          : "this text is too long or has control characters");
    return out;
}

bool is_printable(const std::string& text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

Error illegal(const ShipmentStanding& shipment, const char* what) {
    return make_error(errors::illegal_move,
                      "the shipment is " + state_text(shipment.state) + "; " + what);
}

const orders::DispatchParcel* parcel_of(const ShipmentStanding& shipment,
                                        const orders::DispatchOrder& order) {
    const std::string reference = std::to_string(shipment.reference);
    for (const auto& parcel : order.parcels) {
        const bool same_tracking =
            !parcel.tracking_number.empty() && parcel.tracking_number == shipment.tracking_number;
        if (parcel.reference == reference || same_tracking) return &parcel;
    }
    return nullptr;
}

/// No address will come for it. Of an order of our own none ever does: it is addressed elsewhere.
std::optional<Error> why_not_addressed(const orders::DispatchOrder& order) {
    if (order.own) return std::nullopt;
    if (order.pii_state == "erased")
        return make_error(errors::buyer_erased,
                          "the buyer's address was erased and none will come; cancel what is left "
                          "of the order at the marketplace");
    if (order.pii_state == "restricted")
        return make_error(errors::buyer_restricted,
                          "the buyer restricted the use of their data, so nothing can be "
                          "addressed; your compliance officer can end the restriction");
    return std::nullopt;
}
}  // namespace

std::string state_text(ShipmentState state) {
    return boost::describe::enum_to_string(state, "");
}

std::string shipment_diagram() {
    std::string out = "stateDiagram-v2\n";
    for (const ShipmentMoves& row : shipment_transitions)
        for (std::size_t i = 0; i < shipment_state_count; ++i)
            if (row.to[i])
                out += "    " + state_text(row.from) + " --> " +
                       state_text(static_cast<ShipmentState>(i)) + '\n';
    return out;
}

std::optional<Error> why_not_release(const orders::DispatchOrder& order) {
    const bool trade =
        order.kind == orders::OrderKind::sale || order.kind == orders::OrderKind::replacement;
    if (!trade) return make_error(errors::order_not_ready, "nothing of this order is sent");
    if (order.fulfilled_by != orders::FulfilledBy::merchant)
        return make_error(errors::not_ours, "the marketplace ships this order, not this house");
    if (order.source_channel == file_channel)
        return make_error(errors::moved_by_file,
                          "this order came in with a file and moves with the next file; nobody can "
                          "be told here that it was sent");
    if (!is_to_be_sent(order.state))
        return make_error(errors::order_not_ready, "the order is " + order_state_text(order.state));
    if (order.held) return make_error(errors::order_held, "the order is held; release it first");
    return why_not_addressed(order);
}

std::vector<LineQuantity> left_to_release(const orders::DispatchOrder& order,
                                          const std::vector<LineQuantity>& counted) {
    std::vector<LineQuantity> out;
    for (const orders::DispatchLine& line : order.lines) {
        if (line.kind != orders::LineKind::goods) continue;
        std::int64_t left = line.quantity_ordered - line.quantity_cancelled - line.quantity_shipped;
        for (const LineQuantity& one : counted)
            if (one.line_no == line.line_no) left -= one.quantity;
        if (left > 0) out.push_back({line.line_no, left});
    }
    return out;
}

Result<std::vector<LineQuantity>> lines_to_release(
    const std::vector<LineQuantity>& left, const std::optional<std::vector<LineQuantity>>& asked) {
    if (left.empty())
        return make_error(errors::nothing_left,
                          "everything of this order is shipped, cancelled or in a shipment");
    if (!asked) return left;
    if (asked->empty()) return make_error(errors::too_many_units, "a parcel has at least one line");
    std::vector<LineQuantity> out;
    for (const LineQuantity& one : *asked) {
        const auto same = [&](const LineQuantity& other) { return other.line_no == one.line_no; };
        const auto there = std::find_if(left.begin(), left.end(), same);
        const std::int64_t most = there == left.end() ? 0 : there->quantity;
        const bool twice = std::any_of(out.begin(), out.end(), same);
        if (twice || one.quantity < 1 || one.quantity > most)
            return make_error(errors::too_many_units, "of line " + std::to_string(one.line_no) +
                                                          " there are " + std::to_string(most) +
                                                          " units left to send");
        out.push_back(one);
    }
    return out;
}

Result<Dispatch> checked_dispatch(const DispatchInput& in, Instant ordered_at, Instant now) {
    Dispatch out;
    TRY(out.carrier_code, words(in.carrier_code, code_max, "/carrier_code", true));
    TRY(out.carrier_name, words(in.carrier_name.value_or(""), name_max, "/carrier_name",
                                out.carrier_code == other_carrier));
    TRY(out.shipping_method,
        words(in.shipping_method.value_or(""), name_max, "/shipping_method", false));
    out.tracking_number = text::trim(in.tracking_number);
    if (out.tracking_number.empty() || out.tracking_number.size() > tracking_max ||
        !is_printable(out.tracking_number))
        return bad("/tracking_number", "tracking_number",
                   "1 to 50 letters, digits and signs without blanks are expected here");
    const Instant at = in.ship_date.value_or(now);
    if (at > now + clock_leeway)
        return bad("/ship_date", "in_future", "what has left the house is not in the future");
    out.ship_date = std::min(at, now);
    if (out.ship_date < ordered_at)
        return bad("/ship_date", "before_order", "nothing is sent before it was ordered");
    return out;
}

std::int64_t next_reference(std::int64_t highest_of_shipments,
                            const std::vector<orders::DispatchParcel>& parcels) {
    std::int64_t highest = highest_of_shipments;
    for (const auto& parcel : parcels)
        highest = std::max(highest, text::parse_int(parcel.reference).value_or(0));
    return highest + 1;
}

std::optional<Error> why_not_enter(const ShipmentStanding& shipment) {
    if (shipment.state == ShipmentState::released || shipment.state == ShipmentState::failed ||
        shipment.state == ShipmentState::shipped)
        return std::nullopt;
    return illegal(shipment, "carrier and tracking number stay as they are");
}

std::optional<Error> why_not_confirm(const ShipmentStanding& shipment,
                                     const orders::DispatchOrder& order) {
    if (shipment.state == ShipmentState::shipped ||
        !may_move(shipment.state, ShipmentState::confirming))
        return illegal(shipment, "it cannot be confirmed");
    if (!shipment.entered)
        return make_error(errors::not_entered, "enter carrier and tracking number first");
    // What has left once is corrected whatever the order has become.
    if (shipment.ever_sent) return std::nullopt;
    if (!is_to_be_sent(order.state))
        return make_error(errors::order_not_ready, "the order is " + order_state_text(order.state));
    if (order.held) return make_error(errors::order_held, "the order is held; release it first");
    return std::nullopt;
}

std::optional<Error> why_not_deliver(const ShipmentStanding& shipment) {
    if (may_move(shipment.state, ShipmentState::delivered)) return std::nullopt;
    return illegal(shipment, "only what is shipped can arrive");
}

std::optional<Error> why_not_cancel(const ShipmentStanding& shipment) {
    if (!may_move(shipment.state, ShipmentState::cancelled))
        return illegal(shipment, "it cannot be cancelled");
    if (shipment.ever_sent)
        return illegal(shipment, "it has left the house and cannot be cancelled");
    return std::nullopt;
}

namespace {
/// Whether a line of the shipment is no longer there to be sent.
bool is_moot(const ShipmentStanding& shipment, const orders::DispatchOrder& order) {
    for (const LineQuantity& one : shipment.lines) {
        std::int64_t open = 0;
        for (const orders::DispatchLine& line : order.lines)
            if (line.line_no == one.line_no)
                open = line.quantity_ordered - line.quantity_cancelled - line.quantity_shipped;
        if (open < one.quantity) return true;
    }
    return false;
}

Consequence of_unsent(const ShipmentStanding& shipment, const orders::DispatchOrder& order) {
    const orders::DispatchParcel* parcel = parcel_of(shipment, order);
    // A refusal that was none: the marketplace has the parcel with this very number.
    if (shipment.state == ShipmentState::failed && parcel != nullptr &&
        parcel->tracking_number == shipment.tracking_number && !shipment.tracking_number.empty())
        return {ShipmentState::shipped, false, {}, {}};
    if (shipment.ever_sent) return {{}, shipment.counts && parcel == nullptr, {}, {}};
    if (order.state == OrderState::cancelled)
        return {ShipmentState::cancelled, false, "The order was cancelled.", {}};
    if (is_moot(shipment, order))
        return {ShipmentState::cancelled,
                false,
                "What is in it was shipped or cancelled without this shipment.",
                {}};
    return {{}, true, {}, {}};
}
}  // namespace

Consequence consequence_of(const ShipmentStanding& shipment, const orders::DispatchOrder& order,
                           Instant now) {
    switch (shipment.state) {
        case ShipmentState::released:
        case ShipmentState::failed:
            return of_unsent(shipment, order);
        case ShipmentState::confirming:
            return {
                {}, shipment.counts && !(shipment.ever_sent && parcel_of(shipment, order)), {}, {}};
        case ShipmentState::shipped: {
            const orders::DispatchParcel* parcel = parcel_of(shipment, order);
            const bool arrived =
                (parcel != nullptr && parcel->delivered) || order.state == OrderState::delivered;
            Consequence out{{}, shipment.counts && parcel == nullptr, {}, {}};
            if (!arrived) return out;
            out.to = ShipmentState::delivered;
            out.counts = false;
            out.delivered_at = parcel != nullptr ? parcel->delivered_at.value_or(now) : now;
            return out;
        }
        case ShipmentState::delivered:
            return {{}, shipment.counts && parcel_of(shipment, order) == nullptr, {}, {}};
        case ShipmentState::cancelled:
            break;
    }
    return {{}, false, {}, {}};
}

}  // namespace entrepot::fulfil
