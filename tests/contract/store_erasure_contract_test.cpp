// SPDX-License-Identifier: GPL-3.0-or-later
// What goes when a person leaves, and what must stay.
#include "tests/contract/store_contract.h"

namespace tapport::hub {
namespace {

using namespace samples;
using record::ConsentState;
using testing::ElementsAre;

TEST_P(StoreContract, ErasureDestroysContactAndConversationsAndKeepsTheProof) {
    takeAndFile(visit(1, 7));
    record::PositionedUnit talk = visit(2, 7);
    talk.unit.kind = record::UnitKind::Conversation;
    talk.unit.consents.clear();
    talk.unit.receipt.reset();
    talk.unit.conversations = {conversation(50, "Wants a demo")};
    talk.unit.conversations[0].promise =
        record::Promise{"send data sheet", std::chrono::year(2026) / 11 / 30, {"alex"}};
    takeAndFile(talk);
    takeAndFile(visit(3, 8));

    takeAndFile(erasure(4, 7, {recordId(1001)}));

    const Dossier gone = store_->dossier(subject(7)).value();
    EXPECT_TRUE(gone.contacts.empty());
    EXPECT_TRUE(gone.conversations.empty());
    EXPECT_EQ(gone.consents.size(), 2U);
    EXPECT_EQ(counts().promises, 0U);
    EXPECT_EQ(emailOf(8), contact(8).email);
    EXPECT_EQ(take(Parcels().add(1).intake()), std::vector{Verdict::Duplicate});
}

TEST_P(StoreContract, ADelayedUnitDoesNotBringAnErasedPersonBack) {
    takeAndFile(erasure(9, 7, {}));

    takeAndFile(visit(1, 7));

    EXPECT_EQ(emailOf(7), "");
    EXPECT_EQ(store_->dossier(subject(7))->consents.size(), 2U);
}

TEST_P(StoreContract, AYesThatKnewTheErasureBringsTheContactBackInAnyOrderOfArrival) {
    record::PositionedUnit again = visit(12, 7);
    again.unit.consents[0].causes = {recordId(9001)};
    record::PositionedUnit change = visit(13, 7);
    change.unit.consents[0].causes = {recordId(12001)};
    change.unit.contact = record::Contact{"", "", "", "+4930123456", ""};
    const std::vector<record::PositionedUnit> units{again, change, erasure(9, 7, {recordId(1001)}),
                                                    visit(1, 7)};

    for (const record::PositionedUnit& unit : units) {
        takeAndFile(unit);
    }

    const auto kept = store_->dossier(subject(7))->contacts;
    ASSERT_EQ(kept.size(), 2U);
    EXPECT_EQ(kept[0].contact.email, contact(7).email);
    EXPECT_EQ(kept[1].contact.phone, "+4930123456");
}

TEST_P(StoreContract, SomebodyElsesYesDoesNotUndoAnErasure) {
    takeAndFile(erasure(9, 7, {}));
    record::PositionedUnit other = visit(12, 7);
    other.unit.consents[0].causes = {recordId(9001)};
    other.unit.consents[0].by = record::ExpressedBy::Controller;

    takeAndFile(other);

    EXPECT_EQ(emailOf(7), "");
}

TEST_P(StoreContract, WithdrawingTheLastYesDestroysContactAndNotesInAnyOrderOfArrival) {
    record::PositionedUnit talk = visit(2, 7);
    talk.unit.kind = record::UnitKind::Conversation;
    talk.unit.consents.clear();
    talk.unit.contact.reset();
    talk.unit.receipt.reset();
    talk.unit.conversations = {conversation(50, "Wants a demo")};
    const std::vector<record::PositionedUnit> units{withdrawal(3, 7, {recordId(1001)}), talk,
                                                    visit(1, 7), visit(4, 8)};

    for (const record::PositionedUnit& unit : units) {
        takeAndFile(unit);
    }

    const Dossier forgotten = store_->dossier(subject(7)).value();
    EXPECT_TRUE(forgotten.contacts.empty());
    EXPECT_TRUE(forgotten.conversations.empty());
    EXPECT_EQ(forgotten.consents.size(), 2U);
    EXPECT_EQ(emailOf(8), contact(8).email);
}

TEST_P(StoreContract, WhatAYesStillNeedsSurvivesAWithdrawal) {
    record::PositionedUnit both = visit(1, 7);
    both.unit.consents.push_back(
        consent(1500, "sales", record::Channel::Email, ConsentState::Given));
    takeAndFile(both);
    takeAndFile(visit(2, 8));

    takeAndFile(withdrawal(3, 7, {recordId(1001)}));  // of one of two
    takeAndFile(withdrawal(4, 8, {}));                // made elsewhere, not knowing the yes

    EXPECT_EQ(emailOf(7), contact(7).email);
    EXPECT_EQ(emailOf(8), contact(8).email);
}

TEST_P(StoreContract, AFreshYesAfterAWithdrawalKeepsItsContact) {
    takeAndFile(visit(1, 7));
    takeAndFile(withdrawal(2, 7, {recordId(1001)}));
    record::PositionedUnit again = visit(3, 7);
    again.unit.consents[0].causes = {recordId(1001), recordId(2001)};

    takeAndFile(again);

    EXPECT_EQ(emailOf(7), contact(7).email);
}

TEST_P(StoreContract, ErasureReachesIntoTheQuarantine) {
    quarantine(1, 7);
    EXPECT_EQ(counts().quarantined, 1U);

    takeAndFile(erasure(9, 7, {}));

    EXPECT_EQ(counts().quarantined, 0U) << "nothing that could be opened is missing any more";
    ASSERT_TRUE(store_->retryNotProven());
    EXPECT_EQ(counts().waiting, 0U) << "nothing is left to try";
    EXPECT_EQ(take(Parcels().add(1, {4, 5, 6, 7}).intake()), std::vector{Verdict::Duplicate});
}

TEST_P(StoreContract, WhatCouldNotBeFiledAfterAReturnOutlivesTheErasure) {
    takeAndFile(erasure(9, 7, {}));
    record::PositionedUnit again = visit(12, 7);
    again.unit.consents[0].causes = {recordId(9001)};
    takeAndFile(again);

    quarantine(13, 7);  // it may be a withdrawal

    EXPECT_EQ(counts().quarantined, 1U);
    EXPECT_EQ(emailOf(7), contact(7).email);
}

TEST_P(StoreContract, SaysWhetherMarksWereAddedSinceAVersion) {
    record::PositionedUnit objection = withdrawal(1, 7, {});
    objection.unit.consents[0].state = ConsentState::Objected;
    takeAndFile(objection);
    record::PositionedUnit late = visit(2, 7);
    takeAndFile(late);
    const std::uint64_t before = store_->stateVersion().value();
    ASSERT_TRUE(store_->hasSuppressedSince(before - 1).value());
    ASSERT_FALSE(store_->hasSuppressedSince(before).value());

    record::PositionedUnit other = visit(3, 7);
    other.unit.contact->email = "second@example.com";
    takeAndFile(other);
    const std::uint64_t after = store_->stateVersion().value();

    EXPECT_TRUE(store_->hasSuppressedSince(before).value());
    EXPECT_FALSE(store_->hasSuppressedSince(after).value());
}

TEST_P(StoreContract, SaysWhetherMarksWereAddedAtAnotherOfTheTenantsEvents) {
    const std::uint64_t before = store_->stateVersion().value();
    const Scope other{kScope.tenant, {"another-fair"}};
    reopen(other);
    record::PositionedUnit objection = withdrawal(1, 7, {});
    objection.unit.consents[0].state = ConsentState::Objected;
    takeAndFile(objection);
    takeAndFile(visit(2, 7));
    ASSERT_TRUE(store_->hasSuppressedSince(before).value());
    const std::uint64_t after = store_->stateVersion().value();

    reopen();

    EXPECT_TRUE(store_->hasSuppressedSince(before).value());
    EXPECT_FALSE(store_->hasSuppressedSince(after).value());
    reopen({"another-tenant", kScope.event});
    EXPECT_FALSE(store_->hasSuppressedSince(before).value());
}

TEST_P(StoreContract, ForgetsContactAndConversationsAndKeepsTheProof) {
    record::PositionedUnit unit = visit(1, 7);
    unit.unit.conversations = {conversation(50, "Wants a demo")};
    takeAndFile(unit);
    takeAndFile(visit(2, 8));
    const std::uint64_t before = store_->stateVersion().value();
    const std::vector<record::SubjectId> both{subject(7), subject(9)};

    EXPECT_EQ(store_->forget(both), 1U) << "nothing is held of the other";

    const Dossier forgotten = store_->dossier(subject(7)).value();
    EXPECT_TRUE(forgotten.contacts.empty());
    EXPECT_TRUE(forgotten.conversations.empty());
    EXPECT_EQ(forgotten.consents.size(), 1U);
    EXPECT_EQ(emailOf(8), contact(8).email);
    EXPECT_THAT(store_->changedSince(before).value(), ElementsAre(subject(7)));
    EXPECT_EQ(store_->forget(both), 0U);
}

}  // namespace
}  // namespace tapport::hub
