// SPDX-License-Identifier: GPL-3.0-or-later
// What tapport-hub can be told to do. Each gives the program's exit code and has said on stderr
// what went wrong.
#pragma once

#include "sync/hub/cli/hub_config.h"

namespace tapport::hub {

enum class StatusFormat : std::uint8_t { Text, Json };

/// Until `terminationFd` becomes readable. The first line on stdout is the address of the pages.
[[nodiscard]] int runHub(const HubConfig& config, int terminationFd);
/// Asks the running hub, or opens its files when it is down.
[[nodiscard]] int printStatus(const HubConfig& config, StatusFormat format);
/// As above; `file` is either as it was or the whole export, its manifest is beside it
/// (`<file>.manifest.json`). Says whether it is final.
[[nodiscard]] int exportCsv(const HubConfig& config, const std::filesystem::path& file);
/// Each yes that must be asked for again: subject, purpose, channel, reason; one a line.
[[nodiscard]] int listReconfirmations(const HubConfig& config);

}  // namespace tapport::hub
