// SPDX-License-Identifier: GPL-3.0-or-later
#include "hardware/pn532sim/chip.h"

#include "hardware/pn532sim/frame.h"
#include "tests/support/fixture.h"

#include <fstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace tapport::pn532sim {
namespace {

constexpr Uid7 kUid = {0x04, 0xA1, 0xB2, 0xC3, 0xD4, 0xE5, 0x80};
constexpr const char* kFound = "4b01010044000704a1b2c3d4e580";
constexpr const char* kNothing = "4b00";

class Pn532Chip : public testing::Test {
  protected:
    Pn532Chip() { EXPECT_EQ(ask("3205000102"), "33"); }

    std::string ask(std::string_view command) {
        return toHex(chip_.handle(*fromHex(command)).payload);
    }
    void layBadge(const Uid7& uid = kUid) {
        TagMemory memory(TagKind::Ntag215, uid);
        // NDEF message with https://ev.example/b/0123456789ABCDEF
        EXPECT_TRUE(memory.putMessage(
            *fromHex("d1011e550465762e6578616d706c652f622f30313233343536373839414243444546")));
        chip_.addTag(Tag(std::move(memory)));
    }

    Chip chip_;
};

TEST_F(Pn532Chip, AnswersCapturedCommandsAsTheCaptureDoes) {
    std::ifstream file(support::fixture("pn532/pn532_hsu_frames.json"));
    const auto frames = nlohmann::json::parse(file).at("frames");
    layBadge();
    ASSERT_EQ(ask("4a0100"), kFound);
    int compared = 0;

    for (const auto& item : frames) {
        const auto request = item.at("request_payload").get<std::string>();
        const auto code = request.substr(0, 2);
        // The earlier simulator had no configuration pages (from 0x82 on).
        const bool isRead = request.substr(0, 6) == "400130" && request < "4001307f";
        if (code == "14" || code == "00" || code == "02" || code == "12" || isRead) {
            const auto answer = chip_.handle(*fromHex(request));
            EXPECT_EQ(toHex(encodeFrame(Direction::ChipToHost, answer.payload)),
                      item.at("response_frame").get<std::string>())
                << request;
            ++compared;
        }
    }

    EXPECT_GT(compared, 35);
}

TEST_F(Pn532Chip, FindsATagAndNothingWithoutOne) {
    EXPECT_EQ(ask("4a0100"), kNothing);

    layBadge();

    EXPECT_EQ(ask("4a0100"), kFound);
    EXPECT_EQ(ask("4a0101"), kNothing);
}

TEST_F(Pn532Chip, EndlessSelectWaitsForATagAndEndsWithTheNextCommand) {
    ask("3205ffffff");

    EXPECT_EQ(chip_.handle(*fromHex("4a0100")).kind, ChipAnswer::Kind::Pending);
    EXPECT_FALSE(chip_.poll());
    layBadge();
    EXPECT_EQ(toHex(chip_.poll().value().payload), kFound);
    ask("320100");
    EXPECT_FALSE(chip_.poll());
}

TEST_F(Pn532Chip, DeselectedTagStaysHaltedUntilTheFieldGoesOff) {
    layBadge();
    ask("4a0100");

    EXPECT_EQ(ask("4400"), "4500");
    EXPECT_EQ(ask("4a0100"), kNothing);
    ask("320100");
    ask("320101");

    EXPECT_EQ(ask("4a0100"), kFound);
}

TEST_F(Pn532Chip, SelectsTheOtherOfTwoTagsOnceTheFirstIsHalted) {
    layBadge();
    layBadge({0x04, 1, 2, 3, 4, 5, 6});
    ask("4a0100");
    ask("4400");

    EXPECT_EQ(ask("4a0100"),
              "4b0101004400070401020304"
              "0506");
    EXPECT_EQ(ask("4a01008804a1b2c3d4e580"), kNothing);
}

TEST_F(Pn532Chip, SelectsByUid) {
    layBadge({0x04, 1, 2, 3, 4, 5, 6});
    layBadge();

    EXPECT_EQ(ask("4a01008804a1b2c3d4e580"), kFound);
}

TEST_F(Pn532Chip, NakDropsTheTagToIdle) {
    layBadge();
    ask("4a0100");

    EXPECT_EQ(ask("400130ff"), "4113");
    EXPECT_EQ(ask("40013000"), "4101");
    EXPECT_EQ(ask("4a0100"), kFound);
    EXPECT_EQ(ask("4260"), "43000004040201001103");
    EXPECT_EQ(ask("423a0405"), "43000322d1011e550465");
    EXPECT_EQ(ask("423a04ff"), "4302");
}

TEST_F(Pn532Chip, WithoutItsCrcTheHostSendsAndGetsIt) {
    layBadge();
    ask("4a0100");
    ask("08630200630300");

    EXPECT_EQ(ask("4260f832").substr(0, 20), "43000004040201001103");
    EXPECT_EQ(ask("4260f832").size(), 24U);
}

TEST_F(Pn532Chip, SaysWhenThereIsNoTargetOrItHasLeft) {
    EXPECT_EQ(ask("40013000"), "4127");
    EXPECT_EQ(ask("423000"), "4301");
    layBadge();
    ask("4a0100");

    chip_.removeTags();

    EXPECT_EQ(ask("40013000"), "4101");
}

TEST_F(Pn532Chip, WritesAPageAndReadsItBack) {
    layBadge();
    ask("4a0100");

    EXPECT_EQ(ask("4001a21001020304"), "4100");
    EXPECT_EQ(ask("40013010").substr(4, 8), "01020304");
    EXPECT_EQ(ask("4001a20001020304"), "4113");
}

TEST_F(Pn532Chip, RefusesWhatItDoesNotKnow) {
    EXPECT_EQ(chip_.handle(*fromHex("7f")).kind, ChipAnswer::Kind::SyntaxError);
    EXPECT_EQ(chip_.handle({}).kind, ChipAnswer::Kind::SyntaxError);
    EXPECT_EQ(chip_.handle(*fromHex("4a")).kind, ChipAnswer::Kind::SyntaxError);
}

TEST_F(Pn532Chip, TagWithoutMemoryHasAnIdAndStaysSilent) {
    chip_.addTag(Tag(Bytes{1, 2, 3, 4}));

    EXPECT_EQ(ask("4a0100"),
              "4b0101000408"
              "04"
              "01020304");
    EXPECT_EQ(ask("40013003"), "4101");
}

}  // namespace
}  // namespace tapport::pn532sim
