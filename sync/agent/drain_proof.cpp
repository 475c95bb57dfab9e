// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/agent/drain_proof.h"

namespace tapport::agent {

void DrainProof::begin(std::vector<OutboxEpoch> epochs) {
    epochs_.clear();
    for (OutboxEpoch& epoch : epochs) {
        epochs_.push_back({std::move(epoch), false});
    }
}

void DrainProof::take(const wire::Ack& ack) {
    if (ack.completeThrough == 0) {
        return;
    }
    if (ack.hub != hub_) {
        // What another database held says nothing of this one.
        hub_ = ack.hub;
        for (Epoch& one : epochs_) {
            one.isProven = false;
        }
    }
    for (Epoch& one : epochs_) {
        const OutboxEpoch& epoch = one.epoch;
        if (epoch.epoch == ack.epoch) {
            const bool isAllHeld =
                epoch.last == 0 || ack.prefix == wire::Prefix{epoch.last, epoch.lastChain};
            one.isProven = isAllHeld && ack.watermark >= epoch.last;
        }
    }
}

bool DrainProof::isComplete() const {
    return !epochs_.empty() && std::all_of(epochs_.begin(), epochs_.end(),
                                           [](const Epoch& one) { return one.isProven; });
}

bool DrainProof::covers(const std::vector<OutboxEpoch>& epochs) const {
    return isComplete() && std::equal(epochs.begin(), epochs.end(), epochs_.begin(), epochs_.end(),
                                      [](const OutboxEpoch& now, const Epoch& proven) {
                                          return now.epoch == proven.epoch.epoch &&
                                                 now.last == proven.epoch.last &&
                                                 now.firstWaiting == 0;
                                      });
}

}  // namespace tapport::agent
