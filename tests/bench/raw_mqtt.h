// SPDX-License-Identifier: GPL-3.0-or-later
// As little of MQTT 3.1.1 as a simulated kiosk needs, over a socket that never blocks: a thousand
// of them fit into one thread, and every byte on the wire is counted. For benchmarks only.
#pragma once

#include "sync/base/bytes.h"

#include <string>
#include <vector>

namespace tapport::bench {

class RawMqtt {
  public:
    struct Message {
        std::string topic;
        Bytes payload;
    };
    struct Exchanged {
        bool isConnected = false;  ///< the broker has just said so
        std::vector<Message> arrived;
    };

    /// To this machine. Throws std::runtime_error when nothing listens there.
    RawMqtt(int port, const std::string& clientId);
    ~RawMqtt();
    RawMqtt(const RawMqtt&) = delete;
    RawMqtt& operator=(const RawMqtt&) = delete;

    /// Both with QoS 1; sent by exchange().
    void subscribe(const std::string& filter);
    void publish(const std::string& topic, ByteView payload);

    /// Writes and reads as much as the socket allows. Throws std::runtime_error when the broker has
    /// closed it.
    [[nodiscard]] Exchanged exchange();
    [[nodiscard]] bool hasToWrite() const { return written_ < out_.size(); }
    [[nodiscard]] int socket() const { return socket_; }
    /// Both ways, everything above TCP.
    [[nodiscard]] std::uint64_t bytes() const { return bytes_; }

  private:
    void put(std::uint8_t head, const Bytes& body);
    void write();
    /// The packet that begins there, if all of it has come; its size.
    std::size_t handleAt(std::size_t start, Exchanged& exchanged);
    void handle(std::uint8_t head, ByteView body, Exchanged& exchanged);

    int socket_;
    Bytes out_;
    std::size_t written_ = 0;
    Bytes in_;
    std::uint16_t lastPacket_ = 0;
    std::uint64_t bytes_ = 0;
};

}  // namespace tapport::bench
