// SPDX-License-Identifier: GPL-3.0-or-later
#include "hardware/pn532sim/chip.h"

#include <utility>

namespace tapport::pn532sim {
namespace {

// UM0701-02, section 7.
constexpr std::uint8_t kDiagnose = 0x00;
constexpr std::uint8_t kGetFirmwareVersion = 0x02;
constexpr std::uint8_t kReadRegister = 0x06;
constexpr std::uint8_t kWriteRegister = 0x08;
constexpr std::uint8_t kSetParameters = 0x12;
constexpr std::uint8_t kSamConfiguration = 0x14;
constexpr std::uint8_t kPowerDown = 0x16;
constexpr std::uint8_t kRfConfiguration = 0x32;
constexpr std::uint8_t kInDataExchange = 0x40;
constexpr std::uint8_t kInCommunicateThru = 0x42;
constexpr std::uint8_t kInDeselect = 0x44;
constexpr std::uint8_t kInListPassiveTarget = 0x4A;
constexpr std::uint8_t kInRelease = 0x52;
constexpr std::uint8_t kCascadeTag = 0x88;
constexpr std::uint8_t kEndless = 0xFF;

// Section 7.1, error codes.
constexpr std::uint8_t kOk = 0x00;
constexpr std::uint8_t kTimeOut = 0x01;
constexpr std::uint8_t kCrcError = 0x02;
constexpr std::uint8_t kFormatError = 0x13;
constexpr std::uint8_t kWrongContext = 0x27;

constexpr std::uint16_t kTxMode = 0x6302;
constexpr std::uint16_t kRxMode = 0x6303;
constexpr std::uint8_t kCrcEnabled = 0x80;

// 106 kbit/s with a parity bit an octet; ISO 14443-3 frame delay; times of the NTAG data sheet.
constexpr std::chrono::microseconds kOctet{85};
constexpr std::chrono::microseconds kFrameDelay{91};
constexpr std::chrono::microseconds kActivation{3'000};
constexpr std::chrono::microseconds kNoTagTry{1'700};
constexpr std::chrono::microseconds kProgramPage{4'100};
constexpr std::chrono::microseconds kAnswerTimeOut{51'200};
constexpr std::size_t kCrcSize = 2;

ChipAnswer reply(std::uint8_t command, Bytes data, std::chrono::microseconds onAir = {}) {
    data.insert(data.begin(), static_cast<std::uint8_t>(command + 1));
    return {ChipAnswer::Kind::Reply, std::move(data), onAir};
}

ChipAnswer syntaxError() {
    return {ChipAnswer::Kind::SyntaxError, {}, {}};
}

std::chrono::microseconds airTime(std::size_t sent, const TagAnswer& answer) {
    const auto there = kOctet * static_cast<long>(sent + kCrcSize) + kFrameDelay;
    switch (answer.kind) {
        case TagAnswer::Kind::Silence:
            return there + kAnswerTimeOut;
        case TagAnswer::Kind::Ack:
            return there + kProgramPage;
        case TagAnswer::Kind::Nak:
            return there + kOctet;
        case TagAnswer::Kind::Data:
            break;
    }
    return there + kOctet * static_cast<long>(answer.data.size() + kCrcSize);
}

/// ISO 14443-3, annex B: CRC_A.
std::array<std::uint8_t, kCrcSize> crcA(ByteView data) {
    unsigned crc = 0x6363;
    for (const auto octet : data) {
        unsigned value = (octet ^ crc) & 0xFFU;
        value = (value ^ value << 4U) & 0xFFU;
        crc = crc >> 8U ^ value << 8U ^ value << 3U ^ value >> 4U;
    }
    return {static_cast<std::uint8_t>(crc), static_cast<std::uint8_t>(crc >> 8U)};
}

std::uint16_t addressAt(ByteView bytes, std::size_t i) {
    return static_cast<std::uint16_t>(bytes[i] << 8 | bytes[i + 1]);
}

}  // namespace

ChipAnswer Chip::handle(ByteView command) {
    cancel();
    if (command.empty()) {
        return syntaxError();
    }
    const auto arguments = command.subspan(1);
    switch (command[0]) {
        case kDiagnose:
            return reply(kDiagnose, toBytes(arguments));
        case kGetFirmwareVersion:
            return reply(kGetFirmwareVersion, {0x32, 0x01, 0x06, 0x07});
        case kReadRegister:
            return readRegisters(arguments);
        case kWriteRegister:
            return writeRegisters(arguments);
        case kSetParameters:
        case kSamConfiguration:
            return reply(command[0], {});
        case kPowerDown:
            fieldOff();
            return reply(kPowerDown, {kOk});
        case kRfConfiguration:
            return configureRf(arguments);
        case kInDataExchange:
            return exchangeWithTarget(arguments);
        case kInCommunicateThru:
            return communicateThrough(arguments);
        case kInDeselect:
        case kInRelease:
            releaseTarget();
            return reply(command[0], {kOk});
        case kInListPassiveTarget:
            return listPassiveTarget(arguments);
        default:
            return syntaxError();
    }
}

std::optional<ChipAnswer> Chip::poll() {
    auto answer = pendingSelect_ ? select(*pendingSelect_) : std::nullopt;
    if (answer) {
        cancel();
    }
    return answer;
}

void Chip::losePower() {
    cancel();
    fieldOff();
    registers_.clear();
    activationRetries_ = kEndless;
}

void Chip::removeTags() {
    target_ = nullptr;
    field_.clear();
}

void Chip::fieldOff() {
    target_ = nullptr;
    isListed_ = false;
    for (auto& tag : field_) {
        tag.losePower();
    }
}

void Chip::releaseTarget() {
    if (target_ != nullptr) {
        target_->halt();
    }
    target_ = nullptr;
    isListed_ = false;
}

ChipAnswer Chip::readRegisters(ByteView addresses) const {
    Bytes values;
    for (std::size_t i = 0; i + 1 < addresses.size(); i += 2) {
        const auto found = registers_.find(addressAt(addresses, i));
        values.push_back(found == registers_.end() ? std::uint8_t{0} : found->second);
    }
    return reply(kReadRegister, std::move(values));
}

ChipAnswer Chip::writeRegisters(ByteView triples) {
    for (std::size_t i = 0; i + 2 < triples.size(); i += 3) {
        registers_[addressAt(triples, i)] = triples[i + 2];
    }
    return reply(kWriteRegister, {});
}

ChipAnswer Chip::configureRf(ByteView arguments) {
    constexpr std::uint8_t kField = 0x01;
    constexpr std::uint8_t kMaxRetries = 0x05;
    if (arguments.size() == 2 && arguments[0] == kField && (arguments[1] & 1) == 0) {
        fieldOff();
    }
    if (arguments.size() == 4 && arguments[0] == kMaxRetries) {
        activationRetries_ = arguments[3];
    }
    return reply(kRfConfiguration, {});
}

ChipAnswer Chip::listPassiveTarget(ByteView arguments) {
    if (arguments.size() < 2) {
        return syntaxError();
    }
    target_ = nullptr;
    isListed_ = false;
    const int tries = activationRetries_ == kEndless ? 2 : activationRetries_ + 1;
    for (int i = 0; i < tries; ++i) {
        // An active tag falls silent at the first request and answers the next.
        if (auto answer = select(arguments)) {
            return std::move(*answer);
        }
    }
    if (activationRetries_ == kEndless) {
        pendingSelect_ = toBytes(arguments);
        return {ChipAnswer::Kind::Pending, {}, {}};
    }
    return reply(kInListPassiveTarget, {0}, kNoTagTry * tries);
}

std::optional<ChipAnswer> Chip::select(ByteView arguments) {
    constexpr std::uint8_t kTypeA106 = 0x00;
    if (arguments[1] != kTypeA106) {
        return std::nullopt;
    }
    Bytes wanted;  // a given UID, without its cascade tags
    for (std::size_t i = 2; i < arguments.size(); ++i) {
        const bool isCascade = (i - 2) % 4 == 0 && arguments.size() > 6;
        if (!(isCascade && arguments[i] == kCascadeTag)) {
            wanted.push_back(arguments[i]);
        }
    }
    for (auto& tag : field_) {
        const bool answers = tag.answersRequest();
        if (!answers || (!wanted.empty() && wanted != tag.uid())) {
            continue;
        }
        tag.select();
        target_ = &tag;
        isListed_ = true;
        registers_[kTxMode] = kCrcEnabled;
        registers_[kRxMode] = kCrcEnabled;
        const auto atqa = tag.atqa();
        Bytes data = {1,       1,         atqa[0],
                      atqa[1], tag.sak(), static_cast<std::uint8_t>(tag.uid().size())};
        data.insert(data.end(), tag.uid().begin(), tag.uid().end());
        return reply(kInListPassiveTarget, std::move(data), kActivation);
    }
    return std::nullopt;
}

TagAnswer Chip::send(ByteView data) {
    if (target_ == nullptr) {
        return {};
    }
    auto answer = target_->exchange(data);
    if (target_->hasLeft()) {
        target_ = nullptr;
        field_.remove_if([](const Tag& tag) { return tag.hasLeft(); });
    }
    return answer;
}

ChipAnswer Chip::exchangeWithTarget(ByteView arguments) {
    constexpr std::uint8_t kRead = 0x30;
    constexpr std::uint8_t kWrite = 0xA2;
    if (arguments.empty() || arguments[0] != 1 || !isListed_) {
        return reply(kInDataExchange, {kWrongContext});
    }
    const auto data = arguments.subspan(1);
    if (data.empty() || (data[0] != kRead && data[0] != kWrite)) {
        // The chip's own MIFARE layer knows a few commands; the rest needs InCommunicateThru.
        return reply(kInDataExchange, {kFormatError});
    }
    auto answer = send(data);
    const auto onAir = airTime(data.size(), answer);
    switch (answer.kind) {
        case TagAnswer::Kind::Silence:
            return reply(kInDataExchange, {kTimeOut}, onAir);
        case TagAnswer::Kind::Nak:
            return reply(kInDataExchange, {kFormatError}, onAir);
        case TagAnswer::Kind::Ack:
        case TagAnswer::Kind::Data:
            break;
    }
    answer.data.insert(answer.data.begin(), kOk);
    return reply(kInDataExchange, std::move(answer.data), onAir);
}

ChipAnswer Chip::communicateThrough(ByteView data) {
    constexpr std::uint8_t kAckNibble = 0x0A;
    constexpr std::uint8_t kNakNibble = 0x00;
    const bool addsCrc = (registers_[kTxMode] & kCrcEnabled) != 0;
    const bool checksCrc = (registers_[kRxMode] & kCrcEnabled) != 0;
    if (!addsCrc) {
        // The host sends its own; with a wrong one the tag hears noise.
        const auto body = data.first(data.size() - std::min(kCrcSize, data.size()));
        const auto crc = crcA(body);
        const auto given = data.subspan(body.size());
        data = std::equal(crc.begin(), crc.end(), given.begin(), given.end()) ? body : ByteView{};
    }
    auto answer = send(data);
    const auto onAir = airTime(data.size(), answer);
    const bool isNibble =
        answer.kind == TagAnswer::Kind::Ack || answer.kind == TagAnswer::Kind::Nak;
    if (answer.kind == TagAnswer::Kind::Silence) {
        return reply(kInCommunicateThru, {kTimeOut}, onAir);
    }
    if (isNibble && checksCrc) {
        return reply(kInCommunicateThru, {kCrcError}, onAir);  // four bits carry no CRC
    }
    Bytes out = {kOk};
    if (isNibble) {
        out.push_back(answer.kind == TagAnswer::Kind::Ack ? kAckNibble : kNakNibble);
    } else {
        out.insert(out.end(), answer.data.begin(), answer.data.end());
        if (!checksCrc) {
            const auto crc = crcA(answer.data);
            out.insert(out.end(), crc.begin(), crc.end());
        }
    }
    return reply(kInCommunicateThru, std::move(out), onAir);
}

}  // namespace tapport::pn532sim
