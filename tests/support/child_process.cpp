// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/child_process.h"

#include "tests/support/temp_dir.h"
#include "tests/support/wait_until.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <cstring>
#include <random>
#include <stdexcept>
#include <utility>

#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

namespace tapport::support {
namespace {

std::string findProgram(const std::string& name) {
    if (name.find('/') != std::string::npos) {
        return name;
    }
    const char* path = std::getenv("PATH");
    std::string folders = std::string(path == nullptr ? "" : path) + ":/usr/sbin:/usr/bin";
    for (std::size_t start = 0; start < folders.size();) {
        const std::size_t end = std::min(folders.find(':', start), folders.size());
        const std::string candidate = folders.substr(start, end - start) + "/" + name;
        if (::access(candidate.c_str(), X_OK) == 0) {
            return candidate;
        }
        start = end + 1;
    }
    throw std::runtime_error(name + " is not installed");
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> result;
    result.reserve(texts.size() + 1);
    for (std::string& text : texts) {
        result.push_back(text.data());
    }
    result.push_back(nullptr);
    return result;
}

std::vector<std::string> environmentWith(const std::vector<std::string>& extra) {
    std::vector<std::string> result;
    for (char** entry = environ; *entry != nullptr; ++entry) {
        const std::string_view text(*entry);
        const auto name = text.substr(0, text.find('=') + 1);
        const bool replaced = std::any_of(extra.begin(), extra.end(), [&](const std::string& e) {
            return std::string_view(e).substr(0, name.size()) == name;
        });
        if (!replaced) {
            result.emplace_back(text);
        }
    }
    result.insert(result.end(), extra.begin(), extra.end());
    return result;
}

int shellStatus(int status) {
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/// Between this and the moment at which a server listens there, others look for ports: whoever
/// binds the port's name (abstract: it leaves nothing behind) has it until the process ends.
bool reserve(int port) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string name = "tapport-port-" + std::to_string(port);
    name.copy(address.sun_path + 1, sizeof address.sun_path - 1);
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + name.size());
    const int socket = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const bool isOurs = ::bind(socket, reinterpret_cast<const sockaddr*>(&address), size) == 0;
    if (!isOurs) {
        ::close(socket);
    }
    return isOurs;
}

bool canListenOn(int port) {
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    const bool bound = ::bind(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
    ::close(socket);
    return bound;
}

}  // namespace

ChildProcess::ChildProcess(const std::vector<std::string>& command, const ChildOptions& options) {
    // Everything that allocates happens before the fork: the owner may have threads.
    std::vector<std::string> arguments = command;
    const std::string path = findProgram(arguments.at(0));
    std::vector<std::string> environment = environmentWith(options.environment);
    std::vector<char*> argv = pointers(arguments);
    std::vector<char*> envp = pointers(environment);
    int log = -1;
    if (!options.log.empty()) {
        log = ::open(options.log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    }
    int ends[2] = {-1, -1};
    if (!options.appendStdoutToLog && ::pipe2(ends, O_CLOEXEC) != 0) {
        throw std::runtime_error("no pipe");
    }
    const pid_t owner = ::getpid();
    pid_ = ::fork();
    if (pid_ < 0) {
        throw std::runtime_error("cannot fork");
    }
    if (pid_ == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        sigset_t none;
        sigemptyset(&none);
        ::sigprocmask(SIG_SETMASK, &none, nullptr);
        if (::getppid() == owner) {
            const int in = ::open("/dev/null", O_RDONLY);
            ::dup2(in, STDIN_FILENO);
            ::dup2(options.appendStdoutToLog ? log : ends[1], STDOUT_FILENO);
            if (log >= 0) {
                ::dup2(log, STDERR_FILENO);
            }
            ::execve(path.c_str(), argv.data(), envp.data());
        }
        ::_exit(127);
    }
    if (log >= 0) {
        ::close(log);
    }
    if (ends[1] >= 0) {
        ::close(ends[1]);
    }
    stdout_ = ends[0];
}

ChildProcess::~ChildProcess() {
    kill();
    if (stdout_ >= 0) {
        ::close(stdout_);
    }
}

std::optional<std::string> ChildProcess::readLine(std::chrono::milliseconds patience) {
    const auto deadline = std::chrono::steady_clock::now() + patience;
    for (;;) {
        if (const std::size_t end = buffer_.find('\n'); end != std::string::npos) {
            std::string line = buffer_.substr(0, end);
            buffer_.erase(0, end + 1);
            return line;
        }
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
            deadline - std::chrono::steady_clock::now());
        pollfd ready{stdout_, POLLIN, 0};
        if (stdout_ < 0 || left.count() <= 0 ||
            ::poll(&ready, 1, static_cast<int>(left.count())) <= 0) {
            return std::nullopt;
        }
        char chunk[4096];
        const ssize_t got = ::read(stdout_, chunk, sizeof chunk);
        if (got <= 0) {
            // A last line needs no line end.
            return buffer_.empty() ? std::nullopt : std::optional(std::exchange(buffer_, {}));
        }
        buffer_.append(chunk, static_cast<std::size_t>(got));
    }
}

bool ChildProcess::isRunning() {
    if (status_ || pid_ < 0) {
        return false;
    }
    int status = 0;
    if (::waitpid(pid_, &status, WNOHANG) != pid_) {
        return true;
    }
    status_ = shellStatus(status);
    return false;
}

std::optional<int> ChildProcess::wait(std::chrono::milliseconds patience) {
    return waitUntil([this] { return !isRunning(); }, patience) ? status_ : std::nullopt;
}

void ChildProcess::signal(int number) const {
    if (!status_ && pid_ > 0) {
        ::kill(pid_, number);
    }
}

std::optional<int> ChildProcess::terminate(std::chrono::milliseconds patience) {
    signal(SIGTERM);
    const auto status = wait(patience);
    if (!status) {
        kill();
    }
    return status;
}

void ChildProcess::kill() {
    if (isRunning()) {
        signal(SIGKILL);
        int status = 0;
        ::waitpid(pid_, &status, 0);
        status_ = shellStatus(status);
    }
}

Finished run(const std::vector<std::string>& command, const std::vector<std::string>& environment) {
    const TempDir scratch;
    ChildOptions options;
    options.environment = environment;
    options.log = scratch / "stderr";
    ChildProcess child(command, options);
    Finished finished;
    while (const auto line = child.readLine(std::chrono::minutes(5))) {
        finished.out += *line + "\n";
    }
    finished.status = child.wait().value_or(-1);
    finished.err = readFile(options.log);
    return finished;
}

int freePort() {
    // Below the ports that the system gives to outgoing connections (32768 and up): one of those
    // would be taken while a server that was killed is away, or by a client that so meets itself.
    constexpr unsigned kFirst = 10'240;
    constexpr unsigned kCount = 22'000;
    static std::atomic<unsigned> turn{std::random_device{}()};  // no port twice in a process
    for (unsigned tries = 0; tries < kCount; ++tries) {
        const auto port = static_cast<int>(kFirst + turn++ % kCount);
        if (canListenOn(port) && reserve(port)) {
            return port;
        }
    }
    throw std::runtime_error("no free port");
}

std::string program(const std::string& name) {
    return std::string(TAPPORT_BIN_DIR) + "/" + name;
}

}  // namespace tapport::support
