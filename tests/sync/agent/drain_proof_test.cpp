// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/agent/drain_proof.h"

#include <gtest/gtest.h>

namespace tapport::agent {
namespace {

template <typename Id>
Id idOf(std::uint8_t byte) {
    return *Id::from(Bytes(Id::kSize, byte));
}

OutboxEpoch epochOf(std::uint8_t id, std::uint64_t last) {
    OutboxEpoch epoch;
    epoch.epoch = idOf<record::Epoch>(id);
    epoch.last = last;
    epoch.lastChain = idOf<record::ChainHash>(id);
    return epoch;
}

wire::Ack answerOf(const OutboxEpoch& epoch, std::uint64_t watermark) {
    wire::Ack ack;
    ack.hub = idOf<wire::HubEpoch>(7);
    ack.epoch = epoch.epoch;
    ack.completeThrough = std::max<std::uint64_t>(epoch.last, 1);
    ack.prefix = {epoch.last, epoch.lastChain};
    ack.watermark = watermark;
    return ack;
}

TEST(DrainProofTest, IsCompleteWhenEveryEpochIsHeldAndBackedUp) {
    const OutboxEpoch old = epochOf(1, 40);
    const OutboxEpoch current = epochOf(2, 9);
    DrainProof proof;
    EXPECT_FALSE(proof.isComplete()) << "of nothing";
    proof.begin({old, current});

    proof.take(answerOf(old, 40));
    EXPECT_FALSE(proof.isComplete());
    proof.take(answerOf(current, 9));

    EXPECT_TRUE(proof.isComplete());
    EXPECT_TRUE(proof.covers({old, current}));
}

TEST(DrainProofTest, AnEpochInWhichNothingWasRecordedNeedsNoPrefix) {
    OutboxEpoch fresh = epochOf(1, 0);
    DrainProof proof;
    proof.begin({fresh});
    wire::Ack ack = answerOf(fresh, 0);
    ack.prefix = {};

    proof.take(ack);

    EXPECT_TRUE(proof.isComplete());
}

TEST(DrainProofTest, IsNotWithAGapAnotherChainOrBeforeTheBackup) {
    const OutboxEpoch epoch = epochOf(1, 40);
    const auto proves = [&](void (*spoil)(wire::Ack&)) {
        wire::Ack ack = answerOf(epoch, 40);
        spoil(ack);
        DrainProof proof;
        proof.begin({epoch});
        proof.take(ack);
        return proof.isComplete();
    };

    EXPECT_TRUE(proves([](wire::Ack&) {}));
    EXPECT_FALSE(proves([](wire::Ack& ack) { ack.prefix.seq = 39; }));
    EXPECT_FALSE(proves([](wire::Ack& ack) { ack.prefix.chain.bytes[0] ^= 1U; }));
    EXPECT_FALSE(proves([](wire::Ack& ack) { ack.watermark = 39; }));
    EXPECT_FALSE(proves([](wire::Ack& ack) { ack.completeThrough = 0; })) << "of a batch";
    EXPECT_FALSE(proves([](wire::Ack& ack) { ack.epoch.bytes[0] ^= 1U; }));
}

TEST(DrainProofTest, ARestoredHubProvesAnew) {
    const OutboxEpoch old = epochOf(1, 40);
    const OutboxEpoch current = epochOf(2, 9);
    DrainProof proof;
    proof.begin({old, current});
    proof.take(answerOf(old, 40));
    wire::Ack ack = answerOf(current, 9);
    ack.hub = idOf<wire::HubEpoch>(8);

    proof.take(ack);

    EXPECT_FALSE(proof.isComplete());
}

TEST(DrainProofTest, DoesNotCoverWhatWasRecordedSince) {
    const OutboxEpoch epoch = epochOf(1, 40);
    DrainProof proof;
    proof.begin({epoch});
    proof.take(answerOf(epoch, 40));
    OutboxEpoch waiting = epoch;
    waiting.firstWaiting = 40;

    EXPECT_TRUE(proof.covers({epoch}));
    EXPECT_FALSE(proof.covers({epochOf(1, 41)}));
    EXPECT_FALSE(proof.covers({epoch, epochOf(2, 0)}));
    EXPECT_FALSE(proof.covers({waiting}));
}

}  // namespace
}  // namespace tapport::agent
