// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/private_network.h"

#include "tests/support/temp_dir.h"
#include "tests/support/wait_until.h"

#include <algorithm>
#include <filesystem>
#include <sstream>
#include <stdexcept>

#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

namespace tapport::support {
namespace {

namespace fs = std::filesystem;

void must(const std::vector<std::string>& command) {
    const Finished finished = run(command);
    if (finished.status != 0) {
        std::string line;
        for (const std::string& word : command) {
            line += word + " ";
        }
        throw std::runtime_error(line + ": " + finished.err);
    }
}

std::string ours(std::size_t place) {
    return "cable" + std::to_string(place);
}

std::string address(std::size_t place, int end) {
    return "127.77." + std::to_string(place) + "." + std::to_string(end);
}

/// Gives up 127.0.0.0/8 but for 127.0.0.1, so that the rest may be elsewhere. `by` runs it there.
void freeLoopback(const std::vector<std::string>& by) {
    const auto there = [&](std::vector<std::string> command) {
        command.insert(command.begin(), by.begin(), by.end());
        must(command);
    };
    there({"ip", "link", "set", "lo", "up"});
    there({"ip", "address", "del", "127.0.0.1/8", "dev", "lo"});
    there({"ip", "address", "add", "127.0.0.1/32", "dev", "lo"});
    there({"sysctl", "-q", "-w", "net.ipv4.conf.all.route_localnet=1"});
}

/// Whether a command does in a namespace of its own; why not, else.
std::optional<std::string> whyNotThere(const char* probe, const std::string& what) {
    const Finished made = run({"unshare", "--net", "sh", "-c", probe});
    return made.status == 0 ? std::nullopt : std::optional(what + ": " + made.err);
}

}  // namespace

std::optional<std::string> PrivateNetwork::whyNot() {
    if (::geteuid() != 0) {
        return "network namespaces need root";
    }
    constexpr const char* kProbe =
        "ip link add name a type veth peer name b && "
        "sysctl -q -w net.ipv4.conf.all.route_localnet=1";
    return whyNotThere(kProbe, "no network namespaces");
}

std::optional<std::string> PrivateNetwork::whyNotSlow() {
    if (const auto why = whyNot()) {
        return why;
    }
    return whyNotThere("tc qdisc add dev lo root tbf rate 64kbit burst 3kb limit 16kb",
                       "no slow cables");
}

PrivateNetwork::PrivateNetwork(std::size_t places) {
    if (::unshare(CLONE_NEWNET) != 0) {
        throw std::runtime_error("no network namespace");
    }
    freeLoopback({});
    const fs::path own = fs::read_symlink("/proc/self/ns/net");
    for (std::size_t place = 0; place < places; ++place) {
        const auto& holder = places_.emplace_back(std::make_unique<ChildProcess>(
            std::vector<std::string>{"unshare", "--net", "sleep", "infinity"}));
        const std::string pid = std::to_string(holder->pid());
        std::error_code failed;
        if (!waitUntil([&] {
                return fs::read_symlink("/proc/" + pid + "/ns/net", failed) != own && !failed;
            })) {
            throw std::runtime_error("no second network namespace");
        }
        const auto there = runAt(place);
        freeLoopback(there);
        must({"ip", "link", "add", "name", ours(place), "type", "veth", "peer", "name", "cable",
              "netns", pid});
        must({"ip", "address", "add", address(place, 1) + "/24", "dev", ours(place)});
        must({"ip", "link", "set", ours(place), "up"});
        auto otherEnd = there;
        otherEnd.insert(otherEnd.end(),
                        {"ip", "address", "add", address(place, 2) + "/24", "dev", "cable"});
        must(otherEnd);
        otherEnd = there;
        otherEnd.insert(otherEnd.end(), {"ip", "link", "set", "cable", "up"});
        must(otherEnd);
    }
}

std::vector<std::string> PrivateNetwork::runAt(std::size_t place) const {
    return {"nsenter", "--net=/proc/" + std::to_string(places_.at(place)->pid()) + "/ns/net"};
}

std::string PrivateNetwork::addressOfUsFor(std::size_t place) const {
    return address(place, 1);
}

std::string PrivateNetwork::listenersLines() const {
    std::string lines;
    for (std::size_t place = 0; place < places(); ++place) {
        lines += "listener {port} " + address(place, 1) + "\n";
    }
    return lines;
}

void PrivateNetwork::set(std::size_t place, Cable cable) const {
    must({"ip", "link", "set", ours(place), cable == Cable::Pulled ? "down" : "up"});
    // Addressed to a card that nobody has, what is sent arrives nowhere: no module of the kernel
    // that could be missing is needed for it.
    const auto deafen = [](std::vector<std::string> by, const std::string& device,
                           const std::string& other, bool isDeaf) {
        by.insert(by.end(), {"ip", "neigh"});
        auto command = by;
        command.insert(command.end(), {"flush", "dev", device, "nud", "permanent"});
        must(command);
        if (isDeaf) {
            by.insert(by.end(), {"replace", other, "lladdr", "02:00:00:00:00:99", "dev", device,
                                 "nud", "permanent"});
            must(by);
        }
    };
    deafen({}, ours(place), address(place, 2), cable == Cable::DropsSent);
    deafen(runAt(place), "cable", address(place, 1), cable == Cable::DropsHeard);
}

void PrivateNetwork::slowDown(std::size_t place, std::uint64_t bitsPerSecond) const {
    constexpr std::uint64_t kFrame = 1514;
    const std::uint64_t waiting = std::max(bitsPerSecond / 8 / 2, 10 * kFrame);
    const std::vector<std::string> bucket{"root",  "tbf",
                                          "rate",  std::to_string(bitsPerSecond) + "bit",
                                          "burst", std::to_string(2 * kFrame),
                                          "limit", std::to_string(waiting)};
    const auto slow = [&](std::vector<std::string> by, const std::string& device) {
        by.insert(by.end(), {"tc", "qdisc", "replace", "dev", device});
        by.insert(by.end(), bucket.begin(), bucket.end());
        must(by);
    };
    slow({}, ours(place));
    slow(runAt(place), "cable");
}

void PrivateNetwork::hurry(std::size_t place) const {
    must({"tc", "qdisc", "del", "dev", ours(place), "root"});
    auto there = runAt(place);
    there.insert(there.end(), {"tc", "qdisc", "del", "dev", "cable", "root"});
    must(there);
}

std::uint64_t PrivateNetwork::bytesFrom(std::size_t place) const {
    std::istringstream lines(readFile("/proc/self/net/dev"));
    for (std::string line; std::getline(lines, line);) {
        const std::string name = ours(place) + ":";
        if (const std::size_t at = line.find(name); at != std::string::npos) {
            return std::stoull(line.substr(at + name.size()));
        }
    }
    throw std::runtime_error("no " + ours(place));
}

}  // namespace tapport::support
