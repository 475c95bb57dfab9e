// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/run/phone_link.h"

#include "sync/ledger/answer.h"
#include "sync/ledger/causality.h"
#include "sync/program/log.h"
#include "sync/program/program.h"
#include "sync/receipt/full_receipt.h"
#include "sync/receipt/unit_signature.h"
#include "sync/seal/chain.h"

#include <algorithm>
#include <map>
#include <set>

namespace tapport::hub {
namespace {

using record::ConsentEvent;

constexpr std::size_t kMostCauses = 256;

ledger::Scope scopeOf(const ConsentEvent& event) {
    return {event.purpose, event.channel};
}

/// As a kiosk does: all that is known to have come before on this, so that a yes that any kiosk
/// still shows is named. Refusals stand under nobody's name.
std::vector<record::RecordId> causesOf(const Dossier& dossier, const ledger::Scope& scope) {
    std::vector<record::RecordId> causes;
    for (const KeptConsent& kept : dossier.consents) {
        const bool isOnThis =
            scopeOf(kept.event) == scope || kept.event.purpose.value == record::kEveryPurpose;
        if (isOnThis && kept.event.state != record::ConsentState::Refused) {
            causes.push_back(kept.event.id);
        }
    }
    std::sort(causes.begin(), causes.end());
    causes.erase(std::unique(causes.begin(), causes.end()), causes.end());
    if (causes.size() > kMostCauses) {
        causes.erase(causes.begin(), causes.end() - kMostCauses);
    }
    return causes;
}

/// The latest yes of this scope; there is one.
const ConsentEvent& latestYes(const Dossier& dossier, const ledger::Scope& scope) {
    const ConsentEvent* latest = nullptr;
    for (const KeptConsent& kept : dossier.consents) {
        const bool isOne = record::isYes(kept.event.state) && scopeOf(kept.event) == scope;
        if (isOne && (latest == nullptr || latest->id < kept.event.id)) {
            latest = &kept.event;
        }
    }
    return *latest;
}

template <typename Id>
Id randomId() {
    Id id;
    program::fillRandom(id.bytes.data(), id.bytes.size());
    return id;
}

}  // namespace

PhoneLink::Making PhoneLink::Making::with(receipt::SigningKeys keys, const event::Event& event) {
    return {program::newRecordId, randomId<record::ReceiptId>, randomId<record::Epoch>,
            [keys = std::move(keys), &event](record::PositionedUnit& unit) {
                unit.proof = receipt::prove(unit, event, keys);
                unit.signature = receipt::signUnit(unit, keys);
                return seal::sealUnit(unit, event.sealingKey);
            }};
}

std::vector<ledger::Scope> withdrawable(const Dossier& dossier) {
    ledger::History history;
    for (const KeptConsent& kept : dossier.consents) {
        history.add({kept.event, kept.origin.position.kiosk});
    }
    const ledger::Causality causality(history);
    std::set<ledger::Scope> scopes;
    for (const KeptConsent& kept : dossier.consents) {
        const ConsentEvent& yes = kept.event;
        if (!record::isYes(yes.state)) {
            continue;
        }
        const auto later = causality.knowing(*causality.find(yes.id));
        const bool isOver = std::any_of(
            dossier.consents.begin(), dossier.consents.end(), [&](const KeptConsent& other) {
                return ledger::isNo(other.event) && ledger::concerns(other.event, scopeOf(yes)) &&
                       later[*causality.find(other.event.id)];
            });
        if (!isOver) {
            scopes.insert(scopeOf(yes));
        }
    }
    return {scopes.begin(), scopes.end()};
}

ConsentEvent PhoneLink::eventOf(const Dossier& dossier, const ledger::Scope& scope,
                                const record::ClockReading& now) const {
    const ConsentEvent& yes = latestYes(dossier, scope);
    ConsentEvent event;
    event.purpose = scope.purpose;
    event.channel = scope.channel;
    event.state = record::ConsentState::Withdrawn;
    event.notice = yes.notice;
    event.at = now;
    event.validUntil = std::max(yes.validUntil, now.wall);
    const event::Ask* const ask = parts_.event.find(scope.purpose, scope.channel);
    if (ask != nullptr && ask->notices.contains(yes.notice.language)) {
        event.notice = ask->noticeRef(yes.notice.language);
        event.validUntil = now.wall + ask->validity;
    }
    event.evidence.screen = "receipt-page";
    event.evidence.build = parts_.build;
    event.causes = causesOf(dossier, scope);
    return event;
}

record::Unit PhoneLink::unitOf(const Dossier& dossier, const std::vector<ledger::Scope>& scopes,
                               record::Method method, const record::ClockReading& now,
                               std::uint64_t hubState) const {
    record::Unit unit;
    unit.id = parts_.making.newId();
    unit.kind = record::UnitKind::Withdrawal;
    unit.event = parts_.event.id;
    unit.subject = dossier.subject;
    unit.at = now;
    for (const ledger::Scope& scope : scopes) {
        ConsentEvent& event = unit.consents.emplace_back(eventOf(dossier, scope, now));
        event.id = record::idBeside(unit.id, unit.consents.size());
        event.method = method;
        event.hubState = hubState;
    }
    unit.receipt = parts_.making.newReceipt();
    return unit;
}

Result<> PhoneLink::dropBackedUp() {
    std::map<record::Epoch, std::uint64_t> marks;
    for (const WithdrawalJournal::Entry& entry : parts_.journal->entries()) {
        if (!marks.contains(entry.epoch)) {
            const auto mark = parts_.store.watermark({record::kHubLink, entry.epoch});
            if (!mark) {
                return tl::unexpected(mark.error());
            }
            marks.emplace(entry.epoch, *mark);
        }
    }
    return parts_.journal->drop(
        [&](const WithdrawalJournal::Entry& entry) { return entry.seq <= marks.at(entry.epoch); });
}

bool PhoneLink::note(const Waiting& sealed, const Place& place) {
    if (!parts_.journal) {
        return true;
    }
    const auto noted =
        parts_.journal->add({sealed.id, place.epoch, place.seq, place.before, sealed.sealed});
    if (!noted) {
        program::logWarning(
            "a withdrawal from the receipt's page is in the database only, until the next backup: "
            "{}",
            noted.error().context);
    }
    return noted.has_value();
}

void PhoneLink::forget(const Place& place) {
    const auto held = parts_.store.held({record::kHubLink, place.epoch});
    if (!parts_.journal || !held || held->holds(Hold::Received, place.seq)) {
        return;
    }
    const auto dropped = parts_.journal->drop([&](const WithdrawalJournal::Entry& entry) {
        return entry.epoch == place.epoch && entry.seq == place.seq;
    });
    if (!dropped) {
        program::logWarning(
            "a withdrawal from the receipt's page that failed is taken at the next start: {}",
            dropped.error().context);
    }
}

/// What stays there too long does no harm.
void PhoneLink::tidy() {
    if (!parts_.journal) {
        return;
    }
    if (const auto dropped = dropBackedUp(); !dropped) {
        program::logWarning("what a backup holds stays in the withdrawals' file: {}",
                            dropped.error().context);
    }
}

Result<std::size_t> PhoneLink::recall(record::WallTime now) {
    if (!parts_.journal) {
        return 0;
    }
    Intake intake;
    intake.whose = Whose::Anybodys;
    intake.isHeard = false;
    for (const WithdrawalJournal::Entry& entry : parts_.journal->entries()) {
        const seal::Digest digest = seal::digestOf(entry.sealed);
        intake.arrivals.push_back(
            {entry.id,
             {record::kHubLink, entry.epoch, entry.seq},
             digest,
             entry.sealed,
             entry.before,
             seal::chainAfter(entry.before, entry.epoch, entry.seq, entry.id, digest)});
    }
    if (intake.arrivals.empty()) {
        return 0;
    }
    const auto verdicts = parts_.store.take(intake, now);
    if (!verdicts) {
        return tl::unexpected(verdicts.error());
    }
    if (const auto dropped = dropBackedUp(); !dropped) {
        return tl::unexpected(dropped.error());
    }
    return static_cast<std::size_t>(
        std::count_if(verdicts->begin(), verdicts->end(),
                      [](Verdict verdict) { return verdict != Verdict::Duplicate; }));
}

Result<record::ReceiptId> PhoneLink::withdraw(const Dossier& dossier,
                                              const std::vector<ledger::Scope>& scopes,
                                              record::Method method,
                                              const record::ClockReading& now) {
    const auto hubState = parts_.downLog.downVersion();
    if (!hubState) {
        return tl::unexpected(hubState.error());
    }
    // A commit whose answer got lost may have taken this place: what follows it stands elsewhere.
    const Place place = std::exchange(place_, std::nullopt)
                            .value_or(Place{parts_.making.newEpoch(), 1, seal::kChainStart});
    record::PositionedUnit unit;
    unit.position = {record::kHubLink, place.epoch, place.seq};
    unit.unit = unitOf(dossier, scopes, method, now, hubState->urgent);

    Waiting sealed{unit.unit.id, unit.position, parts_.making.seal(unit)};
    const seal::Digest digest = seal::digestOf(sealed.sealed);
    const record::ChainHash after =
        seal::chainAfter(place.before, place.epoch, place.seq, sealed.id, digest);
    Intake intake;
    intake.whose = Whose::Anybodys;  // of several workers, whichever is asked
    intake.arrivals.push_back(
        {sealed.id, sealed.position, digest, sealed.sealed, place.before, after});
    // First: when the process ends behind the commit, or its answer gets lost, who asks again hears
    // that nothing is left, and relies on it.
    const bool isNoted = note(sealed, place);
    const auto verdicts = parts_.store.take(intake, now.wall);
    if (!verdicts) {
        forget(place);
        return tl::unexpected(verdicts.error());
    }
    if (verdicts->front() != Verdict::Stored) {
        return fail(Code::Internal, "a withdrawal's place was taken");
    }
    if (isNoted) {
        // Else a database that is put back would have a hole before the next one.
        place_ = Place{place.epoch, place.seq + 1, after};
    }
    tidy();

    // What is inside is known here: nobody has to open it before it can be seen.
    std::vector<Opened> opened{judgeContent(sealed, std::move(unit), parts_.event.id)};
    const record::ReceiptId receipt = *opened.front().content->unit.receipt;
    if (const auto filed = parts_.filing.file({&sealed, 1}, std::move(opened), now.wall); !filed) {
        program::logWarning("a withdrawal from the receipt's page is filed later: {}",
                            filed.error().context);
    }
    return receipt;
}

}  // namespace tapport::hub
