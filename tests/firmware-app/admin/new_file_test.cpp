// SPDX-License-Identifier: GPL-3.0-or-later
// Files that are whole or not there. The program's fsync() and renameat2() are this test's: what
// was on the disk when, and a file system that lacks the one or the other.
#include "firmware-app/admin/new_file.h"

#include "tests/support/short_files.h"
#include "tests/support/temp_dir.h"

#include <cerrno>
#include <vector>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace tapport::admin {
namespace {

namespace fs = std::filesystem;

/// What these calls meet.
struct Disk {
    std::vector<std::string> synced;  ///< names, in order
    bool takesRenames = true;         ///< such as replace nothing
    bool syncsFolders = true;
};
Disk disk;

}  // namespace
}  // namespace tapport::admin

extern "C" int fsync(int fd) {
    using tapport::admin::disk;
    const auto file = std::filesystem::read_symlink("/proc/self/fd/" + std::to_string(fd));
    disk.synced.push_back(file.filename());
    if (!disk.syncsFolders && std::filesystem::is_directory(file)) {
        errno = EIO;
        return -1;
    }
    return static_cast<int>(::syscall(SYS_fsync, fd));
}

extern "C" int renameat2(int from, const char* old, int to, const char* name,
                         unsigned flags) noexcept {
    if (!tapport::admin::disk.takesRenames) {
        errno = EINVAL;
        return -1;
    }
    return static_cast<int>(::syscall(SYS_renameat2, from, old, to, name, flags));
}

namespace tapport::admin {
namespace {

using testing::ElementsAre;
using testing::StartsWith;

class NewFile : public testing::Test {
  protected:
    void SetUp() override {
        disk = {};
        fs::create_directories(folder_);
    }
    std::vector<std::string> names() const {
        std::vector<std::string> found;
        for (const auto& entry : fs::directory_iterator(folder_)) {
            found.push_back(entry.path().filename());
        }
        return found;
    }

    support::TempDir dir_;
    const fs::path folder_ = dir_ / "keys";
    const fs::path file_ = folder_ / "root.key";
};

TEST_F(NewFile, IsOnTheDiskBeforeItHasItsNameAndTheNameWhenItReturns) {
    ASSERT_TRUE(placeNewFile(file_, "secret", Access::Owner));

    EXPECT_THAT(disk.synced, ElementsAre(StartsWith("root.key."), "keys"));
    EXPECT_THAT(names(), ElementsAre("root.key"));
    EXPECT_EQ(support::readFile(file_), "secret");
    EXPECT_EQ(fs::status(file_).permissions(), fs::perms(0600));
    ASSERT_TRUE(placeNewFile(folder_ / "ca.crt", "public", Access::Everyone));
    EXPECT_EQ(fs::status(folder_ / "ca.crt").permissions() & fs::perms(0044), fs::perms(0044));
}

TEST_F(NewFile, IsNotThereWhereItCannotBeWhole) {
    const support::ShortFiles full(3);

    EXPECT_EQ(placeNewFile(file_, "secret", Access::Owner).error().code, Code::Storage);

    EXPECT_THAT(names(), ElementsAre());
}

TEST_F(NewFile, NeverTakesThePlaceOfAnother) {
    support::writeFile(file_, "the first");
    for (const bool takesRenames : {true, false}) {
        disk.takesRenames = takesRenames;
        EXPECT_EQ(placeNewFile(file_, "secret", Access::Owner).error().code, Code::Conflict);
    }

    EXPECT_EQ(support::readFile(file_), "the first");
    EXPECT_THAT(names(), ElementsAre("root.key"));
}

TEST_F(NewFile, IsPlacedWhereTheFileSystemKnowsNoSuchRenaming) {
    disk.takesRenames = false;

    ASSERT_TRUE(placeNewFile(file_, "secret", Access::Owner));

    EXPECT_EQ(support::readFile(file_), "secret");
    EXPECT_THAT(names(), ElementsAre("root.key"));
}

TEST_F(NewFile, IsNoSuccessWhereItsNameIsNotKnownToBeOnTheDisk) {
    disk.syncsFolders = false;

    EXPECT_EQ(placeNewFile(file_, "secret", Access::Owner).error().code, Code::Storage);
    EXPECT_EQ(replaceFile(folder_ / "keys.json", "public").error().code, Code::Storage);
}

TEST_F(NewFile, ThatReplacesAnotherIsOnTheDiskBeforeAndItsNameAfter) {
    support::writeFile(folder_ / "keys.json", "old");

    ASSERT_TRUE(replaceFile(folder_ / "keys.json", "new"));

    EXPECT_THAT(disk.synced, ElementsAre("keys.json.new", "keys"));
    EXPECT_EQ(support::readFile(folder_ / "keys.json"), "new");
    const support::ShortFiles full(3);
    EXPECT_EQ(replaceFile(folder_ / "keys.json", "newest").error().code, Code::Storage);
    EXPECT_EQ(support::readFile(folder_ / "keys.json"), "new");
    EXPECT_THAT(names(), ElementsAre("keys.json"));
}

}  // namespace
}  // namespace tapport::admin
