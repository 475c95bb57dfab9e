// SPDX-License-Identifier: GPL-3.0-or-later
#include "hardware/pn532sim/frame.h"

#include <numeric>
#include <utility>

namespace tapport::pn532sim {
namespace {

constexpr std::size_t kStartSize = 2;  // the start code 00 FF; the octet before it is preamble

std::uint8_t sumOf(ByteView bytes) {
    return std::accumulate(
        bytes.begin(), bytes.end(), std::uint8_t{0},
        [](int sum, std::uint8_t byte) { return static_cast<std::uint8_t>(sum + byte); });
}

}  // namespace

Bytes encodeFrame(Direction direction, ByteView payload) {
    const std::size_t length = payload.size() + 1;
    Bytes frame = {0x00, 0x00, 0xFF};
    if (length <= 0xFF) {
        frame.push_back(static_cast<std::uint8_t>(length));
        frame.push_back(static_cast<std::uint8_t>(-length));
    } else {
        const auto high = static_cast<std::uint8_t>(length >> 8);
        const auto low = static_cast<std::uint8_t>(length);
        frame = {0x00, 0x00, 0xFF, 0xFF, 0xFF, high, low, static_cast<std::uint8_t>(-(high + low))};
    }
    const auto tfi = static_cast<std::uint8_t>(direction);
    frame.push_back(tfi);
    frame.insert(frame.end(), payload.begin(), payload.end());
    frame.push_back(static_cast<std::uint8_t>(-(tfi + sumOf(payload))));
    frame.push_back(0x00);
    return frame;
}

struct FrameDecoder::Layout {
    Received::Kind kind = Received::Kind::Command;
    std::size_t head = 0;    ///< octets before the data
    std::size_t length = 0;  ///< TFI and payload
    bool isSound = true;     ///< length checksum fits
};

void FrameDecoder::feed(ByteView bytes) {
    buffer_.insert(buffer_.end(), bytes.begin(), bytes.end());
}

void FrameDecoder::drop(std::size_t count) {
    buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(count));
    skipped_ += count;
}

/// Nothing while too few octets are there to tell.
std::optional<FrameDecoder::Layout> FrameDecoder::layoutAtFront() const {
    constexpr std::size_t kNormalHead = kStartSize + 2;
    constexpr std::size_t kExtendedHead = kStartSize + 5;
    if (buffer_.size() < kNormalHead) {
        return std::nullopt;
    }
    const auto length = buffer_[2];
    const auto check = buffer_[3];
    if (length == 0x00 && check == 0xFF) {
        return Layout{Received::Kind::Ack, kNormalHead, 0, true};
    }
    if (length == 0xFF && check == 0x00) {
        return Layout{Received::Kind::Nack, kNormalHead, 0, true};
    }
    if (length != 0xFF || check != 0xFF) {
        const bool isSound = length != 0 && static_cast<std::uint8_t>(length + check) == 0;
        return Layout{Received::Kind::Command, kNormalHead, length, isSound};
    }
    if (buffer_.size() < kExtendedHead) {
        return std::nullopt;
    }
    const std::size_t extended = std::size_t{buffer_[4]} << 8 | buffer_[5];
    const bool isSound =
        extended != 0 && static_cast<std::uint8_t>(buffer_[4] + buffer_[5] + buffer_[6]) == 0;
    return Layout{Received::Kind::Command, kExtendedHead, extended, isSound};
}

std::optional<Received> FrameDecoder::next() {
    constexpr std::array<std::uint8_t, kStartSize> kStart = {0x00, 0xFF};
    for (;;) {
        const auto start =
            std::search(buffer_.begin(), buffer_.end(), kStart.begin(), kStart.end());
        if (start == buffer_.end()) {
            const bool mayStart = !buffer_.empty() && buffer_.back() == kStart[0];
            drop(buffer_.size() - (mayStart ? 1 : 0));
            return std::nullopt;
        }
        drop(static_cast<std::size_t>(start - buffer_.begin()));
        const auto layout = layoutAtFront();
        if (!layout) {
            return std::nullopt;
        }
        if (!layout->isSound) {
            drop(1);
            continue;
        }
        const bool hasData = layout->kind == Received::Kind::Command;
        const std::size_t whole = layout->head + (hasData ? layout->length + 2 : 1);
        if (buffer_.size() < whole) {
            return std::nullopt;
        }
        Received received{layout->kind, {}, 0};
        bool isSound = true;
        if (hasData) {
            const auto data = ByteView(buffer_).subspan(layout->head, layout->length + 1);
            isSound = sumOf(data) == 0 && data[0] == static_cast<int>(Direction::HostToChip);
            received.payload = toBytes(data.subspan(1, layout->length - 1));
        }
        drop(whole);
        if (isSound) {
            received.wireSize = std::exchange(skipped_, 0);
            return received;
        }
    }
}

}  // namespace tapport::pn532sim
