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

    Result<wire::DownState> downState() override {
        const std::lock_guard lock(mutex_);
        return has_;
    }
    Result<wire::DownState> apply(const wire::DownChunk& chunk) override {
        const std::lock_guard lock(mutex_);
        if (isFailing_) {
            return fail(Code::Storage, "told to fail");
        }
        if (!wire::follows(chunk, has_)) {
            return has_.hub == chunk.hub ? has_ : wire::DownState{chunk.hub, 0};
        }
        for (const wire::DownItem& item : chunk.items) {
            items_.erase({item.kind, item.key});
            if (item.payload) {
                items_[{item.kind, item.key}] = *item.payload;
            }
        }
        has_ = {chunk.hub, chunk.through};
        return has_;
    }

    [[nodiscard]] Items items() const {
        const std::lock_guard lock(mutex_);
        return items_;
    }
    void failFromNowOn() {
        const std::lock_guard lock(mutex_);
        isFailing_ = true;
    }

  private:
    mutable std::mutex mutex_;
    wire::DownState has_;
    Items items_;
    bool isFailing_ = false;
};

}  // namespace tapport::support
