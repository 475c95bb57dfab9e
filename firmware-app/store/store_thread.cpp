// SPDX-License-Identifier: GPL-3.0-or-later
#include "firmware-app/store/store_thread.h"

namespace tapport::store {

StoreThread::StoreThread(std::unique_ptr<KioskStore> store)
    : store_(std::move(store)), thread_([this] { work(); }) {}

StoreThread::~StoreThread() {
    {
        const std::lock_guard lock(mutex_);
        isEnding_ = true;
    }
    changed_.notify_one();
    thread_.join();
}

void StoreThread::enqueue(std::function<void(KioskStore&)> work) {
    {
        const std::lock_guard lock(mutex_);
        queue_.push_back(std::move(work));
    }
    changed_.notify_one();
}

void StoreThread::work() {
    std::unique_lock lock(mutex_);
    while (true) {
        changed_.wait(lock, [this] { return isEnding_ || !queue_.empty(); });
        if (queue_.empty()) {
            return;
        }
        const auto next = std::move(queue_.front());
        queue_.pop_front();
        lock.unlock();
        next(*store_);
        lock.lock();
    }
}

Result<std::vector<agent::OutboxEpoch>> ThreadedOutbox::epochs() {
    return thread_.run([](KioskStore& store) { return store.epochs(); });
}

Result<std::vector<agent::OutboxRow>> ThreadedOutbox::waiting(const agent::OutboxQuery& query) {
    return thread_.run([&](KioskStore& store) { return store.waiting(query); });
}

Result<> ThreadedOutbox::markReceived(std::span<const agent::SeqRange> numbers) {
    return thread_.run([&](KioskStore& store) { return store.markReceived(numbers); });
}

Result<> ThreadedOutbox::markQuarantined(std::span<const agent::SeqRange> numbers) {
    return thread_.run([&](KioskStore& store) { return store.markQuarantined(numbers); });
}

Result<> ThreadedOutbox::markWaiting(std::span<const agent::SeqRange> numbers) {
    return thread_.run([&](KioskStore& store) { return store.markWaiting(numbers); });
}

Result<std::optional<record::ChainHash>> ThreadedOutbox::chainAt(std::uint64_t seq) {
    return thread_.run([&](KioskStore& store) { return store.chainAt(seq); });
}

Result<> ThreadedOutbox::startEpoch(const record::Epoch& left) {
    return thread_.run([&](KioskStore& store) { return store.startEpoch(left); });
}

Result<> ThreadedOutbox::startHub(const wire::HubEpoch& hub) {
    return thread_.run([&](KioskStore& store) { return store.startHub(hub); });
}

Result<bool> ThreadedOutbox::prune(const agent::SeqRange& numbers) {
    return thread_.run([&](KioskStore& store) { return store.prune(numbers); });
}

Result<agent::OutboxCounts> ThreadedOutbox::counts() {
    return thread_.run([](KioskStore& store) { return store.counts(); });
}

}  // namespace tapport::store
