// SPDX-License-Identifier: GPL-3.0-or-later
// What a hub's database of schema 6 had told kiosks, when everything was told in one order
// (fixtures hub/schema-6.sql, hub/schema-pg-3.sql): it is told on, in two, the same for every
// dialect.
#pragma once

#include "tests/sync/hub/samples.h"

#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tapport::hub::samples {

using Told = std::vector<std::pair<wire::ItemKind, Bytes>>;

inline Told toldIn(const DownPage& page) {
    Told told;
    for (const wire::DownItem& item : page.items) {
        told.emplace_back(item.kind, item.key);
    }
    return told;
}
inline DownPut rosterPut(std::uint8_t badge) {
    return {{wire::ItemKind::Roster, Bytes(16, badge), Bytes{9}}};
}

inline void expectAllToldOfSchema6(Store& store) {
    const Bytes end = toBytes(viewOf(wire::kEndOfEvent));

    EXPECT_EQ(store.downVersion(), (wire::DownVersion{7, 7}));
    EXPECT_EQ(toldIn(store.downPage(kKiosk, {}).value()),
              (Told{{wire::ItemKind::Vault, Bytes(16, 7)},
                    {wire::ItemKind::Command, end},
                    {wire::ItemKind::EventPart, {0}},
                    {wire::ItemKind::Roster, Bytes(16, 7)},
                    {wire::ItemKind::Roster, Bytes(16, 9)}}))
        << "what there is, to who has nothing";
    // Who had everything up to 2 or 3 of the one order has it in both.
    const DownPage since3 = store.downPage(kKiosk, {3, 3}).value();
    EXPECT_EQ(toldIn(since3), (Told{{wire::ItemKind::Roster, Bytes(16, 8)},
                                    {wire::ItemKind::Command, end},
                                    {wire::ItemKind::EventPart, {0}},
                                    {wire::ItemKind::Roster, Bytes(16, 9)}}));
    EXPECT_FALSE(since3.items.at(0).payload);
    EXPECT_EQ(since3.through, (wire::DownVersion{7, 7}));
    EXPECT_EQ(since3.rest, wire::Rest::None);
    EXPECT_EQ(toldIn(store.downPage({"kiosk-2"}, {2, 2}).value()),
              (Told{{wire::ItemKind::Roster, Bytes(16, 8)},
                    {wire::ItemKind::EventPart, {0}},
                    {wire::ItemKind::Roster, Bytes(16, 10)},
                    {wire::ItemKind::Roster, Bytes(16, 9)}}));
    const auto roster = store.findDown(wire::ItemKind::Roster, {}, Bytes(16, 7)).value();
    ASSERT_TRUE(roster);
    EXPECT_EQ(roster->item.payload, Bytes(4, 'a'));
    EXPECT_EQ(roster->fingerprint, Bytes(4, 'e'));
    const auto ended = store.findDown(wire::ItemKind::Command, kKiosk, end).value();
    ASSERT_TRUE(ended);
    EXPECT_EQ(textOf(ended->fingerprint), record::isoText(kNow));
    EXPECT_TRUE(store.isErased(wire::ItemKind::Roster, Bytes(16, 8)).value());
    EXPECT_FALSE(store.isErased(wire::ItemKind::Roster, Bytes(16, 10)).value());
}

/// Tells more, in both orders, of what stood and of what did not, and then erases who is in both.
inline void tellOnFromSchema6(Store& store) {
    const DownPut erasedBefore = rosterPut(8);
    const std::vector<DownPut> puts{erasedBefore,
                                    rosterPut(10),
                                    rosterPut(11),
                                    {{wire::ItemKind::EventPart, Bytes{0}, Bytes{3}}}};

    ASSERT_TRUE(store.putDown(puts));

    EXPECT_EQ(store.downVersion(), (wire::DownVersion{8, 10}));
    EXPECT_EQ(toldIn(store.downPage(kKiosk, {7, 7}).value()),
              (Told{{wire::ItemKind::EventPart, {0}},
                    {wire::ItemKind::Roster, Bytes(16, 10)},
                    {wire::ItemKind::Roster, Bytes(16, 11)}}));

    Parcels parcels;
    parcels.add(3);
    ASSERT_TRUE(store.take(parcels.intake(), kNow));
    const record::PositionedUnit unit = erasure(3, 7, {});
    const std::vector<Opened> opened{{unit.unit.id, Content{unit.unit, unit.proof}}};
    ASSERT_TRUE(store.file(opened, kNow));

    const DownPage gone = store.downPage(kKiosk, {8, 10}).value();
    EXPECT_THAT(toldIn(gone),
                testing::UnorderedElementsAre(std::pair{wire::ItemKind::Vault, Bytes(16, 7)},
                                              std::pair{wire::ItemKind::Roster, Bytes(16, 7)}));
    for (const wire::DownItem& item : gone.items) {
        EXPECT_FALSE(item.payload);
    }
    EXPECT_TRUE(store.isErased(wire::ItemKind::Roster, Bytes(16, 7)).value());
}

}  // namespace tapport::hub::samples
