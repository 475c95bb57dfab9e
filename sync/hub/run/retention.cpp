// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/run/retention.h"

#include "sync/hub/export/dossiers.h"
#include "sync/hub/export/release.h"
#include "sync/program/log.h"

namespace tapport::hub {

Result<bool> Retention::step(const record::ClockReading& clock) {
    if (!isRunning_) {
        if (begunAt_ && clock.monotonic - *begunAt_ < kBetweenRounds) {
            return false;
        }
        begunAt_ = clock.monotonic;
        isRunning_ = true;
    }
    const record::TrustedNow now(clock, store_.latestSynced());
    const auto from = after_;
    std::vector<record::SubjectId> over;
    const auto hasMore = someDossiers(store_, after_, [&](const Dossier& dossier) {
        if (ledgerOf(dossier, event_, store_.suppressions()).mustForget(now)) {
            over.push_back(dossier.subject);
        }
    });
    if (!hasMore) {
        return hasMore;
    }
    const auto forgotten = over.empty() ? Result<std::uint64_t>(0) : store_.forget(over);
    if (!forgotten) {
        after_ = from;  // else they would be kept for a day more
        return tl::unexpected(forgotten.error());
    }
    forgotten_ += *forgotten;
    isRunning_ = *hasMore;
    if (!isRunning_ && forgotten_ > 0) {
        program::logInfo("retention: contact and notes of {} people destroyed",
                         std::exchange(forgotten_, 0));
    }
    return isRunning_;
}

void Retention::beDue() {
    begunAt_.reset();
    after_.reset();
    isRunning_ = false;
}

}  // namespace tapport::hub
