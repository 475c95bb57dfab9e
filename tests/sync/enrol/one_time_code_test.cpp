// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/enrol/one_time_code.h"

#include "sync/seal/seal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tapport::enrol {
namespace {

using testing::HasSubstr;

class OneTimeCodeTest : public testing::Test {
  protected:
    void SetUp() override { ASSERT_TRUE(seal::initialise()); }

    static OneTimeCode sample() {
        std::array<std::uint8_t, OneTimeCode::kRandomBytes> random{};
        for (std::size_t i = 0; i < random.size(); ++i) {
            random.at(i) = static_cast<std::uint8_t>(i * 37 + 11);
        }
        return OneTimeCode::make(random);
    }
    static std::string whyNot(const std::string& typed) {
        const auto code = OneTimeCode::parse(typed);
        return code ? "" : code.error().context;
    }
    static constexpr std::string_view kAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
};

TEST_F(OneTimeCodeTest, IsReadAsItWasPrinted) {
    const std::string text = sample().text();

    const auto read = OneTimeCode::parse(text);

    ASSERT_TRUE(read) << read.error().context;
    EXPECT_EQ(text.size(), 29U);
    EXPECT_EQ(read->text(), text);
    EXPECT_EQ(read->check(), sample().check());
}

TEST_F(OneTimeCodeTest, ForgivesCaseBlanksAndLookAlikes) {
    std::string typed = OneTimeCode::make(std::array<std::uint8_t, 20>{0, 1, 0, 1}).text();
    std::replace(typed.begin(), typed.end(), '0', 'o');
    std::replace(typed.begin(), typed.end(), '1', 'l');
    std::replace(typed.begin(), typed.end(), '-', ' ');
    std::transform(typed.begin(), typed.end(), typed.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });

    EXPECT_EQ(whyNot(typed), "");
}

TEST_F(OneTimeCodeTest, NamesTheGroupOfEverySingleTypingError) {
    const std::string text = sample().text();

    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] == '-') {
            continue;
        }
        for (const char other : kAlphabet) {
            std::string typed = text;
            typed[at] = other;
            const std::string wanted = other == text[at] ? ""
                                                         : "group " + std::to_string(at / 6 + 1) +
                                                               " of the code is "
                                                               "mistyped";
            ASSERT_EQ(whyNot(typed), wanted) << at << other;
        }
    }
}

TEST_F(OneTimeCodeTest, FindsNeighboursAndGroupsThatWereExchanged) {
    const std::string text = sample().text();

    for (std::size_t at = 0; at + 1 < text.size(); ++at) {
        std::string typed = text;
        std::swap(typed[at], typed[at + 1]);
        const bool isOther = typed[at] != text[at] && text[at] != '-' && text[at + 1] != '-';
        EXPECT_EQ(whyNot(typed) != "", isOther) << at;
    }
    EXPECT_THAT(whyNot(text.substr(6, 6) + text.substr(0, 6) + text.substr(12)),
                HasSubstr("group 1"));
}

TEST_F(OneTimeCodeTest, SaysWhatElseIsWrong) {
    const std::string text = sample().text();

    EXPECT_EQ(whyNot(text.substr(1)), "a code has 25 characters, not 24");
    EXPECT_EQ(whyNot(""), "a code has 25 characters, not 0");
    EXPECT_EQ(whyNot(text.substr(0, 6) + "U" + text.substr(7)),
              "group 2 of the code has a character that no code has");
}

TEST_F(OneTimeCodeTest, GivesNothingAwayInWhatTheHubKeeps) {
    const CodeCheck check = sample().check();

    EXPECT_NE(check.publicKey, toBytes(check.replyKey.view()));
    EXPECT_NE(check.publicKey, sample().keys().secretKey);
    EXPECT_NE(OneTimeCode::make(std::array<std::uint8_t, 20>{}).check().id, check.id);
}

}  // namespace
}  // namespace tapport::enrol
