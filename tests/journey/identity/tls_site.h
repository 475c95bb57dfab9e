// SPDX-License-Identifier: GPL-3.0-or-later
// An event with TLS as an operator sets it up: `tapport event init --broker`, `tapport broker
// config`, a real mosquitto with that configuration, a real hub; kiosks enrol with a code.
#pragma once

#include "sync/mqtt/mqtt_client.h"
#include "tests/support/child_process.h"
#include "tests/support/mosquitto.h"
#include "tests/support/temp_dir.h"

#include <memory>

namespace tapport::journey {

class TlsSite {
  public:
    static constexpr const char* kExampleEvent = "example-expo-2026";

    /// Broker and hub run. Throws std::runtime_error when something does not work.
    explicit TlsSite(const std::string& event = kExampleEvent);

    void startHub();
    /// `tapport broker config`, as at first; the broker reads what has become of it.
    void configureBroker() const;
    void stopHub() { hub_->terminate(); }
    /// `tapport-hub` with this event's configuration.
    [[nodiscard]] support::Finished hub(std::vector<std::string> arguments) const;
    /// A one-time code for a kiosk.
    [[nodiscard]] std::string invite(const std::string& kiosk) const;
    /// A folder with a kiosk.toml of that name, and nothing else that a kiosk needs.
    std::filesystem::path unpack(const std::string& kiosk, const std::string& folder) const;
    /// `tapport enrol --code` there.
    [[nodiscard]] support::Finished enrol(const std::filesystem::path& folder,
                                          const std::string& code) const;
    /// All of it; gives the kiosk's folder.
    std::filesystem::path enrolled(const std::string& kiosk) const;

    /// How the kiosk in that folder connects.
    [[nodiscard]] mqtt::Options optionsOf(const std::filesystem::path& kioskFolder) const;
    [[nodiscard]] int enrolPort() const { return enrolPort_; }
    /// The kiosk in that folder enrols through this port.
    void enrolThrough(int port, const std::filesystem::path& kioskFolder) const;
    [[nodiscard]] bool brokerLogHas(const std::string& text) const;
    [[nodiscard]] bool hubLogHas(const std::string& text) const;
    [[nodiscard]] std::filesystem::path path(const std::string& name) const { return dir_ / name; }

  private:
    support::TempDir dir_;
    int port_ = support::freePort();
    int enrolPort_ = support::freePort();
    std::unique_ptr<support::Mosquitto> broker_;
    std::unique_ptr<support::ChildProcess> hub_;
};

}  // namespace tapport::journey
