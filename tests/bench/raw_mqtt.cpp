// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/raw_mqtt.h"

#include <array>
#include <cerrno>
#include <stdexcept>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

namespace tapport::bench {
namespace {

// Types of packets, in the upper half of the first byte (MQTT 3.1.1, 2.2.1).
constexpr std::uint8_t kConnect = 0x10;
constexpr std::uint8_t kConnack = 0x20;
constexpr std::uint8_t kPublishQos1 = 0x32;
constexpr std::uint8_t kPuback = 0x40;
constexpr std::uint8_t kSubscribe = 0x82;
constexpr std::uint8_t kType = 0xF0;
constexpr std::uint8_t kPublish = 0x30;
constexpr std::uint8_t kQos = 0x06;

void put16(Bytes& to, std::size_t number) {
    to.push_back(static_cast<std::uint8_t>(number >> 8U));
    to.push_back(static_cast<std::uint8_t>(number));
}

void putText(Bytes& to, std::string_view text) {
    put16(to, text.size());
    const ByteView bytes = viewOf(text);
    to.insert(to.end(), bytes.begin(), bytes.end());
}

std::size_t read16(ByteView from) {
    return (std::size_t{from[0]} << 8U) | from[1];
}

}  // namespace

RawMqtt::RawMqtt(int port, const std::string& clientId)
    : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    const int on = 1;
    if (::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
        ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) != 0 ||
        ::fcntl(socket_, F_SETFL, O_NONBLOCK) != 0) {
        ::close(socket_);
        throw std::runtime_error("no broker");
    }
    constexpr std::uint8_t kLevel = 4;
    constexpr std::uint8_t kCleanSession = 2;
    constexpr std::size_t kKeepAlive = 600;
    Bytes body;
    putText(body, "MQTT");
    body.push_back(kLevel);
    body.push_back(kCleanSession);
    put16(body, kKeepAlive);
    putText(body, clientId);
    put(kConnect, body);
}

RawMqtt::~RawMqtt() {
    ::close(socket_);
}

void RawMqtt::subscribe(const std::string& filter) {
    Bytes body;
    put16(body, ++lastPacket_);
    putText(body, filter);
    body.push_back(1);
    put(kSubscribe, body);
}

void RawMqtt::publish(const std::string& topic, ByteView payload) {
    Bytes body;
    putText(body, topic);
    lastPacket_ = lastPacket_ == UINT16_MAX ? 1 : lastPacket_ + 1;
    put16(body, lastPacket_);
    body.insert(body.end(), payload.begin(), payload.end());
    put(kPublishQos1, body);
}

void RawMqtt::put(std::uint8_t head, const Bytes& body) {
    out_.push_back(head);
    std::size_t rest = body.size();
    do {
        out_.push_back(static_cast<std::uint8_t>((rest & 0x7FU) | (rest > 0x7FU ? 0x80U : 0U)));
        rest >>= 7U;
    } while (rest > 0);
    out_.insert(out_.end(), body.begin(), body.end());
}

void RawMqtt::write() {
    while (hasToWrite()) {
        const ssize_t size =
            ::send(socket_, out_.data() + written_, out_.size() - written_, MSG_NOSIGNAL);
        if (size < 0 && errno == EINTR) {
            continue;
        }
        if (size < 0 && errno != EAGAIN) {
            throw std::runtime_error("the broker has closed a connection");
        }
        if (size < 0) {
            return;
        }
        written_ += static_cast<std::size_t>(size);
        bytes_ += static_cast<std::size_t>(size);
    }
    out_.clear();
    written_ = 0;
}

RawMqtt::Exchanged RawMqtt::exchange() {
    Exchanged exchanged;
    std::array<std::uint8_t, 65536> part{};
    for (;;) {
        const ssize_t size = ::recv(socket_, part.data(), part.size(), 0);
        if (size < 0 && errno == EINTR) {
            continue;
        }
        if (size < 0 && errno == EAGAIN) {
            break;
        }
        if (size <= 0) {
            throw std::runtime_error("the broker has closed a connection");
        }
        in_.insert(in_.end(), part.begin(), part.begin() + size);
        bytes_ += static_cast<std::size_t>(size);
    }
    std::size_t done = 0;
    while (const std::size_t size = handleAt(done, exchanged)) {
        done += size;
    }
    in_.erase(in_.begin(), in_.begin() + static_cast<std::ptrdiff_t>(done));
    write();
    return exchanged;
}

std::size_t RawMqtt::handleAt(std::size_t start, Exchanged& exchanged) {
    const ByteView rest = ByteView(in_).subspan(start);
    std::size_t length = 0;
    std::size_t at = 1;
    for (unsigned shift = 0;; shift += 7, ++at) {
        if (at >= rest.size()) {
            return 0;
        }
        length |= std::size_t{rest[at] & 0x7FU} << shift;
        if ((rest[at] & 0x80U) == 0) {
            break;
        }
    }
    const std::size_t head = at + 1;
    if (rest.size() < head + length) {
        return 0;
    }
    handle(rest.front(), rest.subspan(head, length), exchanged);
    return head + length;
}

void RawMqtt::handle(std::uint8_t head, ByteView body, Exchanged& exchanged) {
    if ((head & kType) == kConnack) {
        exchanged.isConnected = body[1] == 0;
    } else if ((head & kType) == kPublish) {
        const std::size_t topic = read16(body);
        const bool isConfirmed = (head & kQos) != 0;
        const std::size_t payload = 2 + topic + (isConfirmed ? 2 : 0);
        exchanged.arrived.push_back(
            {std::string(textOf(body.subspan(2, topic))), toBytes(body.subspan(payload))});
        if (isConfirmed) {
            put(kPuback, toBytes(body.subspan(2 + topic, 2)));
        }
    }
}

}  // namespace tapport::bench
