// SPDX-License-Identifier: GPL-3.0-or-later
#include "firmware-app/admin/commands.h"
#include "firmware-app/admin/event_folder.h"
#include "firmware-app/admin/root_key.h"
#include "sync/event/example.h"
#include "sync/identity/authority.h"
#include "sync/program/program.h"
#include "sync/seal/seal.h"

#include <fmt/core.h>

namespace tapport::admin {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLeastPassword = 8;

constexpr const char* kKioskToml =
    R"(# Settings of tapport-kiosk. Paths are taken from this file's folder.
kiosk = "kiosk-1"        # this device: 1 to 32 of a-z 0-9 -, different on every kiosk
event = "event.json"     # the same file on every kiosk and on the hub
data = "kiosk"           # sealed records until the hub has them; back it up with the device

[reader]
connstring = ""          # needed: "pn532_uart:/dev/ttyS0", say; nfc-scan-device lists readers
program = ""             # empty: tapport-reader beside the kiosk program

{}
[log]
level = "info"           # debug, info, warning or error
)";

constexpr const char* kHubToml =
    R"(# Settings of tapport-hub. Paths are taken from this file's folder.
event = "event.json"
event_key = "keys/event.key"  # opens every record: the hub's alone, backed up, never on a kiosk
signing_key = "keys/hub.key"  # signs what the hub tells kiosks: the hub's alone
keys = "keys.json"       # the kiosks' public keys: tapport event publish
notices = "notices.json" # what was asked, signed: written beside it
data = "hub"
# Without the next line records are in hub.db there. The server's password is in the file PGPASSFILE.
# database = "postgresql://tapport@db.example/tapport?sslmode=verify-full"

{}
[web]
port = 8480              # on this machine only
admin_password_hash = "{}"

[log]
level = "info"           # debug, info, warning or error
)";

constexpr const char* kPlainBroker =
    R"([broker]
host = "127.0.0.1"
port = 1883              # without TLS on this machine only: tapport event init --broker HOST
)";

constexpr const char* kKioskBroker =
    R"([broker]
host = "{}"
tls_ca = "identity/ca.crt"       # these three: tapport enrol --code CODE
tls_cert = "identity/kiosk.crt"
tls_key = "identity/kiosk.key"
)";

constexpr const char* kHubBroker =
    R"([broker]
host = "{}"
tls_ca = "broker/ca.crt"         # these three: tapport broker config
tls_cert = "keys/hub-main.crt"
tls_key = "keys/hub-main.key"
reload = []                      # after a revocation: ["systemctl", "reload", "mosquitto"], say
)";

/// What is shown to the operator once.
struct Handout {
    std::vector<std::string> lines;
};

Bytes randomBytes(std::size_t size) {
    Bytes bytes(size);
    program::fillRandom(bytes.data(), bytes.size());
    return bytes;
}

std::string randomPin() {
    std::uint64_t number = 0;
    program::fillRandom(&number, sizeof number);
    return fmt::format("{:06}", number % 1'000'000);
}

bool isPin(std::string_view text) {
    return text.size() >= 4 && text.size() <= 8 &&
           text.find_first_not_of("0123456789") == std::string_view::npos;
}

using Pins = std::map<record::StaffId, std::string>;

/// The given PINs; those of everybody else are made up and handed out.
Result<Pins> choosePins(const std::vector<std::string>& given, Handout& handout) {
    const std::vector<record::StaffId> staff = event::exampleStaff();
    Pins pins;
    for (const std::string& entry : given) {
        const std::size_t equals = entry.find('=');
        const record::StaffId id{entry.substr(0, equals)};
        if (equals == std::string::npos || !isPin(std::string_view(entry).substr(equals + 1))) {
            return fail(Code::InvalidInput, "--staff-pin must be ID=PIN, a PIN has 4 to 8 digits");
        }
        if (std::find(staff.begin(), staff.end(), id) == staff.end()) {
            return fail(Code::InvalidInput, "--staff-pin names nobody of the event's staff");
        }
        pins[id] = entry.substr(equals + 1);
    }
    for (const record::StaffId& id : staff) {
        if (pins.count(id) == 0) {
            pins[id] = randomPin();
            handout.lines.push_back(fmt::format("PIN of {}: {}", id.value, pins[id]));
        }
    }
    return pins;
}

