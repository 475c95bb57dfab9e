// SPDX-License-Identifier: GPL-3.0-or-later
// How desks work on the store from their own threads: in pieces, so that kiosks go on being
// acknowledged in between.
#pragma once

#include "sync/hub/ingest/sorting.h"
#include "sync/hub/opener/filing.h"

#include <functional>

namespace tapport::hub {

class StoreAccess {
  public:
    /// Runs work where the store may be called, and returns when it is done.
    using Run = std::function<void(const std::function<void()>&)>;

    explicit StoreAccess(Run run) : run_(std::move(run)) {}

    template <typename Body>
    auto operator()(Body body) const -> decltype(body()) {
        std::optional<decltype(body())> result;
        run_([&] { result.emplace(body()); });
        return std::move(*result);
    }
    /// Until `step` says that nothing is left.
    template <typename Step>
    Result<> inSteps(Step step) const {
        for (;;) {
            const auto hasMore = (*this)(step);
            if (!hasMore) {
                return tl::unexpected(hasMore.error());
            }
            if (!*hasMore) {
                return {};
            }
        }
    }

  private:
    Run run_;
};

/// On the store's thread.
void logAlarms(Sorting& sorting);
/// Sorts what came until now, in pieces: what is asked of the store then sees all that was
/// acknowledged before this was called.
[[nodiscard]] Result<> sortSoFar(const StoreAccess& onStore, Sorting& sorting, Whose whose);
/// All that waits of this worker's: sorts what came, opens and files units, checks all proofs that
/// must be. Waits for the opener on the caller's thread; fails when it is not there.
[[nodiscard]] Result<> fileAll(const StoreAccess& onStore, Sorting& sorting, Filing& filing,
                               record::WallTime now);
/// On the store's thread: sorts what came, also to other workers, so that `body` sees all that was
/// acknowledged up to its end.
template <typename Body>
auto sortedFirst(Sorting& sorting, Body body) -> decltype(body()) {
    const auto sorted = sorting.all(Whose::Anybodys);
    logAlarms(sorting);
    return sorted ? body() : tl::unexpected(sorted.error());
}

}  // namespace tapport::hub
