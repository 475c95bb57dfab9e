// SPDX-License-Identifier: GPL-3.0-or-later
// Keeps in memory what a hub tells, as the port says; can be told to fail. Thread-safe.
#pragma once

#include "sync/agent/downstream_sink.h"

#include <map>
#include <mutex>

namespace tapport::support {

class FakeSink final : public agent::DownstreamSink {
  public:
    using Items = std::map<std::pair<wire::ItemKind, Bytes>, Bytes>;
    /// What is on the card.
    struct Kept {
        wire::DownState has;
        Items items;
        Items earlier{};  ///< of these, what only another hub epoch has told
    };

    Result<wire::DownState> downState() override {
        const std::lock_guard lock(mutex_);
        return kept_.has;
    }
    Result<wire::DownState> apply(const wire::DownChunk& chunk) override {
        const std::lock_guard lock(mutex_);
        if (isFailing_) {
            return fail(Code::Storage, "told to fail");
        }
        if (!wire::follows(chunk, kept_.has)) {
            return wire::after(chunk, kept_.has);
        }
        if (kept_.has.hub != chunk.hub) {
            kept_.earlier = kept_.items;
        }
        for (const wire::DownItem& item : chunk.items) {
            kept_.items.erase({item.kind, item.key});
            kept_.earlier.erase({item.kind, item.key});
            if (item.payload) {
                kept_.items[{item.kind, item.key}] = *item.payload;
            }
        }
        if (chunk.rest == wire::Rest::None) {
            for (const auto& [key, payload] : std::exchange(kept_.earlier, {})) {
                kept_.items.erase(key);
            }
        }
        kept_.has = wire::after(chunk, kept_.has);
        return kept_.has;
    }

    [[nodiscard]] Items items() const {
        const std::lock_guard lock(mutex_);
        return kept_.items;
    }
    [[nodiscard]] Kept kept() const {
        const std::lock_guard lock(mutex_);
        return kept_;
    }
    void insert(Kept kept) {
        const std::lock_guard lock(mutex_);
        kept_ = std::move(kept);
    }
    void failFromNowOn() {
        const std::lock_guard lock(mutex_);
        isFailing_ = true;
    }

  private:
    mutable std::mutex mutex_;
    Kept kept_;
    bool isFailing_ = false;
};

}  // namespace tapport::support
