// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/program/program.h"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <fstream>
#include <system_error>

#include <fmt/core.h>
#include <malloc.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/timex.h>
#include <unistd.h>

namespace tapport::program {
namespace {

record::BootId readBootId() {
    std::string text;
    std::getline(std::ifstream("/proc/sys/kernel/random/boot_id"), text);
    text.erase(std::remove(text.begin(), text.end(), '-'), text.end());
    return record::BootId::fromHexText(text).value_or(record::BootId{});
}

record::ClockQuality readClockQuality() {
    timex state{};  // modes 0: only looks
    if (adjtimex(&state) == -1) {
        return record::ClockQuality::Unset;
    }
    if ((state.status & STA_UNSYNC) == 0) {
        return record::ClockQuality::Synced;
    }
    // The kernel's flag looks the same before the first synchronisation and long after the last
    // one. systemd-timesyncd leaves this file behind when it first sets the clock after a boot.
    const bool wasSynced = access("/run/systemd/timesync/synchronized", F_OK) == 0;
    return wasSynced ? record::ClockQuality::Holdover : record::ClockQuality::Unset;
}

record::Millis millisOf(const timespec& time) {
    return std::chrono::duration_cast<record::Millis>(std::chrono::seconds(time.tv_sec) +
                                                      std::chrono::nanoseconds(time.tv_nsec));
}

}  // namespace

ExitCode exitCodeFor(Code code) {
    switch (code) {
        case Code::InvalidConfig:
            return kExitConfig;
        case Code::Storage:
        case Code::StorageFull:
        case Code::Network:
        case Code::Reader:
        case Code::Busy:
            return kExitUnavailable;
        case Code::InvalidInput:
        case Code::NotFound:
        case Code::Conflict:
        case Code::Crypto:
        case Code::Internal:
            return kExitFailed;
    }
    return kExitFailed;
}

int reportFailure(std::string_view program, const Error& error) {
    fmt::print(stderr, "{}: {}\n{}\n", program, error.context, adviceFor(error.code));
    return exitCodeFor(error.code);
}

Result<int> openTerminationFd() {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    if (const int failed = pthread_sigmask(SIG_BLOCK, &signals, nullptr); failed != 0) {
        return fail(Code::Internal, "block signals: " + std::generic_category().message(failed));
    }
    const int fd = signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
    if (fd < 0) {
        return fail(Code::Internal, "signalfd: " + std::generic_category().message(errno));
    }
    return fd;
}

void forbidCoreDumps() {
    // Less than a file of any kind, and the only limit that Linux heeds where dumps go to a program
    // (core(5), "Piping"; 0 is not heeded there).
    const rlimit one{1, 1};
    const rlimit none{0, 0};
    if (::setrlimit(RLIMIT_CORE, &one) != 0) {
        ::setrlimit(RLIMIT_CORE, &none);  // the limit was that low, and cannot be raised
    }
}

Result<> lockMemory() {
    // Under a limit every later allocation could fail. Whether CAP_IPC_LOCK lifts it cannot be
    // asked: inside a user namespace it does not. Who may lift the limit, lifts it.
    const rlimit none{RLIM_INFINITY, RLIM_INFINITY};
    if (::setrlimit(RLIMIT_MEMLOCK, &none) != 0 ||
        ::mlockall(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT) != 0) {
        return fail(Code::Busy, "lock memory: " + std::generic_category().message(errno) +
                                    "; it needs LimitMEMLOCK=infinity");
    }
    return {};
}

void keepFreedMemory(std::size_t bytes) {
    constexpr int kLargest = 4 * 1024 * 1024;  // above any message
    mallopt(M_MMAP_THRESHOLD, kLargest);
    mallopt(M_TRIM_THRESHOLD, static_cast<int>(bytes));
}

void fillRandom(void* to, std::size_t size) {
    auto* at = static_cast<std::uint8_t*>(to);
    while (size > 0) {
        const ssize_t got = getrandom(at, size, 0);
        if (got > 0) {
            at += got;
            size -= static_cast<std::size_t>(got);
        } else if (errno != EINTR) {
            // getrandom(2) fails otherwise only for a bad address or a kernel before 3.17; ids and
            // keys made without randomness would be worse than no program.
            std::abort();
        }
    }
}

record::ClockReading readClocks() {
    static const record::BootId kBoot = readBootId();
    timespec wall{};
    timespec boot{};
    clock_gettime(CLOCK_REALTIME, &wall);
    clock_gettime(CLOCK_BOOTTIME, &boot);
    return {record::WallTime(millisOf(wall)), readClockQuality(), kBoot, millisOf(boot)};
}

record::RecordId newRecordId() {
    std::array<std::uint8_t, 10> random{};
    fillRandom(random.data(), random.size());
    timespec wall{};
    clock_gettime(CLOCK_REALTIME, &wall);
    return record::makeRecordId(record::WallTime(millisOf(wall)), random);
}

}  // namespace tapport::program
