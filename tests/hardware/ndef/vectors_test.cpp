// SPDX-License-Identifier: GPL-3.0-or-later
// Public vectors from other implementations; provenance in tests/fixtures/ndef/README.md.
#include "hardware/ndef/content.h"
#include "tests/support/fixture.h"

#include <fstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace tapport::ndef {
namespace {

nlohmann::json vectors(const std::string& name) {
    std::ifstream file(support::fixture(std::string("ndef/") + name));
    return nlohmann::json::parse(file);
}

Bytes hexOf(const nlohmann::json& item) {
    return *fromHex(item.at("hex").get<std::string>());
}

TEST(NdefVectors, EveryValidAndroidMessageGivesItsRecords) {
    const auto file = vectors("ndef_android_cts.json");

    for (const auto& item : file.at("valid")) {
        const auto bytes = hexOf(item);

        const auto message = parseMessage(bytes);

        ASSERT_TRUE(message) << item.dump() << nameOf(message.error());
        ASSERT_EQ(message->records.size(), item.at("records").size());
        for (std::size_t i = 0; i < message->records.size(); ++i) {
            const auto& record = message->records[i];
            const auto& wanted = item.at("records").at(i);
            EXPECT_EQ(static_cast<int>(record.tnf), wanted.at("tnf").get<int>());
            EXPECT_EQ(toHex(record.type), wanted.at("type").get<std::string>());
            EXPECT_EQ(toHex(record.id), wanted.at("id").get<std::string>());
            EXPECT_EQ(toHex(record.payload), wanted.at("payload").get<std::string>());
        }
    }
}

TEST(NdefVectors, EveryInvalidAndroidMessageIsRefused) {
    const auto file = vectors("ndef_android_cts.json");

    for (const auto& item : file.at("invalid")) {
        EXPECT_FALSE(parseMessage(hexOf(item))) << item.dump();
    }
}

TEST(NdefVectors, AndroidUrisAreExpanded) {
    const auto file = vectors("ndef_android_cts.json");

    for (const auto& item : file.at("uri")) {
        const auto contents = interpretMessage(hexOf(item));

        ASSERT_TRUE(contents) << item.dump();
        EXPECT_EQ(firstUri(*contents), item.at("uri").get<std::string>());
    }
}

TEST(NdefVectors, NdefJsMessagesMeanWhatItsTestsSay) {
    const auto file = vectors("ndef_npm_don.json");

    for (const auto& item : file.at("vectors")) {
        const auto bytes = hexOf(item);

        const auto message = parseMessage(bytes);

        ASSERT_TRUE(message) << item.dump();
        ASSERT_EQ(message->records.size(), item.at("records").size());
        for (std::size_t i = 0; i < message->records.size(); ++i) {
            const auto& wanted = item.at("records").at(i);
            const auto& record = message->records[i];
            EXPECT_EQ(textOf(record.type), wanted.value("type", ""));
            const auto content = interpret(record);
            ASSERT_TRUE(content);
            if (wanted.contains("uri")) {
                EXPECT_EQ(std::get<Uri>(*content).text, wanted.at("uri").get<std::string>());
            }
            if (wanted.contains("text")) {
                EXPECT_EQ(std::get<Text>(*content).text, wanted.at("text").get<std::string>());
            }
            if (wanted.contains("payload_text")) {
                EXPECT_EQ(textOf(record.payload), wanted.at("payload_text").get<std::string>());
            }
        }
    }
}

}  // namespace
}  // namespace tapport::ndef
