// SPDX-License-Identifier: GPL-3.0-or-later
// Kiosks that come back after three days: one that was off, one that recorded all the time and had
// no network. Their clocks are libfaketime's; nobody waits. In the pump's time: pump_offline_test.
#include "tests/fault/schedules/fault_site.h"

#include <gmock/gmock.h>

namespace tapport::fault {
namespace {

class ThreeDays : public testing::Test {
  protected:
    void SetUp() override {
        if (std::string(TAPPORT_FAKETIME).empty()) {
            GTEST_SKIP() << "no wrong clocks with a sanitizer";
        }
        site_.kiosk(0).cable->set(support::Interceptor::Mode::Swallow);
    }
    void setClock(const std::string& offset) {
        support::replaceFile(site_.kiosk(0).data.parent_path() / "clock", offset);
    }
    void start() {
        FaultSite::Kiosk& kiosk = site_.kiosk(0);
        kiosk.environment = {
            std::string("LD_PRELOAD=") + TAPPORT_FAKETIME,
            "FAKETIME_TIMESTAMP_FILE=" + (kiosk.data.parent_path() / "clock").string(),
            "FAKETIME_NO_CACHE=1", "FAKETIME_DONT_FAKE_MONOTONIC=1"};
        site_.startKiosk(kiosk);
    }
    void recordSome() const {
        constexpr std::size_t kSome = 30;
        const std::size_t before = site_.diary().confirmed.size();
        ASSERT_TRUE(
            support::waitUntil([&] { return site_.diary().confirmed.size() >= before + kSome; }));
    }

    FaultSite site_{1};
};

TEST_F(ThreeDays, OffAndThenOnEverythingIsThereOnce) {
    setClock("-3d");
    start();
    recordSome();
    site_.kiosk(0).process->kill();
    EXPECT_EQ(site_.hub().figure("records"), 0) << "it had a network";

    setClock("+0");
    start();
    recordSome();

    site_.expectMuchAtStake();
    site_.expectAllAtTheHubOnce();
}

TEST_F(ThreeDays, RecordedWithoutANetworkEverythingIsThereOnce) {
    setClock("-3d");
    start();
    for (const char* const later : {"-2d", "-1d", "+0"}) {
        recordSome();
        setClock(later);
    }
    recordSome();
    EXPECT_EQ(site_.hub().figure("records"), 0) << "it had a network";

    site_.expectMuchAtStake();
    site_.expectAllAtTheHubOnce();
}

}  // namespace
}  // namespace tapport::fault
