// SPDX-License-Identifier: GPL-3.0-or-later
#include "hardware/ndef/content.h"

#include <gtest/gtest.h>

namespace tapport::ndef {
namespace {

Bytes encoded(const std::vector<Record>& records) {
    return encodeMessage(records).value();
}

Record wellKnown(std::string_view type, ByteView payload) {
    return {Tnf::WellKnown, toBytes(viewOf(type)), {}, toBytes(payload)};
}

TEST(NdefContent, UriUsesTheLongestPrefix) {
    const auto record = uriRecord("https://www.example.com/b/1");

    EXPECT_EQ(record.payload[0], 0x02);
    EXPECT_EQ(uriRecord("urn:epc:id:x").payload[0], 0x1E);
    EXPECT_EQ(uriRecord("geo:1,2").payload[0], 0x00);
    EXPECT_EQ(firstUri(*interpretMessage(encoded({record}))), "https://www.example.com/b/1");
}

TEST(NdefContent, ReservedUriPrefixMeansNone) {
    const auto content = interpret(wellKnown("U", viewOf("\x24"
                                                         "abc")));

    EXPECT_EQ(std::get<Uri>(*content).text, "abc");
}

TEST(NdefContent, UriWithControlCharacterBadUtf8OrNothingIsRefused) {
    EXPECT_EQ(interpret(wellKnown("U", viewOf("\x04"
                                              "a\nb")))
                  .error(),
              Fault::Uri);
    EXPECT_EQ(interpret(wellKnown("U", viewOf("\x04\xC2\x85"))).error(), Fault::Uri);
    EXPECT_EQ(interpret(wellKnown("U", viewOf("\x04\xFF"))).error(), Fault::Uri);
    EXPECT_EQ(interpret(wellKnown("U", {})).error(), Fault::Uri);
    EXPECT_EQ(interpret(wellKnown("U", Bytes{0})).error(), Fault::Uri);
}

TEST(NdefContent, UriMayBeLongButNotOverLong) {
    const std::string longest = "https://" + std::string(kMaxUriSize - 8, 'a');

    EXPECT_TRUE(interpret(uriRecord(longest)));
    EXPECT_EQ(interpret(uriRecord(longest + "a")).error(), Fault::TooLong);
}

TEST(NdefContent, TextIsReadFromUtf8AndBothUtf16Orders) {
    const auto text = [](std::string_view hexText) {
        return std::get<Text>(interpret(wellKnown("T", *fromHex(hexText))).value());
    };

    EXPECT_EQ(interpret(textRecord("de", "Gr\xC3\xBC\xC3\x9F")).value().index(), 2U);
    EXPECT_EQ(text("02656e4869").language, "en");
    EXPECT_EQ(text("82656e00480069").text, "Hi");
    EXPECT_EQ(text("82656efeff00480069").text, "Hi");
    EXPECT_EQ(text("82656efffe48006900").text, "Hi");
    EXPECT_EQ(text("82656ed83dde00").text, "\xF0\x9F\x98\x80");
}

TEST(NdefContent, BrokenTextIsRefused) {
    for (const auto* hexText : {"", "05656e", "02656eff", "02656ec080", "02656eeda080", "82656e00",
                                "82656ed83d", "82656edc00", "82656ed83d0041"}) {
        EXPECT_EQ(interpret(wellKnown("T", *fromHex(hexText))).error(), Fault::Text) << hexText;
    }
}

TEST(NdefContent, SmartPosterGivesItsUriAndTitles) {
    const auto poster =
        wellKnown("Sp", encoded({textRecord("en", "Badge"), uriRecord("https://ev.example/b/7")}));

    const auto contents = interpretMessage(encoded({poster}));

    ASSERT_TRUE(contents);
    EXPECT_EQ(firstUri(*contents), "https://ev.example/b/7");
    EXPECT_EQ(std::get<SmartPoster>(contents->at(0)).titles.at(0).text, "Badge");
}

TEST(NdefContent, SmartPosterNeedsExactlyOneUriAndNoPosterInside) {
    const auto uri = uriRecord("https://ev.example/b/7");
    const auto inner = wellKnown("Sp", encoded({uri}));
    const auto faultOf = [](const std::vector<Record>& records) {
        return interpret(wellKnown("Sp", encoded(records))).error();
    };

    EXPECT_EQ(faultOf({textRecord("en", "x")}), Fault::SmartPoster);
    EXPECT_EQ(faultOf({uri, uri}), Fault::SmartPoster);
    EXPECT_EQ(faultOf({uri, inner}), Fault::SmartPoster);
    EXPECT_EQ(interpret(wellKnown("Sp", viewOf("x"))).error(), Fault::Truncated);
}

TEST(NdefContent, FindsAMimeRecordWhateverItsCaseAndParameters) {
    const auto contents =
        interpretMessage(encoded({uriRecord("https://ev.example/b/7"),
                                  mimeRecord("Text/vCard; charset=utf-8", viewOf("BEGIN:VCARD"))}));

    const auto* card = findMime(*contents, "text/vcard");

    ASSERT_NE(card, nullptr);
    EXPECT_EQ(textOf(card->payload), "BEGIN:VCARD");
    EXPECT_EQ(findMime(*contents, "text/v"), nullptr);
}

TEST(NdefContent, UnknownRecordsDoNotSpoilABadge) {
    const auto contents = interpretMessage(
        encoded({{Tnf::External, toBytes(viewOf("android.com:pkg")), {}, toBytes(viewOf("x"))},
                 {Tnf::WellKnown, {}, {}, {1}},
                 uriRecord("https://ev.example/b/7")}));

    EXPECT_EQ(firstUri(contents.value()), "https://ev.example/b/7");
}

TEST(NdefContent, DisplayTextKeepsLettersAndDropsWhatSteersTheScreen) {
    EXPECT_EQ(displayText("Gr\xC3\xBC\xC3\x9F\x1B[2J\x07"), "Gr\xC3\xBC\xC3\x9F[2J");
    EXPECT_EQ(displayText("a\tb\nc"), "a b c");
    EXPECT_EQ(displayText("a\xE2\x80\xAE"
                          "b\xE2\x80\x8B\xEF\xBB\xBF"),
              "ab");
    EXPECT_EQ(displayText("a\xFF\xC2"
                          "b"),
              "ab");
    EXPECT_EQ(displayText(std::string_view("a\0b", 3)), "ab");
}

}  // namespace
}  // namespace tapport::ndef
