// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/simulation/hub_disk.h"

namespace tapport::simulation {

Result<std::vector<hub::Verdict>> HubDisk::take(const hub::Intake& intake, record::WallTime) {
    const bool fails = random_.happens(failing);
    if (fails && random_.happens(0.5)) {
        return fail(Code::Storage, "the hub's disk failed");
    }
    if (mutant_ == Mutant::AckBeforeCommit) {
        committed_ = backUp();
    }
    std::vector<hub::Verdict> verdicts;
    for (const hub::Arrival& arrival : intake.arrivals) {
        verdicts.push_back(put(arrival));
    }
    for (const hub::Announcement& hello : intake.announcements) {
        data.epochs[hello.sequence.kiosk].insert(hello.sequence.epoch);
    }
    if (fails) {
        return fail(Code::Storage, "the hub's disk failed, after it had written");
    }
    return verdicts;
}

hub::Verdict HubDisk::put(const hub::Arrival& arrival) {
    const auto& [kiosk, itsEpoch, seq] = arrival.position;
    hub::Held& held = data.held[{kiosk, itsEpoch}];
    data.epochs[kiosk].insert(itsEpoch);
    if (mutant_ == Mutant::DedupeByPosition &&
        (held.received().contains(seq) || held.quarantined().contains(seq))) {
        return hub::Verdict::Duplicate;
    }
    const bool isBad = isPoison(arrival.id);
    const bool isNew = data.units.emplace(arrival.id, arrival.digest).second;
    const bool fits = held.add(isBad ? hub::Hold::Quarantined : hub::Hold::Received,
                               {seq, arrival.before, arrival.after});
    if (isNew && !(isBad && mutant_ == Mutant::DropPoison)) {
        rows_[arrival.id].push_back({arrival.position, toBytes(arrival.sealed), isBad});
    }
    if (isBad || data.units.at(arrival.id) != arrival.digest) {
        return hub::Verdict::Conflict;
    }
    if (!isNew) {
        return hub::Verdict::Duplicate;
    }
    return fits ? hub::Verdict::Stored : hub::Verdict::Forked;
}

void HubDisk::crash() {
    if (mutant_ == Mutant::AckBeforeCommit) {
        restore(committed_);
    }
}

void HubDisk::restore(const Backup& backup) {
    data = backup.data;
    rows_ = backup.rows;
}

}  // namespace tapport::simulation
