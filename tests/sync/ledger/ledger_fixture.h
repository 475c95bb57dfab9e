// SPDX-License-Identifier: GPL-3.0-or-later
// A ledger of one fictional person under the sample event, and short ways to record events in it.
#pragma once

#include "sync/ledger/consent_ledger.h"
#include "tests/support/sample_event.h"

#include <gtest/gtest.h>

namespace tapport::ledger {

using namespace std::chrono_literals;

/// At noon on the second day of the show.
inline constexpr record::WallTime kNow =
    std::chrono::sys_days(std::chrono::year(2026) / std::chrono::November / 25) + 12h;
inline record::TrustedNow at(record::WallTime wall) {
    return record::TrustedNow({wall, record::ClockQuality::Synced, {}, {}}, wall);
}
inline const record::TrustedNow kToday = at(kNow);
inline const Scope kNewsletter{{"newsletter"}, record::Channel::Email};
inline const Scope kSalesEmail{{"sales-follow-up"}, record::Channel::Email};
inline const Scope kSalesPhone{{"sales-follow-up"}, record::Channel::Phone};

inline event::Event eventInNovember() {
    event::Event event = support::sampleEvent();
    event.firstDay = std::chrono::year(2026) / std::chrono::November / 24;
    event.lastDay = std::chrono::year(2026) / std::chrono::November / 26;
    return event;
}

inline Person somebody() {
    record::Conversation conversation;
    conversation.need = "repair";
    return {{},
            {"Test Attendee", "Test Company", "test@example.com", "+49301234567", "Test Street 1"},
            {conversation}};
}

class LedgerFixture : public testing::Test {
  protected:
    using Causes = std::vector<record::RecordId>;

    /// Records an event made knowing `causes` and gives its id.
    record::RecordId record(const Scope& scope, record::ConsentState state, Causes causes = {}) {
        return add(make(scope, state, std::move(causes)));
    }
    record::RecordId add(const Recorded& one) {
        ledger_.add(one);
        return one.event.id;
    }
    Recorded make(const Scope& scope, record::ConsentState state, Causes causes = {}) {
        Recorded one;
        one.event.id.bytes[15] = ++made_;
        one.event.purpose = scope.purpose;
        one.event.channel = scope.channel;
        one.event.state = state;
        one.event.method = methodOf(state);
        one.event.notice = event_.find(scope.purpose, scope.channel)->noticeRef("en");
        one.event.at = {kNow, record::ClockQuality::Synced, {}, {}};
        one.event.validUntil = kNow + 24h;
        one.event.causes = std::move(causes);
        one.kiosk = {"kiosk-1"};
        return one;
    }
    Standing standing(const Scope& scope) const { return ledger_.decide(scope, kToday).standing; }

    event::Event event_ = eventInNovember();
    Suppressions nobody_{SuppressionKey{}};
    ConsentLedger ledger_{event_, nobody_, somebody()};

  private:
    static record::Method methodOf(record::ConsentState state) {
        switch (state) {
            case record::ConsentState::Given:
            case record::ConsentState::Renewed:
                return record::Method::KioskYes;
            case record::ConsentState::Confirmed:
                return record::Method::EmailConfirm;
            default:
                return record::Method::KioskNo;
        }
    }

    std::uint8_t made_ = 0;
};

}  // namespace tapport::ledger
