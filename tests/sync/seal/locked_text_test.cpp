// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/seal/locked_text.h"

#include <gtest/gtest.h>

namespace tapport::seal {
namespace {

TEST(LockedText, GivesBackWhatItHolds) {
    const LockedText text("a note with umlauts: äöü");
    LockedText empty("");

    EXPECT_EQ(text.view(), "a note with umlauts: äöü");
    EXPECT_EQ(empty.view(), "");
    const LockedText moved = std::move(empty);
    EXPECT_EQ(moved.view(), "");
}

TEST(LockedText, WipesWhatAnOrdinaryTextHeld) {
    std::string text(100, 'x');
    const char* const at = text.data();
    text.resize(3);

    wipe(text);

    EXPECT_TRUE(text.empty());
    EXPECT_EQ(at, text.data());
    EXPECT_EQ(std::string_view(at, 100).find('x'), std::string_view::npos);
}

}  // namespace
}  // namespace tapport::seal
