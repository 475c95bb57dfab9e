// SPDX-License-Identifier: GPL-3.0-or-later
// What people use for store and forward: mosquitto's own bridge with a persistent queue. Messages
// wait at the edge while the central broker is away; then they drain to it and to who listens
// there, where nothing is stored.
#pragma once

#include "sync/base/bytes.h"
#include "tests/support/temp_dir.h"

#include <vector>

namespace tapport::bench {

class BridgeRig {
  public:
    /// Queues the payloads at the edge, one message each, and stops it: mosquitto writes its
    /// persistence file. Throws std::runtime_error.
    explicit BridgeRig(const std::vector<Bytes>& payloads);

    /// From the first message at the listener to the last; messages a second. Each
    /// time from the same file.
    [[nodiscard]] double drain();

  private:
    [[nodiscard]] std::string edgeConfiguration(int port, int centralPort) const;

    support::TempDir dir_;
    std::size_t messages_;
    int runs_ = 0;
};

}  // namespace tapport::bench
