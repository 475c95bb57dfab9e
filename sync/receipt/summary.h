// SPDX-License-Identifier: GPL-3.0-or-later
// The small receipt in the QR code: every decision of one visit, signed by the kiosk, small enough
// to be scanned from a screen. What it says in full stands in the full receipts of the same units
// (full_receipt.h) and in the published notices. Format: README.md. Pure.
#pragma once

#include "sync/event/event.h"
#include "sync/receipt/keys.h"
#include "sync/record/unit.h"

#include <span>

namespace tapport::receipt {

/// The first 16 bytes of a notice's hash: still beyond anybody's power to find a second text for.
using NoticeMark = FixedBytes<struct NoticeMarkTag, 16>;
[[nodiscard]] NoticeMark markOf(const record::NoticeHash& hash);

struct Decision {
    record::PurposeId purpose;
    record::Channel channel = record::Channel::Email;
    record::ConsentState state = record::ConsentState::Refused;
    NoticeMark notice;  ///< names version and language too: no two share a hash
    std::chrono::sys_days validUntil;
    bool operator==(const Decision&) const = default;
};

/// Always provisional: a kiosk cannot know what others know.
struct Summary {
    record::ReceiptId id;  ///< of the attendee's page
    record::EventId event;
    std::string language;  ///< in which was asked
    std::vector<Decision> decisions;
    record::KioskId kiosk;
    record::Epoch epoch;
    /// Where the decisions stand in the kiosk's sequence; for a new receipt, where it stood then.
    std::vector<std::uint64_t> seqs;
    std::chrono::sys_seconds at;
    record::ClockQuality quality = record::ClockQuality::Unset;
    bool operator==(const Summary&) const = default;
};

/// Of the units of one transaction; nothing when none has consents. The id is that of the unit that
/// names the person, else the refusal's: what was refused is never linked to who refused it.
[[nodiscard]] std::optional<Summary> summaryOf(std::span<const record::PositionedUnit> units);

/// What a new receipt states of decisions that were recorded before.
struct Restatement {
    record::ReceiptId id;
    record::EventId event;
    record::Position witness;  ///< the kiosk's last record
    record::ClockReading now;
};
/// Nothing without decisions.
[[nodiscard]] std::optional<Summary> summaryOf(std::span<const record::ConsentEvent> decisions,
                                               const Restatement& as);

[[nodiscard]] std::string summaryPayload(const Summary& summary);
/// InvalidInput unless it is exactly what summaryPayload() writes.
[[nodiscard]] Result<Summary> parseSummary(std::string_view payload);

/// `<receiptUrl>/r/<32 hex digits>#<JWS>`: opens the attendee's page, and proves itself without it
/// (what stands behind # is not sent).
[[nodiscard]] std::string receiptLink(const Summary& summary, const event::Event& event,
                                      const SigningKeys& keys);

}  // namespace tapport::receipt
