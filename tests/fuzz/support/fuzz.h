// SPDX-License-Identifier: GPL-3.0-or-later
// What all targets have in common: a claim whose breach is a finding, and inputs to start from that
// the product's own encoders make, so that no corpus is kept in git and none goes stale.
#pragma once

#include "sync/base/bytes.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <type_traits>
#include <vector>

namespace tapport::fuzz {

inline void require(bool holds) {
    if (!holds) {
        std::abort();
    }
}

inline Bytes bytesOf(std::string_view text) {
    return toBytes(viewOf(text));
}

/// A target's first byte mostly chooses the reader.
inline Bytes chosen(std::uint8_t reader, ByteView input) {
    Bytes seed{reader};
    seed.insert(seed.end(), input.begin(), input.end());
    return seed;
}
inline Bytes chosen(std::uint8_t reader, std::string_view input) {
    return chosen(reader, viewOf(input));
}

template <typename Reader>
void hand(ByteView input, Reader reader) {
    if constexpr (std::is_invocable_v<Reader, ByteView>) {
        reader(input);
    } else {
        reader(textOf(input));
    }
}

/// What a target is given: to the reader that was chosen(), which they are numbered for from 0.
template <typename... Readers>
int readChosen(const std::uint8_t* data, std::size_t size, Readers... readers) {
    if (size > 0) {
        std::size_t until = data[0] % sizeof...(readers);
        ((until-- == 0 ? hand({data + 1, size - 1}, readers) : void()), ...);
    }
    return 0;
}

/// Each to a file of its own in the folder that TAPPORT_FUZZ_SEEDS names.
inline void writeSeeds(const std::filesystem::path& folder, const std::vector<Bytes>& seeds) {
    for (std::size_t i = 0; i < seeds.size(); ++i) {
        std::ofstream out(folder / ("seed-" + std::to_string(i)), std::ios::binary);
        out << textOf(seeds[i]);
        require(bool(out.flush()));
    }
}

}  // namespace tapport::fuzz

/// Valid inputs, made by `seeds()`; packaging/dev/fuzz.sh asks for them and then runs the target.
#define TAPPORT_FUZZ_SEEDS(seeds)                                            \
    extern "C" int LLVMFuzzerInitialize(int*, char***) {                     \
        if (const char* folder = std::getenv("TAPPORT_FUZZ_SEEDS")) {        \
            tapport::fuzz::writeSeeds(folder, seeds());                      \
            std::exit(0); /* NOLINT(concurrency-mt-unsafe): no thread yet */ \
        }                                                                    \
        return 0;                                                            \
    }