Result<std::string> choosePassword(const fs::path& file, Handout& handout) {
    if (file.empty()) {
        std::string password = toBase64Url(randomBytes(12));
        handout.lines.push_back("Hub administrator's password: " + password);
        return password;
    }
    return readWholeFile(file, 4096)
        .and_then([&](const std::string& content) -> Result<std::string> {
            std::string line = content.substr(0, content.find_first_of("\r\n"));
            if (line.size() < kLeastPassword) {
                return fail(Code::InvalidInput,
                            fmt::format("{}: a password has {} characters or more", file.string(),
                                        kLeastPassword));
            }
            return line;
        });
}

/// The public halves of the event's keys.
struct PublicKeys {
    Bytes sealing;
    Bytes root;
    Bytes hub;
    Bytes authority;  ///< the fingerprint of its certificate
};

Result<event::ExampleSecrets> makeSecrets(const std::string& id, const Pins& pins,
                                          const PublicKeys& keys, Handout& handout) {
    event::ExampleSecrets secrets;
    secrets.id = {id};
    secrets.badgeSalt = randomBytes(32);
    secrets.sealingKey = keys.sealing;
    secrets.rootKey = keys.root;
    secrets.hubKey = keys.hub;
    secrets.authority = keys.authority;
    secrets.firstDay = std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
    for (const auto& [id, pin] : pins) {
        auto hash = seal::hashPassword(pin);
        if (!hash) {
            return tl::unexpected(hash.error());
        }
        secrets.pinHashes[id] = std::move(*hash);
        const std::string token = toBase64Url(randomBytes(16));
        secrets.badgeLookups[id] = seal::deriveBadge(viewOf(token), secrets.badgeSalt).vault.lookup;
        handout.lines.push_back(
            fmt::format("Badge of {}: https://{}/s/{}", id.value, event::kExampleBadgeHost, token));
    }
    return secrets;
}

std::string brokerTable(const char* withTls, const std::string& host) {
    return host.empty() ? kPlainBroker : fmt::format(fmt::runtime(withTls), host);
}

/// The event's keys: those of a run that was cut off, where it left some.
struct EventKeys {
    seal::SealingKeys sealing;
    receipt::SigningKeys root;
    receipt::SigningKeys hub;
    identity::Authority authority;
};

constexpr const char* kEventKey = "keys/event.key";
constexpr const char* kRootKey = "keys/root.key";
constexpr const char* kHubKey = "keys/hub.key";
constexpr const char* kAuthorityKey = "keys/ca.key";
constexpr const char* kAuthority = "keys/ca.crt";
constexpr const char* kAuthorityName = "Tapport event authority";

/// From what the folder has in this file, or new.
template <typename Key>
Result<Key> keyFrom(const EventFolder& folder, const char* name, Result<Key> (*load)(ByteView),
                    Key (*make)()) {
    const auto text = folder.kept(name);
    if (!text) {
        return tl::unexpected(text.error());
    }
    if (!*text) {
        return make();
    }
    const auto secret = fromHex(std::string_view(**text).substr(0, (*text)->find('\n')));
    auto key = secret ? load(*secret) : Result<Key>(fail(Code::InvalidInput, ""));
    return key ? std::move(key)
               : fail(Code::InvalidConfig,
                      std::string(name) +
                          ": is no key: put its backup there, or begin in another folder");
}

Result<EventKeys> keysFrom(const EventFolder& folder) {
    auto sealing = keyFrom(folder, kEventKey, &seal::sealingKeysFrom, &seal::makeSealingKeys);
    auto root = keyFrom(folder, kRootKey, &receipt::signingKeysFrom, &receipt::makeSigningKeys);
    auto hub = keyFrom(folder, kHubKey, &receipt::signingKeysFrom, &receipt::makeSigningKeys);
    auto authority = folder.kept(kAuthorityKey).and_then([](const std::optional<std::string>& pem) {
        return pem ? identity::Authority::make(kAuthorityName, *pem)
                   : identity::Authority::make(kAuthorityName);
    });
    if (!sealing || !root || !hub) {
        return tl::unexpected((!sealing ? sealing.error() : !root ? root.error() : hub.error()));
    }
    if (!authority) {
        return tl::unexpected(authority.error().in(kAuthorityKey));
    }
    return EventKeys{std::move(*sealing), std::move(*root), std::move(*hub), std::move(*authority)};
}

