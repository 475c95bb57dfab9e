// SPDX-License-Identifier: GPL-3.0-or-later
// The running simulator: one thread that carries bytes between the pseudo-terminal, the line and
// the control socket until it is told to end.
#pragma once

#include "hardware/pn532sim/control.h"
#include "hardware/pn532sim/line.h"
#include "hardware/pn532sim/pty.h"

#include <optional>

namespace tapport::pn532sim {

struct SimulatorOptions {
    std::filesystem::path socket;
    std::filesystem::path link;  ///< a symbolic link kept on the terminal, as udev would; or empty
    Pace pace = Pace::Plain;
};

class Simulator {
  public:
    [[nodiscard]] static Result<Simulator> open(const SimulatorOptions& options);
    Simulator(Simulator&&) = default;
    Simulator& operator=(Simulator&&) = delete;
    ~Simulator();

    /// What to give libnfc.
    [[nodiscard]] std::string connstring() const;
    void place(Tag tag);
    /// Until `endFd` becomes readable.
    [[nodiscard]] Result<> run(int endFd);

  private:
    Simulator(SimulatorOptions options, program::FileDescriptor listener)
        : options_(std::move(options)), listener_(std::move(listener)), line_(options_.pace) {}
    [[nodiscard]] Result<> plugIn();
    void unplug();
    void serve(int connection);
    [[nodiscard]] Response obey(const Request& request);
    [[nodiscard]] Result<> change(const Request& request);

    SimulatorOptions options_;
    program::FileDescriptor listener_;
    std::optional<Pty> pty_;  ///< none while unplugged
    Line line_;
};

}  // namespace tapport::pn532sim
