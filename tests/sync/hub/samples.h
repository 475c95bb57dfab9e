// SPDX-License-Identifier: GPL-3.0-or-later
// Units of fictional attendees, as a kiosk would record and seal them, for the hub's tests.
#pragma once

#include "sync/hub/store/store.h"

#include <list>

namespace tapport::hub::samples {

inline const Scope kScope{"default", {"demo-2026"}};
inline const ledger::SuppressionKey kKey{{7}};
inline const record::KioskId kKiosk{"kiosk-1"};
inline const record::WallTime kNow{std::chrono::milliseconds(1'795'608'000'000)};  // 2026-11-25 12Z

/// Different for each `n`, and ascending with it.
[[nodiscard]] record::RecordId recordId(std::uint64_t n);
[[nodiscard]] record::SubjectId subject(std::uint8_t n);
[[nodiscard]] record::Epoch epoch(std::uint8_t n = 1);
[[nodiscard]] record::ClockReading clockAt(record::WallTime wall);

/// Event `n` of a purpose on a channel.
[[nodiscard]] record::ConsentEvent consent(std::uint64_t n, const std::string& purpose,
                                           record::Channel channel, record::ConsentState state);
[[nodiscard]] record::Contact contact(std::uint8_t n);
[[nodiscard]] record::Conversation conversation(std::uint64_t n, const std::string& note);

/// A visit with one yes to "newsletter" by e-mail, at seq `seq` of kKiosk in epoch(1). Its record
/// id is recordId(1000 * seq), its consent event's the next.
[[nodiscard]] record::PositionedUnit visit(std::uint64_t seq, std::uint8_t who);

/// Takes back the visit's yes, knowing `causes`; its event's id is recordId(1000 * seq + 1).
[[nodiscard]] record::PositionedUnit withdrawal(std::uint64_t seq, std::uint8_t who,
                                                std::vector<record::RecordId> causes);

/// Asks for erasure, knowing `causes`; its event's id is recordId(1000 * seq + 1).
[[nodiscard]] record::PositionedUnit erasure(std::uint64_t seq, std::uint8_t who,
                                             std::vector<record::RecordId> causes);

/// Stands for the chain value of a position: a store compares it and knows nothing of hashes.
[[nodiscard]] record::ChainHash chain(std::uint64_t seq);

/// Arrivals and the bytes they look at.
class Parcels {
  public:
    /// `bytes` stand for sealed ones: a store does not look into them.
    Parcels& add(const record::RecordId& id, const record::Position& position, Bytes bytes);
    Parcels& add(std::uint64_t seq, Bytes bytes = {1, 2, 3});
    [[nodiscard]] const Intake& intake() const { return intake_; }
    [[nodiscard]] Intake& intake() { return intake_; }

  private:
    std::list<Bytes> bytes_;
    Intake intake_;
};

}  // namespace tapport::hub::samples
