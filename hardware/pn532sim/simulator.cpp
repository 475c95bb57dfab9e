// SPDX-License-Identifier: GPL-3.0-or-later
#include "hardware/pn532sim/simulator.h"

#include "hardware/pn532sim/local_socket.h"

#include <cerrno>
#include <system_error>
#include <utility>

#include <poll.h>
#include <sys/socket.h>

namespace tapport::pn532sim {
namespace {

TimePoint now() {
    return std::chrono::steady_clock::now();
}

std::string_view nameOf(Health health) {
    switch (health) {
        case Health::Fine:
            return "fine";
        case Health::Mute:
            return "mute";
        case Health::NoAck:
            return "no-ack";
        case Health::Dead:
            return "dead";
    }
    return "fine";
}

/// For ppoll: until `due`, for ever without one.
std::optional<timespec> timeUntil(std::optional<TimePoint> due) {
    if (!due) {
        return std::nullopt;
    }
    const auto left = std::max(std::chrono::nanoseconds{0},
                               std::chrono::duration_cast<std::chrono::nanoseconds>(*due - now()));
    return timespec{left.count() / 1'000'000'000, left.count() % 1'000'000'000};
}

}  // namespace

Result<Simulator> Simulator::open(const SimulatorOptions& options) {
    auto listener = listenLocal(options.socket);
    if (!listener) {
        return tl::unexpected(listener.error());
    }
    Simulator simulator(options, std::move(*listener));
    if (const auto fine = simulator.plugIn(); !fine) {
        return tl::unexpected(fine.error());
    }
    return simulator;
}

Simulator::~Simulator() {
    if (listener_.isOpen()) {  // not moved from
        unplug();
        std::error_code ignored;
        std::filesystem::remove(options_.socket, ignored);
    }
}

std::string Simulator::connstring() const {
    return "pn532_uart:" + (options_.link.empty() ? pty_->device() : options_.link).string();
}

void Simulator::place(Tag tag) {
    line_.chip().removeTags();
    line_.chip().addTag(std::move(tag));
    line_.fieldChanged(now());
}

Result<> Simulator::plugIn() {
    auto pty = Pty::open();
    if (!pty) {
        return tl::unexpected(pty.error());
    }
    if (!options_.link.empty()) {
        std::error_code error;
        std::filesystem::remove(options_.link, error);
        std::filesystem::create_symlink(pty->device(), options_.link, error);
        if (error) {
            return fail(Code::Storage, "the link to the terminal cannot be made");
        }
    }
    pty_.emplace(std::move(*pty));
    return {};
}

void Simulator::unplug() {
    pty_.reset();
    line_.reset();
    if (!options_.link.empty()) {
        std::error_code ignored;
        std::filesystem::remove(options_.link, ignored);
    }
}

Result<> Simulator::run(int endFd) {
    for (;;) {
        std::array<pollfd, 3> waiting{{{endFd, POLLIN, 0},
                                       {listener_.get(), POLLIN, 0},
                                       {pty_ ? pty_->fd() : -1, POLLIN, 0}}};
        const auto patience = timeUntil(line_.nextDue());
        if (::ppoll(waiting.data(), waiting.size(), patience ? &*patience : nullptr, nullptr) < 0 &&
            errno != EINTR) {
            return fail(Code::Internal, "poll failed");
        }
        if ((waiting[0].revents & POLLIN) != 0) {
            return {};
        }
        if ((waiting[1].revents & POLLIN) != 0) {
            const program::FileDescriptor connection(
                ::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
            serve(connection.get());
        }
        if (pty_) {
            line_.receive(pty_->read(), now());
            pty_->write(line_.take(now()));
        }
    }
}

void Simulator::serve(int connection) {
    const auto request = decodeRequest(receivePacket(connection));
    sendPacket(connection,
               encode(request ? obey(*request) : Response{false, request.error().context, {}}));
}

Response Simulator::obey(const Request& request) {
    const auto& tags = line_.chip().field();
    if (request.verb == Verb::Status) {
        std::string text = pty_ ? "plugged in, " : "unplugged, ";
        text += nameOf(line_.health());
        return {true, text + ", tags " + std::to_string(tags.size()), {}};
    }
    if (request.verb == Verb::Dump) {
        if (tags.empty() || !tags.front().memory()) {
            return {false, "no tag with memory lies there", {}};
        }
        return {true, "ok", toBytes(tags.front().memory()->image())};
    }
    const auto done = change(request);
    return done ? Response{true, "ok", {}} : Response{false, done.error().context, {}};
}

Result<> Simulator::change(const Request& request) {
    switch (request.verb) {
        case Verb::Place:
        case Verb::Add: {
            auto tag = tagOf(request);
            if (!tag) {
                return tl::unexpected(tag.error());
            }
            if (request.verb == Verb::Place) {
                line_.chip().removeTags();
            }
            line_.chip().addTag(std::move(*tag));
            line_.fieldChanged(now());
            return {};
        }
        case Verb::Remove:
            line_.chip().removeTags();
            return {};
        case Verb::Dead:
            line_.setHealth(Health::Dead);
            return {};
        case Verb::Mute:
            line_.setHealth(Health::Mute);
            return {};
        case Verb::NoAck:
            line_.setHealth(Health::NoAck);
            return {};
        case Verb::BadChecksum:
            line_.setGlitch(Glitch::BadChecksum);
            return {};
        case Verb::Truncate:
            line_.setGlitch(Glitch::Truncated);
            return {};
        case Verb::BadStatus:
            line_.setGlitch(Glitch::BadStatus);
            return {};
        case Verb::Hangup:
            unplug();
            return {};
        case Verb::Alive:
            line_.setHealth(Health::Fine);
            line_.setGlitch(Glitch::None);
            return pty_ ? Result<>{} : plugIn();
        case Verb::Dump:
        case Verb::Status:
            break;
    }
    return {};
}

}  // namespace tapport::pn532sim
