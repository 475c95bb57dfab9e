// SPDX-License-Identifier: GPL-3.0-or-later
// Asks the running hub, or answers from its files when none runs.
#pragma once

#include "sync/hub/cli/hub_config.h"

#include <string>

namespace tapport::hub {

/// One of the requests of answers.h. A hub that starts or ends owns its files, but does not listen:
/// waits up to 5 s for such a moment to pass.
[[nodiscard]] Result<std::string> ask(const HubConfig& config, const std::string& request);

/// After a request that told a kiosk something: whether the kiosk has said within a few seconds
/// that it has it. One that is not connected is not waited for.
enum class Heeded : std::uint8_t { Yes, Silent, Away };
[[nodiscard]] Result<Heeded> tellAndWait(const HubConfig& config, const record::KioskId& kiosk,
                                         const std::string& request);

}  // namespace tapport::hub
