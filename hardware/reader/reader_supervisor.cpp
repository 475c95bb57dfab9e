// SPDX-License-Identifier: GPL-3.0-or-later
#include "hardware/reader/reader_supervisor.h"

#include <array>
#include <utility>

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

namespace tapport::reader {
namespace {

constexpr std::chrono::milliseconds kEndPatience{2'000};

}  // namespace

ReaderSupervisor::ReaderSupervisor(SupervisorSettings settings)
    : settings_(std::move(settings)), wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

ReaderSupervisor::~ReaderSupervisor() {
    {
        const std::lock_guard lock(mutex_);
        isEnding_ = true;
    }
    ::eventfd_write(wake_.get(), 1);
    if (thread_.joinable()) {
        thread_.join();
    }
}

void ReaderSupervisor::start(std::function<void(const ReaderEvent&)> listener) {
    listener_ = std::move(listener);
    thread_ = std::thread([this] { run(); });
}

void ReaderSupervisor::write(Bytes message) {
    {
        const std::lock_guard lock(mutex_);
        requests_.push_back(std::move(message));
    }
    ::eventfd_write(wake_.get(), 1);
}

bool ReaderSupervisor::isEnding() {
    const std::lock_guard lock(mutex_);
    return isEnding_;
}

void ReaderSupervisor::run() {
    std::vector<std::string> arguments = {settings_.program.string(), "--fd",
                                          std::to_string(program::SocketChild::kFd), "--connstring",
                                          settings_.connstring};
    if (!settings_.config.empty()) {
        arguments.insert(arguments.end(), {"--config", settings_.config.string()});
    }
    Backoff backoff(settings_.leastPause, settings_.mostPause);
    while (!isEnding()) {
        auto child = program::SocketChild::start(settings_.program, arguments);
        childSaid_.clear();
        std::string why = child ? attend(*child) : child.error().context;
        const bool hasRunWell =
            link_ == Link::Up && Clock::now() - openedAt_ >= settings_.mostPause;
        if (child) {
            // A child that has hung gets no time; one that reported its end has it behind it.
            auto how = "the reader process " + child->finish(isEnding() || why.empty()
                                                                 ? kEndPatience
                                                                 : std::chrono::milliseconds{0});
            why = !childSaid_.empty() ? childSaid_ : why.empty() ? std::move(how) : why;
        }
        if (isEnding()) {
            return;
        }
        reportLost(why);
        if (hasRunWell) {
            backoff.reset();
        }
        rest(backoff.next());
    }
}

std::string ReaderSupervisor::attend(const program::SocketChild& child) {
    PacketSplitter packets;
    takeRequests(&child);
    auto lastHeard = Clock::now();
    // After each taking: it takes the call to end, too.
    while (!isEnding()) {
        const auto silence =
            std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - lastHeard);
        if (silence >= settings_.watchdog) {
            return "the reader process hung";
        }
        std::array<pollfd, 2> waiting{{{child.socket(), POLLIN, 0}, {wake_.get(), POLLIN, 0}}};
        const auto patience = settings_.watchdog - silence;
        (void)::poll(waiting.data(), waiting.size(), static_cast<int>(patience.count()));
        if ((waiting[1].revents & POLLIN) != 0) {
            takeRequests(&child);
        }
        if (waiting[0].revents != 0) {
            if (!receive(child, packets)) {
                return {};
            }
            lastHeard = Clock::now();
        }
    }
    return {};
}

bool ReaderSupervisor::receive(const program::SocketChild& child, PacketSplitter& packets) {
    std::array<std::uint8_t, 4096> buffer{};
    const auto count = ::recv(child.socket(), buffer.data(), buffer.size(), 0);
    if (count <= 0) {
        return false;
    }
    packets.feed(ByteView(buffer).first(static_cast<std::size_t>(count)));
    for (;;) {
        const auto packet = packets.next();
        if (!packet) {
            return false;
        }
        if (!*packet) {
            return true;
        }
        const auto message = decodeFromChild(**packet);
        if (!message) {
            return false;
        }
        hear(*message);
    }
}

void ReaderSupervisor::hear(const FromChild& message) {
    if (std::holds_alternative<Opened>(message)) {
        openedAt_ = Clock::now();
        if (std::exchange(link_, Link::Up) != Link::Up) {
            listener_(ReaderBack{});
        }
    } else if (const auto* failed = std::get_if<DeviceFailed>(&message)) {
        childSaid_ = failed->why;
    } else if (const auto* read = std::get_if<BadgeRead>(&message)) {
        listener_(*read);
    } else if (const auto* unusable = std::get_if<BadgeUnusable>(&message)) {
        listener_(*unusable);
    } else if (std::holds_alternative<BadgeRemoved>(message)) {
        listener_(BadgeRemoved{});
    } else if (const auto* ended = std::get_if<WriteEnded>(&message)) {
        // The answer to a request that a later one has replaced is not wanted any more.
        if (ended->request == lastRequest_) {
            endRequest(ended->succeeded, ended->why);
        }
    }
}

void ReaderSupervisor::takeRequests(const program::SocketChild* child) {
    eventfd_t ignored = 0;
    (void)::eventfd_read(wake_.get(), &ignored);
    std::vector<Bytes> requests;
    {
        const std::lock_guard lock(mutex_);
        requests.swap(requests_);
    }
    for (auto& message : requests) {
        endRequest(false, "replaced by a later request");
        isWritePending_ = true;
        if (child != nullptr) {
            child->send(encode(WriteRequest{++lastRequest_, std::move(message)}));
        } else {
            endRequest(false, "the reader is lost");
        }
    }
}

void ReaderSupervisor::endRequest(bool succeeded, std::string why) {
    if (std::exchange(isWritePending_, false)) {
        listener_(BadgeWritten{succeeded, std::move(why)});
    }
}

void ReaderSupervisor::reportLost(const std::string& why) {
    if (std::exchange(link_, Link::Lost) != Link::Lost) {
        listener_(ReaderLost{why});
    }
    endRequest(false, "the reader was lost");
}

void ReaderSupervisor::rest(std::chrono::milliseconds pause) {
    const auto until = Clock::now() + pause;
    while (!isEnding()) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now());
        if (left.count() <= 0) {
            return;
        }
        pollfd waiting{wake_.get(), POLLIN, 0};
        (void)::poll(&waiting, 1, static_cast<int>(left.count()));
        takeRequests(nullptr);
    }
}

}  // namespace tapport::reader
