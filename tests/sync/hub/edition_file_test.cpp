// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/downstream/edition_file.h"

#include "sync/hub/store/sqlite_store.h"
#include "sync/receipt/signed_document.h"
#include "tests/support/child_process.h"
#include "tests/support/sample_event.h"
#include "tests/support/temp_dir.h"
#include "tests/sync/hub/down_logs.h"
#include "tests/sync/hub/samples.h"

#include <gtest/gtest.h>

namespace tapport::hub {
namespace {

class EditionFileTest : public testing::Test {
  protected:
    static void SetUpTestSuite() { ASSERT_TRUE(seal::initialise()); }
    static receipt::SigningKeys root() {
        return receipt::signingKeysFrom(support::sampleRootSeed()).value();
    }
    static std::string edition(std::uint64_t number, const receipt::SigningKeys& signer = root()) {
        return receipt::signDocument(event::editionOf(support::sampleEventJson(), number).value(),
                                     signer)
            .value();
    }
    void write(const std::string& text) {
        support::writeFile(dir_ / "edition.json", text);
        // File systems differ in how finely they tell times apart.
        std::filesystem::last_write_time(
            dir_ / "edition.json", std::filesystem::file_time_type(std::chrono::hours(++at_)));
    }
    std::string told() {
        std::string file;
        for (std::uint8_t part = 0; part < wire::kMostEventParts; ++part) {
            const auto item = store_->findDown(wire::ItemKind::EventPart, {}, Bytes{part}).value();
            if (item) {
                file += textOf(wire::decodeEventPart(*item->item.payload)->bytes);
            }
        }
        return file;
    }

    support::TempDir dir_;
    event::Event event_ = support::sampleEvent();
    std::unique_ptr<Store> store_ =
        openSqliteStore(dir_ / "hub.db", {"default", event_.id}, samples::kKey).value();
    EditionFile file_{dir_ / "edition.json", event_, *store_};

  private:
    int at_ = 0;
};

TEST_F(EditionFileTest, WithoutAFileNothingIsTold) {
    EXPECT_TRUE(file_.refresh());
    EXPECT_EQ(store_->downVersion(), wire::DownVersion{});
}

TEST_F(EditionFileTest, TellsANewEditionOnce) {
    write(edition(2) + "\n");

    ASSERT_TRUE(file_.refresh());
    const auto version = store_->downVersion();
    ASSERT_TRUE(file_.refresh());
    write(edition(2));
    ASSERT_TRUE(file_.refresh());

    EXPECT_EQ(told(), edition(2));
    EXPECT_EQ(store_->downVersion(), version);
}

TEST_F(EditionFileTest, SaysOnceAChangeThatItIsGood) {
    EXPECT_FALSE(file_.refresh().value());
    write(edition(2));
    EXPECT_TRUE(file_.refresh().value());
    EXPECT_FALSE(file_.refresh().value());
}

TEST_F(EditionFileTest, AnEditionWithOtherKeysIsNotTold) {
    std::string json = support::sampleEventJson();
    const std::string key = toHex(event_.hubKey);
    json.replace(json.find(key), 2, key.substr(0, 2) == "00" ? "11" : "00");
    write(receipt::signDocument(event::editionOf(json, 2).value(), root()).value());

    const auto refused = file_.refresh();

    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Code::Conflict);
    EXPECT_EQ(told(), "");
}

TEST_F(EditionFileTest, ALaterEditionTakesItsPlaceAndAnEarlierOneDoesNot) {
    write(edition(2));
    ASSERT_TRUE(file_.refresh());
    write(edition(3));
    ASSERT_TRUE(file_.refresh());
    write(edition(1));
    ASSERT_TRUE(file_.refresh());

    EXPECT_EQ(told(), edition(3));
}

TEST_F(EditionFileTest, ALaterOneThatAnotherWorkerTellsMeanwhileStays) {
    write(edition(3));
    support::writeFile(dir_ / "former.json", edition(2));
    RacedLog log(*store_, [&] { ASSERT_TRUE(file_.refresh()); });
    EditionFile former(dir_ / "former.json", event_, log);

    ASSERT_TRUE(former.refresh());

    EXPECT_EQ(told(), edition(3));
}

TEST_F(EditionFileTest, SaysOnceWhatIsWrongWithAFileAndTellsNothing) {
    write(edition(2, receipt::makeSigningKeys()));

    EXPECT_EQ(file_.refresh().error().code, Code::Crypto);
    EXPECT_TRUE(file_.refresh());
    EXPECT_EQ(store_->downVersion(), wire::DownVersion{});
}

}  // namespace
}  // namespace tapport::hub
