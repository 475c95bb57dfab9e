// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/ingest/sorting.h"

#include "sync/hub/ingest/links.h"
#include "sync/wire/topics.h"

#include <algorithm>

#include <fmt/core.h>

namespace tapport::hub {
namespace {

void judge(const record::Position& position, Verdict verdict, std::vector<std::string>& alarms) {
    if (verdict == Verdict::Conflict) {
        alarms.push_back(fmt::format("a record at {}/{}/{} has the id of another: quarantined",
                                     position.kiosk.value, position.epoch.hex(), position.seq));
    }
    if (verdict == Verdict::Forked) {
        alarms.push_back(
            fmt::format("another copy's record at or beside {}/{}/{}: cloned or restored kiosk",
                        position.kiosk.value, position.epoch.hex(), position.seq));
    }
}

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

Result<Sorting::Sorted> Sorting::step(Whose whose) {
    const auto parcels = store_.parcels(whose, kBytesAStep);
    if (!parcels) {
        return tl::unexpected(parcels.error());
    }
    if (parcels->empty()) {
        unsorted_ = 0;
        return Sorted{};
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
    Sorted sorted{true, {}};
    for (const Suspect& suspect : intake.suspects) {
        sorted.alarms.push_back(fmt::format("quarantined a message of {} bytes: {}",
                                            suspect.payload.size(), suspect.detail));
    }
    for (std::size_t i = 0; i < verdicts->size(); ++i) {
        judge(intake.arrivals[i].position, verdicts->at(i), sorted.alarms);
    }
    for (std::size_t i = 0, begin = 0; i < parcels->size(); begin = unfolded.end(i++)) {
        const auto its = std::span(*verdicts).subspan(begin, unfolded.end(i) - begin);
        noteRepeat(parcels->at(i).kiosk, its, receivedAt, sorted.alarms);
    }
    return sorted;
}

Result<std::vector<std::string>> Sorting::all(Whose whose) {
    constexpr int kMostClashes = 100;  // with other workers, in a row
    std::vector<std::string> alarms;
    for (int clashes = 0; clashes < kMostClashes;) {
        auto sorted = step(whose);
        if (!sorted && sorted.error().code == Code::Busy) {
            ++clashes;
            continue;
        }
        if (!sorted) {
            return tl::unexpected(sorted.error());
        }
        std::move(sorted->alarms.begin(), sorted->alarms.end(), std::back_inserter(alarms));
        if (!sorted->hasMore) {
            return alarms;
        }
        clashes = 0;
    }
    return fail(Code::Busy, "sort what came: other workers are at it all the time");
}

/// A kiosk repeats what it got no answer for; so does who replays what he recorded of it. Neither
/// brings anything, and the two look alike: the log says that it happened, how often, and whose.
void Sorting::noteRepeat(const record::KioskId& kiosk, std::span<const Verdict> verdicts,
                         record::WallTime now, std::vector<std::string>& alarms) {
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
    alarms.push_back(fmt::format(
        "{} records of {} came that are here already: sent again for want of an answer, or "
        "replayed; nothing is taken twice",
        std::exchange(repeats.since, 0), kiosk.value));
    repeats.said = now;
}

}  // namespace tapport::hub
