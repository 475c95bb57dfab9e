// SPDX-License-Identifier: GPL-3.0-or-later
// Who gets in, and what a kiosk that is in may do; each refusal is in a log.
#include "sync/identity/authority.h"
#include "tests/journey/identity/identity_fixture.h"

#include <grp.h>
#include <sys/stat.h>
#include <unistd.h>

namespace tapport::journey {
namespace {

using support::readFile;
using support::waitUntil;
using testing::HasSubstr;
namespace fs = std::filesystem;

TEST_F(Identity, AKioskEnrolsWithACodeAndHearsTheHub) {
    const fs::path kiosk = site_.enrolled("kiosk-1");

    mqtt::Client client(site_.optionsOf(kiosk));
    ASSERT_TRUE(connects(client));
    ASSERT_TRUE(client.subscribe(std::string(wire::kHubTopic)));

    const auto state = await<mqtt::Arrived>(client);
    ASSERT_TRUE(state);
    EXPECT_EQ(wire::decodeHubState(state->payload)->presence, wire::Presence::Online);
    EXPECT_EQ(readFile(kiosk / "event.json"), readFile(site_.path("fair/event.json")));
    for (const char* secret : {"identity/kiosk.key", "kiosk/signing.key"}) {
        EXPECT_EQ(fs::status(kiosk / secret).permissions(),
                  fs::perms::owner_read | fs::perms::owner_write)
            << secret;
    }
    EXPECT_THAT(site_.hub({"kiosks"}).out, HasSubstr("kiosk-1"));
    EXPECT_THAT(site_.hub({"kiosks", "--jwk"}).out, HasSubstr("\"OKP\""));
}

TEST_F(Identity, AKioskWhoseReplyGotLostAsksAgainAndNobodyElseCan) {
    const std::string code = site_.invite("kiosk-1");
    const fs::path kiosk = site_.unpack("kiosk-1", "kiosk-1");
    ASSERT_EQ(site_.enrol(kiosk, code).status, 0);
    const std::string certificate = readFile(kiosk / "identity/kiosk.crt");
    fs::remove(kiosk / "identity/kiosk.crt");
    fs::remove(kiosk / "event.json");

    const auto again = site_.enrol(kiosk, code);
    const auto thief = site_.enrol(site_.unpack("kiosk-1", "thief"), code);

    EXPECT_EQ(again.status, 0) << again.err;
    EXPECT_EQ(readFile(kiosk / "identity/kiosk.crt"), certificate);
    EXPECT_EQ(thief.status, 1);
    EXPECT_THAT(thief.err, HasSubstr("other keys"));
    EXPECT_TRUE(waitUntil([&] { return site_.hubLogHas("used by a device with other keys"); }));
}

TEST_F(Identity, ABoardWithRecordsOfAnotherEventIsNotEnrolledOverThem) {
    const fs::path kiosk = site_.enrolled("kiosk-1");
    const auto event = event::parse(readFile(kiosk / "event.json")).value();
    keepRecords(kiosk, 1);
    const std::string certificate = readFile(kiosk / "identity/kiosk.crt");
    TlsSite expo("expo-2027");
    const fs::path there = expo.unpack("kiosk-1", "kiosk-1");
    fs::copy_file(there / "kiosk.toml", kiosk / "kiosk.toml", fs::copy_options::overwrite_existing);
    fs::remove(kiosk / "event.json");
    const std::string code = expo.invite("kiosk-1");

    const auto over = expo.enrol(kiosk, code);

    EXPECT_NE(over.status, 0);
    EXPECT_THAT(over.err, HasSubstr("1 records wait for the hub of " + event.id.value));
    EXPECT_FALSE(fs::exists(kiosk / "event.json"));
    EXPECT_EQ(readFile(kiosk / "identity/kiosk.crt"), certificate);
    EXPECT_EQ(expo.enrol(there, expo.invite("kiosk-1")).status, 0) << "with a new data folder";
}

TEST_F(Identity, ATypingErrorIsNamedBeforeAnythingIsSent) {
    std::string code = site_.invite("kiosk-1");
    code[7] = code[7] == 'A' ? 'B' : 'A';

    const auto said = site_.enrol(site_.unpack("kiosk-1", "kiosk-1"), code);

    EXPECT_NE(said.status, 0);
    EXPECT_THAT(said.err, HasSubstr("group 2 of the code is mistyped"));
    EXPECT_FALSE(fs::exists(site_.path("kiosk-1/identity")));
}

TEST_F(Identity, AStrangerIsRefusedAndLogged) {
    const fs::path kiosk = site_.enrolled("kiosk-1");
    const auto other = identity::Authority::make("other fair").value();
    const std::string key = identity::makeKey().value();
    const auto certificate =
        other.issueClient(identity::makeRequest(key, "kiosk-1").value(), "kiosk-1").value();
    support::writeFile(kiosk / "identity/stranger.crt", certificate.pem());
    support::writeFile(kiosk / "identity/stranger.key", key);
    mqtt::Options options = site_.optionsOf(kiosk);
    options.tls->certificate = kiosk / "identity/stranger.crt";
    options.tls->key = kiosk / "identity/stranger.key";

    mqtt::Client stranger(options);
    options.tls->certificate.clear();
    mqtt::Client nobody(options);

    // A broker that is slow to answer may see a client give up before it has looked at it.
    const auto isRefused = [&](mqtt::Client& client, const char* why) {
        return waitUntil([&] { return connects(client) || site_.brokerLogHas(why); }) &&
               !client.isConnected();
    };
    EXPECT_TRUE(isRefused(stranger, "certificate verify failed"));
    EXPECT_TRUE(isRefused(nobody, "did not return a certificate"));
}

TEST_F(Identity, AKioskWritesOnlyAsItself) {
    mqtt::Client kiosk(site_.optionsOf(site_.enrolled("kiosk-1")));
    ASSERT_TRUE(connects(kiosk));

    EXPECT_FALSE(mqtt::isFailure(reasonOfPublish(kiosk, wire::upTopic({"kiosk-1"}))));
    for (const std::string& topic :
         {wire::upTopic({"kiosk-2"}), wire::ackTopic({"kiosk-1"}), wire::stateTopic({"kiosk-2"}),
          std::string(wire::kHubTopic), std::string("tapport/1/enrol/reply/0011223344556677"),
          std::string("tapport/1/config/all"), std::string("other")}) {
        EXPECT_EQ(reasonOfPublish(kiosk, topic), mqtt::kNotAuthorized) << topic;
    }
    EXPECT_TRUE(waitUntil([&] { return site_.brokerLogHas("Denied PUBLISH from kiosk-1"); }));
}

TEST_F(Identity, AKioskReadsOnlyWhatIsMeantForIt) {
    const fs::path first = site_.enrolled("kiosk-1");
    const fs::path second = site_.enrolled("kiosk-2");
    site_.stopHub();
    mqtt::Options asHub = site_.optionsOf(first);
    asHub.tls->certificate = site_.path("fair/keys/hub-main.crt");
    asHub.tls->key = site_.path("fair/keys/hub-main.key");
    mqtt::Client spy(site_.optionsOf(first));
    ASSERT_TRUE(connects(spy));
    for (const char* filter : {"tapport/1/ack/+", "tapport/1/up/+/+", "#"}) {
        ASSERT_TRUE(spy.subscribe(filter));
        ASSERT_TRUE(await<mqtt::Subscribed>(spy));
    }
    mqtt::Client hub(asHub);
    ASSERT_TRUE(connects(hub));
    mqtt::Client other(site_.optionsOf(second));
    ASSERT_TRUE(connects(other));

    EXPECT_EQ(reasonOfPublish(other, wire::upTopic({"kiosk-2"})), 0);
    EXPECT_EQ(reasonOfPublish(other, wire::stateTopic({"kiosk-2"})), 0);
    EXPECT_EQ(reasonOfPublish(hub, wire::downTopic({"kiosk-2"})), 0);
    EXPECT_EQ(reasonOfPublish(hub, wire::ackTopic({"kiosk-2"})), 0);
    EXPECT_EQ(reasonOfPublish(hub, wire::ackTopic({"kiosk-1"})), 0);

    // In order: had the first been delivered, it would be here before the second.
    std::string readable = std::string(wire::kHubTopic);
    while (readable == wire::kHubTopic) {
        const auto arrived = await<mqtt::Arrived>(spy);
        readable = arrived ? arrived->topic : "nothing";
    }
    EXPECT_EQ(readable, wire::ackTopic({"kiosk-1"}));
}

TEST_F(Identity, EachWorkerNeedsACertificateOfItsOwn) {
    site_.stopHub();

    const auto said = site_.hub({"--web-port", "0", "run", "--worker", "two"});

    EXPECT_EQ(said.status, 3);
    EXPECT_THAT(said.err, HasSubstr("the certificate of hub-main, not of hub-two"));
    EXPECT_THAT(said.err, HasSubstr("tapport broker config DIR --worker two"));
}

TEST_F(Identity, TheBrokersConfigurationKeepsWhatItWasGivenBefore) {
    const auto configure = [&](std::vector<std::string> more) {
        more.insert(more.begin(),
                    {support::program("tapport"), "broker", "config", site_.path("fair")});
        return support::run(more);
    };
    const std::string before = readFile(site_.path("fair/broker/mosquitto.conf"));

    const auto said = configure({"--worker", "two", "--host", "other.example"});

    ASSERT_EQ(said.status, 0) << said.err;
    const std::string lists = readFile(site_.path("fair/broker/acl"));
    EXPECT_THAT(lists, HasSubstr("user hub-main\n"));
    EXPECT_THAT(lists, HasSubstr("user hub-two\n"));
    const std::string now = readFile(site_.path("fair/broker/mosquitto.conf"));
    EXPECT_THAT(now, HasSubstr("hosts 127.0.0.1 other.example\n"));
    EXPECT_EQ(now.substr(now.find("per_listener")), before.substr(before.find("per_listener")));
    EXPECT_THAT(said.out, HasSubstr("enrol_port = " + std::to_string(site_.enrolPort())));
    ASSERT_EQ(configure({"--enrol-port", "1234"}).status, 0);
    EXPECT_THAT(readFile(site_.path("fair/broker/mosquitto.conf")), HasSubstr("listener 1234\n"));
    EXPECT_THAT(readFile(site_.path("fair/broker/acl")), HasSubstr("user hub-two\n"));
}

TEST_F(Identity, TheBrokersKeyIsItsUsersToReadAndNobodyElses) {
    const fs::path key = site_.path("fair/broker/broker.key");
    struct stat status {};
    ASSERT_EQ(::stat(key.c_str(), &status), 0);

    EXPECT_EQ(status.st_mode & 0007U, 0U);
    const ::group* group = ::getgrnam("mosquitto");
    if (::geteuid() == 0 && group != nullptr) {
        EXPECT_EQ(status.st_gid, group->gr_gid);
        EXPECT_EQ(status.st_mode & 0777U, 0640U);
    } else {
        EXPECT_EQ(status.st_mode & 0777U, 0600U);
    }
}

TEST_F(Identity, ADeviceWithoutACertificateMayOnlyAskForOne) {
    mqtt::Options options;
    options.port = site_.enrolPort();
    options.tls = mqtt::Tls{mqtt::Peer::Unverified, {}, {}, {}};
    options.clientId = "curious";
    options.connectTimeout = support::kPatience;
    mqtt::Client device(options);
    ASSERT_TRUE(connects(device));

    EXPECT_EQ(reasonOfPublish(device, wire::upTopic({"kiosk-1"})), mqtt::kNotAuthorized);
    ASSERT_TRUE(device.subscribe("tapport/1/enrol/reply/0011223344556677"));
    ASSERT_TRUE(await<mqtt::Subscribed>(device));
    ASSERT_FALSE(
        mqtt::isFailure(reasonOfPublish(device, "tapport/1/enrol/request/0011223344556677")));

    EXPECT_TRUE(await<mqtt::Arrived>(device));  // a refusal
    EXPECT_TRUE(waitUntil([&] { return site_.hubLogHas("enrolment refused"); }));
}

}  // namespace
}  // namespace tapport::journey
