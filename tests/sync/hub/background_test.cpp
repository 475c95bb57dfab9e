// SPDX-License-Identifier: GPL-3.0-or-later
// What the running hub says of work that fails behind everybody's back.
#include "sync/hub/run/background.h"

#include "sync/hub/store/sqlite_store.h"
#include "sync/program/log.h"
#include "tests/support/temp_dir.h"
#include "tests/support/wait_until.h"
#include "tests/sync/hub/example_answers.h"

#include <gtest/gtest.h>

namespace tapport::hub {
namespace {

using namespace samples;

/// A store that cannot sort, or not file, for a while.
class UnwillingStore final : public ArrivalStore, public FilingStore {
  public:
    explicit UnwillingStore(Store& store) : store_(store) {}

    wire::HubEpoch hubEpoch() override { return store_.hubEpoch(); }
    Result<std::vector<Verdict>> take(const Intake& intake, record::WallTime at) override {
        return store_.take(intake, at);
    }
    Result<std::vector<KeptParcel>> parcels(Whose whose, std::size_t mostBytes) override {
        ++looks;
        return unsorted ? tl::unexpected(*unsorted) : store_.parcels(whose, mostBytes);
    }
    Result<std::vector<KeptParcel>> parcelsOf(const record::KioskId& kiosk,
                                              std::size_t mostBytes) override {
        return store_.parcelsOf(kiosk, mostBytes);
    }
    Result<std::int64_t> newestParcel() override { return store_.newestParcel(); }
    Result<Held> held(const Sequence& sequence) override { return store_.held(sequence); }
    Result<std::vector<record::Epoch>> epochsOf(const record::KioskId& kiosk) override {
        return store_.epochsOf(kiosk);
    }
    Result<std::map<std::string, std::uint64_t>> quarantinedBytes() override {
        return store_.quarantinedBytes();
    }
    Result<std::uint64_t> watermark(const Sequence& sequence) override {
        return store_.watermark(sequence);
    }
    Result<std::vector<Waiting>> waiting(Whose whose, std::size_t most) override {
        return store_.waiting(whose, most);
    }
    Result<> file(std::span<const Opened> opened, record::WallTime now) override {
        return unfiled ? tl::unexpected(*unfiled) : store_.file(opened, now);
    }
    Result<std::optional<seal::Digest>> proofKeys() override { return store_.proofKeys(); }
    Result<> setProofKeys(const seal::Digest& keys) override { return store_.setProofKeys(keys); }
    Result<std::vector<Receipted>> proofs(const std::optional<record::RecordId>& after,
                                          std::size_t most) override {
        return store_.proofs(after, most);
    }
    Result<std::vector<Receipted>> proofsOf(const record::KioskId& kiosk,
                                            const std::optional<ProofPlace>& after,
                                            std::size_t most) override {
        return store_.proofsOf(kiosk, after, most);
    }
    Result<> mark(std::span<const ProofMark> marks) override { return store_.mark(marks); }
    Result<> retryNotProven() override { return store_.retryNotProven(); }

    std::optional<Error> unsorted;
    std::optional<Error> unfiled;
    int looks = 0;

  private:
    Store& store_;
};

class BackgroundTest : public testing::Test {
  protected:
    std::optional<std::string> trouble() {
        return background_.store().ask([&] { return background_.trouble(); });
    }
    template <typename Body>
    void onStore(Body body) {
        background_.store().ask([&] {
            body();
            return true;
        });
    }
    void receive(const record::PositionedUnit& unit) {
        onStore([&] {
            Parcels parcels;
            parcels.add(unit.unit.id, unit.position, seal::sealUnit(unit, keys_.publicKey));
            EXPECT_TRUE(store_->take(parcels.intake(), kNow));
        });
    }

    bool isReady_ = seal::initialise().has_value();
    support::TempDir dir_;
    std::unique_ptr<Store> store_ = openSqliteStore(dir_ / "hub.db", kScope, kKey).value();
    UnwillingStore unwilling_{*store_};
    seal::SealingKeys keys_ = seal::makeSealingKeys();
    event::Event event_ = exampleEvent();
    LocalOpener opener_{keys_, kScope.event};
    ProofKeys published_{dir_ / "keys.json", dir_ / "kiosks.register", event_, {}};
    Filing filing_{unwilling_, opener_, published_};
    Sorting sorting_{unwilling_};
    Retention retention_{*store_, event_};
    Background background_{sorting_, opener_, makeProbe(event_), filing_, retention_};
};

TEST_F(BackgroundTest, WhatCannotBeSortedIsTroubleUntilItCan) {
    ASSERT_FALSE(trouble());

    onStore([&] { unwilling_.unsorted = Error{Code::StorageFull, "disk is full"}; });
    ASSERT_TRUE(support::waitUntil([&] { return trouble().has_value(); }));
    EXPECT_NE(trouble()->find("disk is full"), std::string::npos) << *trouble();
    onStore([&] { unwilling_.unsorted.reset(); });

    EXPECT_TRUE(support::waitUntil([&] { return !trouble(); }));
}

TEST_F(BackgroundTest, ThatAnotherWorkerWasFasterIsNoTrouble) {
    testing::internal::CaptureStderr();
    program::startLogging("tapport-hub", "error");

    int before = 0;
    onStore([&] {
        unwilling_.unsorted = Error{Code::Busy, "another worker serves this kiosk"};
        before = unwilling_.looks;
    });
    EXPECT_TRUE(support::waitUntil(
        [&] { return background_.store().ask([&] { return unwilling_.looks > before + 1; }); }));

    EXPECT_FALSE(trouble());
    EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

TEST_F(BackgroundTest, WhatSomebodyElseFiledMeanwhileIsNoTroubleAnyMore) {
    onStore([&] { unwilling_.unfiled = Error{Code::Storage, "disk error"}; });
    receive(visit(1, 7));
    ASSERT_TRUE(support::waitUntil([&] { return trouble().has_value(); }));
    EXPECT_NE(trouble()->find("disk error"), std::string::npos) << *trouble();

    // As an export does.
    onStore([&] {
        unwilling_.unfiled.reset();
        EXPECT_TRUE(filing_.finish(kNow));
    });

    EXPECT_TRUE(support::waitUntil([&] { return !trouble(); }));
    EXPECT_EQ(store_->counts()->waiting, 0U);
}

}  // namespace
}  // namespace tapport::hub
