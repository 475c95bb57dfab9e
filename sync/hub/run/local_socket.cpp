// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/run/local_socket.h"

#include "sync/program/user.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <vector>

#include <fcntl.h>
#include <fmt/core.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace tapport::hub {
namespace {

constexpr std::size_t kMostRequest = 4352;  // a path, and a word before it
constexpr int kPatienceSeconds = 10;

class Descriptor {
  public:
    explicit Descriptor(int fd) : fd_(fd) {}
    ~Descriptor() {
        if (fd_ >= 0) {
            ::close(fd_);
        }
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    [[nodiscard]] int get() const { return fd_; }
    [[nodiscard]] int release() { return std::exchange(fd_, -1); }

  private:
    int fd_;
};

std::string lastError() {
    return std::system_category().message(errno);
}

/// A socket's address has 108 bytes, a path more: it is named through its folder's descriptor.
sockaddr_un addressIn(const Descriptor& folder, const std::filesystem::path& socket) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const auto name = fmt::format("/proc/self/fd/{}/{}", folder.get(), socket.filename().string());
    name.copy(address.sun_path, sizeof address.sun_path - 1);
    return address;
}

bool sendAll(int to, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t sent = ::send(to, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) {
            return false;
        }
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

void limitWaits(int fd) {
    const timeval patience{kPatienceSeconds, 0};
    ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ::setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
}

/// A hub that dies in the middle of an answer must not leave half a list of leads.
Result<Result<std::string>> parseAnswer(const std::string& answer) {
    const std::size_t end = answer.find('\n');
    const std::size_t space = answer.find(' ');
    if (end == std::string::npos || space > end) {
        return fail(Code::Busy, "the running hub gave no answer");
    }
    const std::string kind = answer.substr(0, space);
    const auto number = std::strtoull(answer.c_str() + space, nullptr, 10);
    if (kind == "ok" && answer.size() - end - 1 == number) {
        return Result<std::string>(answer.substr(end + 1));
    }
    const std::size_t context = answer.find(' ', space + 1);
    if (kind == "error" && number <= static_cast<unsigned>(Code::Internal) && context < end) {
        return Result<std::string>(
            fail(static_cast<Code>(number), answer.substr(context + 1, end - context - 1)));
    }
    return fail(Code::Busy, "the running hub broke off its answer");
}

}  // namespace

Result<std::unique_ptr<LocalServer>> LocalServer::listen(const std::filesystem::path& socket,
                                                         Handler handler) {
    const Descriptor folder(::open(socket.parent_path().c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    Descriptor listener(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const sockaddr_un address = addressIn(folder, socket);
    // Left over from a hub that was killed; the data folder's lock says that none is alive.
    ::unlink(socket.c_str());
    if (::bind(listener.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
        ::listen(listener.get(), 8) != 0) {
        return fail(Code::Storage, "local socket: " + lastError());
    }
    const int stop = ::eventfd(0, EFD_CLOEXEC);
    return std::unique_ptr<LocalServer>(
        new LocalServer(listener.release(), stop, socket, std::move(handler)));
}

LocalServer::LocalServer(int listener, int stop, std::filesystem::path socket, Handler handler)
    : listener_(listener),
      stop_(stop),
      socket_(std::move(socket)),
      handler_(std::move(handler)),
      thread_([this] { run(); }) {}

LocalServer::~LocalServer() {
    (void)::eventfd_write(stop_, 1);
    thread_.join();
    ::unlink(socket_.c_str());
    ::close(listener_);
    ::close(stop_);
}

void LocalServer::run() const {
    std::array<pollfd, 2> waits{{{listener_, POLLIN, 0}, {stop_, POLLIN, 0}}};
    for (;;) {
        if (::poll(waits.data(), waits.size(), -1) < 0 && errno != EINTR) {
            return;
        }
        if (waits[1].revents != 0) {
            return;
        }
        if (waits[0].revents != 0) {
            const Descriptor connection(::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC));
            if (connection.get() >= 0) {
                serve(connection.get());
            }
        }
    }
}

void LocalServer::serve(int connection) const {
    limitWaits(connection);
    std::string request;
    char byte = 0;
    while (request.size() < kMostRequest && ::recv(connection, &byte, 1, 0) == 1 && byte != '\n') {
        request += byte;
    }
    if (byte != '\n') {
        return;
    }
    const auto peer = program::peerUser(connection);
    if (!peer) {
        return;
    }
    const auto answer = handler_({request, program::userName(*peer)});
    if (!answer) {
        (void)sendAll(connection,
                      fmt::format("error {} {}\n", static_cast<int>(answer.error().code),
                                  answer.error().context));
        return;
    }
    (void)(sendAll(connection, fmt::format("ok {}\n", answer->size())) &&
           sendAll(connection, *answer));
}

Result<Result<std::string>> askLocal(const std::filesystem::path& socket,
                                     const std::string& request) {
    const Descriptor folder(::open(socket.parent_path().c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    const Descriptor connection(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const sockaddr_un address = addressIn(folder, socket);
    if (::connect(connection.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) !=
        0) {
        return fail(Code::Busy, "ask the running hub: " + lastError());
    }
    if (!sendAll(connection.get(), request + "\n")) {
        return fail(Code::Busy, "ask the running hub: " + lastError());
    }
    std::string answer;
    std::array<char, 64 * 1024> part{};
    ssize_t size = 0;
    while ((size = ::recv(connection.get(), part.data(), part.size(), 0)) > 0) {
        answer.append(part.data(), static_cast<std::size_t>(size));
    }
    return parseAnswer(answer);
}

}  // namespace tapport::hub
