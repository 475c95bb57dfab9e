// SPDX-License-Identifier: GPL-3.0-or-later
#include "hardware/tag/data_area.h"

#include <gtest/gtest.h>

namespace tapport::tag {
namespace {

using Kind = DataArea::Found::Kind;

Bytes hex(std::string_view text) {
    return *fromHex(text);
}

/// A tag with 48 octets of data area that starts with these, the rest zero.
DataArea areaWith(std::string_view text) {
    DataArea area(*CapabilityContainer::from(hex("e1100600")));
    Bytes octets = hex(text);
    octets.resize(48);
    area.append(octets);
    return area;
}

TEST(CapabilityContainer, TellsSizeAndAccess) {
    const auto cc = CapabilityContainer::from(hex("e1103e00"));

    ASSERT_TRUE(cc);
    EXPECT_EQ(cc->size, 496U);
    EXPECT_TRUE(cc->mayRead && cc->mayWrite && cc->suggestsFastRead());
    EXPECT_FALSE(CapabilityContainer::from(hex("e110060f"))->mayWrite);
    EXPECT_FALSE(CapabilityContainer::from(hex("e11006f0"))->mayRead);
    EXPECT_FALSE(CapabilityContainer::from(hex("00000000")));
    EXPECT_FALSE(CapabilityContainer::from(hex("e1200600")));
    EXPECT_EQ(CapabilityContainer::from(hex("e110ff00"))->size, 1008U);
}

TEST(DataArea, FindsTheMessageBehindOtherBlocks) {
    const auto found = areaWith("00000103a00c34fd02aabb0303d00000fe").findMessage();

    EXPECT_EQ(found.kind, Kind::Message);
    EXPECT_EQ(toHex(found.message), "d00000");
    EXPECT_EQ(found.tlv, 11U);
}

TEST(DataArea, TellsNoMessageFromAnEmptyOneAndFromNoRoom) {
    EXPECT_EQ(areaWith("fe").findMessage().kind, Kind::NoMessage);
    EXPECT_EQ(areaWith("0300fe").findMessage().kind, Kind::Message);
    EXPECT_TRUE(areaWith("0300fe").findMessage().message.empty());
    EXPECT_EQ(areaWith("").findMessage().kind, Kind::Full);
}

TEST(DataArea, RefusesABlockThatLeadsOut) {
    EXPECT_EQ(areaWith("032f").findMessage().kind, Kind::Malformed);
    EXPECT_EQ(areaWith("032e").findMessage().kind, Kind::Message);
    EXPECT_EQ(areaWith("03ffffff").findMessage().kind, Kind::Malformed);
    EXPECT_EQ(areaWith("fd30").findMessage().kind, Kind::Malformed);
    EXPECT_EQ(areaWith("0102a00c").findMessage().kind, Kind::Malformed);
}

TEST(DataArea, AsksForWhatAMessageNeedsInOneGo) {
    DataArea area(*CapabilityContainer::from(hex("e1103e00")));
    area.append(hex("03ff012cd1010000"));

    const auto found = area.findMessage();

    EXPECT_EQ(found.kind, Kind::NeedMore);
    EXPECT_EQ(found.needPage, 4U + 304 / 4);
}

TEST(DataArea, SkipsReservedOctetsInsideTheMessage) {
    // Memory control: 2 octets reserved from octet 0x1A of the tag, which is octet 10 of the area.
    const auto area = areaWith(
        "02031a0204"
        "0305aabbcc"
        "1111"
        "ddee"
        "fe");

    const auto found = area.findMessage();

    EXPECT_EQ(toHex(found.message), "aabbccddee");
}

TEST(DataArea, WritesLengthZeroFirstAndItsValueLast) {
    const auto area = areaWith("0300fe");

    const auto plan = area.planMessage(area.findMessage(), hex("d101015500"));

    ASSERT_EQ(plan.kind, DataArea::Plan::Kind::Writes);
    const std::vector<PageWrite> wanted = {{4, {0x03, 0x00, 0xD1, 0x01}},
                                           {5, {0x01, 0x55, 0x00, 0xFE}},
                                           {4, {0x03, 0x05, 0xD1, 0x01}}};
    EXPECT_EQ(plan.writes, wanted);
}

TEST(DataArea, PlansAroundReservedOctets) {
    const auto area = areaWith(
        "02031a0204"
        "0300fe0000"
        "1111");

    const auto plan = area.planMessage(area.findMessage(), hex("aabbccddee"));

    const std::vector<PageWrite> wanted = {{5, {0x04, 0x03, 0x00, 0xAA}},
                                           {6, {0xBB, 0xCC, 0x11, 0x11}},
                                           {7, {0xDD, 0xEE, 0xFE, 0x00}},
                                           {5, {0x04, 0x03, 0x05, 0xAA}}};
    EXPECT_EQ(plan.writes, wanted);
}

TEST(DataArea, PlansExactlyUpToTheEnd) {
    const auto area = areaWith("0300fe");

    EXPECT_EQ(area.planMessage(area.findMessage(), Bytes(46)).kind, DataArea::Plan::Kind::Writes);
    EXPECT_EQ(area.planMessage(area.findMessage(), Bytes(47)).kind, DataArea::Plan::Kind::TooLong);
}

TEST(LockBits, CoverStaticAndDynamicPages) {
    const auto cc = *CapabilityContainer::from(hex("e1101200"));
    LockBits locks;
    locks.setStatic(hex("2080"));
    locks.setDynamic(cc, hex("020000bd"));

    EXPECT_EQ(LockBits::dynamicPage(cc), 0x28U);
    EXPECT_FALSE(LockBits::dynamicPage(*CapabilityContainer::from(hex("e1100600"))));
    for (const unsigned page : {5U, 15U, 18U, 19U}) {
        EXPECT_TRUE(locks.covers(page)) << page;
    }
    for (const unsigned page : {4U, 6U, 14U, 16U, 17U, 20U}) {
        EXPECT_FALSE(locks.covers(page)) << page;
    }
}

}  // namespace
}  // namespace tapport::tag
