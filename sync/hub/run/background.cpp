// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/run/background.h"

#include "sync/hub/run/store_access.h"
#include "sync/program/log.h"
#include "sync/program/program.h"

namespace tapport::hub {

Background::Background(Sorting& sorting, UnitOpener& opener, Waiting probe, Filing& filing,
                       Retention& retention)
    : sorting_(sorting),
      filing_(filing),
      retention_(retention),
      opening_(opener, std::move(probe)),
      store_([this] { return step(); }) {}

bool Background::step() {
    logOpener();
    const std::optional<bool> hasFiled = fileNext();
    // After a failure with the next work, or after a rest.
    const bool hasMore = hasFiled.value_or(true) && opening_.isIdle() && handOver();
    return hasFiled.value_or(false) || sortNext() || hasMore || forgetNext();
}

std::optional<bool> Background::fileNext() {
    auto batch = opening_.take();
    if (!batch) {
        return std::nullopt;
    }
    const auto filed =
        filing_.file(batch->units, std::move(batch->opened), program::readClocks().wall);
    filingTrouble_.reset();
    if (!filed) {
        filingTrouble_ = "units stay sealed for now: " + filed.error().context;
        sealed_.log(program::LogLevel::Error, *filingTrouble_);
    }
    return filed.has_value();
}

bool Background::handOver() {
    auto piece = filing_.prepare();
    if (!piece) {
        sealed_.log(program::LogLevel::Error,
                    "units stay sealed for now: " + piece.error().context);
    }
    if (const auto trouble = filing_.takeTrouble()) {
        sealed_.log(program::LogLevel::Error, trouble->context);
    }
    if (!piece || piece->units.empty()) {
        if (piece && !piece->hasMore) {
            filingTrouble_.reset();  // somebody else, such as an export, has filed them
        }
        return piece && piece->hasMore;
    }
    // Ingest goes on meanwhile; when they are opened, this thread is woken to file them.
    opening_.start(std::move(piece->units), [this] { store_.wake(); });
    return false;
}

bool Background::sortNext() {
    const auto through = sorting_.step(Whose::Own);
    logAlarms(sorting_);
    if (!through && through.error().code == Code::Busy) {
        return false;  // another worker was faster
    }
    sortingTrouble_.reset();
    if (!through) {
        sortingTrouble_ = "what came is not sorted for now: " + through.error().context;
        sealed_.log(program::LogLevel::Error, *sortingTrouble_);
        return false;
    }
    return *through > 0;
}

bool Background::forgetNext() {
    const auto hasMore = retention_.step(program::readClocks());
    if (!hasMore) {
        sealed_.log(program::LogLevel::Error, "retention waits: " + hasMore.error().context);
    }
    return hasMore.value_or(false);
}

void Background::logOpener() {
    auto trouble = filing_.openerTrouble();
    if (trouble && trouble != openerTrouble_) {
        program::logError("units stay sealed for now: opener: {}", *trouble);
    } else if (!trouble && openerTrouble_) {
        program::logInfo("the opener is back");
    }
    openerTrouble_ = std::move(trouble);
}

}  // namespace tapport::hub
