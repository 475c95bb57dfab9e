// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/opener/opener_listener.h"

#include "sync/hub/opener/opener_service.h"
#include "sync/program/log.h"

#include <array>
#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <list>
#include <system_error>
#include <thread>

#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

namespace tapport::hub {
namespace {

std::string lastError() {
    return std::system_category().message(errno);
}

/// sd_listen_fds(3): exactly one, for this process.
bool isHandedOver() {
    const auto is = [](const char* name, const std::string& wanted) {
        const char* const value = std::getenv(name);
        return value != nullptr && value == wanted;
    };
    return is("LISTEN_PID", std::to_string(::getpid())) && is("LISTEN_FDS", "1");
}

const sockaddr* plain(const sockaddr_un& address) {
    return reinterpret_cast<const sockaddr*>(&address);
}

/// A hub that is served, until it hangs up or is hung up on.
class Served {
  public:
    Served(program::FileDescriptor socket, Result<LocalOpener> opener)
        : socket_(std::move(socket)), thread_([this, one = std::move(opener)]() mutable {
              (void)serveOpener(socket_.get(), std::move(one));
              // So that the hub learns it at once: the descriptor lives until it is looked after.
              ::shutdown(socket_.get(), SHUT_RDWR);
              hasEnded_ = true;
          }) {}
    ~Served() {
        ::shutdown(socket_.get(), SHUT_RDWR);
        thread_.join();
    }
    Served(const Served&) = delete;
    Served& operator=(const Served&) = delete;

    [[nodiscard]] bool hasEnded() const { return hasEnded_; }

  private:
    program::FileDescriptor socket_;
    std::atomic<bool> hasEnded_{false};
    std::thread thread_;  // last: it uses all of the above
};

}  // namespace

Result<sockaddr_un> addressOf(const std::filesystem::path& socket) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string& path = socket.native();
    if (path.size() >= sizeof address.sun_path) {
        return fail(Code::InvalidConfig, path + ": too long for a socket");
    }
    path.copy(address.sun_path, path.size());
    return address;
}

Result<OpenerListener> OpenerListener::open(const std::filesystem::path& socket) {
    if (isHandedOver()) {
        constexpr int kFirstHandedOver = 3;
        return OpenerListener(program::FileDescriptor(kFirstHandedOver));
    }
    const auto address = addressOf(socket);
    if (!address) {
        return tl::unexpected(address.error());
    }
    program::FileDescriptor listener(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (::connect(listener.get(), plain(*address), sizeof *address) == 0) {
        return fail(Code::Busy, socket.string() + ": an opener listens there already");
    }
    std::error_code failed;
    if (errno == ECONNREFUSED && std::filesystem::is_socket(socket, failed)) {
        ::unlink(socket.c_str());  // left over from one that was killed
    }
    constexpr mode_t kAnybody = 0666;
    if (::bind(listener.get(), plain(*address), sizeof *address) != 0 ||
        ::chmod(socket.c_str(), kAnybody) != 0) {
        return fail(Code::Storage, socket.string() + ": " + lastError());
    }
    return OpenerListener(std::move(listener));
}

Result<> OpenerListener::serve(const LocalOpener& opener, const program::User& hub,
                               int terminationFd) {
    // Here and not before, also on one that was handed over: hubs see who listened last.
    if (::listen(listener_.get(), kMostHubs) != 0) {
        return fail(Code::Internal, "listen: " + lastError());
    }
    std::list<Served> served;
    std::array<pollfd, 2> waits{{{listener_.get(), POLLIN, 0}, {terminationFd, POLLIN, 0}}};
    for (;;) {
        if (::poll(waits.data(), waits.size(), -1) < 0 && errno != EINTR) {
            return fail(Code::Internal, "poll: " + lastError());
        }
        if (waits[1].revents != 0) {
            return {};
        }
        if (waits[0].revents == 0) {
            continue;
        }
        program::FileDescriptor caller(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
        if (!caller.isOpen()) {
            continue;
        }
        served.remove_if([](const Served& one) { return one.hasEnded(); });
        const auto peer = program::peerUser(caller.get());
        if (peer != hub.id) {
            const std::string who = peer ? program::userName(*peer) : "unknown";
            program::logWarning("user '{}' asked and is not '{}'", who, hub.name);
            (void)serveOpener(
                caller.get(),
                fail(Code::InvalidConfig, "it serves user '" + hub.name + "', not '" + who + "'"));
        } else if (served.size() >= kMostHubs) {
            (void)serveOpener(caller.get(), fail(Code::Busy, "it serves too many hubs"));
        } else {
            served.emplace_back(std::move(caller), opener);
        }
    }
}

}  // namespace tapport::hub
