// SPDX-License-Identifier: GPL-3.0-or-later
// Gives the records of acknowledged batches places of their own: behind the acknowledgement, so
// that a kiosk does not wait for it. Finds what is here already, what clashes and what another copy
// of a card made. Called on the store's thread.
#pragma once

#include "sync/hub/store/store.h"

namespace tapport::hub {

class Sorting {
  public:
    /// A bounded piece of work, about 450 records: ingest waits no longer than one.
    static constexpr std::size_t kBytesAStep = 256 * 1024;
    /// With more than that unsorted, what comes is sorted before it is acknowledged: kiosks then
    /// feel how fast this hub is.
    static constexpr std::size_t kMostUnsorted = 64 * 1024 * 1024;

    /// `store` must outlive it.
    explicit Sorting(ArrivalStore& store) : store_(store) {}

    /// What came of some.
    struct Sorted {
        bool hasMore = false;               ///< something may be left
        std::vector<std::string> alarms{};  ///< for the log: quarantines, forks, repeats
    };
    /// The oldest, in one transaction.
    /// Busy: another worker was faster, or serves these kiosks now.
    [[nodiscard]] Result<Sorted> step(Whose whose);
    /// Until nothing is left; gives the alarms.
    [[nodiscard]] Result<std::vector<std::string>> all(Whose whose);

    /// Of this process's own, so many bytes were kept.
    void kept(std::size_t bytes) { unsorted_ += bytes; }
    [[nodiscard]] bool isOverfull() const { return unsorted_ > kMostUnsorted; }

  private:
    /// Of a batch that brought nothing but what is here already: seldom enough to be read.
    void noteRepeat(const record::KioskId& kiosk, std::span<const Verdict> verdicts,
                    record::WallTime now, std::vector<std::string>& alarms);

    ArrivalStore& store_;
    std::size_t unsorted_ = 0;  ///< bytes, at most
    struct Repeats {
        std::uint64_t since = 0;  ///< how many, since they were last spoken of
        std::optional<record::WallTime> said;
    };
    std::map<record::KioskId, Repeats> repeats_;
};

}  // namespace tapport::hub
