// SPDX-License-Identifier: GPL-3.0-or-later
// Sessions against an array that behaves like a tag.
#include "hardware/tag/type2_session.h"

#include <gtest/gtest.h>

namespace tapport::tag {
namespace {

class ArrayTag {
  public:
    /// An NTAG by its CC size octet and number of pages, with this data area.
    ArrayTag(std::uint8_t ccSize, std::size_t pages, const Bytes& area)
        : memory_(pages * kPageSize) {
        const Bytes cc = {0xE1, 0x10, ccSize, 0x00};
        std::copy(cc.begin(), cc.end(), memory_.begin() + kCcPage * kPageSize);
        std::copy(area.begin(), area.end(), memory_.begin() + kFirstDataPage * kPageSize);
    }

    std::optional<Bytes> answer(const Step& step) {
        ++steps_;
        if (steps_ > leavesAfter_) {
            return std::nullopt;
        }
        const auto* exchange = std::get_if<Exchange>(&step);
        if (exchange == nullptr) {
            return Bytes{};  // selected again
        }
        const auto& command = exchange->command;
        const std::size_t first = command[1] * kPageSize;
        if (command[0] == 0x3A) {
            const std::size_t end = (command[2] + std::size_t{1}) * kPageSize;
            return knowsFastRead_ ? std::optional(Bytes(at(first), at(end))) : std::nullopt;
        }
        if (command[0] == 0xA2) {
            std::copy(command.begin() + 2, command.end(), at(first));
            return Bytes{};
        }
        Bytes pages;
        for (std::size_t i = 0; i < 16; ++i) {
            pages.push_back(memory_[(first + i) % memory_.size()]);
        }
        return pages;
    }

    template <typename Session>
    Finished run(Session session) {
        auto step = session.start();
        while (!std::holds_alternative<Finished>(step)) {
            const auto octets = answer(step);
            step = session.next(octets ? Answer(*octets) : std::nullopt);
        }
        return std::get<Finished>(step);
    }

    Bytes memory_;
    bool knowsFastRead_ = true;
    int steps_ = 0;
    int leavesAfter_ = 1000;

