// SPDX-License-Identifier: GPL-3.0-or-later
// Pulls the plug of the hub's disk at a random write of its day, against the real store: whatever
// was acknowledged or filed must be there when the power is back. A disk that says it has synced
// the log, and has not, must lose records: a harness that cannot fail proves nothing.
#include "sync/hub/store/sqlite_store.h"
#include "tests/fault/power_cut_vfs.h"
#include "tests/fault/scale.h"
#include "tests/sync/hub/samples.h"

#include <gmock/gmock.h>

namespace tapport::fault {
namespace {

using namespace hub::samples;
using hub::Verdict;

constexpr int kCuts = 100;
constexpr int kAllCuts = 10'000;
constexpr int kCutsOfControl = 20;
constexpr std::uint64_t kRounds = 40;
constexpr std::uint64_t kUnitsARound = 3;

/// What the hub told others.
struct Day {
    std::uint64_t acknowledged = 0;  ///< rounds whose take() returned
    std::uint64_t filed = 0;         ///< rounds whose file() returned
    wire::HubEpoch epoch;
};

struct Verdicts {
    std::uint64_t acknowledged = 0;  ///< records
    std::uint64_t lost = 0;
    int unopened = 0;
    int cutsInTime = 0;
};

std::uint64_t firstSeq(std::uint64_t round) {
    return (round - 1) * kUnitsARound + 1;
}

Parcels parcelsOf(std::uint64_t round) {
    Parcels parcels;
    for (std::uint64_t seq = firstSeq(round); seq < firstSeq(round + 1); ++seq) {
        parcels.add(seq, Bytes(600, static_cast<std::uint8_t>(seq)));
    }
    return parcels;
}

std::uint8_t whoOf(std::uint64_t seq) {
    return static_cast<std::uint8_t>(1 + seq % 40);
}

std::vector<hub::Opened> openedOf(std::uint64_t round) {
    std::vector<hub::Opened> opened;
    for (std::uint64_t seq = firstSeq(round); seq < firstSeq(round + 1); ++seq) {
        const record::PositionedUnit unit = visit(seq, whoOf(seq));
        opened.push_back({unit.unit.id, hub::Content{unit.unit, unit.proof}});
    }
    return opened;
}

class HubPowerCut : public ::testing::Test {
  protected:
    static Result<std::unique_ptr<hub::Store>> open() {
        return hub::openSqliteStore("hub.db", kScope, kKey);
    }

    /// Takes and files until the plug is out or the day is over.
    static Day work(const PowerCutDisk& disk) {
        Day day;
        const auto store = open();
        if (!store) {
            EXPECT_TRUE(disk.isOut()) << store.error().context;
            return day;
        }
        day.epoch = (*store)->hubEpoch();
        for (std::uint64_t round = 1; round <= kRounds; ++round) {
            const Parcels parcels = parcelsOf(round);
            if (!(*store)->take(parcels.intake(), kNow)) {
                break;
            }
            day.acknowledged = round;
            if (round % 2 == 0 && !(*store)->file(openedOf(round), kNow)) {
                break;
            }
            day.filed = round;
        }
        return day;
    }

    static std::uint64_t operationsOfADay() {
        PowerCutDisk disk(PowerCutDisk::Use::ByDefault);
        EXPECT_EQ(work(disk).filed, kRounds);
        return disk.operations();
    }

    /// Records of a round that are not there, as a kiosk finds out that sends them again.
    static std::uint64_t missing(hub::Store& store, std::uint64_t round) {
        const Parcels parcels = parcelsOf(round);
        const auto verdicts = store.take(parcels.intake(), kNow).value();
        return static_cast<std::uint64_t>(
            std::count(verdicts.begin(), verdicts.end(), Verdict::Stored));
    }
    /// Consents of a filed round that its people lack.
    static std::uint64_t unfiled(hub::Store& store, std::uint64_t round) {
        std::uint64_t unfiled = 0;
        for (std::uint64_t seq = firstSeq(round); seq < firstSeq(round + 1); ++seq) {
            const auto consents = store.dossier(subject(whoOf(seq)))->consents;
            unfiled += std::none_of(consents.begin(), consents.end(),
                                    [&](const hub::KeptConsent& one) {
                                        return one.origin.unit == recordId(1000 * seq);
                                    })
                           ? 1
                           : 0;
        }
        return unfiled;
    }

