// SPDX-License-Identifier: GPL-3.0-or-later
// What kiosks are told, and in which order.
#include "sync/seal/seal.h"
#include "sync/vault/entry.h"
#include "sync/vault/withdrawn.h"
#include "tests/contract/store_contract.h"

namespace tapport::hub {
namespace {

using namespace samples;
using testing::ElementsAre;
using testing::IsEmpty;

const record::KioskId kOther{"kiosk-2"};

DownPut putOf(std::uint8_t key, std::optional<Bytes> payload, const record::KioskId& kiosk = {}) {
    return {{wire::ItemKind::Command, Bytes{key}, std::move(payload)}, kiosk};
}

std::vector<int> keysOf(const DownPage& page) {
    std::vector<int> keys;
    for (const wire::DownItem& item : page.items) {
        keys.push_back(item.key.front());
    }
    return keys;
}

/// So many of the organiser's entries, each of `bytes`.
std::vector<DownPut> rosterWith(std::size_t entries, std::size_t bytes) {
    std::vector<DownPut> puts;
    for (std::size_t i = 0; i < entries; ++i) {
        puts.push_back({{wire::ItemKind::Roster, Bytes(16, static_cast<std::uint8_t>(i)), {}}});
        puts.back().item.key[1] = static_cast<std::uint8_t>(i >> 8U);
        puts.back().item.payload = Bytes(bytes);
    }
    return puts;
}

TEST_P(StoreContract, TellsWhatIsNewAboveAVersion) {
    EXPECT_EQ(store_->downVersion(), (wire::DownVersion{0, 0}));
    ASSERT_TRUE(store_->putDown({{putOf(1, Bytes{1}), putOf(2, Bytes{2}), putOf(3, Bytes{3})}}));
    reopen();

    EXPECT_EQ(store_->downVersion(), (wire::DownVersion{3, 0}));
    EXPECT_THAT(keysOf(store_->downPage(kKiosk, {}).value()), ElementsAre(1, 2, 3));
    const DownPage rest = store_->downPage(kKiosk, {1, 0}).value();
    EXPECT_THAT(keysOf(rest), ElementsAre(2, 3));
    EXPECT_EQ(rest.through, (wire::DownVersion{3, 0}));
    EXPECT_EQ(rest.rest, wire::Rest::None);
    EXPECT_THAT(keysOf(store_->downPage(kKiosk, {3, 0}).value()), IsEmpty());
}

TEST_P(StoreContract, SaysWhichItemsAreNotTold) {
    DownPut erased = rosterWith(1, 10)[0];
    erased.item.payload.reset();
    erased.subject = subject(7);
    DownPut ended = putOf(1, Bytes{1});
    ended.fingerprint = Bytes{9};
    const std::vector<DownPut> first{erased, ended};
    EXPECT_THAT(store_->putDown(first).value(), IsEmpty());
    std::vector<DownPut> puts = rosterWith(3, 10);
    puts.insert(puts.begin() + 1, {putOf(2, Bytes{2}), putOf(1, Bytes{1})});

    const auto notTold = store_->putDown(puts);

    EXPECT_THAT(notTold.value(), ElementsAre(0, 2));
    EXPECT_THAT(store_->putDown({}).value(), IsEmpty());
    EXPECT_THAT(store_->putDown({{putOf(3, Bytes{3}), putOf(3, Bytes{4})}}).value(),
                ElementsAre(0));
    EXPECT_THAT(store_->putDown(rosterWith(2, 20)).value(), ElementsAre(0));
}

TEST_P(StoreContract, TellsOfEachKeyTheLastItemOnly) {
    ASSERT_TRUE(store_->putDown({{putOf(1, Bytes{1}), putOf(2, Bytes{2})}}));
    ASSERT_TRUE(store_->putDown({{putOf(1, Bytes{9})}}));

    const DownPage page = store_->downPage(kKiosk, {}).value();

    EXPECT_THAT(keysOf(page), ElementsAre(2, 1));
    EXPECT_EQ(page.items[1].payload, Bytes{9});
    EXPECT_EQ(page.through, (wire::DownVersion{3, 0}));
}

TEST_P(StoreContract, TellsWhatIsNoMoreToWhoMayHaveIt) {
    ASSERT_TRUE(store_->putDown({{putOf(1, Bytes{1}), putOf(2, Bytes{2})}}));
    ASSERT_TRUE(store_->putDown({{putOf(1, std::nullopt)}}));

    const DownPage delta = store_->downPage(kKiosk, {2, 0}).value();
    const DownPage all = store_->downPage(kKiosk, {}).value();

    ASSERT_THAT(keysOf(delta), ElementsAre(1));
    EXPECT_FALSE(delta.items[0].payload);
    EXPECT_THAT(keysOf(all), ElementsAre(2));
    EXPECT_EQ(all.through, (wire::DownVersion{3, 0}));
    EXPECT_FALSE(store_->findDown(wire::ItemKind::Command, {}, Bytes{1}).value());
}

TEST_P(StoreContract, TellsWhoIsRevokedNothingBehindThat) {
    const DownPut revoked{{wire::ItemKind::Command, toBytes(viewOf(wire::kRevoked)), Bytes(32, 1)},
                          kKiosk};
    ASSERT_TRUE(store_->putDown({{putOf(1, Bytes{1}), putOf(2, Bytes{2})}}));
    ASSERT_TRUE(store_->putDown(rosterWith(3, 100)));
    const DownPage before = store_->downPageOfRevoked(kKiosk, {1, 1}).value();
    ASSERT_TRUE(store_->putDown({&revoked, 1}));
    ASSERT_TRUE(store_->putDown({{putOf(4, Bytes{4})}}));

    const DownPage page = store_->downPageOfRevoked(kKiosk, {1, 1}).value();
    const DownPage after = store_->downPageOfRevoked(kKiosk, page.through).value();
    const DownPage others = store_->downPageOfRevoked({"kiosk-9"}, {1, 1}).value();

    EXPECT_TRUE(before.items.empty());
    EXPECT_EQ(before.through, (wire::DownVersion{1, 1}));
    ASSERT_EQ(page.items.size(), 2U);
    EXPECT_EQ(page.items[0].key, Bytes{2});
    EXPECT_EQ(page.items[1].key, revoked.item.key);
    EXPECT_EQ(page.through, (wire::DownVersion{3, 1}));
    EXPECT_EQ(page.rest, wire::Rest::Some);
    EXPECT_TRUE(after.items.empty());
    EXPECT_TRUE(others.items.empty());
}

TEST_P(StoreContract, ARestoredHubSaysThatItHasToldAllBeItNothing) {
    ASSERT_TRUE(store_->beginHubEpoch(*wire::HubEpoch::from(Bytes(wire::HubEpoch::kSize, 9))));
    EXPECT_EQ(store_->downVersion(), (wire::DownVersion{1, 0}));

    const DownPage page = store_->downPage(kKiosk, {}).value();

    EXPECT_THAT(page.items, IsEmpty());
    EXPECT_EQ(page.through, (wire::DownVersion{1, 0}));
    EXPECT_EQ(page.rest, wire::Rest::None);
}

TEST_P(StoreContract, TellsAKioskWhatIsForItAndForAll) {
    ASSERT_TRUE(store_->putDown(
        {{putOf(1, Bytes{1}, kKiosk), putOf(1, Bytes{2}, kOther), putOf(3, Bytes{3})}}));

    const DownPage ours = store_->downPage(kKiosk, {}).value();
    const DownPage nobodys = store_->downPage({"kiosk-3"}, {}).value();

    EXPECT_THAT(keysOf(ours), ElementsAre(1, 3));
    EXPECT_EQ(ours.items[0].payload, Bytes{1});
    EXPECT_THAT(keysOf(nobodys), ElementsAre(3));
    EXPECT_EQ(nobodys.through, (wire::DownVersion{3, 0}));
}

TEST_P(StoreContract, APageIsAChunkAndTheNextGoesOnFromIt) {
    std::vector<DownPut> puts = rosterWith(300, 10);
    for (std::size_t i = 0; i < 100; ++i) {
        puts[i].item.payload = Bytes(1000);
    }
    ASSERT_TRUE(store_->putDown(puts));

    std::size_t items = 0;
    wire::DownVersion has;
    int pages = 0;
    while (has.bulk < 300) {
        const DownPage page = store_->downPage(kKiosk, has).value();
        ASSERT_GT(page.through.bulk, has.bulk);
        EXPECT_EQ(page.rest, page.through.bulk < 300 ? wire::Rest::Some : wire::Rest::None);
        const Bytes chunk =
            wire::encode(wire::DownChunk{{"demo-2026"}, kKiosk, {}, has, page.through, page.items},
                         [](ByteView) { return record::Signature{}; });
        EXPECT_LE(chunk.size(), wire::kMostChunkBytes);
        items += page.items.size();
        has = page.through;
        ++pages;
    }
    EXPECT_EQ(items, 300U);
    EXPECT_EQ(pages, 2);
}

TEST_P(StoreContract, NothingUrgentWaitsBehindARoster) {
    ASSERT_TRUE(store_->putDown(rosterWith(3000, 200)));
    const DownPage first = store_->downPage(kKiosk, {}).value();
    EXPECT_EQ(first.through, (wire::DownVersion{0, first.items.size()}));
    ASSERT_TRUE(store_->putDown({{putOf(1, Bytes{1}), putOf(2, Bytes{2})}}));
    EXPECT_EQ(store_->downVersion(), (wire::DownVersion{2, 3000}));

    const DownPage next = store_->downPage(kKiosk, first.through).value();

    ASSERT_GT(next.items.size(), 2U) << "and the roster goes on behind it";
    EXPECT_EQ(next.items[0].key, Bytes{1});
    EXPECT_EQ(next.items[1].key, Bytes{2});
    EXPECT_EQ(next.through, (wire::DownVersion{2, first.through.bulk + next.items.size() - 2}));
    EXPECT_EQ(next.rest, wire::Rest::Some);
}

TEST_P(StoreContract, ARosterTakesTheRoomThatIsLeft) {
    ASSERT_TRUE(store_->putDown(rosterWith(1, 40'000)));
    ASSERT_TRUE(store_->putDown({{putOf(1, Bytes(40'000)), putOf(2, Bytes(40'000))}}));

    const DownPage first = store_->downPage(kKiosk, {}).value();
    const DownPage second = store_->downPage(kKiosk, first.through).value();
    const DownPage third = store_->downPage(kKiosk, second.through).value();

    EXPECT_EQ(first.through, (wire::DownVersion{1, 0}));
    EXPECT_EQ(second.through, (wire::DownVersion{2, 0}));
    EXPECT_EQ(second.rest, wire::Rest::Some) << "of the other order";
    EXPECT_EQ(third.through, (wire::DownVersion{2, 1}));
    EXPECT_EQ(third.rest, wire::Rest::None);
}

TEST_P(StoreContract, NoOrderGoesBackForWhoHasMoreThanThereIs) {
    ASSERT_TRUE(store_->putDown({{putOf(1, Bytes{1}), putOf(2, Bytes{2})}}));
    ASSERT_TRUE(store_->putDown(rosterWith(2, 10)));

    EXPECT_EQ(store_->downPage(kKiosk, {9, 1})->through, (wire::DownVersion{9, 2}));
    EXPECT_EQ(store_->downPage(kKiosk, {1, 9})->through, (wire::DownVersion{2, 9}));
}

DownPut rosterOf(std::uint8_t who) {
    DownPut put;
    put.item = {wire::ItemKind::Roster, toBytes(badgeOf(who).lookup.view()), Bytes{1}};
    return put;
}
bool hasRoster(Store& store, std::uint8_t who) {
    return store.findDown(wire::ItemKind::Roster, {}, badgeOf(who).lookup.view())
        .value()
        .has_value();
}

TEST_P(StoreContract, AnErasureTakesTheBadgesRosterEntryBackForGood) {
    ASSERT_TRUE(seal::initialise());
    for (const std::uint8_t who : {7, 8, 9}) {
        const DownPut put = rosterOf(who);
        ASSERT_TRUE(store_->putDown({&put, 1}));
    }
    takeAndFile(withBadge(visit(1, 7), 7));
    takeAndFile(erasure(2, 7, {recordId(1001)}));  // its badge's key came with the visit alone
    takeAndFile(withBadge(erasure(3, 8, {}), 8));  // nothing else was ever told of this one

    EXPECT_FALSE(hasRoster(*store_, 7));
    EXPECT_FALSE(hasRoster(*store_, 8));
    EXPECT_TRUE(hasRoster(*store_, 9)) << "of somebody else";
    const auto isErased = [&](std::uint8_t who) {
        return store_->isErased(wire::ItemKind::Roster, badgeOf(who).lookup.view()).value();
    };
    EXPECT_TRUE(isErased(7));
    EXPECT_TRUE(isErased(8));
    EXPECT_FALSE(isErased(9));
    const auto version = store_->downVersion();
    takeAndFile(erasure(4, 7, {recordId(1001)}));
    EXPECT_EQ(store_->downVersion(), version) << "once";
}

TEST_P(StoreContract, WhoDidNotKnowOfAnErasureDoesNotUndoIt) {
    ASSERT_TRUE(seal::initialise());
    takeAndFile(withBadge(erasure(2, 7, {}), 7));
    DownPut removal = rosterOf(7);
    removal.item.payload.reset();

    // As an import puts that asked before another worker filed the erasure.
    ASSERT_TRUE(store_->putDown({{removal, rosterOf(7), rosterOf(8)}}));

    EXPECT_FALSE(hasRoster(*store_, 7));
    EXPECT_TRUE(store_->isErased(wire::ItemKind::Roster, badgeOf(7).lookup.view()).value());
    EXPECT_TRUE(hasRoster(*store_, 8));
    const DownPage page = store_->downPage(kKiosk, {1, 0}).value();
    EXPECT_EQ(page.through, store_->downVersion());
    EXPECT_EQ(page.items.back().key, rosterOf(8).item.key);
}

TEST_P(StoreContract, WhatALaterFingerprintPutStays) {
    DownPut ended = putOf(1, Bytes{1}, kKiosk);
    ended.fingerprint = {1, 0};
    DownPut third{{wire::ItemKind::EventPart, Bytes{0}, Bytes{3}}, {}, {0, 3}};
    ASSERT_TRUE(store_->putDown({{ended, third}}));

    DownPut second = third;
    second.item.payload = Bytes{2};
    second.fingerprint = {0, 2};
    ASSERT_TRUE(store_->putDown({{putOf(1, std::nullopt, kKiosk), second}}));
    const auto standing = store_->findDown(wire::ItemKind::Command, kKiosk, Bytes{1}).value();
    const auto edition = store_->findDown(wire::ItemKind::EventPart, {}, Bytes{0}).value();
    DownPut fourth = third;
    fourth.item.payload = Bytes{4};
    fourth.fingerprint = {1, 4};
    ASSERT_TRUE(store_->putDown({{fourth}}));

    ASSERT_TRUE(standing && edition);
    EXPECT_EQ(standing->fingerprint, ended.fingerprint);
    EXPECT_EQ(edition->item.payload, Bytes{3});
    EXPECT_EQ(store_->findDown(wire::ItemKind::EventPart, {}, Bytes{0}).value()->item.payload,
              Bytes{4});
    EXPECT_EQ(store_->downPage(kKiosk, {2, 0})->through, store_->downVersion());
}

TEST_P(StoreContract, WhatAnErasureTakesOutOfARosterWaitsBehindNoOther) {
    ASSERT_TRUE(seal::initialise());
    const DownPut put = rosterOf(7);
    ASSERT_TRUE(store_->putDown({&put, 1}));
    ASSERT_TRUE(store_->putDown(rosterWith(3000, 200)));

    takeAndFile(withBadge(erasure(2, 7, {}), 7));

    const DownPage next = store_->downPage(kKiosk, {0, 1}).value();  // it has that entry
    const auto gone = std::find_if(next.items.begin(), next.items.end(), [&](const auto& item) {
        return item.kind == wire::ItemKind::Roster && item.key == put.item.key;
    });
    ASSERT_NE(gone, next.items.end());
    EXPECT_FALSE(gone->payload);
    EXPECT_EQ(next.rest, wire::Rest::Some);
}

TEST_P(StoreContract, TakesBackAllOfAKindInPieces) {
    const std::vector<DownPut> puts{rosterOf(1), rosterOf(2), rosterOf(3), putOf(4, Bytes{1})};
    ASSERT_TRUE(store_->putDown(puts));

    EXPECT_EQ(store_->takeBack(wire::ItemKind::Roster, 2), 2U);
    EXPECT_EQ(store_->takeBack(wire::ItemKind::Roster, 2), 1U);
    EXPECT_EQ(store_->takeBack(wire::ItemKind::Roster, 2), 0U);

    EXPECT_EQ(store_->downVersion(), (wire::DownVersion{1, 6}));
    EXPECT_EQ(store_->downPage(kKiosk, {0, 3})->items.size(), 4U)
        << "a command, and three that went";
    EXPECT_FALSE(store_->isErased(wire::ItemKind::Roster, badgeOf(1).lookup.view()).value());
}

}  // namespace
}  // namespace tapport::hub
