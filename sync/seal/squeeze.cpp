// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/seal/squeeze.h"

#include "sync/seal/dictionaries.h"

#include <array>
#include <cassert>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>

// For contexts whose memory we wipe; the library is linked statically, so that this part of its
// interface is the one we were built with.
#define ZSTD_STATIC_LINKING_ONLY
#include <zstd.h>
#include <zstd_errors.h>

namespace tapport::seal {
namespace {

/// From here on a commit takes longer and no unit gets smaller by a step: measured, README.md.
constexpr int kLevel = 6;
/// What the level's parameters are chosen for.
constexpr std::size_t kUsualUnit = 768;

/// A context's memory holds pieces of what it worked on: it begins with its size, and is wiped.
constexpr std::size_t kHead = alignof(std::max_align_t);

void* allocate(void* /*unused*/, std::size_t size) {
    auto* const block = static_cast<std::uint8_t*>(std::malloc(kHead + size));
    if (block == nullptr) {
        return nullptr;
    }
    std::memcpy(block, &size, sizeof size);
    return block + kHead;
}

void release(void* /*unused*/, void* memory) {
    if (memory == nullptr) {
        return;
    }
    std::uint8_t* const block = static_cast<std::uint8_t*>(memory) - kHead;
    std::size_t size = 0;
    std::memcpy(&size, block, sizeof size);
    sodium_memzero(memory, size);
    std::free(block);
}

constexpr ZSTD_customMem kWiped{allocate, release, nullptr};

template <typename T, std::size_t (*kFree)(T*)>
struct Freed {
    void operator()(T* one) const { kFree(one); }
};
using Compressor = std::unique_ptr<ZSTD_CCtx, Freed<ZSTD_CCtx, ZSTD_freeCCtx>>;
using Expander = std::unique_ptr<ZSTD_DCtx, Freed<ZSTD_DCtx, ZSTD_freeDCtx>>;

/// As any other allocation would end: the sizes are ours, not the input's.
template <typename T>
T mustHave(T one) {
    if (!one) {
        throw std::bad_alloc();
    }
    return one;
}

/// Read once, never changed: any number of threads share it.
const ZSTD_CDict* forSqueezing() {
    static const std::unique_ptr<ZSTD_CDict, Freed<ZSTD_CDict, ZSTD_freeCDict>> kOne = mustHave(
        std::unique_ptr<ZSTD_CDict, Freed<ZSTD_CDict, ZSTD_freeCDict>>(ZSTD_createCDict_advanced(
            dictionary().data(), dictionary().size(), ZSTD_dlm_byRef, ZSTD_dct_fullDict,
            ZSTD_getCParams(kLevel, kUsualUnit, dictionary().size()), ZSTD_customMem{})));
    return kOne.get();
}

using DecodingDictionary = std::unique_ptr<ZSTD_DDict, Freed<ZSTD_DDict, ZSTD_freeDDict>>;

DecodingDictionary decodingDictionary(std::uint32_t number) {
    const ByteView bytes = dictionary(number);
    return mustHave(DecodingDictionary(ZSTD_createDDict_byReference(bytes.data(), bytes.size())));
}

/// `number` is one that dictionary() has.
const ZSTD_DDict* forExpanding(std::uint32_t number) {
    static const std::array<DecodingDictionary, kDictionary> kAll{
        decodingDictionary(1), decodingDictionary(2), decodingDictionary(3)};
    return kAll.at(number - 1).get();
}

/// What a frame says of itself, once that may be believed.
struct Inside {
    std::uint32_t dictionary = 0;
    std::size_t size = 0;
};

Result<Inside> inside(ByteView frame) {
    ZSTD_frameHeader header{};
    if (ZSTD_getFrameHeader(&header, frame.data(), frame.size()) != 0) {
        return fail(Code::InvalidInput, "no compressed frame, or a part of one");
    }
    if (dictionary(header.dictID).empty()) {
        return fail(Code::InvalidInput, "compressed with dictionary " +
                                            std::to_string(header.dictID) +
                                            ", which is unknown here");
    }
    if (header.frameContentSize > kMostExpanded) {  // nor if it does not say
        return fail(Code::InvalidInput,
                    "compressed frame of more than 256 KiB, or of a size that "
                    "it does not tell");
    }
    const std::size_t end = ZSTD_findFrameCompressedSize(frame.data(), frame.size());
    if (ZSTD_isError(end) != 0U) {
        return fail(Code::InvalidInput, "compressed frame that breaks off");
    }
    if (end != frame.size()) {
        return fail(Code::InvalidInput, "bytes behind a compressed frame");
    }
    return Inside{header.dictID, static_cast<std::size_t>(header.frameContentSize)};
}

}  // namespace

ByteView dictionary(std::uint32_t number) {
    static const std::array<Bytes, kDictionary> kAll{fromHex(kDictionaryOne).value(),
                                                     fromHex(kDictionaryTwo).value(),
                                                     fromHex(kDictionaryThree).value()};
    return number >= 1 && number <= kAll.size() ? ByteView(kAll.at(number - 1)) : ByteView();
}

Secret squeeze(ByteView plain) {
    assert(plain.size() <= kMostExpanded);
    const Compressor context = mustHave(Compressor(ZSTD_createCCtx_advanced(kWiped)));
    Secret frame(Bytes(ZSTD_compressBound(plain.size())));
    // A frame tells its size and dictionary, and has no checksum, unless asked otherwise.
    const std::size_t size = ZSTD_isError(ZSTD_CCtx_refCDict(context.get(), forSqueezing())) != 0U
                                 ? 0
                                 : ZSTD_compress2(context.get(), frame->data(), frame->size(),
                                                  plain.data(), plain.size());
    if (size == 0 || ZSTD_isError(size) != 0U) {
        throw std::bad_alloc();  // the only failure that room enough leaves
    }
    frame->resize(size);
    return frame;
}

bool isSqueezed(ByteView bytes) {
    constexpr std::array<std::uint8_t, 4> kMagic{0x28, 0xB5, 0x2F, 0xFD};
    return bytes.size() >= kMagic.size() && std::equal(kMagic.begin(), kMagic.end(), bytes.begin());
}

Result<Secret> expand(ByteView frame) {
    if (!isSqueezed(frame)) {
        return fail(Code::InvalidInput, "no compressed frame");
    }
    const auto what = inside(frame);
    if (!what) {
        return tl::unexpected(what.error());
    }
    const Expander context = mustHave(Expander(ZSTD_createDCtx_advanced(kWiped)));
    Secret plain{Bytes(what->size)};
    const std::size_t got =
        ZSTD_decompress_usingDDict(context.get(), plain->data(), plain->size(), frame.data(),
                                   frame.size(), forExpanding(what->dictionary));
    if (ZSTD_isError(got) != 0U || got != what->size) {
        return fail(Code::InvalidInput, "compressed frame is damaged");
    }
    return plain;
}

}  // namespace tapport::seal
