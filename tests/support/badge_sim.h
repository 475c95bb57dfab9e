// SPDX-License-Identifier: GPL-3.0-or-later
// A running tapport-badgesim for a test: a simulated reader that real libnfc talks to.
#pragma once

#include "tests/support/child_process.h"
#include "tests/support/temp_dir.h"

#include <memory>

namespace tapport::support {

class BadgeSim {
  public:
    /// Starts it with these further options. Throws std::runtime_error if it does not come up.
    explicit BadgeSim(const std::vector<std::string>& options = {});

    /// For libnfc; stays the same when the plug is pulled and put back.
    [[nodiscard]] const std::string& connstring() const { return connstring_; }
    /// `tapport-badgesim ctl PATH words...`; throws std::runtime_error when it is refused.
    std::string ctl(const std::vector<std::string>& words) const;
    /// SIGTERM, and its exit status.
    std::optional<int> terminate() { return process_->terminate(); }
    /// Starts it anew on the same terminal link and socket.
    void startAgain();

  private:
    TempDir directory_;
    std::vector<std::string> command_;
    std::unique_ptr<ChildProcess> process_;
    std::string connstring_;
};

}  // namespace tapport::support
