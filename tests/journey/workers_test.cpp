// SPDX-License-Identifier: GPL-3.0-or-later
// Two hub processes on one PostgreSQL database and one broker: each serves its share of the kiosks;
// one that is killed or frozen loses its share to the other within seconds, and nothing is lost or
// doubled.
#include "sync/agent/runner.h"
#include "sync/hub/store/leases.h"
#include "tests/journey/workers_journey.h"
#include "tests/support/fake_outbox.h"

#include <csignal>
#include <future>

#include <gmock/gmock.h>

namespace tapport::journey {
namespace {

TEST_F(WorkersJourney, AKilledWorkersKiosksAreServedByTheOtherWithinSeconds) {
    const auto one = start("one");
    auto two = start("two");
    ASSERT_TRUE(isShared());
    recordOneEach();

    two->kill();
    auto recording = std::async(std::launch::async, [this] { recordOneEach(); });

    EXPECT_TRUE(holdsAll("one", hub::Leases::kLease + support::kSoon));
    recording.get();
    two = start("two");
    EXPECT_TRUE(isShared()) << "and shared again when it is back";
    recordOneEach();
    EXPECT_TRUE(support::waitUntil(
        [&] { return metricsOf("two").find("tapport_hub_shards 32\n") != std::string::npos; }));
    EXPECT_THAT(metricsOf("one"), testing::HasSubstr("tapport_kiosk_backlog_records"));
    expectEverythingOnce();
}

TEST_F(WorkersJourney, EachWorkerKnowsWhichKiosksAreConnectedWhoeverServesThem) {
    const auto one = start("one");
    std::vector<support::FakeOutbox> outboxes(kKiosks);
    std::vector<std::unique_ptr<agent::AgentRunner>> agents;
    for (std::size_t i = 0; i < kKiosks; ++i) {
        agent::AgentOptions options;
        options.broker.port = site_.broker().port();
        options.pump.event = site_.event().id;
        options.pump.kiosk = kiosks_[i];
        options.pump.bootSpread = {};
        options.pump.sign = [keys = keys_[i]](ByteView covered) {
            return receipt::signMessage(covered, keys);
        };
        options.isHubs = [](const auto&, ByteView) { return true; };
        agents.push_back(
            std::make_unique<agent::AgentRunner>(options, outboxes[i], [](const auto&) {}));
    }
    const auto connected = [&](const std::string& worker) {
        return site_.figure("kiosks_connected", worker);
    };
    ASSERT_TRUE(support::waitUntil([&] { return connected("one") == kKiosks; }));

    const auto two = start("two");
    ASSERT_TRUE(isShared());
    EXPECT_TRUE(support::waitUntil([&] { return connected("two") == kKiosks; }));
    agents.pop_back();

    EXPECT_TRUE(support::waitUntil([&] {
        return connected("one") == kKiosks - 1 && connected("two") == kKiosks - 1;
    })) << connected("one")
        << " and " << connected("two");
}

TEST_F(WorkersJourney, AFrozenWorkerDoesNoHarmWhenItGoesOn) {
    const auto one = start("one");
    const auto two = start("two");
    ASSERT_TRUE(isShared());
    recordOneEach();

    two->signal(SIGSTOP);
    recordOneEach();
    EXPECT_TRUE(holdsAll("one"));
    two->signal(SIGCONT);
    recordOneEach();

    EXPECT_TRUE(isShared());
    recordOneEach();
    expectEverythingOnce();
}

TEST_F(WorkersJourney, AWorkerThatEndsHandsOverAtOnce) {
    const auto one = start("one");
    const auto two = start("two");
    ASSERT_TRUE(isShared());

    EXPECT_EQ(two->terminate(), 0);

    EXPECT_EQ(held("two"), 0) << "nobody waits for a lease to expire";
    EXPECT_TRUE(holdsAll("one"));
    recordOneEach();
    expectEverythingOnce();
}

TEST_F(WorkersJourney, OfTwoUnderOneNameTheLaterServesAndTheOtherStaysAwayUntilThatEnds) {
    const auto thrownOut = [&] {
        const std::string log = support::readFile(site_.path("broker") / "mosquitto.log");
        const std::string line = "Client hub-one already connected, closing old connection";
        std::size_t times = 0;
        for (auto at = log.find(line); at != std::string::npos; at = log.find(line, at + 1)) {
            ++times;
        }
        return times;
    };
    const auto one = start("one");
    recordOneEach();

    const auto other = site_.startWorker("copy", url_, "one");
    ASSERT_TRUE(support::waitUntil([&] {
        return support::readFile(site_.path("one.log"))
                   .find("another one connects as hub-one too") != std::string::npos;
    }));
    recordOneEach();
    const std::size_t settled = thrownOut();
    recordOneEach();
    recordOneEach();

    EXPECT_EQ(thrownOut(), settled) << "they do not throw each other out in turn";
    EXPECT_EQ(other->terminate(), 0);
    recordOneEach();
    EXPECT_LE(thrownOut(), settled + 1) << "at most one that has not closed yet";
    expectEverythingOnce();
}

TEST_F(WorkersJourney, AnEditionIsTakenOnceTheDatabaseLetsTheHubInAgain) {
    const auto one = start("one");
    recordOneEach();
    // Who is connected stays so: the hub sees the edition, and cannot open anything anew.
    const auto letIn = [&](const char* whether) {
        std::string elsewhere = url_;
        elsewhere.replace(elsewhere.find("/postgres?"), 10, "/template1?");
        return support::run({"/usr/lib/postgresql/15/bin/psql", "--no-psqlrc", elsewhere,
                             "--command",
                             std::string("ALTER DATABASE postgres ALLOW_CONNECTIONS ") + whether})
            .status;
    };
    ASSERT_EQ(letIn("false"), 0);
    std::string file = support::readFile(site_.path("event.json"));
    file.replace(file.find("Example Expo"), 12, "Renamed Expo");
    support::writeFile(site_.path("event.json"), file);
    site_.publishEdition(2);

    EXPECT_TRUE(support::waitUntil([&] {
        return support::readFile(site_.path("one.log")).find("and tries again") !=
               std::string::npos;
    }));
    EXPECT_TRUE(one->isRunning());
    ASSERT_EQ(letIn("true"), 0);

    recordOneEach();
    EXPECT_THAT(pageOf("one", "/login"), testing::HasSubstr("Renamed Expo"));
    expectEverythingOnce();
    EXPECT_EQ(one->terminate(), 0);
}

TEST_F(WorkersJourney, ADatabaseThatCrashesIsWaitedFor) {
    const auto one = start("one");
    recordOneEach();

    server_.crash();
    server_.start();
    recordOneEach();

    expectEverythingOnce();
}

}  // namespace
}  // namespace tapport::journey
