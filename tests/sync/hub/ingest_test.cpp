// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/ingest/ingest.h"

#include "sync/hub/store/sqlite_store.h"
#include "sync/wire/topics.h"
#include "tests/support/temp_dir.h"
#include "tests/sync/hub/batches.h"
#include "tests/sync/hub/samples.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tapport::hub {
namespace {

using namespace batches;
using namespace samples;
using record::SeqRange;
using testing::ElementsAre;

/// Names this batch, all of it held and read.
wire::Answered received(const Message& batch) {
    return {wire::nameOf(batch.payload), {}};
}

wire::Answered quarantined(const Message& batch, const SeqRange& positions) {
    wire::Answered answer = received(batch);
    answer.quarantined.add(positions);
    return answer;
}

class IngestTest : public testing::Test {
  protected:
    /// Sorted too, whose alarms are with the others.
    Taken take(const std::vector<Message>& messages, record::WallTime now = kNow) {
        auto taken = ingest_.take(messages, now);
        EXPECT_TRUE(taken) << taken.error().context;
        const auto sorted = ingest_.sorting().all(Whose::Own);
        EXPECT_TRUE(sorted) << sorted.error().context;
        if (taken) {
            const auto alarms = ingest_.sorting().takeAlarms();
            taken->alarms.insert(taken->alarms.end(), alarms.begin(), alarms.end());
        }
        return taken.value_or(Taken{});
    }
    static wire::Ack ackIn(const Taken& taken) {
        EXPECT_EQ(taken.answers.size(), 1U);
        EXPECT_EQ(taken.answers.at(0).topic, wire::ackTopic(kKiosk));
        const auto ack = wire::decodeAck(taken.answers.at(0).payload);
        EXPECT_TRUE(ack);
        EXPECT_EQ(ack->signature, support::signatureOf(kHubSign, ack->covered));
        return ack ? ack->message : wire::Ack{};
    }
    std::vector<QuarantineEntry> quarantine() { return store_->quarantine({}, 10).value(); }
    std::uint64_t units() { return store_->counts()->units; }

