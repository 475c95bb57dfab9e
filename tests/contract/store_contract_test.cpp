// SPDX-License-Identifier: GPL-3.0-or-later
// What every hub store promises. Each adapter runs these same cases; SQLite is the first.
#include "sync/hub/store/sqlite_store.h"
#include "tests/support/temp_dir.h"
#include "tests/sync/hub/samples.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tapport::hub {
namespace {

using namespace samples;
using record::ConsentState;
using testing::ElementsAre;

/// Opens the store of one kind again and again on the same data.
using Opener = std::function<Result<std::unique_ptr<Store>>(const std::filesystem::path& dir)>;

Result<std::unique_ptr<Store>> openSqlite(const std::filesystem::path& dir) {
    return openSqliteStore(dir / "hub.db", kScope, kKey);
}

class StoreContract : public testing::TestWithParam<Opener> {
  protected:
    void SetUp() override { reopen(); }
    void reopen() {
        store_.reset();
        auto opened = GetParam()(dir_.path());
        ASSERT_TRUE(opened) << opened.error().context;
        store_ = std::move(*opened);
    }
    std::vector<Verdict> take(const Intake& intake) {
        const auto verdicts = store_->take(intake, kNow);
        EXPECT_TRUE(verdicts) << verdicts.error().context;
        return verdicts.value_or(std::vector<Verdict>{});
    }
    /// Takes the unit and files its content, as ingest and opener do.
    void takeAndFile(const record::PositionedUnit& positioned) {
        Parcels parcels;
        parcels.add(positioned.unit.id, positioned.position, {1, 2, 3});
        take(parcels.intake());
        file(positioned);
    }
    void file(const record::PositionedUnit& positioned) {
        const std::vector<Opened> opened{
            {positioned.unit.id, Content{positioned.unit, positioned.proof, ProofState::Proven}}};
        const auto filed = store_->file(opened, kNow);
        ASSERT_TRUE(filed) << filed.error().context;
    }
    Counts counts() { return store_->counts().value(); }

