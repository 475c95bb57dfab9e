// SPDX-License-Identifier: GPL-3.0-or-later
// What a hub keeps, in memory, behind the port that the real ingest writes to, but for what it
// makes of arrivals: to be backed up and restored in the middle of anything.
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

    wire::HubEpoch hubEpoch() override { return epoch; }
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

    Result<std::map<std::string, std::uint64_t>> quarantinedBytes() override { return {}; }
    Result<std::uint64_t> watermark(const hub::Sequence& sequence) override {
        return data.watermarks[sequence];
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
