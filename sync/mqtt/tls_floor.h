// SPDX-License-Identifier: GPL-3.0-or-later
// The oldest TLS that this program speaks. Paho has no option for 1.3.
#pragma once

namespace tapport::mqtt {

/// From now on every TLS connection of this process needs 1.3, whichever library makes it.
/// Idempotent, any thread.
void requireTls13();

}  // namespace tapport::mqtt
