// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/bridge_rig.h"

#include "sync/mqtt/mqtt_client.h"
#include "tests/bench/figures.h"
#include "tests/support/mosquitto.h"
#include "tests/support/wait_until.h"

#include <stdexcept>

#include <fmt/format.h>

namespace tapport::bench {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::minutes kLongest{5};
/// Of the edge, in which the queue is.
constexpr const char* kDatabase = "mosquitto.db";

std::unique_ptr<mqtt::Client> connect(int port, const std::string& name) {
    mqtt::Options options;
    options.port = port;
    options.clientId = name;
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
            if (!client.publish({"up/kiosk-1", payloads[sent++], mqtt::Retain::No})) {
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
    const fs::path place = dir_ / fmt::format("central{}", ++runs_);
    support::Mosquitto central(place, "log_type subscribe\n");
    support::ChildOptions silent;
    silent.log = "/dev/null";
    silent.appendStdoutToLog = true;
    support::ChildProcess listener({"mosquitto_sub", "-p", std::to_string(central.port()), "-q",
                                    "1", "-t", "up/#", "-C", std::to_string(messages_)},
                                   silent);
    const auto listens = [&] {
        return support::readFile(place / "mosquitto.log").find(" 1 up/#") != std::string::npos;
    };
    // The bridge says at the other end that it is there.
    const auto watcher = connect(central.port(), "watcher");
    if (!watcher->subscribe("$SYS/broker/connection/+/state") || !support::waitUntil(listens)) {
        throw std::runtime_error("nobody listens at the central broker");
    }

    fs::copy_file(dir_ / kDatabase, dir_ / "edge" / kDatabase,
                  fs::copy_options::overwrite_existing);
    const int port = support::freePort();
    support::writeFile(dir_ / "edge.conf", edgeConfiguration(port, central.port()));
    support::Mosquitto edge(dir_ / "edge", dir_ / "edge.conf", port);
    for (bool isConnected = false; !isConnected;) {
        const auto event = watcher->next(Clock::now() + support::kPatience);
        if (!event) {
            throw std::runtime_error("the bridge does not connect");
        }
        const auto* arrived = std::get_if<mqtt::Arrived>(&*event);
        isConnected = arrived != nullptr && arrived->payload == toBytes(viewOf("1"));
    }
    const auto start = Clock::now();
    if (listener.wait(kLongest) != 0) {
        throw std::runtime_error("the bridge did not drain");
    }
    const double seconds = millisSince(start) / 1000;
    edge.kill();
    return static_cast<double>(messages_) / seconds;
}

}  // namespace tapport::bench
