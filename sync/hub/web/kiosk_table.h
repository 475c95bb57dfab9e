// SPDX-License-Identifier: GPL-3.0-or-later
// The kiosks on the overview: who is there, whose records are here, whose clock is wrong. Pure.
#pragma once

#include "sync/hub/export/desk.h"
#include "sync/hub/web/html.h"

namespace tapport::hub {

/// A row for each database of a kiosk, the one heard last first.
void kioskTable(Html& to, const HubStatus& status);

}  // namespace tapport::hub
