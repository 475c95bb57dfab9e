// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/seal/squeeze.h"

#include "sync/record/codec.h"
#include "sync/seal/dictionary/maker.h"
#include "sync/seal/dictionary/samples.h"
#include "sync/seal/seal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zdict.h>
#include <zstd.h>

namespace tapport::seal {
namespace {

Bytes anyUnit() {
    return record::encode(sampleUnits().front());
}

/// A frame that says everything right but what the caller makes different.
Bytes frameOf(ByteView plain, ByteView with, int saysItsSize = 1) {
    ZSTD_CCtx* const context = ZSTD_createCCtx();
    ZSTD_CCtx_setParameter(context, ZSTD_c_contentSizeFlag, saysItsSize);
    ZSTD_CCtx_loadDictionary(context, with.data(), with.size());
    Bytes frame(ZSTD_compressBound(plain.size()));
    frame.resize(ZSTD_compress2(context, frame.data(), frame.size(), plain.data(), plain.size()));
    ZSTD_freeCCtx(context);
    return frame;
}

std::string whyNot(ByteView frame) {
    const auto expanded = expand(frame);
    if (expanded) {
        return "expanded";
    }
    EXPECT_EQ(expanded.error().code, Code::InvalidInput);
    return expanded.error().context;
}

TEST(Squeeze, GivesBackWhatWentIn) {
    for (const std::size_t size :
         {std::size_t{0}, std::size_t{1}, std::size_t{1000}, kMostExpanded}) {
        const Bytes plain(size, 'x');

        auto expanded = expand(*squeeze(plain));

        ASSERT_TRUE(expanded) << expanded.error().context;
        EXPECT_EQ(**expanded, plain);
    }
}

TEST(Squeeze, MakesEveryUnitSmallerThanZstdWouldWithoutTheDictionary) {
    for (const record::PositionedUnit& unit : sampleUnits()) {
        const Bytes plain = record::encode(unit);

        EXPECT_LT(squeeze(plain)->size() + 40, frameOf(plain, {}).size());
    }
}

TEST(Squeeze, NamesItsDictionaryAndItsSizeAsTheFormatProvides) {
    Secret frame = squeeze(anyUnit());

    EXPECT_TRUE(isSqueezed(*frame));
    EXPECT_EQ(ZSTD_getDictID_fromFrame(frame->data(), frame->size()), kDictionary);
    EXPECT_EQ(ZSTD_getFrameContentSize(frame->data(), frame->size()), anyUnit().size());
    EXPECT_FALSE(isSqueezed(anyUnit()));
}

TEST(Squeeze, RefusesAFrameThatIsCutAnywhere) {
    Secret frame = squeeze(anyUnit());

    for (std::size_t size = 0; size < frame->size(); ++size) {
        EXPECT_NE(whyNot(ByteView(*frame).first(size)), "expanded") << size;
    }
}

TEST(Squeeze, RefusesWhatStandsBehindAFrame) {
    Secret frame = squeeze(anyUnit());
    frame->push_back(0);
    Secret twice = squeeze(anyUnit());
    const Bytes once = *twice;
    twice->insert(twice->end(), once.begin(), once.end());

    EXPECT_THAT(whyNot(*frame), testing::HasSubstr("behind"));
    EXPECT_THAT(whyNot(*twice), testing::HasSubstr("behind"));
}

TEST(Squeeze, RefusesAnotherDictionaryByItsNumber) {
    Bytes later = toBytes(dictionary());
    later[4] = kDictionary + 1;  // the number follows the magic one
    ASSERT_EQ(ZDICT_getDictID(later.data(), later.size()), kDictionary + 1);

    EXPECT_THAT(whyNot(frameOf(anyUnit(), later)), testing::HasSubstr("dictionary 4"));
    EXPECT_THAT(whyNot(frameOf(anyUnit(), {})), testing::HasSubstr("dictionary 0"));
}

TEST(Squeeze, RefusesAFrameThatWouldExpandTooFarBeforeItAllocates) {
    const Bytes zeros(kMostExpanded + 1);
    const Bytes bomb = frameOf(zeros, dictionary());
    ASSERT_LT(bomb.size(), 100U);

    EXPECT_THAT(whyNot(bomb), testing::HasSubstr("256 KiB"));
    EXPECT_THAT(whyNot(frameOf(zeros, dictionary(), 0)), testing::HasSubstr("does not tell"));
    // One that understates what it holds.
    Bytes liar = frameOf(Bytes(kMostExpanded), dictionary());
    const auto size = ZSTD_getFrameContentSize(liar.data(), liar.size());
    ASSERT_EQ(size, kMostExpanded);
    const std::size_t sizeAt = 4 + 1 + 1;  // magic, descriptor, dictionary
    ASSERT_EQ(liar[sizeAt + 2], 4);
    liar[sizeAt + 2] = 1;
    EXPECT_NE(whyNot(liar), "expanded");
}

TEST(Squeeze, RefusesOrExpandsAnyDamagedFrameAndNeverMoreThanItSays) {
    Secret frame = squeeze(anyUnit());

    for (std::size_t at = 0; at < frame->size(); ++at) {
        for (unsigned bit = 0; bit < 8; ++bit) {
            Bytes damaged = *frame;
            damaged[at] ^= static_cast<std::uint8_t>(1U << bit);
            if (auto expanded = expand(damaged)) {
                EXPECT_LE((*expanded)->size(), kMostExpanded);
            }
        }
    }
}

// Units in hubs and on kiosks can only be opened with the very same bytes.
TEST(Dictionary, EachIsWhatItWasWhenTheFirstUnitWasSqueezedWithIt) {
    EXPECT_EQ(digestOf(dictionary(1)).hex(),
              "556a90d68ee42e5c2e7164c828ffd8f1e66e7e17746e68dc32e8138dd277f06c");
    EXPECT_EQ(digestOf(dictionary(2)).hex(),
              "2d2432da92b12b6ffdc063d45c1dfe00d09a8e0d873e9df14f03ccb1a25dba0e");
    EXPECT_EQ(digestOf(dictionary(3)).hex(),
              "93fed12512dec9c872f9296a7e49981f943a8bd0a48d78c35ed85d198e3eb4ee");
    for (const std::uint32_t number : {1U, 2U, 3U}) {
        EXPECT_EQ(ZDICT_getDictID(dictionary(number).data(), dictionary(number).size()), number);
    }
    EXPECT_TRUE(dictionary(0).empty());
    EXPECT_TRUE(dictionary(4).empty());
}

// What of the first one there is, in hubs and backups, is of another schema. It still says so.
TEST(Dictionary, OneStillExpandsAFrameOfItsFirstDay) {
    const Bytes frame =
        fromHex(
            "28b52ffd610120009d0400b406a1a2a3a4a5a6a7a8075001a21293b6007abc8def0102030405060069646"
            "56df1f2f3f4f5f6f7f8f9fafbfcfdfeff000250d1d2d3d4d5d6d7d8d9dadbdcdddedfe019ea60818c01025"
            "820eeb0c1f60e09606d5465737420417474656e6465656070746573746060f680f6f60ff064e6abb543600"
            "90ada5fd7d4178e7f6bd8207124b5d7a39ee70313d2f86b7486c228091f")
            .value();

    auto expanded = expand(frame);

    ASSERT_TRUE(expanded) << expanded.error().context;
    EXPECT_EQ((*expanded)->size(), 288U);
    EXPECT_THAT(record::decodeUnit(**expanded).error().context, testing::HasSubstr("schema"));
}

TEST(Dictionary, TheLastIsMadeFromItsSamples) {
    const Bytes content = dictionaryContent();

    EXPECT_TRUE(std::equal(content.rbegin(), content.rend(), dictionary().rbegin()));
    if (ZSTD_versionNumber() == 10504) {  // Debian 12's; others may choose other code tables
        EXPECT_EQ(toHex(makeDictionary()), toHex(dictionary()));
    }
}

}  // namespace
}  // namespace tapport::seal
