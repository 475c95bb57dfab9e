// SPDX-License-Identifier: GPL-3.0-or-later
#include "hardware/pn532sim/line.h"

#include <utility>

namespace tapport::pn532sim {
namespace {

constexpr std::chrono::nanoseconds kOctetAt115200{86'806};  // ten bits
constexpr std::chrono::microseconds kChipDelay{300};
// Even at the plain pace a search that finds nothing takes a breath: a reader polls without pause.
constexpr std::chrono::microseconds kBreath{3'000};
constexpr std::size_t kStatusOffset = 7;  // head, TFI, command code

bool foundNothing(const ChipAnswer& answer) {
    constexpr std::uint8_t kListedTargets = 0x4B;
    return answer.payload == Bytes{kListedTargets, 0};
}

}  // namespace

void Line::receive(ByteView fromHost, TimePoint now) {
    if (health_ == Health::Dead) {
        return;
    }
    decoder_.feed(fromHost);
    while (const auto received = decoder_.next()) {
        answer(*received, now);
    }
}

void Line::answer(const Received& received, TimePoint now) {
    // Whatever the host says ends what the chip was about to say.
    out_.clear();
    if (received.kind != Received::Kind::Command) {
        chip_.cancel();
        return;
    }
    const auto heard = now + (pace_ == Pace::Real
                                  ? std::chrono::duration_cast<std::chrono::steady_clock::duration>(
                                        kOctetAt115200 * static_cast<long>(received.wireSize)) +
                                        kChipDelay
                                  : std::chrono::steady_clock::duration{});
    if (health_ != Health::NoAck) {
        queue({kAckFrame.begin(), kAckFrame.end()}, heard, {});
    }
    const auto chipAnswer = chip_.handle(received.payload);
    if (health_ == Health::Mute || chipAnswer.kind == ChipAnswer::Kind::Pending) {
        return;
    }
    const auto breath =
        pace_ == Pace::Plain && foundNothing(chipAnswer) ? kBreath : std::chrono::microseconds{};
    queue(replyFrame(chipAnswer), heard, pace_ == Pace::Real ? chipAnswer.onAir : breath);
}

Bytes Line::replyFrame(const ChipAnswer& answer) {
    if (answer.kind == ChipAnswer::Kind::SyntaxError) {
        return {kErrorFrame.begin(), kErrorFrame.end()};
    }
    auto payload = answer.payload;
    // Only an exchange has a status octet to spoil; until then the glitch waits.
    constexpr std::uint8_t kExchanged = 0x41;
    constexpr std::uint8_t kCommunicated = 0x43;
    const bool hasStatus = payload[0] == kExchanged || payload[0] == kCommunicated;
    if (glitch_ == Glitch::BadStatus && hasStatus) {
        glitch_ = Glitch::None;
        payload[1] |= 0x80;
    }
    auto frame = encodeFrame(Direction::ChipToHost, payload);
    switch (glitch_) {
        case Glitch::BadChecksum:
            frame[frame.size() - 2] ^= 0x55;
            glitch_ = Glitch::None;
            break;
        case Glitch::Truncated:
            frame.resize(std::min(frame.size(), kStatusOffset));
            glitch_ = Glitch::None;
            break;
        case Glitch::BadStatus:
        case Glitch::None:
            break;
    }
    return frame;
}

void Line::queue(Bytes bytes, TimePoint from, std::chrono::microseconds extra) {
    auto due = from + extra;
    if (!out_.empty()) {
        due = std::max(due, out_.back().due + extra);
    }
    if (pace_ == Pace::Real) {
        due += std::chrono::duration_cast<std::chrono::steady_clock::duration>(
            kOctetAt115200 * static_cast<long>(bytes.size()));
    }
    out_.push_back({due, std::move(bytes)});
}

Bytes Line::take(TimePoint now) {
    Bytes bytes;
    while (!out_.empty() && out_.front().due <= now) {
        bytes.insert(bytes.end(), out_.front().bytes.begin(), out_.front().bytes.end());
        out_.pop_front();
    }
    return bytes;
}

std::optional<TimePoint> Line::nextDue() const {
    return out_.empty() ? std::nullopt : std::optional(out_.front().due);
}

void Line::fieldChanged(TimePoint now) {
    if (health_ == Health::Dead || health_ == Health::Mute) {
        return;
    }
    if (const auto found = chip_.poll()) {
        queue(replyFrame(*found), now,
              pace_ == Pace::Real ? found->onAir : std::chrono::microseconds{});
    }
}

void Line::setHealth(Health health) {
    health_ = health;
    if (health == Health::Dead) {
        reset();
    }
}

void Line::reset() {
    out_.clear();
    decoder_.clear();
    chip_.losePower();
}

}  // namespace tapport::pn532sim
