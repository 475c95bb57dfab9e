// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/badge_sim.h"

#include <stdexcept>

namespace tapport::support {

BadgeSim::BadgeSim(const std::vector<std::string>& options)
    : command_{program("tapport-badgesim"), "--socket", directory_ / "ctl", "--link",
               directory_ / "reader"} {
    command_.insert(command_.end(), options.begin(), options.end());
    startAgain();
}

void BadgeSim::startAgain() {
    process_ = std::make_unique<ChildProcess>(command_);
    const auto line = process_->readLine();
    if (!line) {
        throw std::runtime_error("tapport-badgesim does not come up");
    }
    connstring_ = *line;
}

std::string BadgeSim::ctl(const std::vector<std::string>& words) const {
    std::vector<std::string> command{program("tapport-badgesim"), "ctl", directory_ / "ctl"};
    command.insert(command.end(), words.begin(), words.end());
    const auto finished = run(command);
    if (finished.status != 0) {
        throw std::runtime_error("tapport-badgesim ctl: " + finished.out + finished.err);
    }
    return finished.out;
}

}  // namespace tapport::support
