// SPDX-License-Identifier: GPL-3.0-or-later
// A kiosk without its screens, in this process: the real visit, stores and agent, at a real broker
// and hub. What its attendees would see, it tells; online and offline at will.
#pragma once

#include "firmware-app/store/memory.h"
#include "firmware-app/store/store_thread.h"
#include "firmware-app/visit/visit_session.h"
#include "sync/agent/runner.h"
#include "tests/journey/hub_site.h"

#include <atomic>
#include <mutex>

namespace tapport::journey {

class BoothKiosk {
  public:
    /// Offline, in a folder of its own below the site's.
    BoothKiosk(const HubSite& site, record::KioskId kiosk, receipt::SigningKeys keys);
    ~BoothKiosk() { unplug(); }
    BoothKiosk(const BoothKiosk&) = delete;
    BoothKiosk& operator=(const BoothKiosk&) = delete;

    void plugIn();
    void unplug() { agent_.reset(); }
    /// As the program does when it ends for good.
    void leave() {
        agent_->leave();
        unplug();
    }
    /// Whether the hub has all that was recorded here.
    [[nodiscard]] bool isDrained();

    /// A badge is held to the reader and looked up; the last visitor has left.
    void tap(const std::string& token, record::Contact card = {});
    /// As a person presses: one second after the last thing.
    void press(const visit::Event& what);
    [[nodiscard]] const visit::View& view() const { return session_.view(); }
    [[nodiscard]] visit::BadgeSeen badgeOf(const std::string& token, record::Contact card) const;

    [[nodiscard]] store::StoreThread& records() { return records_; }
    [[nodiscard]] store::DownstreamStore& told() { return *told_; }
    /// What is known here of a badge, wherever it was recorded.
    [[nodiscard]] store::Memory recall(const std::string& token);
    [[nodiscard]] agent::AgentStatus status() const;
    /// The hub said that the event is over, and has proven that it has everything.
    [[nodiscard]] bool mayForget() const { return mayForget_; }

  private:
    void step(const visit::Event& what);
    [[nodiscard]] std::optional<visit::Event> perform(const visit::Effect& effect);

    const HubSite& site_;
    record::KioskId kiosk_;
    receipt::SigningKeys keys_;
    std::unique_ptr<store::DownstreamStore> told_;
    store::StoreThread records_;
    store::ThreadedOutbox outbox_{records_};
    record::ClockReading now_;
    visit::VisitSession session_;
    mutable std::mutex mutex_;
    agent::AgentStatus status_;
    std::atomic<bool> mayForget_{false};
    std::unique_ptr<agent::AgentRunner> agent_;
};

}  // namespace tapport::journey
