// SPDX-License-Identifier: GPL-3.0-or-later
// Against the tables of NXP's NTAG213_215_216 data sheet.
#include "hardware/pn532sim/tag_memory.h"

#include <gtest/gtest.h>

namespace tapport::pn532sim {
namespace {

constexpr Uid7 kUid = {0x04, 0xA1, 0xB2, 0xC3, 0xD4, 0xE5, 0x80};

std::string page(const TagMemory& memory, std::size_t number) {
    return toHex(memory.image().subspan(number * kPageSize, kPageSize));
}

Bytes hex(std::string_view text) {
    return *fromHex(text);
}

TEST(TagMemory, IsDeliveredAsTheDataSheetSays) {
    const TagMemory small(TagKind::Ntag213, kUid);
    const TagMemory middle(TagKind::Ntag215, kUid);
    const TagMemory large(TagKind::Ntag216, kUid);

    EXPECT_EQ(page(small, 0) + page(small, 1) + page(small, 2), "04a1b29fc3d4e58072480000");
    EXPECT_EQ(page(small, 3), "e1101200");
    EXPECT_EQ(page(small, 4) + page(small, 5), "0103a00c340300fe");
    EXPECT_EQ(page(middle, 3) + page(middle, 4), "e1103e000300fe00");
    EXPECT_EQ(page(large, 3), "e1106d00");
    EXPECT_EQ(page(small, 0x28) + page(small, 0x29), "000000bd040000ff");
    EXPECT_EQ(page(middle, 0x82) + page(middle, 0x83), "000000bd040000ff");
    EXPECT_EQ(page(large, 0xE2) + page(large, 0xE3), "000000bd040000ff");
    EXPECT_EQ(small.pages(), 45);
    EXPECT_EQ(middle.pages(), 135);
    EXPECT_EQ(large.pages(), 231);
    EXPECT_EQ(toHex(large.version()), "0004040201001303");
}

TEST(TagMemory, HoldsExactlyItsCapacity) {
    TagMemory small(TagKind::Ntag213, kUid);
    TagMemory middle(TagKind::Ntag215, kUid);
    TagMemory large(TagKind::Ntag216, kUid);

    EXPECT_TRUE(small.putMessage(Bytes(137)));
    EXPECT_FALSE(small.putMessage(Bytes(138)));
    EXPECT_TRUE(middle.putMessage(Bytes(492)));
    EXPECT_FALSE(middle.putMessage(Bytes(493)));
    EXPECT_TRUE(large.putMessage(Bytes(868)));
    EXPECT_FALSE(large.putMessage(Bytes(869)));
}

TEST(TagMemory, ReadRollsOverToPageZero) {
    const TagMemory memory(TagKind::Ntag213, kUid);

    const auto last = memory.read(44, false);

    ASSERT_TRUE(last);
    EXPECT_EQ(toHex(*last),
              "00000000"
              "04a1b29f"
              "c3d4e580"
              "72480000");
    EXPECT_FALSE(memory.read(45, false));
}

TEST(TagMemory, FastReadStaysInsideTheMemory) {
    const TagMemory memory(TagKind::Ntag213, kUid);

    EXPECT_EQ(memory.fastRead(3, 4, false).value(), hex("e11012000103a00c"));
    EXPECT_EQ(memory.fastRead(0, 44, false).value().size(), 180U);
    EXPECT_FALSE(memory.fastRead(0, 45, false));
    EXPECT_FALSE(memory.fastRead(5, 4, false));
}

TEST(TagMemory, PasswordReadsAsZero) {
    const TagMemory memory(TagKind::Ntag215, kUid);

    EXPECT_EQ(memory.fastRead(0x85, 0x86, false).value(), Bytes(8, 0));
    EXPECT_EQ(page(memory, 0x85), "ffffffff");
}

TEST(TagMemory, LockBitsOnlyGainBitsAndRefuseWrites) {
    TagMemory memory(TagKind::Ntag215, kUid);

    EXPECT_FALSE(memory.write(0, hex("00000000"), false));
    EXPECT_TRUE(memory.write(5, hex("01020304"), false));
    EXPECT_TRUE(memory.write(2, hex("ffff2000"), false));
    EXPECT_TRUE(memory.write(2, hex("00000000"), false));
    EXPECT_EQ(page(memory, 2), "72482000");
    EXPECT_FALSE(memory.write(5, hex("05060708"), false));
    EXPECT_TRUE(memory.write(6, hex("05060708"), false));
    EXPECT_TRUE(memory.write(0x82, hex("02000000"), false));
    EXPECT_TRUE(memory.write(31, hex("01020304"), false));
    EXPECT_FALSE(memory.write(32, hex("01020304"), false));
    EXPECT_EQ(page(memory, 0x82), "020000bd");
}

TEST(TagMemory, CapabilityContainerIsWrittenOnceOnly) {
    TagMemory memory(TagKind::Ntag213, kUid);

    EXPECT_TRUE(memory.write(3, hex("0000000f"), false));
    EXPECT_TRUE(memory.write(3, hex("00000000"), false));

    EXPECT_EQ(page(memory, 3), "e110120f");
}

TEST(TagMemory, PasswordProtectsFromAuth0On) {
    TagMemory memory(TagKind::Ntag213, kUid);
    ASSERT_TRUE(memory.write(0x2B, hex("0a0b0c0d"), false));
    ASSERT_TRUE(memory.write(0x2A, hex("80050000"), false));
    ASSERT_TRUE(memory.write(0x29, hex("04000008"), false));

    EXPECT_FALSE(memory.write(8, hex("01020304"), false));
    EXPECT_FALSE(memory.read(8, false));
    EXPECT_EQ(toHex(ByteView(memory.read(7, false).value()).subspan(4, 4)), "04a1b29f");
    EXPECT_FALSE(memory.authenticate(hex("00000000")));
    EXPECT_TRUE(memory.authenticate(hex("0a0b0c0d")));
    EXPECT_TRUE(memory.write(8, hex("01020304"), true));
}

TEST(TagMemory, TakesADumpOfTheRightSizeWithSoundCheckOctets) {
    const TagMemory memory(TagKind::Ntag216, kUid);
    Bytes image = toBytes(memory.image());

    EXPECT_EQ(TagMemory::fromImage(image).value().kind(), TagKind::Ntag216);
    image[3] ^= 1;
    EXPECT_FALSE(TagMemory::fromImage(image));
    EXPECT_FALSE(TagMemory::fromImage(Bytes(100)));
}

}  // namespace
}  // namespace tapport::pn532sim
