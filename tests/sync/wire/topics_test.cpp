// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/wire/topics.h"

#include <array>

#include <gtest/gtest.h>

namespace tapport::wire {
namespace {

TEST(Topics, AreStable) {
    EXPECT_EQ(upTopic({"kiosk-1"}), "tapport/1/up/26/kiosk-1");
    EXPECT_EQ(upTopic({"kiosk-2"}), "tapport/1/up/07/kiosk-2");
    EXPECT_EQ(ackTopic({"kiosk-1"}), "tapport/1/ack/kiosk-1");
    EXPECT_EQ(downTopic({"kiosk-1"}), "tapport/1/down/kiosk-1");
    EXPECT_EQ(stateTopic({"kiosk-1"}), "tapport/1/state/kiosk-1");
}

TEST(Topics, SpreadNumberedKiosksOverTheShards) {
    std::array<int, kShards> load{};

    for (int i = 0; i < 256; ++i) {
        ++load.at(shardOf({"kiosk-" + std::to_string(i)}));
    }

    for (const int kiosks : load) {
        EXPECT_LE(kiosks, 12);  // 4 each if it were perfect
    }
}

TEST(Topics, AnUpTopicNamesItsKiosk) {
    const auto kiosk = kioskOfUpTopic(upTopic({"hall-3-left"}));

    ASSERT_TRUE(kiosk);
    EXPECT_EQ(kiosk->value, "hall-3-left");
}

TEST(Topics, RefusesWhatIsNotAnUpTopic) {
    std::string wrongShard = upTopic({"kiosk-1"});
    wrongShard[14] = wrongShard[14] == '0' ? '1' : '0';

    for (const std::string& topic :
         {std::string(), std::string("tapport/1/up/00/"), std::string("kiosk-1"), wrongShard,
          upTopic({"kiosk-1"}) + "/more", upTopic({"Kiosk 1"}), std::string("tapport/1/up/+/+")}) {
        const auto kiosk = kioskOfUpTopic(topic);
        ASSERT_FALSE(kiosk) << topic;
        EXPECT_EQ(kiosk.error().code, Code::InvalidInput);
    }
}

TEST(Topics, AStateTopicNamesItsKioskAndNoOtherDoes) {
    EXPECT_EQ(kioskOfStateTopic(stateTopic({"kiosk-1"}))->value, "kiosk-1");
    for (const std::string& topic : {std::string(kStateFilter), upTopic({"kiosk-1"}),
                                     stateTopic({"kiosk-1/x"}), stateTopic({"Kiosk"})}) {
        EXPECT_FALSE(kioskOfStateTopic(topic)) << topic;
    }
}

}  // namespace
}  // namespace tapport::wire
