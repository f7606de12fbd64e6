// Compliance: every promise of the privacy policies, the control that keeps it, and the proof that
// it was kept, made by looking and never by saying so.
#pragma once

#include "platform/module.hpp"

namespace entrepot::compliance {

Module module();

}  // namespace entrepot::compliance
