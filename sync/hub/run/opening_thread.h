// SPDX-License-Identifier: GPL-3.0-or-later
// Opens units away from the store's thread: ingest never waits for the opener, be it slow, frozen
// or dead. One batch at a time; tries again until it is opened. A unit that ends the opener each
// time is given up, so that it does not block the others.
#pragma once

#include "sync/hub/opener/opening_round.h"

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace tapport::hub {

class OpeningThread {
  public:
    struct Batch {
        std::vector<Waiting> units;
        std::vector<Opened> opened;  ///< one for one
    };
    /// Between two looks whether the opener lives, and between two tries.
    static constexpr std::chrono::milliseconds kBetweenLooks{200};

    /// `opener` must outlive it.
    /// `probe`: makeProbe().
    OpeningThread(UnitOpener& opener, Waiting probe,
                  std::chrono::milliseconds betweenLooks = kBetweenLooks);
    ~OpeningThread() { stop(); }
    OpeningThread(const OpeningThread&) = delete;
    OpeningThread& operator=(const OpeningThread&) = delete;

    /// Neither opening nor holding what take() has not taken. Any thread, like the following.
    [[nodiscard]] bool isIdle() const;
    /// Only when idle. `done` is called on this object's thread, not after stop().
    void start(std::vector<Waiting> units, std::function<void()> done);
    [[nodiscard]] std::optional<Batch> take();
    /// What was not opened by now stays sealed. Waits for the opener's answer to a request, or for
    /// the end of its patience.
    void stop();

  private:
    void run();
    [[nodiscard]] std::vector<Opened> openAll(const std::vector<Waiting>& units);
    /// False when it is ending.
    bool pause();

    UnitOpener& opener_;
    Waiting probe_;
    std::chrono::milliseconds betweenLooks_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    bool isEnding_ = false;
    bool isBusy_ = false;
    std::vector<Waiting> asked_;
    std::function<void()> done_;
    std::optional<Batch> result_;
    std::thread thread_;  // last: it uses all of the above
};

}  // namespace tapport::hub
