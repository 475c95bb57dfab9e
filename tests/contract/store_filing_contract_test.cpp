// SPDX-License-Identifier: GPL-3.0-or-later
// What the opener files, and how it reads again.
#include "tests/contract/store_contract.h"

namespace tapport::hub {
namespace {

using namespace samples;
using record::ConsentState;
using testing::ElementsAre;

TEST_P(StoreContract, FilesEveryFieldOfAUnit) {
    record::PositionedUnit positioned = visit(1, 7);
    record::Unit& unit = positioned.unit;
    unit.consents[0].causes = {recordId(3), recordId(4)};
    unit.consents[0].evidence.staff = record::StaffId{"sam"};
    unit.consents[0].by = record::ExpressedBy::Guardian;
    unit.consents[0].hubState = 17;
    unit.conversations = {conversation(50, "Wants a demo\nnext week"), conversation(51, "")};
    unit.conversations[0].promise =
        record::Promise{"send data sheet",
                        std::chrono::year_month_day(
                            std::chrono::sys_days(std::chrono::floor<std::chrono::days>(kNow))),
                        {"alex"}};

    takeAndFile(positioned);

    const auto dossiers = store_->dossiers({}, 10).value();
    ASSERT_EQ(dossiers.size(), 1U);
    const Dossier& dossier = dossiers[0];
    EXPECT_EQ(dossier.subject, subject(7));
    ASSERT_EQ(dossier.contacts.size(), 1U);
    EXPECT_EQ(dossier.contacts[0].contact, contact(7));
    EXPECT_THAT(dossier.contacts[0].with, ElementsAre(recordId(1001)));
    ASSERT_EQ(dossier.consents.size(), 1U);
    EXPECT_EQ(dossier.consents[0].event, unit.consents[0]);
    EXPECT_EQ(dossier.consents[0].origin.position, positioned.position);
    EXPECT_EQ(dossier.consents[0].origin.receipt, unit.receipt);
    EXPECT_EQ(dossier.consents[0].origin.proof, ProofState::Proven);
    ASSERT_EQ(dossier.conversations.size(), 2U);
    EXPECT_EQ(dossier.conversations[0], unit.conversations[0]);
    EXPECT_EQ(dossier.conversations[1], unit.conversations[1]);
    EXPECT_EQ(counts().waiting, 0U);
    EXPECT_EQ(counts().promises, 1U);
    EXPECT_EQ(counts().opened.at(record::UnitKind::Visit), 1U);
    EXPECT_EQ(counts().consents.at(0).events.at(ConsentState::Given), 1U);
}

TEST_P(StoreContract, FilingAUnitTwiceChangesNothing) {
    const record::PositionedUnit positioned = visit(1, 7);
    takeAndFile(positioned);

    file(positioned);

    EXPECT_EQ(counts().opened.at(record::UnitKind::Visit), 1U);
    EXPECT_EQ(counts().quarantined, 0U);
}

TEST_P(StoreContract, AUnitThatReusesAnIdIsQuarantinedAsAWhole) {
    takeAndFile(visit(1, 7));
    record::PositionedUnit thief = visit(2, 8);
    thief.unit.consents[0].id = visit(1, 7).unit.consents[0].id;

    takeAndFile(thief);

    EXPECT_EQ(counts().quarantined, 1U);
    EXPECT_EQ(store_->quarantine({}, 1)->at(0).reason, Reason::Inconsistent);
    EXPECT_EQ(store_->dossiers({}, 10)->size(), 1U);
    EXPECT_EQ(counts().opened.at(record::UnitKind::Visit), 1U);
    EXPECT_EQ(counts().waiting, 0U);
}

TEST_P(StoreContract, WhatDoesNotOpenIsQuarantinedWithItsBytesAndWaitsNoMore) {
    take(Parcels().add(1, {4, 5, 6, 7}).intake());
    const std::vector<Opened> refused{
        {recordId(1000), tl::unexpected(NotOpened{Reason::DoesNotOpen, "wrong key"})}};

    ASSERT_TRUE(store_->file(refused, kNow));

    EXPECT_EQ(counts().waiting, 0U);
    const auto entries = store_->quarantine({}, 10).value();
    ASSERT_EQ(entries.size(), 1U);
    EXPECT_EQ(entries[0].reason, Reason::DoesNotOpen);
    EXPECT_EQ(entries[0].bytes, 4U);
}

TEST_P(StoreContract, KeepsEachContactWithTheEventsItCameWith) {
    takeAndFile(visit(1, 7));
    record::PositionedUnit second = visit(2, 7);
    second.unit.contact = record::Contact{"", "", "", "+4930123456", ""};
    second.unit.consents.clear();

    takeAndFile(second);

    const auto contacts = store_->dossiers({}, 1)->at(0).contacts;
    ASSERT_EQ(contacts.size(), 2U);
    EXPECT_EQ(contacts[0].contact, contact(7));
    EXPECT_EQ(contacts[1].contact.phone, "+4930123456");
    EXPECT_TRUE(contacts[1].with.empty());
}

TEST_P(StoreContract, GivesNoConversationOfAUnitThatIsNotProven) {
    record::PositionedUnit unit = visit(1, 7);
    unit.unit.conversations = {conversation(50, "Wants a demo")};
    takeAndFile(unit);
    ASSERT_EQ(store_->dossier(subject(7))->conversations.size(), 1U);
    const std::vector<ProofMark> marks{{unit.unit.id, ProofState::NotProven}};

    ASSERT_TRUE(store_->mark(marks));

    EXPECT_TRUE(store_->dossier(subject(7))->conversations.empty());
}

TEST_P(StoreContract, SaysWhichConversationsAreUnconfirmed) {
    record::PositionedUnit unit = visit(1, 7);
    unit.unit.conversations = {conversation(50, "Wants a demo")};
    takeAndFile(unit);
    record::PositionedUnit later = visit(2, 7);
    later.unit.conversations = {conversation(51, "Wants an offer")};
    takeAndFile(later);
    const std::vector<ProofMark> marks{{later.unit.id, ProofState::Unconfirmed}};

    ASSERT_TRUE(store_->mark(marks));

    const Dossier dossier = store_->dossier(subject(7)).value();
    EXPECT_EQ(dossier.conversations.size(), 2U);
    EXPECT_EQ(dossier.unconfirmed, std::set{later.unit.conversations[0].id});
}

TEST_P(StoreContract, KnowsEveryStateOfAProof) {
    takeAndFile(visit(1, 7));
    const std::vector<ProofMark> marks{{recordId(1000), ProofState::OtherEdition}};

    ASSERT_TRUE(store_->mark(marks));

    EXPECT_EQ(store_->dossier(subject(7))->consents.at(0).origin.proof, ProofState::OtherEdition);
}

TEST_P(StoreContract, GivesSubjectsInPagesAndOnlyThoseWhoEverSaidYes) {
    takeAndFile(visit(1, 3));
    takeAndFile(visit(2, 1));
    record::PositionedUnit refusal = visit(3, 2);
    refusal.unit.kind = record::UnitKind::Refusal;
    refusal.unit.contact.reset();
    refusal.unit.consents[0].state = ConsentState::Refused;
    takeAndFile(refusal);

    const auto first = store_->dossiers({}, 1).value();
    const auto second = store_->dossiers(first.at(0).subject, 5).value();

    EXPECT_EQ(first[0].subject, subject(1));
    ASSERT_EQ(second.size(), 1U);
    EXPECT_EQ(second[0].subject, subject(3));
}

TEST_P(StoreContract, RebuildsBitByBitWhatAKioskSigned) {
    record::PositionedUnit positioned = visit(3, 7);
    positioned.unit.consents.push_back(
        consent(1, "sales-follow-up", record::Channel::Phone, ConsentState::Refused));
    positioned.unit.vault.emplace();
    takeAndFile(positioned);
    takeAndFile(visit(4, 7));

    const auto kept = store_->receipt(*positioned.unit.receipt).value();

    record::PositionedUnit signedPart = positioned;
    signedPart.unit.contact.reset();
    signedPart.unit.vault.reset();
    ASSERT_TRUE(kept);
    EXPECT_EQ(kept->unit, signedPart);
    EXPECT_EQ(kept->proof, ProofState::Proven);
    EXPECT_EQ(store_->receipt(record::ReceiptId{}).value(), std::nullopt);
}

TEST_P(StoreContract, AReceiptIdOfAnotherUnitIsQuarantined) {
    takeAndFile(visit(1, 7));
    record::PositionedUnit thief = visit(2, 8);
    thief.unit.receipt = visit(1, 7).unit.receipt;

    takeAndFile(thief);

    EXPECT_EQ(store_->quarantine({}, 1)->at(0).reason, Reason::Inconsistent);
}

TEST_P(StoreContract, WhatWasNotProvenWaitsAgainWhenAsked) {
    take(Parcels().add(1, {4, 5, 6, 7}).intake());
    const std::vector<Opened> refused{
        {recordId(1000), tl::unexpected(NotOpened{Reason::NotProven, "another key", subject(7)})}};
    ASSERT_TRUE(store_->file(refused, kNow));

    ASSERT_TRUE(store_->retryNotProven());

    EXPECT_EQ(counts().waiting, 1U);
    EXPECT_EQ(counts().quarantined, 0U);
}

TEST_P(StoreContract, GivesOneKiosksProofsPieceByPiece) {
    const auto add = [&](std::uint64_t seq, std::uint64_t n, const char* kiosk,
                         std::uint8_t inEpoch) {
        record::PositionedUnit unit = visit(seq, 7);
        unit.position = {{kiosk}, epoch(inEpoch), seq};
        unit.unit.id = recordId(n);
        unit.unit.receipt.reset();
        unit.unit.consents.front().id = recordId(10'000 + n);
        unit.proof = record::Signature{};
        takeAndFile(unit);
    };
    add(2, 1, "kiosk-1", 1);
    add(1, 2, "kiosk-1", 1);
    add(1, 3, "kiosk-1", 2);
    add(1, 4, "kiosk-2", 1);
    add(2, 5, "kiosk-1", 1);  // a fork: another record at a position that is held
    record::PositionedUnit talk = visit(3, 7);
    talk.unit.id = recordId(6);
    talk.unit.consents.clear();
    talk.proof.reset();
    takeAndFile(talk);

    std::vector<record::RecordId> seen;
    std::optional<ProofPlace> place;
    for (;;) {
        const auto some = store_->proofsOf({"kiosk-1"}, place, 2).value();
        for (const Receipted& one : some) {
            seen.push_back(one.unit.unit.id);
        }
        if (some.size() < 2) {
            break;
        }
        const record::PositionedUnit& last = some.back().unit;
        place = ProofPlace{last.position.epoch, last.position.seq, last.unit.id};
    }

    EXPECT_THAT(seen, ElementsAre(recordId(2), recordId(1), recordId(5), recordId(3)));
    EXPECT_TRUE(store_->proofsOf({"kiosk-3"}, {}, 2)->empty());
}

TEST_P(StoreContract, SaysWhoseStateChangedSinceAVersion) {
    takeAndFile(visit(1, 7));
    const std::uint64_t before = store_->stateVersion().value();
    takeAndFile(visit(2, 8));
    const std::uint64_t between = store_->stateVersion().value();
    const std::vector<ProofMark> marks{{recordId(1000), ProofState::Unconfirmed}};
    ASSERT_TRUE(store_->mark(marks));

    EXPECT_THAT(store_->changedSince(before).value(), ElementsAre(subject(7), subject(8)));
    EXPECT_THAT(store_->changedSince(between).value(), ElementsAre(subject(7)));
    EXPECT_THAT(store_->changedSince(store_->stateVersion().value()).value(), ElementsAre());
    EXPECT_EQ(store_->proofs({}, 10)->at(0).proof, ProofState::Unconfirmed);
}

}  // namespace
}  // namespace tapport::hub