Result<> init(const EventInit& command, const Pins& pins, Handout& handout) {
    if (const auto ready = seal::initialise(); !ready) {
        return ready;
    }
    const auto password = choosePassword(command.adminPasswordFile, handout);
    if (!password) {
        return tl::unexpected(password.error());
    }
    const auto passwordHash = seal::hashPassword(*password);
    if (!passwordHash) {
        return tl::unexpected(passwordHash.error());
    }
    const auto folder =
        EventFolder::takeUp(command.dir, {kEventKey, kRootKey, kHubKey, kAuthorityKey},
                            {kAuthority, "event.json", "keys.json", "kiosk.toml", "hub.toml"});
    if (!folder) {
        return tl::unexpected(folder.error());
    }
    const auto keys = keysFrom(*folder);
    if (!keys) {
        return tl::unexpected(keys.error());
    }
    const auto& authority = keys->authority.certificate();
    const auto secrets = makeSecrets(command.id, pins,
                                     {keys->sealing.publicKey, keys->root.publicKey,
                                      keys->hub.publicKey, toBytes(authority.fingerprint().view())},
                                     handout);
    if (!secrets) {
        return tl::unexpected(secrets.error());
    }
    const std::string eventFile = event::exampleEventFile(*secrets);
    const auto keySet = event::parse(eventFile).and_then(
        [&](const event::Event& event) { return issueKeySet(event, {}).publish(keys->root); });
    if (!keySet) {
        return tl::unexpected(keySet.error());
    }
    return folder->write(
        {{kEventKey, toHex(keys->sealing.secretKey) + '\n', Access::Owner},
         {kRootKey, keyFileText(keys->root), Access::Owner},
         {kHubKey, keyFileText(keys->hub), Access::Owner},
         {kAuthorityKey, keys->authority.keyPem(), Access::Owner}},
        {{kAuthority, authority.pem(), Access::Everyone},
         {"event.json", eventFile, Access::Everyone},
         {"keys.json", *keySet + '\n', Access::Everyone},
         {"kiosk.toml",
          fmt::format(fmt::runtime(kKioskToml), brokerTable(kKioskBroker, command.broker)),
          Access::Everyone},
         {"hub.toml",
          fmt::format(fmt::runtime(kHubToml), brokerTable(kHubBroker, command.broker),
                      *passwordHash),
          Access::Owner}});
}

}  // namespace

int run(const EventInit& command) {
    if (!command.id.empty() && !record::isName(command.id)) {
        program::reportFailure(
            "tapport", {Code::InvalidInput, "--id must be 1 to 32 characters of a-z, 0-9 and -"});
        return program::kExitUsage;
    }
    Handout handout;
    const auto pins = choosePins(command.staffPins, handout);
    if (!pins) {
        program::reportFailure("tapport", pins.error());
        return program::kExitUsage;
    }
    if (const auto done = init(command, *pins, handout); !done) {
        return program::reportFailure("tapport", done.error());
    }
    const std::string dir = command.dir.string();
    fmt::print(
        "{0}/event.json      what is asked, in which words, who staffs the booth\n"
        "{0}/kiosk.toml      settings of a kiosk\n"
        "{0}/hub.toml        settings of the hub\n"
        "{0}/keys.json       the kiosks' public keys, none yet: tapport event publish\n"
        "{0}/keys/event.key  opens every record: back it up, keep it off the kiosks\n"
        "{0}/keys/root.key   signs what is published: take it offline\n"
        "{0}/keys/hub.key    signs what the hub tells kiosks: keep it off the kiosks\n"
        "{0}/keys/ca.key     says who may be broker, hub or kiosk: the hub's alone\n",
        dir);
    if (!handout.lines.empty()) {
        fmt::print("\nShown once, stored nowhere:\n");
        for (const std::string& line : handout.lines) {
            fmt::print("  {}\n", line);
        }
    }
    return program::kExitOk;
}

}  // namespace tapport::admin
