// SPDX-License-Identifier: GPL-3.0-or-later
// What a hub keeps, in memory, behind the port that the real ingest writes to: to be backed up and
// restored in the middle of anything.
#pragma once

#include "sync/hub/store/store.h"

#include <set>

namespace tapport::agent {

class MemoryHub : public hub::ArrivalStore {
  public:
    struct Data {
        std::map<record::RecordId, seal::Digest> units;
        std::map<hub::Sequence, hub::Held> held;
        std::map<record::KioskId, std::set<record::Epoch>> epochs;
        std::map<hub::Sequence, std::uint64_t> watermarks;
        std::map<std::int64_t, hub::KeptParcel> inbox;
    };

    /// What this hub cannot take, it quarantines.
    static bool isPoison(const record::RecordId& id) { return id.bytes[0] % 17 == 0; }

    wire::HubEpoch hubEpoch() override { return epoch; }
    Result<std::vector<hub::Verdict>> take(const hub::Intake& intake, record::WallTime) override {
        moveParcels(intake);
        std::vector<hub::Verdict> verdicts;
        for (const hub::Arrival& arrival : intake.arrivals) {
            const auto& [kiosk, itsEpoch, seq] = arrival.position;
            const bool isBad = isPoison(arrival.id);
            const auto [at, isNew] = data.units.emplace(arrival.id, arrival.digest);
            const bool fits = data.held[{kiosk, itsEpoch}].add(
                isBad ? hub::Hold::Quarantined : hub::Hold::Received,
                {seq, arrival.before, arrival.after});
            verdicts.push_back(isBad    ? hub::Verdict::Conflict
                               : !isNew ? hub::Verdict::Duplicate
                               : !fits  ? hub::Verdict::Forked
                                        : hub::Verdict::Stored);
            data.epochs[kiosk].insert(itsEpoch);
        }
        for (const hub::Announcement& hello : intake.announcements) {
            data.epochs[hello.sequence.kiosk].insert(hello.sequence.epoch);
        }
        return verdicts;
    }
    Result<std::vector<hub::KeptParcel>> parcels(hub::Whose, std::size_t mostBytes) override {
        std::vector<hub::KeptParcel> parcels;
        std::size_t bytes = 0;
        for (const auto& [number, parcel] : data.inbox) {
            bytes += parcel.payload.size();
            if (!parcels.empty() && bytes > mostBytes) {
                break;
            }
            parcels.push_back(parcel);
        }
        return parcels;
    }
    Result<std::vector<hub::KeptParcel>> parcelsOf(const record::KioskId& kiosk,
                                                   std::size_t /*mostBytes*/) override {
        std::vector<hub::KeptParcel> parcels;
        for (const auto& [number, parcel] : data.inbox) {
            if (parcel.kiosk == kiosk) {
                parcels.push_back(parcel);
            }
        }
        return parcels;
    }
    Result<std::int64_t> newestParcel() override {
        return data.inbox.empty() ? 0 : data.inbox.rbegin()->first;
    }
    Result<hub::Held> held(const hub::Sequence& sequence) override { return data.held[sequence]; }
    Result<std::vector<record::Epoch>> epochsOf(const record::KioskId& kiosk) override {
        const auto& epochs = data.epochs[kiosk];
        return std::vector<record::Epoch>(epochs.begin(), epochs.end());
    }

    Result<std::uint64_t> watermark(const hub::Sequence& sequence) override {
        return data.watermarks[sequence];
    }
    /// Everything that is here now is in a backup.
    void raiseWatermarks() {
        for (const auto& [sequence, held] : data.held) {
            data.watermarks[sequence] = std::max(data.watermarks[sequence], held.receivedThrough());
        }
    }

    Data data;
    wire::HubEpoch epoch;

  protected:
    /// Those that are new in, those that are sorted out.
    void moveParcels(const hub::Intake& intake) {
        for (const std::int64_t number : intake.sorted) {
            data.inbox.erase(number);
        }
        for (const hub::Parcel& parcel : intake.parcels) {
            const std::int64_t number = data.inbox.empty() ? 1 : data.inbox.rbegin()->first + 1;
            data.inbox[number] = {number, parcel.kiosk, toBytes(parcel.payload), {}};
        }
    }
};

}  // namespace tapport::agent
