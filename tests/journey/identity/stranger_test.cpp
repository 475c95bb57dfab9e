// SPDX-License-Identifier: GPL-3.0-or-later
// Who has no certificate reaches the listener for enrolment, and with it the broker that everybody
// else is connected to: he must not disturb them.
#include "sync/wire/topics.h"
#include "tests/journey/identity/tls_site.h"
#include "tests/support/wait_until.h"

#include <gtest/gtest.h>

namespace tapport::journey {
namespace {

using Clock = std::chrono::steady_clock;

class Stranger : public testing::Test {
  protected:
    static bool connects(mqtt::Client& client) {
        client.connect(std::nullopt);
        const auto event = client.next(Clock::now() + support::kPatience);
        return event && std::holds_alternative<mqtt::Connected>(*event);
    }
    mqtt::Options strangerAs(const std::string& clientId, const std::string& user) const {
        mqtt::Options options;
        options.port = site_.enrolPort();
        options.tls = mqtt::Tls{mqtt::Peer::Unverified, {}, {}, {}, {}};
        options.clientId = clientId;
        options.user = user;
        options.connectTimeout = support::kPatience;
        return options;
    }

    TlsSite site_;
};

TEST_F(Stranger, ThrowsOutNeitherTheHubNorAKiosk) {
    const auto folder = site_.enrolled("kiosk-1");
    mqtt::Client kiosk(site_.optionsOf(folder));
    ASSERT_TRUE(connects(kiosk));

    for (const std::string name : {"hub-main", "kiosk-1"}) {
        for (const std::string& user : {std::string(), name}) {
            mqtt::Client stranger(strangerAs(name, user));
            EXPECT_FALSE(connects(stranger)) << name << " " << user;
        }
    }

    // What the broker does is in its log in order: the two that follow come after.
    ASSERT_TRUE(kiosk.publish({wire::stateTopic({"kiosk-1"}), {1}, mqtt::Retain::No}));
    const auto event = kiosk.next(Clock::now() + support::kPatience);
    EXPECT_TRUE(event && std::holds_alternative<mqtt::Published>(*event));
    (void)site_.enrolled("kiosk-2");
    EXPECT_FALSE(site_.brokerLogHas("already connected"));
    EXPECT_FALSE(site_.hubLogHas("no broker"));
}

TEST_F(Stranger, DoesNotKeepASessionFromBeingTakenOver) {
    const auto folder = site_.enrolled("kiosk-1");
    mqtt::Client kiosk(site_.optionsOf(folder));
    ASSERT_TRUE(connects(kiosk));
    mqtt::Client stranger(strangerAs("kiosk-1", ""));
    EXPECT_FALSE(connects(stranger));

    const auto said = site_.hub({"revoke", "kiosk-1", "--why", "lost"});

    EXPECT_EQ(said.status, 0) << said.err;
    const auto event = kiosk.next(Clock::now() + support::kPatience);
    EXPECT_TRUE(event && std::holds_alternative<mqtt::Lost>(*event));
}

}  // namespace
}  // namespace tapport::journey
