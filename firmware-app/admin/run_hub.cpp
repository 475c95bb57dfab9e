// SPDX-License-Identifier: GPL-3.0-or-later
#include "firmware-app/admin/commands.h"
#include "firmware-app/admin/sibling.h"
#include "sync/program/program.h"

#include <unistd.h>

namespace tapport::admin {

int run(const RunHub& command) {
    std::string program = siblingProgram("tapport-hub");
    std::vector<std::string> arguments = command.arguments;
    std::vector<char*> argv{program.data()};
    for (std::string& argument : arguments) {
        argv.push_back(argument.data());
    }
    argv.push_back(nullptr);
    execv(program.c_str(), argv.data());
    program::reportFailure("tapport", {Code::NotFound, program + " cannot be started"});
    return program::kExitUnavailable;
}

}  // namespace tapport::admin
