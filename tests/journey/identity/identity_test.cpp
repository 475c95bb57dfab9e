// SPDX-License-Identifier: GPL-3.0-or-later
// Who gets in, who does not, and who is thrown out; each refusal is in a log.
#include "firmware-app/store/kiosk_store.h"
#include "sync/event/event.h"
#include "sync/identity/authority.h"
#include "sync/receipt/keys.h"
#include "sync/receipt/unit_signature.h"
#include "sync/seal/chain.h"
#include "sync/seal/seal.h"
#include "sync/wire/messages.h"
#include "sync/wire/topics.h"
#include "tests/journey/identity/tls_site.h"
#include "tests/support/wait_until.h"

#include <future>

#include <gmock/gmock.h>
#include <grp.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

namespace tapport::journey {
namespace {

using namespace std::chrono_literals;
using support::readFile;
using support::waitUntil;
using testing::HasSubstr;
using Clock = std::chrono::steady_clock;
namespace fs = std::filesystem;

class Identity : public testing::Test {
  protected:
    template <typename Wanted>
    static std::optional<Wanted> await(mqtt::Client& client) {
        const auto deadline = Clock::now() + support::kPatience;
        while (const auto event = client.next(deadline)) {
            if (std::holds_alternative<Wanted>(*event)) {
                return std::get<Wanted>(*event);
            }
        }
        return std::nullopt;
    }
    static bool connects(mqtt::Client& client) {
        client.connect(std::nullopt);
        const auto event = client.next(Clock::now() + support::kPatience);
        return event && std::holds_alternative<mqtt::Connected>(*event);
    }
    /// The kiosk's one record, acknowledged, in an epoch of zeros.
    void sendOne(const fs::path& folder) {
        const auto event = event::parse(readFile(folder / "event.json")).value();
        const auto keys = keysOf(folder);
        wire::Batch batch{event.id, {"kiosk-1"}, {}, {}, wire::Codec::None, {}};
        record::PositionedUnit unit{{{"kiosk-1"}, {}, 1}, {}};
        unit.unit.event = event.id;
        unit.signature = receipt::signUnit(unit, keys);
        batch.runs.push_back(
            {1, seal::kChainStart, {{unit.unit.id, seal::sealUnit(unit, event.sealingKey)}}});
        mqtt::Client kiosk(site_.optionsOf(folder));
        ASSERT_TRUE(connects(kiosk));
        ASSERT_TRUE(kiosk.subscribe(wire::ackTopic({"kiosk-1"})));
        ASSERT_TRUE(kiosk.publish(
            {wire::upTopic({"kiosk-1"}),
             wire::encode(batch,
                          [&](ByteView covered) { return receipt::signMessage(covered, keys); }),
             mqtt::Retain::No}));
        ASSERT_TRUE(await<mqtt::Arrived>(kiosk));
        kiosk.disconnect(1s);
    }
    /// So many units on its disk.
    static void keepRecords(const fs::path& folder, std::uint8_t count) {
        const auto event = event::parse(readFile(folder / "event.json")).value();
        auto store = store::KioskStore::open(
            {folder / "kiosk/kiosk.db", {"kiosk-1"}, event, keysOf(folder)});
        ASSERT_TRUE(store) << store.error().context;
        for (std::uint8_t n = 1; n <= count; ++n) {
            record::Unit unit;
            unit.id = *record::RecordId::from(Bytes(record::RecordId::kSize, n));
            unit.event = event.id;
            ASSERT_TRUE((*store)->commit(std::vector{unit}, {}));
        }
    }
    static receipt::SigningKeys keysOf(const fs::path& folder) {
        return receipt::signingKeysFrom(
                   *fromHex(readFile(folder / "kiosk/signing.key").substr(0, 64)))
            .value();
    }
    static int reasonOfPublish(mqtt::Client& client, const std::string& topic) {
        EXPECT_TRUE(client.publish({topic, {1, 2, 3}, mqtt::Retain::No}));
        const auto published = await<mqtt::Published>(client);
        return published ? published->reason : -1;
    }

