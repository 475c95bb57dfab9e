// SPDX-License-Identifier: GPL-3.0-or-later
// A real tapport-hub beside a real mosquitto, with the example event, and a kiosk's end of MQTT to
// talk to it.
#pragma once

#include "sync/event/event.h"
#include "sync/mqtt/mqtt_client.h"
#include "sync/receipt/key_set.h"
#include "sync/seal/seal.h"
#include "sync/wire/messages.h"
#include "tests/support/child_process.h"
#include "tests/support/mosquitto.h"
#include "tests/support/temp_dir.h"
#include "tests/support/wait_until.h"
#include "tests/sync/hub/samples.h"

#include <functional>
#include <memory>

namespace tapport::journey {

inline constexpr const char* kPassword = "correct horse";

/// Event file, key, configuration and broker; the hub is started and killed at will.
class HubSite {
  public:
    /// How the hub reaches the broker.
    struct Wiring {
        std::string broker = "127.0.0.1";  ///< as the hub's configuration names it
        std::string listeners{};  ///< further lines of the broker's, with {port} for its port
    };
    HubSite() : HubSite(Wiring()) {}
    explicit HubSite(const Wiring& wiring);

    /// From now on the hub is run by this command, such as setpriv.
    void runHubBy(std::vector<std::string> command) { by_ = std::move(command); }
    /// Its process, for who wants to look at it.
    pid_t startHub();
    void killHub() { hub_->kill(); }
    [[nodiscard]] pid_t hubPid() const { return hub_->pid(); }
    /// One of several hub processes on one PostgreSQL database, with a folder of its own.
    /// Its log is NAME.log. `database` empty: as the hub's configuration says. `as`: another's
    /// name, as nobody should be started; empty: its own.
    [[nodiscard]] std::unique_ptr<support::ChildProcess> startWorker(
        const std::string& name, const std::string& database, const std::string& as = {}) const;
    /// SIGTERM; its exit status. As ChildProcess::terminate().
    std::optional<int> stopHub(std::chrono::milliseconds patience = support::kPatience) {
        return hub_->terminate(patience);
    }
    [[nodiscard]] const std::string& url() const { return url_; }
    [[nodiscard]] support::Finished command(std::vector<std::string> arguments,
                                            const std::string& of = "hub") const;
    /// A figure of `tapport-hub status --json`, of the hub or a worker; -1 when it did not answer.
    [[nodiscard]] std::int64_t figure(const std::string& name, const std::string& of = "hub") const;

    /// Writes keys.json, signed by the event's root; gives it. At first it holds kioskKeys() for
    /// hub::samples::kKiosk.
    std::string publish(std::vector<receipt::KioskKey> keys) const;
    [[nodiscard]] const receipt::SigningKeys& kioskKeys() const { return kioskKeys_; }

    /// event.json as an edition, signed by the event's root, as edition.json; gives it.
    std::string publishEdition(std::uint64_t number) const;
    /// Signed, and put nowhere.
    [[nodiscard]] std::string editionOf(const std::string& eventFile, std::uint64_t number) const;
    /// As edition.json, whole at once: the hub looks at any moment.
    void putEdition(const std::string& edition) const;

    /// A visit with a yes to the first ask of the event, as kiosk-1 would record it now; not
    /// proven.
    [[nodiscard]] record::PositionedUnit visit(std::uint64_t seq) const;

    [[nodiscard]] const event::Event& event() const { return event_; }
    [[nodiscard]] ByteView publicKey() const { return keys_.publicKey; }
    [[nodiscard]] const seal::SealingKeys& sealingKeys() const { return keys_; }
    [[nodiscard]] support::Mosquitto& broker() { return broker_; }
    [[nodiscard]] const support::Mosquitto& broker() const { return broker_; }
    [[nodiscard]] std::filesystem::path path(const std::string& name) const { return dir_ / name; }

  private:
    support::TempDir dir_;
    seal::SealingKeys keys_;
    receipt::SigningKeys root_;
    receipt::SigningKeys kioskKeys_;
    event::Event event_;
    support::Mosquitto broker_;
    std::vector<std::string> by_;
    std::unique_ptr<support::ChildProcess> hub_;
    std::string url_;
};

/// A kiosk as the hub sees it: publishes to its up topic,
/// reads its acknowledgements.
class KioskEnd {
  public:
    /// hub::samples::kKiosk, with the site's kioskKeys().
    explicit KioskEnd(const HubSite& site);
    KioskEnd(const HubSite& site, record::KioskId kiosk, receipt::SigningKeys keys);

    /// Connects and waits until the hub is seen to be online or offline.
    [[nodiscard]] bool awaitHub(wire::Presence presence);
    /// As the hub said it last; awaitHub() has seen it.
    [[nodiscard]] std::optional<wire::HubState> hubState() const { return hub_; }
    void send(Bytes payload);
    void send(const wire::Batch& batch);
    template <typename Message>
    void send(const Message& message) {
        send(wire::encode(message, sign_));
    }
    /// The next acknowledgement, signed by the hub; nothing within the patience of tests.
    [[nodiscard]] std::optional<wire::Ack> ack(
        std::chrono::milliseconds patience = support::kPatience);
    /// What it says is held and read, of batches that were sent from here.
    [[nodiscard]] record::SeqRanges received(const wire::Ack& ack) const;

  private:
    std::optional<mqtt::Event> next(std::chrono::steady_clock::time_point deadline);
    mqtt::Client client_;
    record::KioskId kiosk_;
    Bytes hubKey_;
    wire::Signer sign_;
    std::optional<wire::HubState> hub_;
    std::map<wire::BatchName, record::SeqRanges> sent_;
};

}  // namespace tapport::journey
