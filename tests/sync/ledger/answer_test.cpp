// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/ledger/answer.h"

#include "tests/sync/ledger/ledger_fixture.h"

namespace tapport::ledger {
namespace {

using record::ClockQuality;
using record::ConsentState;

class AnswerTest : public LedgerFixture {
  protected:
    record::ConsentEvent yesAt(record::WallTime wall, ClockQuality quality) {
        record::ConsentEvent yes = make(kNewsletter, ConsentState::Given).event;
        yes.at.wall = wall;
        yes.at.quality = quality;
        yes.validUntil = wall + 100h;
        return yes;
    }
    record::WallTime end(const record::ConsentEvent& yes) const { return endOf(yes, ask_, event_); }
    bool mayAskAfter(const record::ConsentEvent& decision) const {
        return mayAsk(std::vector{decision}, ask_);
    }

    const event::Ask& ask_ = *event_.find(kNewsletter.purpose, kNewsletter.channel);
};

TEST_F(AnswerTest, ASyncedClockSaysWhenAYesEnds) {
    EXPECT_EQ(end(yesAt(kNow, ClockQuality::Synced)), kNow + 100h);
    EXPECT_EQ(end(yesAt(kNow, ClockQuality::Holdover)), kNow + 100h);
}

TEST_F(AnswerTest, WithoutARightClockItCountsFromTheFirstDay) {
    const auto expected = record::WallTime(event_.firstDay) + 100h;

    EXPECT_EQ(end(yesAt({}, ClockQuality::Unset)), expected);
    EXPECT_EQ(end(yesAt(kNow + 87600h, ClockQuality::Unset)), expected);
    EXPECT_EQ(end(yesAt(kNow, ClockQuality::Stepped)), expected);
    EXPECT_EQ(end(yesAt(kNow + 87600h, ClockQuality::Holdover)), expected);
    EXPECT_EQ(end(yesAt(kNow - 8760h, ClockQuality::Holdover)), expected);
}

TEST_F(AnswerTest, NoYesLastsLongerThanItsNoticeSays) {
    record::ConsentEvent yes = yesAt(kNow, ClockQuality::Synced);
    yes.validUntil = kNow + 876000h;

    EXPECT_EQ(end(yes), kNow + ask_.validity);
}

TEST_F(AnswerTest, AnUnansweredQuestionMayBeAsked) {
    EXPECT_TRUE(mayAsk({}, ask_));
    EXPECT_TRUE(mayAskAfter(make(kSalesEmail, ConsentState::Refused).event));
}

TEST_F(AnswerTest, ANoIsNotAskedAgain) {
    EXPECT_FALSE(mayAskAfter(make(kNewsletter, ConsentState::Refused).event));
    EXPECT_FALSE(mayAskAfter(make(kNewsletter, ConsentState::Withdrawn).event));
    EXPECT_FALSE(mayAskAfter(make(kSalesPhone, ConsentState::Objected).event));
    EXPECT_FALSE(mayAskAfter(make(kSalesPhone, ConsentState::Erased).event));
}

TEST_F(AnswerTest, AYesIsAskedAgainOnlyInWordsThatSayAnotherThing) {
    record::ConsentEvent yes = make(kNewsletter, ConsentState::Given).event;
    EXPECT_FALSE(mayAskAfter(yes));

    yes.notice.hash.bytes[0] ^= 1U;

    EXPECT_TRUE(mayAskAfter(yes));
}

TEST_F(AnswerTest, WhatTheControllerEndedMayBeAskedAnew) {
    EXPECT_TRUE(mayAskAfter(make(kNewsletter, ConsentState::Revoked).event));
    EXPECT_TRUE(mayAskAfter(make(kNewsletter, ConsentState::Expired).event));
}

}  // namespace
}  // namespace tapport::ledger
