// SPDX-License-Identifier: GPL-3.0-or-later
// Random bytes and damaged messages, the same ones every time: nothing may crash, and what is
// accepted must survive a round trip. tests/fuzz goes further.
#include "hardware/ndef/content.h"

#include <random>

#include <gtest/gtest.h>

namespace tapport::ndef {
namespace {

void expectSound(ByteView bytes) {
    const auto message = parseMessage(bytes);
    if (!message) {
        return;
    }
    ASSERT_FALSE(message->records.empty());
    ASSERT_LE(message->records.size(), kMaxRecords);
    const auto again = encodeMessage(message->records);
    if (again) {
        ASSERT_EQ(parseMessage(*again)->records, message->records);
    }
    if (const auto contents = interpretMessage(bytes)) {
        if (const auto uri = firstUri(*contents)) {
            ASSERT_EQ(displayText(*uri).find('\x1B'), std::string::npos);
        }
    }
}

TEST(NdefRandomInput, RandomBytesNeverBreakTheParser) {
    std::mt19937 random(20261122);
    std::uniform_int_distribution<int> byte(0, 255);
    std::uniform_int_distribution<std::size_t> length(0, 80);

    for (int round = 0; round < 100'000; ++round) {
        Bytes bytes(length(random));
        for (auto& b : bytes) {
            b = static_cast<std::uint8_t>(byte(random));
        }
        expectSound(bytes);
    }
}

TEST(NdefRandomInput, DamagedMessagesNeverBreakTheParser) {
    const auto inner = encodeMessage({uriRecord("https://ev.example/b/7"), textRecord("en", "x")});
    const auto whole = encodeMessage({uriRecord("https://ev.example/b/7"),
                                      {Tnf::WellKnown, {'S', 'p'}, {'i'}, *inner},
                                      mimeRecord("text/vcard", Bytes(300, 'v'))});
    std::mt19937 random(7);
    std::uniform_int_distribution<int> byte(0, 255);

    for (int round = 0; round < 50'000; ++round) {
        Bytes bytes = *whole;
        for (int hits = round % 4; hits >= 0; --hits) {
            bytes[random() % bytes.size()] = static_cast<std::uint8_t>(byte(random));
        }
        if (round % 3 == 0) {
            bytes.resize(random() % bytes.size());
        }
        expectSound(bytes);
    }
}

}  // namespace
}  // namespace tapport::ndef
