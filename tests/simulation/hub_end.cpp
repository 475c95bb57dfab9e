// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/simulation/hub_end.h"

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

HubEnd::HubEnd(Clockwork& clock, Random& random, const event::Event& event, Mutant mutant)
    : clock_(clock),
      random_(random),
      event_(event),
      mutant_(mutant),
      disk_(random, mutant),
      page_(random, event, mutant, disk_),
      opener_(clock, random, event.id, mutant),
      keys_("", "", event, {}) {
    (void)start({});
}

bool HubEnd::start(record::WallTime now) {
    process_.emplace(Process{hub::Ingest(disk_, event_.id, signatures(mutant_)),
                             hub::Filing(disk_, opener_, keys_),
                             hub::Teller(disk_, event_.id, disk_.epoch, support::signerFor("hub"),
                                         [] { return std::vector<record::KioskId>{}; })});
    try {
        if (page_.start(process_->filing, now)) {
            return true;
        }
    } catch (const ProcessEnded&) {
        // As if it had failed.
    }
    stop();
    return false;
}

void HubEnd::stop() {
    page_.stop();
    process_.reset();
    inbox_.clear();
    disk_.crash();
}

void HubEnd::restore() {
    disk_.restore(backup_);
    if (mutant_ != Mutant::KeepHubEpoch) {
        disk_.beginEpoch(random_.id<wire::HubEpoch>());
    }
}

std::vector<hub::Message> HubEnd::work() {
    constexpr std::size_t kMostAtOnce = 64;
    const auto some =
        inbox_.begin() + static_cast<std::ptrdiff_t>(std::min(inbox_.size(), kMostAtOnce));
    std::vector<hub::Message> messages(std::move_iterator(inbox_.begin()),
                                       std::move_iterator(some));
    inbox_.erase(inbox_.begin(), some);
    auto taken = process_->ingest.take(std::move(messages), record::WallTime{});
    if (!taken) {
        return {};
    }
    process_->teller.heard(taken->heard);
    return std::move(taken->answers);
}

/// As hub::Background and hub::OpeningThread do.
std::optional<Millis> HubEnd::openNext(record::WallTime now) {
    constexpr Millis kBetweenLooks{200};
    if (process_->ingest.sorting().step(hub::Whose::Own).value_or(0) > 0) {
        return Millis(1);
    }
    std::optional<hub::OpeningRound>& round = process_->round;
    if (!round) {
        auto piece = process_->filing.prepare(random_.between(1, 8));
        if (!piece || piece->units.empty()) {
            return std::nullopt;
        }
        round.emplace(std::move(piece->units), probe_);
    }
    const auto next = round->next();
    if (next.empty()) {
        const bool isFiled =
            process_->filing.file(round->units(), round->takeOpened(), now).has_value();
        round.reset();
        return isFiled ? Millis(1) : kBetweenLooks;
    }
    const bool goesOn = round->answered(opener_.open(next));
    return opener_.took() + (goesOn ? Millis(0) : kBetweenLooks);
}

std::vector<hub::Message> HubEnd::tell() {
    auto chunks = process_->teller.next(clock_.now()).value_or(std::vector<hub::Message>{});
    const std::uint64_t urgent = disk_.toldThrough().urgent;
    for (const hub::Message& message : chunks) {
        const wire::DownChunk chunk = wire::decodeDown(message.payload).value().message;
        if (chunk.through.bulk > chunk.from.bulk && chunk.through.urgent < urgent) {
            throw Violation("what is urgent waits behind a roster");
        }
    }
    return chunks;
}

PageAnswer HubEnd::serve(const PageRequest& request, record::WallTime now) {
    if (const auto sorted = process_->ingest.sorting().all(hub::Whose::Anybodys); !sorted) {
        return tl::unexpected(sorted.error());
    }
    return page_.serve(request, now);
}

/// Mostly more than a chunk takes; and some of it is erased while it waits, or later.
void HubEnd::importRoster() {
    clock_.after(random_.millis(0, 20'000), [this] { disk_.eraseRow(); });
    for (std::uint64_t rows = random_.between(1, 12); rows > 0; --rows) {
        disk_.importRow(random_.id<record::VaultLookup>());
    }
}

/// As hub::Custody does.
void HubEnd::beginBackUp(record::WallTime now) {
    (void)process_->ingest.sorting().all(hub::Whose::Own);
    (void)process_->filing.finish(now);
    process_->marks = disk_.openedThrough();
    if (mutant_ == Mutant::MarkAfterCopy) {
        backup_ = disk_.backUp();
    }
}

void HubEnd::finishBackUp() {
    if (!process_ || !process_->marks) {
        return;
    }
    if (mutant_ == Mutant::MarkAfterCopy) {
        process_->marks = disk_.openedThrough();
    } else {
        backup_ = disk_.backUp();
    }
    disk_.setWatermarks(*std::exchange(process_->marks, {}));
}

std::optional<std::vector<hub::ProvenLead>> HubEnd::exportLeads(record::WallTime now) {
    const auto isSorted = process_->ingest.sorting().all(hub::Whose::Anybodys);
    const auto isOpened = process_->filing.finish(now);
    if (mutant_ != Mutant::ExportUnopened && (!isSorted || !isOpened || !*isOpened)) {
        return std::nullopt;
    }
    const ledger::Suppressions nobody{ledger::SuppressionKey{}};
    const record::TrustedNow trusted({now, record::ClockQuality::Synced, {}, {}});
    std::vector<hub::ProvenLead> leads;
    for (const auto& [subject, kept] : disk_.dossiers()) {
        hub::Dossier dossier = kept;
        if (mutant_ == Mutant::LastAnswerCounts) {
            keepLatest(dossier);
        }
        auto some = hub::judge(dossier, event_, nobody, trusted).leads;
        std::move(some.begin(), some.end(), std::back_inserter(leads));
    }
    return leads;
}

}  // namespace tapport::simulation
