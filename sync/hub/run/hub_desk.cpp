// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/run/hub_desk.h"

#include "sync/hub/run/tell_desk.h"
#include "sync/hub/store/sqlite_backup.h"
#include "sync/program/log.h"
#include "sync/program/program.h"
#include "sync/receipt/signed_document.h"
#include "sync/seal/chain.h"

#include <algorithm>
#include <fstream>
#include <iterator>

namespace tapport::hub {

/// On a full disk it is asked for most: then without what cannot be sorted, and it says so.
Result<HubStatus> HubDesk::status() {
    const auto sorted = sortSoFar(onStore_, parts_.sorting, Whose::Anybodys);
    if (!sorted && sorted.error().code != Code::StorageFull) {
        return tl::unexpected(sorted.error());
    }
    auto status = onStore_([this] { return readStatus(); });
    if (status && !sorted) {
        status->provisional.push_back("what came last is not counted yet: " +
                                      sorted.error().context);
    }
    return status;
}

Result<HubStatus> HubDesk::readStatus() {
    auto counts = parts_.store.counts();
    if (!counts) {
        return tl::unexpected(counts.error());
    }
    auto kiosks = parts_.store.kiosks();
    if (!kiosks) {
        return tl::unexpected(kiosks.error());
    }
    const auto version = parts_.store.stateVersion();
    if (!version) {
        return tl::unexpected(version.error());
    }
    const auto unsettled = unsettled_.at(now());
    if (!unsettled) {
        return tl::unexpected(unsettled.error());
    }
    auto fates = TellDesk::ends(parts_.store, *kiosks);
    if (!fates) {
        return tl::unexpected(fates.error());
    }
    HubStatus status{std::move(*counts), {}, *unsettled, *version, {}, {}, {}, {}, {}};
    status.fates = std::move(*fates);
    for (const record::KioskId& kiosk : parts_.keys.revoked()) {
        status.fates[kiosk].isRevoked = true;
    }
    status.openerTrouble = parts_.filing.openerTrouble();
    status.provisional = whyProvisional({*kiosks, parts_.keys.kiosks(), parts_.keys.revoked(),
                                         status.counts.waiting, status.counts.quarantined});
    status.kiosks = std::move(*kiosks);
    if (parts_.presence != nullptr) {
        status.presence = parts_.presence->read();
    }
    status.now = clock_().wall;
    if (parts_.room != nullptr) {
        auto full = parts_.room->full(status.now);
        if (!full) {
            return tl::unexpected(full.error());
        }
        status.quarantineFull = std::move(*full);
    }
    status.replaced = replacedBeside(parts_.database);
    return status;
}

Result<LeadPage> HubDesk::leads(const std::optional<record::SubjectId>& after, std::size_t most) {
    return ask([&] { return releaseLeads(parts_.store, parts_.event, after, most, now()); });
}

Result<UnsettledPage> HubDesk::unsettled(const std::optional<record::SubjectId>& after,
                                         std::size_t most) {
    return ask([&] { return findUnsettled(parts_.store, parts_.event, after, most, now()); });
}

Result<ExportFile> HubDesk::exportLeads(const std::string& by) {
    // A withdrawal that was acknowledged but lies there sealed must not be overtaken.
    if (const auto filed = fileAll(onStore_, parts_.sorting, parts_.filing, clock_().wall);
        !filed) {
        return tl::unexpected(filed.error());
    }
    onStore_([this] {
        parts_.retention.beDue();
        return true;
    });
    const auto forgotten = onStore_.inSteps([this] { return parts_.retention.step(clock_()); });
    if (!forgotten) {
        return tl::unexpected(forgotten.error());
    }
    LeadExport building(parts_.store, parts_.event, onStore_([this] { return now(); }));
    if (const auto read = onStore_.inSteps([&] { return building.readSome(); }); !read) {
        return tl::unexpected(read.error());
    }
    for (;;) {
        if (const auto filed = fileAll(onStore_, parts_.sorting, parts_.filing, clock_().wall);
            !filed) {
            return tl::unexpected(filed.error());
        }
        auto file = onStore_([&] {
            return sortedFirst(parts_.sorting, [&]() -> Result<std::optional<ExportFile>> {
                const auto isFiled = parts_.filing.finish(clock_().wall);
                if (!isFiled) {
                    return tl::unexpected(isFiled.error());
                }
                if (!*isFiled) {
                    return std::nullopt;
                }
                return building.publish({program::newRecordId(), by, clock_(), parts_.keys.kiosks(),
                                         parts_.keys.revoked()});
            });
        });
        if (!file) {
            return tl::unexpected(file.error());
        }
        if (*file) {
            return std::move(**file);
        }
    }
}

namespace {

/// A no counts whoever made it; what else may be in such a unit does not make a yes.
bool saysOnlyNo(const record::Unit& unit) {
    return !unit.consents.empty() &&
           std::none_of(unit.consents.begin(), unit.consents.end(),
                        [](const record::ConsentEvent& event) {
                            return record::isYes(event.state) ||
                                   event.state == record::ConsentState::Confirmed;
                        });
}

/// In quarantine, unless it says no.
std::optional<Withheld> withhold(const Opened& opened) {
    if (opened.content && saysOnlyNo(opened.content->unit)) {
        return std::nullopt;
    }
    return Withheld{Reason::Recovered, opened.content ? std::optional(opened.content->unit.subject)
                                                      : opened.content.error().subject};
}

Arrival arrivalOf(const RecoveredRow& row) {
    Arrival arrival;
    arrival.id = row.id;
    arrival.position = row.position;
    arrival.digest = seal::digestOf(row.sealed);
    arrival.sealed = row.sealed;
    arrival.before = row.before;
    arrival.after =
        seal::chainAfter(row.before, row.position.epoch, row.position.seq, row.id, arrival.digest);
    arrival.withheld = Withheld{};
    return arrival;
}

}  // namespace

/// Looks inside on the asker's thread, for a no; without an opener everything is withheld.
Intake HubDesk::intakeOf(const std::vector<RecoveredRow>& rows, Recovered& recovered) {
    std::vector<Waiting> sealed;
    Intake intake;
    intake.whose = Whose::Anybodys;
    intake.isHeard = false;
    for (const RecoveredRow& row : rows) {
        sealed.push_back({row.id, row.position, row.sealed});
        intake.arrivals.push_back(arrivalOf(row));
    }
    const auto opened = parts_.filing.open(sealed);
    if (!opened) {
        recovered.unopened = opened.error().context;
        return intake;
    }
    for (std::size_t i = 0; i < opened->size(); ++i) {
        intake.arrivals[i].withheld = withhold(opened->at(i));
    }
    return intake;
}

bool hasEnded(const std::filesystem::path& kioskData) {
    std::error_code failed;  // as the kiosk leaves it (firmware-app/store/retire)
    return std::filesystem::is_regular_file(
        std::filesystem::symlink_status(kioskData / "event-is-over", failed));
}

Result<Recovered> HubDesk::recover(const std::filesystem::path& kioskData) {
    constexpr std::size_t kRowsATransaction = 200;
    auto outbox = RecoveredOutbox::open(kioskData / "kiosk.db");
    if (!outbox && outbox.error().code != Code::Storage && hasEnded(kioskData)) {
        return fail(outbox.error().code,
                    kioskData.string() +
                        ": the event is over on this kiosk (event-is-over): the hub had proven "
                        "that it has all of it, and what was here was destroyed. There is nothing "
                        "to recover");
    }
    if (!outbox) {
        return tl::unexpected(outbox.error());
    }
    if (outbox->event() && *outbox->event() != parts_.event.id) {
        return fail(Code::InvalidInput,
                    kioskData.string() + ": the disk of " + outbox->kiosk().value + " at event " +
                        outbox->event()->value + ", whose records only that event's hub can open");
    }
    Recovered recovered;
    recovered.kiosk = outbox->kiosk();
    for (;;) {
        const auto rows = outbox->next(kRowsATransaction);
        if (!rows) {
            recovered.damage = rows.error().context;
            break;
        }
        if (rows->empty()) {
            break;
        }
        const Intake intake = intakeOf(*rows, recovered);
        const auto verdicts = ask([&] { return parts_.store.take(intake, clock_().wall); });
        if (!verdicts) {
            return tl::unexpected(verdicts.error());
        }
        for (std::size_t i = 0; i < verdicts->size(); ++i) {
            const Verdict verdict = verdicts->at(i);
            const bool isNew = verdict == Verdict::Stored || verdict == Verdict::Forked;
            recovered.known += verdict == Verdict::Duplicate ? 1 : 0;
            recovered.clashed += verdict == Verdict::Conflict ? 1 : 0;
            recovered.forked += verdict == Verdict::Forked ? 1 : 0;
            recovered.fresh += isNew ? 1 : 0;
            recovered.taken += isNew && !intake.arrivals[i].withheld ? 1 : 0;
        }
    }
    program::logWarning(
        "read the disk of {}: {} records are new, {} of them in quarantine, {} were here",
        recovered.kiosk.value, recovered.fresh, recovered.fresh - recovered.taken, recovered.known);
    return recovered;
}

Result<std::uint64_t> HubDesk::sentThrough(const Sequence& sequence) {
    return ask([&] { return parts_.store.sentThrough(sequence); });
}

Result<std::vector<ExportEntry>> HubDesk::exports(std::size_t most) {
    return onStore_([&] { return parts_.store.exports(most); });
}

Result<std::optional<ExportEntry>> HubDesk::findExport(const record::RecordId& id) {
    return onStore_([&] { return parts_.store.findExport(id); });
}

Result<std::vector<QuarantineEntry>> HubDesk::quarantine(const std::optional<std::int64_t>& before,
                                                         std::size_t most) {
    return ask([&] { return parts_.store.quarantine(before, most); });
}

Result<std::optional<ReceiptView>> HubDesk::receipt(const record::ReceiptId& id) {
    return ask([&] { return readReceipt(id); });
}

Result<std::optional<ReceiptView>> HubDesk::readReceipt(const record::ReceiptId& id) {
    Store& store = parts_.store;
    auto found = store.receipt(id);
    if (!found) {
        return tl::unexpected(found.error());
    }
    // A receipt without answers is no honest kiosk's.
    if (!*found || (*found)->unit.unit.consents.empty()) {
        return std::nullopt;
    }
    const auto dossier = store.dossier((*found)->unit.unit.subject);
    if (!dossier) {
        return tl::unexpected(dossier.error());
    }
    // One of each is enough to know that something may be missing, and quickly read.
    auto kiosks = store.kiosks();
    const auto waiting = store.waiting(Whose::Anybodys, 1);
    const auto isQuarantined = store.hasQuarantined();
    if (!kiosks || !waiting || !isQuarantined) {
        return fail(Code::Storage, "read what may be missing");
    }
    ReceiptView view{std::move((*found)->unit), (*found)->proof, {}, false, {}};
    view.withdrawable = withdrawable(*dossier);
    const auto ledger = ledgerOf(*dossier, parts_.event, store.suppressions());
    for (const record::ConsentEvent& consent : view.unit.unit.consents) {
        view.now.push_back(ledger.decide({consent.purpose, consent.channel}, now()).standing);
    }
    view.isFinal = whyProvisional({std::move(*kiosks), parts_.keys.kiosks(), parts_.keys.revoked(),
                                   waiting->size(), *isQuarantined ? 1U : 0U})
                       .empty();
    return view;
}

Result<std::optional<Withdrawal>> HubDesk::withdraw(const record::ReceiptId& id,
                                                    const WithdrawalWish& wish) {
    // In one turn of the store's thread: who asks twice at once takes back once.
    return ask([&]() -> Result<std::optional<Withdrawal>> {
        auto view = readReceipt(id);
        if (!view) {
            return tl::unexpected(view.error());
        }
        if (!*view) {
            return std::nullopt;
        }
        return withdraw(std::move(**view), wish).map([](Withdrawal done) {
            return std::optional(std::move(done));
        });
    });
}

Result<Withdrawal> HubDesk::withdraw(ReceiptView view, const WithdrawalWish& wish) {
    std::vector<ledger::Scope> scopes = view.withdrawable;
    std::erase_if(scopes,
                  [&](const ledger::Scope& scope) { return wish.scope && *wish.scope != scope; });
    if (scopes.empty()) {
        return Withdrawal{{}, {}, std::move(view)};
    }
    if (parts_.link == nullptr) {
        return fail(Code::Busy, "only a running hub takes withdrawals");
    }
    const record::ReceiptId id = *view.unit.unit.receipt;
    const auto dossier = parts_.store.dossier(view.unit.unit.subject);
    if (!dossier) {
        return tl::unexpected(dossier.error());
    }
    const auto receipt = parts_.link->withdraw(*dossier, scopes, wish.method, clock_());
    if (!receipt) {
        return tl::unexpected(receipt.error());
    }
    // It is committed: what cannot be read again is shown as it was.
    auto since = readReceipt(id);
    const bool isRead = since && *since;
    return Withdrawal{std::move(scopes), *receipt, isRead ? std::move(**since) : std::move(view)};
}

Result<std::optional<std::string>> HubDesk::receiptJws(const record::ReceiptId& id) {
    return ask([&]() -> Result<std::optional<std::string>> {
        const auto found = parts_.store.receipt(id);
        if (!found) {
            return tl::unexpected(found.error());
        }
        return *found ? parts_.keys.receiptOf((*found)->unit) : std::nullopt;
    });
}

std::optional<std::string> HubDesk::published(Published file) {
    if (file == Published::Keys) {
        return onStore_([&] {
            parts_.filing.refreshKeys();
            return parts_.keys.published();
        });
    }
    std::ifstream in(parts_.noticesFile, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(in), {}};
    const bool isSigned = receipt::checkDocument(text, parts_.event.rootKey).has_value();
    return isSigned ? std::optional(std::move(text)) : std::nullopt;
}

}  // namespace tapport::hub