    support::TempDir dir_;
    std::unique_ptr<Store> store_ = openSqliteStore(dir_ / "hub.db", kScope, kKey).value();
    Ingest ingest_{*store_, kScope.event, signatures()};
};

TEST(Credit, IsSharedByTheKiosksThatWereHeardLately) {
    Credit credit;
    for (int i = 0; i < 1000; ++i) {
        credit.heard({"kiosk-" + std::to_string(i)}, kNow);
    }

    EXPECT_EQ(credit.share(), Credit::kForAll / 1000);
    credit.heard({"kiosk-0"}, kNow + Credit::kLately);
    EXPECT_EQ(credit.share(), Credit::kForAll / 1000) << "the others were there a moment ago";
    credit.heard({"kiosk-0"}, kNow + 2 * Credit::kLately);
    EXPECT_EQ(credit.share(), Credit::kMost);
}

TEST_F(IngestTest, AcknowledgesABatchByItsName) {
    const Message batch = message(batchOf({1, 2, 3, 7}));

    const wire::Ack ack = ackIn(take({batch}));

    EXPECT_THAT(ack.batches, ElementsAre(received(batch)));
    EXPECT_EQ(ack.hub, store_->hubEpoch());
    EXPECT_EQ(ack.epoch, epoch());
    EXPECT_EQ(ack.completeThrough, 0U);
    EXPECT_EQ(ack.creditBytes, Credit::kMost);
    EXPECT_EQ(ack.hubTime, kNow);
    EXPECT_EQ(units(), 4U);
}

TEST_F(IngestTest, AcknowledgesDuplicatesAgainAndStoresThemOnce) {
    take({message(batchOf({1, 2}))});
    wire::Batch again = batchOf({1, 2});
    again.base += std::chrono::seconds(3);

    const wire::Ack ack = ackIn(take({message(again)}));

    EXPECT_THAT(ack.batches, ElementsAre(received(message(again))));
    EXPECT_EQ(units(), 2U);
}

TEST_F(IngestTest, SaysSeldomThatNothingNewCame) {
    const Message old = message(batchOf({1, 2}));
    EXPECT_TRUE(take({old}).alarms.empty());

    EXPECT_THAT(take({old}).alarms, ElementsAre(testing::HasSubstr("2 records of kiosk-1 came")));
    EXPECT_TRUE(take({old}).alarms.empty()) << "bounded";
    EXPECT_TRUE(take({message(batchOf({2, 3}))}).alarms.empty()) << "something was new";

    const auto later = take({old}, kNow + std::chrono::minutes(10));
    EXPECT_THAT(later.alarms, ElementsAre(testing::HasSubstr("4 records of kiosk-1 came")));
}

TEST_F(IngestTest, TakesQueuedMessagesTogetherAndMergesTheirAcknowledgements) {
    const std::vector<Message> messages{message(batchOf({1, 2})), message(batchOf({3})),
                                        message(batchOf({3, 4}))};

    const wire::Ack ack = ackIn(take(messages));

    EXPECT_THAT(ack.batches,
                ElementsAre(received(messages[0]), received(messages[1]), received(messages[2])));
    EXPECT_EQ(units(), 4U);
}

TEST_F(IngestTest, EveryAcknowledgementSaysWhatIsOpenedAndBackedUp) {
    EXPECT_EQ(ackIn(take({message(batchOf({1, 2}))})).watermark, 0U);
    const std::vector<Watermark> marks{{{kKiosk, epoch()}, 2}};
    ASSERT_TRUE(store_->setWatermarks(marks, kNow));

    EXPECT_EQ(ackIn(take({message(batchOf({3}))})).watermark, 2U);
    EXPECT_EQ(ackIn(take({message(hello(3))})).watermark, 2U);
}

TEST_F(IngestTest, AnswersAHelloWithEverythingHeld) {
    take({message(batchOf({1, 2, 5}))});

    const wire::Ack ack = ackIn(take({message(hello(9))}));

    EXPECT_THAT(ack.received.view(), ElementsAre(SeqRange{1, 2}, SeqRange{5, 5}));
    EXPECT_EQ(ack.completeThrough, 9U);
    EXPECT_EQ(ack.prefix, (wire::Prefix{2, batchOf({3}).runs[0].before}));
}

TEST_F(IngestTest, HeedsAFarewellThatItsKioskSigned) {
    const wire::Farewell farewell{kScope.event, kKiosk, store_->hubEpoch()};

    EXPECT_THAT(take({message(farewell)}).ended, ElementsAre(kKiosk));
    EXPECT_TRUE(take({message(farewell, kKioskSign + 1)}).ended.empty());
    EXPECT_TRUE(take({message(wire::Farewell{{"another"}, kKiosk, {}})}).ended.empty());
    EXPECT_TRUE(take({message(wire::Farewell{kScope.event, {"kiosk-2"}, {}})}).ended.empty());
}

TEST_F(IngestTest, NotesWhatTheClockOfAKioskSays) {
    wire::Hello late = hello(0);
    late.base = kNow - std::chrono::minutes(5);
    take({message(late)});
    EXPECT_EQ(store_->kiosks()->at(0).clockAhead, std::chrono::minutes(-5));

    wire::Batch batch = batchOf({1});
    batch.base = kNow + std::chrono::hours(1);
    take({message(batch)});

    EXPECT_EQ(store_->kiosks()->at(0).clockAhead, std::chrono::hours(1));
}

TEST_F(IngestTest, AnswersTheHelloOfAKioskThatHasRecordedNothing) {
    const wire::Ack ack = ackIn(take({message(hello(0))}));

    EXPECT_TRUE(ack.received.empty());
    EXPECT_NE(ack.completeThrough, 0U) << "0 would answer a batch";
}

TEST_F(IngestTest, AHelloWithMoreRangesThanFitIsAnsweredUpToTheLastThatFits) {
    std::vector<std::uint64_t> odd;
    for (std::uint64_t i = 0; i < wire::kMostRanges + 10; ++i) {
        odd.push_back(2 * i + 1);
    }
    for (std::size_t at = 0; at < odd.size(); at += wire::kMostUnits) {
        take({message(batchOf({odd.begin() + static_cast<std::ptrdiff_t>(at),
                               odd.begin() + static_cast<std::ptrdiff_t>(
                                                 std::min(odd.size(), at + wire::kMostUnits))}))});
    }

    const wire::Ack ack = ackIn(take({message(hello(5000))}));

    EXPECT_EQ(ack.received.view().size(), wire::kMostRanges);
    EXPECT_EQ(ack.completeThrough, 2 * wire::kMostRanges - 1);
}

TEST_F(IngestTest, ManyBatchesAreAcknowledgedInSeveralMessages) {
    std::vector<Message> messages;
    for (std::uint64_t seq = 1; seq <= 2 * wire::kMostAnswered + 1; ++seq) {
        messages.push_back(message(batchOf({seq})));
    }

    const Taken taken = take(messages);

    std::vector<wire::Answered> answered;
    for (const Message& answer : taken.answers) {
        const auto ack = wire::decodeAck(answer.payload);
        ASSERT_TRUE(ack) << "each within the bounds of the format";
        answered.insert(answered.end(), ack->message.batches.begin(), ack->message.batches.end());
    }
    EXPECT_EQ(taken.answers.size(), 3U);
    ASSERT_EQ(answered.size(), messages.size());
    EXPECT_EQ(answered.back(), received(messages.back()));
}

TEST_F(IngestTest, ABatchOfWhichNothingCanBeTakenIsAcknowledgedAsTheFormatAllows) {
    std::vector<std::uint64_t> odd;
    for (std::uint64_t i = 0; i < wire::kMostUnits; ++i) {
        odd.push_back(2 * i + 1);
    }
    std::vector<Message> messages;
    for (std::size_t i = 0; i < wire::kMostAnswered; ++i) {
        wire::Batch batch = batchOf(odd);
        batch.event = {"other-2026"};
        batch.base += std::chrono::seconds(i);
        messages.push_back(message(batch));
    }

    const wire::Ack ack = ackIn(take(messages));

    EXPECT_EQ(ack.batches.back().quarantined.count(), wire::kMostUnits);
}

TEST_F(IngestTest, QuarantinesABrokenPayloadAndTheStreamMovesOn) {
    const Message broken{wire::upTopic(kKiosk), {0xFF, 0x00, 0x12}};
    const Message batch = message(batchOf({1}));

    const Taken taken = take({broken, batch});

    EXPECT_THAT(ackIn(taken).batches, ElementsAre(received(batch)));
    ASSERT_EQ(quarantine().size(), 1U);
    EXPECT_EQ(quarantine()[0].reason, Reason::Unreadable);
    EXPECT_EQ(quarantine()[0].bytes, 3U);
    EXPECT_EQ(taken.alarms.size(), 1U);
}

TEST_F(IngestTest, EveryTruncationOfABatchEndsInTheQuarantine) {
    const Message whole = message(batchOf({1, 2}));
    for (std::size_t size = 0; size < whole.payload.size(); ++size) {
        Message cut = whole;
        cut.payload.resize(size);
        take({cut});
    }

    EXPECT_EQ(units(), 0U);
    EXPECT_EQ(store_->counts()->quarantined, whole.payload.size());
}

TEST_F(IngestTest, QuarantinesABatchWhoseTopicIsAnotherKiosksAndAnswersTheTopic) {
    const record::KioskId other{"kiosk-2"};

    const Message strange{wire::upTopic(other), message(batchOf({4, 5})).payload};

    const Taken taken = take({strange});

    ASSERT_EQ(taken.answers.size(), 1U);
    EXPECT_EQ(taken.answers[0].topic, wire::ackTopic(other));
    const auto ack = wire::decodeAck(taken.answers[0].payload).value().message;
    EXPECT_THAT(ack.batches, ElementsAre(quarantined(strange, {4, 5})));
    EXPECT_EQ(quarantine().at(0).reason, Reason::WrongKiosk);
    EXPECT_EQ(units(), 0U);
}

TEST_F(IngestTest, QuarantinesABatchForAnotherEvent) {
    wire::Batch batch = batchOf({1});
    batch.event = {"other-2026"};

    const wire::Ack ack = ackIn(take({message(batch)}));

    EXPECT_THAT(ack.batches, ElementsAre(quarantined(message(batch), {1, 1})));
    EXPECT_EQ(quarantine().at(0).reason, Reason::WrongEvent);
}

TEST_F(IngestTest, AnIdWithOtherBytesIsReceivedAndQuarantinedBehind) {
    take({message(batchOf({1}, {1, 2, 3}))});
    const Message other = message(batchOf({1, 2}, {6, 6, 6}));

    const Taken taken = take({other});

    EXPECT_THAT(ackIn(taken).batches, ElementsAre(received(other)));
    EXPECT_EQ(taken.alarms.size(), 2U) << "and what follows it follows from another copy's";
    EXPECT_EQ(quarantine().at(0).reason, Reason::Conflict);
}

TEST_F(IngestTest, OfTwoRecordsAtOnePositionTheGoodOneCounts) {
    take({message(batchOf({1}, {1, 2, 3})), message(batchOf({1}, {6, 6}))});

    const wire::Ack resumed = ackIn(take({message(hello(1))}));

    EXPECT_THAT(resumed.received.view(), ElementsAre(SeqRange{1, 1}));
    EXPECT_TRUE(resumed.quarantined.empty()) << "never in both";
}

TEST_F(IngestTest, KeepsAForkAcknowledgesItAndRaisesAnAlarm) {
    take({message(batchOf({1}))});
    wire::Batch clone = batchOf({1});
    clone.runs[0].units[0].id = recordId(77);

    const Taken taken = take({message(clone)});

    EXPECT_THAT(ackIn(taken).batches, ElementsAre(received(message(clone))));
    EXPECT_EQ(taken.alarms.size(), 1U);
    EXPECT_EQ(units(), 2U);
}

TEST_F(IngestTest, KeepsABatchThatNoKnownKeySignedAndAcknowledgesNothingOfIt) {
    const Taken taken = take({message(batchOf({1, 2}), kHubSign)});

    EXPECT_TRUE(taken.answers.empty());
    ASSERT_EQ(taken.alarms.size(), 1U);
    EXPECT_EQ(quarantine().at(0).reason, Reason::NotSigned);
    EXPECT_EQ(units(), 0U);
    const Message known = message(batchOf({1, 2}));
    EXPECT_THAT(ackIn(take({known})).batches, ElementsAre(received(known)))
        << "once its key is known";
}

TEST_F(IngestTest, AnswersNoHelloThatNoKnownKeySigned) {
    const Taken taken = take({message(hello(3), kHubSign)});

    EXPECT_TRUE(taken.answers.empty());
    EXPECT_EQ(taken.alarms.size(), 1U);
    EXPECT_TRUE(store_->kiosks()->empty());
}

TEST_F(IngestTest, KeepsRecordsThatFollowFromAnotherCopysAndRaisesAnAlarm) {
    take({message(batchOf({1, 2}))});

    const Message others = message(batchOf({3}, {6, 6, 6}));

    const Taken taken = take({others});

    EXPECT_THAT(ackIn(taken).batches, ElementsAre(received(others)));
    EXPECT_EQ(taken.alarms.size(), 1U);
    EXPECT_EQ(store_->counts()->forks, 1U);
    EXPECT_EQ(ackIn(take({message(hello(3))})).prefix.seq, 2U);
}

TEST_F(IngestTest, RaisesAnAlarmWhenAKioskBeginsAnotherEpoch) {
    EXPECT_TRUE(take({message(hello(3))}).alarms.empty());
    wire::Hello anew = hello(0);
    anew.epoch = epoch(2);
    wire::Hello fork = hello(0);
    fork.epoch = epoch(3);
    fork.forkOf = wire::ForkPoint{epoch(2), 0};

    EXPECT_THAT(take({message(anew)}).alarms, ElementsAre(testing::HasSubstr("new database")));
    EXPECT_THAT(take({message(fork)}).alarms, ElementsAre(testing::HasSubstr("cloned")));
    EXPECT_TRUE(take({message(fork)}).alarms.empty()) << "once";
    EXPECT_EQ(store_->kiosks()->size(), 3U);
}

/// A store whose disk is full.
class FullStore final : public ArrivalStore {
  public:
    wire::HubEpoch hubEpoch() override { return {}; }
    Result<std::vector<Verdict>> take(const Intake&, record::WallTime) override {
        return fail(Code::StorageFull, "no space");
    }
    Result<std::vector<KeptParcel>> parcels(Whose, std::size_t) override {
        return std::vector<KeptParcel>{};
    }
    Result<std::vector<KeptParcel>> parcelsOf(const record::KioskId&, std::size_t) override {
        return std::vector<KeptParcel>{};
    }
    Result<std::int64_t> newestParcel() override { return 0; }
    Result<Held> held(const Sequence&) override { return Held{}; }
    Result<std::vector<record::Epoch>> epochsOf(const record::KioskId&) override {
        return std::vector<record::Epoch>{};
    }
    Result<std::map<std::string, std::uint64_t>> quarantinedBytes() override { return {}; }
    Result<std::uint64_t> watermark(const Sequence&) override { return 0; }
};

TEST(Ingest, AcknowledgesNothingWhenTheStoreCannotCommit) {
    FullStore store;
    Ingest ingest(store, kScope.event, signatures());
    const std::vector<Message> messages{message(batchOf({1}))};

    const auto taken = ingest.take(messages, kNow);

    ASSERT_FALSE(taken);
    EXPECT_EQ(taken.error().code, Code::StorageFull);
}

}  // namespace
}  // namespace tapport::hub
