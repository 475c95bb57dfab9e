// SPDX-License-Identifier: GPL-3.0-or-later
// Receipt made and drawn: a visit of three purposes in German is proven, its summary signed and
// encoded as a QR code. And the look-up of a badge among 100,000 entries.
#include "firmware-app/view/qr_matrix.h"
#include "sync/receipt/full_receipt.h"
#include "sync/receipt/summary.h"
#include "tests/bench/figures.h"
#include "tests/bench/kiosk_data.h"
#include "tests/support/sample_event.h"
#include "tests/support/temp_dir.h"

#include <random>
#include <stdexcept>

#include <fmt/format.h>

namespace tapport::bench {
namespace {

constexpr std::uint32_t kReceipts = 500;
constexpr std::uint32_t kEntries = 100'000;
constexpr int kTaps = 500;
constexpr std::size_t kPurposes = 3;

record::PositionedUnit germanVisit(const event::Event& event, std::uint32_t number) {
    record::Unit unit = sampleVisit(event, number).units.front();
    unit.consents.resize(kPurposes);
    for (std::size_t i = 0; i < kPurposes; ++i) {
        unit.consents[i].notice = event.asks[i].noticeRef("de");
    }
    return {{{"kiosk-1"}, *record::Epoch::from(Bytes(8, 0xE1)), 1000 + number}, unit};
}

std::unique_ptr<store::KioskStore> open(const store::StoreConfig& config,
                                        store::Synchronous synchronous) {
    store::StorageOptions options;
    options.synchronous = synchronous;
    auto store = store::KioskStore::open(config, options);
    if (!store) {
        throw std::runtime_error(store.error().context);
    }
    return std::move(*store);
}

/// Without waiting for the disk at every commit: nothing here has to survive a power cut.
void fill(const store::StoreConfig& config) {
    const auto store = open(config, store::Synchronous::Normal);
    for (std::uint32_t number = 0; number < kEntries; ++number) {
        const auto kept = store->commit({}, sampleVisit(config.event, number).entry);
        if (!kept) {
            throw std::runtime_error(kept.error().context);
        }
    }
}

}  // namespace

void measureReceipt() {
    const event::Event event = support::sampleEvent();
    const receipt::SigningKeys keys = receipt::makeSigningKeys();
    Samples samples;
    std::string link;
    int modules = 0;
    for (std::uint32_t i = 0; i < kReceipts; ++i) {
        record::PositionedUnit visit = germanVisit(event, i);
        const auto start = Clock::now();
        visit.proof = receipt::prove(visit, event, keys);
        link = receipt::receiptLink(*receipt::summaryOf({&visit, 1}), event, keys);
        modules = view::QrMatrix::encode(link).value().size();
        samples.add(millisSince(start));
    }
    printMillis("receipt made and QR encoded (3 purposes, de)", samples);
    fmt::print("  link {} characters, QR version {}-M ({} modules)\n", link.size(),
               (modules - 17) / 4, modules);
}

void measureLookUp() {
    const support::TempDir dir;
    const store::StoreConfig config{
        dir / "kiosk.db", {"kiosk-1"}, support::sampleEvent(), receipt::makeSigningKeys()};
    fill(config);
    const auto store = open(config, store::Synchronous::Full);
    std::mt19937 random(1);
    Samples samples;
    for (int i = 0; i < kTaps; ++i) {
        const std::string token = badgeToken(random() % kEntries);
        const auto start = Clock::now();
        const auto badge = seal::deriveBadge(viewOf(token), config.event.badgeSalt);
        const auto found = store->lookUp(badge.vault);
        samples.add(millisSince(start));
        if (!found || !*found) {
            throw std::runtime_error("an entry is not found");
        }
    }
    printMillis(fmt::format("tap -> entry open, among {} entries", kEntries), samples);
}

}  // namespace tapport::bench
