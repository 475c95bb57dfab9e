// SPDX-License-Identifier: GPL-3.0-or-later
// A tap at a kiosk that was told of the badge: by other kiosks, and by the organiser's roster.
#include "tests/firmware-app/visit/booth.h"

namespace tapport::visit {
namespace {

using namespace std::chrono_literals;
using record::ConsentState;
using ::testing::ElementsAre;

const BadgeSeen kAda = badgeOf(1);

record::ConsentEvent decisionOf(const Booth& booth, std::uint8_t id, ConsentState state) {
    record::ConsentEvent event;
    event.id.bytes[0] = id;
    event.purpose = booth.event.asks[0].purpose;
    event.channel = booth.event.asks[0].channel;
    event.state = state;
    event.notice = booth.event.asks[0].noticeRef("en");
    return event;
}

class Told : public ::testing::Test {
  protected:
    void tap(VaultAnswered answer) {
        booth.press(TapBadge{kAda});
        booth.step(std::move(answer));
    }
    vault::Entry entryOf(std::vector<record::ConsentEvent> decisions) const {
        return {kAda.identity.subject, std::move(decisions), kAdasCard, {}};
    }
    Booth booth;
};

TEST_F(Told, AYesOfAnotherKioskIsShownAndTakenBackKnowingIt) {
    const auto yes = decisionOf(booth, 0x11, ConsentState::Given);
    tap({entryOf({yes}), {}, {}, 42});

    ASSERT_EQ(booth.screen(), Screen::Recorded);
    EXPECT_EQ(booth.view().recorded[0], Answer::Yes);
    const Commit commit = booth.commit(WithdrawAll{});

    const record::ConsentEvent& withdrawn = commit.units.at(0).consents.at(0);
    EXPECT_EQ(withdrawn.state, ConsentState::Withdrawn);
    EXPECT_THAT(withdrawn.causes, ElementsAre(yes.id));
    EXPECT_EQ(withdrawn.hubState, 42U);
    EXPECT_FALSE(commit.entry->contact);
}

TEST_F(Told, WhatStandsBesideIsNamedToo) {
    const auto no = decisionOf(booth, 0x11, ConsentState::Withdrawn);
    const auto yes = decisionOf(booth, 0x12, ConsentState::Given);
    auto elsewhere = decisionOf(booth, 0x13, ConsentState::Given);
    elsewhere.purpose = booth.event.asks[1].purpose;
    elsewhere.channel = booth.event.asks[1].channel;
    tap({entryOf({no}), {yes, elsewhere}, {}, 42});
    EXPECT_EQ(booth.view().recorded[0], Answer::No);

    booth.press(ChangeMine{});
    booth.press(GiveAnswer{Answer::Yes});
    booth.press(GiveAnswer{Answer::No});
    booth.press(GiveAnswer{Answer::No});
    const Commit commit = booth.commit(Confirm{});

    const record::Unit* const visit = unitOf(commit, record::UnitKind::Visit);
    ASSERT_TRUE(visit);
    EXPECT_THAT(visit->consents.at(0).causes, ElementsAre(no.id, yes.id));
}

TEST_F(Told, AnErasureNamesWhatStandsBeside) {
    const auto no = decisionOf(booth, 0x11, ConsentState::Withdrawn);
    const auto yes = decisionOf(booth, 0x12, ConsentState::Given);
    tap({entryOf({no}), {yes}, {}, 42});

    const Commit commit = booth.commit(Erase{});

    EXPECT_THAT(commit.units.at(0).consents.at(0).causes, ElementsAre(no.id, yes.id));
    EXPECT_EQ(commit.units.at(0).consents.at(0).hubState, 42U);
}

TEST_F(Told, TheRosterFillsInWhatAYesNeeds) {
    tap({std::nullopt, {}, kAdasCard, 7});
    ASSERT_EQ(booth.screen(), Screen::Purposes);
    EXPECT_TRUE(booth.view().contact.email.empty()) << "nothing is shown before a yes";

    booth.press(AnswerChoose{});
    booth.press(GiveAnswer{Answer::Yes});
    booth.press(GiveAnswer{Answer::No});
    booth.press(GiveAnswer{Answer::No});

    ASSERT_EQ(booth.screen(), Screen::Summary);
    EXPECT_EQ(booth.view().contact.email, kAdasCard.email);
    const Commit commit = booth.commit(Confirm{});
    EXPECT_EQ(unitOf(commit, record::UnitKind::Visit)->contact->email, kAdasCard.email);
}

TEST_F(Told, WithoutAYesNothingOfTheRosterIsStored) {
    tap({std::nullopt, {}, kAdasCard, 7});

    const Commit commit = booth.commit(AnswerNone{});

    for (const record::Unit& unit : commit.units) {
        EXPECT_FALSE(unit.contact);
    }
    EXPECT_FALSE(commit.entry->contact);
}

TEST_F(Told, WhatTheBadgeSaysGoesBeforeTheRoster) {
    booth.step(TapBadge{badgeOf(1, {"", "", "own@example.com", "", ""})});
    booth.step(VaultAnswered{std::nullopt, {}, kAdasCard, 7});
    booth.press(AnswerChoose{});
    booth.press(GiveAnswer{Answer::Yes});
    booth.press(GiveAnswer{Answer::No});
    booth.press(GiveAnswer{Answer::No});

    EXPECT_EQ(booth.view().contact.email, "own@example.com");
    EXPECT_EQ(booth.view().contact.name, kAdasCard.name);
}

TEST_F(Told, ARosterContactIsCorrectedThoughNothingIsMissing) {
    tap({std::nullopt, {}, kAdasCard, 7});
    booth.press(AnswerChoose{});
    booth.press(GiveAnswer{Answer::Yes});
    booth.press(GiveAnswer{Answer::No});
    booth.press(GiveAnswer{Answer::No});
    ASSERT_EQ(booth.screen(), Screen::Summary);

    booth.press(CorrectContact{});
    EXPECT_EQ(booth.screen(), Screen::Contact);
    EXPECT_EQ(booth.view().contactField, ContactField::Name);
    booth.press(EnterContact{"Ada Exemplar"});
    EXPECT_EQ(booth.view().contactField, ContactField::Company);
    booth.press(EnterContact{kAdasCard.company});
    EXPECT_EQ(booth.view().contactField, ContactField::Email);
    booth.press(EnterContact{"no address"});
    EXPECT_TRUE(booth.view().isContactInvalid);
    booth.press(EnterContact{"right@example.com"});

    ASSERT_EQ(booth.screen(), Screen::Summary) << "no telephone is stored, so none is asked for";
    const Commit commit = booth.commit(Confirm{});
    const auto& stored = unitOf(commit, record::UnitKind::Visit)->contact;
    EXPECT_EQ(stored->name, "Ada Exemplar");
    EXPECT_EQ(stored->email, "right@example.com");
    EXPECT_EQ(commit.entry->contact->email, "right@example.com") << "and shown at the next tap";
}

TEST_F(Told, ACorrectionThatIsLeftChangesNothing) {
    tap({std::nullopt, {}, kAdasCard, 7});
    booth.press(AnswerChoose{});
    booth.press(GiveAnswer{Answer::Yes});
    booth.press(GiveAnswer{Answer::No});
    booth.press(GiveAnswer{Answer::No});
    booth.press(CorrectContact{});
    booth.press(EnterContact{"Somebody Else"});

    booth.press(Back{});

    EXPECT_EQ(booth.screen(), Screen::Summary);
    EXPECT_EQ(booth.view().contact.name, kAdasCard.name);
    booth.press(Back{});
    EXPECT_EQ(booth.screen(), Screen::Question) << "as if nothing had been corrected";
}

TEST_F(Told, WithoutAYesThereIsNothingToCorrect) {
    tap({std::nullopt, {}, kAdasCard, 7});
    booth.press(AnswerChoose{});
    for (std::size_t i = 0; i < booth.event.asks.size(); ++i) {
        booth.press(GiveAnswer{Answer::No});
    }
    ASSERT_EQ(booth.screen(), Screen::Summary);

    booth.press(CorrectContact{});

    EXPECT_EQ(booth.screen(), Screen::Summary);
}

TEST_F(Told, AKioskIsAtRestOnceNothingIsLostByAnotherSession) {
    EXPECT_TRUE(booth.session.isAtRest(booth.now.monotonic));
    tap({std::nullopt, {}, kAdasCard, 7});
    EXPECT_FALSE(booth.session.isAtRest(booth.now.monotonic));
    booth.press(AnswerChoose{});
    booth.press(GiveAnswer{Answer::Yes});
    booth.press(GiveAnswer{Answer::No});
    booth.press(GiveAnswer{Answer::No});
    booth.commit(Confirm{});
    booth.press(Done{});

    EXPECT_EQ(booth.screen(), Screen::Idle);
    EXPECT_FALSE(booth.session.isAtRest(booth.now.monotonic)) << "staff may log about it";
    EXPECT_TRUE(booth.session.isAtRest(booth.now.monotonic + 1min));
}

}  // namespace
}  // namespace tapport::visit
