// SPDX-License-Identifier: GPL-3.0-or-later
// Everything a hub works on, opened: the data folder (locked), event file, key and store.
#pragma once

#include "sync/event/event.h"
#include "sync/hub/cli/hub_config.h"
#include "sync/hub/opener/opener.h"
#include "sync/hub/run/data_dir.h"
#include "sync/hub/run/hub_desk.h"

#include <memory>

namespace tapport::hub {

struct OpenHub {
    DataDir dir;
    DataLock lock;
    event::Event event;
    std::unique_ptr<Store> store;
    std::unique_ptr<UnitOpener> opener;
};

/// Busy: a hub is running on this data folder.
[[nodiscard]] Result<OpenHub> openHub(const HubConfig& config);

}  // namespace tapport::hub
