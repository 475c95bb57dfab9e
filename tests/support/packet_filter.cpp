// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/packet_filter.h"

#include <utility>

namespace tapport::support {

std::string PacketFilter::pass(std::string_view bytes, std::string_view without) {
    for (const char byte : bytes) {
        take(byte, without);
    }
    if (without.empty()) {
        // Nothing waits here that may be no packet at all.
        isPassing_ = isPassing_ || !held_.empty();
        out_ += std::exchange(held_, {});
    }
    return std::exchange(out_, {});
}

/// MQTT 5, sections 1.5.5, 2.1 and 3.3.
void PacketFilter::take(char byte, std::string_view without) {
    constexpr unsigned kPublish = 3;
    constexpr std::size_t kTopicLength = 2;
    const auto value = static_cast<unsigned char>(byte);
    if (at_ == At::Rest) {
        if (!isLost_) {
            out_ += byte;
        }
        if (--left_ == 0) {
            at_ = At::Type;
        }
        return;
    }
    held_ += byte;
    if (at_ == At::Type) {
        isMessage_ = (value >> 4U) == kPublish;
        isLost_ = false;
        isPassing_ = false;
        lengthShift_ = 0;
        left_ = 0;
        topic_.clear();
        at_ = At::Length;
    } else if (at_ == At::Length) {
        left_ |= std::size_t{value & 0x7FU} << lengthShift_;
        lengthShift_ += 7;
        if ((value & 0x80U) == 0) {
            at_ = At::Topic;
            if (!isMessage_ || left_ == 0) {
                decide(false);
            }
        }
    } else {
        topic_ += byte;
        --left_;
        const auto at = [this](std::size_t i) { return static_cast<unsigned char>(topic_[i]); };
        const bool isWhole =
            topic_.size() >= kTopicLength && topic_.size() == kTopicLength + (at(0) << 8U) + at(1);
        if (isWhole || left_ == 0) {
            decide(isWhole && !without.empty() && !isPassing_ &&
                   topic_.compare(kTopicLength, without.size(), without) == 0);
        }
    }
}

void PacketFilter::decide(bool isLost) {
    isLost_ = isLost;
    lost_ += isLost ? 1 : 0;
    if (!isLost) {
        out_ += held_;
    }
    held_.clear();
    at_ = left_ == 0 ? At::Type : At::Rest;
}

}  // namespace tapport::support
