// SPDX-License-Identifier: GPL-3.0-or-later
// Port: what a kiosk keeps of what its hub tells it (sync/wire/downstream.h). The kiosk's store
// implements it; the runner calls it on its own thread, and it may block there.
#pragma once

#include "sync/wire/downstream.h"

namespace tapport::agent {

class DownstreamSink {
  public:
    virtual ~DownstreamSink() = default;
    /// What is here; nothing at first.
    [[nodiscard]] virtual Result<wire::DownState> downState() = 0;
    /// Takes a chunk that the hub signed for this kiosk: all of its items and its version in one
    /// transaction, or nothing when it does not follow (wire::follows). Gives what is here then,
    /// which the hub is told. Never touches records that wait for the hub.
    [[nodiscard]] virtual Result<wire::DownState> apply(const wire::DownChunk& chunk) = 0;
};

}  // namespace tapport::agent
