// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/opener/opener_talk.h"

#include <gtest/gtest.h>

namespace tapport::hub::talk {
namespace {

TEST(OpenerTalk, WhatIsToldIsCutBetweenCharacters) {
    constexpr std::size_t kMost = 1024;
    for (const std::size_t room : {1U, 2U, 3U}) {
        const std::string before(kMost - room, 'x');
        const std::string eye = "\xF0\x9F\x91\x81";  // four bytes

        const auto told = decodeGreeting(encodeGreeting(fail(Code::NotFound, before + eye)));

        ASSERT_FALSE(told);
        EXPECT_EQ(told.error().code, Code::NotFound) << room;
        EXPECT_EQ(told.error().context, before) << room;
    }
}

}  // namespace
}  // namespace tapport::hub::talk
