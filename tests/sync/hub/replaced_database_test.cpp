// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/cli/replaced_database.h"

#include "sync/hub/cli/open_hub.h"
#include "sync/hub/store/sqlite_store.h"
#include "tests/support/temp_dir.h"
#include "tests/sync/hub/example_answers.h"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tapport::hub {
namespace {

using namespace samples;

class Replaced : public testing::Test {
  protected:
    std::unique_ptr<Store> open(const std::filesystem::path& file) const {
        return openSqliteStore(file, scopeOf(event_), kKey).value();
    }
    ReplacedDatabase read() const { return ReplacedDatabase::read(data_, event_, kKey).value(); }
    std::string lost(const ReplacedDatabase& replaced, Store& store) const {
        return lostText(replaced.lostIn(store).value());
    }

    support::TempDir dir_;
    event::Event event_ = exampleEvent();
    DataDir data_ = DataDir::open(dir_ / "hub").value();
};

TEST_F(Replaced, SaysOfWhichKiosksRecordsMayBeNowhere) {
    const std::vector<Watermark> told{{{kKiosk, epoch()}, 3}, {{{"kiosk-2"}, epoch()}, 1}};
    Parcels some;
    some.add(2);
    ASSERT_TRUE(open(data_.database())->take(some.intake(), kNow));
    ASSERT_TRUE(open(data_.database())->setWatermarks(told, kNow));
    Parcels first;
    first.add(1);
    const auto backup = open(dir_ / "backup.db");
    ASSERT_TRUE(backup->take(first.intake(), kNow));

    const ReplacedDatabase replaced = read();

    EXPECT_TRUE(replaced.isThere());
    EXPECT_FALSE(replaced.unread());
    EXPECT_EQ(lost(replaced, *backup), "kiosk-1: 2 records, kiosk-2: 1 record");
    ASSERT_EQ(replaced.carryInto(*backup, kNow)->records, 1U);
    EXPECT_EQ(lost(replaced, *backup), "kiosk-1: 1 record, kiosk-2: 1 record");
}

TEST_F(Replaced, OfOneThatIsDamagedOrAnotherKeysNothingIsKnownAndItStaysAsItWas) {
    EXPECT_FALSE(read().isThere());
    (void)open(data_.database());
    const auto other = ReplacedDatabase::read(data_, event_, ledger::SuppressionKey{{8}});
    ASSERT_TRUE(other);
    EXPECT_THAT(other->unread().value_or(""), testing::HasSubstr("suppression key"));
    {
        std::ofstream damaged(data_.database(), std::ios::binary);
        damaged << std::string(8192, 'x');
    }
    const auto backup = open(dir_ / "backup.db");

    const ReplacedDatabase replaced = read();

    EXPECT_TRUE(replaced.unread());
    EXPECT_EQ(lost(replaced, *backup), "");
    EXPECT_EQ(replaced.carryInto(*backup, kNow)->records, 0U);
    EXPECT_EQ(std::filesystem::file_size(data_.database()), 8192U);
}

TEST_F(Replaced, NothingOfTheCopyIsLeft) {
    (void)open(data_.database());

    (void)read();

    const std::filesystem::directory_iterator files(dir_ / "hub");
    EXPECT_EQ(std::distance(begin(files), end(files)), 1);
}

}  // namespace
}  // namespace tapport::hub
