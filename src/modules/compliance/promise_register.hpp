// The register of promises: each sentence of the two policies that promises something, the controls
// that keep it, and the checks that prove these. Compiled in; read once.
#pragma once

#include "modules/compliance/standing.hpp"

namespace entrepot::compliance {

/// Words in both languages of the policies.
struct Text {
    std::string en, zh;
};
BOOST_DESCRIBE_STRUCT(Text, (), (en, zh))

/// The policy in Chinese and the one in English. They are two policies, not translations.
enum class Policy { zh, en };
BOOST_DESCRIBE_ENUM(Policy, zh, en)

/// What in the product keeps a promise. `unbuilt` says which part of it is not there yet; such a
/// control is red, whatever its checks say.
struct Control {
    std::string id;
    Text text;
    std::vector<std::string> checks;
    std::optional<Text> unbuilt;
};

struct Promise {
    std::string id;  ///< stable: "ZH-3.8", "EN-store-1"
    Policy policy;
    std::string section;
    Text section_title;
    /// The policy's own sentence in its language, a translation in the other.
    Text text;
    std::vector<std::string> seeds;    ///< demands of the mission: "S15"
    std::vector<std::string> privacy;  ///< anchors of the design: "P08"
    std::vector<const Control*> controls;

    Built built() const;
    /// Checks of all its controls, each once.
    std::vector<std::string> checks() const;
    const std::string& own_text() const { return policy == Policy::zh ? text.zh : text.en; }
};

class PromiseRegister {
public:
    /// Throws Bug with the place when a text is not well formed.
    PromiseRegister();
    PromiseRegister(const PromiseRegister&) = delete;
    PromiseRegister& operator=(const PromiseRegister&) = delete;

    /// In the order of the policies.
    const std::vector<Promise>& promises() const { return promises_; }
    const std::vector<Control>& controls() const { return controls_; }
    const Promise* find(std::string_view id) const;

private:
    void read_policy(Policy policy, std::string_view text);
    std::vector<Control> controls_;
    std::vector<Promise> promises_;
};

const PromiseRegister& promise_register();

}  // namespace entrepot::compliance
