// SPDX-License-Identifier: GPL-3.0-or-later
// Staff: getting in, and logging about the current visit, the last one, or nobody.
#include "tests/firmware-app/visit/booth.h"

namespace tapport::visit {
namespace {

using namespace std::chrono_literals;
using record::UnitKind;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const BadgeSeen kAda = badgeOf(1, kAdasCard);
const record::StaffId kKim{"kim"};

ConversationDraft fullDraft() {
    return {"replace-system",      "this-quarter", "Wants a quote.",
            "Send the data sheet", 2026y / 12 / 1, "lee"};
}

void sayYesToTheNewsletter(Booth& booth) {
    booth.tap(kAda);
    booth.press(AnswerChoose{});
    booth.press(GiveAnswer{Answer::Yes});
    booth.press(GiveAnswer{Answer::No});
    booth.press(GiveAnswer{Answer::No});
}

TEST(Staff, ARightPinOpensTheForm) {
    Booth booth;
    booth.press(OpenStaff{});
    ASSERT_EQ(booth.screen(), Screen::StaffPin);

    const auto effects = booth.press(EnterPin{"2468"});

    ASSERT_TRUE(find<CheckPin>(effects));
    EXPECT_EQ(find<CheckPin>(effects)->pin, "2468");

    booth.step(PinChecked{kKim});

    EXPECT_EQ(booth.screen(), Screen::StaffForm);
    EXPECT_EQ(booth.view().staff, kKim);
}

TEST(Staff, ABadgeOpensTheFormAtOnce) {
    Booth booth;

    booth.press(TapStaffBadge{kKim});

    EXPECT_EQ(booth.screen(), Screen::StaffForm);
}

TEST(Staff, WrongPinsHaveToWaitLongerAndLonger) {
    Booth booth;
    booth.press(OpenStaff{});
    const auto tryWrong = [&] {
        EXPECT_TRUE(find<CheckPin>(booth.press(EnterPin{"0000"})));
        booth.step(PinChecked{});
        EXPECT_TRUE(booth.view().isPinWrong);
    };
    tryWrong();
    tryWrong();
    EXPECT_EQ(booth.view().pinBlockedFor, 0s);

    tryWrong();
    EXPECT_EQ(booth.view().pinBlockedFor, 5s);
    EXPECT_THAT(booth.press(EnterPin{"2468"}), IsEmpty());
    booth.waitTicking(5s);
    EXPECT_EQ(booth.view().pinBlockedFor, 0s);
    tryWrong();

    EXPECT_EQ(booth.view().pinBlockedFor, 10s);
}

TEST(Staff, LeavingThePinScreenDoesNotEndTheWait) {
    Booth booth;
    booth.press(OpenStaff{});
    for (int i = 0; i < 3; ++i) {
        booth.press(EnterPin{"0000"});
        booth.step(PinChecked{});
    }
    booth.press(Cancel{});
    booth.press(OpenStaff{});

    EXPECT_THAT(booth.press(EnterPin{"2468"}), IsEmpty());
}

TEST(Staff, AnAnswerToAPinThatWasAbandonedOpensNothing) {
    Booth booth;
    booth.press(OpenStaff{});
    booth.press(EnterPin{"2468"});
    booth.press(Cancel{});
    booth.press(OpenStaff{});

    EXPECT_THAT(booth.press(EnterPin{"0000"}), IsEmpty());
    booth.step(PinChecked{kKim});

    EXPECT_EQ(booth.screen(), Screen::StaffPin);
}

TEST(Staff, AConversationAboutTheLastVisitGoesUnderThePersonsName) {
    Booth booth;
    sayYesToTheNewsletter(booth);
    booth.commit(Confirm{});
    booth.press(Done{});
    booth.press(TapStaffBadge{kKim});
    EXPECT_TRUE(booth.view().hasVisitToLog);
    EXPECT_TRUE(booth.view().isConversationNamed);

    const auto effects = booth.press(SubmitConversation{fullDraft()});
    ASSERT_TRUE(find<LookUpVault>(effects));
    const auto answered = booth.step(VaultAnswered{booth.entryOf(kAda)});

    const auto* const commit = find<Commit>(answered);
    ASSERT_TRUE(commit);
    ASSERT_THAT(commit->units, SizeIs(1));
    const record::Unit& unit = commit->units[0];
    EXPECT_EQ(unit.kind, UnitKind::Conversation);
    EXPECT_EQ(unit.subject, kAda.identity.subject);
    EXPECT_FALSE(unit.contact);
    ASSERT_THAT(unit.conversations, SizeIs(1));
    EXPECT_EQ(unit.conversations[0].staff, kKim);
    EXPECT_EQ(unit.conversations[0].note, "Wants a quote.");
    EXPECT_EQ(unit.conversations[0].promise,
              (record::Promise{"Send the data sheet", 2026y / 12 / 1, {"lee"}}));
    EXPECT_EQ(commit->entry->conversations, unit.conversations);
    EXPECT_EQ(commit->entry->decisions, booth.entryOf(kAda).decisions);

    booth.step(Committed{});

    EXPECT_EQ(booth.screen(), Screen::StaffSaved);
}

TEST(Staff, TheAttendeeSeesTheConversationOnTheNextTap) {
    Booth booth;
    sayYesToTheNewsletter(booth);
    booth.commit(Confirm{});
    booth.press(TapStaffBadge{kKim});
    booth.press(SubmitConversation{fullDraft()});
    const auto answered = booth.step(VaultAnswered{booth.entryOf(kAda)});
    booth.keep(*find<Commit>(answered));
    booth.step(Committed{});

    booth.tap(kAda);

    ASSERT_THAT(booth.view().conversations, SizeIs(1));
    EXPECT_EQ(booth.view().conversations[0].note, "Wants a quote.");
}

TEST(Staff, ABadgesEntryKeepsTheLatestConversations) {
    constexpr std::size_t kKept = 24;
    Booth booth;
    sayYesToTheNewsletter(booth);
    booth.commit(Confirm{});
    vault::Entry entry = booth.entryOf(kAda);
    for (std::uint8_t n = 1; n <= kKept; ++n) {
        entry.conversations.emplace_back().id.bytes[0] = n;
    }
    const auto isWithoutTheFirst = [&](const Commit& commit) {
        const auto& kept = commit.entry->conversations;
        return kept.size() == kKept && kept.front() == entry.conversations[1] &&
               kept.back().note == fullDraft().note;
    };

    booth.press(TapStaffBadge{kKim});
    booth.press(SubmitConversation{fullDraft()});
    const auto answered = booth.step(VaultAnswered{entry});
    EXPECT_TRUE(isWithoutTheFirst(*find<Commit>(answered))) << "about the last visit";
    booth.step(Committed{});
    booth.entries[kAda.identity.vault.lookup] = entry;
    booth.tap(kAda);
    booth.press(ChangeMine{});
    booth.press(AnswerChoose{});
    booth.press(TapStaffBadge{kKim});
    booth.press(SubmitConversation{fullDraft()});
    booth.press(GiveAnswer{Answer::Yes});
    booth.press(GiveAnswer{Answer::No});
    booth.press(GiveAnswer{Answer::No});

    EXPECT_TRUE(isWithoutTheFirst(booth.commit(Confirm{}))) << "during a visit";
}

TEST(Staff, AWithdrawalMeanwhileLeavesOnlyTheCount) {
    Booth booth;
    sayYesToTheNewsletter(booth);
    booth.commit(Confirm{});
    booth.press(TapStaffBadge{kKim});
    booth.press(SubmitConversation{fullDraft()});

    const auto answered = booth.step(VaultAnswered{});

    EXPECT_EQ(find<Commit>(answered)->units.at(0).kind, UnitKind::Count);
}

TEST(Staff, AfterANoOnlyTopicAndHourAreCounted) {
    Booth booth;
    booth.tap(kAda);
    booth.commit(AnswerNone{});
    booth.press(TapStaffBadge{kKim});
    EXPECT_TRUE(booth.view().hasVisitToLog);
    EXPECT_FALSE(booth.view().isConversationNamed);

    const Commit commit = booth.commit(SubmitConversation{fullDraft()});

    EXPECT_FALSE(commit.entry);
    ASSERT_THAT(commit.units, SizeIs(1));
    const record::Unit& count = commit.units[0];
    EXPECT_EQ(count.kind, UnitKind::Count);
    EXPECT_NE(count.subject, kAda.identity.subject);
    EXPECT_FALSE(count.vault);
    ASSERT_THAT(count.conversations, SizeIs(1));
    EXPECT_EQ(count.conversations[0].need, "replace-system");
    EXPECT_EQ(count.conversations[0].readiness, "");
    EXPECT_EQ(count.conversations[0].note, "");
    EXPECT_FALSE(count.conversations[0].promise);
    EXPECT_EQ(count.at.wall.time_since_epoch() % 1h, 0s);
    EXPECT_EQ(count.conversations[0].at.wall.time_since_epoch() % 1h, 0s);
    const record::RecordId hour = record::makeRecordId(count.at.wall, {});
    for (const ByteView id :
         {count.id.view(), count.subject.view(), count.conversations[0].id.view()}) {
        EXPECT_TRUE(std::equal(id.begin(), id.begin() + 6, hour.bytes.begin()));
    }
}

TEST(Staff, WithoutAnyVisitAConversationCanStillBeCounted) {
    Booth booth;
    booth.press(TapStaffBadge{kKim});
    EXPECT_FALSE(booth.view().hasVisitToLog);

    const Commit commit = booth.commit(SubmitConversation{fullDraft()});

    EXPECT_EQ(commit.units.at(0).kind, UnitKind::Count);
}

TEST(Staff, ADraftDuringTheVisitWaitsForTheAttendeesYes) {
    Booth booth;
    sayYesToTheNewsletter(booth);
    booth.press(TapStaffBadge{kKim});

    const auto submitted = booth.press(SubmitConversation{fullDraft()});

    EXPECT_FALSE(find<Commit>(submitted));
    EXPECT_EQ(booth.screen(), Screen::Summary);
    EXPECT_FALSE(booth.view().staff);

    const Commit commit = booth.commit(Confirm{});

    ASSERT_TRUE(unitOf(commit, UnitKind::Visit));
    EXPECT_THAT(unitOf(commit, UnitKind::Visit)->conversations, SizeIs(1));
    EXPECT_THAT(booth.entryOf(kAda).conversations, SizeIs(1));
}

TEST(Staff, ADraftDuringTheVisitShrinksToACountAfterANo) {
    Booth booth;
    booth.tap(kAda);
    booth.press(TapStaffBadge{kKim});
    booth.press(SubmitConversation{fullDraft()});
    ASSERT_EQ(booth.screen(), Screen::Purposes);

    const Commit commit = booth.commit(AnswerNone{});

    ASSERT_THAT(commit.units, SizeIs(2));
    const record::Unit* const count = unitOf(commit, UnitKind::Count);
    ASSERT_TRUE(count);
    EXPECT_EQ(count->conversations.at(0).note, "");
    EXPECT_THAT(booth.entryOf(kAda).conversations, IsEmpty());
}

TEST(Staff, ADraftIsGoneWhenTheAttendeeWalksAway) {
    Booth booth;
    booth.tap(kAda);
    booth.press(TapStaffBadge{kKim});
    booth.press(SubmitConversation{fullDraft()});
    booth.waitTicking(2min);
    ASSERT_EQ(booth.screen(), Screen::Idle);
    booth.tap(kAda);

    const Commit commit = booth.commit(AnswerNone{});

    EXPECT_THAT(commit.units, SizeIs(1));
}

TEST(Staff, LeavingTheFormReturnsToTheVisit) {
    Booth booth;
    booth.tap(kAda);
    booth.press(AnswerChoose{});
    booth.press(GiveAnswer{Answer::Yes});
    booth.press(OpenStaff{});

    booth.press(Back{});

    EXPECT_EQ(booth.screen(), Screen::Question);
    EXPECT_EQ(booth.view().ask, 1U);
    EXPECT_EQ(booth.view().answers[0], Answer::Yes);
}

TEST(Staff, TheLastVisitIsKeptForAWhileOnly) {
    Booth booth;
    sayYesToTheNewsletter(booth);
    booth.commit(Confirm{});
    booth.press(Done{});

    booth.waitTicking(9min);
    EXPECT_TRUE(booth.view().hasVisitToLog);
    booth.waitTicking(2min);

    EXPECT_FALSE(booth.view().hasVisitToLog);
    EXPECT_FALSE(booth.session.nextDeadline());
}

TEST(Staff, TheNextTapEndsTheLastVisit) {
    Booth booth;
    sayYesToTheNewsletter(booth);
    booth.commit(Confirm{});
    booth.tap(badgeOf(2));
    booth.press(Cancel{});

    booth.press(TapStaffBadge{kKim});

    EXPECT_FALSE(booth.view().hasVisitToLog);
}

TEST(Staff, ALongNoteIsCutByCharactersNotBytes) {
    Booth booth;
    sayYesToTheNewsletter(booth);
    booth.press(TapStaffBadge{kKim});
    ConversationDraft draft = fullDraft();
    draft.note.clear();
    for (int i = 0; i < 300; ++i) {
        draft.note += "\xC3\xBC";
    }
    booth.press(SubmitConversation{draft});

    const Commit commit = booth.commit(Confirm{});

    const auto& note = unitOf(commit, UnitKind::Visit)->conversations.at(0).note;
    EXPECT_EQ(note.size(), 2 * record::kMaxNoteLength);
}

TEST(Staff, APromiseWithoutOwnerOrDateBelongsToTheLoggerInAWeek) {
    Booth booth;
    sayYesToTheNewsletter(booth);
    booth.press(TapStaffBadge{kKim});
    ConversationDraft draft = fullDraft();
    draft.due.reset();
    draft.promiseOwner = "nobody";
    booth.press(SubmitConversation{draft});

    const Commit commit = booth.commit(Confirm{});

    const auto& promise = unitOf(commit, UnitKind::Visit)->conversations.at(0).promise;
    ASSERT_TRUE(promise);
    EXPECT_EQ(promise->owner, kKim);
    EXPECT_EQ(std::chrono::sys_days(promise->due),
              std::chrono::floor<std::chrono::days>(booth.now.wall) + std::chrono::days(7));
}

TEST(Staff, AConversationNeedsATopicFromTheList) {
    Booth booth;
    booth.press(TapStaffBadge{kKim});

    EXPECT_THAT(booth.press(SubmitConversation{}), IsEmpty());
    EXPECT_EQ(booth.screen(), Screen::StaffForm);
}

TEST(Staff, AConversationThatCouldNotBeSavedIsTriedAgainWithTheSameIds) {
    Booth booth;
    booth.press(TapStaffBadge{kKim});
    const auto first = booth.press(SubmitConversation{fullDraft()});
    booth.step(CommitFailed{});

    const auto second = booth.press(Retry{});

    EXPECT_EQ(find<Commit>(first)->units, find<Commit>(second)->units);
}

TEST(Staff, AConversationWaitsForALookUpThatSucceeds) {
    Booth booth;
    sayYesToTheNewsletter(booth);
    booth.commit(Confirm{});
    booth.press(Done{});
    booth.press(TapStaffBadge{kKim});
    ASSERT_TRUE(find<LookUpVault>(booth.press(SubmitConversation{fullDraft()})));
    booth.step(LookUpFailed{});
    ASSERT_EQ(booth.screen(), Screen::SaveFailed);

    ASSERT_TRUE(find<LookUpVault>(booth.press(Retry{})));
    const auto found = booth.step(VaultAnswered{booth.entryOf(kAda)});

    ASSERT_TRUE(find<Commit>(found));
    EXPECT_THAT(find<Commit>(found)->entry->conversations, SizeIs(1));
}

}  // namespace
}  // namespace tapport::visit
