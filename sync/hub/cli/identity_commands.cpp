// SPDX-License-Identifier: GPL-3.0-or-later
// Commands about who a kiosk is. They work beside a running hub: the register has a lock of its
// own.
#include "sync/hub/cli/answers.h"
#include "sync/hub/cli/ask.h"
#include "sync/hub/cli/commands.h"
#include "sync/hub/cli/tell_answers.h"
#include "sync/program/program.h"
#include "sync/receipt/key_set.h"

#include <cstdio>

#include <fmt/core.h>

namespace tapport::hub {
namespace {

constexpr const char* kName = "tapport-hub";
constexpr std::chrono::seconds kDropPatience{15};

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

/// The last that is certainly the kiosk's own.
std::optional<receipt::Revocation> heldBy(const std::vector<Standing>& standings) {
    if (standings.empty()) {
        return std::nullopt;
    }
    return receipt::Revocation{standings.back().epoch, standings.back().heldLast};
}

std::string stateOf(const enrol::KioskRegister::Device& device) {
    if (device.revoked) {
        return fmt::format("revoked {}: {}", record::isoText(device.revokedAt),
                           device.revoked->why);
    }
    return device.isReplaced ? "replaced" : "enrolled";
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
    if (const auto listed = desk.publishList(); !listed) {
        exitCode = program::reportFailure(kName, listed.error());
    } else {
        fmt::print("{}: the broker refuses its certificates\n", kiosk);
    }
    const auto dropped = desk.dropSession(what.kiosk, config.broker, kDropPatience);
    if (!dropped) {
        return program::reportFailure(kName, dropped.error().in("its session may go on"));
    }
    fmt::print("{}: it has no session any more\n", kiosk);
    if (what.held) {
        fmt::print(
            "To have its later records marked for everybody, where the root key is:\n"
            "  tapport event publish DIR --revoke {}={}:{}\n",
            kiosk, what.held->epoch.hex(), what.held->seq);
    }
    return exitCode;
}

void printReport(const enrol::KioskRegister::Device& device,
                 const std::vector<Standing>& standings) {
    fmt::print("{}: enrolled {}, {}\n", device.enrolled.kiosk.value, record::isoText(device.at),
               stateOf(device));
    std::uint64_t held = 0;
    for (const Standing& one : standings) {
        held += one.held;
        fmt::print("  heard last {}: {} of {} announced records are here (epoch {})\n",
                   record::isoText(one.heardAt), one.held, one.announced, one.epoch.hex());
    }
    fmt::print(
        "  what it recorded after that is not known here; `tapport-hub recover` reads it from the\n"
        "  device, should it be found\n"
        "On the device:\n"
        "  sealed records   the {0} above, until it was told to drop them, and what is not known\n"
        "                   here: closed to the event's key, which never was on it. A thief sees\n"
        "                   how many, how large, and when\n"
        "  vault entries    not more than its records: each opens with its own badge only\n"
        "  event file       what is asked; names of staff and hashes of their PINs. PINs can be\n"
        "                   tried out: give staff new ones\n"
        "  keys             its certificate and its signing key: of no use once it is revoked;\n"
        "                   what they sign later is marked\n"
        "  screen           if it was running: what was on it, until it locked itself\n",
        held);
}

}  // namespace

int inviteKiosk(const HubConfig& config, const record::KioskId& kiosk, std::chrono::seconds valid) {
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
            fmt::print("{}\n",
                       receipt::jwkText({device.enrolled.kiosk, device.enrolled.signingKey, {}}));
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
    const auto known = standings(config, kiosk);
    if (!known) {
        return program::reportFailure(kName, known.error());
    }
    return revoke(config, *desk, {kiosk, heldBy(*known), why});
}

int reportStolen(const HubConfig& config, const record::KioskId& kiosk, Stolen what) {
    auto desk = openDesk(config);
    if (!desk) {
        return program::reportFailure(kName, desk.error());
    }
    const auto kiosks = desk->office().file().read();
    const auto known = standings(config, kiosk);
    if (!kiosks || !known) {
        return program::reportFailure(kName, kiosks ? known.error() : kiosks.error());
    }
    const auto* device = kiosks->findDevice(kiosk);
    if (device == nullptr) {
        return program::reportFailure(kName,
                                      {Code::NotFound, "no kiosk " + kiosk.value + " is enrolled"});
    }
    printReport(*device, *known);
    return what == Stolen::ReportOnly ? program::kExitOk
                                      : revoke(config, *desk, {kiosk, heldBy(*known), "stolen"});
}

int recoverKiosk(const HubConfig& config, const std::filesystem::path& dir) {
    return printAnswer(config, kRecover + std::filesystem::absolute(dir).string());
}

}  // namespace tapport::hub
