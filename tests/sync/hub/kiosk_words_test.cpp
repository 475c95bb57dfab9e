// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/export/kiosk_words.h"

#include "tests/sync/hub/samples.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tapport::hub {
namespace {

using samples::kKiosk;

TEST(KioskWords, SayWhenTheEventEndedAsPagesSayATime) {
    HubStatus status;
    status.fates[kKiosk].ended = "2026-06-09T09:00:00.000Z";

    EXPECT_THAT(fateTexts(status, kKiosk),
                testing::ElementsAre("the event is over there since 2026-06-09 09:00:00 UTC"));
}

TEST(KioskWords, NameThoseOfWhomTheQuarantineTakesNoMore) {
    HubStatus status;
    EXPECT_EQ(quarantineText(status), "");
    status.quarantineFull = {{}, {"kiosk-2"}, kKiosk};

    EXPECT_THAT(quarantineText(status),
                testing::HasSubstr("came from nobody's topic, kiosk-1, kiosk-2: more of it is not "
                                   "kept"));
}

}  // namespace
}  // namespace tapport::hub