    support::TempDir dir_;
    std::unique_ptr<Store> store_;
};

TEST_P(StoreContract, KeepsWhatItTookWhenItIsOpenedAgain) {
    EXPECT_THAT(take(Parcels().add(1).add(2).intake()),
                ElementsAre(Verdict::Stored, Verdict::Stored));
    const wire::HubEpoch epochBefore = store_->hubEpoch();

    reopen();

    EXPECT_EQ(counts().units, 2U);
    EXPECT_EQ(store_->hubEpoch(), epochBefore);
    EXPECT_EQ(store_->waiting(10)->size(), 2U);
}

TEST_P(StoreContract, EveryNewDatabaseHasAnEpochOfItsOwn) {
    const support::TempDir other;
    const auto second = GetParam()(other.path());

    EXPECT_NE(store_->hubEpoch(), (*second)->hubEpoch());
}

TEST_P(StoreContract, TheSameRecordAgainIsADuplicate) {
    take(Parcels().add(1).intake());

    EXPECT_THAT(take(Parcels().add(1).add(1).intake()),
                ElementsAre(Verdict::Duplicate, Verdict::Duplicate));
    EXPECT_EQ(counts().units, 1U);
}

TEST_P(StoreContract, TheSameIdWithOtherBytesIsQuarantinedAndTheFirstStands) {
    take(Parcels().add(1, {1, 2, 3}).intake());

    EXPECT_THAT(take(Parcels().add(1, {6, 6, 6}).intake()), ElementsAre(Verdict::Conflict));
    const auto quarantine = store_->quarantine({}, 10).value();
    ASSERT_EQ(quarantine.size(), 1U);
    EXPECT_EQ(quarantine[0].reason, Reason::Conflict);
    EXPECT_EQ(quarantine[0].bytes, 3U);
    EXPECT_EQ(store_->waiting(10)->at(0).sealed, (Bytes{1, 2, 3}));
}

TEST_P(StoreContract, AnotherRecordAtTheSamePositionIsKeptToo) {
    take(Parcels().add(1).intake());
    Parcels clone;
    clone.add(recordId(77), {kKiosk, epoch(), 1}, {9});

    EXPECT_THAT(take(clone.intake()), ElementsAre(Verdict::Forked));
    EXPECT_EQ(counts().units, 2U);
    EXPECT_EQ(counts().forks, 1U);
    EXPECT_THAT(take(clone.intake()), ElementsAre(Verdict::Duplicate));
}

TEST_P(StoreContract, TheSamePositionInAnotherEpochIsNoFork) {
    take(Parcels().add(1).intake());
    Parcels other;
    other.add(recordId(77), {kKiosk, epoch(2), 1}, {9});

    EXPECT_THAT(take(other.intake()), ElementsAre(Verdict::Stored));
}

TEST_P(StoreContract, JoinsWhatItHoldsIntoRanges) {
    take(Parcels().add(1).add(2).add(5).intake());
    take(Parcels().add(3).intake());

    const Held held = store_->held({kKiosk, epoch()}).value();

    EXPECT_THAT(held.received().view(),
                ElementsAre(record::SeqRange{1, 3}, record::SeqRange{5, 5}));
    EXPECT_TRUE(held.quarantined().empty());
}

TEST_P(StoreContract, KnowsHowFarTheRecordsFollowFromTheFirst) {
    take(Parcels().add(1).add(2).add(5).intake());
    EXPECT_EQ(store_->held({kKiosk, epoch()})->prefix(), (wire::Prefix{2, chain(2)}));

    take(Parcels().add(4).intake());
    take(Parcels().add(3).intake());

    EXPECT_EQ(store_->held({kKiosk, epoch()})->prefix(), (wire::Prefix{5, chain(5)}));
    EXPECT_EQ(store_->held({kKiosk, epoch(2)})->prefix(), wire::Prefix{});
    EXPECT_EQ(counts().forks, 0U);
}

TEST_P(StoreContract, ARecordThatFollowsFromAnotherCopysIsAForkAndEndsThePrefix) {
    take(Parcels().add(1).add(2).intake());
    Parcels clone;
    clone.add(3);
    clone.intake().arrivals[0].before = chain(77);

    EXPECT_THAT(take(clone.intake()), ElementsAre(Verdict::Forked));
    EXPECT_EQ(counts().units, 3U);
    EXPECT_EQ(counts().forks, 1U);
    EXPECT_EQ(store_->held({kKiosk, epoch()})->prefix(), (wire::Prefix{2, chain(2)}));
    EXPECT_TRUE(store_->held({kKiosk, epoch()})->received().contains(3));
}

TEST_P(StoreContract, RemembersWhereAKioskLeftAnEpochAndWhichItHad) {
    const wire::ForkPoint left{epoch(1), 9};
    Intake hello;
    hello.announcements.push_back({{kKiosk, epoch(2)}, 0, left});
    take(hello);
    Parcels later;
    later.add(recordId(5), {kKiosk, epoch(2), 1}, {5});
    take(later.intake());

    EXPECT_EQ(store_->kiosks()->at(0).forkOf, left);
    EXPECT_THAT(store_->epochsOf(kKiosk).value(), ElementsAre(epoch(2)));
    EXPECT_TRUE(store_->epochsOf({"kiosk-2"})->empty());
}

TEST_P(StoreContract, AKioskIsCompleteWhenAllItAnnouncedIsHere) {
    Parcels first;
    first.add(1).add(3);
    first.intake().announcements.push_back({{kKiosk, epoch()}, 4});
    take(first.intake());

    const KioskStanding before = store_->kiosks()->at(0);
    take(Parcels().add(2).add(4).intake());
    const KioskStanding after = store_->kiosks()->at(0);

    EXPECT_FALSE(before.isComplete());
    EXPECT_THAT(before.holes().view(), ElementsAre(record::SeqRange{2, 2}, record::SeqRange{4, 4}));
    EXPECT_TRUE(after.isComplete());
}

TEST_P(StoreContract, APayloadThatComesAgainIsOneQuarantineEntry) {
    const Bytes payload{0xFF, 0x00};
    Intake intake;
    intake.suspects.push_back({"tapport/1/up/26/kiosk-1", payload, Reason::Unreadable, "broken"});
    intake.suspects.back().sequence = Sequence{kKiosk, epoch()};
    intake.suspects.back().links.push_back({9, chain(8), chain(9)});

    take(intake);
    take(intake);

    const auto entries = store_->quarantine({}, 10).value();
    ASSERT_EQ(entries.size(), 1U);
    EXPECT_EQ(entries[0].times, 2U);
    EXPECT_EQ(entries[0].detail, "broken");
    EXPECT_TRUE(store_->held({kKiosk, epoch()})->quarantined().contains(9));
}

TEST_P(StoreContract, GivesTheQuarantineInPages) {
    Intake intake;
    const std::vector<Bytes> payloads{{1}, {2}, {3}};
    for (const Bytes& payload : payloads) {
        intake.suspects.push_back({"topic", payload, Reason::Unreadable, "broken"});
    }
    take(intake);

    const auto page = store_->quarantine({}, 2).value();
    const auto rest = store_->quarantine(page.back().number, 2).value();

    EXPECT_EQ(page.size(), 2U);
    EXPECT_EQ(rest.size(), 1U);
    EXPECT_GT(page[0].number, page[1].number);
}

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
    EXPECT_EQ(dossier.contact, contact(7));
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

TEST_P(StoreContract, ALaterContactDoesNotEraseWhatWasGivenBefore) {
    takeAndFile(visit(1, 7));
    record::PositionedUnit second = visit(2, 7);
    second.unit.contact = record::Contact{"", "", "", "+4930123456", ""};

    takeAndFile(second);

    const record::Contact merged = store_->dossiers({}, 1)->at(0).contact;
    EXPECT_EQ(merged.email, contact(7).email);
    EXPECT_EQ(merged.phone, "+4930123456");
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
    EXPECT_EQ(gone.contact, record::Contact{});
    EXPECT_TRUE(gone.conversations.empty());
    EXPECT_EQ(gone.consents.size(), 2U);
    EXPECT_EQ(counts().promises, 0U);
    EXPECT_EQ(store_->dossier(subject(8))->contact, contact(8));
    EXPECT_EQ(take(Parcels().add(1).intake()), std::vector{Verdict::Duplicate});
}

TEST_P(StoreContract, ADelayedUnitDoesNotBringAnErasedPersonBack) {
    takeAndFile(erasure(9, 7, {}));

    takeAndFile(visit(1, 7));

    EXPECT_EQ(store_->dossier(subject(7))->contact, record::Contact{});
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

    const record::Contact kept = store_->dossier(subject(7))->contact;
    EXPECT_EQ(kept.email, contact(7).email);
    EXPECT_EQ(kept.phone, "+4930123456");
}

TEST_P(StoreContract, SomebodyElsesYesDoesNotUndoAnErasure) {
    takeAndFile(erasure(9, 7, {}));
    record::PositionedUnit other = visit(12, 7);
    other.unit.consents[0].causes = {recordId(9001)};
    other.unit.consents[0].by = record::ExpressedBy::Controller;

    takeAndFile(other);

    EXPECT_EQ(store_->dossier(subject(7))->contact, record::Contact{});
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
    EXPECT_EQ(forgotten.contact, record::Contact{});
    EXPECT_TRUE(forgotten.conversations.empty());
    EXPECT_EQ(forgotten.consents.size(), 2U);
    EXPECT_EQ(store_->dossier(subject(8))->contact, contact(8));
}

TEST_P(StoreContract, WhatAYesStillNeedsSurvivesAWithdrawal) {
    record::PositionedUnit both = visit(1, 7);
    both.unit.consents.push_back(
        consent(1500, "sales", record::Channel::Email, ConsentState::Given));
    takeAndFile(both);
    takeAndFile(visit(2, 8));

    takeAndFile(withdrawal(3, 7, {recordId(1001)}));  // of one of two
    takeAndFile(withdrawal(4, 8, {}));                // made elsewhere, not knowing the yes

    EXPECT_EQ(store_->dossier(subject(7))->contact, contact(7));
    EXPECT_EQ(store_->dossier(subject(8))->contact, contact(8));
}

TEST_P(StoreContract, AFreshYesAfterAWithdrawalKeepsItsContact) {
    takeAndFile(visit(1, 7));
    takeAndFile(withdrawal(2, 7, {recordId(1001)}));
    record::PositionedUnit again = visit(3, 7);
    again.unit.consents[0].causes = {recordId(1001), recordId(2001)};

    takeAndFile(again);

    EXPECT_EQ(store_->dossier(subject(7))->contact, contact(7));
}

TEST_P(StoreContract, ErasureReachesIntoTheQuarantine) {
    take(Parcels().add(1, {4, 5, 6, 7}).intake());
    const std::vector<Opened> refused{
        {recordId(1000), tl::unexpected(NotOpened{Reason::NotProven, "another key", subject(7)})}};
    ASSERT_TRUE(store_->file(refused, kNow));

    takeAndFile(erasure(9, 7, {}));

    EXPECT_EQ(store_->quarantine({}, 1)->at(0).bytes, 0U);
    ASSERT_TRUE(store_->retryNotProven());
    EXPECT_EQ(counts().waiting, 0U) << "nothing is left to try";
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

TEST_P(StoreContract, KeepsTheLogOfExports) {
    const ExportEntry first{recordId(1), kNow, "root", 4, 3, 2, true, {}, "{}"};
    ExportEntry second = first;
    second.id = recordId(2);
    second.at += std::chrono::seconds(1);

    ASSERT_TRUE(store_->inTransaction([&] { return store_->logExport(first); }));
    ASSERT_TRUE(store_->logExport(second));

    EXPECT_EQ(store_->exports(10)->at(0).id, second.id);
    EXPECT_EQ(store_->exports(10)->at(1).people, 2U);
    EXPECT_EQ(store_->findExport(first.id)->value().by, "root");
    EXPECT_FALSE(store_->findExport(recordId(3)).value());
}

TEST_P(StoreContract, ATransactionIsUndoneAndHandsOnTheErrorOfItsBody) {
    const auto result = store_->inTransaction([&]() -> Result<> {
        (void)store_->logExport({recordId(1), kNow, "root", 0, 0, 0, false, {}, "{}"});
        return fail(Code::Conflict, "of the body");
    });

    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, Code::Conflict);
    EXPECT_TRUE(store_->exports(10)->empty());
    EXPECT_TRUE(store_->take(Parcels().add(1).intake(), kNow)) << "the transaction was closed";
}

INSTANTIATE_TEST_SUITE_P(Sqlite, StoreContract, testing::Values(Opener(openSqlite)));

}  // namespace
}  // namespace tapport::hub
