// SPDX-License-Identifier: GPL-3.0-or-later
// Presses the real screens of a running kiosk through its development driver (a Unix socket, one
// JSON object a line). Every failure is a std::runtime_error that names the screen and the target.
#pragma once

#include "tests/support/wait_until.h"

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

namespace tapport::boothday {

class ScreenClient {
  public:
    /// Waits until the kiosk listens.
    explicit ScreenClient(const std::filesystem::path& socket);
    ~ScreenClient();
    ScreenClient(const ScreenClient&) = delete;
    ScreenClient& operator=(const ScreenClient&) = delete;

    void press(const std::string& target);
    void type(const std::string& text);
    /// Fails when none of the screens comes up in time; gives the one that did.
    std::string waitFor(const std::vector<std::string>& screens,
                        std::chrono::milliseconds patience = support::kPatience);
    void waitForTarget(const std::string& target,
                       std::chrono::milliseconds patience = support::kPatience);
    [[nodiscard]] std::string screen();
    [[nodiscard]] std::string language();
    [[nodiscard]] bool hasTarget(const std::string& target);
    void grab(const std::filesystem::path& file);

  private:
    std::string ask(const std::string& request);
    int socket_ = -1;
    std::string buffer_;
};

}  // namespace tapport::boothday
