// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/opener/opener.h"

#include "sync/hub/store/sqlite_store.h"
#include "tests/support/temp_dir.h"
#include "tests/sync/hub/samples.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tapport::hub {
namespace {

using namespace samples;

class OpenerTest : public testing::Test {
  protected:
    /// Stores it as the envelope would claim it: `claimed` may differ from what is inside.
    void receive(const record::PositionedUnit& inside, const record::PositionedUnit& claimed) {
        Parcels parcels;
        parcels.add(claimed.unit.id, claimed.position, seal::sealUnit(inside, keys_.publicKey));
        ASSERT_TRUE(store_->take(parcels.intake(), kNow));
    }
    void receive(const record::PositionedUnit& unit) { receive(unit, unit); }
    std::vector<Reason> quarantined() {
        std::vector<Reason> reasons;
        const auto entries = store_->quarantine({}, 10).value();
        reasons.reserve(entries.size());
        for (const QuarantineEntry& entry : entries) {
            reasons.push_back(entry.reason);
        }
        return reasons;
    }

    bool isReady_ = seal::initialise().has_value();
    support::TempDir dir_;
    std::unique_ptr<Store> store_ = openSqliteStore(dir_ / "hub.db", kScope).value();
    seal::SealingKeys keys_ = seal::makeSealingKeys();
    LocalOpener opener_{keys_, kScope.event};
};

TEST_F(OpenerTest, OpensAndFilesWhatWaits) {
    receive(visit(1, 7));
    receive(visit(2, 8));

    ASSERT_TRUE(openAll(*store_, opener_, kNow));

    EXPECT_EQ(store_->dossiers({}, 10)->size(), 2U);
    EXPECT_EQ(store_->counts()->waiting, 0U);
    EXPECT_TRUE(quarantined().empty());
}

TEST_F(OpenerTest, DoesABoundedPieceAStep) {
    receive(visit(1, 7));
    receive(visit(2, 8));
    receive(visit(3, 9));

    EXPECT_EQ(openSome(*store_, opener_, 2, kNow), 2U);
    EXPECT_EQ(openSome(*store_, opener_, 2, kNow), 1U);
    EXPECT_EQ(openSome(*store_, opener_, 2, kNow), 0U);
}

TEST_F(OpenerTest, QuarantinesWhatIsSealedToAnotherKeyAndGoesOn) {
    Parcels foreign;
    const record::PositionedUnit unit = visit(1, 7);
    foreign.add(unit.unit.id, unit.position,
                seal::sealUnit(unit, seal::makeSealingKeys().publicKey));
    ASSERT_TRUE(store_->take(foreign.intake(), kNow));
    receive(visit(2, 8));

    ASSERT_TRUE(openAll(*store_, opener_, kNow));

    EXPECT_THAT(quarantined(), testing::ElementsAre(Reason::DoesNotOpen));
    EXPECT_EQ(store_->dossiers({}, 10)->size(), 1U);
}

TEST_F(OpenerTest, QuarantinesAnEnvelopeThatMovesAUnitToAnotherPosition) {
    record::PositionedUnit claimed = visit(1, 7);
    claimed.position.seq = 2;
    receive(visit(1, 7), claimed);

    ASSERT_TRUE(openAll(*store_, opener_, kNow));

    EXPECT_THAT(quarantined(), testing::ElementsAre(Reason::HeaderMismatch));
}

TEST_F(OpenerTest, QuarantinesAnEnvelopeThatNamesAnotherKiosk) {
    record::PositionedUnit claimed = visit(1, 7);
    claimed.position.kiosk = {"kiosk-2"};
    receive(visit(1, 7), claimed);

    ASSERT_TRUE(openAll(*store_, opener_, kNow));

    EXPECT_THAT(quarantined(), testing::ElementsAre(Reason::HeaderMismatch));
}

TEST_F(OpenerTest, QuarantinesAUnitOfAnotherEvent) {
    record::PositionedUnit unit = visit(1, 7);
    unit.unit.event = {"other-2026"};
    receive(unit);

    ASSERT_TRUE(openAll(*store_, opener_, kNow));

    EXPECT_THAT(quarantined(), testing::ElementsAre(Reason::WrongEvent));
}

}  // namespace
}  // namespace tapport::hub
