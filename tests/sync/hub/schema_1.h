// SPDX-License-Identifier: GPL-3.0-or-later
// What a hub's database of schema 1 held (fixtures hub/schema-1.sql and hub/schema-pg-1.sql), and
// that it is still there, and works, after migration: the same for every dialect.
#pragma once

#include "tests/sync/hub/samples.h"

#include <gtest/gtest.h>

namespace tapport::hub::samples {

inline void expectAllOfSchema1(Store& store) {
    const Dossier dossier = store.dossier(subject(7)).value();

    EXPECT_EQ(store.hubEpoch().hex(), "0102030405060708");
    EXPECT_EQ(dossier.contacts.at(0).contact, contact(7));
    ASSERT_EQ(dossier.consents.size(), 2U);
    EXPECT_EQ(dossier.consents[0].event.purpose.value, "newsletter");
    EXPECT_EQ(dossier.consents[0].origin.proof, ProofState::Unchecked);
    EXPECT_EQ(dossier.consents[0].origin.receipt, std::nullopt);
    EXPECT_EQ(dossier.consents[1].event.by, record::ExpressedBy::Subject);
    EXPECT_EQ(dossier.consents[1].event.causes, std::vector{dossier.consents[0].event.id});
    ASSERT_EQ(dossier.conversations.size(), 1U);
    EXPECT_EQ(dossier.conversations[0].promise->what, "send data sheet");
    EXPECT_EQ(store.quarantine({}, 10)->at(0).times, 2U);
    const KioskStanding kiosk = store.kiosks()->at(0);
    EXPECT_TRUE(kiosk.isComplete());
    EXPECT_EQ(store.held(kiosk.sequence)->prefix().seq, kiosk.announcedLast);
}

/// Takes what comes next from the same kiosk, which asks for erasure, and files it.
inline void eraseOfSchema1(Store& store) {
    const record::PositionedUnit unit = erasure(3, 7, {});
    Parcels parcels;
    parcels.add(3);
    ASSERT_TRUE(store.take(parcels.intake(), kNow));
    const std::vector<Opened> opened{{unit.unit.id, Content{unit.unit, unit.proof}}};

    ASSERT_TRUE(store.file(opened, kNow));

    EXPECT_TRUE(store.dossier(subject(7))->contacts.empty());
    EXPECT_TRUE(store.dossier(subject(7))->conversations.empty());
    EXPECT_EQ(store.dossier(subject(7))->consents.size(), 3U);
}

}  // namespace tapport::hub::samples
