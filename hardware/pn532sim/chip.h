// SPDX-License-Identifier: GPL-3.0-or-later
// The PN532 as its host sees it: commands in, replies out (UM0701-02, chapter 7), and the tags in
// its field. Only what a reader of type A tags uses; other commands get the syntax error. Pure:
// time on air is reported, never waited for.
#pragma once

#include "hardware/pn532sim/tag.h"

#include <chrono>
#include <list>
#include <map>
#include <optional>

namespace tapport::pn532sim {

struct ChipAnswer {
    enum class Kind : std::uint8_t {
        Reply,
        Pending,      ///< an endless select: the reply comes from poll(), or never
        SyntaxError,  ///< the error frame
    };
    Kind kind = Kind::Reply;
    Bytes payload;
    std::chrono::microseconds onAir{0};
};

class Chip {
  public:
    /// `command` starts with the command code. Cancels what was pending.
    [[nodiscard]] ChipAnswer handle(ByteView command);
    /// The reply of an endless select, once a tag is there.
    [[nodiscard]] std::optional<ChipAnswer> poll();
    void cancel() { pendingSelect_.reset(); }
    /// As after unplugging: registers and retries are back at their defaults.
    void losePower();

    // The field.
    void addTag(Tag tag) { field_.push_back(std::move(tag)); }
    void removeTags();
    [[nodiscard]] const std::list<Tag>& field() const { return field_; }

  private:
    [[nodiscard]] ChipAnswer readRegisters(ByteView addresses) const;
    [[nodiscard]] ChipAnswer writeRegisters(ByteView triples);
    [[nodiscard]] ChipAnswer configureRf(ByteView arguments);
    [[nodiscard]] ChipAnswer listPassiveTarget(ByteView arguments);
    [[nodiscard]] ChipAnswer exchangeWithTarget(ByteView arguments);
    [[nodiscard]] ChipAnswer communicateThrough(ByteView data);
    [[nodiscard]] std::optional<ChipAnswer> select(ByteView arguments);
    [[nodiscard]] TagAnswer send(ByteView data);
    void releaseTarget();
    void fieldOff();

    std::list<Tag> field_;  ///< a list: the target stays valid while tags come and go
    Tag* target_ = nullptr;
    bool isListed_ = false;  ///< the chip believes in a target, which may have left since
    std::uint8_t activationRetries_ = 0xFF;
    std::map<std::uint16_t, std::uint8_t> registers_;
    std::optional<Bytes> pendingSelect_;
};

}  // namespace tapport::pn532sim
