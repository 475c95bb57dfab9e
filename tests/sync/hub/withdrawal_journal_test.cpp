// SPDX-License-Identifier: GPL-3.0-or-later
// A file that must be read after a crash, a full disk, and damage.
#include "sync/hub/run/withdrawal_journal.h"

#include "tests/support/temp_dir.h"

#include <gmock/gmock.h>
#include <sys/stat.h>

namespace tapport::hub {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class WithdrawalJournalTest : public testing::Test {
  protected:
    static WithdrawalJournal::Entry entry(std::uint8_t n) {
        WithdrawalJournal::Entry entry;
        entry.id.bytes.fill(n);
        entry.epoch.bytes.fill(7);
        entry.seq = n;
        entry.before.bytes.fill(static_cast<std::uint8_t>(n - 1));
        entry.sealed = Bytes(656, n);
        return entry;
    }
    WithdrawalJournal open() { return WithdrawalJournal::open(file_).value(); }

    support::TempDir dir_;
    std::filesystem::path file_ = dir_ / "withdrawals";
};

TEST_F(WithdrawalJournalTest, GivesBackWhatItWasGiven) {
    ASSERT_TRUE(open().add(entry(1)));
    ASSERT_TRUE(open().add(entry(2)));

    EXPECT_THAT(open().entries(), ElementsAre(entry(1), entry(2)));
    EXPECT_EQ(std::filesystem::status(file_).permissions(),
              std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

TEST_F(WithdrawalJournalTest, ALineThatWasNotFinishedGoesAndTheNextOneIsWhole) {
    ASSERT_TRUE(open().add(entry(1)));
    const std::string whole = support::readFile(file_);
    for (const std::size_t cut : {std::size_t{1}, whole.size() / 2, whole.size() - 1}) {
        support::writeFile(file_, whole + whole.substr(0, cut));

        WithdrawalJournal journal = open();
        EXPECT_THAT(journal.entries(), ElementsAre(entry(1)));
        ASSERT_TRUE(journal.add(entry(2)));

        EXPECT_THAT(open().entries(), ElementsAre(entry(1), entry(2)));
    }
}

TEST_F(WithdrawalJournalTest, ADamagedLineStaysAndTheOthersAreRead) {
    ASSERT_TRUE(open().add(entry(1)));
    support::writeFile(file_, "85zz\n850102\n" + support::readFile(file_));

    WithdrawalJournal journal = open();
    EXPECT_EQ(journal.damaged(), 2U);
    EXPECT_THAT(journal.entries(), SizeIs(1));
    ASSERT_TRUE(journal.drop([](const auto&) { return true; }));

    EXPECT_EQ(support::readFile(file_), "85zz\n850102\n");
    EXPECT_THAT(open().entries(), IsEmpty());
}

TEST_F(WithdrawalJournalTest, DropsWhatIsSafeOnly) {
    WithdrawalJournal journal = open();
    for (const std::uint8_t n : {1, 2, 3}) {
        ASSERT_TRUE(journal.add(entry(n)));
    }
    ASSERT_TRUE(journal.drop([](const auto& one) { return one.seq < 3; }));

    EXPECT_THAT(open().entries(), ElementsAre(entry(3)));
}

TEST_F(WithdrawalJournalTest, AFileThatCannotBeReadIsAnError) {
    std::filesystem::create_directory(file_);

    EXPECT_FALSE(WithdrawalJournal::open(file_));
    EXPECT_FALSE(WithdrawalJournal::open(dir_ / "none" / "withdrawals"));
}

TEST_F(WithdrawalJournalTest, OnAFullDiskTheFileIsAsItWas) {
    ASSERT_TRUE(open().add(entry(1)));
    WithdrawalJournal journal = open();
    std::filesystem::remove(file_);
    std::filesystem::create_symlink("/dev/full", file_);

    const auto added = journal.add(entry(2));

    ASSERT_FALSE(added);
    EXPECT_THAT(journal.entries(), ElementsAre(entry(1)));
}

}  // namespace
}  // namespace tapport::hub
