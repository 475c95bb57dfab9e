// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/run/run_to_end.h"

#include <cerrno>
#include <system_error>

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace tapport::hub {

Result<> runToEnd(std::vector<std::string> command) {
    std::vector<char*> argv;
    argv.reserve(command.size() + 1);
    for (std::string& word : command) {
        argv.push_back(word.data());
    }
    argv.push_back(nullptr);
    pid_t child = 0;
    int status = 0;
    const int error = ::posix_spawnp(&child, argv[0], nullptr, nullptr, argv.data(), environ);
    if (error != 0) {
        return fail(Code::NotFound, command[0] + ": " + std::generic_category().message(error));
    }
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    return WIFEXITED(status) && WEXITSTATUS(status) == 0
               ? Result<>{}
               : fail(Code::Internal, command[0] + " ended with an error");
}

}  // namespace tapport::hub
