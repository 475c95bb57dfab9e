// SPDX-License-Identifier: GPL-3.0-or-later
// The event's authority at work in the hub: answers new kiosks, and makes a revocation felt at the
// broker. Holds the authority's key, never the event's.
#pragma once

#include "sync/enrol/office.h"
#include "sync/hub/ingest/ingest.h"
#include "sync/mqtt/mqtt_client.h"
#include "sync/program/seldom.h"

namespace tapport::hub {

class IdentityDesk {
  public:
    struct Files {
        std::filesystem::path authority;  ///< certificate
        std::filesystem::path authorityKey;
        std::filesystem::path kiosks;     ///< the register
        std::filesystem::path event;      ///< handed to new kiosks
        std::filesystem::path revoked;    ///< the list that the broker reads
        std::vector<std::string> reload;  ///< command that makes the broker read it
        std::filesystem::path keys;       ///< what the root published of kiosks' keys, if anything
    };
    /// NotFound: this hub has no authority, and enrols nobody. InvalidConfig: a file is not what
    /// it should be.
    [[nodiscard]] static Result<IdentityDesk> open(Files files);

    using Clock = std::chrono::steady_clock;
    /// More requests are left unanswered: anybody may ask, and records come over the same link. A
    /// kiosk asks every second until it is answered.
    static constexpr unsigned kMostASecond = 50;

    /// What is to be published for a message to enrol::kRequestFilter. Logs what became of it.
    [[nodiscard]] std::vector<Message> answer(const Message& message, record::WallTime now,
                                              Clock::time_point at = Clock::now());

    /// From now on the kiosk's certificates are void; once more to say what was held, if that was
    /// not known. NotFound: none is enrolled under that name.
    [[nodiscard]] Result<> revoke(const enrol::Revoked& what, record::WallTime now);
    /// Once, at the start: publishes what a hub that was ended in between did not. Logs a failure.
    void catchUp() const;
    /// Publishes the list, and ends the session that a kiosk still has at any of the broker's
    /// nodes, by taking it over. Done when each node refused a certificate of the list between two
    /// times that it took one that was not in it: only that proves that it read the list, and that
    /// no new connection of the kiosk is let in. Conflict: one has not read it. Network, Busy: not
    /// known of one. Each within `patience`; where TLS is not in use nothing can be proven.
    [[nodiscard]] Result<> cutOff(const record::KioskId& kiosk, mqtt::Options broker,
                                  record::WallTime now, std::chrono::milliseconds patience);

    [[nodiscard]] enrol::Office& office() { return office_; }

  private:
    IdentityDesk(Files files, enrol::Office office)
        : files_(std::move(files)), office_(std::move(office)) {}

    /// Writes the list and tells the broker. Internal: the broker's command failed, or hung for 10
    /// s and was killed.
    [[nodiscard]] Result<> publishList() const;
    [[nodiscard]] bool isTooMany(Clock::time_point at);

    Files files_;
    enrol::Office office_;
    Clock::time_point second_{};  ///< began then
    unsigned asked_ = 0;          ///< in it
    program::Seldom refused_;     ///< log lines: anybody may ask, as often as he likes
};

}  // namespace tapport::hub
