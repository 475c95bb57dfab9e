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
    later[4] = 2;  // the number follows the magic one
    ASSERT_EQ(ZDICT_getDictID(later.data(), later.size()), 2U);

    EXPECT_THAT(whyNot(frameOf(anyUnit(), later)), testing::HasSubstr("dictionary 2"));
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
TEST(Dictionary, OneIsWhatItWasWhenTheFirstUnitWasSqueezedWithIt) {
    EXPECT_EQ(digestOf(dictionary()).hex(),
              "556a90d68ee42e5c2e7164c828ffd8f1e66e7e17746e68dc32e8138dd277f06c");
    EXPECT_EQ(ZDICT_getDictID(dictionary().data(), dictionary().size()), kDictionary);
}

TEST(Dictionary, OneIsMadeFromItsSamples) {
    const Bytes content = dictionaryContent();

    EXPECT_TRUE(std::equal(content.rbegin(), content.rend(), dictionary().rbegin()));
    if (ZSTD_versionNumber() == 10504) {  // Debian 12's; others may choose other code tables
        EXPECT_EQ(toHex(makeDictionary()), toHex(dictionary()));
    }
}

}  // namespace
}  // namespace tapport::seal