    static void cutOnce(std::uint64_t seed, std::uint64_t operations, PowerCutDisk::Syncs syncs,
                        Verdicts& verdicts) {
        std::mt19937_64 random(seed);
        PowerCutDisk disk(PowerCutDisk::Use::ByDefault);
        disk.setSyncs(syncs);
        disk.pullPlugAt(1 + random() % operations);
        const Day day = work(disk);
        verdicts.acknowledged += day.acknowledged * kUnitsARound;
        verdicts.cutsInTime += disk.isOut() ? 1 : 0;
        disk.restore(random);

        const auto store = open();
        if (!store) {
            ++verdicts.unopened;
            verdicts.lost += day.acknowledged * kUnitsARound;
            return;
        }
        if (day.acknowledged > 0 && (*store)->hubEpoch() != day.epoch) {
            verdicts.lost += day.acknowledged * kUnitsARound;
            return;
        }
        for (std::uint64_t round = 2; round <= day.filed; round += 2) {
            verdicts.lost += unfiled(**store, round);
        }
        for (std::uint64_t round = 1; round <= day.acknowledged; ++round) {
            verdicts.lost += missing(**store, round);
        }
        // The interrupted round, again: all of it or nothing of it was there.
        const std::uint64_t fresh = missing(**store, day.acknowledged + 1);
        EXPECT_TRUE(fresh == 0 || fresh == kUnitsARound) << fresh;
        EXPECT_EQ((*store)->held({kKiosk, epoch()})->prefix().seq,
                  (day.acknowledged + 1) * kUnitsARound);
    }

    Verdicts cutOften(int cuts, PowerCutDisk::Syncs syncs) {
        const std::uint64_t operations = operationsOfADay();
        Verdicts verdicts;
        for (int seed = 1; seed <= cuts && !HasFailure(); ++seed) {
            SCOPED_TRACE("seed " + std::to_string(seed));
            cutOnce(static_cast<std::uint64_t>(seed), operations, syncs, verdicts);
        }
        RecordProperty("acknowledged", std::to_string(verdicts.acknowledged));
        RecordProperty("lost", std::to_string(verdicts.lost));
        return verdicts;
    }
};

TEST_F(HubPowerCut, LosesNothingThatWasAcknowledgedOrFiled) {
    const int cuts = scaled(kCuts, kAllCuts);

    const Verdicts verdicts = cutOften(cuts, PowerCutDisk::Syncs::Honest);

    EXPECT_EQ(verdicts.lost, 0U);
    EXPECT_EQ(verdicts.unopened, 0);
    EXPECT_EQ(verdicts.cutsInTime, cuts);
    EXPECT_GT(verdicts.acknowledged, 1'000U) << "too little was at stake";
}

TEST_F(HubPowerCut, AFailedSyncIsNotAcknowledgedAndTheSameAgainIsStored) {
    constexpr std::uint64_t kFirst = 1;
    constexpr std::uint64_t kFailed = 2;
    std::mt19937_64 random(1);
    PowerCutDisk disk(PowerCutDisk::Use::ByDefault);
    {
        const auto store = open().value();
        ASSERT_EQ(missing(*store, kFirst), kUnitsARound);
        disk.failNextSync();

        const auto failed = store->take(parcelsOf(kFailed).intake(), kNow);

        ASSERT_FALSE(failed);
        EXPECT_EQ(failed.error().code, Code::Storage);
        EXPECT_EQ(store->held({kKiosk, epoch()})->prefix().seq, kFirst * kUnitsARound);
        EXPECT_EQ(missing(*store, kFailed), kUnitsARound);
        disk.pullPlugAt(disk.operations());
    }
    disk.restore(random);
    const auto store = open().value();
    EXPECT_EQ(missing(*store, kFirst), 0U);
    EXPECT_EQ(missing(*store, kFailed), 0U);
    EXPECT_EQ(store->counts()->units, kFailed * kUnitsARound);
}

TEST_F(HubPowerCut, WouldLoseRecordsOnADiskThatOnlySaysItHasSyncedTheLog) {
    const Verdicts verdicts = cutOften(kCutsOfControl, PowerCutDisk::Syncs::NotOfLogs);

    EXPECT_GT(verdicts.lost, 0U);
}

}  // namespace
}  // namespace tapport::fault
