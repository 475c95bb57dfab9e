// SPDX-License-Identifier: GPL-3.0-or-later
#include "hardware/pn532sim/tag.h"

#include <utility>

namespace tapport::pn532sim {
namespace {

// NTAG213_215_216 data sheet, table 22.
constexpr std::uint8_t kGetVersion = 0x60;
constexpr std::uint8_t kRead = 0x30;
constexpr std::uint8_t kFastRead = 0x3A;
constexpr std::uint8_t kWrite = 0xA2;
constexpr std::uint8_t kPasswordAuth = 0x1B;
constexpr std::uint8_t kHalt = 0x50;

Bytes bytesOf(const Uid7& uid) {
    return {uid.begin(), uid.end()};
}

}  // namespace

Tag::Tag(TagMemory memory) : memory_(std::move(memory)), uid_(bytesOf(memory_->uid())) {}

Tag::Tag(Bytes uid) : uid_(std::move(uid)) {}

std::array<std::uint8_t, 2> Tag::atqa() const {
    // Bits 7 and 8 of ATQA give the UID's size: single, double, triple.
    const int sizeBits = uid_.size() == 4 ? 0x00 : uid_.size() == 7 ? 0x40 : 0x80;
    return {0x00, static_cast<std::uint8_t>(sizeBits | 0x04)};
}

std::uint8_t Tag::sak() const {
    return memory_ ? 0x00 : 0x08;
}

void Tag::losePower() {
    state_ = State::Idle;
    isUnlocked_ = false;
}

bool Tag::answersRequest() {
    if (state_ == State::Active) {
        losePower();
        return false;
    }
    return state_ == State::Idle;
}

void Tag::select() {
    state_ = State::Active;
}

void Tag::halt() {
    state_ = State::Halted;
    isUnlocked_ = false;
}

TagAnswer Tag::nak() {
    losePower();  // data sheet, figure 8: an error in ACTIVE leads to IDLE
    return {TagAnswer::Kind::Nak, {}};
}

TagAnswer Tag::exchange(ByteView command) {
    if (commandsLeft_ && *commandsLeft_ > 0) {
        --*commandsLeft_;
    }
    if (state_ != State::Active || hasLeft() || command.empty()) {
        return {};
    }
    return answer(command);
}

TagAnswer Tag::answer(ByteView command) {
    const auto arguments = command.subspan(1);
    if (command[0] == kHalt) {
        halt();
        return {};
    }
    if (!memory_) {
        return {};
    }
    std::optional<Bytes> data;
    if (command[0] == kGetVersion && arguments.empty()) {
        const auto version = memory_->version();
        data.emplace(version.begin(), version.end());
    } else if (command[0] == kRead && arguments.size() == 1) {
        data = memory_->read(arguments[0], isUnlocked_);
    } else if (command[0] == kFastRead && arguments.size() == 2) {
        data = memory_->fastRead(arguments[0], arguments[1], isUnlocked_);
    } else if (command[0] == kPasswordAuth && arguments.size() == kPageSize) {
        data = memory_->authenticate(arguments);
        isUnlocked_ = data.has_value();
    } else if (command[0] == kWrite && arguments.size() == 1 + kPageSize) {
        if (memory_->write(arguments[0], arguments.subspan(1), isUnlocked_)) {
            return {TagAnswer::Kind::Ack, {}};
        }
    }
    return data ? TagAnswer{TagAnswer::Kind::Data, std::move(*data)} : nak();
}

}  // namespace tapport::pn532sim
