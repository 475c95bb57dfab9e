// SPDX-License-Identifier: GPL-3.0-or-later
// Virtual time: what is to happen later, in order. Nobody ever waits.
#pragma once

#include "sync/agent/flights.h"

#include <functional>
#include <map>

namespace tapport::simulation {

using agent::Instant;
using record::Millis;

class Clockwork {
  public:
    static constexpr Instant kStart{std::chrono::hours(1)};

    [[nodiscard]] Instant now() const { return now_; }
    void after(Millis delay, std::function<void()> what) { at(now_ + delay, std::move(what)); }
    void at(Instant when, std::function<void()> what) { events_.emplace(when, std::move(what)); }
    [[nodiscard]] Instant next() const {
        return events_.empty() ? Instant::max() : events_.begin()->first;
    }
    void moveTo(Instant when) { now_ = std::max(now_, when); }
    void runNext() {
        moveTo(next());
        const auto event = std::move(events_.begin()->second);
        events_.erase(events_.begin());
        event();
    }

  private:
    Instant now_ = kStart;
    std::multimap<Instant, std::function<void()>> events_;
};

}  // namespace tapport::simulation
