// SPDX-License-Identifier: GPL-3.0-or-later
// Messages that nobody thought of, and bytes that are none.
#include "tests/sync/wire/message_samples.h"

#include <limits>
#include <random>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace tapport::wire {
namespace {

using namespace std::chrono_literals;

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
