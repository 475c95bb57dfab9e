// SPDX-License-Identifier: GPL-3.0-or-later
// The opener as a program. What it opens is in its memory only, and nobody else's: no core files,
// no swap where the system permits that, no debugger of the same user.
#include "sync/hub/cli/commands.h"
#include "sync/hub/cli/open_hub.h"
#include "sync/hub/opener/event_key.h"
#include "sync/hub/opener/opener_service.h"
#include "sync/program/log.h"
#include "sync/program/program.h"
#include "sync/program/socket_child.h"

#include <sys/prctl.h>

namespace tapport::hub {
namespace {

Result<LocalOpener> openerFrom(const HubConfig& config) {
    return seal::initialise()
        .and_then([&] { return readEventFile(config.event); })
        .and_then([&](const EventFile& file) {
            return loadEventKey(config.eventKey, file.event.sealingKey)
                .map([&](seal::SealingKeys keys) {
                    return LocalOpener(std::move(keys), file.event.id);
                });
        });
}

}  // namespace

int runOpener(const HubConfig& config) {
    program::forbidCoreDumps();
    ::prctl(PR_SET_DUMPABLE, 0);
    ::prctl(PR_SET_NAME, "tapport-opener");
    const auto locked = program::lockMemory();
    auto opener = openerFrom(config);
    if (opener && !locked) {
        program::logWarning("{}: the event's key may reach a swap partition",
                            locked.error().context);
    }
    const auto served = serveOpener(program::SocketChild::kFd, std::move(opener));
    if (served) {
        return program::kExitOk;
    }
    if (served.error().code == Code::Network) {
        return program::reportFailure(
            "tapport-hub",
            {Code::InvalidInput,
             "opener: started by tapport-hub run, not by hand: " + served.error().context});
    }
    return program::exitCodeFor(served.error().code);  // the hub was told, and says it
}

}  // namespace tapport::hub
