// SPDX-License-Identifier: GPL-3.0-or-later
// The opener as a program. What it opens is in its memory only, and nobody else's: no core files,
// no swap where the system permits that, no debugger of the same user.
#include "sync/hub/cli/commands.h"
#include "sync/hub/cli/open_hub.h"
#include "sync/hub/opener/event_key.h"
#include "sync/hub/opener/opener_listener.h"
#include "sync/hub/opener/opener_service.h"
#include "sync/program/log.h"
#include "sync/program/program.h"
#include "sync/program/socket_child.h"

#include <sys/prctl.h>
#include <unistd.h>

namespace tapport::hub {
namespace {

Result<LocalOpener> openerFrom(const std::filesystem::path& event,
                               const std::filesystem::path& key) {
    return seal::initialise()
        .and_then([&] { return readEventFile(event); })
        .and_then([&](const EventFile& file) {
            return loadEventKey(key, file.event.sealingKey).map([&](seal::SealingKeys keys) {
                return LocalOpener(std::move(keys), file.event.id);
            });
        });
}

void closeItself() {
    program::forbidCoreDumps();
    ::prctl(PR_SET_DUMPABLE, 0);
    ::prctl(PR_SET_NAME, "tapport-opener");
}

void warnOfSwap(const Result<>& locked) {
    if (!locked) {
        program::logWarning("{}: the event's key may reach a swap partition",
                            locked.error().context);
    }
}

/// Root has read the key and made the socket; what comes from outside is read by somebody else.
Result<> leaveRoot(const OpenerConfig& config) {
    if (config.user.empty()) {
        return ::geteuid() != 0
                   ? Result<>{}
                   : fail(Code::InvalidConfig, "started as root: 'user' must say whom to become");
    }
    return program::findUser(config.user).and_then(program::becomeUser);
}

Result<> listen(const OpenerConfig& config, const std::filesystem::path& socket) {
    closeItself();
    const auto termination = program::openTerminationFd();
    if (!termination) {
        return tl::unexpected(termination.error());
    }
    warnOfSwap(program::lockMemory());
    const auto hub = program::findUser(config.hubUser);
    if (!hub) {
        return tl::unexpected(hub.error().in("'hub_user'"));
    }
    auto opener = openerFrom(config.event, config.eventKey);
    if (!opener) {
        return tl::unexpected(opener.error());
    }
    auto listener = OpenerListener::open(socket);
    if (!listener) {
        return tl::unexpected(listener.error());
    }
    if (auto left = leaveRoot(config); !left) {
        return left;
    }
    closeItself();  // a change of user has made it dumpable, or not, as the system pleases
    program::logInfo("opens for user '{}'", hub->name);
    return listener->serve(*opener, *hub, *termination);
}

}  // namespace

int runOpener(const HubConfig& config) {
    closeItself();
    const auto locked = program::lockMemory();
    auto opener = openerFrom(config.event, config.eventKey);
    if (opener) {
        warnOfSwap(locked);
    }
    const auto served = serveOpener(program::SocketChild::kFd, std::move(opener));
    if (served) {
        return program::kExitOk;
    }
    if (served.error().code == Code::Network) {
        return program::reportFailure(
            "tapport-hub",
            {Code::InvalidInput,
             "opener: started by tapport-hub run, or with --listen: " + served.error().context});
    }
    return program::exitCodeFor(served.error().code);  // the hub was told, and says it
}

int listenAsOpener(const OpenerConfig& config, const std::filesystem::path& socket) {
    const auto served = listen(config, socket);
    return served ? program::kExitOk
                  : program::reportFailure("tapport-hub", served.error().in("opener"));
}

}  // namespace tapport::hub
