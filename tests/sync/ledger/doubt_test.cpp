// SPDX-License-Identifier: GPL-3.0-or-later
// Yeses that the hub cannot check: of another edition of the event file, or signed by nobody known.
// They are neither used nor lost.
#include "tests/sync/ledger/ledger_fixture.h"

#include <gmock/gmock.h>

namespace tapport::ledger {
namespace {

using record::Channel;
using record::ConsentState;
using testing::ElementsAre;
using testing::IsEmpty;
using Reason = Reconfirmation::Reason;

class DoubtTest : public LedgerFixture {
  protected:
    Recorded doubted(ConsentState state = ConsentState::Given, Causes causes = {}) {
        Recorded one = make(kNewsletter, state, std::move(causes));
        one.credence = Credence::Doubted;
        return one;
    }
    Recorded ofAnotherEdition() {
        Recorded one = make(kNewsletter, ConsentState::Given);
        one.event.notice.version = 9;
        return one;
    }
    /// The notice was changed since the yes.
    void changeNotice(event::NoticeChange change) {
        event::Ask& ask = event_.asks.at(indexOf(kNewsletter));
        ask.earlierNotices = {{1, event::NoticeChange::Material, {{"en", ask.notices["en"].hash}}}};
        ask.noticeVersion = 2;
        ask.noticeChange = change;
        ask.notices["en"].hash.bytes[0] ^= 1U;
    }
    std::vector<Reason> reasons(const record::TrustedNow& now = kToday) const {
        std::vector<Reason> reasons;
        for (const Reconfirmation& one : ledger_.needsReconfirmation(now)) {
            reasons.push_back(one.reason);
        }
        return reasons;
    }

  private:
    std::size_t indexOf(const Scope& scope) const {
        return static_cast<std::size_t>(event_.find(scope.purpose, scope.channel) -
                                        event_.asks.data());
    }
};

TEST_F(DoubtTest, AYesThatNobodyCanProveIsHeldBackAndListed) {
    add(doubted());

    EXPECT_EQ(standing(kNewsletter), Standing::Withheld);
    EXPECT_FALSE(isReleased(kNewsletter));
    EXPECT_THAT(reasons(), ElementsAre(Reason::Unproven));
}

TEST_F(DoubtTest, AYesToWordsThatTheEventFileDoesNotHaveIsHeldBackAndListed) {
    for (const auto& change : std::vector<std::function<void(record::NoticeRef&)>>{
             [](auto& notice) { notice.version = 2; }, [](auto& notice) { notice.id = "other"; },
             [](auto& notice) { notice.hash.bytes[0] ^= 1U; },
             [](auto& notice) { notice.language = "fr"; }}) {
        Recorded yes = make(kNewsletter, ConsentState::Given);
        change(yes.event.notice);
        ConsentLedger ledger(event_, nobody_, {});
        ledger.add(yes);

        EXPECT_EQ(ledger.decide(kNewsletter, kToday).standing, Standing::Withheld);
        EXPECT_EQ(ledger.needsReconfirmation(kToday).at(0).reason, Reason::OtherEdition);
    }
}

TEST_F(DoubtTest, AQuestionThatTheEventFileDoesNotAskIsListedToo) {
    Recorded yes = make(kNewsletter, ConsentState::Given);
    yes.event.purpose = {"recruiting"};
    add(yes);

    EXPECT_TRUE(ledger_.releaseAll(kToday).empty());
    EXPECT_EQ(ledger_.needsReconfirmation(kToday).at(0).scope.purpose.value, "recruiting");
    EXPECT_THAT(reasons(), ElementsAre(Reason::OtherEdition));
    EXPECT_FALSE(ledger_.mustForget(kToday));
}

TEST_F(DoubtTest, AWordingFixKeepsAYesAndAMaterialChangeEndsIt) {
    record(kNewsletter, ConsentState::Given);
    changeNotice(event::NoticeChange::Wording);
    EXPECT_EQ(standing(kNewsletter), Standing::Given);

    event_ = eventInNovember();
    changeNotice(event::NoticeChange::Material);

    EXPECT_EQ(standing(kNewsletter), Standing::Expired);
    EXPECT_THAT(reasons(), IsEmpty()) << "it ended: nothing is in doubt";
}

TEST_F(DoubtTest, ANewEventFileDestroysNothingBeforeTheTimeThatWasAgreed) {
    record(kNewsletter, ConsentState::Given);
    changeNotice(event::NoticeChange::Material);

    EXPECT_FALSE(ledger_.mustForget(kToday));
    EXPECT_TRUE(ledger_.mustForget(at(kNow + 24h)));
}

TEST_F(DoubtTest, WhatIsInDoubtIsNotForgottenUntilItRunsOut) {
    add(doubted());

    EXPECT_FALSE(ledger_.mustForget(kToday));
    EXPECT_TRUE(ledger_.mustForget(at(kNow + 24h)));
    EXPECT_THAT(reasons(at(kNow + 24h)), IsEmpty());
}

TEST_F(DoubtTest, AProvenYesCountsBesideOneInDoubt) {
    const auto proven = record(kNewsletter, ConsentState::Given);
    add(doubted(ConsentState::Renewed, {proven}));

    EXPECT_EQ(release(kNewsletter)->consent().id, proven);
    EXPECT_THAT(reasons(), IsEmpty());
}

TEST_F(DoubtTest, AYesInDoubtAfterAnErasureKeepsWhatItBrought) {
    const auto erased = record(kSalesPhone, ConsentState::Erased);
    EXPECT_TRUE(ledger_.mustForget(kToday));

    add(doubted(ConsentState::Given, {erased}));

    EXPECT_EQ(standing(kNewsletter), Standing::Withheld);
    EXPECT_FALSE(ledger_.mustForget(kToday));
}

TEST_F(DoubtTest, AWithdrawalUndoesAYesInDoubt) {
    const auto yes = add(doubted());
    record(kNewsletter, ConsentState::Withdrawn, {yes});

    EXPECT_EQ(standing(kNewsletter), Standing::Withdrawn);
    EXPECT_THAT(reasons(), IsEmpty());
}

TEST_F(DoubtTest, ANoIsBelievedWhoeverItCameFrom) {
    const auto yes = record(kNewsletter, ConsentState::Given);
    add(doubted(ConsentState::Withdrawn, {yes}));

    EXPECT_EQ(standing(kNewsletter), Standing::Withdrawn);
}

}  // namespace
}  // namespace tapport::ledger
