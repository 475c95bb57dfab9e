// SPDX-License-Identifier: GPL-3.0-or-later
// The hub has enrolled a kiosk, which never hears of it.
#include "tests/journey/identity/tls_site.h"
#include "tests/support/interceptor.h"
#include "tests/support/wait_until.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tapport::journey {
namespace {

using testing::HasSubstr;

TEST(LostReply, TheKioskAsksAgainAndIsEnrolledOnce) {
    // Of all that is sent only the grant, with the event file in it, is that large.
    constexpr int kGrant = 4000;
    const TlsSite site;
    support::Interceptor cable(site.enrolPort());
    cable.loseNextAbove(kGrant);
    const std::string code = site.invite("kiosk-1");
    const auto kiosk = site.unpack("kiosk-1", "kiosk-1");
    site.enrolThrough(cable.port(), kiosk);

    const auto said = site.enrol(kiosk, code);

    EXPECT_EQ(said.status, 0) << said.err;
    EXPECT_TRUE(cable.hasLost());
    EXPECT_EQ(cable.connections(), 2);
    EXPECT_TRUE(
        support::waitUntil([&] { return site.hubLogHas("certificate of kiosk-1 sent again"); }));
    const std::string kiosks = site.hub({"kiosks"}).out;
    EXPECT_THAT(kiosks, HasSubstr("kiosk-1"));
    EXPECT_EQ(std::count(kiosks.begin(), kiosks.end(), '\n'), 1) << kiosks;
    const auto thief = site.enrol(site.unpack("kiosk-1", "thief"), code);
    EXPECT_EQ(thief.status, 1);
    EXPECT_THAT(thief.err, HasSubstr("other keys"));
}

}  // namespace
}  // namespace tapport::journey
