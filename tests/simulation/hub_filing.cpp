// SPDX-License-Identifier: GPL-3.0-or-later
// What filing writes to the hub's disk, and what kiosks are told of it.
#include "sync/hub/store/badge_memory.h"
#include "sync/vault/withdrawn.h"
#include "tests/simulation/hub_disk.h"

namespace tapport::simulation {

Result<std::vector<hub::Waiting>> HubDisk::waiting(hub::Whose, std::size_t most) {
    std::vector<hub::Waiting> units;
    for (const auto& [id, stored] : all_.rows) {
        if (units.size() == most) {
            break;
        }
        if (stored.standing == Standing::Sealed) {
            units.push_back({id, stored.position, stored.sealed});
        }
    }
    return units;
}

/// Units are skipped that do not wait any more: two may have opened them.
Result<> HubDisk::file(std::span<const hub::Opened> opened, record::WallTime) {
    const bool fails = random_.happens(failing);
    if (fails && random_.happens(0.5)) {
        return fail(Code::Storage, "the hub's disk failed");
    }
    Badges badges;
    for (const hub::Opened& one : opened) {
        const auto row = all_.rows.find(one.id);
        if (row == all_.rows.end() || row->second.standing != Standing::Sealed) {
            continue;
        }
        StoredUnit& stored = row->second;
        stored.standing = one.content ? Standing::Filed : Standing::Quarantined;
        if (!one.content) {
            continue;
        }
        const record::Unit& unit = one.content->unit;
        fileUnit(stored.position, *one.content);
        if (mutant_ == Mutant::TellNoWithdrawals && unit.kind == record::UnitKind::Withdrawal) {
            continue;
        }
        if (unit.vault) {
            badges.insert_or_assign(unit.subject, *unit.vault);
        } else if (hub::isWithdrawnByLink(unit)) {
            tellOfWithdrawn(unit.subject);
        } else if (!unit.consents.empty()) {
            retract(unit.subject);
        }
    }
    tellOf(badges);
    return fails ? fail(Code::Storage, "the hub's disk failed, after it had written") : Result<>{};
}

void HubDisk::fileUnit(const record::Position& position, const hub::Content& content) {
    const record::Unit& unit = content.unit;
    hub::Dossier& dossier = all_.dossiers[unit.subject];
    dossier.subject = unit.subject;
    std::vector<record::RecordId> with;
    for (const record::ConsentEvent& event : unit.consents) {
        dossier.consents.push_back(
            {event, {unit.id, position, unit.receipt, hub::ProofState::Proven}});
        with.push_back(event.id);
    }
    if (unit.contact) {
        dossier.contacts.push_back({*unit.contact, std::move(with)});
    }
    dossier.conversations.insert(dossier.conversations.end(), unit.conversations.begin(),
                                 unit.conversations.end());
}

void HubDisk::tell(const std::pair<wire::ItemKind, Bytes>& key, std::optional<Bytes> payload,
                   const record::SubjectId& subject) {
    const hub::DownLane lane = hub::laneOf({{key.first, key.second, payload}});
    std::uint64_t& version =
        lane == hub::DownLane::Bulk ? all_.downVersion.bulk : all_.downVersion.urgent;
    all_.items[key] = {lane, ++version, std::move(payload), subject};
}

void HubDisk::importRow(const record::VaultLookup& lookup) {
    tell({wire::ItemKind::Roster, toBytes(lookup.view())}, toBytes(lookup.view()), {});
}

void HubDisk::eraseRow() {
    std::vector<Told*> rows;
    for (auto& [key, told] : all_.items) {
        if (told.lane == hub::DownLane::Bulk) {
            rows.push_back(&told);
        }
    }
    if (!rows.empty()) {
        *rows[random_.between(0, rows.size() - 1)] = {
            hub::DownLane::Urgent, ++all_.downVersion.urgent, std::nullopt, {}};
    }
}

void HubDisk::tellOf(const Badges& badges) {
    for (const auto& [subject, access] : badges) {
        tell({wire::ItemKind::Vault, toBytes(access.lookup.view())},
             hub::closedMemory(all_.dossiers[subject], access).whole, subject);
        const auto beside =
            all_.items.find({wire::ItemKind::Vault, vault::withdrawnKey(access.lookup)});
        if (beside != all_.items.end() && beside->second.payload) {
            tell(beside->first, std::nullopt, {});
        }
    }
}

void HubDisk::tellOfWithdrawn(const record::SubjectId& subject) {
    if (mutant_ == Mutant::TellNoPhones) {
        return;
    }
    std::vector<record::VaultLookup> badges;
    for (const auto& [key, told] : all_.items) {
        const auto lookup = record::VaultLookup::from(key.second);
        if (key.first == wire::ItemKind::Vault && told.subject == subject && lookup) {
            badges.push_back(*lookup);
        }
    }
    const Bytes payload = hub::withdrawnMemory(all_.dossiers[subject]);
    for (const record::VaultLookup& lookup : badges) {
        tell({wire::ItemKind::Vault, vault::withdrawnKey(lookup)}, payload, {});
    }
}

/// What was told is no longer all, and cannot be told anew without the badge's key.
void HubDisk::retract(const record::SubjectId& subject) {
    for (auto& [key, told] : all_.items) {
        if (told.subject == subject && told.payload) {
            told = {told.lane, ++all_.downVersion.urgent, std::nullopt, subject};
        }
    }
}

Result<hub::DownPage> HubDisk::downPage(const record::KioskId&, const wire::DownVersion& after) {
    if (random_.happens(failing)) {
        return fail(Code::Storage, "the hub's disk failed");
    }
    hub::DownPage page{{}, after};
    const auto add = [&](hub::DownLane lane, std::uint64_t newest, std::uint64_t& through) {
        constexpr std::size_t kMostItems = 2;
        std::map<std::uint64_t, wire::DownItem> newer;
        for (const auto& [key, told] : all_.items) {
            if (told.lane == lane && told.version > through &&
                (after != wire::DownVersion{} || told.payload)) {
                newer.emplace(told.version, wire::DownItem{key.first, key.second, told.payload});
            }
        }
        for (auto& [version, item] : newer) {
            if (page.items.size() == kMostItems) {
                return false;
            }
            page.items.push_back(std::move(item));
            through = version;
        }
        through = std::max(through, newest);
        return true;
    };
    const auto addUrgent = [&] {
        return add(hub::DownLane::Urgent, all_.downVersion.urgent, page.through.urgent);
    };
    const auto addBulk = [&] {
        return add(hub::DownLane::Bulk, all_.downVersion.bulk, page.through.bulk);
    };
    (void)(mutant_ == Mutant::RosterFirst ? addBulk() && addUrgent() : addUrgent() && addBulk());
    page.rest = page.through.reaches(all_.downVersion) ? wire::Rest::None : wire::Rest::Some;
    return page;
}

}  // namespace tapport::simulation