  private:
    Bytes::iterator at(std::size_t octet) {
        return memory_.begin() + static_cast<std::ptrdiff_t>(octet);
    }
};

Bytes areaOf(std::size_t messageSize) {
    Bytes area = {0x03};
    if (messageSize < 255) {
        area.push_back(static_cast<std::uint8_t>(messageSize));
    } else {
        area.insert(area.end(), {0xFF, static_cast<std::uint8_t>(messageSize >> 8),
                                 static_cast<std::uint8_t>(messageSize)});
    }
    area.resize(area.size() + messageSize, 0x5A);
    area.push_back(0xFE);
    return area;
}

ArrayTag ntag215(std::size_t messageSize) {
    return {0x3E, 135, areaOf(messageSize)};
}

TEST(ReadSession, ReadsAShortMessageInOneExchange) {
    auto tag = ntag215(8);

    const auto result = tag.run(ReadSession());

    EXPECT_EQ(result.outcome, Outcome::Done);
    EXPECT_EQ(result.message, Bytes(8, 0x5A));
    EXPECT_EQ(tag.steps_, 1);
}

TEST(ReadSession, ReadsALongMessageWithFastRead) {
    auto tag = ntag215(492);

    const auto result = tag.run(ReadSession());

    EXPECT_EQ(result.message, Bytes(492, 0x5A));
    EXPECT_EQ(tag.steps_, 1 + 2);
}

TEST(ReadSession, FallsBackToReadWhenTheTagKnowsNoFastRead) {
    auto tag = ntag215(300);
    tag.knowsFastRead_ = false;

    const auto result = tag.run(ReadSession());

    EXPECT_EQ(result.message, Bytes(300, 0x5A));
    EXPECT_EQ(tag.steps_, 1 + 1 + 1 + 19);
}

TEST(ReadSession, UsesReadAloneWhenToldOrWhenTheTagIsSmall) {
    auto tag = ntag215(300);
    tag.knowsFastRead_ = false;
    ArrayTag ultralight(0x06, 16, areaOf(40));
    ultralight.knowsFastRead_ = false;

    EXPECT_EQ(tag.run(ReadSession({0})).message, Bytes(300, 0x5A));
    EXPECT_EQ(tag.steps_, 1 + 19);
    EXPECT_EQ(ultralight.run(ReadSession()).message, Bytes(40, 0x5A));
}

TEST(ReadSession, TellsWhatIsWrongWithATag) {
    ArrayTag foreign(0x06, 16, {});
    foreign.memory_[12] = 0;
    ArrayTag hidden(0x06, 16, areaOf(4));
    hidden.memory_[15] = 0xF0;
    ArrayTag broken(0x06, 16, {0x03, 0xFF, 0x10, 0x00});

    EXPECT_EQ(foreign.run(ReadSession()).outcome, Outcome::NotOurs);
    EXPECT_EQ(hidden.run(ReadSession()).outcome, Outcome::NotOurs);
    EXPECT_EQ(broken.run(ReadSession()).outcome, Outcome::Malformed);
    EXPECT_EQ(ntag215(0).run(ReadSession()).outcome, Outcome::Empty);
}

TEST(ReadSession, IsLostWheneverTheTagIsPulledAway) {
    for (int left = 0; left < 22; ++left) {
        auto tag = ntag215(300);
        tag.knowsFastRead_ = left % 2 == 0;
        tag.leavesAfter_ = tag.knowsFastRead_ ? left % 3 : left;

        const auto outcome = tag.run(ReadSession()).outcome;

        EXPECT_EQ(outcome, tag.leavesAfter_ >= 22 ? Outcome::Done : Outcome::Lost) << left;
    }
}

TEST(WriteSession, ReplacesTheMessageWhateverItsSize) {
    for (const std::size_t size : {1U, 5U, 254U, 255U, 492U}) {
        auto tag = ntag215(100);

        ASSERT_EQ(tag.run(WriteSession(Bytes(size, 0xC3))).outcome, Outcome::Done) << size;
        EXPECT_EQ(tag.run(ReadSession()).message, Bytes(size, 0xC3)) << size;
    }
}

TEST(WriteSession, KeepsTheLockControlBlockOfNtag213) {
    ArrayTag tag(0x12, 45, *fromHex("0103a00c340300fe"));

    ASSERT_EQ(tag.run(WriteSession(Bytes(137, 0xC3))).outcome, Outcome::Done);

    EXPECT_EQ(toHex(ByteView(tag.memory_).subspan(16, 5)), "0103a00c34");
    EXPECT_EQ(tag.run(ReadSession()).message.size(), 137U);
    EXPECT_EQ(tag.run(WriteSession(Bytes(138))).outcome, Outcome::TooLong);
}

TEST(WriteSession, TagPulledAwayInBetweenReadsAsEmptyOrAsBeforeOrAsAfter) {
    for (int left = 0; left < 90; ++left) {
        auto tag = ntag215(100);
        tag.leavesAfter_ = left;

        const auto written = tag.run(WriteSession(Bytes(200, 0xC3)));
        tag.leavesAfter_ = 1000;
        const auto after = tag.run(ReadSession());

        const bool isWhole = after.outcome == Outcome::Empty || after.message == Bytes(100, 0x5A) ||
                             after.message == Bytes(200, 0xC3);
        EXPECT_TRUE(isWhole) << left;
        EXPECT_EQ(written.outcome == Outcome::Done, after.message == Bytes(200, 0xC3)) << left;
    }
}

TEST(WriteSession, TouchesNothingThatIsLocked) {
    auto byContainer = ntag215(10);
    byContainer.memory_[15] = 0x0F;
    auto byStaticBit = ntag215(10);
    byStaticBit.memory_[10] = 0x20;  // page 5
    auto byDynamicBit = ntag215(10);
    byDynamicBit.memory_[0x82 * 4] = 0x01;  // pages 16 to 31

    for (auto* tag : {&byContainer, &byStaticBit, &byDynamicBit}) {
        const auto before = tag->memory_;
        EXPECT_EQ(tag->run(WriteSession(Bytes(100))).outcome, Outcome::ReadOnly);
        EXPECT_EQ(tag->memory_, before);
    }
    EXPECT_EQ(byDynamicBit.run(WriteSession(Bytes(20))).outcome, Outcome::Done);
}

}  // namespace
}  // namespace tapport::tag
