// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/simulation/hub_disk.h"

namespace tapport::simulation {

Result<std::vector<hub::Verdict>> HubDisk::take(const hub::Intake& intake, record::WallTime) {
    const bool fails = random_.happens(failing);
    if (fails && random_.happens(0.5)) {
        return fail(Code::Storage, "the hub's disk failed");
    }
    if (mutant_ == Mutant::AckBeforeCommit && intake.sorted.empty()) {
        committed_ = backUp();
    }
    moveParcels(intake);
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

Result<std::uint64_t> HubDisk::watermark(const hub::Sequence& sequence) {
    if (random_.happens(failing)) {
        return fail(Code::Storage, "the hub's disk failed");
    }
    return MemoryHub::watermark(sequence);
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
        all_.rows[arrival.id] = {arrival.position, toBytes(arrival.sealed),
                                 isBad ? Standing::Quarantined : Standing::Sealed};
    }
    if (isBad || data.units.at(arrival.id) != arrival.digest) {
        return hub::Verdict::Conflict;
    }
    if (!isNew) {
        return hub::Verdict::Duplicate;
    }
    return fits ? hub::Verdict::Stored : hub::Verdict::Forked;
}

std::set<record::RecordId> HubDisk::unsorted() const {
    std::set<record::RecordId> ids;
    for (const auto& [number, parcel] : data.inbox) {
        const auto decoded = wire::decodeUp(parcel.payload).value();
        for (const wire::Run& run : std::get<wire::Batch>(decoded.message).runs) {
            for (const wire::BatchUnit& unit : run.units) {
                ids.insert(unit.id);
            }
        }
    }
    return ids;
}

bool HubDisk::has(const record::RecordId& id) const {
    return all_.rows.count(id) > 0 || unsorted().count(id) > 0;
}

bool HubDisk::isReadable(const record::RecordId& id) const {
    const auto found = all_.rows.find(id);
    return found != all_.rows.end() && found->second.standing != Standing::Quarantined;
}

bool HubDisk::isFiled(const record::RecordId& id) const {
    const auto found = all_.rows.find(id);
    return found != all_.rows.end() && found->second.standing == Standing::Filed;
}

std::optional<hub::Dossier> HubDisk::dossierOf(const record::ReceiptId& receipt) const {
    for (const auto& [subject, dossier] : all_.dossiers) {
        if (std::any_of(
                dossier.consents.begin(), dossier.consents.end(),
                [&](const hub::KeptConsent& kept) { return kept.origin.receipt == receipt; })) {
            return dossier;
        }
    }
    return std::nullopt;
}

bool HubDisk::hasSealed() const {
    return !data.inbox.empty() ||
           std::any_of(all_.rows.begin(), all_.rows.end(),
                       [](const auto& row) { return row.second.standing == Standing::Sealed; });
}

std::vector<hub::Watermark> HubDisk::openedThrough() const {
    std::map<hub::Sequence, std::uint64_t> firstClosed;
    for (const auto& [id, unit] : all_.rows) {
        if (unit.standing != Standing::Filed && mutant_ != Mutant::MarkUnopened) {
            const auto& [kiosk, itsEpoch, seq] = unit.position;
            const auto at = firstClosed.try_emplace({kiosk, itsEpoch}, seq).first;
            at->second = std::min(at->second, seq);
        }
    }
    std::vector<hub::Watermark> marks;
    for (const auto& [sequence, held] : data.held) {
        const auto closed = firstClosed.find(sequence);
        const std::uint64_t opened =
            closed == firstClosed.end() ? record::kMostSeq : closed->second - 1;
        marks.push_back({sequence, std::min(held.receivedThrough(), opened)});
    }
    return marks;
}

void HubDisk::setWatermarks(std::span<const hub::Watermark> marks) {
    for (const auto& [sequence, seq] : marks) {
        data.watermarks[sequence] = std::max(data.watermarks[sequence], seq);
    }
}

HubDisk::Backup HubDisk::backUp() const {
    Backup copy = all_;
    copy.data = data;
    return copy;
}

void HubDisk::crash() {
    if (mutant_ == Mutant::AckBeforeCommit) {
        restore(committed_);
    }
}

void HubDisk::restore(const Backup& backup) {
    data = backup.data;
    all_ = backup;
}

void HubDisk::beginEpoch(const wire::HubEpoch& next) {
    epoch = next;
    ++all_.downVersion.urgent;
}

}  // namespace tapport::simulation
