// SPDX-License-Identifier: GPL-3.0-or-later
#include "firmware-app/admin/commands.h"
#include "firmware-app/kiosk/settings.h"
#include "firmware-app/store/signing_key.h"
#include "sync/program/program.h"
#include "sync/receipt/key_set.h"
#include "sync/seal/seal.h"

#include <fmt/core.h>

namespace tapport::admin {

int run(const KioskKey& command) {
    const auto line = seal::initialise()
                          .and_then([&] { return kiosk::readSettings(command.config); })
                          .and_then([](const kiosk::Settings& settings) {
                              std::error_code failed;  // said by whoever needs the folder
                              std::filesystem::create_directories(settings.dataDir, failed);
                              return store::signingKeysIn(settings.dataDir)
                                  .map([&](const receipt::SigningKeys& keys) {
                                      return receipt::jwkText({settings.kiosk, keys.publicKey, {}});
                                  });
                          });
    if (!line) {
        return program::reportFailure("tapport", line.error());
    }
    fmt::print("{}\n", *line);
    return program::kExitOk;
}

}  // namespace tapport::admin
