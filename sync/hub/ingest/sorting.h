// SPDX-License-Identifier: GPL-3.0-or-later
// Gives the records of acknowledged batches places of their own: behind the acknowledgement, so
// that a kiosk does not wait for it. Finds what is here already, what clashes and what another copy
// of a card made. Called on the store's thread.
#pragma once

#include "sync/hub/store/store.h"

#include <utility>

namespace tapport::hub {

class Sorting {
  public:
    /// A bounded piece of work, as much as ingest takes at once: it waits no longer than that.
    static constexpr std::size_t kBytesAStep = 512 * 1024;
    /// With more than that unsorted, what comes waits until as much is sorted: kiosks then feel how
    /// fast this hub is. About 300,000 records: what they recorded in an outage is acknowledged at
    /// the speed of the disk.
    static constexpr std::size_t kMostUnsorted = 256 * 1024 * 1024;

    /// `store` must outlive it.
    explicit Sorting(ArrivalStore& store) : store_(store) {}

    using Step = std::function<Result<std::int64_t>()>;
    /// Steps that answer as step() does, until one says 0; another worker may be faster so many
    /// times in a row.
    [[nodiscard]] static Result<> untilNothingIsLeft(const Step& step);

    /// The oldest, in one transaction: the number of the last, or 0 when nothing is left.
    /// Busy: another worker was faster, or serves these kiosks now.
    [[nodiscard]] Result<std::int64_t> step(Whose whose);
    /// Until nothing is left.
    [[nodiscard]] Result<> all(Whose whose);
    /// The same of one kiosk, of which something is asked.
    [[nodiscard]] Result<> allOf(const record::KioskId& kiosk, Whose whose);
    /// The number of the newest that waits; 0: nothing does.
    [[nodiscard]] Result<std::int64_t> newest() { return store_.newestParcel(); }
    /// Until no more is unsorted than may be.
    [[nodiscard]] Result<> makeRoom();
    /// For the log, of what was sorted since they were taken last: quarantines, forks, repeats.
    [[nodiscard]] std::vector<std::string> takeAlarms() { return std::exchange(alarms_, {}); }

    /// Of this process's own, so many bytes were kept.
    void kept(std::size_t bytes) { unsorted_ += bytes; }
    /// Bytes of what this process kept and did not sort; others may have.
    [[nodiscard]] std::size_t unsorted() const { return unsorted_; }

  private:
    [[nodiscard]] Result<std::int64_t> sort(const Result<std::vector<KeptParcel>>& parcels,
                                            Whose whose);
    void judge(std::span<const Arrival> arrivals, std::span<const Verdict> verdicts);
    /// Of a batch that brought nothing but what is here already: seldom enough to be read.
    void noteRepeat(const record::KioskId& kiosk, std::span<const Verdict> verdicts,
                    record::WallTime now);

    ArrivalStore& store_;
    std::size_t unsorted_ = 0;
    std::vector<std::string> alarms_;
    struct Repeats {
        std::uint64_t since = 0;  ///< how many, since they were last spoken of
        std::optional<record::WallTime> said;
    };
    std::map<record::KioskId, Repeats> repeats_;
};

}  // namespace tapport::hub
