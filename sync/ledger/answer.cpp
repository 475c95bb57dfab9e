// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/ledger/answer.h"

namespace tapport::ledger {
namespace {

using record::ClockQuality;
using record::ConsentEvent;
using record::ConsentState;
using record::Method;

bool isByThePerson(const ConsentEvent& event) {
    return event.by == record::ExpressedBy::Subject || event.by == record::ExpressedBy::Guardian;
}

bool isExpress(const ConsentEvent& event) {
    switch (event.method) {
        case Method::KioskYes:
        case Method::ReTap:
        case Method::ReceiptLink:
            return true;
        case Method::Oral:
            return event.evidence.staff.has_value();
        case Method::KioskNo:
        case Method::EmailConfirm:
        case Method::OneClick:
        case Method::Timeout:
            break;
    }
    return false;
}

/// A booth is open on the days of the show: a clock that ran on by itself and says otherwise is
/// wrong.
bool isStampRight(const record::ClockReading& at, const event::Event& event) {
    switch (at.quality) {
        case ClockQuality::Synced:
            return true;
        case ClockQuality::Holdover:
            return at.wall >= event.firstDay && at.wall < event.lastDay + std::chrono::days(1);
        case ClockQuality::Unset:
        case ClockQuality::Stepped:
            break;
    }
    return false;
}

}  // namespace

bool isExpressYes(const ConsentEvent& event) {
    return record::isYes(event.state) && isByThePerson(event) && isExpress(event);
}

bool isNo(const ConsentEvent& event) {
    switch (event.state) {
        case ConsentState::Refused:
        case ConsentState::Withdrawn:
        case ConsentState::Expired:
        case ConsentState::Objected:
        case ConsentState::Erased:
        case ConsentState::Revoked:
        case ConsentState::Invalidated:
            return true;
        case ConsentState::Given:
        case ConsentState::Renewed:
        case ConsentState::Confirmed:
            break;
    }
    return false;
}

bool isLastWord(const ConsentEvent& event) {
    return event.state == ConsentState::Objected || event.state == ConsentState::Erased;
}

bool concerns(const ConsentEvent& no, const Scope& scope) {
    return isLastWord(no) || no.purpose.value == record::kEveryPurpose ||
           (no.purpose == scope.purpose && no.channel == scope.channel);
}

Standing standingAfter(const ConsentEvent& no) {
    switch (no.state) {
        case ConsentState::Refused:
            return Standing::Refused;
        case ConsentState::Withdrawn:
            return Standing::Withdrawn;
        case ConsentState::Expired:
            return Standing::Expired;
        case ConsentState::Revoked:
            return Standing::Revoked;
        case ConsentState::Invalidated:
            return Standing::Invalidated;
        case ConsentState::Objected:
            return Standing::Objected;
        case ConsentState::Erased:
            return Standing::Erased;
        case ConsentState::Given:
        case ConsentState::Renewed:
        case ConsentState::Confirmed:
            break;
    }
    return Standing::Unknown;
}

record::WallTime beginOf(const ConsentEvent& yes, const event::Event& event) {
    return isStampRight(yes.at, event) ? yes.at.wall : record::WallTime(event.firstDay);
}

record::WallTime endOf(const ConsentEvent& yes, const event::Event& event) {
    const record::Millis agreed = yes.validUntil - yes.at.wall;
    const event::Ask* const ask = event.find(yes.purpose, yes.channel);
    return beginOf(yes, event) + (ask ? std::min(agreed, record::Millis(ask->validity)) : agreed);
}

bool confirms(const ConsentEvent& confirmation, const ConsentEvent& yes,
              const event::Event& event) {
    const auto& causes = confirmation.causes;
    const bool isNamed = std::find(causes.begin(), causes.end(), yes.id) != causes.end();
    const Method wanted =
        yes.channel == record::Channel::Email ? Method::EmailConfirm : Method::OneClick;
    // It comes after the show, so its days say nothing here.
    const ClockQuality quality = confirmation.at.quality;
    const bool hasKeptTime = quality == ClockQuality::Synced || quality == ClockQuality::Holdover;
    return confirmation.state == ConsentState::Confirmed && isByThePerson(confirmation) &&
           isNamed && confirmation.purpose == yes.purpose && confirmation.channel == yes.channel &&
           confirmation.method == wanted && hasKeptTime &&
           confirmation.at.wall <= beginOf(yes, event) + event.profile.confirmWithin;
}

}  // namespace tapport::ledger
