// SPDX-License-Identifier: GPL-3.0-or-later
// A kiosk's keys change while a show runs: what is there is checked again, and holds nobody up.
#include "tests/sync/hub/opener_fixture.h"

#include <gmock/gmock.h>

namespace tapport::hub {
namespace {

constexpr std::uint64_t kMany = 3 * Filing::kUnitsAStep;

class RecheckTest : public OpenerTest {
  protected:
    void SetUp() override {
        publish({{kKiosk, first_.publicKey}});
        ASSERT_TRUE(settle());
    }
    /// Visits of a kiosk at positions 1 to `count`, acknowledged and filed.
    void fileVisits(const record::KioskId& kiosk, const receipt::SigningKeys& keys,
                    std::uint64_t count) {
        std::uint64_t seq = 1;
        while (seq <= count) {
            Parcels parcels;
            for (int n = 0; n < 100 && seq <= count; ++n, ++seq) {
                record::PositionedUnit unit = proven(seq, 7, keys);
                unit.position.kiosk = kiosk;
                unit.unit.id = recordId((kiosk == kKiosk ? 0 : 50'000'000) + 1000 * seq);
                unit.unit.receipt->bytes = unit.unit.id.bytes;
                unit.unit.consents.front().id =
                    recordId((kiosk == kKiosk ? 0 : 50'000'000) + 1000 * seq + 1);
                unit.proof = receipt::prove(unit, event_, keys);
                unit.signature = receipt::signUnit(unit, keys);
                parcels.add(unit.unit.id, unit.position, seal::sealUnit(unit, keys_.publicKey));
            }
            ASSERT_TRUE(store_->take(parcels.intake(), kNow));
        }
        ASSERT_TRUE(settle());
        ASSERT_EQ(store_->counts()->waiting, 0U);
    }
    std::uint64_t unconfirmed() {
        std::uint64_t count = 0;
        const std::vector<Receipted> units = store_->proofs({}, 10 * kMany).value();
        for (const Receipted& one : units) {
            count += one.proof == ProofState::Unconfirmed ? 1 : 0;
        }
        return count;
    }
    /// Until nothing is left to do.
    int stepsToSettle() {
        int steps = 1;
        while (filing_.step(kNow).value()) {
            ++steps;
        }
        return steps;
    }

