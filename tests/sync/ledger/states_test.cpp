// SPDX-License-Identifier: GPL-3.0-or-later
// The table of states: what each event makes of a standing, and what lifts it.
#include "tests/sync/ledger/ledger_fixture.h"

#include <gmock/gmock.h>

namespace tapport::ledger {
namespace {

using record::Channel;
using record::ConsentState;
using record::ExpressedBy;
using record::Method;
using testing::ElementsAre;
using testing::IsEmpty;

class StatesTest : public LedgerFixture {
  protected:
    Recorded confirmationOf(const record::RecordId& yes, const Scope& scope = kNewsletter) {
        return make(scope, ConsentState::Confirmed, {yes});
    }
    Recorded by(ExpressedBy whom, Recorded one) {
        one.event.by = whom;
        return one;
    }
    void wantDoubleOptIn() { event_.profile.doubleOptIn = {Channel::Email, Channel::Phone}; }
};

TEST_F(StatesTest, WithDoubleOptInAYesIsPendingUntilConfirmed) {
    wantDoubleOptIn();
    const auto yes = record(kNewsletter, ConsentState::Given);
    EXPECT_EQ(standing(kNewsletter), Standing::Pending);
    EXPECT_FALSE(isReleased(kNewsletter));

    const auto confirmation = add(confirmationOf(yes));

    EXPECT_EQ(standing(kNewsletter), Standing::Given);
    EXPECT_EQ(release(kNewsletter)->confirmation()->event.id, confirmation);
}

TEST_F(StatesTest, AYesThatWasNotConfirmedInTimeIsDeferred) {
    wantDoubleOptIn();
    Recorded yes = make(kNewsletter, ConsentState::Given);
    yes.event.validUntil = kNow + 8760h;
    add(yes);

    const auto end = kNow + event_.profile.confirmWithin;
    EXPECT_EQ(ledger_.decide(kNewsletter, at(end)).standing, Standing::Pending);
    EXPECT_EQ(ledger_.decide(kNewsletter, at(end + 1ms)).standing, Standing::Deferred);
}

TEST_F(StatesTest, AConfirmationThatComesTooLateConfirmsNothing) {
    wantDoubleOptIn();
    Recorded late = confirmationOf(record(kNewsletter, ConsentState::Given));
    late.event.at.wall = kNow + event_.profile.confirmWithin + 1ms;
    add(late);

    EXPECT_EQ(standing(kNewsletter), Standing::Pending);
}

TEST_F(StatesTest, AConfirmationByAClockThatWasNeverSetConfirmsNothing) {
    wantDoubleOptIn();
    Recorded confirmation = confirmationOf(record(kNewsletter, ConsentState::Given));
    confirmation.event.at.quality = record::ClockQuality::Unset;
    add(confirmation);

    EXPECT_EQ(standing(kNewsletter), Standing::Pending);
}

TEST_F(StatesTest, AConfirmationIsNoConsentOfItsOwn) {
    add(confirmationOf({}));

    EXPECT_EQ(standing(kNewsletter), Standing::Unknown);
}

TEST_F(StatesTest, EmailDoubleOptInProvesNoPhoneConsent) {
    wantDoubleOptIn();
    const auto mail = record(kSalesEmail, ConsentState::Given);
    const auto phone = record(kSalesPhone, ConsentState::Given);
    Recorded confirmation = confirmationOf(mail, kSalesEmail);
    confirmation.event.causes.push_back(phone);
    add(confirmation);
    EXPECT_EQ(standing(kSalesEmail), Standing::Given);
    EXPECT_EQ(standing(kSalesPhone), Standing::Pending);

    add(confirmationOf(phone, kSalesPhone));

    EXPECT_EQ(standing(kSalesPhone), Standing::Pending) << "a mail that says so proves nothing";
}

TEST_F(StatesTest, AnOldConfirmationDoesNotBringBackWhoLeft) {
    wantDoubleOptIn();
    const auto yes = record(kNewsletter, ConsentState::Given);
    const auto withdrawn = record(kNewsletter, ConsentState::Withdrawn, {yes});
    add(confirmationOf(yes));
    EXPECT_EQ(standing(kNewsletter), Standing::Withdrawn);

    const auto again = record(kNewsletter, ConsentState::Given, {withdrawn});
    EXPECT_EQ(standing(kNewsletter), Standing::Pending) << "the old link confirms the old yes only";

    add(confirmationOf(again));
    EXPECT_EQ(standing(kNewsletter), Standing::Renewed);
}

TEST_F(StatesTest, EachOfTwoConcurrentYesesWantsItsConfirmation) {
    wantDoubleOptIn();
    const auto one = record(kNewsletter, ConsentState::Given);
    const auto other = record(kNewsletter, ConsentState::Given);
    add(confirmationOf(one));
    EXPECT_EQ(standing(kNewsletter), Standing::Pending) << "the address may be another";

    add(confirmationOf(other));

    EXPECT_EQ(standing(kNewsletter), Standing::Given);
}

TEST_F(StatesTest, WhatTheControllerEndedTheControllerCannotGive) {
    const auto yes = record(kNewsletter, ConsentState::Given);
    for (const auto& [state, expected] :
         {std::pair(ConsentState::Revoked, Standing::Revoked),
          std::pair(ConsentState::Invalidated, Standing::Invalidated)}) {
        const auto ended = add(by(ExpressedBy::Controller, make(kNewsletter, state, {yes})));
        EXPECT_EQ(standing(kNewsletter), expected);

        add(by(ExpressedBy::Controller, make(kNewsletter, ConsentState::Given, {ended})));
        EXPECT_EQ(standing(kNewsletter), expected);
    }
}

TEST_F(StatesTest, AFreshYesLiftsWhatTheControllerEnded) {
    const auto ended = record(kNewsletter, ConsentState::Revoked);
    record(kNewsletter, ConsentState::Given, {ended});

    EXPECT_EQ(standing(kNewsletter), Standing::Given);
}

TEST_F(StatesTest, AGuardianMayAgree) {
    add(by(ExpressedBy::Guardian, make(kNewsletter, ConsentState::Given)));

    EXPECT_EQ(standing(kNewsletter), Standing::Given);
}

TEST_F(StatesTest, OnlyTheSubjectLiftsAnObjectionOrErasure) {
    Causes before;
    for (const auto& [state, expected] : {std::pair(ConsentState::Objected, Standing::Objected),
                                          std::pair(ConsentState::Erased, Standing::Erased)}) {
        const auto word = record(kSalesPhone, state, before);
        const Recorded guardians =
            by(ExpressedBy::Guardian, make(kNewsletter, ConsentState::Given, {word}));
        add(guardians);
        EXPECT_EQ(standing(kNewsletter), expected);

        const auto own = record(kNewsletter, ConsentState::Given, {guardians.event.id});
        EXPECT_EQ(standing(kNewsletter), Standing::Renewed);
        EXPECT_EQ(standing(kSalesEmail), expected) << "lifted for what was agreed to only";

        before = {record(kNewsletter, ConsentState::Withdrawn, {own})};
    }
}

TEST_F(StatesTest, AWithdrawalMayConcernEveryPurpose) {
    const auto yes = record(kNewsletter, ConsentState::Given);
    record(kSalesEmail, ConsentState::Given);
    Recorded all = make(kSalesPhone, ConsentState::Withdrawn, {yes});
    all.event.purpose = {std::string(record::kEveryPurpose)};
    add(all);

    EXPECT_EQ(standing(kNewsletter), Standing::Withdrawn);
    EXPECT_EQ(standing(kSalesEmail), Standing::Withheld);
}

TEST_F(StatesTest, SilenceAndUnsignedOralAnswersAreNoYes) {
    for (const Method method :
         {Method::Timeout, Method::KioskNo, Method::EmailConfirm, Method::OneClick, Method::Oral}) {
        Recorded yes = make(kNewsletter, ConsentState::Given);
        yes.event.method = method;
        add(yes);

        EXPECT_EQ(standing(kNewsletter), Standing::Unknown) << record::nameOf(method);
    }
    Recorded oral = make(kNewsletter, ConsentState::Given);
    oral.event.method = Method::Oral;
    oral.event.evidence.staff = record::StaffId{"kim"};
    add(oral);

    EXPECT_EQ(standing(kNewsletter), Standing::Given);
}

TEST_F(StatesTest, ListsWhatIsToBeConfirmedAgainAndWhatTheAnswerMustName) {
    const auto no = record(kNewsletter, ConsentState::Withdrawn);
    record(kNewsletter, ConsentState::Given);
    record(kSalesEmail, ConsentState::Given);

    const auto list = ledger_.needsReconfirmation(kToday);
    ASSERT_EQ(list.size(), 1U);
    EXPECT_EQ(list[0].scope, kNewsletter);
    EXPECT_EQ(list[0].reason, Reconfirmation::Reason::UnseenNo);
    EXPECT_THAT(list[0].toName, ElementsAre(no));

    record(kNewsletter, ConsentState::Given, list[0].toName);
    EXPECT_THAT(ledger_.needsReconfirmation(kToday), IsEmpty());
    EXPECT_EQ(standing(kNewsletter), Standing::Given);
}

TEST_F(StatesTest, NobodyIsAskedAgainAboutAYesThatRanOutAnyway) {
    record(kNewsletter, ConsentState::Withdrawn);
    record(kNewsletter, ConsentState::Given);

    EXPECT_THAT(ledger_.needsReconfirmation(at(kNow + 24h)), IsEmpty());
    EXPECT_EQ(ledger_.decide(kNewsletter, at(kNow + 24h)).standing, Standing::Withdrawn);
}

TEST_F(StatesTest, EachHasItsName) {
    EXPECT_EQ(nameOf(Standing::Unknown), "unknown");
    EXPECT_EQ(nameOf(Standing::Withheld), "withheld");
    EXPECT_EQ(nameOf(Standing::Erased), "erased");
    EXPECT_EQ(nameOf(Reconfirmation::Reason::UnseenNo), "unseen no");
    EXPECT_EQ(nameOf(Reconfirmation::Reason::Suppressed), "suppressed");
    EXPECT_EQ(nameOf(Reconfirmation::Reason::Contested), "contested");
    EXPECT_EQ(nameOf(Reconfirmation::Reason::OtherEdition), "other edition of the event file");
    EXPECT_EQ(nameOf(Reconfirmation::Reason::Unproven), "signature not proven");
}

TEST_F(StatesTest, ForgetsWhenNothingThatWasAgreedToNeedsTheContact) {
    const auto yes = record(kNewsletter, ConsentState::Given);
    const auto other = record(kSalesEmail, ConsentState::Given);
    record(kNewsletter, ConsentState::Withdrawn, {yes});
    EXPECT_FALSE(ledger_.mustForget(kToday));

    const auto erased = record(kSalesPhone, ConsentState::Erased, {yes, other});
    EXPECT_TRUE(ledger_.mustForget(kToday));

    record(kSalesEmail, ConsentState::Given);
    EXPECT_TRUE(ledger_.mustForget(kToday)) << "a delayed yes that does not know of the erasure";

    record(kSalesEmail, ConsentState::Given, {erased});
    EXPECT_FALSE(ledger_.mustForget(kToday));
}

TEST_F(StatesTest, AClockAloneDestroysNothing) {
    record(kNewsletter, ConsentState::Given);
    const record::ClockReading ahead{kNow + 87600h, record::ClockQuality::Synced, {}, {}};
    const record::ClockReading unset{kNow + 48h, record::ClockQuality::Unset, {}, {}};

    EXPECT_FALSE(isReleased(kNewsletter, record::TrustedNow(ahead, kNow)));
    EXPECT_FALSE(ledger_.mustForget(record::TrustedNow(ahead, kNow)));
    EXPECT_FALSE(ledger_.mustForget(record::TrustedNow(unset, kNow)));
    EXPECT_TRUE(ledger_.mustForget(at(kNow + 48h)));
}

}  // namespace
}  // namespace tapport::ledger
