// SPDX-License-Identifier: GPL-3.0-or-later
// Pulls the plug at a random write of a booth's day, again and again, against the real store. What
// was confirmed must be there when the power is back. The same with synchronous=NORMAL must lose
// records: a harness that cannot fail proves nothing.
#include "firmware-app/store/kiosk_store.h"
#include "sync/seal/seal.h"
#include "tests/fault/power_cut_vfs.h"
#include "tests/fault/scale.h"
#include "tests/support/sample_event.h"

#include <set>

#include <gmock/gmock.h>

namespace tapport::fault {
namespace {

constexpr int kCuts = 200;
constexpr int kAllCuts = 10'000;
constexpr int kCutsOfControl = 20;      // the first one loses records already
constexpr std::uint32_t kVisits = 150;  // enough for SQLite's automatic checkpoints to run

/// A visit's number stands for its units and its entry.
struct Day {
    std::vector<std::uint32_t> confirmed;      ///< what the screen called saved
    std::optional<std::uint32_t> interrupted;  ///< being saved when the light went out
};

struct Verdict {
    std::uint64_t confirmed = 0;  ///< visits
    std::uint64_t lost = 0;
    int unopened = 0;
    int damaged = 0;
    int cutsInTime = 0;  ///< the plug was out before the day was over
};

template <typename Id>
Id idOf(std::uint32_t n, std::uint8_t kind) {
    Bytes bytes(Id::kSize, kind);
    for (unsigned i = 0; i < 4; ++i) {
        bytes[i] = static_cast<std::uint8_t>(n >> (8 * i));
    }
    return *Id::from(bytes);
}

/// A visit writes one unit or two, and its badge's entry; every fifth badge comes back.
std::vector<record::Unit> unitsOf(std::uint32_t visit) {
    std::vector<record::Unit> units(1 + visit % 2);
    for (std::size_t i = 0; i < units.size(); ++i) {
        units[i].id = idOf<record::RecordId>(visit, static_cast<std::uint8_t>(i + 1));
        units[i].event = {"fair-2026"};
    }
    return units;
}

store::EntryToKeep entryOf(std::uint32_t visit) {
    const std::uint32_t badge = visit % 5 == 0 ? 0 : visit;
    return {{idOf<record::VaultLookup>(badge, 3), idOf<record::VaultKey>(badge, 4)}, {}};
}

class PowerCut : public ::testing::Test {
  protected:
    static void SetUpTestSuite() { ASSERT_TRUE(seal::initialise()); }

    Result<std::unique_ptr<store::KioskStore>> open(const PowerCutDisk& disk,
                                                    store::Synchronous synchronous,
                                                    std::size_t reserve = 256UL * 1024) {
        store::StorageOptions options;
        options.vfs = disk.name();
        options.synchronous = synchronous;
        options.reserve = reserve;
        return store::KioskStore::open({"kiosk.db", {"kiosk-1"}, event_, signingKeys_}, options);
    }

    /// Visits until the plug is out or the day is over.
    Day work(PowerCutDisk& disk, store::Synchronous synchronous) {
        Day day;
        const auto store = open(disk, synchronous);
        if (!store) {
            EXPECT_TRUE(disk.isOut()) << store.error().context;
            return day;
        }
        for (std::uint32_t visit = 1; visit <= kVisits; ++visit) {
            if (!(*store)->commit(unitsOf(visit), entryOf(visit))) {
                EXPECT_TRUE(disk.isOut());
                day.interrupted = visit;
                break;
            }
            day.confirmed.push_back(visit);
            if (visit % 10 == 9) {
                std::ignore = (*store)->markReceived(std::vector<agent::SeqRange>{{1, visit / 2}});
            }
        }
        return day;
    }

    std::uint64_t operationsOfADay(store::Synchronous synchronous) {
        PowerCutDisk disk;
        EXPECT_EQ(work(disk, synchronous).confirmed.size(), kVisits);
        return disk.operations();
    }

