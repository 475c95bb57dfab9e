// SPDX-License-Identifier: GPL-3.0-or-later
// The opener as a process of its own: it alone has the event's key, and whatever becomes of it,
// kiosks are acknowledged, and what waited is opened in the end.
#include "sync/receipt/full_receipt.h"
#include "sync/receipt/unit_signature.h"
#include "sync/seal/chain.h"
#include "tests/journey/hub_site.h"
#include "tests/support/wait_until.h"

#include <csignal>
#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace tapport::journey {
namespace {

using hub::samples::epoch;
using hub::samples::kKiosk;
using testing::HasSubstr;

namespace fs = std::filesystem;

/// The one process that `parent` started and that runs; nothing without one.
std::optional<pid_t> childOf(pid_t parent) {
    for (const auto& entry : fs::directory_iterator("/proc")) {
        std::ifstream stat(entry.path() / "stat");
        std::string pid;
        std::string name;
        char state = 0;
        pid_t owner = 0;
        if (stat >> pid >> name >> state >> owner && owner == parent && state != 'Z') {
            return std::stoi(pid);
        }
    }
    return std::nullopt;
}

/// Whether these bytes are anywhere in what the process can write; nothing when that cannot be
/// read.
std::optional<bool> hasInMemory(pid_t pid, ByteView bytes) {
    constexpr std::uintptr_t kLargest = 1UL << 30U;
    const fs::path process = fs::path("/proc") / std::to_string(pid);
    std::ifstream maps(process / "maps");
    std::ifstream memory(process / "mem", std::ios::binary);
    bool hasRead = false;
    for (std::string line; std::getline(maps, line);) {
        std::istringstream words(line);
        std::uintptr_t from = 0;
        std::uintptr_t to = 0;
        char dash = 0;
        std::string access;
        words >> std::hex >> from >> dash >> to >> access;
        // What is larger is a sanitizer's bookkeeping.
        if (access.substr(0, 2) != "rw" || to - from > kLargest) {
            continue;
        }
        std::string content(to - from, '\0');
        memory.clear();
        memory.seekg(static_cast<std::streamoff>(from));
        memory.read(content.data(), static_cast<std::streamsize>(content.size()));
        hasRead = hasRead || memory.gcount() > 0;
        if (content.find(textOf(bytes)) != std::string::npos) {
            return true;
        }
    }
    return hasRead ? std::optional(false) : std::nullopt;
}

class OpenerJourney : public testing::Test {
  protected:
    void SetUp() override { start(); }
    void start() {
        site_.startHub();
        kiosk_ = std::make_unique<KioskEnd>(site_);
        ASSERT_TRUE(kiosk_->awaitHub(wire::Presence::Online));
    }
    /// One more visit; true when the hub acknowledges it.
    bool isRecorded() {
        record::PositionedUnit unit = site_.visit(++recorded_);
        unit.proof = receipt::prove(unit, site_.event(), site_.kioskKeys());
        unit.signature = receipt::signUnit(unit, site_.kioskKeys());
        const wire::BatchUnit one{unit.unit.id, seal::sealUnit(unit, site_.publicKey())};
        wire::Batch batch;
        batch.event = site_.event().id;
        batch.kiosk = kKiosk;
        batch.epoch = epoch();
        batch.base = hub::samples::kNow;
        batch.runs.push_back({recorded_, chain_, {one}});
        chain_ = seal::chainAfter(chain_, epoch(), recorded_, one.id, seal::digestOf(one.sealed));
        kiosk_->send(batch);
        const auto ack = kiosk_->ack();
        return ack && kiosk_->received(*ack).contains(recorded_);
    }
    bool isAllOpened() {
        return support::waitUntil([&] {
            return site_.figure("visits") == static_cast<std::int64_t>(recorded_) &&
                   site_.figure("unopened") == 0;
        });
    }
    pid_t opener() { return childOf(site_.hubPid()).value_or(-1); }
    /// Asked once: the one before may end between two looks.
    bool hasOtherOpenerThan(pid_t before) {
        const pid_t now = opener();
        return now > 0 && now != before;
    }
    std::string metrics() {
        return support::run({"curl", "--silent", site_.url() + "/metrics"}).out;
    }

