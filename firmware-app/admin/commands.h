// SPDX-License-Identifier: GPL-3.0-or-later
// The commands of `tapport`, apart from their command lines. Each prints what it did to stdout and
// why it could not to stderr, and gives the exit code (sync/program/program.h).
#pragma once

#include "sync/mqtt/broker_config.h"

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

namespace tapport::admin {

/// A new event in a directory: event file, keys, and settings for kiosk and hub that are ready to
/// use. Writes nothing when any of its files is there. PINs, password and staff badges that it had
/// to make up are printed once; the files hold what recognises them.
struct EventInit {
    std::string id;  ///< of the event; empty: the example's
    std::filesystem::path dir;
    std::vector<std::string> staffPins;       ///< "kim=1234"
    std::filesystem::path adminPasswordFile;  ///< its first line; empty: make one up
    std::string broker;                       ///< its host, with TLS; empty: this machine, plain
};
[[nodiscard]] int run(const EventInit& command);

struct EventCheck {
    std::filesystem::path file;
};
[[nodiscard]] int run(const EventCheck& command);

/// Signs with the event's root what verifiers need: `keys.json` (those that were published before
/// and the changes), `notices.json` and `verify.html`, in the event's directory and in `out`; and
/// what kiosks need, `edition.json`, in the event's directory only: it names the staff.
struct EventPublish {
    std::filesystem::path dir;
    std::vector<std::filesystem::path> add;  ///< files with one JWK each: `tapport kiosk key`
    std::vector<std::string> revoke;         ///< "kiosk-1=<epoch, 16 hex digits>:<seq>"
    std::filesystem::path out;               ///< empty: the event's directory only
};
[[nodiscard]] int run(const EventPublish& command);

/// Closes keys/event.key, keys/hub.key and the authority of an event's directory, if it has one,
/// with a passphrase from stdin into a new file, and opens that once to be sure.
struct KeyBackup {
    std::filesystem::path dir;
    std::filesystem::path out;
};
[[nodiscard]] int run(const KeyBackup& command);

/// Writes the keys of such a file; overwrites none.
struct KeyRestore {
    std::filesystem::path file;
    std::filesystem::path dir;
};
[[nodiscard]] int run(const KeyRestore& command);

/// Prints the public half of the kiosk's signing key; makes the pair when there is none.
struct KioskKey {
    std::filesystem::path config;  ///< kiosk.toml
};
[[nodiscard]] int run(const KioskKey& command);

/// Says what a receipt states, or exactly what is wrong with it. Nothing is fetched. 0: valid.
/// 1: not valid, or unconfirmed. 3: keys or notices cannot be used.
struct ReceiptVerify {
    std::string receipt;          ///< a file, a link or the JWS itself
    std::filesystem::path keys;   ///< empty: keys.json beside it, above it, or here
    std::filesystem::path event;  ///< notices or event file; empty: looked for likewise
    std::string root;             ///< 64 hexadecimal digits; empty: that of `event`
    std::string language;         ///< empty: the receipt's
};
[[nodiscard]] int run(const ReceiptVerify& command);

/// Writes a URI, and a vCard if given, to the next badge held to the reader.
struct BadgeWrite {
    std::string uri;
    std::filesystem::path vcard;
    std::string connstring;        ///< empty: the configuration's
    std::filesystem::path config;  ///< kiosk.toml; empty: none
    std::chrono::seconds patience{30};
};
[[nodiscard]] int run(const BadgeWrite& command);

/// What the event's broker and hub workers need: mosquitto's configuration, access lists,
/// certificates. May be repeated: what was there stays, what is named is added, a port replaced.
struct BrokerConfig {
    std::filesystem::path dir;         ///< made by init
    std::vector<std::string> hosts;    ///< names and addresses under which kiosks reach it
    std::vector<std::string> workers;  ///< "main" is the broker's user hub-main
    std::optional<int> port{};         ///< none: as it was, or mqtt::kTlsPort
    std::optional<int> enrolPort{};    ///< likewise mqtt::kEnrolPort
    std::filesystem::path out;         ///< empty: broker/ in `dir`
};
[[nodiscard]] int run(const BrokerConfig& command);

/// Gets this kiosk its identity from the hub: keys are made here, certificates and event file
/// written. Again after a failure, with the same code.
struct Enrol {
    std::string code;
    std::filesystem::path config;  ///< kiosk.toml
    std::chrono::seconds patience{60};
};
[[nodiscard]] int run(const Enrol& command);

/// Looks at everything a kiosk needs; one line each, "ok" or what to do. Changes nothing.
struct Doctor {
    std::filesystem::path config;  ///< kiosk.toml
    std::string connstring;        ///< empty: the configuration's
};
[[nodiscard]] int run(const Doctor& command);

/// What is hub business is done by tapport-hub, which takes this process's place.
struct RunHub {
    std::vector<std::string> arguments;  ///< the command first
};
[[nodiscard]] int run(const RunHub& command);

}  // namespace tapport::admin
