// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/wire/messages.h"

#include "sync/base/cbor.h"

#include <array>
#include <limits>
#include <random>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace tapport::wire {
namespace {

using namespace std::chrono_literals;

/// Milliseconds from 1970 to the year 10000.
constexpr std::int64_t kEndOfTime = 253'402'300'800'000;

template <typename Id>
Id idOf(std::uint8_t byte) {
    return *Id::from(Bytes(Id::kSize, byte));
}

/// Over anything: the bytes of a signature, not its worth, are this folder's matter.
Signer signer(std::uint8_t byte = 7) {
    return [byte](ByteView) { return idOf<record::Signature>(byte); };
}

Batch sampleBatch() {
    return {{"demo-2026"},
            {"kiosk-1"},
            idOf<record::Epoch>(1),
            record::WallTime(1'790'000'000'000ms),
            Codec::None,
            {{41,
              idOf<record::ChainHash>(4),
              {{idOf<record::RecordId>(2), Bytes(256, 0xAB)},
               {idOf<record::RecordId>(3), Bytes(512, 0xCD)}}},
             {44, idOf<record::ChainHash>(5), {{idOf<record::RecordId>(6), Bytes(256, 0xEF)}}}}};
}

Hello sampleHello() {
    return {{"demo-2026"},
            {"kiosk-1"},
            idOf<record::Epoch>(1),
            41,
            44,
            idOf<record::ChainHash>(4),
            ForkPoint{idOf<record::Epoch>(8), 17},
            3,
            record::WallTime(1'790'000'000'123ms)};
}

Ack sampleAck() {
    Ack ack;
    ack.hub = idOf<HubEpoch>(9);
    ack.epoch = idOf<record::Epoch>(1);
    ack.received.add({1, 40});
    ack.received.add(42);
    ack.quarantined.add(41);
    ack.completeThrough = 43;
    ack.prefix = {42, idOf<record::ChainHash>(4)};
    ack.watermark = 12;
    ack.creditBytes = 262'144;
    ack.hubTime = record::WallTime(1'790'000'000'123ms);
    return ack;
}

/// To two batches, one of which the hub could not read in whole.
Ack sampleBatchAck() {
    Ack ack;
    ack.hub = idOf<HubEpoch>(9);
    ack.epoch = idOf<record::Epoch>(1);
    ack.batches = {{idOf<BatchName>(3), {}}, {idOf<BatchName>(4), {}}};
    ack.batches[1].quarantined.add({44, 45});
    ack.watermark = 12;
    ack.creditBytes = 262'144;
    ack.hubTime = record::WallTime(1'790'000'000'123ms);
    return ack;
}

DownAck sampleDownAck() {
    return {{"demo-2026"}, {"kiosk-1"}, {idOf<HubEpoch>(9), 17}};
}

Farewell sampleFarewell() {
    return {{"demo-2026"}, {"kiosk-1"}, idOf<HubEpoch>(9)};
}

std::vector<Bytes> sampleEncodings() {
    return {encode(sampleBatch(), signer()),
            encode(sampleHello(), signer()),
            encode(sampleDownAck(), signer()),
            encode(sampleFarewell(), signer()),
            encode(sampleAck(), signer()),
            encode(sampleBatchAck(), signer()),
            encode(HubState{Presence::Online, idOf<HubEpoch>(9)}),
            encode(KioskState{Presence::Online, idOf<ConnectionId>(5)})};
}

/// The same signature again, whatever it is worth.
Signer again(const record::Signature& signature) {
    return [signature](ByteView) { return signature; };
}

/// Every decoder may see any bytes. What one accepts is the only encoding of what it says.
void decodeWithAll(ByteView bytes) {
    if (const auto up = decodeUp(bytes)) {
        const Bytes same =
            std::visit([&](const auto& message) { return encode(message, again(up->signature)); },
                       up->message);
        ASSERT_EQ(same, toBytes(bytes));
    }
    if (const auto ack = decodeAck(bytes)) {
        ASSERT_EQ(encode(ack->message, again(ack->signature)), toBytes(bytes));
    }
    if (const auto hub = decodeHubState(bytes)) {
        ASSERT_EQ(encode(*hub), toBytes(bytes));
    }
    if (const auto kiosk = decodeKioskState(bytes)) {
        ASSERT_EQ(encode(*kiosk), toBytes(bytes));
    }
}

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

TEST(WireMessages, SurviveRandomAndMutatedBytes) {
    std::mt19937_64 random(20'261'122);  // fixed: a failure must come again
    const std::vector<Bytes> samples = sampleEncodings();

    for (int i = 0; i < 20'000; ++i) {
        Bytes bytes = samples[random() % samples.size()];
        const std::size_t changes = 1 + random() % 4;
        for (std::size_t change = 0; change < changes; ++change) {
            bytes[random() % bytes.size()] = static_cast<std::uint8_t>(random());
        }
        decodeWithAll(bytes);
        Bytes noise(random() % 64);
        for (std::uint8_t& byte : noise) {
            byte = static_cast<std::uint8_t>(random());
        }
        decodeWithAll(noise);
    }
}

rc::Gen<std::string> anyName() {
    return rc::gen::mapcat(rc::gen::inRange(1, 33), [](int length) {
        return rc::gen::container<std::string>(
            static_cast<std::size_t>(length),
            rc::gen::elementOf(std::string("abcdefghijklmnopqrstuvwxyz0123456789-")));
    });
}

template <typename Id>
Id anyId() {
    return *Id::from(*rc::gen::container<Bytes>(Id::kSize, rc::gen::arbitrary<std::uint8_t>()));
}

record::WallTime anyTime() {
    return record::WallTime(
        record::Millis(*rc::gen::inRange<std::int64_t>(-kEndOfTime + 1, kEndOfTime)));
}

record::SeqRanges anyRanges(std::uint64_t offset) {
    record::SeqRanges ranges;
    for (const int seq : *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 200))) {
        ranges.add(offset + 2 * static_cast<std::uint64_t>(seq));
    }
    return ranges;
}

