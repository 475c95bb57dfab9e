// SPDX-License-Identifier: GPL-3.0-or-later
// Tells kiosks what is new: reads it from the log, signs it, and gives what is to be published.
// Called on the store's thread.
#pragma once

#include "sync/hub/downstream/downstream.h"
#include "sync/hub/ingest/ingest.h"

namespace tapport::hub {

class Teller {
  public:
    /// Most chunks at a time: ingest waits no longer than that.
    static constexpr std::size_t kMostChunks = 32;

    /// Which kiosks are revoked now, and are told no more than that: a broker may not know.
    using Revoked = std::function<std::vector<record::KioskId>()>;
    /// `log` must outlive it.
    Teller(DownLog& log, record::EventId event, wire::HubEpoch hub, wire::Signer sign,
           Revoked revoked)
        : log_(log),
          event_(std::move(event)),
          hub_(hub),
          sign_(std::move(sign)),
          revoked_(std::move(revoked)) {}

    void heard(std::span<const Heard> kiosks);
    void keepOnly(std::function<bool(const record::KioskId&)> isOurs) {
        downstream_.keepOnly(std::move(isOurs));
    }
    /// The kiosk has said that it has everything urgent up to there.
    [[nodiscard]] bool isTold(const record::KioskId& kiosk, std::uint64_t urgentVersion) const {
        return downstream_.versionOf(kiosk).value_or(wire::DownVersion{}).urgent >= urgentVersion;
    }
    /// What to publish now. kMostChunks of them: there may be more at once.
    [[nodiscard]] Result<std::vector<Message>> next(Downstream::Instant now);

  private:
    [[nodiscard]] Message messageOf(const Downstream::Due& due, DownPage page) const;

    DownLog& log_;
    record::EventId event_;
    wire::HubEpoch hub_;
    wire::Signer sign_;
    Revoked revoked_;
    Downstream downstream_;
};

}  // namespace tapport::hub
