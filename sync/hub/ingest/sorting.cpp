// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/ingest/sorting.h"

#include "sync/hub/ingest/links.h"
#include "sync/wire/topics.h"

#include <algorithm>

#include <fmt/core.h>

namespace tapport::hub {
namespace {

/// Parcels of which every record has its place, and what the records are views of.
class Unfolded {
  public:
    explicit Unfolded(const std::vector<KeptParcel>& parcels) {
        batches_.reserve(parcels.size());
        for (const KeptParcel& parcel : parcels) {
            intake_.sorted.push_back(parcel.number);
            bytes_ += parcel.payload.size();
            auto decoded = wire::decodeUp(parcel.payload);
            if (decoded && std::holds_alternative<wire::Batch>(decoded->message)) {
                put(batches_.emplace_back(std::get<wire::Batch>(std::move(decoded->message))));
            } else {
                intake_.suspects.push_back({wire::upTopic(parcel.kiosk), parcel.payload,
                                            Reason::Unreadable,
                                            "acknowledged by a program that could read it"});
            }
            ends_.push_back(intake_.arrivals.size());
        }
    }
    [[nodiscard]] Intake& intake() { return intake_; }
    /// Of the arrivals of the n-th parcel.
    [[nodiscard]] std::size_t end(std::size_t parcel) const { return ends_[parcel]; }
    [[nodiscard]] std::size_t bytes() const { return bytes_; }

  private:
    void put(const wire::Batch& batch) {
        for (const auto& [unit, digest, link] : linkedUnits(batch)) {
            intake_.arrivals.push_back({unit->id,
                                        {batch.kiosk, batch.epoch, link.seq},
                                        digest,
                                        unit->sealed,
                                        link.before,
                                        link.after});
        }
    }

    std::vector<wire::Batch> batches_;
    std::vector<std::size_t> ends_;
    Intake intake_;
    std::size_t bytes_ = 0;
};

}  // namespace

Result<std::int64_t> Sorting::step(Whose whose) {
    const auto through = sort(store_.parcels(whose, kBytesAStep), whose);
    if (through && *through == 0) {
        unsorted_ = 0;
    }
    return through;
}

Result<std::int64_t> Sorting::sort(const Result<std::vector<KeptParcel>>& parcels, Whose whose) {
    if (!parcels) {
        return tl::unexpected(parcels.error());
    }
    if (parcels->empty()) {
        return 0;
    }
    Unfolded unfolded(*parcels);
    Intake& intake = unfolded.intake();
    intake.whose = whose;
    const record::WallTime receivedAt = parcels->back().receivedAt;
    const auto verdicts = store_.take(intake, receivedAt);
    if (!verdicts) {
        return tl::unexpected(verdicts.error());
    }
    unsorted_ -= std::min(unsorted_, unfolded.bytes());
    for (const Suspect& suspect : intake.suspects) {
        alarms_.push_back(fmt::format("quarantined a message of {} bytes: {}",
                                      suspect.payload.size(), suspect.detail));
    }
    judge(intake.arrivals, *verdicts);
    for (std::size_t i = 0, begin = 0; i < parcels->size(); begin = unfolded.end(i++)) {
        const auto its = std::span(*verdicts).subspan(begin, unfolded.end(i) - begin);
        noteRepeat(parcels->at(i).kiosk, its, receivedAt);
    }
    return parcels->back().number;
}

Result<> Sorting::untilNothingIsLeft(const Step& step) {
    constexpr int kMostClashes = 100;  // with other workers, in a row
    for (int clashes = 0;;) {
        const auto through = step();
        if (!through && through.error().code == Code::Busy && ++clashes < kMostClashes) {
            continue;
        }
        if (!through) {
            return tl::unexpected(through.error());
        }
        if (*through == 0) {
            return {};
        }
        clashes = 0;
    }
}

Result<> Sorting::all(Whose whose) {
    return untilNothingIsLeft([&] { return step(whose); });
}

Result<> Sorting::allOf(const record::KioskId& kiosk, Whose whose) {
    return untilNothingIsLeft([&] { return sort(store_.parcelsOf(kiosk, kBytesAStep), whose); });
}

Result<> Sorting::makeRoom() {
    return untilNothingIsLeft(
        [&]() -> Result<std::int64_t> { return unsorted_ > kMostUnsorted ? step(Whose::Own) : 0; });
}

/// A copied card may bring many of them: one line of each kind.
void Sorting::judge(std::span<const Arrival> arrivals, std::span<const Verdict> verdicts) {
    std::map<std::pair<Sequence, Verdict>, record::SeqRanges> found;
    for (std::size_t i = 0; i < verdicts.size(); ++i) {
        if (verdicts[i] == Verdict::Conflict || verdicts[i] == Verdict::Forked) {
            const auto& [kiosk, epoch, seq] = arrivals[i].position;
            found[{{kiosk, epoch}, verdicts[i]}].add(seq);
        }
    }
    for (const auto& [what, seqs] : found) {
        const auto& [sequence, verdict] = what;
        alarms_.push_back(fmt::format(
            "{} of {}/{}, from {} on: {}", seqs.count(), sequence.kiosk.value, sequence.epoch.hex(),
            seqs.view().front().first,
            verdict == Verdict::Conflict
                ? "records with the ids of others, quarantined"
                : "another copy's records at or beside these: cloned or restored kiosk"));
    }
}

/// A kiosk repeats what it got no answer for; so does who replays what he recorded of it. Neither
/// brings anything, and the two look alike: the log says that it happened, how often, and whose.
void Sorting::noteRepeat(const record::KioskId& kiosk, std::span<const Verdict> verdicts,
                         record::WallTime now) {
    constexpr std::chrono::minutes kBetweenLines{10};
    const bool isRepeat =
        !verdicts.empty() && std::all_of(verdicts.begin(), verdicts.end(), [](Verdict verdict) {
            return verdict == Verdict::Duplicate;
        });
    if (!isRepeat) {
        return;
    }
    Repeats& repeats = repeats_[kiosk];
    repeats.since += verdicts.size();
    // A clock that was set back does not silence it.
    if (repeats.said && now >= *repeats.said && now < *repeats.said + kBetweenLines) {
        return;
    }
    alarms_.push_back(fmt::format(
        "{} records of {} came that are here already: sent again for want of an answer, or "
        "replayed; nothing is taken twice",
        std::exchange(repeats.since, 0), kiosk.value));
    repeats.said = now;
}

}  // namespace tapport::hub