    TlsSite site_;
};

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

TEST_F(Identity, AnEnrolledKioskIsBelievedAndWhatIsReplayedIsNoNews) {
    const fs::path folder = site_.enrolled("kiosk-1");
    const auto event = event::parse(readFile(folder / "event.json")).value();
    const auto keys =
        receipt::signingKeysFrom(*fromHex(readFile(folder / "kiosk/signing.key").substr(0, 64)))
            .value();
    wire::Batch batch{event.id, {"kiosk-1"}, {}, {}, wire::Codec::None, {}};
    batch.runs.push_back({1, seal::kChainStart, {{record::RecordId{}, Bytes(300, 7)}}});
    const Bytes payload =
        wire::encode(batch, [&](ByteView covered) { return receipt::signMessage(covered, keys); });
    const auto send = [&](mqtt::Client& from, const std::string& as) {
        ASSERT_TRUE(from.publish({wire::upTopic({as}), payload, mqtt::Retain::No}));
    };
    mqtt::Client kiosk(site_.optionsOf(folder));
    ASSERT_TRUE(connects(kiosk));
    ASSERT_TRUE(kiosk.subscribe(wire::ackTopic({"kiosk-1"})));

    for (int time = 0; time < 2; ++time) {
        send(kiosk, "kiosk-1");
        const auto arrived = await<mqtt::Arrived>(kiosk);
        ASSERT_TRUE(arrived) << time;
        const auto ack = wire::decodeAck(arrived->payload).value();
        EXPECT_TRUE(receipt::fits(ack.signature, ack.covered, event.hubKey));
        ASSERT_EQ(ack.message.batches.size(), 1U);
        EXPECT_EQ(ack.message.batches[0], (wire::Answered{wire::nameOf(payload), {}}));
    }
    kiosk.disconnect(1s);
    mqtt::Client other(site_.optionsOf(site_.enrolled("kiosk-2")));
    ASSERT_TRUE(connects(other));
    send(other, "kiosk-2");

    EXPECT_TRUE(waitUntil([&] { return site_.hubLogHas("quarantined a message"); }));
    EXPECT_TRUE(waitUntil(
        [&] { return site_.hubLogHas("records of kiosk-1 came that are here already"); }));
    EXPECT_THAT(site_.hub({"status", "--json"}).out, HasSubstr("\"records\": 1,"));
}

TEST_F(Identity, WhatAStolenKiosksDiskHoldsIsNotVouchedFor) {
    const fs::path folder = site_.enrolled("kiosk-1");
    const std::string own = "--revoke kiosk-1=0000000000000000:1\n";
    sendOne(folder);
    keepRecords(folder, 3);

    const auto recovered = site_.hub({"recover", (folder / "kiosk").string()});
    const auto listed = site_.hub({"quarantine", "list"});
    const auto stolen = site_.hub({"stolen", "kiosk-1"});
    const auto taken = site_.hub({"quarantine", "retry", "--kiosk", "kiosk-1"});
    const auto again = site_.hub({"stolen", "kiosk-1"});

    EXPECT_THAT(recovered.out, HasSubstr("3 records on the disk are new here"));
    EXPECT_THAT(recovered.out, HasSubstr("quarantine retry --kiosk kiosk-1"));
    EXPECT_THAT(listed.out, HasSubstr("recovered"));
    EXPECT_TRUE(site_.hubLogHas("read the disk of kiosk-1: 3 records are new"));
    EXPECT_THAT(stolen.out, HasSubstr(own)) << "what the kiosk itself had sent";
    EXPECT_THAT(taken.out, HasSubstr("3 tried again, 0 of them"));
    EXPECT_THAT(again.out, HasSubstr(own)) << "as it was revoked";
    EXPECT_THAT(site_.hub({"status"}).out, HasSubstr("; revoked\n"));
    EXPECT_THAT(site_.hub({"status", "--json"}).out, HasSubstr("\"revoked\": true"));
    const std::string keys = site_.hub({"kiosks", "--jwk"}).out;
    EXPECT_THAT(keys, HasSubstr(R"("revoked":[{"epoch":"0000000000000000","seq":1}])"));
}

TEST_F(Identity, AKioskIsCutOffEvenIfTheDatabaseIsDown) {
    const fs::path folder = site_.enrolled("kiosk-1");
    site_.stopHub();
    const std::string settings = readFile(site_.path("fair/hub.toml"));
    support::writeFile(
        site_.path("fair/hub.toml"),
        "database = \"postgresql://127.0.0.1:1/none?connect_timeout=1\"\n" + settings);

    const auto said = site_.hub({"stolen", "kiosk-1"});

    EXPECT_NE(said.status, 0);
    EXPECT_THAT(said.out, HasSubstr("kiosk-1: it has no session any more"));
    EXPECT_THAT(said.out, HasSubstr("what the hub held of it is not known"));
    EXPECT_THAT(said.out, HasSubstr("closed to the event's key")) << "the report all the same";
    mqtt::Client kiosk(site_.optionsOf(folder));
    EXPECT_FALSE(connects(kiosk));
    support::writeFile(site_.path("fair/hub.toml"), settings);
    const auto later = site_.hub({"revoke", "kiosk-1", "--why", "stolen"});
    EXPECT_EQ(later.status, 0) << later.err;
    EXPECT_THAT(later.out, HasSubstr("--revoke kiosk-1=nothing"));
    EXPECT_NE(site_.hub({"revoke", "kiosk-1", "--why", " "}).status, 0);
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

TEST_F(Identity, ARevokedKioskLosesItsSessionAndDoesNotComeBack) {
    const fs::path folder = site_.enrolled("kiosk-1");
    mqtt::Client other(site_.optionsOf(site_.enrolled("kiosk-2")));
    mqtt::Client kiosk(site_.optionsOf(folder));
    ASSERT_TRUE(connects(kiosk));
    ASSERT_TRUE(connects(other));

    const auto before = Clock::now();
    auto dropped = std::async(std::launch::async, [&] {
        const bool isLost = await<mqtt::Lost>(kiosk).has_value();
        return std::pair(isLost, Clock::now() - before);
    });
    const auto said = site_.hub({"revoke", "kiosk-1", "--why", "lost"});
    const auto [isLost, took] = dropped.get();

    EXPECT_EQ(said.status, 0) << said.err;
    EXPECT_TRUE(isLost);
    RecordProperty("dropped_ms", static_cast<int>(took / 1ms));
    EXPECT_FALSE(connects(kiosk));
    EXPECT_TRUE(waitUntil([&] { return site_.brokerLogHas("certificate verify failed"); }));
    EXPECT_TRUE(other.isConnected());
    EXPECT_THAT(site_.hub({"kiosks"}).out, HasSubstr("revoked"));
    EXPECT_NE(site_.enrol(folder, site_.invite("kiosk-2")).status, 0) << "a code for another one";
}

TEST_F(Identity, TellsWhatIsOnAStolenKioskAndRevokesIt) {
    const fs::path folder = site_.enrolled("kiosk-1");

    const auto report = site_.hub({"stolen", "kiosk-1", "--report-only"});

    EXPECT_EQ(report.status, 0) << report.err;
    EXPECT_THAT(report.out, HasSubstr("kiosk-1: enrolled"));
    EXPECT_THAT(report.out, testing::Not(HasSubstr(", enrolled")));
    EXPECT_THAT(report.out, HasSubstr("closed to the event's key"));
    EXPECT_THAT(report.out, HasSubstr("everybody in the roster"));
    EXPECT_THAT(report.out, HasSubstr("have no secret"));
    mqtt::Client kiosk(site_.optionsOf(folder));
    ASSERT_TRUE(connects(kiosk));
    kiosk.disconnect(1s);
    EXPECT_EQ(site_.hub({"stolen", "kiosk-1"}).status, 0);
    EXPECT_FALSE(connects(kiosk));
    EXPECT_EQ(site_.hub({"stolen", "kiosk-9"}).status, 1);
}

}  // namespace
}  // namespace tapport::journey
