// SPDX-License-Identifier: GPL-3.0-or-later
// How desks work on the store from their own threads: in pieces, so that kiosks go on being
// acknowledged in between.
#pragma once

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

/// Opens and files all of this worker's units that wait, checks all proofs that must be. Waits for
/// the opener on the caller's thread; fails when it is not there.
[[nodiscard]] Result<> fileAll(const StoreAccess& onStore, Filing& filing, record::WallTime now);

}  // namespace tapport::hub
