// SPDX-License-Identifier: GPL-3.0-or-later
// How things stand: what pages, commands and exports tell of kiosks, records, the quarantine and
// exports.
#pragma once

#include "sync/hub/store/arrival.h"
#include "sync/record/seq_ranges.h"

#include <map>

namespace tapport::hub {

/// An export as it is kept: who took what, when.
struct ExportEntry {
    record::RecordId id;
    record::WallTime at;
    std::string by;
    std::uint64_t stateVersion = 0;
    std::uint64_t rows = 0;
    std::uint64_t people = 0;
    bool isFinal = false;
    seal::Sha256 sha256;
    std::string manifest;
};

struct ConsentCount {
    record::PurposeId purpose;
    record::Channel channel = record::Channel::Email;
    std::map<record::ConsentState, std::uint64_t> events;
};
struct Counts {
    std::uint64_t units = 0;        ///< all received, opened or not
    std::uint64_t waiting = 0;      ///< of these, not opened yet
    std::uint64_t quarantined = 0;  ///< entries in the quarantine; erasure takes its own out
    std::uint64_t discarded = 0;    ///< apart from these: given up by an operator
    std::uint64_t forks = 0;        ///< records at or beside a position of another copy's
    std::map<record::UnitKind, std::uint64_t> opened;
    std::uint64_t conversations = 0;
    std::uint64_t promises = 0;
    std::vector<ConsentCount> consents;
};
struct KioskStanding {
    Sequence sequence;
    std::uint64_t announcedLast = 0;          ///< 0: it has recorded nothing, or never said hello
    record::SeqRanges held;                   ///< received or quarantined
    record::WallTime heardAt;                 ///< 0: never; what is here was read from its disk, or
                                              ///< tried again out of the quarantine
    std::optional<wire::ForkPoint> forkOf{};  ///< the kiosk was restored or cloned
    /// How far its clock was ahead of the hub's when it was heard last (behind: negative), less
    /// the time that its message took; none: it has not said.
    std::optional<record::Millis> clockAhead{};

    /// Farther than any message takes on a link that works.
    static constexpr record::Millis kClockTolerance = std::chrono::minutes(2);
    [[nodiscard]] bool wasHeard() const { return heardAt != record::WallTime(); }
    [[nodiscard]] bool isClockOff() const {
        return clockAhead && std::chrono::abs(*clockAhead) > kClockTolerance;
    }
    /// Every record the kiosk ever made is here.
    [[nodiscard]] bool isComplete() const {
        return announcedLast > 0 ? holes().empty() : wasHeard() && held.empty();
    }
    [[nodiscard]] record::SeqRanges holes() const;
};
/// An operator gave a quarantined payload up. Its bytes are gone, the entry stays.
struct Discard {
    record::WallTime at;
    std::string by;
    std::string why;
};
struct QuarantineEntry {
    std::int64_t number = 0;  ///< ascending; never used twice
    record::WallTime firstAt;
    record::WallTime lastAt;
    std::uint64_t times = 0;  ///< the same payload for the same reason is one entry
    std::string topic;        ///< or the kiosk's id, when its batch could be read
    Reason reason = Reason::Unreadable;
    std::string detail;
    std::uint64_t bytes = 0;
    std::optional<record::RecordId> unit{};  ///< it was taken, and could not be filed
    std::optional<Discard> discarded{};
};
struct Quarantined {
    QuarantineEntry entry;
    Bytes payload;
};

/// Of one sequence: up to here everything is opened, and in a backup.
struct Watermark {
    Sequence sequence;
    std::uint64_t seq = 0;
    bool operator==(const Watermark&) const = default;
};

/// What a database took over from the one whose place it takes.
struct CarriedOver {
    std::uint64_t records = 0;
    std::uint64_t destroyed = 0;  ///< of these: erased or forgotten there, they stay so
    std::uint64_t quarantined =
        0;  ///< entries that are not records: messages, and what was discarded
    std::uint64_t suppressions = 0;
};

}  // namespace tapport::hub
