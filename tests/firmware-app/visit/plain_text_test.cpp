// SPDX-License-Identifier: GPL-3.0-or-later
#include "firmware-app/visit/plain_text.h"

#include <gtest/gtest.h>

namespace tapport::visit {
namespace {

TEST(PlainText, DropsWhatSteersADisplayAndTrims) {
    EXPECT_EQ(plainText("  A\x1B[31mda\x07 \xE2\x80\xAE\xC2\x85Lov\xC3\xA9\r\nlace\n ", 100),
              "A[31mda Lov\xC3\xA9 lace");
}

TEST(PlainText, KeepsLineBreaksOfANote) {
    EXPECT_EQ(plainText("one\r\ntwo\n", 100, LineBreaks::Keep), "one\ntwo");
}

TEST(PlainText, CutsBetweenCharacters) {
    EXPECT_EQ(plainText("\xE4\xBD\xA0\xE5\xA5\xBD\xF0\x9F\x98\x80", 2), "\xE4\xBD\xA0\xE5\xA5\xBD");
}

TEST(PlainText, IsEmptyForBrokenUtf8) {
    EXPECT_EQ(plainText("a\xC3(", 100), "");
}

class Email : public ::testing::TestWithParam<std::pair<const char*, bool>> {};
TEST_P(Email, IsAcceptedOnlyIfItCanBeWrittenTo) {
    EXPECT_EQ(contactValue(ContactField::Email, GetParam().first).has_value(), GetParam().second)
        << GetParam().first;
}
INSTANTIATE_TEST_SUITE_P(
    Typed, Email,
    ::testing::Values(std::pair("ada@example.com", true), std::pair(" ada@example.com ", true),
                      std::pair("ada.l+fair@mail.example.co.uk", true),
                      std::pair("ada@b\xC3\xBC"
                                "cher.example",
                                true),
                      std::pair("ada", false), std::pair("ada@", false),
                      std::pair("@example.com", false), std::pair("ada@localhost", false),
                      std::pair("a@b@example.com", false), std::pair("a b@example.com", false),
                      std::pair("ada@example..com", false), std::pair("ada@.com", false),
                      std::pair("ada@example.com.", false), std::pair("ada@-a.com", false),
                      std::pair(".ada@example.com", false), std::pair("a..b@example.com", false),
                      std::pair("ada@exa mple.com", false), std::pair("<ada@example.com>", false)));

TEST(Email, IsRefusedWhenLongerThanMailCarries) {
    const std::string domain = std::string(250, 'a') + ".example";

    EXPECT_FALSE(contactValue(ContactField::Email, "a@" + domain));
}

TEST(Phone, IsBroughtToE164WhereTheCountryIsSaid) {
    EXPECT_EQ(contactValue(ContactField::Phone, "+49 (0) 30 / 901-820"), "+4930901820");
    EXPECT_EQ(contactValue(ContactField::Phone, "0049 30 901820"), "+4930901820");
}

TEST(Phone, KeepsNationalDigits) {
    EXPECT_EQ(contactValue(ContactField::Phone, "(030) 901 820"), "030901820");
}

TEST(Phone, IsRefusedWithLettersOrTheWrongLength) {
    for (const char* const text :
         {"", "+", "12", "+49301", "030 CALL", "+1234567890123456", "+-"}) {
        EXPECT_FALSE(contactValue(ContactField::Phone, text)) << text;
    }
}

TEST(Address, IsOneLineOfText) {
    EXPECT_EQ(contactValue(ContactField::Address, "1 Example Street\nExample Town"),
              "1 Example Street Example Town");
    EXPECT_FALSE(contactValue(ContactField::Address, " x "));
}

}  // namespace
}  // namespace tapport::visit
