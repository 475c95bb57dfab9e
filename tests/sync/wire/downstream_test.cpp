// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/wire/downstream.h"

#include <random>

#include <gtest/gtest.h>

namespace tapport::wire {
namespace {

template <typename Id>
Id idOf(std::uint8_t byte) {
    return *Id::from(Bytes(Id::kSize, byte));
}

Signer signer() {
    return [](ByteView) { return idOf<record::Signature>(7); };
}

DownChunk sampleChunk() {
    return {{"demo-2026"},
            {"kiosk-1"},
            idOf<HubEpoch>(9),
            {3, 20},
            {7, 30},
            {{ItemKind::Vault, Bytes(16, 1), Bytes(300, 2)},
             {ItemKind::Roster, Bytes(16, 3), std::nullopt},
             {ItemKind::Command, toBytes(viewOf("end")), Bytes{0xF6}}},
            Rest::None};
}

TEST(WireDownstream, AChunkGoesRound) {
    const auto decoded = decodeDown(encode(sampleChunk(), signer()));

    ASSERT_TRUE(decoded);
    EXPECT_EQ(decoded->message, sampleChunk());
    EXPECT_EQ(textOf(decoded->covered).substr(0, 15), "tapport down 3:");
}

TEST(WireDownstream, AnEventPartGoesRound) {
    const EventPart part{4, 2, Bytes(1000, 5)};

    EXPECT_EQ(decodeEventPart(encode(part)), part);
    EXPECT_FALSE(decodeEventPart(encode(EventPart{0, 2, {}})));
    EXPECT_FALSE(decodeEventPart(encode(EventPart{1, 0, {}})));
    EXPECT_FALSE(decodeEventPart(encode(EventPart{1, kMostEventParts + 1, {}})));
}

TEST(WireDownstream, AChunkContinuesWhatItsKioskHas) {
    const DownChunk chunk = sampleChunk();
    DownChunk first = sampleChunk();
    first.from = {};

    EXPECT_TRUE(follows(chunk, {chunk.hub, {3, 20}}));
    EXPECT_FALSE(follows(chunk, {chunk.hub, {2, 20}})) << "a gap";
    EXPECT_FALSE(follows(chunk, {chunk.hub, {3, 19}})) << "a gap in the other order";
    EXPECT_FALSE(follows(chunk, {chunk.hub, {7, 30}})) << "again";
    EXPECT_FALSE(follows(chunk, {chunk.hub, {3, 30}})) << "again in one of them";
    EXPECT_FALSE(follows(chunk, {idOf<HubEpoch>(8), {3, 20}})) << "versions of another database";
    EXPECT_TRUE(follows(first, {idOf<HubEpoch>(8), {3, 20}})) << "that one begins anew";
}

TEST(WireDownstream, RefusesAChunkThatBreaksARule) {
    const auto refuses = [](void (*spoil)(DownChunk&)) {
        DownChunk chunk = sampleChunk();
        spoil(chunk);
        return !decodeDown(encode(chunk, signer()));
    };

    EXPECT_TRUE(refuses([](DownChunk& chunk) { chunk.through = chunk.from; }));
    EXPECT_TRUE(refuses([](DownChunk& chunk) { chunk.through.urgent = 2; })) << "goes back";
    EXPECT_TRUE(refuses([](DownChunk& chunk) { chunk.through.bulk = 19; })) << "goes back";
    EXPECT_FALSE(refuses([](DownChunk& chunk) { chunk.through.urgent = 3; })) << "in one order";
    EXPECT_FALSE(refuses([](DownChunk& chunk) { chunk.through.bulk = 20; })) << "in one order";
    EXPECT_TRUE(refuses([](DownChunk& chunk) { chunk.through.bulk = record::kMostSeq + 1; }));
    EXPECT_TRUE(refuses([](DownChunk& chunk) { chunk.items[0].key.clear(); }));
    EXPECT_TRUE(refuses([](DownChunk& chunk) { chunk.items[0].payload->clear(); }));
    EXPECT_TRUE(refuses([](DownChunk& chunk) { chunk.kiosk = {"kiosk/1"}; }));
    EXPECT_TRUE(refuses([](DownChunk& chunk) { chunk.items[0].key.resize(kMostItemKey + 1); }));
    EXPECT_TRUE(
        refuses([](DownChunk& chunk) { chunk.items[0].payload = Bytes(kMostItemBytes + 1); }));
    EXPECT_TRUE(refuses([](DownChunk& chunk) {
        chunk.items.assign(kMostChunkItems + 1, {ItemKind::Command, {1}, std::nullopt});
    }));
    EXPECT_TRUE(refuses([](DownChunk& chunk) {
        chunk.items.assign(2, {ItemKind::Command, {1}, Bytes(kMostItemBytes)});
    })) << "above 64 KiB in all";
    EXPECT_TRUE(refuses([](DownChunk& chunk) { chunk.items[0].kind = static_cast<ItemKind>(4); }));
    EXPECT_TRUE(refuses([](DownChunk& chunk) { chunk.rest = static_cast<Rest>(2); }));
}

TEST(WireDownstream, ItsOverheadIsWhatIsCounted) {
    DownChunk chunk = sampleChunk();
    chunk.event = {std::string(32, 'e')};
    chunk.kiosk = {std::string(32, 'k')};
    chunk.from = {record::kMostSeq - 1, record::kMostSeq - 1};
    chunk.through = {record::kMostSeq, record::kMostSeq};
    chunk.items.assign(kMostChunkItems, {ItemKind::Vault, Bytes(kMostItemKey), Bytes(24)});

    const std::size_t items = kMostChunkItems * (kMostItemKey + 24 + kItemOverhead);

    EXPECT_LE(encode(chunk, signer()).size(), items + kChunkOverhead);
}

TEST(WireDownstream, SurvivesTruncatedAndMutatedBytes) {
    std::mt19937_64 random(20'261'123);  // fixed: a failure must come again
    const Bytes whole = encode(sampleChunk(), signer());
    for (std::size_t length = 0; length < whole.size(); ++length) {
        ASSERT_FALSE(decodeDown(ByteView(whole).first(length))) << length;
    }

    for (int i = 0; i < 20'000; ++i) {
        Bytes bytes = whole;
        bytes[random() % bytes.size()] = static_cast<std::uint8_t>(random());
        if (const auto down = decodeDown(bytes)) {
            const Signer again = [&](ByteView) { return down->signature; };
            ASSERT_EQ(encode(down->message, again), bytes);
        }
    }
}

}  // namespace
}  // namespace tapport::wire
