// SPDX-License-Identifier: GPL-3.0-or-later
// Runs the visit's state machine: brings it events from the screens, the badge reader and the
// clock, and carries out the effects it decides on. Decides nothing itself.
#pragma once

#include "firmware-app/kiosk/settings.h"
#include "firmware-app/store/memory.h"
#include "firmware-app/store/store_thread.h"
#include "firmware-app/view/kiosk_view_model.h"
#include "firmware-app/visit/visit_session.h"
#include "hardware/board/beeper.h"
#include "hardware/reader/badge_reader.h"

#include <QtCore/QThreadPool>
#include <QtCore/QTimer>

namespace tapport::kiosk {

/// What an earlier run of this program kept of guesses. Storage.
[[nodiscard]] Result<visit::KeptTries> keptTries(store::KioskStore& store);

/// UI thread. What it borrows must outlive it; the store thread must be stopped before it goes.
class VisitController : public QObject {
    Q_OBJECT
  public:
    /// `clocks` gives the time for what is recorded.
    VisitController(const event::Event& event, const Settings& settings, store::StoreThread& store,
                    store::DownstreamStore& others, board::Beeper beeper,
                    const visit::KeptTries& tries, std::function<record::ClockReading()> clocks);
    /// Waits for a PIN check that still runs.
    ~VisitController() override;

    /// The screens' side; made here because the screens post into the session.
    [[nodiscard]] view::KioskViewModel& viewModel() { return viewModel_; }
    void handle(const visit::Event& what);
    /// Nobody is being served, and staff have had their time to log about who was.
    [[nodiscard]] bool isAtRest() const;
    void handleReader(const reader::ReaderEvent& what);

  signals:
    /// Something new waits in the outbox. Emitted on the store's thread.
    void recorded();

  private:
    void perform(const visit::LookUpVault& effect);
    void perform(const visit::DeriveBadge& effect);
    void perform(const visit::Commit& effect);
    void perform(const visit::IssueReceipt& effect);
    void perform(const visit::CheckPin& effect);
    void perform(const visit::KeepTries& effect);
    void perform(const visit::Forget& effect);
    void perform(const visit::Signal& effect);
    /// On a thread of pinChecks_.
    void checkPin(const std::string& pin);
    void armTimer(const record::ClockReading& now);
    /// Hands an answer from another thread to the session.
    void answer(visit::Event what);

    const event::Event& event_;
    const UidBadges uidBadges_;
    std::function<record::ClockReading()> clocks_;
    store::StoreThread& store_;
    store::DownstreamStore& others_;
    view::KioskViewModel viewModel_;
    visit::VisitSession session_;
    board::Beeper beeper_;
    QTimer timer_;
    QThreadPool pinChecks_;
};

}  // namespace tapport::kiosk
