// SPDX-License-Identifier: GPL-3.0-or-later
// What every hub store promises: store_*_contract_test.cpp. Each dialect runs these same cases.
#pragma once

#include "sync/hub/store/store.h"
#include "tests/support/temp_dir.h"
#include "tests/sync/hub/samples.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tapport::hub {

/// Opens the store of one kind again and again on the same data.
struct Dialect {
    const char* name;
    Result<std::unique_ptr<Store>> (*open)(const std::filesystem::path& dir, const Scope& scope);
};

/// Where what is known of a badge lies, and the key to it, both from its token.
inline record::VaultAccess badgeOf(std::uint8_t who) {
    return {*record::VaultLookup::from(Bytes(16, who)), *record::VaultKey::from(Bytes(32, who))};
}
/// Recorded where this badge lay.
inline record::PositionedUnit withBadge(record::PositionedUnit positioned, std::uint8_t who) {
    positioned.unit.vault = badgeOf(who);
    return positioned;
}

class StoreContract : public testing::TestWithParam<Dialect> {
  protected:
    void SetUp() override { reopen(); }
    void reopen(const Scope& scope = samples::kScope) {
        store_.reset();
        auto opened = GetParam().open(dir_.path(), scope);
        ASSERT_TRUE(opened) << opened.error().context;
        store_ = std::move(*opened);
    }
    std::vector<Verdict> take(const Intake& intake) {
        const auto verdicts = store_->take(intake, samples::kNow);
        EXPECT_TRUE(verdicts) << verdicts.error().context;
        return verdicts.value_or(std::vector<Verdict>{});
    }
    /// Takes the unit and files its content, as ingest and opener do.
    void takeAndFile(const record::PositionedUnit& positioned) {
        samples::Parcels parcels;
        parcels.add(positioned.unit.id, positioned.position, {1, 2, 3});
        take(parcels.intake());
        file(positioned);
    }
    void file(const record::PositionedUnit& positioned) {
        const std::vector<Opened> opened{
            {positioned.unit.id, Content{positioned.unit, positioned.proof, ProofState::Proven}}};
        const auto filed = store_->file(opened, samples::kNow);
        ASSERT_TRUE(filed) << filed.error().context;
    }
    /// A unit at `seq` that could be opened, but is signed by a key that is not known.
    void quarantine(std::uint64_t seq, std::uint8_t who) {
        const auto last = static_cast<std::uint8_t>(6 + seq);  // no two are the same
        take(samples::Parcels().add(seq, {4, 5, 6, last}).intake());
        const std::vector<Opened> refused{
            {samples::recordId(1000 * seq),
             tl::unexpected(NotOpened{Reason::NotProven, "another key", samples::subject(who)})}};
        ASSERT_TRUE(store_->file(refused, samples::kNow));
    }
    /// A message that no known key signed.
    void takeUnsigned(const Bytes& payload) {
        Intake intake;
        intake.suspects.push_back(
            {"tapport/1/up/00/kiosk-1", payload, Reason::NotSigned, "no key of kiosk-1"});
        take(intake);
    }
    QuarantineEntry newestQuarantined() { return store_->quarantine({}, 1)->at(0); }
    /// Of the latest contact; empty without one.
    std::string emailOf(std::uint8_t who) {
        const auto contacts = store_->dossier(samples::subject(who))->contacts;
        return contacts.empty() ? "" : contacts.back().contact.email;
    }
    Counts counts() { return store_->counts().value(); }

    support::TempDir dir_;
    std::unique_ptr<Store> store_;
};

}  // namespace tapport::hub
