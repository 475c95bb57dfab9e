// SPDX-License-Identifier: GPL-3.0-or-later
#include "firmware-app/admin/passphrase.h"

#include <iostream>
#include <string>

#include <fmt/core.h>
#include <termios.h>
#include <unistd.h>

namespace tapport::admin {
namespace {

constexpr std::size_t kLeast = 12;

/// What is typed is not shown while this lives.
class Silence {
  public:
    Silence() {
        ::tcgetattr(STDIN_FILENO, &before_);
        termios silent = before_;
        silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
    }
    ~Silence() {
        ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
        fmt::print(stderr, "\n");
    }
    Silence(const Silence&) = delete;
    Silence& operator=(const Silence&) = delete;

  private:
    termios before_{};
};

seal::LockedText readLine(const char* prompt) {
    std::string line;
    if (::isatty(STDIN_FILENO) == 1) {
        fmt::print(stderr, "{}: ", prompt);
        const Silence silence;
        std::getline(std::cin, line);
    } else {
        std::getline(std::cin, line);
    }
    seal::LockedText text(line);
    seal::wipe(line);
    return text;
}

}  // namespace

Result<seal::LockedText> readPassphrase(Asking asking) {
    seal::LockedText first = readLine("Passphrase");
    if (asking == Asking::ForOld) {
        return first.view().empty()
                   ? Result<seal::LockedText>(fail(Code::InvalidInput, "no passphrase on stdin"))
                   : std::move(first);
    }
    if (first.view().size() < kLeast) {
        return fail(Code::InvalidInput,
                    fmt::format("a passphrase has {} characters or more", kLeast));
    }
    if (::isatty(STDIN_FILENO) == 1 && readLine("Once more").view() != first.view()) {
        return fail(Code::InvalidInput, "not the same passphrase twice");
    }
    return first;
}

}  // namespace tapport::admin
