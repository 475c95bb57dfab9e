// SPDX-License-Identifier: GPL-3.0-or-later
// Whom the hub believes, and who is thrown out.
#include "tests/journey/identity/identity_fixture.h"

#include <algorithm>
#include <cctype>
#include <future>
#include <regex>

namespace tapport::journey {
namespace {

using namespace std::chrono_literals;
using support::readFile;
using support::waitUntil;
using testing::HasSubstr;
using testing::Not;
using Clock = std::chrono::steady_clock;
namespace fs = std::filesystem;

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

TEST_F(Identity, ABrokerThatDoesNotReadTheListCutsNobodyOff) {
    const fs::path folder = site_.enrolled("kiosk-1");
    const std::string settings = readFile(site_.path("fair/hub.toml"));
    const auto revokeWith = [&](const std::string& reload) {
        support::writeFile(
            site_.path("fair/hub.toml"),
            std::regex_replace(settings, std::regex("reload = [^\n]*"), "reload = " + reload));
        return site_.hub({"revoke", "kiosk-1", "--why", "lost"});
    };

    const auto toNobody = revokeWith(R"(["true"])");
    const auto byNobody = revokeWith("[]");
    mqtt::Client kiosk(site_.optionsOf(folder));
    const bool isLetIn = connects(kiosk);
    support::writeFile(site_.path("fair/hub.toml"), settings);
    const auto again = site_.hub({"revoke", "kiosk-1", "--why", "lost"});

    EXPECT_TRUE(isLetIn) << "what this is about";
    for (const auto& said : {toNobody, byNobody}) {
        EXPECT_NE(said.status, 0);
        EXPECT_THAT(said.out, HasSubstr("kiosk-1: it may still be connected, and come back"));
        EXPECT_THAT(said.out, Not(HasSubstr("no session any more")));
        EXPECT_THAT(said.out, Not(HasSubstr("refuses its certificates")));
    }
    EXPECT_THAT(toNobody.err, HasSubstr("it has not read"));
    EXPECT_THAT(byNobody.err, HasSubstr("hub.toml has no [broker] reload"));
    EXPECT_EQ(again.status, 0) << again.err;
    EXPECT_THAT(again.out, HasSubstr("kiosk-1: it has no session any more"));
    EXPECT_FALSE(connects(kiosk));
}

TEST_F(Identity, WhatTheHubEntersWithInAKiosksNameIsVoidAndGoneAfterwards) {
    (void)site_.enrolled("kiosk-1");

    ASSERT_EQ(site_.hub({"revoke", "kiosk-1", "--why", "lost"}).status, 0);

    const std::string kiosks = readFile(site_.path("fair/keys/kiosks.register"));
    const auto list = support::run(
        {"openssl", "crl", "-noout", "-text", "-in", site_.path("fair/broker/revoked.pem")});
    const std::regex isVoid(" void kiosk-1 ([0-9a-f]+)\n");
    const std::vector<std::smatch> entered(
        std::sregex_iterator(kiosks.begin(), kiosks.end(), isVoid), std::sregex_iterator());
    EXPECT_EQ(entered.size(), 2U);
    for (const std::smatch& one : entered) {
        std::string serial = one[1];
        std::transform(serial.begin(), serial.end(), serial.begin(), ::toupper);
        EXPECT_THAT(list.out, HasSubstr("Serial Number: " + serial));
    }
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
