// A checkpoint is believed for its signature, and for following the one before it.
#include "audit_verify/checkpoint_chain.hpp"

#include <utility>

namespace entrepot::audit_verify {

Place Chain::covered(const audit::Checkpoint& checkpoint) const {
    const std::uint64_t last = checkpoint.size == 0 ? 0 : checkpoint.size - 1;
    return {last_ ? std::min(last_->size, last) : 0, last};
}

void Chain::say(Fault fault, std::uint64_t line, const audit::Checkpoint& checkpoint,
                std::string words) {
    findings_.add({fault, file_, line, covered(checkpoint), checkpoint.number, std::move(words)});
}

void Chain::compare_with_last(const audit::Checkpoint& checkpoint, std::uint64_t line) {
    if (checkpoint.origin != last_->origin)
        say(Fault::broken_chain, line, checkpoint, "it is of another tree than the one before it");
    if (checkpoint.number != last_->number + 1)
        say(Fault::broken_chain, line, checkpoint,
            "it follows number " + std::to_string(last_->number));
    else if (checkpoint.previous != audit::link_to(*last_))
        say(Fault::broken_chain, line, checkpoint, "it does not link to the one before it");
    if (checkpoint.at < last_->at)
        say(Fault::time_backwards, line, checkpoint,
            "its time " + format_instant(checkpoint.at) + " is before " +
                format_instant(last_->at) + " of the one before it");
    if (checkpoint.size < last_->size)
        say(Fault::broken_chain, line, checkpoint, "it covers fewer rows than the one before it");
}

void Chain::add(const CheckpointFacts& facts, std::uint64_t line, bool from_the_start) {
    const audit::Checkpoint& checkpoint = facts.checkpoint;
    if (facts.how == Signed::by_another_key)
        say(Fault::other_key, line, checkpoint,
            "it is signed by the key " + checkpoint.key + ", which was not given");
    if (facts.how == Signed::badly)
        say(Fault::bad_signature, line, checkpoint, "its signature does not fit");
    if (checkpoint.size == 0)
        say(Fault::empty, line, checkpoint, "a checkpoint of nothing proves nothing");
    if (last_)
        compare_with_last(checkpoint, line);
    else if (from_the_start && checkpoint.number != 1)
        say(Fault::broken_chain, line, checkpoint, "the checkpoints before it are missing");
    else if (checkpoint.number == 1 && checkpoint.previous != audit::Hash{})
        say(Fault::broken_chain, line, checkpoint, "the first one links to another");
    last_ = checkpoint;
}

Copy::Copy(Input input, const Options& options, Findings& findings)
    : stream_(std::move(input), options.keys, options.threads),
      until_(options.copies_until),
      findings_(findings),
      chain_(stream_.name(), findings) {}

const audit::Checkpoint* Copy::peek() {
    while (!next_) {
        const Examined* line = stream_.next();
        if (line == nullptr) break;
        const auto* facts = std::get_if<CheckpointFacts>(line);
        if (facts == nullptr) {
            findings_.add({Fault::broken_line,
                           name(),
                           stream_.line(),
                           {},
                           {},
                           "this line is not a checkpoint"});
            continue;
        }
        chain_.add(*facts, stream_.line(), false);
        if (until_ && facts->checkpoint.at > *until_) continue;
        next_ = facts->checkpoint;
    }
    if (next_) return &*next_;
    if (!chain_.last() && !std::exchange(began_, true))
        findings_.add({Fault::empty, name(), 0, {}, {}, "there is no checkpoint in it"});
    return nullptr;
}

}  // namespace entrepot::audit_verify
