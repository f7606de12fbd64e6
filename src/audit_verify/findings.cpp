// Names of faults; they are part of what scripts read.
#include "audit_verify/findings.hpp"

namespace entrepot::audit_verify {
namespace {
constexpr std::size_t kept_max = 100;
}

std::string_view fault_name(Fault fault) {
    switch (fault) {
        case Fault::broken_line:
            return "broken_line";
        case Fault::empty:
            return "empty";
        case Fault::edited:
            return "edited";
        case Fault::missing:
            return "missing";
        case Fault::out_of_order:
            return "out_of_order";
        case Fault::unsealed:
            return "unsealed";
        case Fault::truncated:
            return "truncated";
        case Fault::forked:
            return "forked";
        case Fault::root_differs:
            return "root_differs";
        case Fault::wrong_proof:
            return "wrong_proof";
        case Fault::no_proof:
            return "no_proof";
        case Fault::bad_signature:
            return "bad_signature";
        case Fault::other_key:
            return "other_key";
        case Fault::broken_chain:
            return "broken_chain";
        case Fault::time_backwards:
            return "time_backwards";
    }
    return "unknown";
}

void Findings::add(Finding finding) {
    ++count_;
    if (first_.size() < kept_max) first_.push_back(std::move(finding));
}

}  // namespace entrepot::audit_verify
