// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/enrol/register_file.h"

#include "sync/identity/authority.h"
#include "tests/support/temp_dir.h"

#include <fstream>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace tapport::enrol {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

const record::WallTime kNow{std::chrono::milliseconds(1'795'608'000'000)};

class RegisterFileTest : public testing::Test {
  protected:
    Result<> add(const Entry& entry) const {
        return file_.change(kNow, [&](const KioskRegister&) { return std::vector<Entry>{entry}; });
    }
    static Enrolled enrolled(const std::string& kiosk) {
        return {{kiosk},
                CodeId{},
                Bytes(receipt::kKeySize, 9),
                identity::Authority::make(kiosk).value().certificate()};
    }
    static Revoked revoked(const std::string& kiosk) {
        return {{kiosk}, receipt::Revocation{{{record::Epoch{}, 7}}}, "left in a\ntaxi"};
    }

    support::TempDir dir_;
    RegisterFile file_{dir_ / "register"};
};

TEST_F(RegisterFileTest, IsEmptyWithoutAFile) {
    EXPECT_THAT(file_.read()->devices(), IsEmpty());
}

TEST_F(RegisterFileTest, RemembersWhatHappened) {
    const Enrolled device = enrolled("kiosk-1");
    ASSERT_TRUE(add(device));
    ASSERT_TRUE(add(revoked("kiosk-1")));

    const auto now = file_.read();

    ASSERT_TRUE(now) << now.error().context;
    const auto* found = now->findDevice(record::KioskId{"kiosk-1"});
    ASSERT_NE(found, nullptr);
    EXPECT_EQ(found->enrolled.certificate, device.certificate);
    EXPECT_EQ(found->enrolled.signingKey, device.signingKey);
    EXPECT_EQ(found->at, kNow);
    EXPECT_EQ(found->revoked->why, "left in a taxi");
    EXPECT_EQ(found->revoked->held, revoked("kiosk-1").held);
    EXPECT_EQ(now->voidSerials().size(), 1U);
    EXPECT_EQ(now->latest(), kNow);
}

TEST_F(RegisterFileTest, WhatTheHubHeldMayBeSaidLaterButOnlyOnce) {
    const auto held = [&] {
        return file_.read()->findDevice(record::KioskId{"kiosk-1"})->revoked->held;
    };
    ASSERT_TRUE(add(enrolled("kiosk-1")));
    ASSERT_TRUE(add(Revoked{{"kiosk-1"}, std::nullopt, "lost"}));
    EXPECT_EQ(held(), std::nullopt);
    EXPECT_EQ(file_.read()->signingKeys()[0].revoked, receipt::Revocation{})
        << "vouches for nothing";

    ASSERT_TRUE(add(Revoked{{"kiosk-1"}, receipt::Revocation{{{record::Epoch{}, 7}}}, "lost"}));
    ASSERT_TRUE(add(Revoked{{"kiosk-1"}, receipt::Revocation{{{record::Epoch{}, 9}}}, "lost"}));

    EXPECT_EQ(held(), (receipt::Revocation{{{record::Epoch{}, 7}}}));
}

TEST_F(RegisterFileTest, ReadsARevocationThatNamedOneEpoch) {
    ASSERT_TRUE(add(enrolled("kiosk-1")));
    std::ofstream(dir_ / "register", std::ios::app)
        << "1795608000000 revoked kiosk-1 0102030405060708 41 left in a taxi\n";

    const auto kiosks = file_.read();

    ASSERT_TRUE(kiosks) << kiosks.error().context;
    const auto& revoked = kiosks->findDevice(record::KioskId{"kiosk-1"})->revoked;
    EXPECT_EQ(receipt::textOf(*revoked->held), "0102030405060708:41");
    EXPECT_EQ(revoked->why, "left in a taxi");
}

TEST_F(RegisterFileTest, IsItsOwnersOnly) {
    ASSERT_TRUE(add(WrongTry{}));

    struct stat status {};
    ::stat((dir_ / "register").c_str(), &status);
    EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

TEST_F(RegisterFileTest, DropsALineThatAPowerCutLeftUnfinished) {
    ASSERT_TRUE(add(enrolled("kiosk-1")));
    std::ofstream(dir_ / "register", std::ios::app) << "1795608000000 enrolled kiosk-2 00";

    ASSERT_EQ(file_.read()->devices().size(), 1U);
    ASSERT_TRUE(add(enrolled("kiosk-3")));

    EXPECT_EQ(file_.read()->devices().size(), 2U);
}

TEST_F(RegisterFileTest, NamesALineThatIsNotOurs) {
    for (const char* line : {"", "x", "1795608000000 praised kiosk-1", "1795608000000 enrolled a b",
                             "1795608000000 wrong-try 0011223344556677 more"}) {
        support::writeFile(dir_ / "register", std::string(line) + "\n");

        const auto read = file_.read();

        ASSERT_FALSE(read) << line;
        EXPECT_EQ(read.error().code, Code::InvalidConfig);
        EXPECT_THAT(read.error().context, HasSubstr("register:1:"));
    }
}

TEST_F(RegisterFileTest, IsReadAgainOnlyWhenSomebodyElseHasWritten) {
    const RegisterFile other(dir_ / "register");
    ASSERT_TRUE(add(enrolled("kiosk-1")));
    ASSERT_TRUE(add(enrolled("kiosk-2")));
    ASSERT_EQ(file_.read()->devices().size(), 2U);
    EXPECT_EQ(file_.reads(), 1U);

    ASSERT_TRUE(other.change(
        kNow, [](const KioskRegister&) { return std::vector<Entry>{enrolled("kiosk-3")}; }));

    EXPECT_EQ(file_.read()->devices().size(), 3U);
    EXPECT_EQ(file_.reads(), 2U);
}

TEST_F(RegisterFileTest, NobodyWritesWhileItIsHeld) {
    ASSERT_TRUE(add(enrolled("kiosk-1")));
    const int other = ::open((dir_ / "register").c_str(), O_RDONLY | O_CLOEXEC);

    const auto held = file_.hold([&](const KioskRegister& now) -> Result<> {
        EXPECT_EQ(now.devices().size(), 1U);
        EXPECT_NE(::flock(other, LOCK_EX | LOCK_NB), 0);
        return {};
    });

    EXPECT_TRUE(held);
    EXPECT_EQ(::flock(other, LOCK_EX | LOCK_NB), 0);
    ::close(other);
}

TEST_F(RegisterFileTest, ADecisionThatFailsAddsNothing) {
    const auto changed = file_.change(kNow, [](const KioskRegister&) -> Result<std::vector<Entry>> {
        return fail(Code::Conflict, "no");
    });

    EXPECT_EQ(changed.error().code, Code::Conflict);
    EXPECT_EQ(support::readFile(dir_ / "register"), "");
}

}  // namespace
}  // namespace tapport::enrol
