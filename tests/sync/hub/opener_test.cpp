// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/record/codec.h"
#include "sync/seal/squeeze.h"
#include "tests/sync/hub/opener_fixture.h"

#include <gmock/gmock.h>
#include <sodium/crypto_box.h>

namespace tapport::hub {
namespace {

TEST_F(OpenerTest, OpensAndFilesWhatWaits) {
    receive(visit(1, 7));
    receive(visit(2, 8));

    ASSERT_TRUE(settle());

    EXPECT_EQ(store_->dossiers({}, 10)->size(), 2U);
    EXPECT_EQ(store_->counts()->waiting, 0U);
    EXPECT_TRUE(quarantined().empty());
}

TEST_F(OpenerTest, DoesABoundedPieceAStep) {
    receive(visit(1, 7));
    receive(visit(2, 8));
    receive(visit(3, 9));

    EXPECT_EQ(filing_.step(kNow, 2), true);
    EXPECT_EQ(store_->counts()->waiting, 1U);
    EXPECT_EQ(filing_.step(kNow, 2), true);
    EXPECT_EQ(filing_.step(kNow, 2), false);
}

TEST_F(OpenerTest, QuarantinesWhatIsSealedToAnotherKeyAndGoesOn) {
    Parcels foreign;
    const record::PositionedUnit unit = visit(1, 7);
    foreign.add(unit.unit.id, unit.position,
                seal::sealUnit(unit, seal::makeSealingKeys().publicKey));
    ASSERT_TRUE(store_->take(foreign.intake(), kNow));
    receive(visit(2, 8));

    ASSERT_TRUE(settle());

    EXPECT_THAT(quarantined(), testing::ElementsAre(Reason::DoesNotOpen));
    EXPECT_EQ(store_->dossiers({}, 10)->size(), 1U);
}

TEST_F(OpenerTest, QuarantinesAFrameOfAnotherDictionarySaysSoAndGoesOn) {
    const record::PositionedUnit unit = visit(1, 7);
    Bytes frame = *seal::squeeze(record::encode(unit));
    ASSERT_EQ(frame.at(5), seal::kDictionary);
    frame[5] = 9;
    frame.push_back(0x80);
    Bytes sealed(frame.size() + crypto_box_SEALBYTES);
    crypto_box_seal(sealed.data(), frame.data(), frame.size(), keys_.publicKey.data());
    Parcels parcels;
    parcels.add(unit.unit.id, unit.position, sealed);
    ASSERT_TRUE(store_->take(parcels.intake(), kNow));
    receive(visit(2, 8));

    ASSERT_TRUE(settle());

    const auto entries = store_->quarantine({}, 10).value();
    ASSERT_EQ(entries.size(), 1U);
    EXPECT_EQ(entries[0].reason, Reason::DoesNotOpen);
    EXPECT_THAT(entries[0].detail, testing::HasSubstr("dictionary 9"));
    EXPECT_EQ(store_->dossiers({}, 10)->size(), 1U);
}

TEST_F(OpenerTest, QuarantinesAnEnvelopeThatMovesAUnitToAnotherPosition) {
    record::PositionedUnit claimed = visit(1, 7);
    claimed.position.seq = 2;
    receive(visit(1, 7), claimed);

    ASSERT_TRUE(settle());

    EXPECT_THAT(quarantined(), testing::ElementsAre(Reason::HeaderMismatch));
}

TEST_F(OpenerTest, QuarantinesAnEnvelopeThatNamesAnotherKiosk) {
    record::PositionedUnit claimed = visit(1, 7);
    claimed.position.kiosk = {"kiosk-2"};
    receive(visit(1, 7), claimed);

    ASSERT_TRUE(settle());

    EXPECT_THAT(quarantined(), testing::ElementsAre(Reason::HeaderMismatch));
}

TEST_F(OpenerTest, QuarantinesAUnitOfAnotherEvent) {
    record::PositionedUnit unit = visit(1, 7);
    unit.unit.event = {"other-2026"};
    receive(unit);

    ASSERT_TRUE(settle());

    EXPECT_THAT(quarantined(), testing::ElementsAre(Reason::WrongEvent));
}

TEST_F(OpenerTest, WithoutPublishedKeysNothingIsChecked) {
    receive(proven(1, 7, receipt::makeSigningKeys()));

    ASSERT_TRUE(settle());

    EXPECT_EQ(proofAt(1), ProofState::Unchecked);
}

TEST_F(OpenerTest, ProvesWhatAPublishedKeySigned) {
    const receipt::SigningKeys kiosk = receipt::makeSigningKeys();
    publish({{kKiosk, kiosk.publicKey}});
    receive(proven(1, 7, kiosk));

    ASSERT_TRUE(settle());

    EXPECT_EQ(proofAt(1), ProofState::Proven);
    EXPECT_TRUE(published_.receiptOf(store_->proofs({}, 1)->at(0).unit));
}

TEST_F(OpenerTest, QuarantinesAUnitThatAnotherKeySigned) {
    publish({{kKiosk, receipt::makeSigningKeys().publicKey}});
    receive(proven(1, 7, receipt::makeSigningKeys()));
    record::PositionedUnit withoutProof = visit(2, 8);
    withoutProof.proof.reset();
    receive(withoutProof);

    ASSERT_TRUE(settle());

    EXPECT_THAT(quarantined(), testing::ElementsAre(Reason::NotProven, Reason::NotProven));
    EXPECT_TRUE(store_->dossiers({}, 10)->empty());
}

TEST_F(OpenerTest, TakesANoWhoeverSignedIt) {
    publish({{kKiosk, receipt::makeSigningKeys().publicKey}});
    record::PositionedUnit no = visitFor(
        event_, 1, 7, {{"newsletter", record::Channel::Email, record::ConsentState::Withdrawn}});
    no.proof = receipt::prove(no, event_, receipt::makeSigningKeys());
    receive(no);

    ASSERT_TRUE(settle());

    EXPECT_TRUE(quarantined().empty());
    EXPECT_EQ(proofAt(1), ProofState::NotProven);
    EXPECT_EQ(store_->dossier(subject(7))->consents.size(), 1U);
}

TEST_F(OpenerTest, QuarantinesAUnitWhoseReceiptAnotherKeySigned) {
    const receipt::SigningKeys kiosk = receipt::makeSigningKeys();
    publish({{kKiosk, kiosk.publicKey}});
    record::PositionedUnit unit = proven(1, 7, receipt::makeSigningKeys());
    unit.signature = receipt::signUnit(unit, kiosk);
    receive(unit);

    ASSERT_TRUE(settle());

    EXPECT_THAT(quarantined(), testing::ElementsAre(Reason::NotProven));
    EXPECT_THAT(store_->quarantine({}, 1)->at(0).detail, testing::HasSubstr("receipt"));
}

TEST_F(OpenerTest, KeepsAUnitOfAnEnrolledKeyThatIsNotPublishedYet) {
    const receipt::SigningKeys kiosk = receipt::makeSigningKeys();
    publish({{kKiosk, receipt::makeSigningKeys().publicKey}});
    enrol(kiosk);
    receive(proven(1, 7, kiosk));

    ASSERT_TRUE(settle());

    EXPECT_EQ(proofAt(1), ProofState::KeyUnknown);
    EXPECT_TRUE(quarantined().empty());
}

TEST_F(OpenerTest, MarksWhatARevokedKioskSignedLaterBeforeTheRootHasSaidSo) {
    const receipt::SigningKeys kiosk = receipt::makeSigningKeys();
    publish({{kKiosk, kiosk.publicKey}});
    enrol(kiosk);
    receive(proven(1, 7, kiosk));
    receive(proven(2, 8, kiosk));
    ASSERT_TRUE(settle());
    ASSERT_EQ(proofAt(2), ProofState::Proven);

    revoke(1);
    ASSERT_TRUE(settle());

    EXPECT_EQ(proofAt(1), ProofState::Proven);
    EXPECT_EQ(proofAt(2), ProofState::Unconfirmed);
}

TEST_F(OpenerTest, OfTwoRevocationsTheOneThatVouchesForLessCounts) {
    const receipt::SigningKeys kiosk = receipt::makeSigningKeys();
    enrol(kiosk);
    revoke(1);
    publish({{kKiosk, kiosk.publicKey, receipt::Revocation{{{epoch(), 2}}}}});
    receive(proven(1, 7, kiosk));
    receive(proven(2, 8, kiosk));

    ASSERT_TRUE(settle());

    EXPECT_EQ(proofAt(1), ProofState::Proven);
    EXPECT_EQ(proofAt(2), ProofState::Unconfirmed);
}

TEST_F(OpenerTest, AKeyThatIsPublishedLaterProvesWhatWasKeptAndWhatWasQuarantined) {
    const receipt::SigningKeys first = receipt::makeSigningKeys();
    const receipt::SigningKeys second = receipt::makeSigningKeys();
    publish({});
    enrol(first);
    receive(proven(1, 7, first));
    ASSERT_TRUE(settle());
    ASSERT_EQ(proofAt(1), ProofState::KeyUnknown);
    publish({{kKiosk, first.publicKey}});
    receive(proven(2, 8, second));
    ASSERT_TRUE(settle());
    ASSERT_THAT(quarantined(), testing::ElementsAre(Reason::NotProven));

    publish({{kKiosk, first.publicKey}, {kKiosk, second.publicKey}});
    ASSERT_TRUE(settle());

    EXPECT_EQ(proofAt(1), ProofState::Proven);
    EXPECT_EQ(proofAt(2), ProofState::Proven);
    EXPECT_TRUE(quarantined().empty());
}

TEST_F(OpenerTest, WhatARevokedKioskSignedLaterIsUnconfirmed) {
    const receipt::SigningKeys kiosk = receipt::makeSigningKeys();
    publish({{kKiosk, kiosk.publicKey}});
    receive(proven(1, 7, kiosk));
    receive(proven(2, 8, kiosk));
    ASSERT_TRUE(settle());

    publish({{kKiosk, kiosk.publicKey, receipt::Revocation{{{epoch(), 1}}}}});
    ASSERT_TRUE(settle());

    EXPECT_EQ(proofAt(1), ProofState::Proven);
    EXPECT_EQ(proofAt(2), ProofState::Unconfirmed);
    EXPECT_TRUE(published_.kiosks().empty());
    EXPECT_THAT(published_.revoked(), testing::ElementsAre(kKiosk));
    publish({{kKiosk, kiosk.publicKey, receipt::Revocation{{{epoch(), 1}}}},
             {kKiosk, receipt::makeSigningKeys().publicKey}});
    ASSERT_TRUE(settle());
    EXPECT_TRUE(published_.revoked().empty()) << "it goes on with another key";
}

TEST_F(OpenerTest, WhatAnotherEditionOfTheEventFileAskedIsCheckedWhenThatIsHere) {
    const receipt::SigningKeys kiosk = receipt::makeSigningKeys();
    publish({{kKiosk, kiosk.publicKey}});
    event::Event other = event_;
    for (event::Ask& ask : other.asks) {
        ask.noticeVersion += 1;
        ask.notices.at("en").hash.bytes.fill(0xDD);
    }
    record::PositionedUnit unit = visitFor(
        other, 1, 7, {{"newsletter", record::Channel::Email, record::ConsentState::Given}});
    unit.proof = receipt::prove(unit, other, kiosk);
    unit.signature = receipt::signUnit(unit, kiosk);
    receive(unit);
    ASSERT_TRUE(settle());
    ASSERT_EQ(proofAt(1), ProofState::OtherEdition);
    ASSERT_TRUE(quarantined().empty());

    ProofKeys same{dir_ / "keys.json", dir_ / "kiosks.register", other,
                   seal::digestOf(viewOf("edition 2"))};
    Filing restarted{*store_, opener_, same};
    ASSERT_TRUE(settle(restarted));

    EXPECT_EQ(proofAt(1), ProofState::Proven);
}

TEST_F(OpenerTest, AUnitThatWasAskedWithAnEarlierEditionIsProvenWithThatOne) {
    const receipt::SigningKeys kiosk = receipt::makeSigningKeys();
    publish({{kKiosk, kiosk.publicKey}});
    event::Event renamed = event_;
    renamed.name["en"] = "Renamed Expo";
    record::PositionedUnit unit = visitFor(
        event_, 1, 7, {{"newsletter", record::Channel::Email, record::ConsentState::Given}});
    unit.proof = receipt::prove(unit, event_, kiosk);
    record::PositionedUnit forged = unit;
    forged.unit.consents[0].evidence.build = "another";
    const auto stateWith = [&](std::vector<ProofKeys::Edition> earlier,
                               const record::PositionedUnit& of) {
        ProofKeys keys{dir_ / "keys.json", dir_ / "kiosks.register", renamed,
                       seal::digestOf(viewOf("edition 2")), std::move(earlier)};
        EXPECT_TRUE(keys.refresh());
        return keys.check(of);
    };
    const ProofKeys::Edition earlier{event_, seal::digestOf(viewOf("edition 1"))};

    EXPECT_EQ(stateWith({}, unit), ProofState::NotProven) << "the name is part of what was signed";
    EXPECT_EQ(stateWith({earlier}, unit), ProofState::Proven);
    EXPECT_EQ(stateWith({earlier}, forged), ProofState::NotProven);
}

TEST_F(OpenerTest, FinishesAtOnceUnlessProofsMustBeCheckedAgain) {
    publish({});
    ASSERT_TRUE(settle());
    receive(visit(1, 7));
    EXPECT_EQ(filing_.finish(kNow), true);
    EXPECT_EQ(store_->counts()->waiting, 0U);

    publish({{kKiosk, receipt::makeSigningKeys().publicKey}});
    receive(visit(2, 8));
    ASSERT_TRUE(published_.refresh());

    EXPECT_EQ(filing_.finish(kNow), false);
    EXPECT_EQ(store_->counts()->waiting, 1U);
}

TEST_F(OpenerTest, WorkersWithDifferentKeyFilesDoNotCheckForEver) {
    const receipt::SigningKeys kiosk = receipt::makeSigningKeys();
    publish({{kKiosk, kiosk.publicKey}});
    receive(proven(1, 7, kiosk));
    ProofKeys others{dir_ / "keys.json", dir_ / "kiosks.register", event_,
                     seal::digestOf(viewOf("edition 2"))};
    Filing other{*store_, opener_, others};
    ASSERT_TRUE(settle(filing_));
    ASSERT_TRUE(settle(other));
    const auto last = store_->proofKeys();

    ASSERT_TRUE(settle(filing_));
    ASSERT_TRUE(settle(other));

    EXPECT_EQ(store_->proofKeys(), last) << "each has checked once";
    EXPECT_TRUE(filing_.takeTrouble()) << "and says so";
    ASSERT_TRUE(settle(filing_));
    EXPECT_FALSE(filing_.takeTrouble()) << "once";
}

TEST_F(OpenerTest, WhatAnotherWorkerFoundWithOtherKeysDoesNotVouchForARelease) {
    const receipt::SigningKeys kiosk = receipt::makeSigningKeys();
    publish({{kKiosk, kiosk.publicKey}});
    receive(proven(1, 7, kiosk));
    ASSERT_TRUE(settle());
    ProofKeys others{dir_ / "keys.json", dir_ / "kiosks.register", event_,
                     seal::digestOf(viewOf("edition 2"))};
    Filing other{*store_, opener_, others};
    ASSERT_TRUE(settle(other));

    EXPECT_EQ(filing_.finish(kNow), false);
    ASSERT_TRUE(settle());
    EXPECT_EQ(filing_.finish(kNow), true);
}

TEST_F(OpenerTest, KeysOfAnotherRootAreNotTaken) {
    const receipt::SigningKeys kiosk = receipt::makeSigningKeys();
    publish({{kKiosk, kiosk.publicKey}});
    ASSERT_TRUE(settle());
    const receipt::KeySet forged(event_.id, "2026-11-25T12:00:00.000Z",
                                 {{kKiosk, receipt::makeSigningKeys().publicKey}});

    support::writeFile(dir_ / "keys.json",
                       forged.publish(receipt::makeSigningKeys()).value() + " ");
    receive(proven(1, 7, kiosk));
    ASSERT_TRUE(settle());

    EXPECT_TRUE(filing_.takeTrouble());
    EXPECT_FALSE(filing_.takeTrouble()) << "said once";
    EXPECT_EQ(proofAt(1), ProofState::Proven) << "by the former keys";
    EXPECT_THAT(published_.published().value(), testing::HasSubstr(toBase64Url(kiosk.publicKey)))
        << "nobody is given the others";
}

}  // namespace
}  // namespace tapport::hub
