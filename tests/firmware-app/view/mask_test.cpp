// SPDX-License-Identifier: GPL-3.0-or-later
#include "firmware-app/view/mask.h"

#include <gtest/gtest.h>

namespace tapport::view {
namespace {

TEST(Mask, KeepsTheFirstCharacterAndTheDomainOfAnAddress) {
    EXPECT_EQ(maskedEmail("test@firma.example").toStdString(), "t•••@firma.example");
    EXPECT_EQ(maskedEmail("\U0001F600x@firma.example").toStdString(),
              "\U0001F600•••@firma.example");
}

TEST(Mask, TellsAlmostNothingOfATextThatIsNoAddress) {
    EXPECT_EQ(maskedEmail("test").toStdString(), "t•••");
    EXPECT_EQ(maskedEmail("@firma.example").toStdString(), "@•••");
    EXPECT_EQ(maskedEmail("").toStdString(), "");
}

TEST(Mask, KeepsTheEndOfANumberAndTheStartOfAPlace) {
    EXPECT_EQ(maskedPhone("+4940123456").toStdString(), "••• 56");
    EXPECT_EQ(maskedAddress("Speicherstraße 1").toStdString(), "Spe•••");
}

}  // namespace
}  // namespace tapport::view
