// SPDX-License-Identifier: GPL-3.0-or-later
// What tapport-hub can be told to do. Each gives the program's exit code and has said on stderr
// what went wrong.
#pragma once

#include "sync/hub/cli/hub_config.h"

namespace tapport::hub {

enum class StatusFormat : std::uint8_t { Text, Json };

/// Until `terminationFd` becomes readable. The first line on stdout is the address of the pages.
[[nodiscard]] int runHub(const HubConfig& config, int terminationFd);
/// The process that alone holds the event's key: opens what its parent hands it over the socket
/// that it started it with (program::SocketChild), until that is closed.
[[nodiscard]] int runOpener(const HubConfig& config);
/// The same for any hub of one user, until SIGTERM: on a socket at this path, or on the one that a
/// service manager hands over.
[[nodiscard]] int listenAsOpener(const OpenerConfig& config, const std::filesystem::path& socket);
/// Asks the running hub, or opens its files when it is down.
[[nodiscard]] int printStatus(const HubConfig& config, StatusFormat format);
/// As above; `file` is either as it was or the whole export, its manifest is beside it
/// (`<file>.manifest.json`). Says whether it is final.
[[nodiscard]] int exportCsv(const HubConfig& config, const std::filesystem::path& file);
/// Prints what the hub answers to a request that needs nothing more (answers.h); as above.
[[nodiscard]] int printAnswer(const HubConfig& config, const std::string& request);
/// Likewise of a retry (quarantine_answers.h): fails too when anything of it stays there.
[[nodiscard]] int retryQuarantined(const HubConfig& config, const std::string& request);
/// Likewise of an entry in the quarantine with its bytes (quarantine_answers.h): these alone on
/// stdout, for a program to read, and what is known of them on stderr.
[[nodiscard]] int printRaw(const HubConfig& config, const std::string& request);
/// Likewise of the roster (roster_answers.h): fails too when every row was rejected.
[[nodiscard]] int changeRoster(const HubConfig& config, const std::string& request);
/// Copies the database into a new file, and its suppression key beside it; what is opened and
/// copied, kiosks need not keep any more.
[[nodiscard]] int backUp(const HubConfig& config, const std::filesystem::path& file);
/// A backup that lacks what kiosks were told to be in a later one.
enum class Older : std::uint8_t { Refused, Taken };
/// Puts a backup in the database's place, with a new hub epoch, and with what it lacks of what was
/// there, if that can be read; that stays under another name. Without a file: PostgreSQL's own
/// tools have restored it. Busy: a hub is running.
[[nodiscard]] int restoreHub(const HubConfig& config,
                             const std::optional<std::filesystem::path>& backup, Older older);
/// Each yes that must be asked for again: subject, purpose, channel, reason; one a line.
[[nodiscard]] int listReconfirmations(const HubConfig& config);

/// Takes the end of the event back that a kiosk was told, or with an empty name all of them; says
/// whether the kiosk has heard it.
[[nodiscard]] int cancelEnd(const HubConfig& config, const record::KioskId& kiosk);

/// Prints a one-time code with which a device enrols as this kiosk. NotFound: the event's authority
/// is not on this machine; so too for the following. InvalidConfig: the broker is reached without
/// TLS, over which alone a device enrols.
[[nodiscard]] int inviteKiosk(const HubConfig& config, const record::KioskId& kiosk,
                              std::chrono::seconds valid);

enum class KioskList : std::uint8_t {
    Text,
    Jwk,  ///< signing keys, one a line, for `tapport event publish --add`
};
[[nodiscard]] int listKiosks(const HubConfig& config, KioskList format);

/// Makes the kiosk's certificates void, tells the broker, ends its session.
[[nodiscard]] int revokeKiosk(const HubConfig& config, const record::KioskId& kiosk,
                              const std::string& why);

enum class Stolen : std::uint8_t { Revoke, ReportOnly };
/// What is on the device, what the hub has of it, how the rest is protected.
[[nodiscard]] int reportStolen(const HubConfig& config, const record::KioskId& kiosk, Stolen what);

/// Takes the records from a kiosk's data folder that was found again; says what was new. Never
/// refuses a record: what cannot be used is quarantined, what the kiosk's revoked key signed later
/// is marked.
[[nodiscard]] int recoverKiosk(const HubConfig& config, const std::filesystem::path& dir);

}  // namespace tapport::hub
