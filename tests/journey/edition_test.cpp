// SPDX-License-Identifier: GPL-3.0-or-later
// A running hub opens everything again with an event file that was published, whatever is in its
// way at that moment.
#include "sync/seal/chain.h"
#include "sync/wire/topics.h"
#include "tests/journey/hub_site.h"

#include <atomic>
#include <thread>

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace tapport::journey {
namespace {

using hub::samples::kKiosk;

/// One that asks the running hub letter by letter, one a second: it hangs up on who says nothing
/// for ten.
class SlowCommand {
  public:
    explicit SlowCommand(const std::filesystem::path& socket)
        : fd_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        socket.string().copy(address.sun_path, sizeof address.sun_path - 1);
        EXPECT_EQ(::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
        thread_ = std::thread([this] { ask(); });
    }
    ~SlowCommand() {
        isEnding_ = true;
        thread_.join();
        ::close(fd_);
    }
    SlowCommand(const SlowCommand&) = delete;
    SlowCommand& operator=(const SlowCommand&) = delete;

  private:
    void ask() const {
        while (!support::waitUntil([this] { return isEnding_.load(); }, std::chrono::seconds(1))) {
            EXPECT_EQ(::send(fd_, "x", 1, MSG_NOSIGNAL), 1);
        }
    }

    int fd_;
    std::atomic<bool> isEnding_{false};
    std::thread thread_;
};

class Editions : public testing::Test {
  protected:
    void SetUp() override {
        support::ChildOptions options;
        options.log = site_.path("hub.log");
        hub_ = std::make_unique<support::ChildProcess>(
            std::vector<std::string>{support::program("tapport-hub"), "--config",
                                     site_.path("hub.toml").string()},
            options);
        url_ = hub_->readLine().value_or("");
        ASSERT_NE(url_, "");
    }
    /// One that says something else.
    void publishRenamed() const {
        std::string file = support::readFile(site_.path("event.json"));
        file.replace(file.find("Example Expo"), 12, "Renamed Expo");
        support::writeFile(site_.path("event.json"), file);
        site_.publishEdition(2);
    }
    bool isRenamed() const {
        const auto page = support::run({"curl", "--silent", url_ + "/login"}).out;
        return page.find("Renamed Expo") != std::string::npos;
    }
    /// The kiosk asks, and is answered.
    bool isServed() {
        kiosk_.send(wire::Hello{
            site_.event().id, kKiosk, hub::samples::epoch(), 1, 1, seal::kChainStart, {}});
        return kiosk_.ack().has_value();
    }

    HubSite site_;
    std::unique_ptr<support::ChildProcess> hub_;
    std::string url_;
    KioskEnd kiosk_{site_};
};

TEST_F(Editions, AreTakenOnceEveryFileFitsAgain) {
    const std::string keys = support::readFile(site_.path("keys.json"));
    support::writeFile(site_.path("keys.json"), keys.substr(0, keys.size() / 2));
    publishRenamed();

    EXPECT_TRUE(support::waitUntil([&] {
        return support::readFile(site_.path("hub.log")).find("and tries again") !=
               std::string::npos;
    })) << "it opens everything anew, and cannot";
    support::writeFile(site_.path("keys.json"), keys);

    EXPECT_TRUE(support::waitUntil([&] { return isRenamed(); }));
    EXPECT_EQ(hub_->terminate(), 0);
}

TEST_F(Editions, ACommandThatTakesLongKeepsKiosksServedMeanwhile) {
    mqtt::Options options;
    options.port = site_.broker().port();
    options.clientId = "watcher";
    options.connectTimeout = support::kPatience;
    mqtt::Client watcher(options);
    watcher.connect(std::nullopt);
    const auto sees = [&](auto isIt) {
        const auto deadline = std::chrono::steady_clock::now() + support::kPatience;
        while (const auto event = watcher.next(deadline)) {
            if (isIt(*event)) {
                return true;
            }
        }
        return false;
    };
    ASSERT_TRUE(sees([&](const auto&) { return watcher.isConnected(); }));
    ASSERT_TRUE(watcher.subscribe(wire::downTopic(kKiosk)));
    ASSERT_TRUE(kiosk_.awaitHub(wire::Presence::Online));
    {
        const SlowCommand command(site_.path("hub") / "hub.sock");
        publishRenamed();
        ASSERT_TRUE(isServed());
        ASSERT_TRUE(sees([](const mqtt::Event& event) {
            return std::holds_alternative<mqtt::Arrived>(event);
        })) << "the hub has seen the file, and is about to open everything with it";
        for (int i = 0; i < 5; ++i) {
            ASSERT_TRUE(isServed());
            EXPECT_EQ(kiosk_.hubState()->presence, wire::Presence::Online);
        }
        EXPECT_FALSE(isRenamed());
    }

    EXPECT_TRUE(support::waitUntil([&] { return isRenamed(); }));
}

}  // namespace
}  // namespace tapport::journey
