// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/sync/ledger/ledger_fixture.h"

#include <type_traits>

#include <gtest/gtest.h>

namespace tapport::ledger {
namespace {

using namespace std::chrono_literals;
using record::Channel;
using record::ConsentState;

static_assert(!std::is_default_constructible_v<ReleasableLead>);
static_assert(
    !std::is_constructible_v<ReleasableLead, Recorded, std::optional<Recorded>, const Person&,
                             const record::Contact&, const std::set<event::PersonalData>&>);

using ConsentLedgerTest = LedgerFixture;

TEST_F(ConsentLedgerTest, UnknownMeansNo) {
    EXPECT_EQ(standing(kNewsletter), Standing::Unknown);
    EXPECT_FALSE(isReleased(kNewsletter));
}

TEST_F(ConsentLedgerTest, AYesCountsForItsPurposeAndChannelOnly) {
    record(kSalesEmail, ConsentState::Given);

    EXPECT_EQ(standing(kSalesEmail), Standing::Given);
    EXPECT_TRUE(isReleased(kSalesEmail));
    EXPECT_FALSE(isReleased(kSalesPhone));
    EXPECT_FALSE(isReleased(kNewsletter));
}

TEST_F(ConsentLedgerTest, ANoIsANo) {
    record(kNewsletter, ConsentState::Refused);

    EXPECT_EQ(standing(kNewsletter), Standing::Refused);
    EXPECT_FALSE(isReleased(kNewsletter));
}

TEST_F(ConsentLedgerTest, AWithdrawalUndoesTheYes) {
    const auto yes = record(kNewsletter, ConsentState::Given);
    record(kNewsletter, ConsentState::Withdrawn, {yes});

    EXPECT_EQ(standing(kNewsletter), Standing::Withdrawn);
    EXPECT_FALSE(isReleased(kNewsletter));
}

TEST_F(ConsentLedgerTest, WithdrawalBeatsConcurrentYes) {
    const auto first = record(kNewsletter, ConsentState::Given);
    record(kNewsletter, ConsentState::Withdrawn, {first});
    record(kNewsletter, ConsentState::Renewed, {first});  // at a kiosk that had not heard of it

    EXPECT_EQ(standing(kNewsletter), Standing::Withheld);
    EXPECT_FALSE(isReleased(kNewsletter));
}

TEST_F(ConsentLedgerTest, AYesThatNamesTheWithdrawalCountsAgain) {
    const auto yes = record(kNewsletter, ConsentState::Given);
    const auto withdrawn = record(kNewsletter, ConsentState::Withdrawn, {yes});
    record(kNewsletter, ConsentState::Given, {withdrawn});

    EXPECT_EQ(standing(kNewsletter), Standing::Renewed);
    EXPECT_TRUE(isReleased(kNewsletter));
}

TEST_F(ConsentLedgerTest, AYesMayNameTheWithdrawalThroughAnEventBetween) {
    const auto withdrawn = record(kNewsletter, ConsentState::Withdrawn);
    const auto between = record(kSalesEmail, ConsentState::Given, {withdrawn});
    record(kNewsletter, ConsentState::Given, {between});

    EXPECT_TRUE(isReleased(kNewsletter));
}

TEST_F(ConsentLedgerTest, OneUnnamedWithdrawalAmongManyIsEnough) {
    const auto known = record(kNewsletter, ConsentState::Withdrawn);
    record(kNewsletter, ConsentState::Given, {known});
    record(kNewsletter, ConsentState::Withdrawn);  // elsewhere, arrives late

    EXPECT_EQ(standing(kNewsletter), Standing::Withheld);
}

TEST_F(ConsentLedgerTest, WhatIsNamedAndHasNotArrivedMayBeANo) {
    record(kNewsletter, ConsentState::Given);
    const Recorded missing = make(kSalesEmail, ConsentState::Withdrawn);
    record(kSalesPhone, ConsentState::Given, {missing.event.id});
    EXPECT_EQ(standing(kNewsletter), Standing::Withheld);
    EXPECT_EQ(standing(kSalesPhone), Standing::Given) << "it was given knowing of it";

    add(missing);

    EXPECT_EQ(standing(kNewsletter), Standing::Given);
}

TEST_F(ConsentLedgerTest, NeverDecidesByWallClock) {
    // The kiosk that withdrew believes it is 1970; the one that asked is a year ahead.
    Recorded yes = make(kNewsletter, ConsentState::Given);
    yes.event.at.wall = kNow + 8760h;
    Recorded withdrawal = make(kNewsletter, ConsentState::Withdrawn);
    withdrawal.event.at.wall = record::WallTime(0ms);
    withdrawal.event.causes = {yes.event.id};
    ledger_.add(yes);
    ledger_.add(withdrawal);

    EXPECT_EQ(standing(kNewsletter), Standing::Withdrawn);
}

TEST_F(ConsentLedgerTest, CausesInACircleAreANo) {
    Recorded yes = make(kNewsletter, ConsentState::Given);
    Recorded withdrawal = make(kNewsletter, ConsentState::Withdrawn);
    yes.event.causes = {withdrawal.event.id};
    withdrawal.event.causes = {yes.event.id};
    ledger_.add(yes);
    ledger_.add(withdrawal);

    EXPECT_FALSE(isReleased(kNewsletter));
}

TEST_F(ConsentLedgerTest, AYesEndsWithItsValidity) {
    record(kNewsletter, ConsentState::Given);

    EXPECT_TRUE(isReleased(kNewsletter, at(kNow + 24h - 1ms)));
    EXPECT_FALSE(isReleased(kNewsletter, at(kNow + 24h)));
    EXPECT_EQ(ledger_.decide(kNewsletter, at(kNow + 24h)).standing, Standing::Expired);
}

TEST_F(ConsentLedgerTest, AnObjectionEndsEveryPurposeAndChannel) {
    const auto sales = record(kSalesEmail, ConsentState::Given);
    record(kNewsletter, ConsentState::Given);
    record(kSalesPhone, ConsentState::Objected, {sales});

    EXPECT_EQ(standing(kSalesEmail), Standing::Objected);
    EXPECT_EQ(standing(kNewsletter), Standing::Objected);
    EXPECT_TRUE(ledger_.releaseAll(kToday).empty());
}

TEST_F(ConsentLedgerTest, TwoContentsUnderOneIdAreANoToEverything) {
    Recorded yes = make(kNewsletter, ConsentState::Given);
    Recorded other = yes;
    other.event.purpose = kSalesEmail.purpose;
    record(kSalesPhone, ConsentState::Given);
    ledger_.add(yes);
    ledger_.add(other);

    EXPECT_EQ(standing(kNewsletter), Standing::Withheld);
    EXPECT_EQ(standing(kSalesPhone), Standing::Withheld);
}

TEST_F(ConsentLedgerTest, ALeadCarriesItsProof) {
    const auto yes = record(kSalesEmail, ConsentState::Given);

    const auto lead = release(kSalesEmail);

    ASSERT_TRUE(lead);
    EXPECT_EQ(lead->purpose(), kSalesEmail.purpose);
    EXPECT_EQ(lead->channel(), Channel::Email);
    EXPECT_EQ(lead->consent().id, yes);
    EXPECT_EQ(lead->consent().notice.id, "sales-follow-up-email");
    EXPECT_EQ(lead->kiosk().value, "kiosk-1");
    EXPECT_EQ(lead->conversations().size(), 1U);
}

TEST_F(ConsentLedgerTest, ALeadHoldsOnlyWhatTheNoticeNamed) {
    record(kSalesPhone, ConsentState::Given);
    record(kNewsletter, ConsentState::Given);

    const auto leads = ledger_.releaseAll(kToday);

    ASSERT_EQ(leads.size(), 2U);
    EXPECT_EQ(leads[0].contact(),
              (record::Contact{"Test Attendee", "Test Company", "", "+49301234567", ""}));
    EXPECT_EQ(leads[0].conversations().size(), 1U);
    EXPECT_EQ(leads[1].contact(),
              (record::Contact{"Test Attendee", "", "test@example.com", "", ""}));
    EXPECT_TRUE(leads[1].conversations().empty());
}

}  // namespace
}  // namespace tapport::ledger
