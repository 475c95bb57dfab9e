// SPDX-License-Identifier: GPL-3.0-or-later
// Holds sync/wire/README.md to the code: its worked examples are decoded and encoded again.
#include "sync/receipt/unit_signature.h"
#include "sync/record/codec.h"
#include "sync/seal/chain.h"
#include "sync/seal/squeeze.h"
#include "sync/vault/withdrawn.h"
#include "sync/wire/downstream.h"
#include "sync/wire/topics.h"

#include <fstream>

#include <gtest/gtest.h>

namespace tapport::wire {
namespace {

using namespace std::chrono_literals;

/// The bytes of the block that begins with "```hex <name>"; comments run from '#' to the line's
/// end.
Bytes example(const std::string& name) {
    std::ifstream file(TAPPORT_WIRE_SPECIFICATION);
    std::string line;
    while (std::getline(file, line) && line != "```hex " + name) {
    }
    std::string digits;
    while (std::getline(file, line) && line != "```") {
        line.resize(std::min(line.find('#'), line.size()));
        line.erase(std::remove(line.begin(), line.end(), ' '), line.end());
        digits += line;
    }
    return fromHex(digits).value_or(Bytes{});
}

template <typename Id>
Id idOf(std::string_view hex) {
    return *Id::fromHexText(hex);
}

const record::Epoch kEpoch = idOf<record::Epoch>("a1a2a3a4a5a6a7a8");
const HubEpoch kHub = idOf<HubEpoch>("b1b2b3b4b5b6b7b8");
const record::RecordId kUnitId = idOf<record::RecordId>("01a21293b6007abc8def010203040506");
const record::WallTime kNoon(1'795'608'000'000ms);  // 2026-11-25T12:00:00Z

/// With the seeds that README.md names.
Signer signerOf(std::uint8_t seed) {
    const auto keys = receipt::signingKeysFrom(Bytes(receipt::kKeySize, seed)).value();
    return [keys](ByteView covered) { return receipt::signMessage(covered, keys); };
}
const std::uint8_t kKioskSeed = 0x11;
const std::uint8_t kHubSeed = 0x22;

/// The chain value after seq 6 of the examples.
const record::ChainHash kBefore = *record::ChainHash::from(Bytes(32, 0x66));
const Bytes kSealed{0xC0, 0xFF, 0xEE};

record::ChainHash chainAt7() {
    return seal::chainAfter(kBefore, kEpoch, 7, kUnitId, seal::digestOf(kSealed));
}

TEST(WireSpecification, TopicExamplesHold) {
    EXPECT_EQ(shardOf({"kiosk-1"}), 26U);
    EXPECT_EQ(shardOf({"hall-3-left"}), 32U);
}

TEST(WireSpecification, BatchExampleHolds) {
    const Batch batch{{"demo-2026"}, {"kiosk-1"}, kEpoch,
                      kNoon,         Codec::None, {{7, kBefore, {{kUnitId, kSealed}}}}};

    EXPECT_EQ(toHex(encode(batch, signerOf(kKioskSeed))), toHex(example("batch")));
    EXPECT_EQ(decodeUp(example("batch"))->message, UpMessage(batch));
}

TEST(WireSpecification, BytesOnTheWireAreAsStated) {
    constexpr std::size_t kSealedBytes = 656;
    const auto besides = [&](std::size_t records) {
        Batch batch{{"demo-2026"}, {"kiosk-1"}, kEpoch, kNoon, Codec::None, {{1000, kBefore, {}}}};
        batch.runs[0].units.assign(records, {kUnitId, Bytes(kSealedBytes)});
        return encode(batch, signerOf(kKioskSeed)).size() - records * kSealedBytes;
    };

    EXPECT_EQ(besides(1), 167U);
    EXPECT_EQ(besides(50), 1197U);
    EXPECT_EQ(besides(200), 4347U);
}

TEST(WireSpecification, HelloExampleHolds) {
    const Hello hello{{"demo-2026"}, {"kiosk-1"},  kEpoch, 7,    7,
                      chainAt7(),    std::nullopt, {},     kNoon};

    EXPECT_EQ(toHex(encode(hello, signerOf(kKioskSeed))), toHex(example("hello")));
    EXPECT_EQ(decodeUp(example("hello"))->message, UpMessage(hello));
}

TEST(WireSpecification, ChainExamplesHold) {
    EXPECT_EQ(chainAt7().hex(), toHex(example("chain-after")));
    EXPECT_EQ(seal::chainOfFork(kEpoch, 7, chainAt7()).hex(), toHex(example("chain-of-fork")));
}

TEST(WireSpecification, AckExampleHolds) {
    Ack ack;
    ack.hub = kHub;
    ack.epoch = kEpoch;
    ack.received.add({1, 4});
    ack.received.add(6);
    ack.quarantined.add(5);
    ack.completeThrough = 7;
    ack.prefix = {6, kBefore};
    ack.watermark = 4;
    ack.creditBytes = 262'144;
    ack.hubTime = kNoon + 250ms;

    EXPECT_EQ(toHex(encode(ack, signerOf(kHubSeed))), toHex(example("ack")));
    EXPECT_EQ(decodeAck(example("ack"))->message, ack);
}

TEST(WireSpecification, AckOfBatchesExampleHolds) {
    Ack ack;
    ack.hub = kHub;
    ack.epoch = kEpoch;
    ack.batches = {{nameOf(example("batch")), {}}};
    ack.watermark = 4;
    ack.creditBytes = 262'144;
    ack.hubTime = kNoon + 250ms;

    EXPECT_EQ(toHex(encode(ack, signerOf(kHubSeed))), toHex(example("ack-of-batch")));
    EXPECT_EQ(decodeAck(example("ack-of-batch"))->message, ack);
}

TEST(WireSpecification, DownstreamExamplesHold) {
    const DownChunk chunk{{"demo-2026"},
                          {"kiosk-1"},
                          kHub,
                          {3, 40},
                          {4, 41},
                          {{ItemKind::Vault, Bytes(16, 0xE1), kSealed},
                           {ItemKind::Roster, Bytes(16, 0xE2), std::nullopt}},
                          Rest::None};
    const DownAck ack{{"demo-2026"}, {"kiosk-1"}, {kHub, {4, 41}}};

    EXPECT_EQ(toHex(encode(chunk, signerOf(kHubSeed))), toHex(example("down")));
    ASSERT_TRUE(decodeDown(example("down")) && decodeUp(example("down-ack")));
    EXPECT_EQ(decodeDown(example("down"))->message, chunk);
    EXPECT_EQ(toHex(encode(ack, signerOf(kKioskSeed))), toHex(example("down-ack")));
    EXPECT_EQ(decodeUp(example("down-ack"))->message, UpMessage(ack));
}

TEST(WireSpecification, WithdrawnExampleHolds) {
    record::ConsentEvent withdrawal;
    withdrawal.id = idOf<record::RecordId>("01a212caa4807abc8def0a0b0c0d0e0f");
    withdrawal.purpose = {"newsletter"};
    withdrawal.state = record::ConsentState::Withdrawn;
    withdrawal.method = record::Method::ReceiptLink;
    withdrawal.at.wall = kNoon + 1h;
    withdrawal.validUntil = withdrawal.at.wall + std::chrono::days(730);
    withdrawal.causes = {idOf<record::RecordId>("01a21293b6017abc8def010203040506")};

    EXPECT_EQ(toHex(vault::encodeWithdrawn({withdrawal}, kMostItemBytes)),
              toHex(example("withdrawn")));
    EXPECT_EQ(vault::decodeWithdrawn(example("withdrawn")), std::vector{withdrawal});
    EXPECT_EQ(vault::withdrawnKey(*record::VaultLookup::from(Bytes(16, 0xE1))).size(), 17U);
}

TEST(WireSpecification, FarewellExampleHolds) {
    const Farewell farewell{{"demo-2026"}, {"kiosk-1"}, kHub};

    EXPECT_EQ(toHex(encode(farewell, signerOf(kKioskSeed))), toHex(example("farewell")));
    EXPECT_EQ(decodeUp(example("farewell"))->message, UpMessage(farewell));
}

TEST(WireSpecification, StateExamplesHold) {
    const HubState hub{Presence::Online, kHub};
    const KioskState kiosk{Presence::Offline, idOf<ConnectionId>("c1c2c3c4c5c6c7c8")};

    EXPECT_EQ(toHex(encode(hub)), toHex(example("hub-state")));
    EXPECT_EQ(toHex(encode(kiosk)), toHex(example("kiosk-state")));
}

TEST(WireSpecification, UnitExampleHolds) {
    const record::ClockReading at{kNoon, record::ClockQuality::Synced,
                                  idOf<record::BootId>("d1d2d3d4d5d6d7d8d9dadbdcdddedfe0"),
                                  60'000ms};
    record::ConsentEvent event;
    event.id = record::idBeside(kUnitId, 1);
    event.purpose = {"newsletter"};
    event.channel = record::Channel::Email;
    event.state = record::ConsentState::Given;
    event.method = record::Method::KioskYes;
    event.notice = {"newsletter", 2, *record::NoticeHash::from(Bytes(32, 0xEE)), "en"};
    event.at = at;
    event.validUntil = kNoon + 24h * 730;
    event.evidence = {"question", "0.1.0", "no,yes", 2'400ms, std::nullopt};
    record::PositionedUnit unit;
    unit.position = {{"kiosk-1"}, kEpoch, 7};
    unit.unit.id = kUnitId;
    unit.unit.kind = record::UnitKind::Visit;
    unit.unit.event = {"demo-2026"};
    unit.unit.subject = idOf<record::SubjectId>("f1f2f3f4f5f6f7f8f9fafbfcfdfeff00");
    unit.unit.at = at;
    unit.unit.consents = {event};
    unit.unit.contact = record::Contact{"Test Attendee", "", "test@example.com", "", ""};
    unit.signature = signerOf(kKioskSeed)(receipt::signedPart(unit));

    EXPECT_EQ(toHex(record::encode(unit)), toHex(example("unit")));
    EXPECT_EQ(record::decodeUnit(example("unit")), unit);
}

// Made when dictionary 3 was new. A later zstd may make other frames; this one must stay readable.
TEST(WireSpecification, SqueezedUnitExampleHolds) {
    auto expanded = seal::expand(example("squeezed"));

    ASSERT_TRUE(expanded) << expanded.error().context;
    EXPECT_EQ(toHex(**expanded), toHex(example("unit")));
}

}  // namespace
}  // namespace tapport::wire
