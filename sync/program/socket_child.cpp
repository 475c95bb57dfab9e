// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/program/socket_child.h"

#include <array>
#include <csignal>

#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace tapport::program {
namespace {

/// posix_spawn's two attribute objects, freed together.
class SpawnPlan {
  public:
    explicit SpawnPlan(int childEnd) {
        ::posix_spawn_file_actions_init(&actions_);
        ::posix_spawnattr_init(&attributes_);
        ::posix_spawn_file_actions_adddup2(&actions_, childEnd, SocketChild::kFd);
        // We block SIGTERM for our signalfd, and a child would inherit that.
        sigset_t signals;
        ::sigemptyset(&signals);
        ::posix_spawnattr_setsigmask(&attributes_, &signals);
        // Ctrl-C in a terminal is for the parent; the child ends when the socket does.
        ::posix_spawnattr_setpgroup(&attributes_, 0);
        ::posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
    }
    ~SpawnPlan() {
        ::posix_spawn_file_actions_destroy(&actions_);
        ::posix_spawnattr_destroy(&attributes_);
    }
    SpawnPlan(const SpawnPlan&) = delete;
    SpawnPlan& operator=(const SpawnPlan&) = delete;

    [[nodiscard]] const posix_spawn_file_actions_t* actions() const { return &actions_; }
    [[nodiscard]] const posix_spawnattr_t* attributes() const { return &attributes_; }

  private:
    posix_spawn_file_actions_t actions_{};
    posix_spawnattr_t attributes_{};
};

std::string describe(int status) {
    if (WIFSIGNALED(status)) {
        return "was ended by signal " + std::to_string(WTERMSIG(status));
    }
    return "ended with status " + std::to_string(WEXITSTATUS(status));
}

}  // namespace

Result<SocketChild> SocketChild::start(const std::filesystem::path& program,
                                       std::vector<std::string> arguments) {
    std::array<int, 2> pair{-1, -1};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair.data()) != 0) {
        return fail(Code::Internal, "no socket pair to be had");
    }
    FileDescriptor ours(pair[0]);
    const FileDescriptor theirs(pair[1]);
    std::vector<char*> argv;
    argv.reserve(arguments.size() + 1);
    for (std::string& argument : arguments) {
        argv.push_back(argument.data());
    }
    argv.push_back(nullptr);
    const SpawnPlan plan(theirs.get());
    pid_t pid = -1;
    if (::posix_spawn(&pid, program.c_str(), plan.actions(), plan.attributes(), argv.data(),
                      environ) != 0) {
        return fail(Code::NotFound, program.string() + " does not start");
    }
    return SocketChild(pid, std::move(ours));
}

SocketChild::~SocketChild() {
    if (pid_ > 0) {
        (void)finish(std::chrono::milliseconds{0});
    }
}

void SocketChild::send(ByteView bytes) const {
    (void)::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
}

std::string SocketChild::finish(std::chrono::milliseconds patience) {
    socket_.reset();
    // glibc 2.36 declares pidfd_open() without C linkage.
    const FileDescriptor process(static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0)));
    pollfd ended{process.get(), POLLIN, 0};
    if (::poll(&ended, 1, static_cast<int>(patience.count())) != 1) {
        ::kill(pid_, SIGKILL);
    }
    int status = 0;
    ::waitpid(std::exchange(pid_, -1), &status, 0);
    return describe(status);
}

}  // namespace tapport::program
