// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/run/custody.h"

#include "sync/enrol/register_file.h"
#include "sync/hub/store/sqlite_store.h"
#include "sync/identity/authority.h"
#include "sync/receipt/unit_signature.h"
#include "sync/seal/chain.h"
#include "sync/wire/topics.h"
#include "tests/support/temp_dir.h"
#include "tests/sync/hub/example_answers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tapport::hub {
namespace {

using namespace samples;
using record::SeqRange;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class CustodyTest : public testing::Test {
  protected:
    static record::Signature noSignature(ByteView) { return {}; }
    Signatures signatures() {
        return {noSignature, [this](const record::KioskId&, const record::Signature&, ByteView) {
                    return isKeyKnown_;
                }};
    }
    /// The kiosk's n-th record, sealed to this key.
    static Message batchOf(std::uint64_t seq, const seal::SealingKeys& keys) {
        return batchOf(visit(seq, 7), keys);
    }
    static Message batchOf(const record::PositionedUnit& unit, const seal::SealingKeys& keys) {
        const std::uint64_t seq = unit.position.seq;
        wire::Batch batch;
        batch.event = kScope.event;
        batch.kiosk = kKiosk;
        batch.epoch = epoch();
        batch.base = kNow;
        batch.runs.push_back(
            {seq, seal::kChainStart, {{unit.unit.id, seal::sealUnit(unit, keys.publicKey)}}});
        return {wire::upTopic(kKiosk), wire::encode(batch, noSignature)};
    }
    void receive(const Message& message) {
        ASSERT_TRUE(ingest_.take({message}, kNow));
        ASSERT_TRUE(ingest_.sorting().all(Whose::Own));
        (void)ingest_.sorting().takeAlarms();
    }
    Custody custody(Filing& filing) {
        return {{*store_, filing, ingest_, dir_ / "suppression.key"},
                [] { return clockAt(kNow); },
                [](const auto& work) { work(); }};
    }
    std::int64_t newest() { return store_->quarantine({}, 1)->at(0).number; }
    record::SeqRanges received() { return store_->held({kKiosk, epoch()})->received(); }

    bool isReady_ = seal::initialise().has_value();
    bool isKeyKnown_ = true;
    support::TempDir dir_;
    std::unique_ptr<Store> store_ = openSqliteStore(dir_ / "hub.db", kScope, kKey).value();
    seal::SealingKeys keys_ = seal::makeSealingKeys();
    seal::SealingKeys others_ = seal::makeSealingKeys();
    event::Event event_ = exampleEvent();
    ProofKeys published_{dir_ / "keys.json", dir_ / "kiosks.register", event_, {}};
    LocalOpener opener_{keys_, kScope.event};
    LocalOpener otherOpener_{others_, kScope.event};
    Filing filing_{*store_, opener_, published_};
    Filing otherFiling_{*store_, otherOpener_, published_};
    Ingest ingest_{*store_, kScope.event, signatures()};
};

TEST_F(CustodyTest, AMessageWhoseKeyIsKnownByNowIsTakenAndFromThenOnAcknowledged) {
    isKeyKnown_ = false;
    receive(batchOf(1, keys_));
    ASSERT_TRUE(received().empty());
    isKeyKnown_ = true;

    const auto retried = custody(filing_).retry(newest());

    ASSERT_TRUE(retried) << retried.error().context;
    EXPECT_EQ(retried->tried, 1U);
    EXPECT_EQ(retried->again, 0U);
    EXPECT_EQ(store_->hasQuarantined(), false);
    EXPECT_THAT(received().view(), ElementsAre(SeqRange{1, 1}));
    EXPECT_EQ(store_->counts()->opened.at(record::UnitKind::Visit), 1U) << "and opened";
}

TEST_F(CustodyTest, NobodyIsHeardWhoseMessageIsTriedAgain) {
    const record::WallTime lately = kNow - std::chrono::hours(1);
    ASSERT_TRUE(ingest_.take({batchOf(2, keys_)}, lately));
    const std::optional<record::Millis> clockAhead = store_->kiosks()->at(0).clockAhead;
    isKeyKnown_ = false;
    ASSERT_TRUE(ingest_.take({batchOf(1, keys_)}, lately - std::chrono::hours(1)));
    isKeyKnown_ = true;

    ASSERT_TRUE(custody(filing_).retry(newest()));

    const KioskStanding kiosk = store_->kiosks()->at(0);
    EXPECT_EQ(kiosk.held.count(), 2U) << "it was taken";
    EXPECT_EQ(kiosk.heardAt, lately);
    EXPECT_EQ(kiosk.clockAhead, clockAhead);
}

TEST_F(CustodyTest, AKioskOfWhichNothingElseCameWasNeverHeard) {
    isKeyKnown_ = false;
    receive(batchOf(1, keys_));
    isKeyKnown_ = true;

    ASSERT_TRUE(custody(filing_).retry(newest()));

    EXPECT_FALSE(store_->kiosks()->at(0).wasHeard());
    EXPECT_TRUE(store_->kiosks()->at(0).isComplete());
}

TEST_F(CustodyTest, AMessageThatStillCannotBeTakenStays) {
    isKeyKnown_ = false;
    receive(batchOf(1, keys_));
    const std::int64_t number = newest();

    const auto retried = custody(filing_).retry(number);

    ASSERT_TRUE(retried);
    EXPECT_EQ(retried->again, 1U);
    EXPECT_THAT(retried->notes, ElementsAre(HasSubstr("no key of kiosk-1")));
    EXPECT_EQ(newest(), number);
    EXPECT_EQ(store_->quarantine({}, 1)->at(0).times, 2U);
}

TEST_F(CustodyTest, WhatWasAcknowledgedAsQuarantinedIsReceivedAfterwards) {
    Message elsewhere = batchOf(1, keys_);
    Ingest ofAnotherEvent{*store_, {"other-2026"}, signatures()};
    ASSERT_TRUE(ofAnotherEvent.take({elsewhere}, kNow));
    ASSERT_THAT(store_->held({kKiosk, epoch()})->quarantined().view(), ElementsAre(SeqRange{1, 1}));

    const auto retried = custody(filing_).retry(newest());

    ASSERT_TRUE(retried);
    EXPECT_THAT(received().view(), ElementsAre(SeqRange{1, 1}));
    EXPECT_TRUE(store_->held({kKiosk, epoch()})->quarantined().empty());
}

TEST_F(CustodyTest, AUnitThatDidNotOpenIsOpenedWithTheRightKey) {
    receive(batchOf(1, others_));
    while (filing_.step(kNow).value()) {
    }
    ASSERT_EQ(store_->counts()->quarantined, 1U);

    const auto still = custody(filing_).retry(newest());
    const auto opened = custody(otherFiling_).retryAll();

    EXPECT_EQ(still->again, 1U);
    EXPECT_EQ(opened->tried, 1U);
    EXPECT_EQ(opened->again, 0U);
    EXPECT_EQ(store_->counts()->quarantined, 0U);
    EXPECT_EQ(store_->counts()->opened.at(record::UnitKind::Visit), 1U);
}

TEST_F(CustodyTest, AUnitThatNoKnownKeySignedInItsSealIsFiledOnceItsKeyIsKnown) {
    const receipt::SigningKeys kiosk = receipt::makeSigningKeys();
    const enrol::RegisterFile enrolled(dir_ / "kiosks.register");
    const auto enrol = [&](const record::KioskId& who, const Bytes& publicKey) {
        const auto certificate = identity::Authority::make("fair").value().certificate();
        ASSERT_TRUE(enrolled.change(kNow, [&](const enrol::KioskRegister&) {
            return std::vector<enrol::Entry>{enrol::Enrolled{who, {}, publicKey, certificate}};
        }));
    };
    enrol({"kiosk-2"}, receipt::makeSigningKeys().publicKey);
    record::PositionedUnit talk = visit(1, 7);
    talk.unit.consents.clear();
    talk.unit.conversations = {conversation(1005, "wants an offer")};
    talk.signature = receipt::signUnit(talk, kiosk);
    receive(batchOf(talk, keys_));
    while (filing_.step(kNow).value()) {
    }
    ASSERT_EQ(store_->quarantine({}, 1)->at(0).reason, Reason::NotProven);

    const auto still = custody(filing_).retry(newest());
    EXPECT_THAT(store_->quarantine({}, 1)->at(0).detail,
                HasSubstr("no key that is known for its kiosk"));
    enrol(kKiosk, kiosk.publicKey);
    const auto filed = custody(filing_).retry(newest());

    EXPECT_EQ(still->again, 1U);
    EXPECT_EQ(filed->again, 0U);
    EXPECT_EQ(store_->counts()->quarantined, 0U);
    EXPECT_EQ(store_->counts()->conversations, 1U);
}

TEST_F(CustodyTest, AllMeansWhatNobodyDiscardedAndCanBeTried) {
    isKeyKnown_ = false;
    receive(batchOf(1, keys_));
    receive(batchOf(2, keys_));
    ASSERT_TRUE(custody(filing_).discard(newest(), "local user kim", "a tester's card"));
    isKeyKnown_ = true;
    receive(batchOf(3, keys_));
    receive(batchOf(3, keys_));  // another seal, so other bytes under the same id

    const auto retried = custody(filing_).retryAll();

    ASSERT_TRUE(retried);
    EXPECT_EQ(retried->tried, 1U);
    EXPECT_THAT(retried->notes, ElementsAre(HasSubstr("another record stands under its id")));
    EXPECT_THAT(received().view(), ElementsAre(SeqRange{1, 1}, SeqRange{3, 3}));
}

TEST_F(CustodyTest, ADiscardNeedsAReasonAndIsSaidOnce) {
    isKeyKnown_ = false;
    receive(batchOf(1, keys_));
    const std::int64_t number = newest();
    auto desk = custody(filing_);

    EXPECT_EQ(desk.discard(number, "kim", "").error().code, Code::InvalidInput);
    EXPECT_EQ(desk.discard(number, "kim", "two\nlines").error().code, Code::InvalidInput);
    EXPECT_TRUE(desk.discard(number, "kim", "a tester's card"));

    EXPECT_EQ(desk.retry(number).error().code, Code::Conflict);
    EXPECT_EQ(desk.retry(99).error().code, Code::NotFound);
    EXPECT_EQ(desk.find(number).value()->entry.discarded->why, "a tester's card");
    EXPECT_THAT(desk.find(number).value()->payload, IsEmpty());
}

}  // namespace
}  // namespace tapport::hub
