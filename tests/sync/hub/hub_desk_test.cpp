// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/run/hub_desk.h"

#include "sync/hub/store/sqlite_store.h"
#include "sync/receipt/full_receipt.h"
#include "sync/receipt/unit_signature.h"
#include "tests/support/temp_dir.h"
#include "tests/sync/hub/example_answers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tapport::hub {
namespace {

using namespace samples;

constexpr std::size_t kVisits = 450;

class HubDeskTest : public testing::Test {
  protected:
    static event::Event eventOf(const receipt::SigningKeys& root) {
        event::Event event = exampleEvent();
        event.rootKey = root.publicKey;
        return event;
    }
    void receive(std::uint64_t seq) {
        record::PositionedUnit unit =
            visitFor(event_, seq, static_cast<std::uint8_t>(seq % 250),
                     {{"newsletter", record::Channel::Email, record::ConsentState::Given}});
        unit.unit.receipt->bytes[1] = static_cast<std::uint8_t>(seq / 250);
        unit.proof = receipt::prove(unit, event_, kiosk_);
        unit.signature = receipt::signUnit(unit, kiosk_);
        Parcels parcels;
        parcels.add(unit.unit.id, unit.position, seal::sealUnit(unit, sealing_.publicKey));
        ASSERT_TRUE(store_->take(parcels.intake(), kNow));
    }
    void publishKeys() {
        const receipt::KeySet set(event_.id, "2026-11-25T12:00:00.000Z",
                                  {{kKiosk, kiosk_.publicKey}});
        support::writeFile(dir_ / "keys.json", set.publish(root_).value());
    }
    std::size_t provenNow() {
        const auto units = store_->proofs({}, 2 * kVisits).value();
        return static_cast<std::size_t>(
            std::count_if(units.begin(), units.end(),
                          [](const Receipted& one) { return one.proof == ProofState::Proven; }));
    }

    bool isReady_ = seal::initialise().has_value();
    support::TempDir dir_;
    std::unique_ptr<Store> store_ = openSqliteStore(dir_ / "hub.db", kScope, kKey).value();
    seal::SealingKeys sealing_ = seal::makeSealingKeys();
    receipt::SigningKeys root_ = receipt::makeSigningKeys();
    receipt::SigningKeys kiosk_ = receipt::makeSigningKeys();
    event::Event event_ = eventOf(root_);
    LocalOpener opener_{sealing_, kScope.event};
    ProofKeys keys_{dir_ / "keys.json", dir_ / "kiosks.register", event_, {}};
    Filing filing_{*store_, opener_, keys_};
    Sorting sorting_{*store_};
    Retention retention_{*store_, event_};
};

TEST_F(HubDeskTest, AnExportAfterNewKeysLeavesTheStoreToOthersInBetween) {
    for (std::uint64_t seq = 1; seq <= kVisits; ++seq) {
        receive(seq);
    }
    while (filing_.step(kNow).value()) {
    }
    publishKeys();
    std::size_t proven = 0;
    std::size_t mostInOneTurn = 0;
    bool hasArrivedMeanwhile = false;
    HubDesk desk(
        {*store_, sorting_, filing_, keys_, retention_, event_, {}}, [] { return clockAt(kNow); },
        [&](const std::function<void()>& work) {
            work();
            const std::size_t now = provenNow();
            mostInOneTurn = std::max(mostInOneTurn, now - proven);
            proven = now;
            if (proven > 0 && !hasArrivedMeanwhile) {
                hasArrivedMeanwhile = true;
                receive(kVisits + 1);
            }
        });

    const auto file = desk.exportLeads("test");

    ASSERT_TRUE(file);
    EXPECT_LE(mostInOneTurn, Filing::kUnitsAStep);
    EXPECT_EQ(proven, kVisits + 1) << "with what arrived meanwhile";
    EXPECT_THAT(file->proofs, testing::ElementsAre(testing::Key(ProofState::Proven)));
    EXPECT_THAT(file->provisional, testing::IsEmpty());
}

TEST_F(HubDeskTest, AnExportDestroysFirstWhatEnded) {
    receive(1);
    HubDesk desk(
        {*store_, sorting_, filing_, keys_, retention_, event_, {}},
        [] { return clockAt(kNow + std::chrono::days(3 * 365)); },
        [](const std::function<void()>& work) { work(); });
    const auto tooFar = desk.exportLeads("test");
    ASSERT_TRUE(tooFar);
    EXPECT_FALSE(store_->dossier(subject(1))->contacts.empty()) << "a leap of a clock";

    record::PositionedUnit later = visit(2, 2);
    later.unit.at = clockAt(kNow + std::chrono::days(3 * 365 - 1));
    Parcels parcels;
    parcels.add(later.unit.id, later.position, seal::sealUnit(later, sealing_.publicKey));
    ASSERT_TRUE(store_->take(parcels.intake(), kNow));
    ASSERT_TRUE(desk.exportLeads("test"));

    EXPECT_TRUE(store_->dossier(subject(1))->contacts.empty());
}

}  // namespace
}  // namespace tapport::hub
