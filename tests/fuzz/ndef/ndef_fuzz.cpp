// SPDX-License-Identifier: GPL-3.0-or-later
// libFuzzer target for the NDEF parser: whatever a badge carries, no crash, and what is accepted
// survives a round trip. Seeds: tests/fixtures/ndef/corpus.
#include "hardware/ndef/content.h"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace tapport;
    const ByteView bytes(data, size);
    const auto message = ndef::parseMessage(bytes);
    if (!message) {
        return 0;
    }
    const auto again = ndef::encodeMessage(message->records);
    if (again && ndef::parseMessage(*again)->records != message->records) {
        std::abort();
    }
    if (const auto contents = ndef::interpretMessage(bytes)) {
        const auto uri = ndef::firstUri(*contents).value_or("");
        if (ndef::displayText(ndef::displayText(uri)) != ndef::displayText(uri)) {
            std::abort();
        }
        (void)ndef::findMime(*contents, "text/vcard");
    }
    return 0;
}
