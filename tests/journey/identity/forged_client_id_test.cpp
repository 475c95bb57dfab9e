// SPDX-License-Identifier: GPL-3.0-or-later
// A device with a certificate of its own that gives another's client id: the broker gives it its
// own instead, so it ends nobody's session, and its log shows who it was.
#include "tests/journey/identity/identity_fixture.h"

namespace tapport::journey {
namespace {

class ForgedClientId : public Identity {
  protected:
    ForgedClientId() { site_.stopHub(); }

    /// True when it gets this before anything else but what is retained.
    static bool hears(mqtt::Client& client, const std::string& topic) {
        while (const auto arrived = await<mqtt::Arrived>(client)) {
            if (!arrived->isRetained) {
                return arrived->topic == topic;
            }
        }
        return false;
    }
    static void listen(mqtt::Client& client, const std::string& topic) {
        ASSERT_TRUE(client.subscribe(topic));
        ASSERT_TRUE(await<mqtt::Subscribed>(client));
    }
    mqtt::Options asHub() const {
        mqtt::Options options = site_.optionsOf(first_);
        options.clientId = "hub-main";
        options.tls->certificate = site_.path("fair/keys/hub-main.crt");
        options.tls->key = site_.path("fair/keys/hub-main.key");
        return options;
    }
    /// The first kiosk's certificate, and this name, as given or with the prefix of all.
    mqtt::Options forged(const std::string& name, std::string_view prefix) const {
        mqtt::Options options = site_.optionsOf(first_);
        options.clientId = name;
        options.tls->idPrefix = prefix;
        return options;
    }
    /// Connections that the broker took under this name.
    std::size_t connectionsAs(const std::string& name) const {
        const std::string log = support::readFile(site_.path("mosquitto/mosquitto.log"));
        const std::string line = " as " + name + " (";
        std::size_t times = 0;
        for (auto at = log.find(line); at != std::string::npos; at = log.find(line, at + 1)) {
            ++times;
        }
        return times;
    }

    const std::filesystem::path first_ = site_.enrolled("kiosk-1");
    const std::filesystem::path second_ = site_.enrolled("kiosk-2");
};

TEST_F(ForgedClientId, ThrowsNobodyOutAndShowsInTheBrokersLogAsWhoItIs) {
    mqtt::Client hub(asHub());
    mqtt::Client kiosk(site_.optionsOf(second_));
    ASSERT_TRUE(connects(hub));
    ASSERT_TRUE(connects(kiosk));
    listen(kiosk, wire::ackTopic({"kiosk-2"}));
    listen(hub, std::string(wire::kUpFilter));

    for (const std::string name : {"kiosk-2", "hub-main"}) {
        const std::size_t own = connectionsAs("kiosk-1");
        const std::size_t its = connectionsAs(name);
        mqtt::Client forger(forged(name, mqtt::kIdPrefix));
        mqtt::Client bare(forged(name, ""));

        EXPECT_TRUE(connects(forger)) << name;
        EXPECT_FALSE(connects(bare)) << name;

        EXPECT_TRUE(support::waitUntil([&] { return connectionsAs("kiosk-1") == own + 1; }))
            << name;
        EXPECT_EQ(connectionsAs(name), its);
    }

    // Still the same connections: others would not have these subscriptions.
    EXPECT_EQ(reasonOfPublish(hub, wire::ackTopic({"kiosk-2"})), 0);
    EXPECT_TRUE(hears(kiosk, wire::ackTopic({"kiosk-2"})));
    EXPECT_EQ(reasonOfPublish(kiosk, wire::upTopic({"kiosk-2"})), 0);
    EXPECT_TRUE(hears(hub, wire::upTopic({"kiosk-2"})));
    EXPECT_FALSE(site_.brokerLogHas("kiosk-2 already connected"));
    EXPECT_FALSE(site_.brokerLogHas("hub-main already connected"));
}

}  // namespace
}  // namespace tapport::journey
