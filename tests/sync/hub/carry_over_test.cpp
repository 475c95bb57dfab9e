// SPDX-License-Identifier: GPL-3.0-or-later
// A backup that takes a newer database's place: what it lacks of that comes along, and nobody who
// was erased there is known again.
#include "sync/hub/store/sqlite_store.h"
#include "tests/support/temp_dir.h"
#include "tests/sync/hub/samples.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tapport::hub {
namespace {

using namespace samples;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

const Sequence kSequence{kKiosk, epoch()};

class CarryOver : public testing::Test {
  protected:
    CarryOver() { reopen("replaced.db"); }

    void reopen(const std::string& name) {
        store_.reset();
        auto opened = openSqliteStore(dir_ / name, kScope, kKey);
        ASSERT_TRUE(opened) << opened.error().context;
        store_ = std::move(*opened);
    }
    void backUp() { ASSERT_TRUE(store_->copyTo(dir_ / "backup.db")); }
    /// The database is lost or given up, and the backup takes its place.
    CarriedOver restore() {
        reopen("backup.db");
        return again();
    }
    CarriedOver again() {
        const auto carried = store_->carryOver(dir_ / "replaced.db", kNow);
        EXPECT_TRUE(carried) << carried.error().context;
        return carried.value_or(CarriedOver{});
    }
    void take(std::uint64_t seq) {
        Parcels parcels;
        parcels.add(seq, bytesOf(seq));
        ASSERT_TRUE(store_->take(parcels.intake(), kNow));
    }
    void file(const record::PositionedUnit& positioned) {
        const std::vector<Opened> opened{
            {positioned.unit.id, Content{positioned.unit, std::nullopt, ProofState::Proven}}};
        ASSERT_TRUE(store_->file(opened, kNow));
    }
    void takeAndFile(const record::PositionedUnit& positioned) {
        take(positioned.position.seq);
        file(positioned);
    }
    static Bytes bytesOf(std::uint64_t seq) { return Bytes(8, static_cast<std::uint8_t>(seq)); }
    std::vector<Waiting> waiting() { return store_->waiting(Whose::Anybodys, 100).value(); }
    std::size_t contactsOf(std::uint8_t who) {
        return store_->dossier(subject(who))->contacts.size();
    }

    bool isSuppressed(std::uint8_t who) {
        return !store_->suppressions()
                    .endingsOf(contact(who), {event::PersonalData::Email})
                    .empty();
    }

