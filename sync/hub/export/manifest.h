// SPDX-License-Identifier: GPL-3.0-or-later
// What goes along with an exported file, so that anybody can tell later what it was: which file,
// from which state of the hub, for whom, and whether something was still missing. Pure.
#pragma once

#include "sync/hub/export/lead_export.h"

namespace tapport::hub {

/// JSON with a line end; fields: README.md. `file` has everything but its manifest.
[[nodiscard]] std::string manifestOf(const ExportFile& file, const ExportOrder& order,
                                     const record::EventId& event, const wire::HubEpoch& hub);

}  // namespace tapport::hub
