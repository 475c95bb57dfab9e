// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/cli/heeding.h"

#include "sync/hub/cli/editions.h"
#include "sync/hub/store/sqlite_store.h"
#include "sync/program/log.h"
#include "sync/receipt/signed_document.h"
#include "tests/support/child_process.h"
#include "tests/support/sample_event.h"
#include "tests/support/temp_dir.h"
#include "tests/sync/hub/samples.h"

#include <gtest/gtest.h>

namespace tapport::hub {
namespace {

class HeedingTest : public testing::Test {
  protected:
    HeedingTest() { support::writeFile(config_.event, support::sampleEventJson()); }
    HubConfig config() const {
        HubConfig config;
        config.event = dir_ / "event.json";
        config.edition = dir_ / "edition.json";
        return config;
    }
    static void SetUpTestSuite() { ASSERT_TRUE(seal::initialise()); }
    void publish(const std::string& json) const {
        const auto root = receipt::signingKeysFrom(support::sampleRootSeed()).value();
        support::writeFile(config_.edition,
                           receipt::signDocument(event::editionOf(json, 2).value(), root).value());
    }
    static std::string renamed() {
        std::string json = support::sampleEventJson();
        return json.replace(json.find(kName), kName.size(), "Renamed");
    }
    static constexpr std::string_view kName = "Example Expo";

    support::TempDir dir_;
    HubConfig config_ = config();
    event::Event event_ = support::sampleEvent();
    std::unique_ptr<Store> store_ =
        openSqliteStore(dir_ / "hub.db", {"default", event_.id}, samples::kKey).value();
    seal::Digest inUse_ = seal::digestOf(viewOf(support::sampleEventJson()));
    Heeding heeding_{config_, event_, inUse_, *store_};
};

TEST_F(HeedingTest, AnEditionThatSaysSomethingElseIsGoneOnWithOnce) {
    EXPECT_FALSE(heeding_.look());

    publish(renamed());

    EXPECT_TRUE(heeding_.look());
    EXPECT_FALSE(heeding_.look());
}

TEST_F(HeedingTest, AnEditionThatSaysTheSameIsNothingNew) {
    publish(support::sampleEventJson());

    EXPECT_FALSE(heeding_.look());
    EXPECT_GT(store_->downVersion()->urgent, 0U) << "kiosks are told of it all the same";
}

TEST_F(HeedingTest, WhatIsHalfWrittenIsReadOnceItIsWhole) {
    const std::string whole = support::readFile(config_.event);
    support::writeFile(config_.event, whole.substr(0, whole.size() / 2));
    publish(renamed());
    testing::internal::CaptureStderr();
    program::startLogging("tapport-hub", "error");

    EXPECT_FALSE(heeding_.look());
    EXPECT_FALSE(heeding_.look());
    const std::string log = testing::internal::GetCapturedStderr();
    support::writeFile(config_.event, whole);

    EXPECT_TRUE(heeding_.look());
    const std::string line = "the hub keeps the event file it has for now";
    EXPECT_NE(log.find(line), std::string::npos) << log;
    EXPECT_EQ(log.find(line), log.rfind(line)) << log;
}

}  // namespace
}  // namespace tapport::hub
