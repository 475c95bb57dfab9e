// SPDX-License-Identifier: GPL-3.0-or-later
// What every Tapport program does alike: exit codes, the end by signal, the clocks.
#pragma once

#include "sync/base/error.h"
#include "sync/record/time.h"

namespace tapport::program {

/// Documented in README.md; scripts rely on them.
enum ExitCode : int {
    kExitOk = 0,
    kExitFailed = 1,       ///< it tried and could not; stderr says why
    kExitUsage = 2,        ///< wrong command line
    kExitConfig = 3,       ///< a configuration or event file must be corrected
    kExitUnavailable = 4,  ///< reader, broker, database or another program is not there
};

/// 1 for what failed, 3 for a file to be corrected, 4 for a part that is not there.
[[nodiscard]] ExitCode exitCodeFor(Code code);

/// Prints "program: what" and the advice for its code to stderr; gives the matching exit code.
int reportFailure(std::string_view program, const Error& error);

/// Blocks SIGTERM and SIGINT in this and every later thread and gives a signalfd that becomes
/// readable when one arrives. Call first in main, before any thread starts. A child process
/// inherits the blocked signals: unblock them between fork and exec.
[[nodiscard]] Result<int> openTerminationFd();

/// No core dump of this process, nor to a program that collects them: it may hold what people
/// typed, or keys. Its children inherit that.
void forbidCoreDumps();

/// Keeps this process's memory, now and later, out of swap: pages are locked as they are touched.
/// Busy when the system does not permit it; then nothing is locked, since a limit would make later
/// allocations fail.
[[nodiscard]] Result<> lockMemory();

/// Keeps up to so many freed bytes for the next allocations instead of giving them back to the
/// system: else each message of a drain is paged in anew, at a sixth of the drain's time.
void keepFreedMemory(std::size_t bytes);

/// Fills `size` bytes from the kernel; ends the program if there is no randomness.
void fillRandom(void* to, std::size_t size);
/// Monotonic is CLOCK_BOOTTIME, which counts a suspended board too. Quality: Synced while the
/// kernel's clock is disciplined, Holdover when systemd-timesyncd had set it since boot, else
/// Unset.
[[nodiscard]] record::ClockReading readClocks();
/// A fresh UUIDv7 from both.
[[nodiscard]] record::RecordId newRecordId();

}  // namespace tapport::program
