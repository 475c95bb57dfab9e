// SPDX-License-Identifier: GPL-3.0-or-later
// What arrives, whose it is, and what becomes of it.
#pragma once

#include "sync/hub/store/held.h"
#include "sync/record/unit.h"
#include "sync/seal/seal.h"
#include "sync/wire/messages.h"

namespace tapport::hub {

/// Which rows a store reads and writes; part of every primary key.
struct Scope {
    std::string tenant;
    record::EventId event;
};

/// One kiosk database: a re-imaged card has another epoch.
struct Sequence {
    record::KioskId kiosk;
    record::Epoch epoch;
    auto operator<=>(const Sequence&) const = default;
};

enum class Reason : std::uint8_t {
    Unreadable,      ///< the payload is no message of the wire format
    WrongKiosk,      ///< topic and envelope name different kiosks
    Conflict,        ///< a record with this id and other bytes is here already
    DoesNotOpen,     ///< not sealed to this event's key, changed, or of an unknown schema
    HeaderMismatch,  ///< the header inside the seal is not the envelope's
    WrongEvent,      ///< opened: belongs to another event
    Inconsistent,    ///< opened: an id in it is used by another record
    NotProven,       ///< opened: signed by none of the keys that are known for its kiosk
    NotSigned,       ///< the message is signed by no key of its topic's kiosk
    Recovered,       ///< read from a disk, sent by nobody: waits for an operator's word
};

/// Why an arrival is kept in quarantine instead of being opened.
struct Withheld {
    Reason reason = Reason::Recovered;
    std::optional<record::SubjectId> subject{};  ///< so that erasure reaches it
};

/// A sealed unit as it arrived. Its identity is `id` with `digest`; `position` finds holes and
/// forks only. `sealed` must outlive the call.
struct Arrival {
    record::RecordId id;
    record::Position position;
    seal::Digest digest;
    ByteView sealed;
    record::ChainHash before;  ///< what the kiosk's chain says before its position
    record::ChainHash after;   ///< and after it, with this record
    std::optional<Withheld> withheld{};
};

/// What became of an arrival.
enum class Verdict : std::uint8_t {
    Stored,
    Duplicate,  ///< same id, same bytes: nothing was written
    Forked,     ///< stored, but another record stands at its position, or its neighbour in the
                ///< sequence is another copy's: alarm
    Conflict,   ///< same id, other bytes: quarantined, the first one stands
};

/// A payload that could not be taken. `payload` must outlive the call.
struct Suspect {
    std::string topic;
    ByteView payload;
    Reason reason = Reason::Unreadable;
    std::string detail{};  ///< no personal data
    /// Positions that it names, if it can be read and believed so far, count as held.
    std::optional<Sequence> sequence{};
    std::vector<Link> links{};
    /// Of a unit that could be opened, but not filed.
    std::optional<record::RecordId> unit{};
    std::optional<record::SubjectId> subject{};
};

/// What a kiosk says about its own sequence: the last seq it ever gave out.
struct Announcement {
    Sequence sequence;
    std::uint64_t lastSeq = 0;
    std::optional<wire::ForkPoint> forkOf{};
};

/// What a kiosk's clock said when it sent something.
struct ClockSaid {
    Sequence sequence;
    record::WallTime time;
};

/// Of several workers on one database, each sorts and opens what the kiosks sent that it serves.
enum class Whose : std::uint8_t { Own, Anybodys };

/// A batch of this kiosk, signed by it, as it came. `payload` must outlive the call.
struct Parcel {
    record::KioskId kiosk;
    ByteView payload;
};
/// One that is kept until its records have places of their own.
struct KeptParcel {
    std::int64_t number = 0;  ///< ascending in the order in which a kiosk's came
    record::KioskId kiosk;
    Bytes payload;
    record::WallTime receivedAt;
};

/// What several messages brought, written together.
struct Intake {
    std::vector<Parcel> parcels{};
    /// Numbers of those that the arrivals are from: they go. Whoever sent these was heard then.
    std::vector<std::int64_t> sorted{};
    Whose whose = Whose::Own;  ///< of the kiosks; of anybody's, no other worker takes meanwhile
    bool isHeard = true;       ///< now; else kept until now, or read from a kiosk's disk
    std::vector<Arrival> arrivals;
    std::vector<Suspect> suspects;
    std::vector<Announcement> announcements;
    std::vector<ClockSaid> clocks;
};

[[nodiscard]] std::string_view nameOf(Reason reason);

}  // namespace tapport::hub
