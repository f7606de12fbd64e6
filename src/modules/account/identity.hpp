// The cache behind authenticate(), and how it is told that something was revoked.
#pragma once

namespace entrepot::account {

/// Makes every cached session and key of this process be read again. Called after the commit of
/// whatever takes rights away.
void forget_identities();

}  // namespace entrepot::account
