// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/record/parts.h"

#include <limits>

namespace tapport::record {
namespace {

std::uint32_t readVersion(CborReader& in) {
    const std::uint64_t version = in.uinteger();
    if (version > std::numeric_limits<std::uint32_t>::max()) {
        in.reject("notice version out of range");
    }
    return static_cast<std::uint32_t>(version);
}

/// What a calendar can show, and no sum of two such overflows.
constexpr WallTime kEnd = std::chrono::sys_days(std::chrono::year(10000) / 1 / 1);

WallTime readTimeAfter(CborReader& in, WallTime start) {
    const Millis after{in.integer()};
    constexpr Millis kLongest = kEnd.time_since_epoch();
    const bool isBounded = -kLongest < after && after < kLongest;
    const WallTime time = isBounded ? start + after : kEnd;
    if (time < WallTime{} || time >= kEnd) {
        in.reject("time out of range");
    }
    return time;
}

/// How what stands in a unit says its id: as the unit's own and how many behind it, if it is.
void writeIdIn(CborWriter& out, const RecordId& id, const Unit& unit) {
    if (const auto n = whichBeside(unit.id, id, kMostItems)) {
        out.uinteger(*n);
    } else {
        write(out, id);
    }
}

RecordId readIdIn(CborReader& in, const Unit& unit) {
    if (in.isUinteger()) {
        const std::uint64_t n = in.uinteger();
        if (n < 1 || n > kMostItems) {
            in.reject("id too far from the unit's");
        }
        return idBeside(unit.id, n);
    }
    const auto id = in.id<RecordId>();
    if (whichBeside(unit.id, id, kMostItems)) {
        in.reject("id that the unit's stands for");
    }
    return id;
}

void writeClockIn(CborWriter& out, const ClockReading& at, const Unit& unit) {
    if (at == unit.at) {
        out.null();
    } else {
        write(out, at);
    }
}

ClockReading readClockIn(CborReader& in, const Unit& unit) {
    if (in.skipNull()) {
        return unit.at;
    }
    const ClockReading at = readClock(in);
    if (at == unit.at) {
        in.reject("time that the unit says already");
    }
    return at;
}

constexpr std::size_t kConsentItems = 12;

/// Between id and time.
void writeWhat(CborWriter& out, const ConsentEvent& event) {
    out.text(event.purpose.value)
        .uinteger(static_cast<std::uint64_t>(event.channel))
        .uinteger(static_cast<std::uint64_t>(event.state))
        .uinteger(static_cast<std::uint64_t>(event.method))
        .uinteger(static_cast<std::uint64_t>(event.by));
    out.array(4)
        .text(event.notice.id)
        .uinteger(event.notice.version)
        .bytes(event.notice.hash.view())
        .text(event.notice.language);
}

void readWhat(CborReader& in, ConsentEvent& event) {
    event.purpose = readName<PurposeId>(in);
    event.channel = in.enumeration(Channel::Messenger);
    event.state = in.enumeration(ConsentState::Invalidated);
    event.method = in.enumeration(Method::Timeout);
    event.by = in.enumeration(ExpressedBy::Authority);
    in.arrayOf(4);
    event.notice.id = in.text(kMostText);
    event.notice.version = readVersion(in);
    event.notice.hash = in.id<NoticeHash>();
    event.notice.language = in.text(kMostText);
}

/// Behind the times.
void writeHow(CborWriter& out, const ConsentEvent& event) {
    out.array(5)
        .text(event.evidence.screen)
        .text(event.evidence.build)
        .text(event.evidence.optionOrder)
        .integer(event.evidence.dwell.count());
    writeOptional(out, event.evidence.staff);
    writeAll(out, event.causes);
    out.uinteger(event.hubState);
}

void readHow(CborReader& in, ConsentEvent& event) {
    in.arrayOf(5);
    event.evidence.screen = in.text(kMostText);
    event.evidence.build = in.text(kMostText);
    event.evidence.optionOrder = in.text(kMostText);
    event.evidence.dwell = Millis(in.integer());
    event.evidence.staff = readOptional(in, readName<StaffId>);
    event.causes = readAll(in, [](CborReader& item) { return item.id<RecordId>(); });
    event.hubState = in.uinteger();
}

constexpr std::size_t kConversationItems = 7;

/// Behind id, staff and time.
void writeWhat(CborWriter& out, const Conversation& conversation) {
    out.text(conversation.need).text(conversation.readiness).text(conversation.note);
    writeOptional(out, conversation.promise);
}

void readWhat(CborReader& in, Conversation& conversation) {
    conversation.need = in.text(kMostText);
    conversation.readiness = in.text(kMostText);
    conversation.note = in.text(kMostText);
    conversation.promise = readOptional(in, readPromise);
}

}  // namespace

void write(CborWriter& out, const StaffId& staff) {
    out.text(staff.value);
}

void write(CborWriter& out, const ClockReading& at) {
    out.array(4)
        .integer(at.wall.time_since_epoch().count())
        .uinteger(static_cast<std::uint64_t>(at.quality))
        .bytes(at.boot.view())
        .integer(at.monotonic.count());
}

WallTime readTime(CborReader& in) {
    const WallTime time{Millis(in.integer())};
    if (time < WallTime{} || time >= kEnd) {
        in.reject("time out of range");
    }
    return time;
}

ClockReading readClock(CborReader& in) {
    ClockReading at;
    in.arrayOf(4);
    at.wall = readTime(in);
    at.quality = in.enumeration(ClockQuality::Stepped);
    at.boot = in.id<BootId>();
    at.monotonic = Millis(in.integer());
    return at;
}

void write(CborWriter& out, const ConsentEvent& event) {
    out.array(kConsentItems).bytes(event.id.view());
    writeWhat(out, event);
    write(out, event.at);
    out.integer(event.validUntil.time_since_epoch().count());
    writeHow(out, event);
}

void write(CborWriter& out, const ConsentEvent& event, const Unit& unit) {
    out.array(kConsentItems);
    writeIdIn(out, event.id, unit);
    writeWhat(out, event);
    writeClockIn(out, event.at, unit);
    out.integer((event.validUntil - event.at.wall).count());
    writeHow(out, event);
}

ConsentEvent readConsentEvent(CborReader& in) {
    ConsentEvent event;
    in.arrayOf(kConsentItems);
    event.id = in.id<RecordId>();
    readWhat(in, event);
    event.at = readClock(in);
    event.validUntil = readTime(in);
    readHow(in, event);
    return event;
}

ConsentEvent readConsentEventIn(CborReader& in, const Unit& unit) {
    ConsentEvent event;
    in.arrayOf(kConsentItems);
    event.id = readIdIn(in, unit);
    readWhat(in, event);
    event.at = readClockIn(in, unit);
    event.validUntil = readTimeAfter(in, event.at.wall);
    readHow(in, event);
    return event;
}

void write(CborWriter& out, const Contact& contact) {
    out.array(5)
        .text(contact.name)
        .text(contact.company)
        .text(contact.email)
        .text(contact.phone)
        .text(contact.address);
}

Contact readContact(CborReader& in) {
    Contact contact;
    in.arrayOf(5);
    contact.name = in.text(kMostText);
    contact.company = in.text(kMostText);
    contact.email = in.text(kMostText);
    contact.phone = in.text(kMostText);
    contact.address = in.text(kMostText);
    return contact;
}

void write(CborWriter& out, const Promise& promise) {
    out.array(3)
        .text(promise.what)
        .integer(std::chrono::sys_days(promise.due).time_since_epoch().count())
        .text(promise.owner.value);
}

Promise readPromise(CborReader& in) {
    // Days that year_month_day can hold (years -32767 to 32767) with room to spare for ours.
    constexpr std::int64_t kMostDays = 1'000'000;
    Promise promise;
    in.arrayOf(3);
    promise.what = in.text(kMostText);
    const std::int64_t days = in.integer();
    if (days < -kMostDays || days > kMostDays) {
        in.reject("date out of range");
    } else {
        promise.due = std::chrono::sys_days(std::chrono::days(days));
    }
    promise.owner = readName<StaffId>(in);
    return promise;
}

void write(CborWriter& out, const Conversation& conversation) {
    out.array(kConversationItems).bytes(conversation.id.view()).text(conversation.staff.value);
    write(out, conversation.at);
    writeWhat(out, conversation);
}

void write(CborWriter& out, const Conversation& conversation, const Unit& unit) {
    out.array(kConversationItems);
    writeIdIn(out, conversation.id, unit);
    out.text(conversation.staff.value);
    writeClockIn(out, conversation.at, unit);
    writeWhat(out, conversation);
}

Conversation readConversation(CborReader& in) {
    Conversation conversation;
    in.arrayOf(kConversationItems);
    conversation.id = in.id<RecordId>();
    conversation.staff = readName<StaffId>(in);
    conversation.at = readClock(in);
    readWhat(in, conversation);
    return conversation;
}

Conversation readConversationIn(CborReader& in, const Unit& unit) {
    Conversation conversation;
    in.arrayOf(kConversationItems);
    conversation.id = readIdIn(in, unit);
    conversation.staff = readName<StaffId>(in);
    conversation.at = readClockIn(in, unit);
    readWhat(in, conversation);
    return conversation;
}

void write(CborWriter& out, const VaultAccess& vault) {
    out.array(2).bytes(vault.lookup.view()).bytes(vault.key.view());
}

VaultAccess readVaultAccess(CborReader& in) {
    VaultAccess vault;
    in.arrayOf(2);
    vault.lookup = in.id<VaultLookup>();
    vault.key = in.id<VaultKey>();
    return vault;
}

}  // namespace tapport::record
