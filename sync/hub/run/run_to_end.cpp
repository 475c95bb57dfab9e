// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/run/run_to_end.h"

#include "sync/program/file_descriptor.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <system_error>

#include <poll.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace tapport::hub {
namespace {

/// False: it still runs.
bool endsWithin(pid_t child, std::chrono::milliseconds patience) {
    // glibc 2.36 declares pidfd_open() without C linkage.
    const program::FileDescriptor process(static_cast<int>(::syscall(SYS_pidfd_open, child, 0)));
    const auto until = std::chrono::steady_clock::now() + patience;
    for (auto left = patience;; left = std::chrono::ceil<std::chrono::milliseconds>(
                                    until - std::chrono::steady_clock::now())) {
        pollfd ended{process.get(), POLLIN, 0};
        const int ready = ::poll(&ended, 1, static_cast<int>(std::max(left.count(), 0L)));
        if (ready >= 0 || errno != EINTR) {
            return ready == 1;
        }
    }
}

}  // namespace

Result<> runToEnd(std::vector<std::string> command,
                  std::optional<std::chrono::milliseconds> patience) {
    std::vector<char*> argv;
    argv.reserve(command.size() + 1);
    for (std::string& word : command) {
        argv.push_back(word.data());
    }
    argv.push_back(nullptr);
    pid_t child = 0;
    int status = 0;
    posix_spawnattr_t attributes;
    ::posix_spawnattr_init(&attributes);
    if (patience) {
        // A group of its own: a script's children go with it.
        ::posix_spawnattr_setpgroup(&attributes, 0);
        ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
    }
    const int error = ::posix_spawnp(&child, argv[0], nullptr, &attributes, argv.data(), environ);
    ::posix_spawnattr_destroy(&attributes);
    if (error != 0) {
        return fail(Code::NotFound, command[0] + ": " + std::generic_category().message(error));
    }
    const bool isHung = patience && !endsWithin(child, *patience);
    if (isHung) {
        ::kill(-child, SIGKILL);
    }
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    if (isHung) {
        return fail(Code::Internal, command[0] + " did not end in time and was killed");
    }
    return WIFEXITED(status) && WEXITSTATUS(status) == 0
               ? Result<>{}
               : fail(Code::Internal, command[0] + " ended with an error");
}

}  // namespace tapport::hub
