// Reads the register that was compiled in.
#include "modules/compliance/promise_register.hpp"

#include <algorithm>

#include "modules/compliance/register_texts.hpp"
#include "platform/json/reader.hpp"

namespace entrepot::compliance {

// The files' own shapes.
struct ControlEntry {
    std::string id, en, zh;
    std::vector<std::string> checks;
    std::optional<Text> unbuilt;
};
BOOST_DESCRIBE_STRUCT(ControlEntry, (), (id, en, zh, checks, unbuilt))
struct ControlsFile {
    std::vector<ControlEntry> controls;
};
BOOST_DESCRIBE_STRUCT(ControlsFile, (), (controls))
struct SectionEntry {
    std::string id, en, zh;
};
BOOST_DESCRIBE_STRUCT(SectionEntry, (), (id, en, zh))
struct PromiseEntry {
    std::string id, section, en, zh;
    std::vector<std::string> seeds, privacy, controls;
};
BOOST_DESCRIBE_STRUCT(PromiseEntry, (), (id, section, en, zh, seeds, privacy, controls))
struct PolicyFile {
    Policy policy;
    std::vector<SectionEntry> sections;
    std::vector<PromiseEntry> promises;
};
BOOST_DESCRIBE_STRUCT(PolicyFile, (), (policy, sections, promises))

namespace {
template <class File>
File read_file(std::string_view text) {
    auto file = json::read_document<File>(text);
    if (file.has_error()) {
        const Error& error = file.error();
        throw Bug("the register of promises: " + error.detail +
                  (error.fields.empty()
                       ? ""
                       : ' ' + error.fields.front().pointer + ' ' + error.fields.front().detail));
    }
    return *std::move(file);
}

template <class Entries>
const auto& entry(const Entries& entries, const std::string& id) {
    const auto found =
        std::ranges::find_if(entries, [&](const auto& each) { return each.id == id; });
    if (found == entries.end()) throw Bug("the register of promises names '" + id + "'");
    return *found;
}
}  // namespace

Built Promise::built() const {
    const bool whole =
        std::ranges::all_of(controls, [](const Control* each) { return !each->unbuilt; });
    return whole ? Built::whole : Built::partly;
}

std::vector<std::string> Promise::checks() const {
    std::vector<std::string> out;
    for (const Control* control : controls)
        for (const std::string& check : control->checks)
            if (std::ranges::find(out, check) == out.end()) out.push_back(check);
    return out;
}

PromiseRegister::PromiseRegister() {
    for (ControlEntry& control : read_file<ControlsFile>(controls_text()).controls)
        controls_.push_back({std::move(control.id),
                             {std::move(control.en), std::move(control.zh)},
                             std::move(control.checks),
                             std::move(control.unbuilt)});
    read_policy(Policy::zh, policy_zh_text());
    read_policy(Policy::en, policy_en_text());
}

void PromiseRegister::read_policy(Policy policy, std::string_view text) {
    PolicyFile file = read_file<PolicyFile>(text);
    ensure(file.policy == policy, "the files of the register are mixed up");
    for (PromiseEntry& each : file.promises) {
        const SectionEntry& section = entry(file.sections, each.section);
        Promise promise{std::move(each.id),
                        policy,
                        section.id,
                        {section.en, section.zh},
                        {std::move(each.en), std::move(each.zh)},
                        std::move(each.seeds),
                        std::move(each.privacy),
                        {}};
        for (const std::string& id : each.controls)
            promise.controls.push_back(&entry(controls_, id));
        promises_.push_back(std::move(promise));
    }
}

const Promise* PromiseRegister::find(std::string_view id) const {
    const auto found = std::ranges::find(promises_, id, &Promise::id);
    return found == promises_.end() ? nullptr : &*found;
}

const PromiseRegister& promise_register() {
    static const PromiseRegister instance;
    return instance;
}

}  // namespace entrepot::compliance
