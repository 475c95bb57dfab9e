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

inline const record::Contact kSomebody{"Test Attendee", "Test Company", "test@example.com",
                                       "+49301234567", "Test Street 1"};
/// The `n`th event that a LedgerFixture makes.
inline record::RecordId eventId(std::uint8_t n) {
    record::RecordId id;
    id.bytes[15] = n;
    return id;
}
/// Whose events all came in one unit.
inline Person somebody() {
    Person person{{}, {{kSomebody, {}}}, {{}}};
    for (std::uint8_t n = 1; n < 32; ++n) {
        person.contacts[0].with.push_back(eventId(n));
    }
    person.conversations[0].need = "repair";
    return person;
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
        one.event.id = eventId(++made_);
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
    bool isReleased(const Scope& scope, const record::TrustedNow& now = kToday) const {
        return release(scope, now).has_value();
    }
    std::optional<ReleasableLead> release(const Scope& scope,
                                          const record::TrustedNow& now = kToday) const {
        const std::vector<ReleasableLead> leads = ledger_.releaseAll(now);
        const auto found = std::find_if(leads.begin(), leads.end(), [&](const auto& lead) {
            return Scope{lead.purpose(), lead.channel()} == scope;
        });
        return found == leads.end() ? std::nullopt : std::optional(*found);
    }

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
