// SPDX-License-Identifier: GPL-3.0-or-later
// Files that are whole or not there. The program's fsync(), renameat2() and link() are this test's:
// what was on the disk when, and a file system that lacks the one or the other.
#include "firmware-app/admin/new_file.h"

#include "firmware-app/store/signing_key.h"
#include "sync/seal/seal.h"
#include "tests/support/short_files.h"
#include "tests/support/temp_dir.h"

#include <cerrno>
#include <fstream>
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
    bool takesLinks = true;
    int folders = 0;                ///< errno of their fsync()
    int files = 0;                  ///< errno of theirs
    std::filesystem::path isFirst;  ///< what somebody else places, and clears up, meanwhile
};
Disk disk;

}  // namespace
}  // namespace tapport::admin

extern "C" int fsync(int fd) {
    using tapport::admin::disk;
    const auto file = std::filesystem::read_symlink("/proc/self/fd/" + std::to_string(fd));
    disk.synced.push_back(file.filename());
    if (const int wrong = std::filesystem::is_directory(file) ? disk.folders : disk.files) {
        errno = wrong;
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
    if (!tapport::admin::disk.isFirst.empty()) {
        ::unlink(old);
        std::ofstream(tapport::admin::disk.isFirst) << "the first";
    }
    return static_cast<int>(::syscall(SYS_renameat2, from, old, to, name, flags));
}

extern "C" int link(const char* old, const char* name) noexcept {
    if (!tapport::admin::disk.takesLinks) {
        errno = EPERM;
        return -1;
    }
    return static_cast<int>(::syscall(SYS_linkat, AT_FDCWD, old, AT_FDCWD, name, 0));
}

namespace tapport::admin {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;
using testing::UnorderedElementsAreArray;

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
    for (const auto& [takesRenames, takesLinks] :
         {std::pair{true, true}, std::pair{false, true}, std::pair{false, false}}) {
        disk.takesRenames = takesRenames;
        disk.takesLinks = takesLinks;
        EXPECT_EQ(placeNewFile(file_, "secret", Access::Owner).error().code, Code::Conflict);
    }

    EXPECT_EQ(support::readFile(file_), "the first");
    EXPECT_THAT(names(), ElementsAre("root.key"));
}

TEST_F(NewFile, IsPlacedWhereTheFileSystemKnowsNoSuchRenaming) {
    disk.takesRenames = false;
    for (const bool takesLinks : {true, false}) {
        disk.takesLinks = takesLinks;
        ASSERT_TRUE(placeNewFile(file_, "secret", Access::Owner)) << takesLinks;

        EXPECT_EQ(support::readFile(file_), "secret");
        EXPECT_EQ(fs::status(file_).permissions(), fs::perms(0600));
        EXPECT_THAT(names(), ElementsAre("root.key"));
        fs::remove(file_);
    }
}

TEST_F(NewFile, ThatAPowerCutLeftEmptyIsSaidToBeWorthNothing) {
    support::writeFile(file_, "");

    const auto placed = placeNewFile(file_, "secret", Access::Owner);

    EXPECT_EQ(placed.error().code, Code::Conflict);
    EXPECT_THAT(placed.error().context, HasSubstr("root.key is there already, and empty"));
    EXPECT_THAT(placed.error().context, HasSubstr("remove it"));
}

TEST_F(NewFile, IsNoSuccessWhereItsNameIsNotKnownToBeOnTheDisk) {
    for (const int wrong : {EIO, EROFS, ENOSPC}) {
        disk.folders = wrong;
        EXPECT_EQ(placeNewFile(file_, "secret", Access::Owner).error().code, Code::Storage);
        EXPECT_EQ(replaceFile(folder_ / "keys.json", "public").error().code, Code::Storage);
        fs::remove(file_);
        disk = {};
        disk.files = wrong;
        EXPECT_EQ(placeNewFile(file_, "secret", Access::Owner).error().code, Code::Storage);
        EXPECT_FALSE(fs::exists(file_));
    }
}

TEST_F(NewFile, IsASuccessWhereTheFileSystemCannotSayWhatIsOnTheDisk) {
    ASSERT_TRUE(seal::initialise());
    for (const int none : {EINVAL, EOPNOTSUPP}) {
        disk.folders = disk.files = none;

        EXPECT_TRUE(placeNewFile(file_, "secret", Access::Owner)) << none;
        EXPECT_TRUE(replaceFile(folder_ / "keys.json", "public")) << none;

        EXPECT_EQ(support::readFile(file_), "secret");
        EXPECT_TRUE(store::signingKeysIn(folder_)) << none;
        fs::remove(file_);
        fs::remove(folder_ / "signing.key");
    }
}

TEST_F(NewFile, TakesAwayItsOwnDraftsThatAPowerCutLeft) {
    const std::string id = "0190a1b2c3d47e5f8a9b0c1d2e3f4a5b";
    const std::vector<std::string> others{"root.key.old",
                                          "root.key." + id.substr(1),
                                          "root.key." + id + "0",
                                          "root.key.next." + id,
                                          "hub.key." + id,
                                          "root.keys." + id,
                                          "root.key.0190A1B2C3D47E5F8A9B0C1D2E3F4A5B"};
    for (const std::string& other : others) {
        support::writeFile(folder_ / other, "not its own");
    }
    const std::string folder = "root.key.0290a1b2c3d47e5f8a9b0c1d2e3f4a5b";
    fs::create_directory(folder_ / folder);
    const std::string link = "root.key.0390a1b2c3d47e5f8a9b0c1d2e3f4a5b";
    fs::create_symlink(folder_ / "hub.key", folder_ / link);
    for (const bool isSecond : {false, true}) {
        support::writeFile(folder_ / ("root.key." + id), "half a sec");

        EXPECT_EQ(placeNewFile(file_, "secret", Access::Owner).has_value(), !isSecond);

        std::vector<std::string> left = others;
        left.insert(left.end(), {"root.key", folder, link});
        EXPECT_THAT(names(), UnorderedElementsAreArray(left));
    }
    EXPECT_EQ(support::readFile(file_), "secret");
}

TEST_F(NewFile, LeavesTheDraftsOfSomebodyElse) {
    if (::geteuid() != 0) {
        GTEST_SKIP() << "only root can make a file of somebody else's";
    }
    const fs::path draft = folder_ / "root.key.0190a1b2c3d47e5f8a9b0c1d2e3f4a5b";
    support::writeFile(draft, "somebody's");
    ASSERT_EQ(::chown(draft.c_str(), 65534, 65534), 0);

    ASSERT_TRUE(placeNewFile(file_, "secret", Access::Owner));

    EXPECT_TRUE(fs::exists(draft));
}

TEST_F(NewFile, WhoseDraftWasClearedUpByWhoeverWasFirstComesSecond) {
    disk.isFirst = file_;

    EXPECT_EQ(placeNewFile(file_, "secret", Access::Owner).error().code, Code::Conflict);

    EXPECT_EQ(support::readFile(file_), "the first");
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
