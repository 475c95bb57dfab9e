// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fault/schedules/up_watcher.h"

#include "sync/wire/messages.h"
#include "sync/wire/topics.h"
#include "tests/support/wait_until.h"

#include <algorithm>
#include <stdexcept>

namespace tapport::fault {
namespace {

mqtt::Options optionsFor(int port) {
    mqtt::Options options;
    options.port = port;
    options.clientId = "watcher";
    return options;
}

}  // namespace

UpWatcher::UpWatcher(int brokerPort) : client_(optionsFor(brokerPort)), thread_([this] { run(); }) {
    if (!support::waitUntil([this] { return isListening_.load(); })) {
        throw std::runtime_error("no broker to listen at");
    }
}

UpWatcher::~UpWatcher() {
    isStopping_ = true;
    client_.interrupt();
    thread_.join();
}

void UpWatcher::run() {
    constexpr std::chrono::milliseconds kPause(200);
    client_.connect(std::nullopt);
    while (!isStopping_) {
        const auto event = client_.next(std::chrono::steady_clock::now() + kPause);
        if (!event) {
            continue;
        }
        if (std::holds_alternative<mqtt::Connected>(*event)) {
            (void)client_.subscribe(std::string(wire::kUpFilter));
        } else if (std::holds_alternative<mqtt::Subscribed>(*event)) {
            isListening_ = true;
        } else if (std::holds_alternative<mqtt::Lost>(*event)) {
            (void)client_.next(std::chrono::steady_clock::now() + kPause);
            client_.connect(std::nullopt);
        } else if (const auto* const up = std::get_if<mqtt::Arrived>(&*event)) {
            hear(up->payload);
        }
    }
}

void UpWatcher::hear(ByteView payload) {
    const auto message = wire::decodeUp(payload);
    const auto* const batch = message ? std::get_if<wire::Batch>(&message->message) : nullptr;
    if (batch == nullptr) {
        return;
    }
    const std::lock_guard lock(mutex_);
    heard_.bytes += payload.size();
    for (const wire::Run& run : batch->runs) {
        for (const wire::BatchUnit& unit : run.units) {
            ++heard_.times[unit.id.hex()];
        }
    }
}

UpWatcher::Heard UpWatcher::heard() const {
    const std::lock_guard lock(mutex_);
    return heard_;
}

void UpWatcher::forget() {
    const std::lock_guard lock(mutex_);
    heard_ = {};
}

unsigned UpWatcher::Heard::most() const {
    unsigned most = 0;
    for (const auto& [id, times] : times) {
        most = std::max(most, times);
    }
    return most;
}

}  // namespace tapport::fault
