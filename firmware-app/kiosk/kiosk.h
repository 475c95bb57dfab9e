// SPDX-License-Identifier: GPL-3.0-or-later
// One running kiosk: store, badge reader, agent and visit, tied together. Threads: the caller's
// draws; the store's owns the database; the reader's listens to tapport-reader; the agent's talks
// to the broker. All of them reach the screens by queued calls only.
#pragma once

#include "firmware-app/kiosk/settings.h"
#include "firmware-app/kiosk/visit_controller.h"
#include "firmware-app/view/status_view_model.h"
#include "sync/agent/runner.h"

namespace tapport::kiosk {

/// UI thread. Destroying it ends the visit, the reader and the agent, and finishes what the store
/// has.
class Kiosk : public QObject {
  public:
    /// InvalidConfig, Busy or Storage with what to do about it.
    [[nodiscard]] static Result<std::unique_ptr<Kiosk>> open(const Settings& settings);
    ~Kiosk() override;

    /// Lets badges and the hub in; once, when the window is there.
    void start();
    [[nodiscard]] view::KioskViewModel& viewModel() { return visit_->viewModel(); }
    [[nodiscard]] view::StatusViewModel& status() { return status_; }

  private:
    Kiosk(Settings settings, event::Event event, std::unique_ptr<store::KioskStore> store,
          board::Beeper beeper, const visit::KeptTries& tries);
    void showAgent(const agent::AgentStatus& status);
    void showReader(const reader::ReaderEvent& event);
    void showClock();

    Settings settings_;
    event::Event event_;
    view::StatusViewModel status_;
    // From here on the order matters: what is declared later uses what stands before it.
    std::unique_ptr<store::StoreThread> store_;
    std::unique_ptr<VisitController> visit_;
    std::unique_ptr<store::ThreadedOutbox> outbox_;
    std::unique_ptr<agent::AgentRunner> agent_;
    std::unique_ptr<reader::BadgeReader> reader_;
    QTimer clock_;
};

}  // namespace tapport::kiosk
