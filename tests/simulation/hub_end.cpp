// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/simulation/hub_end.h"

#include "sync/record/codec.h"

namespace tapport::simulation {
namespace {

hub::Signatures signatures(Mutant mutant) {
    return {support::signerFor("hub"),
            [mutant](const record::KioskId& kiosk, const record::Signature& signature,
                     ByteView covered) {
                return mutant == Mutant::TakeUnsignedBatches ||
                       signature == support::signatureOf(kiosk.value, covered);
            }};
}

/// What last-write-wins would keep of a dossier: of each purpose and channel the latest answer, as
/// if it knew of no other.
void keepLatest(hub::Dossier& dossier) {
    std::map<std::pair<record::PurposeId, record::Channel>, hub::KeptConsent> latest;
    for (hub::KeptConsent& one : dossier.consents) {
        one.event.causes.clear();
        const auto at = latest.try_emplace({one.event.purpose, one.event.channel}, one).first;
        if (at->second.event.at.wall < one.event.at.wall) {
            at->second = one;
        }
    }
    dossier.consents.clear();
    for (const auto& entry : latest) {
        dossier.consents.push_back(entry.second);
    }
}

}  // namespace

HubEnd::HubEnd(Random& random, const event::Event& event, Mutant mutant)
    : random_(random),
      event_(event),
      mutant_(mutant),
      disk_(random, mutant),
      ingest_(disk_, event.id, signatures(mutant)) {}

std::vector<hub::Message> HubEnd::work() {
    constexpr std::size_t kMostAtOnce = 64;
    const auto some =
        inbox_.begin() + static_cast<std::ptrdiff_t>(std::min(inbox_.size(), kMostAtOnce));
    std::vector<hub::Message> messages(std::move_iterator(inbox_.begin()),
                                       std::move_iterator(some));
    inbox_.erase(inbox_.begin(), some);
    auto taken = ingest_.take(std::move(messages), record::WallTime{});
    return taken ? std::move(taken->answers) : std::vector<hub::Message>{};
}

void HubEnd::stop() {
    isUp_ = false;
    inbox_.clear();
    disk_.crash();
}

void HubEnd::restore() {
    disk_.restore(backup_);
    if (mutant_ != Mutant::KeepHubEpoch) {
        disk_.epoch = random_.id<wire::HubEpoch>();
    }
}

std::map<record::SubjectId, hub::Dossier> HubEnd::dossiers() const {
    std::map<record::SubjectId, hub::Dossier> dossiers;
    for (const auto& [id, stored] : disk_.rows()) {
        const auto opened = record::decodeUnit(stored.front().sealed);
        if (stored.front().isQuarantined || !opened || opened->unit.id != id ||
            opened->position != stored.front().position) {
            continue;
        }
        const record::Unit& unit = opened->unit;
        hub::Dossier& dossier = dossiers[unit.subject];
        dossier.subject = unit.subject;
        std::vector<record::RecordId> with;
        for (const record::ConsentEvent& event : unit.consents) {
            dossier.consents.push_back(
                {event, {unit.id, opened->position, unit.receipt, hub::ProofState::Proven}});
            with.push_back(event.id);
        }
        if (unit.contact) {
            dossier.contacts.push_back({*unit.contact, std::move(with)});
        }
        dossier.conversations.insert(dossier.conversations.end(), unit.conversations.begin(),
                                     unit.conversations.end());
    }
    return dossiers;
}

std::vector<hub::ProvenLead> HubEnd::exportLeads(record::WallTime now) const {
    const ledger::Suppressions nobody{ledger::SuppressionKey{}};
    const record::TrustedNow trusted({now, record::ClockQuality::Synced, {}, {}});
    std::vector<hub::ProvenLead> leads;
    for (auto& [subject, dossier] : dossiers()) {
        if (mutant_ == Mutant::LastAnswerCounts) {
            keepLatest(dossier);
        }
        auto some = hub::judge(dossier, event_, nobody, trusted).leads;
        std::move(some.begin(), some.end(), std::back_inserter(leads));
    }
    return leads;
}

}  // namespace tapport::simulation
