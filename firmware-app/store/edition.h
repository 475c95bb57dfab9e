// SPDX-License-Identifier: GPL-3.0-or-later
// Editions of the event file that came over the network: the hub only carries them, so nothing is
// believed but the event's root key, which this kiosk knows from the file that it was set up with.
#pragma once

#include "sync/event/event.h"

namespace tapport::store {

/// `file` as what to ask by from now on. Crypto, InvalidInput, InvalidConfig: the root did not sign
/// it, or it is no event file. Conflict: another event's or keys', or no later edition.
[[nodiscard]] Result<event::Event> laterEdition(std::string_view file, const event::Event& current);

}  // namespace tapport::store
