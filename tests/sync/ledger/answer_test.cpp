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
    record::WallTime end(const record::ConsentEvent& yes) const { return endOf(yes, event_); }
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

    EXPECT_EQ(end(yes), kNow + event_.find(yes.purpose, yes.channel)->validity);
}

}  // namespace
}  // namespace tapport::ledger
