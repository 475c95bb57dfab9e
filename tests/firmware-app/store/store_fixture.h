// SPDX-License-Identifier: GPL-3.0-or-later
// Units, entries and a store in a directory of its own.
#pragma once

#include "firmware-app/store/kiosk_store.h"
#include "sync/seal/seal.h"
#include "tests/support/sample_event.h"
#include "tests/support/temp_dir.h"

#include <gtest/gtest.h>

namespace tapport::store {

inline record::Unit unitNumber(std::uint32_t n, record::UnitKind kind = record::UnitKind::Visit) {
    Bytes id(16, 0);
    for (unsigned i = 0; i < 4; ++i) {
        id[i] = static_cast<std::uint8_t>(n >> (8 * i));
    }
    record::Unit unit;
    unit.id = *record::RecordId::from(id);
    unit.kind = kind;
    unit.event = {"fair-2026"};
    unit.at.wall = record::WallTime(record::Millis(1'790'000'000'000 + n));
    unit.contact = record::Contact{"Ada Example", "Example Works", "ada@example.com", "", ""};
    return unit;
}

inline EntryToKeep entryOf(std::uint8_t badge, const char* email) {
    EntryToKeep keep;
    keep.access = {*record::VaultLookup::from(Bytes(16, badge)),
                   *record::VaultKey::from(Bytes(32, badge))};
    keep.entry.contact = record::Contact{"", "", email, "", ""};
    return keep;
}

class StoreFixture : public ::testing::Test {
  protected:
    StoreFixture() { EXPECT_TRUE(seal::initialise()); }

    [[nodiscard]] StoreConfig config() const {
        return {directory / "kiosk.db", {"kiosk-1"}, support::sampleEvent(), signingKeys};
    }
    [[nodiscard]] Result<std::unique_ptr<KioskStore>> tryOpen() const {
        StorageOptions options;
        options.reserve = 64UL * 1024;
        return KioskStore::open(config(), options);
    }
    [[nodiscard]] std::unique_ptr<KioskStore> open() const {
        auto store = tryOpen();
        EXPECT_TRUE(store) << store.error().context;
        return std::move(store).value_or(nullptr);
    }

    support::TempDir directory;
    seal::SealingKeys keys = support::sampleSealingKeys();
    receipt::SigningKeys signingKeys = receipt::makeSigningKeys();
};

}  // namespace tapport::store
