// SPDX-License-Identifier: GPL-3.0-or-later
// A hub that is built anew from its backups knows whom it let in, and whom it threw out.
#include "tests/journey/identity/identity_fixture.h"

namespace tapport::journey {
namespace {

using support::readFile;
using support::waitUntil;
using testing::HasSubstr;
namespace fs = std::filesystem;

TEST_F(Identity, AHubBuiltFromItsBackupsGoesOnRefusingWhoIsRevoked) {
    const fs::path thief = site_.enrolled("kiosk-1");
    const fs::path honest = site_.enrolled("kiosk-2");
    ASSERT_EQ(site_.hub({"revoke", "kiosk-1", "--why", "lost"}).status, 0);
    const std::string backup = site_.path("hub.backup").string();
    ASSERT_EQ(site_.hub({"backup", "--out", backup}).status, 0);
    EXPECT_EQ(fs::status(backup + ".kiosks.register").permissions(),
              fs::perms::owner_read | fs::perms::owner_write);
    const std::string fair = site_.path("fair").string();
    support::writeFile(site_.path("passphrase"), "a long passphrase\n");
    const auto tapport = [&](const std::string& line) {
        return support::run({"sh", "-c",
                             support::program("tapport") + " event " + line + " < " +
                                 site_.path("passphrase").string()});
    };
    const std::string keys = site_.path("keys.txt").string();
    ASSERT_EQ(tapport("backup-key " + fair + " --out " + keys).status, 0);
    site_.stopHub();
    for (const char* lost : {"fair/hub", "fair/keys", "fair/broker/revoked.pem"}) {
        fs::remove_all(site_.path(lost));
    }

    const auto keysBack = tapport("restore-key " + keys + " --dir " + fair);
    ASSERT_EQ(keysBack.status, 0) << keysBack.err;
    site_.configureBroker();  // the hub's key is made anew, and the list is empty
    const auto restored = site_.hub({"restore", backup});
    ASSERT_EQ(restored.status, 0) << restored.err;
    const std::string empty = readFile(site_.path("fair/broker/revoked.pem"));
    site_.startHub();

    EXPECT_NE(readFile(site_.path("fair/broker/revoked.pem")), empty);
    EXPECT_TRUE(waitUntil([&] {
        mqtt::Client revoked(site_.optionsOf(thief));
        return !connects(revoked);
    }));
    EXPECT_THAT(site_.hub({"kiosks"}).out, HasSubstr("revoked"));
    mqtt::Client known(site_.optionsOf(honest));
    EXPECT_TRUE(connects(known));
    mqtt::Client fresh(site_.optionsOf(site_.enrolled("kiosk-3")));
    EXPECT_TRUE(connects(fresh)) << "the authority is the same";
}

TEST_F(Identity, ARegisterThatIsThereIsKeptAndTheCommandSaysWhatItLacks) {
    (void)site_.enrolled("kiosk-1");
    ASSERT_EQ(site_.hub({"revoke", "kiosk-1", "--why", "lost"}).status, 0);
    const std::string backup = site_.path("hub.backup").string();
    ASSERT_EQ(site_.hub({"backup", "--out", backup}).status, 0);
    site_.stopHub();
    const fs::path own = site_.path("fair/keys/kiosks.register");
    const auto same = site_.hub({"restore", backup});
    EXPECT_EQ(same.status, 0) << same.err;
    EXPECT_THAT(same.out, testing::Not(HasSubstr("register")));
    const std::string whole = readFile(own);
    const std::string first = whole.substr(0, whole.find('\n') + 1);
    support::writeFile(own, first);

    const auto restored = site_.hub({"restore", backup});

    EXPECT_EQ(restored.status, 0) << restored.err;
    EXPECT_THAT(restored.out, HasSubstr("lines of the backup's are not in it"));
    EXPECT_EQ(readFile(own), first);
}

}  // namespace
}  // namespace tapport::journey
