// SPDX-License-Identifier: GPL-3.0-or-later
// The opener process's side of the talk: answers until the hub closes the socket. Keeps nothing
// between two requests, writes nothing, logs nothing of what it opens.
#pragma once

#include "sync/hub/opener/opener.h"

namespace tapport::hub {

/// Greets, and answers with `opener`, or says why there is none. Returns when the hub is gone.
/// InvalidConfig, Crypto...: the opener's error. Network, InvalidInput: the talk broke off.
[[nodiscard]] Result<> serveOpener(int socket, Result<LocalOpener> opener);

}  // namespace tapport::hub
