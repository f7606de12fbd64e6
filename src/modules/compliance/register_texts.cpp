// Brings the files of promises/ into the binary, byte for byte.
#include "modules/compliance/register_texts.hpp"

#define ENTREPOT_BRING_IN(name, file)                                                          \
    asm(".section .rodata\n.global " name "\n" name ":\n.incbin \"" ENTREPOT_PROMISES "/" file \
        "\"\n.global " name "_end\n" name "_end:\n.byte 0\n.previous\n")

ENTREPOT_BRING_IN("entrepot_policy_zh", "policy_zh.json");
ENTREPOT_BRING_IN("entrepot_policy_en", "policy_en.json");
ENTREPOT_BRING_IN("entrepot_controls", "controls.json");

extern "C" const char entrepot_policy_zh[], entrepot_policy_zh_end[], entrepot_policy_en[],
    entrepot_policy_en_end[], entrepot_controls[], entrepot_controls_end[];

namespace entrepot::compliance {

std::string_view policy_zh_text() {
    return {entrepot_policy_zh,
            static_cast<std::size_t>(entrepot_policy_zh_end - entrepot_policy_zh)};
}
std::string_view policy_en_text() {
    return {entrepot_policy_en,
            static_cast<std::size_t>(entrepot_policy_en_end - entrepot_policy_en)};
}
std::string_view controls_text() {
    return {entrepot_controls, static_cast<std::size_t>(entrepot_controls_end - entrepot_controls)};
}

}  // namespace entrepot::compliance
