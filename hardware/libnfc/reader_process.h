// SPDX-License-Identifier: GPL-3.0-or-later
// The child's life: open the device, take turns, tell the parent, until the parent goes away.
#pragma once

#include "hardware/reader/badge_loop.h"

#include <string>

namespace tapport::libnfc {

struct ReaderSettings {
    std::string connstring;
    reader::BadgeLoopOptions loop;
};

/// Until the socket's other end closes or `endFd` becomes readable; the device is closed cleanly
/// then. An error when the device is lost: the parent was told why.
[[nodiscard]] Result<> serveParent(const ReaderSettings& settings, int socket, int endFd);

}  // namespace tapport::libnfc
