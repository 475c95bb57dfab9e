// SPDX-License-Identifier: GPL-3.0-or-later
// The keys that a hub cannot be rebuilt without, closed with a passphrase: event.key opens every
// record, hub.key is the one that kiosks believe, ca.key, if there is one, lets devices in and out.
// A text file, to be printed or put on a stick:
//
//   tapport-key-backup-2
//   <event's id>
//   <hexadecimal lines: closeWithPassphrase() of [event's id, event.key, hub.key, ca.key, ca.crt]>
//
// Without an authority tapport-key-backup-1, of the first three, as it was before 2.
#include "firmware-app/admin/commands.h"
#include "firmware-app/admin/event_authority.h"
#include "firmware-app/admin/event_file.h"
#include "firmware-app/admin/new_file.h"
#include "firmware-app/admin/passphrase.h"
#include "sync/base/cbor.h"
#include "sync/program/program.h"
#include "sync/receipt/keys.h"
#include "sync/seal/passphrase.h"
#include "sync/seal/seal.h"

#include <sstream>

#include <fmt/core.h>

namespace tapport::admin {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kFormat = "tapport-key-backup-2";
constexpr std::string_view kWithoutAuthority = "tapport-key-backup-1";
constexpr std::size_t kMostKeyFile = 4096;
constexpr std::size_t kMostAuthorityFile = 8192;
constexpr std::size_t kMostBackup = 64UL * 1024;
constexpr std::size_t kKeySize = 32;

/// As in its files.
struct AuthorityFiles {
    std::string key;
    std::string certificate;
};
struct HubKeys {
    record::EventId event;
    Bytes sealing;  ///< secret halves
    Bytes signing;
    std::optional<AuthorityFiles> authority{};
};

fs::path sealingFile(const fs::path& dir) {
    return dir / "keys" / "event.key";
}
fs::path signingFile(const fs::path& dir) {
    return dir / "keys" / "hub.key";
}

fs::path authorityKeyFile(const fs::path& dir) {
    return dir / "keys" / "ca.key";
}
fs::path authorityFile(const fs::path& dir) {
    return dir / "keys" / "ca.crt";
}

Result<Bytes> readKey(const fs::path& file) {
    const auto text = readWholeFile(file, kMostKeyFile);
    if (!text) {
        return fail(Code::InvalidConfig, text.error().context);
    }
    const auto key = fromHex(std::string_view(*text).substr(0, text->find_first_of("\r\n")));
    return key && key->size() == kKeySize
               ? Result<Bytes>(*key)
               : fail(Code::InvalidConfig, file.string() + ": must hold 64 hexadecimal digits");
}

/// A backup of keys that open nothing would be worse than none.
Result<> checkAgainst(const event::Event& event, const HubKeys& keys) {
    const auto sealing = seal::sealingKeysFrom(keys.sealing);
    const auto signing = receipt::signingKeysFrom(keys.signing);
    const bool fits = keys.event == event.id && sealing && signing &&
                      sealing->publicKey == event.sealingKey && signing->publicKey == event.hubKey;
    if (!fits) {
        return fail(Code::InvalidConfig, "the keys are not those of this event file");
    }
    if (!keys.authority) {
        return {};
    }
    const auto authority =
        identity::Authority::load(keys.authority->certificate, keys.authority->key);
    return authority ? Result<>{}
                     : fail(Code::InvalidConfig, "ca.crt, ca.key: " + authority.error().context);
}

/// None: an event without TLS need not have one.
Result<std::optional<AuthorityFiles>> readAuthority(const fs::path& dir) {
    std::error_code failed;
    if (!fs::exists(authorityKeyFile(dir), failed)) {
        return std::nullopt;
    }
    auto key = readWholeFile(authorityKeyFile(dir), kMostAuthorityFile);
    auto certificate = readWholeFile(authorityFile(dir), kMostAuthorityFile);
    if (!key || !certificate) {
        return fail(Code::InvalidConfig, (key ? certificate : key).error().context);
    }
    return AuthorityFiles{std::move(*key), std::move(*certificate)};
}

Result<HubKeys> readKeys(const fs::path& dir, const event::Event& event) {
    HubKeys keys{event.id, {}, {}};
    return readKey(sealingFile(dir))
        .and_then([&](Bytes key) {
            keys.sealing = std::move(key);
            return readKey(signingFile(dir));
        })
        .and_then([&](Bytes key) {
            keys.signing = std::move(key);
            return readAuthority(dir);
        })
        .and_then([&](std::optional<AuthorityFiles> authority) {
            keys.authority = std::move(authority);
            return checkAgainst(event, keys);
        })
        .map([&] { return std::move(keys); });
}

Bytes encode(const HubKeys& keys) {
    CborWriter out;
    out.array(keys.authority ? 5 : 3)
        .text(keys.event.value)
        .bytes(keys.sealing)
        .bytes(keys.signing);
    if (keys.authority) {
        out.text(keys.authority->key).text(keys.authority->certificate);
    }
    return out.take();
}

enum class Holds : std::uint8_t { HubKeys, AuthorityToo };

Result<HubKeys> decode(ByteView bytes, Holds what) {
    CborReader in(bytes);
    in.arrayOf(what == Holds::AuthorityToo ? 5 : 3);
    HubKeys keys{{in.text(kMostKeyFile)}, toBytes(in.bytes(kKeySize)), toBytes(in.bytes(kKeySize))};
    if (what == Holds::AuthorityToo) {
        keys.authority = AuthorityFiles{in.text(kMostAuthorityFile), in.text(kMostAuthorityFile)};
    }
    const auto finished = in.finish();
    return finished ? Result<HubKeys>(std::move(keys)) : tl::unexpected(finished.error());
}

std::string textOf(const HubKeys& keys, const Bytes& closed) {
    constexpr std::size_t kALine = 32;
    std::string text =
        fmt::format("{}\n{}\n", keys.authority ? kFormat : kWithoutAuthority, keys.event.value);
    for (std::size_t at = 0; at < closed.size(); at += kALine) {
        text += toHex(ByteView(closed).subspan(at, std::min(kALine, closed.size() - at))) + "\n";
    }
    return text;
}

Result<HubKeys> open(const fs::path& file, std::string_view passphrase) {
    const auto text = readWholeFile(file, kMostBackup);
    if (!text) {
        return tl::unexpected(text.error());
    }
    std::istringstream lines(*text);
    std::string format;
    std::string event;
    std::string digits;
    lines >> format >> event;
    for (std::string line; lines >> line;) {
        digits += line;
    }
    const auto closed = fromHex(digits);
    if ((format != kFormat && format != kWithoutAuthority) || !closed) {
        return fail(Code::InvalidInput, file.string() + ": no backup of keys");
    }
    const auto plain = seal::openWithPassphrase(*closed, passphrase);
    if (!plain) {
        return fail(Code::InvalidInput, file.string() + ": " + plain.error().context);
    }
    return decode(*plain, format == kFormat ? Holds::AuthorityToo : Holds::HubKeys);
}

Result<> backUp(const KeyBackup& command) {
    const auto event = loadEvent(command.dir / "event.json");
    if (!event) {
        return tl::unexpected(event.error());
    }
    const auto keys = readKeys(command.dir, *event);
    if (!keys) {
        return tl::unexpected(keys.error());
    }
    const auto passphrase = readPassphrase(Asking::ForNew);
    if (!passphrase) {
        return tl::unexpected(passphrase.error());
    }
    return seal::closeWithPassphrase(encode(*keys), passphrase->view())
        .and_then([&](const Bytes& closed) {
            return placeNewFile(command.out, textOf(*keys, closed), Access::Owner);
        })
        .and_then([&] { return open(command.out, passphrase->view()); })  // as one would need it
        .and_then([&](const HubKeys& kept) { return checkAgainst(*event, kept); });
}

/// An authority's file that is there already, as it is in the backup, is as good.
Result<bool> isThere(const fs::path& file, const std::string& content) {
    std::error_code failed;
    if (!fs::exists(file, failed)) {
        return false;
    }
    const auto text = readWholeFile(file, kMostAuthorityFile);
    return text && *text == content
               ? Result<bool>(true)
               : fail(Code::Conflict, file.string() + ": is there already, and another one");
}

/// Before anything is written.
Result<> isFree(const fs::path& dir, const HubKeys& keys) {
    if (!keys.authority) {
        return {};
    }
    return isThere(authorityKeyFile(dir), keys.authority->key)
        .and_then([&](bool) { return isThere(authorityFile(dir), keys.authority->certificate); })
        .map([](bool) {});
}

Result<> placeAuthority(const fs::path& dir, const HubKeys& keys) {
    if (!keys.authority) {
        return {};
    }
    const auto place = [](const fs::path& file, const std::string& content, Access access) {
        return isThere(file, content).and_then([&](bool isAsGood) {
            return isAsGood ? Result<>{} : placeNewFile(file, content, access);
        });
    };
    return place(authorityKeyFile(dir), keys.authority->key, Access::Owner).and_then([&] {
        return place(authorityFile(dir), keys.authority->certificate, Access::Everyone);
    });
}

Result<HubKeys> restore(const KeyRestore& command) {
    const auto passphrase = readPassphrase(Asking::ForOld);
    if (!passphrase) {
        return tl::unexpected(passphrase.error());
    }
    auto keys = open(command.file, passphrase->view());
    if (!keys) {
        return keys;
    }
    std::error_code failed;
    if (fs::exists(command.dir / "event.json", failed)) {
        const auto checked =
            loadEvent(command.dir / "event.json").and_then([&](const event::Event& event) {
                return checkAgainst(event, *keys);
            });
        if (!checked) {
            return tl::unexpected(checked.error());
        }
    }
    if (const auto free = isFree(command.dir, *keys); !free) {
        return tl::unexpected(free.error());
    }
    if (fs::create_directories(command.dir / "keys", failed)) {
        fs::permissions(command.dir / "keys", fs::perms::owner_all, failed);
    }
    const auto written =
        placeNewFile(sealingFile(command.dir), toHex(keys->sealing) + '\n', Access::Owner)
            .and_then([&] {
                return placeNewFile(signingFile(command.dir), toHex(keys->signing) + '\n',
                                    Access::Owner);
            })
            .and_then([&] { return placeAuthority(command.dir, *keys); });
    return written ? std::move(keys) : tl::unexpected(written.error());
}

}  // namespace

int run(const KeyBackup& command) {
    const auto done = seal::initialise().and_then([&] { return backUp(command); });
    if (!done) {
        return program::reportFailure("tapport", done.error());
    }
    fmt::print(
        "{}: the hub's keys, closed with the passphrase, read back and compared.\n"
        "Keep both, apart from each other and from the hub; without one of them it opens "
        "nothing.\n",
        command.out.string());
    return program::kExitOk;
}

int run(const KeyRestore& command) {
    const auto done = seal::initialise().and_then([&] { return restore(command); });
    if (!done) {
        return program::reportFailure("tapport", done.error());
    }
    fmt::print("{}: keys of {}\n", (command.dir / "keys").string(), done->event.value);
    if (!done->authority) {
        fmt::print(
            "without the event's authority (ca.key, ca.crt), which such a backup did not hold\n");
    }
    return program::kExitOk;
}

}  // namespace tapport::admin
