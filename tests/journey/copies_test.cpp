// SPDX-License-Identifier: GPL-3.0-or-later
// A kiosk's card that was put back, cloned or replaced, with the real store, agent, broker and hub:
// every record that was made is at the hub once, and the hub says what happened.
#include "firmware-app/store/kiosk_store.h"
#include "tests/journey/site_agent.h"
#include "tests/support/wait_until.h"
#include "tests/sync/hub/samples.h"

#include <mutex>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tapport::journey {
namespace {

using hub::samples::kKiosk;
using testing::HasSubstr;

class Copies : public testing::Test {
  protected:
    Copies() { site_.startHub(); }

    /// The kiosk runs with this card, records `visits` and delivers; gives its epochs.
    std::vector<agent::OutboxEpoch> run(const std::string& card,
                                        const std::vector<std::uint64_t>& visits) {
        std::filesystem::create_directories(site_.path(card));
        auto store = store::KioskStore::open(
            {site_.path(card) / "kiosk.db", kKiosk, site_.event(), site_.kioskKeys()});
        EXPECT_TRUE(store) << store.error().context;
        for (const std::uint64_t visit : visits) {
            const std::vector units{site_.visit(visit).unit};
            EXPECT_TRUE((*store)->commit(units, std::nullopt));
        }
        std::mutex mutex;
        agent::AgentStatus seen;
        agent::AgentRunner runner(agentOptions(site_), **store,
                                  [&](const agent::AgentStatus& status) {
                                      const std::lock_guard lock(mutex);
                                      seen = status;
                                  });
        EXPECT_TRUE(support::waitUntil([&] {
            const std::lock_guard lock(mutex);
            return seen.isHubOnline && seen.counts.received > 0 && seen.counts.waiting == 0;
        }));
        runner.stop();
        return (*store)->epochs().value();
    }
    void copy(const std::string& from, const std::string& to) {
        std::filesystem::remove_all(site_.path(to));
        std::filesystem::copy(site_.path(from), site_.path(to));
    }
    void expectInHub(std::int64_t records) {
        EXPECT_TRUE(support::waitUntil([&] {
            return site_.figure("visits") == records && site_.figure("unopened") == 0;
        })) << site_.command({"status"}).out;
        EXPECT_EQ(site_.figure("records"), records);
        EXPECT_EQ(site_.figure("quarantined"), 0);
    }

    HubSite site_;
};

TEST_F(Copies, ACardThatWasPutBackLosesNothingAndBeginsAnEpoch) {
    run("card", {1, 2, 3});
    copy("card", "old");
    run("card", {4, 5});

    copy("old", "card");
    const auto epochs = run("card", {6});  // at position 4 again

    EXPECT_EQ(epochs.size(), 2U);
    expectInHub(6);
    EXPECT_EQ(site_.figure("forks"), 1);
    EXPECT_EQ(site_.figure("forked_epochs"), 1);
    EXPECT_THAT(site_.command({"status"}).out, HasSubstr("restored or cloned"));
    EXPECT_EQ(run("card", {7}).size(), 2U) << "once";
    expectInHub(7);
}

TEST_F(Copies, OfTwoClonesEachDeliversEverything) {
    run("card", {1, 2});
    copy("card", "clone");
    run("card", {3});

    const auto epochs = run("clone", {4, 5});
    const auto first = run("card", {6});

    EXPECT_EQ(epochs.size(), 2U);
    EXPECT_EQ(first.size(), 1U) << "nobody contradicts the one that came first";
    expectInHub(6);
    EXPECT_GT(site_.figure("forks"), 0);
}

TEST_F(Copies, ACardThatWasReplacedIsANewSequence) {
    run("card", {1, 2});
    std::filesystem::remove_all(site_.path("card"));

    run("card", {3});

    expectInHub(3);
    EXPECT_EQ(site_.figure("forks"), 0);
    EXPECT_EQ(site_.figure("kiosks_complete"), 2);
}

/// In seconds, between two times that one client threw out another of its name, after the first
/// few.
std::int64_t longestTruce(const std::string& brokerLog) {
    constexpr int kFirst = 5;
    std::istringstream lines(brokerLog);
    std::int64_t longest = 0;
    std::int64_t last = 0;
    int count = 0;
    for (std::string line; std::getline(lines, line);) {
        if (line.find(" already connected, closing old connection") != std::string::npos) {
            const std::int64_t at = std::stoll(line);
            longest = ++count > kFirst ? std::max(longest, at - last) : 0;
            last = at;
        }
    }
    return longest;
}

TEST_F(Copies, HubsOnCopiesOfOneFolderDoNotThrowEachOtherOutAllTheTime) {
    ASSERT_EQ(site_.stopHub(), 0);
    copy("hub", "hub-copy");
    std::string config = support::readFile(site_.path("hub.toml"));
    config.replace(config.find("\"hub\""), 5, "\"hub-copy\"");
    support::writeFile(site_.path("copy.toml"), config);
    site_.startHub();

    support::ChildOptions quiet;
    quiet.log = site_.path("copy.log");
    const support::ChildProcess other(
        {support::program("tapport-hub"), "--config", site_.path("copy.toml").string()}, quiet);

    EXPECT_TRUE(support::waitUntil([&] {
        return longestTruce(support::readFile(site_.path("broker") / "mosquitto.log")) >= 2;
    }));
}

}  // namespace
}  // namespace tapport::journey
