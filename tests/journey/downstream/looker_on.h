// SPDX-License-Identifier: GPL-3.0-or-later
// Hears what goes over the broker, beside those who are meant.
#pragma once

#include "sync/mqtt/mqtt_client.h"
#include "tests/support/wait_until.h"

#include <stdexcept>
#include <string>

namespace tapport::journey {

class LookerOn {
  public:
    /// Hears everything that is published from now on to topics of this filter.
    LookerOn(int port, const std::string& filter) : client_(optionsFor(port)) {
        client_.connect(std::nullopt);
        if (!support::waitUntil([this] { return isNext<mqtt::Connected>(); }) ||
            !client_.subscribe(filter) ||
            !support::waitUntil([this] { return isNext<mqtt::Subscribed>(); })) {
            throw std::runtime_error("no broker");
        }
    }
    /// The next message's payload; nothing when none is there yet.
    [[nodiscard]] std::optional<Bytes> next() {
        const auto event = client_.next(std::chrono::steady_clock::now());
        const auto* const arrived = event ? std::get_if<mqtt::Arrived>(&*event) : nullptr;
        return arrived == nullptr ? std::nullopt : std::optional(arrived->payload);
    }

  private:
    static mqtt::Options optionsFor(int port) {
        mqtt::Options options;
        options.port = port;
        options.clientId = "looker-on";
        options.connectTimeout = support::kPatience;
        return options;
    }
    template <typename Event>
    bool isNext() {
        const auto event = client_.next(std::chrono::steady_clock::now());
        return event && std::holds_alternative<Event>(*event);
    }

    mqtt::Client client_;
};

}  // namespace tapport::journey
