// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/bridge_rig.h"

#include "sync/mqtt/mqtt_client.h"
#include "tests/bench/figures.h"
#include "tests/bench/raw_mqtt.h"
#include "tests/support/mosquitto.h"
#include "tests/support/wait_until.h"

#include <stdexcept>

#include <fmt/format.h>
#include <poll.h>

namespace tapport::bench {
namespace {

namespace fs = std::filesystem;

constexpr const char* kTopic = "up/kiosk-1";
constexpr std::chrono::milliseconds kLongest{60'000};
/// Of the edge, in which the queue is.
constexpr const char* kDatabase = "mosquitto.db";

std::unique_ptr<mqtt::Client> connect(int port, const std::string& name) {
    mqtt::Options options;
    options.port = port;
    options.clientId = name;
    options.connectTimeout = support::kPatience;
    auto client = std::make_unique<mqtt::Client>(options);
    client->connect(std::nullopt);
    const auto event = client->next(Clock::now() + support::kPatience);
    if (!event || !std::holds_alternative<mqtt::Connected>(*event)) {
        throw std::runtime_error("no connection to mosquitto");
    }
    return client;
}

void publishAll(mqtt::Client& client, const std::vector<Bytes>& payloads) {
    constexpr std::size_t kWindow = 500;
    std::size_t taken = 0;
    for (std::size_t sent = 0; taken < payloads.size();) {
        if (sent < payloads.size() && sent - taken < kWindow) {
            if (!client.publish({kTopic, payloads[sent++], mqtt::Retain::No})) {
                throw std::runtime_error("the edge takes no message");
            }
            continue;
        }
        const auto event = client.next(Clock::now() + support::kPatience);
        if (!event || !std::holds_alternative<mqtt::Published>(*event)) {
            throw std::runtime_error("the edge does not take messages");
        }
        ++taken;
    }
}

}  // namespace

std::string BridgeRig::edgeConfiguration(int port, int centralPort) const {
    // In flight: 20, mosquitto's default. Its retries: at once and each second.
    return fmt::format(
        "listener {} 127.0.0.1\nallow_anonymous true\nset_tcp_nodelay true\n"
        "persistence true\npersistence_location {}/\nmax_queued_messages 0\n"
        "connection bridge\naddress 127.0.0.1:{}\ntopic up/# out 1\ncleansession false\n"
        "remote_clientid edge\nrestart_timeout 1\n",
        port, (dir_ / "edge").string(), centralPort);
}

BridgeRig::BridgeRig(const std::vector<Bytes>& payloads) : messages_(payloads.size()) {
    fs::create_directories(dir_ / "edge");
    const int port = support::freePort();
    support::writeFile(dir_ / "filling.conf", edgeConfiguration(port, support::freePort()));
    support::Mosquitto edge(dir_ / "edge", dir_ / "filling.conf", port);
    publishAll(*connect(port, "kiosk-1"), payloads);
    edge.stop();
    fs::rename(dir_ / "edge" / kDatabase, dir_ / kDatabase);
}

double BridgeRig::drain() {
    support::Mosquitto central(dir_ / fmt::format("central{}", ++runs_));
    RawMqtt listener(central.port(), "listener");
    listener.subscribe("up/#");
    (void)listener.exchange();

    fs::copy_file(dir_ / kDatabase, dir_ / "edge" / kDatabase,
                  fs::copy_options::overwrite_existing);
    const int port = support::freePort();
    support::writeFile(dir_ / "edge.conf", edgeConfiguration(port, central.port()));
    support::Mosquitto edge(dir_ / "edge", dir_ / "edge.conf", port);
    std::optional<Clock::time_point> start;
    for (std::size_t arrived = 0; arrived < messages_;) {
        pollfd ready{listener.socket(), POLLIN, 0};
        if (::poll(&ready, 1, static_cast<int>(kLongest.count())) <= 0) {
            throw std::runtime_error("the bridge does not drain");
        }
        arrived += listener.exchange().arrived.size();
        start = arrived > 0 && !start ? Clock::now() : start;
    }
    const double seconds = millisSince(start.value()) / 1000;
    edge.kill();
    return static_cast<double>(messages_) / seconds;
}

}  // namespace tapport::bench
