// SPDX-License-Identifier: GPL-3.0-or-later
// A real program as a child, for journeys, fault tests and the demo. It dies with its owner,
// whatever happens to the owner.
#pragma once

#include "tests/support/wait_until.h"

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

namespace tapport::support {

struct ChildOptions {
    std::vector<std::string> environment;  ///< "NAME=value", added to ours
    std::filesystem::path log;             ///< stderr goes there (appended); empty: to ours
    bool appendStdoutToLog = false;        ///< else stdout is a pipe: see readLine()
};

class ChildProcess {
  public:
    /// Starts `command[0]` (looked up in PATH, then /usr/sbin). Throws std::runtime_error if it
    /// cannot.
    explicit ChildProcess(const std::vector<std::string>& command,
                          const ChildOptions& options = {});
    /// Ends a child that still runs with SIGKILL.
    ~ChildProcess();
    ChildProcess(const ChildProcess&) = delete;
    ChildProcess& operator=(const ChildProcess&) = delete;

    /// The next line of stdout without its end; nothing at end of file or after `patience`.
    [[nodiscard]] std::optional<std::string> readLine(
        std::chrono::milliseconds patience = kPatience);
    [[nodiscard]] bool isRunning();
    /// Exit status as a shell gives it (128 + signal); nothing if it still runs after `patience`.
    [[nodiscard]] std::optional<int> wait(std::chrono::milliseconds patience = kPatience);
    void signal(int number) const;
    /// SIGTERM, then wait(); SIGKILL when that takes too long.
    std::optional<int> terminate(std::chrono::milliseconds patience = kPatience);
    /// SIGKILL and reap.
    void kill();
    [[nodiscard]] pid_t pid() const { return pid_; }

  private:
    pid_t pid_ = -1;
    int stdout_ = -1;
    std::string buffer_;
    std::optional<int> status_;
};

struct Finished {
    int status = -1;
    std::string out;
    std::string err;
};
/// Runs a command to its end and collects what it printed.
[[nodiscard]] Finished run(const std::vector<std::string>& command,
                           const std::vector<std::string>& environment = {});

/// A port of 127.0.0.1 that was free a moment ago, and that no outgoing connection gets. Nobody
/// else who asks gets it while this process lives.
[[nodiscard]] int freePort();
/// One of the programs under test.
[[nodiscard]] std::string program(const std::string& name);

}  // namespace tapport::support
