// SPDX-License-Identifier: GPL-3.0-or-later
// The hub's TOML file. Keys: README.md.
#pragma once

#include "sync/hub/run/identity_desk.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace tapport::hub {

struct HubConfig {
    std::filesystem::path file;          ///< where all this stands
    std::filesystem::path event;         ///< the event file
    std::filesystem::path eventKey;      ///< the event's private key: only the opener reads it
    std::filesystem::path openerSocket;  ///< where another user's opener listens; else none
    std::string openerUser;              ///< who that must be; empty: anybody
    std::filesystem::path signingKey;    ///< signs what the hub tells kiosks
    std::filesystem::path keys;          ///< the kiosks' published keys; need not be there
    std::filesystem::path notices;       ///< the published event file; need not be there
    std::filesystem::path edition;       ///< the event file as signed for kiosks; need not be there
    std::filesystem::path data;
    std::filesystem::path withdrawals;  ///< from receipts' pages; empty: in `data`
    std::uint64_t mostQuarantined = 0;  ///< bytes of each kiosk, of what is not believed
    std::string database;  ///< a postgresql:// URL without a password; empty: SQLite, in `data`
    std::string worker;    ///< this process among several on one PostgreSQL database
    bool mayBeginEvent = false;  ///< in a database that holds other events only
    mqtt::Options broker;
    IdentityDesk::Files identity;  ///< without an authority there this hub enrols nobody
    std::uint16_t webPort = 0;     ///< 0: a free one
    std::string adminPasswordHash;
    std::string logLevel;
};

/// What an opener reads that is not started by its hub: a file of its own, which the hub's user
/// need not be able to read. Keys: README.md.
struct OpenerConfig {
    std::filesystem::path event;
    std::filesystem::path eventKey;
    std::string user;     ///< whom it becomes, when it starts as root; empty: it is not root
    std::string hubUser;  ///< whom it serves
    std::string logLevel;
};

/// What the command line sets differently.
struct Overrides {
    std::optional<std::uint16_t> brokerPort;
    std::optional<std::uint16_t> webPort;
    std::string worker{"main"};
    bool mayBeginEvent = false;
};

/// InvalidConfig names every unknown, missing or wrong key with its line.
[[nodiscard]] Result<HubConfig> loadHubConfig(const std::filesystem::path& file,
                                              const Overrides& overrides);
[[nodiscard]] Result<OpenerConfig> loadOpenerConfig(const std::filesystem::path& file);

}  // namespace tapport::hub
