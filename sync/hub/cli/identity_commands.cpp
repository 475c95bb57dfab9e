// SPDX-License-Identifier: GPL-3.0-or-later
// Commands about who a kiosk is. They work beside a running hub: the register has a lock of its
// own.
#include "sync/hub/cli/answers.h"
#include "sync/hub/cli/ask.h"
#include "sync/hub/cli/commands.h"
#include "sync/hub/cli/editions.h"
#include "sync/hub/cli/tell_answers.h"
#include "sync/program/program.h"
#include "sync/receipt/key_set.h"

#include <algorithm>
#include <cstdio>

#include <fmt/core.h>

namespace tapport::hub {
namespace {

constexpr const char* kName = "tapport-hub";
constexpr std::chrono::seconds kCutOffPatience{10};

record::WallTime now() {
    return program::readClocks().wall;
}

Result<IdentityDesk> openDesk(const HubConfig& config) {
    return seal::initialise().and_then([&] { return IdentityDesk::open(config.identity); });
}

/// Of the kiosk's sequences; none when the hub has never heard of it.
Result<std::vector<Standing>> standings(const HubConfig& config, const record::KioskId& kiosk) {
    return ask(config, kStandingOf + kiosk.value).and_then(standingsFrom);
}

/// Of each epoch the last that is certainly the kiosk's own.
receipt::Revocation heldBy(const std::vector<Standing>& standings) {
    receipt::Revocation held;
    for (const Standing& one : standings) {
        if (one.sentLast > 0) {
            held.held.emplace(one.epoch, one.sentLast);
        }
    }
    return held;
}

std::string stateOf(const enrol::KioskRegister::Device& device) {
    if (device.revoked) {
        return fmt::format("revoked {}: {}", record::isoText(device.revokedAt),
                           device.revoked->why);
    }
    return device.isReplaced ? "replaced" : "enrolled";
}

void printRootsLine(const record::KioskId& kiosk, const receipt::Revocation& held) {
    fmt::print(
        "To have its later records marked for everybody, where the root key is, if its key was "
        "published:\n  tapport event publish DIR --revoke {}={}\n",
        kiosk.value, receipt::textOf(held));
}

/// What the hub held is entered last, as only its database knows it, which may be down. Until then
/// nothing of the kiosk is vouched for.
int noteHeld(const HubConfig& config, IdentityDesk& desk, const enrol::Revoked& what) {
    const std::string& kiosk = what.kiosk.value;
    const auto known = standings(config, what.kiosk);
    const auto noted = known.and_then([&](const std::vector<Standing>& all) {
        return desk.revoke({what.kiosk, heldBy(all), what.why}, now());
    });
    if (!noted) {
        fmt::print(
            "{0}: what the hub held of it is not known, so all its records are unconfirmed. When "
            "the\nhub's database is back: tapport-hub revoke {0} --why ...\n",
            kiosk);
        return program::reportFailure(kName, noted.error());
    }
    // Of an earlier revocation, when there was one: what came since may be the thief's.
    const auto kiosks = desk.office().file().read();
    const auto* device = kiosks ? kiosks->findDevice(what.kiosk) : nullptr;
    if (device != nullptr && device->revoked && device->revoked->held) {
        printRootsLine(what.kiosk, *device->revoked->held);
    }
    return program::kExitOk;
}

/// Before the broker refuses it: afterwards nobody can tell it anything. Never holds up the rest.
void tellRevoked(const HubConfig& config, const record::KioskId& kiosk,
                 const identity::Certificate& certificate) {
    const auto heeded = tellAndWait(
        config, kiosk,
        fmt::format("{}{} {}", kTellRevoked, kiosk.value, certificate.fingerprint().hex()));
    if (!heeded) {
        fmt::print("{}: not told: {}\n", kiosk.value, heeded.error().context);
    } else if (*heeded == Heeded::Yes) {
        fmt::print("{}: told, it asks nobody any more and keeps its records\n", kiosk.value);
    } else {
        fmt::print(
            "{}: not told, it {}; where it is switched on it goes on asking, and keeps what it "
            "records\n",
            kiosk.value, *heeded == Heeded::Away ? "is not connected" : "does not answer");
    }
    std::fflush(stdout);
}

/// Step by step, each said: an operator who is in a hurry must know how far it came.
int revoke(const HubConfig& config, IdentityDesk& desk, const enrol::Revoked& what) {
    const std::string& kiosk = what.kiosk.value;
    if (const auto revoked = desk.revoke(what, now()); !revoked) {
        return program::reportFailure(kName, revoked.error());
    }
    fmt::print("{}: revoked\n", kiosk);
    const auto known = desk.office().file().read();
    if (const auto* device = known ? known->findDevice(what.kiosk) : nullptr; device != nullptr) {
        tellRevoked(config, what.kiosk, device->enrolled.certificate);
    }
    int exitCode = program::kExitOk;
    const auto isCutOff = desk.cutOff(what.kiosk, config.broker, now(), kCutOffPatience);
    if (!isCutOff) {
        fmt::print("{}: it may still be connected, and come back\n", kiosk);
        exitCode = program::reportFailure(kName, isCutOff.error());
    } else {
        fmt::print(
            "{0}: the broker refuses its certificates\n{0}: it has no session any more (a "
            "connection that it opened before and never used ends within 90 s)\n",
            kiosk);
    }
    std::fflush(stdout);
    const int noted = noteHeld(config, desk, what);
    return exitCode == program::kExitOk ? noted : exitCode;
}

/// `who`: the first line.
void printReport(const std::string& who, const Result<std::vector<Standing>>& standings) {
    fmt::print("{}\n", who);
    std::uint64_t held = 0;
    if (!standings) {
        fmt::print("  what is here of it is not known: {}\n", standings.error().context);
    }
    for (const Standing& one : standings.value_or(std::vector<Standing>{})) {
        held += one.held;
        fmt::print("  heard last {}: {} of {} announced records are here (epoch {})\n",
                   one.heardAt == record::WallTime() ? "never" : record::isoText(one.heardAt),
                   one.held, one.announced, one.epoch.hex());
    }
    fmt::print(
        "  what it recorded after that is not known here; `tapport-hub recover` reads it from the\n"
        "  device, should it be found\n"
        "On the device:\n"
        "  sealed records   the {0} above, until it was told to drop them, and what is not known\n"
        "                   here: closed to the event's key, which never was on it. A thief sees\n"
        "                   how many, how large, and when\n"
        "  vault entries    of its own visitors, and what this hub told it: of each badge that "
        "any\n"
        "                   kiosk has seen, and of everybody in the roster. Each opens with its\n"
        "                   badge's token only, which is on the badge and, for the roster, in the\n"
        "                   file that was imported: keep that file from the thief\n"
        "  without a token  badges that gave a UID only, and typed codes, have no secret: their\n"
        "                   entries can be opened by trying. They hold decisions only, no "
        "contact,\n"
        "                   no notes, and are of its own visitors\n"
        "  event file       what is asked; names of staff and hashes of their PINs. PINs can be\n"
        "                   tried out: give staff new ones\n"
        "  keys             its certificate and its signing key: of no use once it is revoked;\n"
        "                   what they sign later is marked\n"
        "  screen           if it was running: what was on it, until it locked itself\n",
        held);
}

std::string whoIs(const enrol::KioskRegister::Device& device) {
    return fmt::format("{}: enrolled {}{}", device.enrolled.kiosk.value, record::isoText(device.at),
                       device.revoked || device.isReplaced ? ", " + stateOf(device) : "");
}

enum class Published : std::uint8_t { No, Yes, Revoked };

/// What the root says of the keys of a kiosk that this hub did not enrol.
Result<Published> publishedOf(const HubConfig& config, const record::KioskId& kiosk) {
    const auto event = readEventFile(config.event);
    if (!event) {
        return tl::unexpected(event.error());
    }
    ProofKeys keys(config.keys, config.identity.kiosks, event->event, event->edition);
    if (const auto read = keys.refresh(); !read) {
        return tl::unexpected(read.error());
    }
    const auto has = [&](const std::vector<record::KioskId>& kiosks) {
        return std::find(kiosks.begin(), kiosks.end(), kiosk) != kiosks.end();
    };
    if (has(keys.kiosks())) {
        return Published::Yes;
    }
    return has(keys.revoked()) ? Published::Revoked : Published::No;
}

/// Nothing here can cut it off: it has no certificate, and the root alone revokes its key.
int reportStranger(const HubConfig& config, const record::KioskId& kiosk, Stolen what) {
    const auto published = publishedOf(config, kiosk);
    const auto known = standings(config, kiosk);
    const bool isPublished = published && *published != Published::No;
    const bool isHeard = known && !known->empty();
    if (!isPublished && !isHeard) {
        if (!published || !known) {
            return program::reportFailure(
                kName, (published ? known.error() : published.error())
                           .in("whether there is a kiosk " + kiosk.value + " is not known"));
        }
        return program::reportFailure(
            kName, {Code::NotFound, "no kiosk " + kiosk.value +
                                        " is enrolled, no key of it is published, and no record of "
                                        "it is here"});
    }
    const char* const standing =
        !published ? "whether its key is published is not known"
                   : (*published == Published::Yes
                          ? "its key is published"
                          : (*published == Published::Revoked ? "its published key is revoked"
                                                              : "no key of it is published"));
    printReport(fmt::format("{}: not enrolled here; {}", kiosk.value, standing), known);
    if (!published) {
        fmt::print("  {}\n", published.error().context);
    }
    if (what == Stolen::ReportOnly || (published && *published == Published::Revoked)) {
        return program::kExitOk;
    }
    fmt::print("{}: nothing is revoked yet: it has no certificate of this hub's\n", kiosk.value);
    if (!known) {
        // What was held goes into the line, and nothing less than what was.
        fmt::print("When the hub's database is back: tapport-hub stolen {}\n", kiosk.value);
        return program::reportFailure(kName, known.error());
    }
    printRootsLine(kiosk, heldBy(*known));
    return program::kExitOk;
}

}  // namespace

int inviteKiosk(const HubConfig& config, const record::KioskId& kiosk, std::chrono::seconds valid) {
    if (!config.broker.tls) {
        // A kiosk enrols over TLS only, and this hub could never cut it off again.
        return program::reportFailure(
            kName,
            {Code::InvalidConfig,
             fmt::format("{0}: [broker] has no TLS, so no kiosk could use a code. Kiosks on this "
                         "machine need none; for others: tapport broker config {1} --host HOST, "
                         "and in [broker] tls_ca, tls_cert and tls_key, as `tapport event init "
                         "--broker HOST` writes them",
                         config.file.string(), config.file.parent_path().string())});
    }
    auto desk = openDesk(config);
    if (!desk) {
        return program::reportFailure(kName, desk.error());
    }
    const auto code = desk->office().invite(kiosk, valid, now());
    if (!code) {
        return program::reportFailure(kName, code.error());
    }
    fmt::print("For {}, until {}, once:\n\n  {}\n\nOn the kiosk: tapport enrol --code {}\n",
               kiosk.value, record::isoText(now() + valid), code->text(), code->text());
    return program::kExitOk;
}

int listKiosks(const HubConfig& config, KioskList format) {
    const auto kiosks = seal::initialise().and_then(
        [&] { return enrol::RegisterFile(config.identity.kiosks).read(); });
    if (!kiosks) {
        return program::reportFailure(kName, kiosks.error());
    }
    for (const auto& device : kiosks->devices()) {
        if (format == KioskList::Jwk) {
            receipt::KioskKey key{device.enrolled.kiosk, device.enrolled.signingKey};
            if (device.revoked) {
                key.revoked = device.revoked->held.value_or(receipt::Revocation{});
            }
            fmt::print("{}\n", receipt::jwkText(key));
        } else {
            fmt::print("{:<32} {} {}\n", device.enrolled.kiosk.value, record::isoText(device.at),
                       stateOf(device));
        }
    }
    return program::kExitOk;
}

int revokeKiosk(const HubConfig& config, const record::KioskId& kiosk, const std::string& why) {
    auto desk = openDesk(config);
    if (!desk) {
        return program::reportFailure(kName, desk.error());
    }
    constexpr std::size_t kMostWhy = 500;
    if (why.find_first_not_of(' ') == std::string::npos || why.size() > kMostWhy ||
        why.find_first_of("\r\n") != std::string::npos) {
        return program::reportFailure(
            kName, {Code::InvalidInput,
                    fmt::format("--why: one line of at most {} characters", kMostWhy)});
    }
    return revoke(config, *desk, {kiosk, std::nullopt, why});
}

int reportStolen(const HubConfig& config, const record::KioskId& kiosk, Stolen what) {
    const auto kiosks = seal::initialise().and_then(
        [&] { return enrol::RegisterFile(config.identity.kiosks).read(); });
    if (!kiosks) {
        return program::reportFailure(kName, kiosks.error());
    }
    const auto* device = kiosks->findDevice(kiosk);
    if (device == nullptr) {
        return reportStranger(config, kiosk, what);
    }
    // Cut off first: the report reads the database, which may be slow or down.
    int exitCode = program::kExitOk;
    if (what == Stolen::Revoke) {
        auto desk = openDesk(config);
        exitCode = desk ? revoke(config, *desk, {kiosk, std::nullopt, "stolen"})
                        : program::reportFailure(kName, desk.error().in("it is not revoked"));
    }
    printReport(whoIs(*device), standings(config, kiosk));
    return exitCode;
}

int recoverKiosk(const HubConfig& config, const std::filesystem::path& dir) {
    return printAnswer(config, kRecover + std::filesystem::absolute(dir).string());
}

}  // namespace tapport::hub
