// SPDX-License-Identifier: GPL-3.0-or-later
// seal-dictionary: prints dictionary 3 as its samples make it, in the form of 3.hex. Not installed.
#include "sync/seal/dictionary/maker.h"

#include <cstdio>

int main() {
    constexpr std::size_t kBytesALine = 48;
    const tapport::Bytes made = tapport::seal::makeDictionary();
    std::puts(
        "# Dictionary 3, as zstd's own tools take it; made by seal-dictionary (../README.md).");
    for (tapport::ByteView rest = made; !rest.empty();) {
        const auto line = rest.first(std::min(kBytesALine, rest.size()));
        std::puts(tapport::toHex(line).c_str());
        rest = rest.subspan(line.size());
    }
    return 0;
}
