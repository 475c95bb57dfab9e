// SPDX-License-Identifier: GPL-3.0-or-later
// The part of tapport-hub's command line that is about who a kiosk is: enrol, kiosks, revoke,
// stolen, recover.
#pragma once

#include "sync/hub/cli/commands.h"

#include <memory>
#include <optional>

namespace CLI {  // NOLINT(readability-identifier-naming): the library's
class App;
}

namespace tapport::hub {

class IdentityCommands {
  public:
    /// Adds its commands; `app` outlives this.
    explicit IdentityCommands(CLI::App& app);
    ~IdentityCommands();
    IdentityCommands(const IdentityCommands&) = delete;
    IdentityCommands& operator=(const IdentityCommands&) = delete;

    /// The exit code, when one of them was given.
    [[nodiscard]] std::optional<int> run(const HubConfig& config) const;

  private:
    struct Line;
    std::unique_ptr<Line> line_;
};

}  // namespace tapport::hub
