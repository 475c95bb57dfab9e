// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/opener/opener_process.h"

#include "sync/hub/opener/opener_talk.h"

#include <poll.h>

namespace tapport::hub {
namespace {

/// One that reported its end has it behind it; one that hangs gets no time.
constexpr std::chrono::milliseconds kEndPatience{100};

}  // namespace

OpenerProcess::OpenerProcess(Settings settings)
    : settings_(std::move(settings)), pause_(settings_.leastPause) {}

Result<> OpenerProcess::start() {
    const std::lock_guard lock(mutex_);
    return launch();
}

Result<std::vector<Opened>> OpenerProcess::open(std::span<const Waiting> units) {
    const std::lock_guard lock(mutex_);
    if (const auto ready = ensure(); !ready) {
        return tl::unexpected(ready.error());
    }
    const auto deadline = Clock::now() + settings_.patience;
    auto opened =
        talk::writeFrame(line_->socket(), talk::encodeRequest(units), deadline)
            .and_then([&] { return talk::readFrame(line_->socket(), deadline); })
            .and_then([&](const Bytes& answer) { return talk::decodeAnswer(answer, units); });
    if (!opened) {
        giveUp(opened.error().context);
        return fail(Code::Internal, "opener: " + opened.error().context);
    }
    pause_ = settings_.leastPause;
    return opened;
}

void OpenerProcess::keepReady() {
    const std::lock_guard lock(mutex_);
    (void)ensure();
}

std::optional<std::string> OpenerProcess::trouble() const {
    const std::lock_guard lock(troubleMutex_);
    return trouble_;
}

Result<> OpenerProcess::ensure() {
    if (line_ && hasEnded()) {
        giveUp("it ended");
    }
    if (line_) {
        return {};
    }
    if (Clock::now() < notBefore_) {
        return fail(Code::Busy, "opener: " + trouble().value_or("it does not run"));
    }
    auto launched = launch();
    if (!launched && launched.error().code == Code::Internal) {
        return fail(Code::Busy, "opener: " + launched.error().context);
    }
    return launched;
}

Result<> OpenerProcess::launch() {
    auto line = call();
    if (!line) {
        giveUp(line.error().context);
        return tl::unexpected(line.error());
    }
    line_.emplace(std::move(*line));
    if (auto greeted = greet(); !greeted) {
        giveUp(greeted.error().context);
        return greeted;
    }
    const std::lock_guard lock(troubleMutex_);
    trouble_.reset();
    return {};
}

Result<OpenerLine> OpenerProcess::call() const {
    return settings_.socket.empty() ? OpenerLine::start(settings_.program, settings_.arguments)
                                    : OpenerLine::connect(settings_.socket, settings_.user);
}

Result<> OpenerProcess::greet() {
    return talk::readFrame(line_->socket(), Clock::now() + settings_.patience)
        .and_then([](const Bytes& greeting) { return talk::decodeGreeting(greeting); })
        .and_then([&](const record::EventId& event) {
            return event == settings_.event
                       ? Result<>{}
                       : fail(Code::InvalidConfig, "it has the key of event '" + event.value + "'");
        });
}

bool OpenerProcess::hasEnded() const {
    // It says nothing unasked: what can be read is its end.
    pollfd one{line_->socket(), POLLIN, 0};
    return ::poll(&one, 1, 0) != 0;
}

void OpenerProcess::giveUp(std::string why) {
    if (line_) {
        why += "; " + line_->finish(kEndPatience);
        line_.reset();
    }
    notBefore_ = Clock::now() + pause_;
    pause_ = std::min(pause_ * 2, settings_.mostPause);
    const std::lock_guard lock(troubleMutex_);
    trouble_ = std::move(why);
}

}  // namespace tapport::hub