    support::TempDir dir_;
    std::unique_ptr<Store> store_;
};

TEST_F(CarryOver, RecordsThatTheBackupLacksWaitToBeOpenedAtTheirPlaces) {
    takeAndFile(visit(1, 7));
    backUp();
    takeAndFile(visit(2, 8));
    take(3);

    EXPECT_EQ(restore().records, 2U);

    EXPECT_EQ(store_->held(kSequence)->receivedThrough(), 3U) << "in one chain";
    ASSERT_THAT(waiting(), SizeIs(2));
    EXPECT_EQ(waiting()[0].id, recordId(2000));
    EXPECT_EQ(waiting()[0].position, (record::Position{kKiosk, epoch(), 2}));
    EXPECT_EQ(waiting()[0].sealed, bytesOf(2));
    file(visit(2, 8));
    EXPECT_EQ(contactsOf(8), 1U);
    EXPECT_EQ(again().records, 0U);
    EXPECT_THAT(waiting(), SizeIs(1));
    EXPECT_EQ(store_->counts()->units, 3U);
    EXPECT_EQ(store_->counts()->forks, 0U);
}

TEST_F(CarryOver, WhoWasErasedSinceTheBackupStaysErased) {
    takeAndFile(visit(1, 7));
    takeAndFile(visit(2, 8));
    backUp();
    takeAndFile(erasure(3, 7, {recordId(1001)}));
    ASSERT_EQ(contactsOf(7), 0U);

    const CarriedOver carried = restore();

    EXPECT_EQ(carried.records, 1U);
    EXPECT_EQ(carried.destroyed, 1U);
    EXPECT_GT(carried.suppressions, 0U);
    EXPECT_EQ(contactsOf(7), 0U);
    EXPECT_EQ(contactsOf(8), 1U);
    EXPECT_THAT(store_->dossier(subject(7))->consents, SizeIs(2)) << "the proof";
    EXPECT_TRUE(isSuppressed(7)) << "the same address is not released under another badge";
    EXPECT_TRUE(store_->hasSuppressedSince(store_->stateVersion().value() - 1).value());
    // The kiosk sends what it still has: nothing of it comes back.
    take(1);
    take(3);
    EXPECT_THAT(waiting(), IsEmpty());
    EXPECT_EQ(store_->held(kSequence)->receivedThrough(), 3U);
    EXPECT_EQ(again().records, 0U);
}

TEST_F(CarryOver, WhoWasRecordedAndErasedSinceTheBackupIsKnownToBeErased) {
    backUp();
    takeAndFile(visit(1, 7));
    takeAndFile(erasure(2, 7, {recordId(1001)}));

    EXPECT_EQ(restore().destroyed, 2U);

    EXPECT_EQ(contactsOf(7), 0U);
    EXPECT_THAT(store_->dossier(subject(7))->consents, SizeIs(2));
    EXPECT_TRUE(isSuppressed(7));
    EXPECT_THAT(waiting(), IsEmpty());
}

TEST_F(CarryOver, KiosksForgetABadgeThatWasErasedSince) {
    record::PositionedUnit first = visit(1, 7);
    first.unit.vault = record::VaultAccess{*record::VaultLookup::from(Bytes(16, 7)),
                                           *record::VaultKey::from(Bytes(32, 7))};
    takeAndFile(first);
    backUp();
    takeAndFile(erasure(2, 7, {recordId(1001)}));

    restore();

    EXPECT_FALSE(store_->findDown(wire::ItemKind::Vault, {}, Bytes(16, 7)).value());
    EXPECT_TRUE(store_->isErased(wire::ItemKind::Roster, Bytes(16, 7)).value());
}

TEST_F(CarryOver, ARosterEntryThatAnErasureTookStaysTaken) {
    backUp();
    record::PositionedUnit first = visit(1, 7);
    first.unit.vault = record::VaultAccess{*record::VaultLookup::from(Bytes(16, 7)),
                                           *record::VaultKey::from(Bytes(32, 7))};
    takeAndFile(first);
    takeAndFile(erasure(2, 7, {recordId(1001)}));

    restore();

    EXPECT_TRUE(store_->isErased(wire::ItemKind::Roster, Bytes(16, 7)).value());
}

TEST_F(CarryOver, WhatWasReadFromADiskGoesOnWaitingForAnOperator) {
    backUp();
    const Bytes sealed = bytesOf(1);
    Parcels parcels;
    parcels.add(1, sealed);
    parcels.intake().arrivals[0].withheld = Withheld{Reason::Recovered, subject(7)};
    ASSERT_TRUE(store_->take(parcels.intake(), kNow));

    restore();

    EXPECT_THAT(waiting(), IsEmpty());
    const auto entries = store_->quarantine({}, 10).value();
    ASSERT_THAT(entries, SizeIs(1));
    EXPECT_EQ(entries[0].reason, Reason::Recovered);
    EXPECT_EQ(again().quarantined, 0U);
    ASSERT_TRUE(store_->retryUnit(entries[0].number));
    EXPECT_THAT(waiting(), SizeIs(1));
}

TEST_F(CarryOver, WhatWasGivenUpSinceStaysGivenUp) {
    take(1);
    const std::vector<Opened> refused{
        {recordId(1000), tl::unexpected(NotOpened{Reason::DoesNotOpen, "another key", {}})}};
    ASSERT_TRUE(store_->file(refused, kNow));
    backUp();
    const auto number = store_->quarantine({}, 1)->at(0).number;
    ASSERT_TRUE(store_->discardQuarantined(number, {kNow, "kim", "a test"}));
    const Bytes payload{9, 9, 9};
    Intake intake;
    Suspect suspect{"tapport/1/up/26/kiosk-1", payload, Reason::WrongEvent, "for another event"};
    suspect.sequence = kSequence;
    suspect.links = {{2, chain(1), chain(2)}};
    intake.suspects.push_back(suspect);
    ASSERT_TRUE(store_->take(intake, kNow));
    ASSERT_TRUE(store_->discardQuarantined(store_->quarantine({}, 1)->at(0).number,
                                           {kNow, "kim", "another"}));
    ASSERT_THAT(store_->openedThrough().value(), ElementsAre(Watermark{kSequence, 2}));

    restore();

    EXPECT_EQ(store_->counts()->discarded, 2U);
    EXPECT_EQ(store_->counts()->quarantined, 0U);
    EXPECT_EQ(store_->findQuarantined(number)->value().entry.bytes, 0U);
    EXPECT_THAT(store_->openedThrough().value(), ElementsAre(Watermark{kSequence, 2}));
}

TEST_F(CarryOver, OfTwoThatWentOnApartBothAreKeptAndTheForkIsSeen) {
    takeAndFile(visit(1, 7));
    backUp();
    takeAndFile(visit(2, 8));
    reopen("backup.db");
    Parcels other;
    other.add(recordId(2500), {kKiosk, epoch(), 2}, {6, 6});
    ASSERT_TRUE(store_->take(other.intake(), kNow));

    EXPECT_EQ(again().records, 1U);

    EXPECT_EQ(store_->counts()->units, 3U);
    EXPECT_EQ(store_->counts()->forks, 1U);
}

TEST_F(CarryOver, ARecordUnderAnothersIdIsKeptInQuarantine) {
    backUp();
    take(1);
    reopen("backup.db");
    Parcels other;
    other.add(recordId(1000), {kKiosk, epoch(), 1}, {6, 6});
    ASSERT_TRUE(store_->take(other.intake(), kNow));

    EXPECT_EQ(again().records, 0U);

    const auto entry = store_->findQuarantined(store_->quarantine({}, 1)->at(0).number)->value();
    EXPECT_EQ(entry.entry.reason, Reason::Conflict);
    EXPECT_EQ(entry.payload, bytesOf(1));
}

TEST_F(CarryOver, ADatabaseOfAnotherSuppressionKeyIsNotTaken) {
    store_.reset();
    ASSERT_TRUE(openSqliteStore(dir_ / "other.db", kScope, ledger::SuppressionKey{{8}}));

    reopen("backup.db");

    EXPECT_EQ(store_->carryOver(dir_ / "other.db", kNow).error().code, Code::InvalidConfig);
    EXPECT_EQ(store_->carryOver(dir_ / "none.db", kNow).error().code, Code::NotFound);
    EXPECT_FALSE(std::filesystem::exists(dir_ / "none.db"));
}

TEST(HeldFill, TakesWhatIsMissingAndLeavesTheChainThatIsHere) {
    Held held;
    for (const std::uint64_t seq : {1, 2, 5}) {
        held.add(Hold::Received, {seq, chain(seq - 1), chain(seq)});
    }

    held.fill({Hold::Received, {1, 8}, chain(0), chain(8)});

    EXPECT_EQ(held.receivedThrough(), 8U);
    EXPECT_EQ(held.prefix().chain, chain(8));
    Held quarantined;
    quarantined.add(Hold::Received, {2, chain(1), chain(2)});
    quarantined.fill({Hold::Quarantined, {1, 3}, chain(0), chain(3)});
    EXPECT_FALSE(quarantined.holds(Hold::Quarantined, 2));
    EXPECT_EQ(quarantined.prefix().seq, 3U);
}

}  // namespace
}  // namespace tapport::hub
