// SPDX-License-Identifier: GPL-3.0-or-later
#include "firmware-app/visit/badge_message.h"

#include "firmware-app/visit/vcard.h"
#include "hardware/ndef/content.h"

#include <gtest/gtest.h>

namespace tapport::visit {
namespace {

const std::vector<std::string> kHosts{"badge.example.com", "b.example"};

Bytes messageOf(const std::vector<ndef::Record>& records) {
    return ndef::encodeMessage(records).value();
}

BadgeMeaning readUri(std::string_view uri) {
    return readBadge(messageOf({ndef::uriRecord(uri)}), kHosts);
}

std::string tokenOf(const BadgeMeaning& meaning) {
    const auto* const badge = std::get_if<AttendeeBadge>(&meaning);
    return badge ? badge->token : "";
}

TEST(BadgeMessage, TakesTheTokenFromAUriOnOneOfTheEventsHosts) {
    EXPECT_EQ(tokenOf(readUri("https://badge.example.com/b/aB3_-9")), "aB3_-9");
    EXPECT_EQ(tokenOf(readUri("HTTPS://B.Example/b/aB3")), "aB3");
}

TEST(BadgeMessage, IgnoresQueryAndFragment) {
    EXPECT_EQ(tokenOf(readUri("https://b.example/b/tok?utm=1/b/other#frag")), "tok");
}

TEST(BadgeMessage, KnowsAStaffBadge) {
    const BadgeMeaning meaning = readUri("https://b.example/s/kims-token");

    ASSERT_TRUE(std::holds_alternative<StaffBadge>(meaning));
    EXPECT_EQ(std::get<StaffBadge>(meaning).token, "kims-token");
}

TEST(BadgeMessage, RefusesEveryOtherUri) {
    for (const char* const uri :
         {"http://b.example/b/token", "https://evil.example/b/token", "https://b.example.evil/b/t",
          "https://user@b.example/b/token", "https://b.example:8443/b/token",
          "https://b.example/b/", "https://b.example/b/to/ken", "https://b.example/x/token",
          "https://b.example", "https://b.example/b/to%2Fken",
          "https://evil.example/?https://b.example/b/token", "javascript:https://b.example/b/token",
          "tel:+4930901820"}) {
        EXPECT_EQ(readUri(uri), BadgeMeaning(BadgeTrouble::NotOurs)) << uri;
    }
}

TEST(BadgeMessage, RefusesATokenBeyondAllReason) {
    const std::string longest(kMaxTokenLength, 'a');

    EXPECT_EQ(tokenOf(readUri("https://b.example/b/" + longest)), longest);
    EXPECT_EQ(tokenOf(readUri("https://b.example/b/" + longest + "a")), "");
}

TEST(BadgeMessage, SaysWhetherItIsBrokenOrSomebodyElses) {
    EXPECT_EQ(readBadge(viewOf("\xD1\x01\xFFU"), kHosts), BadgeMeaning(BadgeTrouble::Malformed));
    EXPECT_EQ(readBadge(messageOf({ndef::textRecord("en", "hello")}), kHosts),
              BadgeMeaning(BadgeTrouble::NotOurs));
}

TEST(BadgeMessage, ReadsTheCardBesideTheToken) {
    const auto meaning = readBadge(
        messageOf({ndef::uriRecord("https://b.example/b/token"),
                   ndef::mimeRecord("text/vcard", viewOf("BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Ada "
                                                         "Example\r\nEMAIL:ada@example.com\r\n"
                                                         "END:VCARD\r\n"))}),
        kHosts);

    const record::Contact& card = std::get<AttendeeBadge>(meaning).card;
    EXPECT_EQ(card.name, "Ada Example");
    EXPECT_EQ(card.email, "ada@example.com");
}

TEST(Vcard, ReadsFoldedLinesGroupsParametersAndEscapes) {
    const record::Contact card = readVcard(
        "BEGIN:VCARD\r\nVERSION:3.0\r\nN:Example;Ada;;;\r\nFN:Ada\r\n  Exam\r\n ple\r\n"
        "ORG:Example Works\\, Ltd;Research\r\nitem1.EMAIL;TYPE=\"a:b\",work:ada@example.com\r\n"
        "TEL;VALUE=uri:tel:+49-30-901820\r\nEND:VCARD\r\n");

    EXPECT_EQ(card, (record::Contact{"Ada Example", "Example Works, Ltd", "ada@example.com",
                                     "+4930901820", ""}));
}

TEST(Vcard, FallsBackToTheNamesParts) {
    EXPECT_EQ(readVcard("BEGIN:VCARD\nN:Example;Ada;;;\nEND:VCARD\n").name, "Ada Example");
    EXPECT_EQ(readVcard("BEGIN:VCARD\nN:Example\nEND:VCARD\n").name, "Example");
}

TEST(Vcard, TakesTheFirstValueThatCanBeUsed) {
    const record::Contact card =
        readVcard("EMAIL:none\nEMAIL:ada@example.com\nEMAIL:b@example.com\nEND:VCARD\nFN:Eve\n");

    EXPECT_EQ(card.email, "ada@example.com");
    EXPECT_EQ(card.name, "");
}

TEST(Vcard, IsStrippedAndBounded) {
    EXPECT_EQ(readVcard("FN:A\x1B"
                        "da\xE2\x80\xAE Example")
                  .name,
              "Ada Example");
    EXPECT_EQ(readVcard("FN:" + std::string(500, 'a')).name.size(), 100U);
    EXPECT_EQ(readVcard("FN:Ada\n" + std::string(kMaxVcardSize, 'x')), record::Contact{});
    EXPECT_EQ(readVcard("FN;ENCODING=QUOTED-PRINTABLE:=41da\nno colon\n:\n"), record::Contact{});
}

TEST(BadgeWithoutToken, CannotPassForOne) {
    EXPECT_EQ(tokenOfCode("AB12"), "code:AB12");
    EXPECT_EQ(tokenOfUid(Bytes{4, 0xA1, 2, 3, 4, 5, 6}), "uid:04a10203040506");
}

TEST(BadgeWithoutToken, HasNoneWhenItsUidIsMadeUpAnew) {
    EXPECT_FALSE(tokenOfUid(Bytes{8, 1, 2, 3}));
    EXPECT_FALSE(tokenOfUid({}));
    EXPECT_TRUE(tokenOfUid(Bytes{8, 1, 2, 3, 4, 5, 6}));
}

}  // namespace
}  // namespace tapport::visit
