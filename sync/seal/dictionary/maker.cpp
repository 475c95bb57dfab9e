// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/seal/dictionary/maker.h"

#include "sync/record/codec.h"
#include "sync/seal/dictionary/samples.h"
#include "sync/seal/squeeze.h"

#include <stdexcept>

#define ZDICT_STATIC_LINKING_ONLY
#include <zdict.h>

namespace tapport::seal {

Bytes dictionaryContent() {
    // As many as four answers' small numbers in a row; more stand for bytes that nothing can
    // foretell.
    constexpr std::ptrdiff_t kMostZeros = 4;
    Bytes content;
    for (const record::PositionedUnit& unit : patternUnits()) {
        const Bytes bytes = record::encode(unit);
        for (auto at = bytes.begin(); at != bytes.end();) {
            const auto end = std::find_if(at, bytes.end(), [](std::uint8_t b) { return b != 0; });
            if (end - at <= kMostZeros) {
                content.insert(content.end(), at, end);
            }
            at = end;
            if (at != bytes.end()) {
                content.push_back(*at++);
            }
        }
    }
    return content;
}

Bytes makeDictionary() {
    constexpr std::size_t kRoomForTables = 4096;
    const Bytes content = dictionaryContent();
    Bytes samples;
    std::vector<std::size_t> sizes;
    for (const record::PositionedUnit& unit : sampleUnits()) {
        const Bytes bytes = record::encode(unit);
        samples.insert(samples.end(), bytes.begin(), bytes.end());
        sizes.push_back(bytes.size());
    }
    Bytes made(content.size() + kRoomForTables);
    ZDICT_params_t parameters{};
    parameters.dictID = kDictionary;
    const std::size_t size = ZDICT_finalizeDictionary(
        made.data(), made.size(), content.data(), content.size(), samples.data(), sizes.data(),
        static_cast<unsigned>(sizes.size()), parameters);
    if (ZDICT_isError(size) != 0U) {
        throw std::runtime_error(ZDICT_getErrorName(size));
    }
    made.resize(size);
    return made;
}

}  // namespace tapport::seal
