// SPDX-License-Identifier: GPL-3.0-or-later
// One running kiosk: store, badge reader, agent and visit, tied together. Threads: the caller's
// draws; the store's owns the database; the reader's listens to tapport-reader; the agent's talks
// to the broker. All of them reach the screens by queued calls only.
#pragma once

#include "firmware-app/kiosk/settings.h"
#include "firmware-app/kiosk/visit_controller.h"
#include "firmware-app/view/status_view_model.h"
#include "sync/agent/runner.h"
#include "sync/identity/certificate.h"

namespace tapport::kiosk {

/// What the event loop returns with when the kiosk is to be opened again, with the edition of the
/// event file that has come.
inline constexpr int kOpenAgain = 17;
/// The same when the event is over: the hub has proven that it has everything.
inline constexpr int kEventOver = 18;

/// Once a kiosk has left: destroys its keys and data (store/retire.h). Nothing of them may be open.
[[nodiscard]] Result<> retire(const Settings& settings);

/// UI thread. Destroying it ends the visit, the reader and the agent, and finishes what the store
/// has.
class Kiosk : public QObject {
  public:
    /// InvalidConfig, Busy or Storage with what to do about it.
    [[nodiscard]] static Result<std::unique_ptr<Kiosk>> open(const Settings& settings);
    ~Kiosk() override;

    /// Lets badges and the hub in; once, when the window is there.
    void start();
    /// After the event loop ended with kEventOver: tells the hub, which nothing can take back the
    /// end from then on. False: it has taken it back just now; nothing was told.
    [[nodiscard]] bool leave();
    [[nodiscard]] view::KioskViewModel& viewModel() { return visit_->viewModel(); }
    [[nodiscard]] view::StatusViewModel& status() { return status_; }

  private:
    /// The event file that is in use, and what it says.
    struct Asking {
        std::string file;
        event::Event event;
    };
    [[nodiscard]] static Result<Asking> readEvent(const std::filesystem::path& file);
    /// The edition that came from the hub, where it is a later one than the file; the file where
    /// that cannot be read: all that the hub told comes again.
    [[nodiscard]] static Asking newest(Asking asking, store::DownstreamStore& told);
    /// The certificate with which this kiosk speaks to the broker; none without TLS.
    [[nodiscard]] static std::optional<identity::Fingerprint> ownCertificate(
        const Settings& settings);
    Kiosk(Settings settings, Asking asking, receipt::SigningKeys signingKeys,
          std::unique_ptr<store::KioskStore> store, std::unique_ptr<store::DownstreamStore> others,
          board::Beeper beeper, const visit::KeptTries& tries);
    /// Once nobody is being served: a new event file is not taken in the middle of a visit.
    void takeEdition();
    /// As far as the hub has told.
    void heedRevocation();
    /// The hub has everything that `proof` speaks of: once nobody is being served, and nothing was
    /// recorded since, this kiosk has nothing left to do.
    void endEvent(const agent::DrainProof& proof);
    void showAgent(const agent::AgentStatus& status);
    void showReader(const reader::ReaderEvent& event);
    void showClock();
    /// The clocks, and what the hub's clock says of them.
    [[nodiscard]] record::ClockReading clocks();

    Settings settings_;
    std::string eventFile_;
    event::Event event_;
    receipt::SigningKeys signingKeys_;
    view::StatusViewModel status_;
    std::optional<identity::Fingerprint> certificate_;
    std::optional<agent::HubTime> hubTime_;
    agent::ClockWatch clockWatch_;
    bool isClockOff_ = false;
    // From here on the order matters: what is declared later uses what stands before it.
    std::unique_ptr<store::DownstreamStore> others_;
    std::unique_ptr<store::StoreThread> store_;
    std::unique_ptr<VisitController> visit_;
    std::unique_ptr<store::ThreadedOutbox> outbox_;
    std::unique_ptr<agent::DownstreamSink> sink_;
    std::unique_ptr<agent::AgentRunner> agent_;
    std::unique_ptr<reader::BadgeReader> reader_;
    QTimer clock_;
    bool mayHaveEdition_ = false;
    bool isRevoked_ = false;  ///< as said in the log
    std::atomic<bool> isEnding_{false};
};

}  // namespace tapport::kiosk
