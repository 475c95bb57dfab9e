// SPDX-License-Identifier: GPL-3.0-or-later
// The hub's word, signed, that a kiosk may forget: every record of every epoch that it ever gave
// out is held without a gap, is the very record (by its chain value), and is opened and backed up.
// Pure.
#pragma once

#include "sync/agent/outbox.h"

namespace tapport::agent {

class DrainProof {
  public:
    /// What is to be proven, as it stands now.
    void begin(std::vector<OutboxEpoch> epochs);
    /// An acknowledgement that the hub signed. Only answers to a hello prove anything.
    void take(const wire::Ack& ack);
    /// All of what stood when it began is proven, by one hub.
    [[nodiscard]] bool isComplete() const;
    /// Nothing was recorded since.
    [[nodiscard]] bool covers(const std::vector<OutboxEpoch>& epochs) const;

  private:
    struct Epoch {
        OutboxEpoch epoch;
        bool isProven = false;
    };
    std::vector<Epoch> epochs_;
    wire::HubEpoch hub_;
};

}  // namespace tapport::agent
