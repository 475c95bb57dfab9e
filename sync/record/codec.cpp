// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/record/codec.h"

#include "sync/base/cbor.h"

namespace tapport::record {
namespace {

// Bounds of what a reader accepts; a writer of ours stays far below.
constexpr std::size_t kMostText = 4096;
constexpr std::size_t kMostItems = 256;

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
    at.wall = WallTime(Millis(in.integer()));
    at.quality = in.enumeration(ClockQuality::Stepped);
    at.boot = in.id<BootId>();
    at.monotonic = Millis(in.integer());
    return at;
}

template <typename Tag>
void write(CborWriter& out, const Name<Tag>& name) {
    out.text(name.value);
}

template <typename N>
N readName(CborReader& in) {
    N name{in.text(kMostText)};
    if (in.ok() && !isName(name.value)) {
        in.reject("name outside a-z 0-9 -");
    }
    return name;
}

void write(CborWriter& out, const ConsentEvent& event) {
    out.array(10)
        .bytes(event.id.view())
        .text(event.purpose.value)
        .uinteger(static_cast<std::uint64_t>(event.channel))
        .uinteger(static_cast<std::uint64_t>(event.state))
        .uinteger(static_cast<std::uint64_t>(event.method));
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
    if (event.evidence.staff) {
        write(out, *event.evidence.staff);
    } else {
        out.null();
    }
    out.array(event.causes.size());
    for (const RecordId& cause : event.causes) {
        out.bytes(cause.view());
    }
}

ConsentEvent readConsentEvent(CborReader& in) {
    ConsentEvent event;
    in.arrayOf(10);
    event.id = in.id<RecordId>();
    event.purpose = readName<PurposeId>(in);
    event.channel = in.enumeration(Channel::Messenger);
    event.state = in.enumeration(ConsentState::Erased);
    event.method = in.enumeration(Method::EmailConfirm);
    in.arrayOf(4);
    event.notice.id = in.text(kMostText);
    event.notice.version = static_cast<std::uint32_t>(in.uinteger());
    event.notice.hash = in.id<NoticeHash>();
    event.notice.language = in.text(kMostText);
    event.at = readClock(in);
    event.validUntil = WallTime(Millis(in.integer()));
    in.arrayOf(5);
    event.evidence.screen = in.text(kMostText);
    event.evidence.build = in.text(kMostText);
    event.evidence.optionOrder = in.text(kMostText);
    event.evidence.dwell = Millis(in.integer());
    if (!in.skipNull()) {
        event.evidence.staff = readName<StaffId>(in);
    }
    const std::size_t causes = in.array(kMostItems);
    for (std::size_t i = 0; i < causes && in.ok(); ++i) {
        event.causes.push_back(in.id<RecordId>());
    }
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

void write(CborWriter& out, const Conversation& conversation) {
    out.array(7).bytes(conversation.id.view()).text(conversation.staff.value);
    write(out, conversation.at);
    out.text(conversation.need).text(conversation.readiness).text(conversation.note);
    if (!conversation.promise) {
        out.null();
        return;
    }
    const Promise& promise = *conversation.promise;
    out.array(3)
        .text(promise.what)
        .integer(std::chrono::sys_days(promise.due).time_since_epoch().count())
        .text(promise.owner.value);
}

Conversation readConversation(CborReader& in) {
    // Days that year_month_day can hold (years -32767 to 32767) with room to spare for ours.
    constexpr std::int64_t kMostDays = 1'000'000;
    Conversation conversation;
    in.arrayOf(7);
    conversation.id = in.id<RecordId>();
    conversation.staff = readName<StaffId>(in);
    conversation.at = readClock(in);
    conversation.need = in.text(kMostText);
    conversation.readiness = in.text(kMostText);
    conversation.note = in.text(kMostText);
    if (!in.skipNull()) {
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
        conversation.promise = promise;
    }
    return conversation;
}

}  // namespace

Bytes encode(const PositionedUnit& positioned) {
    const auto& [position, unit] = positioned;
    CborWriter out;
    out.array(13)
        .uinteger(kUnitSchema)
        .text(position.kiosk.value)
        .bytes(position.epoch.view())
        .uinteger(position.seq)
        .bytes(unit.id.view())
        .uinteger(static_cast<std::uint64_t>(unit.kind))
        .text(unit.event.value)
        .bytes(unit.subject.view());
    write(out, unit.at);
    out.array(unit.consents.size());
    for (const ConsentEvent& event : unit.consents) {
        write(out, event);
    }
    if (unit.contact) {
        write(out, *unit.contact);
    } else {
        out.null();
    }
    if (unit.vault) {
        out.array(2).bytes(unit.vault->lookup.view()).bytes(unit.vault->key.view());
    } else {
        out.null();
    }
    out.array(unit.conversations.size());
    for (const Conversation& conversation : unit.conversations) {
        write(out, conversation);
    }
    return out.take();
}

Result<PositionedUnit> decodeUnit(ByteView bytes) {
    CborReader in(bytes);
    PositionedUnit result;
    auto& [position, unit] = result;
    in.arrayOf(13);
    if (in.uinteger() != kUnitSchema) {
        in.reject("unknown unit schema");
    }
    position.kiosk = readName<KioskId>(in);
    position.epoch = in.id<Epoch>();
    position.seq = in.uinteger();
    unit.id = in.id<RecordId>();
    unit.kind = in.enumeration(UnitKind::Count);
    unit.event = readName<EventId>(in);
    unit.subject = in.id<SubjectId>();
    unit.at = readClock(in);
    const std::size_t consents = in.array(kMostItems);
    for (std::size_t i = 0; i < consents && in.ok(); ++i) {
        unit.consents.push_back(readConsentEvent(in));
    }
    if (!in.skipNull()) {
        unit.contact = readContact(in);
    }
    if (!in.skipNull()) {
        in.arrayOf(2);
        unit.vault.emplace();
        unit.vault->lookup = in.id<VaultLookup>();
        unit.vault->key = in.id<VaultKey>();
    }
    const std::size_t conversations = in.array(kMostItems);
    for (std::size_t i = 0; i < conversations && in.ok(); ++i) {
        unit.conversations.push_back(readConversation(in));
    }
    if (const auto finished = in.finish(); !finished) {
        return tl::unexpected(finished.error().in("unit"));
    }
    return result;
}

}  // namespace tapport::record
