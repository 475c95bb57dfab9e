// SPDX-License-Identifier: GPL-3.0-or-later
// The one thread that calls the hub's store. Others hand it work; it does background steps (it
// sorts, files, destroys) when no work has come for a while, and in a share of its time meanwhile.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <thread>

namespace tapport::hub {

class StoreThread {
  public:
    /// Without work for that long, steps follow each other. A kiosk that drains sends its next
    /// batch sooner: a step would only keep it waiting.
    static constexpr std::chrono::milliseconds kCalm{100};
    /// When work begins to come, it has that long for itself; from then on each step is followed by
    /// so many times its duration, and by kCalm at least: steps are never starved, and never take
    /// more than a fifth of the time.
    static constexpr std::chrono::milliseconds kGrace{1000};
    static constexpr int kWorkPerStep = 4;

    static constexpr std::chrono::minutes kRest{1};

    /// `step` does a bounded piece of background work and says whether more is left. It is asked
    /// again after each work, and after `rest`: files and days change without a message.
    explicit StoreThread(std::function<bool()> step, std::chrono::milliseconds rest = kRest);
    /// Finishes the work that was handed over, then ends.
    ~StoreThread();
    StoreThread(const StoreThread&) = delete;
    StoreThread& operator=(const StoreThread&) = delete;

    /// Any thread; never blocks. Work runs in the order in which it was handed over.
    void post(std::function<void()> work);
    /// There is something for a step to do. Any thread; never blocks.
    void wake();

    /// Any thread but this one; blocks until `work` has run and gives its result.
    template <typename Work>
    auto ask(Work work) -> decltype(work()) {
        auto task = std::make_shared<std::packaged_task<decltype(work())()>>(std::move(work));
        auto result = task->get_future();
        post([task] { (*task)(); });
        return result.get();
    }

  private:
    using Clock = std::chrono::steady_clock;
    void run();
    void doNextWork(std::unique_lock<std::mutex>& lock);
    void doStep(std::unique_lock<std::mutex>& lock);
    [[nodiscard]] bool hasToAct() const { return !work_.empty() || isEnding_; }

    std::function<bool()> step_;
    std::chrono::milliseconds rest_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<std::function<void()>> work_;
    bool mayHaveMore_ = true;     ///< for a step to do
    Clock::time_point calmAt_{};  ///< when the last work is long enough ago
    Clock::time_point dueAt_{};   ///< when a step has its turn even while work comes
    bool isEnding_ = false;
    std::thread thread_;  // last: it uses all of the above
};

}  // namespace tapport::hub
