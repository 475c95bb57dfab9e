// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/export/lead_export.h"

#include "sync/hub/export/dossiers.h"
#include "sync/hub/export/lead_csv.h"
#include "sync/hub/export/manifest.h"

namespace tapport::hub {

Result<bool> LeadExport::readSome() {
    if (!begunAt_) {
        const auto version = store_.stateVersion();
        if (!version) {
            return tl::unexpected(version.error());
        }
        begunAt_ = *version;
    }
    return someDossiers(store_, after_, [this](const Dossier& dossier) { put(dossier); });
}

Result<> LeadExport::readAll() {
    for (;;) {
        const auto hasMore = readSome();
        if (!hasMore) {
            return tl::unexpected(hasMore.error());
        }
        if (!*hasMore) {
            return {};
        }
    }
}

Result<ExportFile> LeadExport::publish(const ExportOrder& order) {
    ExportFile file;
    const auto published = store_.inTransaction([&]() -> Result<> {
        if (const auto caughtUp = catchUp(); !caughtUp) {
            return caughtUp;
        }
        const auto version = store_.stateVersion();
        if (!version) {
            return tl::unexpected(version.error());
        }
        const auto now = coverage(order);
        if (!now) {
            return tl::unexpected(now.error());
        }
        file = assemble(order);
        file.stateVersion = *version;
        file.provisional = whyProvisional(*now);
        file.manifest = manifestOf(file, order, event_.id, store_.hubEpoch());
        return store_.logExport({order.id, order.at.wall, order.by, file.stateVersion, file.rows,
                                 file.people, file.provisional.empty(),
                                 seal::sha256Of(viewOf(file.csv)), file.manifest});
    });
    if (!published) {
        return tl::unexpected(published.error());
    }
    return file;
}

Result<> LeadExport::catchUp() {
    const auto hasSuppressed = store_.hasSuppressedSince(begunAt_.value_or(0));
    if (!hasSuppressed) {
        return tl::unexpected(hasSuppressed.error());
    }
    if (!begunAt_ || *hasSuppressed) {
        // A mark bears on everybody with the same address.
        parts_.clear();
        after_.reset();
        return readAll();
    }
    const auto changed = store_.changedSince(*begunAt_);
    if (!changed) {
        return tl::unexpected(changed.error());
    }
    for (const record::SubjectId& subject : *changed) {
        const auto dossier = store_.dossier(subject);
        if (!dossier) {
            return tl::unexpected(dossier.error());
        }
        put(*dossier);
    }
    return {};
}

void LeadExport::put(const Dossier& dossier) {
    const Judgement judgement = judge(dossier, event_, store_.suppressions(), now_);
    if (judgement.leads.empty() && judgement.reconfirm.empty()) {
        parts_.erase(dossier.subject);
        return;
    }
    Part part;
    for (const ProvenLead& lead : judgement.leads) {
        appendLead(part.rows, lead, event_);
        ++part.proofs[lead.origin.proof];
    }
    part.count = judgement.leads.size();
    part.unsettled = judgement.reconfirm.size();
    parts_[dossier.subject] = std::move(part);
}

Result<Coverage> LeadExport::coverage(const ExportOrder& order) {
    const auto counts = store_.counts();
    if (!counts) {
        return tl::unexpected(counts.error());
    }
    auto kiosks = store_.kiosks();
    if (!kiosks) {
        return tl::unexpected(kiosks.error());
    }
    return Coverage{std::move(*kiosks), order.expected, order.revoked, counts->waiting,
                    counts->quarantined};
}

ExportFile LeadExport::assemble(const ExportOrder& order) const {
    ExportFile file;
    file.id = order.id;
    file.csv = leadCsvHeader();
    for (const auto& [subject, part] : parts_) {
        file.csv += part.rows;
        file.rows += part.count;
        file.people += part.count > 0 ? 1 : 0;
        file.unsettled += part.unsettled;
        for (const auto& [state, number] : part.proofs) {
            file.proofs[state] += number;
        }
    }
    return file;
}

}  // namespace tapport::hub
