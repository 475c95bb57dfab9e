// SPDX-License-Identifier: GPL-3.0-or-later
// A kiosk behind 64 kbit/s with more waiting than such a link carries in minutes: what people do
// now is at the hub within seconds all the same, what they take back first, and nothing is sent
// again and again. Network namespaces with a token bucket at both ends of the cable; takes root.
#include "sync/agent/pump.h"
#include "tests/fault/scale.h"
#include "tests/fault/schedules/fault_site.h"

#include <fmt/core.h>
#include <gmock/gmock.h>

namespace tapport::fault {
namespace {

using std::chrono::milliseconds;

constexpr std::uint64_t kBitsPerSecond = 64'000;
constexpr std::size_t kKiosksPlace = 1;

milliseconds since(Instant start, Instant end) {
    return std::chrono::duration_cast<milliseconds>(end - start);
}

class SlowLink : public testing::Test {
  protected:
    void SetUp() override {
        if (const auto why = support::PrivateNetwork::whyNotSlow()) {
            GTEST_SKIP() << *why;
        }
        network_ = std::make_unique<support::PrivateNetwork>(2);
        site_ = std::make_unique<FaultSite>(1, *network_);
        network_->slowDown(kKiosksPlace, kBitsPerSecond);
    }
    /// Visits that were confirmed once the drain was under way, all of them acknowledged.
    [[nodiscard]] static bool hasNews(const Timeline& timeline, std::size_t visits) {
        std::size_t done = 0;
        std::size_t withdrawals = 0;
        for (const auto& [id, record] : timeline.records) {
            const bool isNews = record.confirmed && record.acknowledged;
            done += isNews ? 1 : 0;
            withdrawals += isNews && record.isUrgent ? 1 : 0;
        }
        return done >= visits && withdrawals >= visits / 4;
    }

    // Before everything that runs in it.
    std::unique_ptr<support::PrivateNetwork> network_;
    std::unique_ptr<FaultSite> site_;
};

TEST_F(SlowLink, NewRecordsAndWithdrawalsDoNotWaitForTheBacklogAndNothingIsSentForEver) {
    // 250 kB: half a minute of this link.
    FaultSite::Kiosk& kiosk = site_->kiosk(0);
    kiosk.keepsTimeline = true;
    kiosk.arguments = {
        "--as-shipped",     "--backlog", std::to_string(scaled(300, 3000)), "--pause", "1000",
        "--withdraw-every", "3"};
    site_->startKiosk(kiosk);

    const auto news = static_cast<std::size_t>(scaled(8, 120));
    const bool isThere = support::waitUntil([&] { return hasNews(site_->timelineOf(kiosk), news); },
                                            std::chrono::minutes(20));

    const std::uint64_t carried = network_->bytesFrom(kKiosksPlace);
    const Timeline timeline = site_->timelineOf(kiosk);
    ASSERT_TRUE(isThere) << timeline.acknowledged() << " acknowledged";
    milliseconds slowest{0};
    std::size_t ahead = 0;
    std::size_t bytes = 0;
    std::size_t again = 0;
    for (const auto& [id, record] : timeline.records) {
        bytes += record.acknowledged ? record.bytes : 0;
        again += record.sent.empty() ? 0 : record.sent.size() - 1;
        if (record.confirmed && record.acknowledged) {
            slowest = std::max(slowest, since(*record.confirmed, *record.acknowledged));
            ahead = std::max(ahead, timeline.bytesOut(*record.confirmed));
        }
    }
    // Behind a window of 256 KiB it took a minute and more, and each record was sent ten times.
    EXPECT_LT(slowest, support::kSoon);
    EXPECT_LE(ahead, agent::PumpOptions{}.windowBytes);
    EXPECT_LE(again, timeline.acknowledged() / 2) << "sent again and again";
    EXPECT_LE(timeline.hellos.size(), 2U) << "the connection does not hold";
    fmt::print(
        "{} acknowledged, {} of them and of others sent again; a new one after {} ms at most, "
        "with {} bytes ahead; {} of {} bytes carried were acknowledged records\n",
        timeline.acknowledged(), again, slowest.count(), ahead, bytes, carried);
    if (!runsAll()) {
        network_->hurry(kKiosksPlace);
    }
    site_->expectAllAtTheHubOnce();
}

// Else the test above would prove nothing.
TEST(PrivateNetwork, ASlowCableCarriesWhatItIsToldTo) {
    if (const auto why = support::PrivateNetwork::whyNotSlow()) {
        GTEST_SKIP() << *why;
    }
    const support::PrivateNetwork network(1);
    constexpr std::uint64_t kBytesPerSecond = 10'000;
    constexpr std::uint64_t kWaiting = 20'000;  // and some more that others say
    // 200 kB at once, to nobody.
    auto command = network.runAt(0);
    command.insert(command.end(), {"bash", "-c",
                                   fmt::format("exec 3>/dev/udp/{}/9; for ((i = 0; i < 200; ++i)); "
                                               "do printf %01000d 0 >&3; done 2>/dev/null",
                                               network.addressOfUsFor(0))});
    const auto carried = [&] {
        const std::uint64_t before = network.bytesFrom(0);
        (void)support::run(command);
        return network.bytesFrom(0) - before;
    };

    network.slowDown(0, kBytesPerSecond * 8);
    const Instant start = std::chrono::steady_clock::now();
    const std::uint64_t slowly = carried();
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    EXPECT_LE(static_cast<double>(slowly),
              kWaiting + took.count() * static_cast<double>(kBytesPerSecond));

    network.hurry(0);
    EXPECT_GE(carried(), 150'000U);
}

}  // namespace
}  // namespace tapport::fault