    receipt::SigningKeys first_ = receipt::makeSigningKeys();
    receipt::SigningKeys second_ = receipt::makeSigningKeys();
    const record::KioskId other_{"kiosk-2"};
};

TEST_F(RecheckTest, AWithdrawalIsFiledWhileManyProofsWait) {
    fileVisits(kKiosk, first_, kMany);
    record::PositionedUnit no = withdrawal(kMany + 1, 7, {recordId(1001)});
    no.signature = receipt::signUnit(no, first_);
    publish({{kKiosk, first_.publicKey, receipt::Revocation{}}, {other_, second_.publicKey}});
    receive(no);

    ASSERT_TRUE(filing_.step(kNow));

    EXPECT_EQ(store_->counts()->waiting, 0U);
    EXPECT_EQ(store_->dossier(subject(7))->consents.size(), kMany + 1);
    EXPECT_NE(store_->proofKeys().value(), published_.digest()) << "the proofs wait still";
    EXPECT_EQ(filing_.finish(kNow), false) << "and nothing is released meanwhile";
    ASSERT_TRUE(settle());
    EXPECT_EQ(unconfirmed(), kMany);
    EXPECT_EQ(filing_.finish(kNow), true);
}

TEST_F(RecheckTest, ProofsAndWhatWaitsTakeTurns) {
    fileVisits(kKiosk, first_, 2 * Filing::kUnitsAStep);
    publish({{kKiosk, first_.publicKey, receipt::Revocation{}}, {other_, second_.publicKey}});
    Parcels parcels;
    for (std::uint64_t seq = 1; seq <= 3 * Filing::kUnitsAStep; ++seq) {
        record::PositionedUnit unit = visit(seq, 8);
        unit.position.kiosk = other_;
        unit.unit.id = recordId(90'000'000 + seq);
        parcels.add(unit.unit.id, unit.position, Bytes{1, 2, 3});
    }
    ASSERT_TRUE(store_->take(parcels.intake(), kNow));

    ASSERT_TRUE(filing_.step(kNow));
    ASSERT_TRUE(filing_.step(kNow));
    ASSERT_TRUE(filing_.step(kNow));

    EXPECT_EQ(store_->counts()->waiting, Filing::kUnitsAStep);
    EXPECT_EQ(unconfirmed(), Filing::kUnitsAStep);
}

TEST_F(RecheckTest, OnlyTheKiosksWhoseKeysChangedAreCheckedAgain) {
    fileVisits(kKiosk, first_, kMany);

    publish({{kKiosk, first_.publicKey}, {other_, second_.publicKey}});
    const int published = stepsToSettle();
    enrol(receipt::makeSigningKeys(), {"kiosk-3"});
    const int enrolled = stepsToSettle();
    publish({{kKiosk, first_.publicKey}, {other_, second_.publicKey, receipt::Revocation{}}});
    const int revoked = stepsToSettle();

    EXPECT_LE(published, 2);
    EXPECT_LE(enrolled, 2);
    EXPECT_LE(revoked, 2);
    EXPECT_EQ(unconfirmed(), 0U);
    EXPECT_EQ(store_->proofKeys().value(), published_.digest());
}

TEST_F(RecheckTest, ChangesThatComeWhileProofsAreCheckedAreAllHeeded) {
    publish({{kKiosk, first_.publicKey}, {other_, second_.publicKey}});
    fileVisits(kKiosk, first_, 2 * Filing::kUnitsAStep);
    fileVisits(other_, second_, 10);

    publish({{kKiosk, first_.publicKey, receipt::Revocation{}}, {other_, second_.publicKey}});
    ASSERT_TRUE(filing_.step(kNow));
    publish({{kKiosk, first_.publicKey, receipt::Revocation{}},
             {other_, second_.publicKey, receipt::Revocation{}},
             {{"kiosk-3"}, receipt::makeSigningKeys().publicKey}});
    ASSERT_TRUE(settle());

    EXPECT_EQ(unconfirmed(), 2 * Filing::kUnitsAStep + 10);
}

TEST_F(RecheckTest, WhatWasMarkedWithKeysThatWereTakenBackIsMarkedAnew) {
    fileVisits(kKiosk, first_, 2 * Filing::kUnitsAStep);
    const std::string before = support::readFile(dir_ / "keys.json");

    publish({{kKiosk, first_.publicKey, receipt::Revocation{}}, {other_, second_.publicKey}});
    ASSERT_TRUE(filing_.step(kNow));
    ASSERT_EQ(unconfirmed(), Filing::kUnitsAStep);
    support::writeFile(dir_ / "keys.json", before);
    ASSERT_TRUE(settle());

    EXPECT_EQ(unconfirmed(), 0U);
}

TEST_F(RecheckTest, AfterARestartWithOtherKeysEveryProofIsChecked) {
    publish({{kKiosk, first_.publicKey}, {other_, second_.publicKey}});
    fileVisits(kKiosk, first_, 10);
    fileVisits(other_, second_, 10);
    publish({{kKiosk, first_.publicKey, receipt::Revocation{}},
             {other_, second_.publicKey, receipt::Revocation{}},
             {{"kiosk-3"}, receipt::makeSigningKeys().publicKey}});
    ProofKeys keys{dir_ / "keys.json", dir_ / "kiosks.register", event_,
                   seal::digestOf(viewOf("edition 1"))};
    Filing restarted{*store_, opener_, keys};

    ASSERT_TRUE(settle(restarted));

    EXPECT_EQ(unconfirmed(), 20U);
}

}  // namespace
}  // namespace tapport::hub
