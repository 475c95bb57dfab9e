// SPDX-License-Identifier: GPL-3.0-or-later
// The one thread that calls the hub's store. Others hand it work; it does background steps (opening
// sealed units) when no work waits, and at least every kLongestWithoutStep under load.
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
    static constexpr std::chrono::milliseconds kLongestWithoutStep{250};

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

    /// Any thread but this one; blocks until `work` has run and gives its result.
    template <typename Work>
    auto ask(Work work) -> decltype(work()) {
        auto task = std::make_shared<std::packaged_task<decltype(work())()>>(std::move(work));
        auto result = task->get_future();
        post([task] { (*task)(); });
        return result.get();
    }

  private:
    void run();

    std::function<bool()> step_;
    std::chrono::milliseconds rest_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<std::function<void()>> work_;
    bool isEnding_ = false;
    std::thread thread_;  // last: it uses all of the above
};

}  // namespace tapport::hub
