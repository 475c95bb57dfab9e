// SPDX-License-Identifier: GPL-3.0-or-later
// One direction of an MQTT connection, packet by packet: loses messages on some topics, as a broker
// with a full queue does, and passes on everything else. It follows any other stream without
// harm as long as nothing is to be lost.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace tapport::support {

class PacketFilter {
  public:
    /// What of the next bytes passes. Messages whose topic begins with `without` are lost from the
    /// next packet on; empty: none are.
    [[nodiscard]] std::string pass(std::string_view bytes, std::string_view without);
    [[nodiscard]] std::size_t lost() const { return lost_; }

  private:
    enum class At { Type, Length, Topic, Rest };
    void take(char byte, std::string_view without);
    void decide(bool isLost);

    At at_ = At::Type;
    bool isMessage_ = false;
    bool isLost_ = false;
    bool isPassing_ = false;  ///< the beginning of this packet has left already
    unsigned lengthShift_ = 0;
    std::size_t left_ = 0;  ///< bytes of the packet behind its length
    std::string topic_;     ///< with its two bytes of length
    std::string held_;      ///< undecided
    std::string out_;
    std::size_t lost_ = 0;
};

}  // namespace tapport::support
