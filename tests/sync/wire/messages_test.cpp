// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/wire/messages.h"

#include "sync/base/cbor.h"
#include "tests/sync/wire/message_samples.h"

#include <array>
#include <limits>

#include <gtest/gtest.h>

namespace tapport::wire {
namespace {

using namespace std::chrono_literals;

TEST(WireMessages, RoundTrip) {
    EXPECT_EQ(decodeUp(encode(sampleBatch(), signer()))->message, UpMessage(sampleBatch()));
    EXPECT_EQ(decodeUp(encode(sampleHello(), signer()))->message, UpMessage(sampleHello()));
    EXPECT_EQ(decodeUp(encode(sampleDownAck(), signer()))->message, UpMessage(sampleDownAck()));
    EXPECT_EQ(decodeUp(encode(sampleFarewell(), signer()))->message, UpMessage(sampleFarewell()));
    EXPECT_EQ(decodeAck(encode(sampleAck(), signer()))->message, sampleAck());
    EXPECT_EQ(decodeAck(encode(sampleBatchAck(), signer()))->message, sampleBatchAck());
    const HubState hub{Presence::Offline, idOf<HubEpoch>(9)};
    EXPECT_EQ(decodeHubState(encode(hub)), hub);
    const KioskState kiosk{Presence::Online, idOf<ConnectionId>(5)};
    EXPECT_EQ(decodeKioskState(encode(kiosk)), kiosk);
}

TEST(WireMessages, ASignatureCoversEverythingElse) {
    std::vector<Bytes> covered;
    const Signer spy = [&](ByteView bytes) {
        covered.push_back(toBytes(bytes));
        return idOf<record::Signature>(7);
    };

    const auto batch = decodeUp(encode(sampleBatch(), spy));
    const auto hello = decodeUp(encode(sampleHello(), spy));
    const auto ack = decodeAck(encode(sampleAck(), spy));

    ASSERT_TRUE(batch && hello && ack);
    EXPECT_EQ(covered, (std::vector{batch->covered, hello->covered, ack->covered}));
    EXPECT_EQ(batch->signature, idOf<record::Signature>(7));
    EXPECT_EQ(textOf(covered[0]).substr(0, 13), "tapport up 3:");
    EXPECT_EQ(textOf(covered[2]).substr(0, 14), "tapport ack 3:");
    Batch other = sampleBatch();
    Bytes changed = toBytes(other.runs[0].units[0].sealed);
    changed[0] ^= 1U;
    other.runs[0].units[0].sealed = changed;
    EXPECT_NE(decodeUp(encode(other, spy))->covered, covered[0]);
}

TEST(WireMessages, RefuseTruncationAtEveryByte) {
    for (const Bytes& bytes : sampleEncodings()) {
        for (std::size_t length = 0; length < bytes.size(); ++length) {
            const ByteView cut = ByteView(bytes).first(length);
            ASSERT_FALSE(decodeUp(cut)) << length;
            ASSERT_FALSE(decodeAck(cut)) << length;
            ASSERT_FALSE(decodeHubState(cut)) << length;
            ASSERT_FALSE(decodeKioskState(cut)) << length;
        }
    }
}

TEST(WireMessages, RefuseBytesAfterTheEnd) {
    Bytes bytes = encode(sampleBatch(), signer());
    bytes.push_back(0);

    const auto decoded = decodeUp(bytes);

    ASSERT_FALSE(decoded);
    EXPECT_EQ(decoded.error().code, Code::InvalidInput);
}

TEST(WireMessages, RefuseAnotherVersion) {
    for (Bytes bytes : sampleEncodings()) {
        bytes[1] = 2;  // the version is the first item of the array
        EXPECT_FALSE(decodeUp(bytes));
        EXPECT_FALSE(decodeAck(bytes));
        EXPECT_FALSE(decodeHubState(bytes));
        EXPECT_FALSE(decodeKioskState(bytes));
    }
}

struct BadBatch {
    const char* name;
    void (*spoil)(Batch&);
};

TEST(WireMessages, RefuseABatchThatBreaksARule) {
    const BadBatch cases[] = {
        {"no runs", [](Batch& batch) { batch.runs.clear(); }},
        {"a run without units", [](Batch& batch) { batch.runs[0].units.clear(); }},
        {"descending runs", [](Batch& batch) { std::swap(batch.runs[0], batch.runs[1]); }},
        {"runs that touch", [](Batch& batch) { batch.runs[1].first = 43; }},
        {"runs that overlap", [](Batch& batch) { batch.runs[1].first = 42; }},
        {"position zero", [](Batch& batch) { batch.runs[0].first = 0; }},
        {"position beyond a database column",
         [](Batch& batch) { batch.runs[1].first = record::kMostSeq + 1; }},
        {"a run that ends beyond it",
         [](Batch& batch) {
             batch.runs = {batch.runs[0]}, batch.runs[0].first = record::kMostSeq;
         }},
        {"empty unit", [](Batch& batch) { batch.runs[0].units[0].sealed = Bytes(); }},
        {"oversized unit",
         [](Batch& batch) { batch.runs[0].units[0].sealed = Bytes(kMostSealedBytes + 1); }},
        {"too many units",
         [](Batch& batch) {
             batch.runs.resize(1);
             batch.runs[0].units.resize(kMostUnits + 1, batch.runs[0].units[0]);
         }},
        {"too many units in all",
         [](Batch& batch) {
             batch.runs[0].first = 1;
             batch.runs[0].units.resize(kMostUnits, batch.runs[0].units[0]);
             batch.runs[1].first = kMostUnits + 2;
         }},
        {"oversized message",
         [](Batch& batch) {
             batch.runs.resize(1);
             batch.runs[0].units.resize(5, batch.runs[0].units[0]);
             for (BatchUnit& unit : batch.runs[0].units) {
                 unit.sealed = Bytes(kMostSealedBytes);
             }
         }},
        {"unknown codec", [](Batch& batch) { batch.codec = static_cast<Codec>(1); }},
        {"kiosk id that is no name", [](Batch& batch) { batch.kiosk = {"kiosk/1"}; }},
        {"event id that is too long", [](Batch& batch) { batch.event = {std::string(33, 'a')}; }},
    };
    for (const BadBatch& bad : cases) {
        Batch batch = sampleBatch();
        bad.spoil(batch);

        const auto decoded = decodeUp(encode(batch, signer()));

        ASSERT_FALSE(decoded) << bad.name;
        EXPECT_EQ(decoded.error().code, Code::InvalidInput) << bad.name;
    }
}

TEST(WireMessages, RefuseAHelloThatWaitsBeyondItsEnd) {
    Hello hello = sampleHello();
    hello.firstWaiting = hello.last + 1;

    EXPECT_FALSE(decodeUp(encode(hello, signer())));
}

/// An acknowledgement whose received ranges are the given numbers, whatever they are.
Bytes ackWithReceived(const std::vector<std::uint64_t>& numbers) {
    CborWriter out;
    out.array(12).uinteger(kVersion).bytes(Bytes(8, 9)).bytes(Bytes(8, 1)).array(0);
    out.array(numbers.size());
    for (const std::uint64_t number : numbers) {
        out.uinteger(number);
    }
    out.array(0).uinteger(1).null();
    out.uinteger(0).uinteger(0).integer(0).bytes(Bytes(64, 7));
    return out.take();
}

TEST(WireMessages, RefuseATimeOfWhichADifferenceCouldOverflow) {
    constexpr std::int64_t kFarthest = std::numeric_limits<std::int64_t>::max();
    const auto isTaken = [](std::int64_t milliseconds) {
        const record::WallTime time{record::Millis(milliseconds)};
        Batch batch = sampleBatch();
        batch.base = time;
        Hello hello = sampleHello();
        hello.base = time;
        Ack ack = sampleAck();
        ack.hubTime = time;
        const std::array taken{decodeUp(encode(batch, signer())).has_value(),
                               decodeUp(encode(hello, signer())).has_value(),
                               decodeAck(encode(ack, signer())).has_value()};
        EXPECT_EQ(std::count(taken.begin(), taken.end(), taken[0]), 3) << milliseconds;
        return taken[0];
    };

    for (const std::int64_t time : {-kEndOfTime + 1, std::int64_t{0}, kEndOfTime - 1}) {
        EXPECT_TRUE(isTaken(time)) << time;
    }
    for (const std::int64_t time : {-kFarthest - 1, -kEndOfTime, kEndOfTime, kFarthest}) {
        EXPECT_FALSE(isTaken(time)) << time;
    }
}

TEST(WireMessages, RefuseRangesThatAreNotCanonical) {
    EXPECT_TRUE(decodeAck(ackWithReceived({1, 2, 4, 4})));
    EXPECT_FALSE(decodeAck(ackWithReceived({1})));
    EXPECT_FALSE(decodeAck(ackWithReceived({0, 2})));
    EXPECT_FALSE(decodeAck(ackWithReceived({3, 2})));
    EXPECT_FALSE(decodeAck(ackWithReceived({1, 2, 3, 4}))) << "touching";
    EXPECT_FALSE(decodeAck(ackWithReceived({5, 6, 1, 2}))) << "descending";
    EXPECT_FALSE(decodeAck(ackWithReceived({1, record::kMostSeq + 1})));
    EXPECT_FALSE(decodeAck(ackWithReceived(std::vector<std::uint64_t>(kMostRanges * 2 + 2, 1))));
}

TEST(WireMessages, RefuseAPositionBothReceivedAndQuarantined) {
    Ack ack = sampleAck();
    ack.quarantined.add(42);

    EXPECT_FALSE(decodeAck(encode(ack, signer())));
}

TEST(WireMessages, RefuseAChainValueOfNoPosition) {
    Bytes bytes = encode(sampleAck(), signer());
    // Its item: two things, the first of them 42 (0x18 0x2A), the second of 32 bytes.
    const Bytes prefix{0x82, 0x18, 0x2A, 0x58, 0x20};
    const auto at = std::search(bytes.begin(), bytes.end(), prefix.begin(), prefix.end());
    ASSERT_NE(at, bytes.end());
    *(at + 1) = 0;
    bytes.erase(at + 2);

    EXPECT_FALSE(decodeAck(bytes));
}

TEST(WireMessages, RefuseAnAcknowledgementOfBothOrNeither) {
    const auto isRefused = [](Ack ack, void (*spoil)(Ack&)) {
        spoil(ack);
        return !decodeAck(encode(ack, signer()));
    };
    EXPECT_TRUE(isRefused(sampleBatchAck(), [](Ack& ack) { ack.batches.clear(); }));
    EXPECT_TRUE(isRefused(sampleBatchAck(), [](Ack& ack) { ack.completeThrough = 1; }));
    EXPECT_TRUE(isRefused(sampleBatchAck(), [](Ack& ack) { ack.received.add(1); }));
    EXPECT_TRUE(isRefused(sampleBatchAck(), [](Ack& ack) { ack.quarantined.add(1); }));
    EXPECT_TRUE(isRefused(sampleBatchAck(), [](Ack& ack) { ack.prefix.seq = 1; }));
    EXPECT_TRUE(isRefused(sampleAck(), [](Ack& ack) { ack.completeThrough = 0; }));
    EXPECT_TRUE(isRefused(sampleBatchAck(),
                          [](Ack& ack) { ack.batches.resize(kMostAnswered + 1, ack.batches[0]); }));
}

TEST(WireMessages, ABatchIsNamedByItsSignature) {
    const Bytes batch = encode(sampleBatch(), signer(0x5A));

    EXPECT_EQ(nameOf(batch), idOf<BatchName>(0x5A));
    EXPECT_EQ(nameOf(Bytes(3, 0x5A)), BatchName{}) << "what cannot be one has none";
}

}  // namespace
}  // namespace tapport::wire
