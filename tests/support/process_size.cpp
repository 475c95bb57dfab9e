// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/process_size.h"

#include "tests/support/temp_dir.h"

#include <sstream>
#include <string>

namespace tapport::support {

ProcessSize sizeOf(pid_t process) {
    ProcessSize size;
    std::istringstream lines(readFile("/proc/" + std::to_string(process) + "/status"));
    std::string what;
    while (lines >> what) {
        if (what == "VmRSS:") {
            lines >> size.kibibytes;
        } else if (what == "VmHWM:") {
            lines >> size.mostKibibytes;
        } else if (what == "Threads:") {
            lines >> size.threads;
        }
    }
    return size;
}

}  // namespace tapport::support
