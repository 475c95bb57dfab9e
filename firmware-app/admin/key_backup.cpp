// SPDX-License-Identifier: GPL-3.0-or-later
// The keys that a hub cannot be rebuilt without, closed with a passphrase: event.key opens every
// record, hub.key is the one that kiosks believe. A text file, to be printed or put on a stick:
//
//   tapport-key-backup-1
//   <event's id>
//   <hexadecimal lines: closeWithPassphrase() of [event's id, event.key, hub.key]>
#include "firmware-app/admin/commands.h"
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

constexpr std::string_view kFormat = "tapport-key-backup-1";
constexpr std::size_t kMostKeyFile = 4096;
constexpr std::size_t kMostBackup = 64UL * 1024;
constexpr std::size_t kKeySize = 32;

struct HubKeys {
    record::EventId event;
    Bytes sealing;  ///< secret halves
    Bytes signing;
};

fs::path sealingFile(const fs::path& dir) {
    return dir / "keys" / "event.key";
}
fs::path signingFile(const fs::path& dir) {
    return dir / "keys" / "hub.key";
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
    return fits ? Result<>{}
                : fail(Code::InvalidConfig, "the keys are not those of this event file");
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
            return checkAgainst(event, keys);
        })
        .map([&] { return std::move(keys); });
}

Bytes encode(const HubKeys& keys) {
    CborWriter out;
    out.array(3).text(keys.event.value).bytes(keys.sealing).bytes(keys.signing);
    return out.take();
}

Result<HubKeys> decode(ByteView bytes) {
    CborReader in(bytes);
    in.arrayOf(3);
    HubKeys keys{{in.text(kMostKeyFile)}, toBytes(in.bytes(kKeySize)), toBytes(in.bytes(kKeySize))};
    const auto finished = in.finish();
    return finished ? Result<HubKeys>(std::move(keys)) : tl::unexpected(finished.error());
}

std::string textOf(const record::EventId& event, const Bytes& closed) {
    constexpr std::size_t kALine = 32;
    std::string text = fmt::format("{}\n{}\n", kFormat, event.value);
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
    if (format != kFormat || !closed) {
        return fail(Code::InvalidInput, file.string() + ": no backup of keys");
    }
    const auto plain = seal::openWithPassphrase(*closed, passphrase);
    if (!plain) {
        return fail(Code::InvalidInput, file.string() + ": " + plain.error().context);
    }
    return decode(*plain);
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
            return placeNewFile(command.out, textOf(event->id, closed), Access::Owner);
        })
        .and_then([&] { return open(command.out, passphrase->view()); })  // as one would need it
        .and_then([&](const HubKeys& kept) { return checkAgainst(*event, kept); });
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
    if (fs::create_directories(command.dir / "keys", failed)) {
        fs::permissions(command.dir / "keys", fs::perms::owner_all, failed);
    }
    const auto written =
        placeNewFile(sealingFile(command.dir), toHex(keys->sealing) + '\n', Access::Owner)
            .and_then([&] {
                return placeNewFile(signingFile(command.dir), toHex(keys->signing) + '\n',
                                    Access::Owner);
            });
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
    return program::kExitOk;
}

}  // namespace tapport::admin
