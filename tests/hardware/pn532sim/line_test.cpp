// SPDX-License-Identifier: GPL-3.0-or-later
#include "hardware/pn532sim/line.h"

#include <gtest/gtest.h>

namespace tapport::pn532sim {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

constexpr std::string_view kAck = "0000ff00ff00";
constexpr std::string_view kVersionReply = "0000ff06fad50332010607e800";

class Pn532Line : public testing::Test {
  protected:
    static Bytes command(std::string_view payload) {
        return encodeFrame(Direction::HostToChip, *fromHex(payload));
    }
    std::string answerTo(Line& line, std::string_view payload) const {
        line.receive(command(payload), start_);
        return toHex(line.take(start_ + milliseconds(50)));
    }

    TimePoint start_{};
    Line line_{Pace::Plain};
};

TEST_F(Pn532Line, AcknowledgesThenReplies) {
    EXPECT_EQ(answerTo(line_, "02"), std::string(kAck) + std::string(kVersionReply));
}

TEST_F(Pn532Line, MuteChipOnlyAcknowledgesAndDeadChipSaysNothing) {
    line_.setHealth(Health::Mute);
    EXPECT_EQ(answerTo(line_, "02"), kAck);

    line_.setHealth(Health::NoAck);
    EXPECT_EQ(answerTo(line_, "02"), kVersionReply);

    line_.setHealth(Health::Dead);
    EXPECT_EQ(answerTo(line_, "02"), "");
}

TEST_F(Pn532Line, GlitchesSpoilOneReplyEach) {
    line_.setGlitch(Glitch::BadChecksum);
    EXPECT_EQ(answerTo(line_, "02"), std::string(kAck) + "0000ff06fad50332010607bd00");
    EXPECT_EQ(answerTo(line_, "02"), std::string(kAck) + std::string(kVersionReply));

    line_.setGlitch(Glitch::Truncated);
    EXPECT_EQ(answerTo(line_, "02"), std::string(kAck) + "0000ff06fad503");

    line_.setGlitch(Glitch::BadStatus);
    EXPECT_EQ(answerTo(line_, "02"), std::string(kAck) + std::string(kVersionReply));
    EXPECT_EQ(answerTo(line_, "40013000"), std::string(kAck) + "0000ff03fdd541a74300");
}

TEST_F(Pn532Line, HostAckEndsAnEndlessSelect) {
    EXPECT_EQ(answerTo(line_, "4a0100"), kAck);

    line_.receive(kAckFrame, start_);
    line_.chip().addTag(Tag(Bytes{1, 2, 3, 4}));
    line_.fieldChanged(start_);

    EXPECT_FALSE(line_.nextDue());
}

TEST_F(Pn532Line, EndlessSelectAnswersWhenATagComes) {
    EXPECT_EQ(answerTo(line_, "4a0100"), kAck);

    line_.chip().addTag(Tag(Bytes{1, 2, 3, 4}));
    line_.fieldChanged(start_);

    EXPECT_EQ(toHex(line_.take(start_)),
              "0000ff0cf4d54b010100040804010203"
              "04c400");
}

TEST_F(Pn532Line, RealPaceTakesTheTimeOfTheWire) {
    Line real(Pace::Real);

    real.receive(command("02"), start_);

    // 9 octets in, the chip's delay, 6 octets of ACK; then 13 octets of reply.
    const auto ackDue = real.nextDue().value();
    EXPECT_GT(ackDue, start_ + microseconds(1500));
    EXPECT_LT(ackDue, start_ + microseconds(1800));
    EXPECT_EQ(toHex(real.take(ackDue)), kAck);
    EXPECT_EQ(std::chrono::duration_cast<microseconds>(real.nextDue().value() - ackDue).count(),
              1128);
}

}  // namespace
}  // namespace tapport::pn532sim
