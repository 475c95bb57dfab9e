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
WallTime readTime(CborReader& in) {
    constexpr WallTime kEnd = std::chrono::sys_days(std::chrono::year(10000) / 1 / 1);
    const WallTime time{Millis(in.integer())};
    if (time < WallTime{} || time >= kEnd) {
        in.reject("time out of range");
    }
    return time;
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
    out.array(12)
        .bytes(event.id.view())
        .text(event.purpose.value)
        .uinteger(static_cast<std::uint64_t>(event.channel))
        .uinteger(static_cast<std::uint64_t>(event.state))
        .uinteger(static_cast<std::uint64_t>(event.method))
        .uinteger(static_cast<std::uint64_t>(event.by));
    out.array(4)
        .text(event.notice.id)
        .uinteger(event.notice.version)
        .bytes(event.notice.hash.view())
        .text(event.notice.language);
    write(out, event.at);
    out.integer(event.validUntil.time_since_epoch().count());
    out.array(5)
        .text(event.evidence.screen)
        .text(event.evidence.build)
        .text(event.evidence.optionOrder)
        .integer(event.evidence.dwell.count());
    writeOptional(out, event.evidence.staff);
    writeAll(out, event.causes);
    out.uinteger(event.hubState);
}

ConsentEvent readConsentEvent(CborReader& in) {
    ConsentEvent event;
    in.arrayOf(12);
    event.id = in.id<RecordId>();
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
    event.at = readClock(in);
    event.validUntil = readTime(in);
    in.arrayOf(5);
    event.evidence.screen = in.text(kMostText);
    event.evidence.build = in.text(kMostText);
    event.evidence.optionOrder = in.text(kMostText);
    event.evidence.dwell = Millis(in.integer());
    event.evidence.staff = readOptional(in, readName<StaffId>);
    event.causes = readAll(in, [](CborReader& item) { return item.id<RecordId>(); });
    event.hubState = in.uinteger();
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
    out.array(7).bytes(conversation.id.view()).text(conversation.staff.value);
    write(out, conversation.at);
    out.text(conversation.need).text(conversation.readiness).text(conversation.note);
    writeOptional(out, conversation.promise);
}

Conversation readConversation(CborReader& in) {
    Conversation conversation;
    in.arrayOf(7);
    conversation.id = in.id<RecordId>();
    conversation.staff = readName<StaffId>(in);
    conversation.at = readClock(in);
    conversation.need = in.text(kMostText);
    conversation.readiness = in.text(kMostText);
    conversation.note = in.text(kMostText);
    conversation.promise = readOptional(in, readPromise);
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
