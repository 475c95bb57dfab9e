// SPDX-License-Identifier: GPL-3.0-or-later
// The one thread that touches the store once the kiosk runs. Work is done in the order in which it
// was posted; nothing that was posted is dropped.
#pragma once

#include "firmware-app/store/kiosk_store.h"

#include <condition_variable>
#include <deque>
#include <future>
#include <mutex>
#include <thread>

namespace tapport::store {

class StoreThread {
  public:
    explicit StoreThread(std::unique_ptr<KioskStore> store);
    /// Finishes what was posted, then closes the store.
    ~StoreThread();
    StoreThread(const StoreThread&) = delete;
    StoreThread& operator=(const StoreThread&) = delete;

    /// `task(KioskStore&)` and then `done(its result)`, both on the store's thread and neither
    /// throwing. From any thread; returns at once.
    template <typename Task, typename Done>
    void post(Task task, Done done) {
        enqueue([task = std::move(task), done = std::move(done)](KioskStore& store) mutable {
            done(task(store));
        });
    }

    /// Runs `task` and waits for its result. From any thread but the store's own and the UI's.
    template <typename Task>
    auto run(Task task) -> decltype(task(std::declval<KioskStore&>())) {
        std::promise<decltype(task(std::declval<KioskStore&>()))> promise;
        auto result = promise.get_future();
        enqueue([&](KioskStore& store) { promise.set_value(task(store)); });
        return result.get();
    }

  private:
    void enqueue(std::function<void(KioskStore&)> work);
    void work();

    std::unique_ptr<KioskStore> store_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<std::function<void(KioskStore&)>> queue_;
    bool isEnding_ = false;
    std::thread thread_;
};

/// The outbox for the pump's runner, which may block on its own thread.
class ThreadedOutbox final : public agent::Outbox {
  public:
    /// `thread` must outlive this.
    explicit ThreadedOutbox(StoreThread& thread) : thread_(thread) {}

    [[nodiscard]] Result<std::vector<agent::OutboxEpoch>> epochs() override;
    [[nodiscard]] Result<std::vector<agent::OutboxRow>> waiting(
        const agent::OutboxQuery& query) override;
    [[nodiscard]] Result<std::optional<record::ChainHash>> chainAt(std::uint64_t seq) override;
    [[nodiscard]] Result<> markReceived(std::span<const agent::SeqRange> numbers) override;
    [[nodiscard]] Result<> markQuarantined(std::span<const agent::SeqRange> numbers) override;
    [[nodiscard]] Result<> markWaiting(std::span<const agent::SeqRange> numbers) override;
    [[nodiscard]] Result<> startEpoch(const record::Epoch& left) override;
    [[nodiscard]] Result<> startHub(const wire::HubEpoch& hub) override;
    [[nodiscard]] Result<bool> prune(const agent::SeqRange& numbers) override;
    [[nodiscard]] Result<agent::OutboxCounts> counts() override;

  private:
    StoreThread& thread_;
};

}  // namespace tapport::store