    HubSite site_;
    std::unique_ptr<KioskEnd> kiosk_;
    std::uint64_t recorded_ = 0;
    record::ChainHash chain_ = seal::kChainStart;
};

TEST_F(OpenerJourney, OnlyTheOpenerHasTheKey) {
    ASSERT_TRUE(isRecorded());
    ASSERT_TRUE(isAllOpened());
    const Bytes key = fromHex(support::readFile(site_.path("event.key")).substr(0, 64)).value();

    const auto inOpener = hasInMemory(opener(), key);
    const auto inHub = hasInMemory(site_.hubPid(), key);

    if (!inOpener) {
        GTEST_SKIP() << "this user may not read another process's memory";
    }
    EXPECT_EQ(inOpener, true) << "the search finds what is there";
    EXPECT_EQ(inHub, false);
}

TEST_F(OpenerJourney, NeitherTheHubNorItsOpenerLeavesACoreDump) {
    for (const pid_t process : {site_.hubPid(), opener()}) {
        const std::string limits =
            support::readFile(fs::path("/proc") / std::to_string(process) / "limits");
        EXPECT_THAT(limits, testing::ContainsRegex("Max core file size +[01] +[01] +bytes"));
    }
}

TEST_F(OpenerJourney, AKilledOpenerComesBackAndIngestDoesNotNotice) {
    for (int i = 0; i < 5; ++i) {
        const pid_t before = opener();
        ASSERT_GT(before, 0);
        ASSERT_EQ(::kill(before, SIGKILL), 0);
        EXPECT_TRUE(isRecorded());
        EXPECT_TRUE(support::waitUntil([&] { return hasOtherOpenerThan(before); }));
    }

    EXPECT_TRUE(isAllOpened());
    EXPECT_EQ(site_.figure("quarantined"), 0);
}

TEST_F(OpenerJourney, AFrozenOpenerHoldsUpNobodyAndIsReplaced) {
    const pid_t frozen = opener();
    ASSERT_EQ(::kill(frozen, SIGSTOP), 0);

    EXPECT_TRUE(isRecorded());
    EXPECT_EQ(opener(), frozen) << "the hub still waits for it, and no kiosk does";
    for (int i = 0; i < 4; ++i) {
        EXPECT_TRUE(isRecorded());
    }

    EXPECT_EQ(site_.figure("records"), 5);
    EXPECT_TRUE(isAllOpened());
    EXPECT_NE(opener(), frozen);
}

TEST_F(OpenerJourney, WithoutItsKeyRecordsAreKeptAndTheBacklogShows) {
    fs::rename(site_.path("event.key"), site_.path("event.key.away"));
    ASSERT_EQ(::kill(opener(), SIGKILL), 0);
    ASSERT_TRUE(support::waitUntil([&] { return site_.figure("opener_up") == 0; }));

    EXPECT_TRUE(isRecorded());
    EXPECT_TRUE(isRecorded());

    EXPECT_EQ(site_.figure("unopened"), 2);
    EXPECT_TRUE(support::waitUntil([&] {
        return site_.command({"status"})
                   .out.find("the opener does not run, 2 records wait for it: event key") !=
               std::string::npos;
    }));
    EXPECT_THAT(metrics(), HasSubstr("tapport_opener_up 0\n"));
    EXPECT_TRUE(support::waitUntil(
        [&] { return metrics().find("tapport_hub_unopened_records 2\n") != std::string::npos; }));
    EXPECT_NE(
        site_.command({"export", "--format", "csv", "--out", site_.path("x.csv").string()}).status,
        0)
        << "an acknowledged withdrawal may lie there";
    fs::rename(site_.path("event.key.away"), site_.path("event.key"));
    EXPECT_TRUE(isAllOpened());
    EXPECT_THAT(metrics(), HasSubstr("tapport_opener_up 1\n"));
}

class SlowOpener : public OpenerJourney {
  protected:
    void SetUp() override {}
};

TEST_F(SlowOpener, ThatGreetsTooLateAtTheHubsFirstStartComesLater) {
    // As on a disk that does not answer yet: who opens it waits until there is something to read.
    fs::rename(site_.path("event.key"), site_.path("event.key.away"));
    ASSERT_EQ(::mkfifo(site_.path("event.key").c_str(), S_IRUSR | S_IWUSR), 0);

    start();

    EXPECT_TRUE(isRecorded()) << "nobody waits for it";
    EXPECT_EQ(site_.figure("unopened"), 1);
    EXPECT_EQ(site_.figure("opener_up"), 0);
    fs::rename(site_.path("event.key.away"), site_.path("event.key"));
    EXPECT_TRUE(isAllOpened());
    EXPECT_EQ(site_.figure("opener_up"), 1);
}

bool listens(const fs::path& socket) {
    const int end = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    socket.native().copy(address.sun_path, sizeof address.sun_path - 1);
    const bool isThere =
        ::connect(end, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    ::close(end);
    return isThere;
}

/// The hub and the opener as two users, neither of them root. They are users of any Debian who own
/// nothing.
class OpenerOfAnotherUser : public OpenerJourney {
  protected:
    static constexpr const char* kHubUser = "games";
    static constexpr const char* kOpenerUser = "daemon";
    static constexpr uid_t kHubUid = 5;
    static constexpr uid_t kOpenerUid = 1;

    void SetUp() override {
        if (::geteuid() != 0) {
            GTEST_SKIP() << "only root can start programs as two other users";
        }
        if (support::run(asHub({support::program("tapport-hub"), "--version"})).status != 0) {
            GTEST_SKIP() << "the build folder is closed to other users";
        }
        const fs::path secrets = site_.path("secrets");
        fs::create_directories(secrets);
        fs::rename(site_.path("event.key"), secrets / "event.key");
        give(secrets, kOpenerUid);
        give(secrets / "event.key", kOpenerUid);
        fs::permissions(secrets / "event.key", fs::perms::owner_read);
        fs::permissions(secrets, fs::perms::owner_all);
        support::writeFile(
            site_.path("opener.toml"),
            std::string("event = \"event.json\"\nevent_key = \"secrets/event.key\"\n") +
                "user = \"" + kOpenerUser + "\"\nhub_user = \"" + kHubUser +
                "\"\n[log]\nlevel = \"warning\"\n");
        namesItsOpener(kOpenerUser);
        site_.runHubBy(asHub({}));
        fs::create_directories(site_.path("hub"));
        give(site_.path("hub"), kHubUid);
        give(site_.path("hub.key"), kHubUid);
        fs::permissions(site_.path("hub.toml").parent_path(),
                        fs::perms::others_read | fs::perms::others_exec, fs::perm_options::add);
    }

    static std::vector<std::string> asHub(std::vector<std::string> command) {
        std::vector<std::string> whole{"setpriv", "--reuid",        kHubUser,      "--regid",
                                       kHubUser,  "--clear-groups", "--pdeathsig", "KILL"};
        whole.insert(whole.end(), command.begin(), command.end());
        return whole;
    }
    static void give(const fs::path& file, uid_t user) {
        ASSERT_EQ(::chown(file.c_str(), user, user), 0);
    }
    /// hub.toml, which has no key to name any more.
    void namesItsOpener(const std::string& user) {
        std::istringstream before(support::readFile(site_.path("hub.toml")));
        std::string after;
        for (std::string line; std::getline(before, line) && line != "[opener]";) {
            after += line.rfind("event_key", 0) == 0 ? "" : line + "\n";
        }
        support::writeFile(site_.path("hub.toml"),
                           after + "[opener]\nsocket = \"opener.sock\"\nuser = \"" + user + "\"\n");
    }
    void startOpener(std::vector<std::string> by = {}) {
        by.insert(by.end(),
                  {support::program("tapport-hub"), "--config", site_.path("opener.toml").string(),
                   "opener", "--listen", site_.path("opener.sock").string()});
        opener_ = std::make_unique<support::ChildProcess>(by);
        ASSERT_TRUE(support::waitUntil([&] { return listens(site_.path("opener.sock")); }));
    }

    std::unique_ptr<support::ChildProcess> opener_;
};

std::string usersOf(pid_t pid) {
    std::istringstream status(support::readFile("/proc/" + std::to_string(pid) + "/status"));
    std::string line;
    while (std::getline(status, line) && line.rfind("Uid:", 0) != 0) {
    }
    return line;
}

TEST_F(OpenerOfAnotherUser, OpensWhatTheHubsUserHasNoKeyFor) {
    const Bytes key =
        fromHex(support::readFile(site_.path("secrets/event.key")).substr(0, 64)).value();
    startOpener();
    start();

    ASSERT_TRUE(isRecorded());
    EXPECT_TRUE(isAllOpened());

    EXPECT_EQ(usersOf(site_.hubPid()), "Uid:\t5\t5\t5\t5");
    EXPECT_EQ(usersOf(opener_->pid()), "Uid:\t1\t1\t1\t1");
    const auto read = support::run(asHub({"cat", site_.path("secrets/event.key").string()}));
    EXPECT_NE(read.status, 0);
    EXPECT_THAT(read.err, HasSubstr("Permission denied"));
    EXPECT_EQ(childOf(site_.hubPid()), std::nullopt) << "no opener of its own";
    EXPECT_EQ(hasInMemory(opener_->pid(), key), true);
    EXPECT_EQ(hasInMemory(site_.hubPid(), key), false);
    const std::string memory = "/proc/" + std::to_string(opener_->pid()) + "/mem";
    EXPECT_NE(support::run(asHub({"head", "-c", "1", memory})).status, 0);
}

TEST_F(OpenerOfAnotherUser, MayComeLaterAndGoAndComeBack) {
    start();
    ASSERT_TRUE(isRecorded());
    EXPECT_EQ(site_.figure("opener_up"), 0);
    EXPECT_EQ(site_.figure("unopened"), 1);

    startOpener();
    EXPECT_TRUE(isAllOpened());
    opener_->kill();
    ASSERT_TRUE(isRecorded());
    ASSERT_TRUE(support::waitUntil([&] { return site_.figure("opener_up") == 0; }));
    startOpener();
    EXPECT_TRUE(isAllOpened());
    EXPECT_EQ(opener_->terminate(), 0);
    ASSERT_TRUE(isRecorded());
    startOpener();

    EXPECT_TRUE(isAllOpened());
    EXPECT_EQ(site_.figure("opener_up"), 1);
    EXPECT_EQ(site_.figure("quarantined"), 0);
}

TEST_F(OpenerOfAnotherUser, ServesNobodyElseAndIsNotReplacedByAnybodyElse) {
    startOpener();
    namesItsOpener("nobody");
    const auto wary = support::run(
        asHub({support::program("tapport-hub"), "--config", site_.path("hub.toml").string()}));
    EXPECT_EQ(wary.status, 3);
    EXPECT_THAT(wary.err, HasSubstr("user 'daemon' listens there, not 'nobody'"));

    namesItsOpener(kOpenerUser);
    const auto root = site_.command({"run"});
    EXPECT_EQ(root.status, 3);
    EXPECT_THAT(root.err, HasSubstr("it serves user 'games', not 'root'"));
}

TEST_F(OpenerOfAnotherUser, DoesNotStayRoot) {
    std::string config = support::readFile(site_.path("opener.toml"));
    config.erase(config.find("user = \"daemon\"\n"), std::string("user = \"daemon\"\n").size());
    support::writeFile(site_.path("opener.toml"), config);

    const auto refused = support::run({support::program("tapport-hub"), "--config",
                                       site_.path("opener.toml").string(), "opener", "--listen",
                                       site_.path("opener.sock").string()});

    EXPECT_EQ(refused.status, 3);
    EXPECT_THAT(refused.err, HasSubstr("'user' must say whom to become"));
}

TEST_F(OpenerJourney, AHubHasAKeyOrAnOpenerOfAnotherUserAndNotBoth) {
    const std::string before = support::readFile(site_.path("hub.toml"));

    support::writeFile(site_.path("hub.toml"), before + "[opener]\nsocket = \"o.sock\"\n");
    EXPECT_THAT(site_.command({"status"}).err, HasSubstr("'event_key' must be left out"));
    support::writeFile(site_.path("hub.toml"), before + "[opener]\nuser = \"daemon\"\n");
    EXPECT_THAT(site_.command({"status"}).err, HasSubstr("'opener.user' must be left out"));
}

TEST_F(OpenerJourney, ItDiesWithItsHub) {
    const pid_t child = opener();
    ASSERT_GT(child, 0);

    site_.killHub();

    EXPECT_TRUE(support::waitUntil([&] {
        return !fs::exists("/proc/" + std::to_string(child) + "/exe") ||
               support::readFile("/proc/" + std::to_string(child) + "/status").find("zombie") !=
                   std::string::npos;
    }));
    EXPECT_EQ(site_.figure("opener_up"), 0) << "a hub that does not run has none";
}

}  // namespace
}  // namespace tapport::journey