    static std::set<record::RecordId> idsIn(store::KioskStore& store) {
        EXPECT_TRUE(store.markWaiting(std::vector<agent::SeqRange>{{1, record::kMostSeq}}));
        std::set<record::RecordId> ids;
        std::uint64_t seq = 0;
        const auto rows = store.waiting({0, false, 10'000, 1UL << 30}).value();
        for (const agent::OutboxRow& row : rows) {
            EXPECT_EQ(row.number, ++seq) << "positions have a hole";
            ids.insert(row.id);
        }
        EXPECT_EQ(ids.size(), rows.size());
        return ids;
    }

    static bool isThere(store::KioskStore& store, const std::set<record::RecordId>& ids,
                        std::uint32_t visit) {
        const auto units = unitsOf(visit);
        return store.lookUp(entryOf(visit).access).value() &&
               std::all_of(units.begin(), units.end(),
                           [&](const record::Unit& unit) { return ids.count(unit.id) == 1; });
    }

    /// A day with a cut in it, then a look at what is there, and the retry.
    void cutOnce(std::uint64_t seed, std::uint64_t operations, store::Synchronous synchronous,
                 Verdict& verdict) {
        std::mt19937_64 random(seed);
        PowerCutDisk disk;
        disk.pullPlugAt(1 + random() % operations);
        const Day day = work(disk, synchronous);
        verdict.confirmed += day.confirmed.size();
        verdict.cutsInTime += disk.isOut() ? 1 : 0;
        disk.restore(random);

        const auto store = open(disk, synchronous);
        if (!store) {
            ++verdict.unopened;
            verdict.lost += day.confirmed.size();
            return;
        }
        verdict.damaged += (*store)->check() ? 0 : 1;
        const auto ids = idsIn(**store);
        for (const std::uint32_t visit : day.confirmed) {
            verdict.lost += isThere(**store, ids, visit) ? 0 : 1;
        }
        if (day.interrupted) {
            EXPECT_TRUE((*store)->commit(unitsOf(*day.interrupted), entryOf(*day.interrupted)));
            EXPECT_TRUE(isThere(**store, idsIn(**store), *day.interrupted));
        }
    }

    Verdict cutOften(int cuts, store::Synchronous synchronous) {
        const std::uint64_t operations = operationsOfADay(synchronous);
        Verdict verdict;
        for (std::uint64_t seed = 1; seed <= static_cast<std::uint64_t>(cuts) && !HasFailure();
             ++seed) {
            SCOPED_TRACE("seed " + std::to_string(seed));
            cutOnce(seed, operations, synchronous, verdict);
        }
        RecordProperty("confirmed", std::to_string(verdict.confirmed));
        RecordProperty("lost", std::to_string(verdict.lost));
        return verdict;
    }

    const event::Event event_ = support::sampleEvent();
    const receipt::SigningKeys signingKeys_ = receipt::makeSigningKeys();
};

TEST_F(PowerCut, LosesNothingThatWasConfirmed) {
    const int cuts = scaled(kCuts, kAllCuts);

    const Verdict verdict = cutOften(cuts, store::Synchronous::Full);

    EXPECT_EQ(verdict.lost, 0U);
    EXPECT_EQ(verdict.unopened, 0);
    EXPECT_EQ(verdict.damaged, 0);
    EXPECT_EQ(verdict.cutsInTime, cuts);
    EXPECT_GT(verdict.confirmed, 1'000U) << "too little was at stake";
}

TEST_F(PowerCut, WouldLoseRecordsWithSynchronousNormal) {
    const Verdict verdict = cutOften(kCutsOfControl, store::Synchronous::Normal);

    EXPECT_GT(verdict.lost, 0U);
    EXPECT_EQ(verdict.damaged, 0);
}

TEST_F(PowerCut, AFailedSyncIsNotConfirmedAndTheRetryStandsOnce) {
    PowerCutDisk disk;
    {
        const auto store = open(disk, store::Synchronous::Full).value();
        ASSERT_TRUE(store->commit(unitsOf(1), entryOf(1)));
        disk.failNextSync();

        const auto failed = store->commit(unitsOf(2), entryOf(2));

        ASSERT_FALSE(failed);
        EXPECT_EQ(failed.error().code, Code::Storage);
        ASSERT_TRUE(store->commit(unitsOf(2), entryOf(2)));
    }
    const auto store = open(disk, store::Synchronous::Full).value();
    const auto ids = idsIn(*store);
    EXPECT_EQ(ids.size(), unitsOf(1).size() + unitsOf(2).size());
    EXPECT_TRUE(isThere(*store, ids, 1));
    EXPECT_TRUE(isThere(*store, ids, 2));
}

TEST_F(PowerCut, AFullDiskTakesWhatTheReserveHoldsAndConfirmsNothingElse) {
    PowerCutDisk disk;
    const auto store = open(disk, store::Synchronous::Full, 5UL * 1024 * 1024).value();
    disk.fillUp();
    std::uint32_t visit = 1;
    auto result = store->commit(unitsOf(visit), entryOf(visit));
    while (result) {
        ++visit;
        result = store->commit(unitsOf(visit), entryOf(visit));
    }

    EXPECT_EQ(result.error().code, Code::StorageFull);
    EXPECT_GT(visit, 1'000U) << "5 MiB hold more";
    EXPECT_FALSE(isThere(*store, idsIn(*store), visit));

    disk.makeRoom();

    EXPECT_TRUE(store->commit(unitsOf(visit), entryOf(visit)));
    const auto ids = idsIn(*store);
    for (std::uint32_t confirmed = 1; confirmed <= visit; ++confirmed) {
        EXPECT_TRUE(isThere(*store, ids, confirmed)) << confirmed;
    }
}

}  // namespace
}  // namespace tapport::fault
