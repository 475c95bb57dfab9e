// SPDX-License-Identifier: GPL-3.0-or-later
// One booth on this machine, made of the real programs: broker, hub, simulated badge reader, kiosk.
// Everything it writes is below one directory; everything it started ends with it.
#pragma once

#include "tests/journey/boothday/day_plan.h"
#include "tests/journey/boothday/screen_client.h"
#include "tests/support/mosquitto.h"

#include <memory>
#include <optional>

namespace tapport::boothday {

enum class KioskWindow : std::uint8_t {
    Offscreen,
    OnDisplay,
    None,  ///< broker and hub only
};

/// What the hub says of itself (`tapport-hub status --json`).
struct HubCounts {
    std::int64_t records = 0;
    std::int64_t unopened = 0;
    std::int64_t quarantined = 0;
    std::int64_t conversations = 0;
};

class Booth {
  public:
    /// Makes the event, writes the configurations and starts everything. `idle`: when the kiosk
    /// takes somebody for gone, unless people are at it.
    Booth(std::filesystem::path dir, KioskWindow window,
          std::chrono::seconds idle = std::chrono::seconds(15));

    [[nodiscard]] ScreenClient& screens() { return *screens_; }
    [[nodiscard]] support::Mosquitto& broker() { return *broker_; }
    [[nodiscard]] support::ChildProcess& kiosk() { return *kiosk_; }
    [[nodiscard]] const std::vector<AskId>& asks() const { return asks_; }
    /// The first entry of each of the event's pick-lists.
    [[nodiscard]] const std::string& need() const { return need_; }
    [[nodiscard]] const std::string& readiness() const { return readiness_; }
    [[nodiscard]] const std::string& eventId() const { return eventId_; }
    [[nodiscard]] const std::string& hubUrl() const { return hubUrl_; }
    [[nodiscard]] std::filesystem::path eventFile() const { return dir_ / "event.json"; }
    /// The published keys of the kiosks (JWKS).
    [[nodiscard]] std::filesystem::path keysFile() const { return dir_ / "keys.json"; }

    /// One more kiosk's key, as `tapport kiosk key` prints it, under the event's root key.
    void publishKey(const std::string& jwk) const;

    void placeBadge(const Attendee& attendee);
    /// A card that is no badge of any event.
    void placeForeignCard();
    /// Returns when the kiosk has noticed; a badge must lie there that it announced.
    void removeBadge();

    /// SIGKILL, then a new process on the same data.
    void killAndRestartKiosk();
    void killAndRestartHub();
    void killAndRestartBroker();
    /// Waits until the hub holds and has opened `records`; gives what it has in the end.
    [[nodiscard]] HubCounts waitForRecords(std::int64_t records);
    [[nodiscard]] HubCounts hubCounts() const;
    /// Runs `tapport export` as a marketer would; throws with its message if it fails.
    void exportLeads(const std::filesystem::path& file) const;
    /// Clean end of everything; gives what did not end cleanly.
    [[nodiscard]] std::vector<std::string> close();

    /// The command that puts sample badge N on the reader, for people.
    void writeTapCommand() const;

  private:
    void initialiseEvent(std::chrono::seconds idle);
    /// As an operator does for each kiosk: its key is published under the event's root key.
    void startBroker();
    void enrolKiosk() const;
    void publishKioskKey() const;
    [[nodiscard]] std::size_t removalsSeen() const;
    void startHub();
    void startReader();
    void startKiosk();
    void badgeCommand(const std::vector<std::string>& arguments) const;

    std::filesystem::path dir_;
    KioskWindow window_;
    std::string eventId_;
    std::vector<AskId> asks_;
    std::string need_;
    std::string readiness_;
    std::string hubUrl_;
    std::string connstring_;
    int enrolPort_ = 0;
    std::unique_ptr<support::Mosquitto> broker_;
    std::unique_ptr<support::ChildProcess> hub_;
    std::unique_ptr<support::ChildProcess> reader_;
    std::unique_ptr<support::ChildProcess> kiosk_;
    std::unique_ptr<ScreenClient> screens_;
};

/// What `tapport event init` is told, so that the script can log in: plainly for demonstrations.
inline constexpr const char* kStaffPin = "2468";
inline constexpr const char* kAdminPassword = "demo-only-password";

}  // namespace tapport::boothday