RC_GTEST_PROP(WireMessages, RoundTripAnyBatch, ()) {
    Batch batch;
    batch.event = {*anyName()};
    batch.kiosk = {*anyName()};
    batch.epoch = anyId<record::Epoch>();
    batch.base = anyTime();
    std::uint64_t next = 1;
    const auto runs = *rc::gen::inRange<std::size_t>(1, 6);
    for (std::size_t i = 0; i < runs; ++i) {
        Run run;
        run.first = next + *rc::gen::inRange<std::uint64_t>(0, std::uint64_t{1} << 40U);
        run.before = anyId<record::ChainHash>();
        const auto units = *rc::gen::inRange<std::size_t>(1, 6);
        for (std::size_t j = 0; j < units; ++j) {
            run.units.push_back(
                {anyId<record::RecordId>(), *rc::gen::nonEmpty(rc::gen::arbitrary<Bytes>())});
        }
        next = run.first + units + 1;
        batch.runs.push_back(std::move(run));
    }

    RC_ASSERT(decodeUp(encode(batch, signer()))->message == UpMessage(batch));
}

RC_GTEST_PROP(WireMessages, RoundTripAnyAck, ()) {
    Ack ack;
    ack.hub = anyId<HubEpoch>();
    ack.epoch = anyId<record::Epoch>();
    if (*rc::gen::arbitrary<bool>()) {
        ack.received = anyRanges(1);     // odd positions
        ack.quarantined = anyRanges(2);  // even ones
        ack.completeThrough = *rc::gen::inRange<std::uint64_t>(1, record::kMostSeq);
        ack.prefix = {*rc::gen::inRange<std::uint64_t>(1, record::kMostSeq),
                      anyId<record::ChainHash>()};
    } else {
        ack.batches.resize(*rc::gen::inRange<std::size_t>(1, kMostAnswered + 1));
        for (Answered& one : ack.batches) {
            one = {anyId<BatchName>(), anyRanges(1)};
        }
    }
    ack.watermark = *rc::gen::inRange<std::uint64_t>(0, record::kMostSeq);
    ack.creditBytes = *rc::gen::arbitrary<std::uint32_t>();
    ack.hubTime = anyTime();

    RC_ASSERT(decodeAck(encode(ack, signer()))->message == ack);
}

}  // namespace
}  // namespace tapport::wire
