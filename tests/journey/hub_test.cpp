// SPDX-License-Identifier: GPL-3.0-or-later
// The hub as a process: what kiosks publish is acknowledged, survives SIGKILL, is there exactly
// once, and comes out as leads.
#include "sync/receipt/explain.h"
#include "sync/receipt/full_receipt.h"
#include "sync/receipt/unit_signature.h"
#include "sync/seal/chain.h"
#include "sync/wire/topics.h"
#include "tests/journey/hub_site.h"
#include "tests/journey/web_driver.h"
#include "tests/support/wait_until.h"
#include "tests/sync/hub/samples.h"

#include <csignal>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tapport::journey {
namespace {

using hub::samples::epoch;
using hub::samples::kKiosk;
using record::SeqRange;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class HubJourney : public testing::Test {
  protected:
    void SetUp() override { site_.startHub(); }

    record::PositionedUnit visit(std::uint64_t seq) const { return site_.visit(seq); }
    /// The next records of the kiosk's sequence.
    wire::Batch batchOf(std::vector<record::PositionedUnit> units) {
        wire::Batch batch;
        batch.event = site_.event().id;
        batch.kiosk = kKiosk;
        batch.epoch = epoch();
        batch.base = hub::samples::kNow;
        wire::Run& run = batch.runs.emplace_back();
        run.first = units.front().position.seq;
        run.before = chain_;
        for (record::PositionedUnit& unit : units) {
            if (!unit.proof && !unit.unit.consents.empty()) {
                unit.proof = receipt::prove(unit, site_.event(), site_.kioskKeys());
            }
            if (unit.signature == record::Signature{}) {
                unit.signature = receipt::signUnit(unit, site_.kioskKeys());
            }
            Bytes sealed = seal::sealUnit(unit, site_.publicKey());
            chain_ = seal::chainAfter(chain_, epoch(), unit.position.seq, unit.unit.id,
                                      seal::digestOf(sealed));
            run.units.push_back({unit.unit.id, std::move(sealed)});
        }
        return batch;
    }
    wire::Hello hello(std::uint64_t last) const {
        return {site_.event().id, kKiosk, epoch(), 1, last, chain_, {}};
    }
    std::unique_ptr<KioskEnd> connectedKiosk() {
        auto kiosk = std::make_unique<KioskEnd>(site_);
        EXPECT_TRUE(kiosk->awaitHub(wire::Presence::Online));
        return kiosk;
    }
    bool isOpened(std::int64_t records) {
        return support::waitUntil(
            [&] { return site_.figure("records") == records && site_.figure("unopened") == 0; });
    }

    HubSite site_;
    record::ChainHash chain_ = seal::kChainStart;
};

TEST_F(HubJourney, AcknowledgesABatchAndOpensIt) {
    const auto kiosk = connectedKiosk();

    kiosk->send(batchOf({visit(1), visit(2)}));

    const auto ack = kiosk->ack();
    ASSERT_TRUE(ack);
    EXPECT_THAT(kiosk->received(*ack).view(), ElementsAre(SeqRange{1, 2}));
    EXPECT_TRUE(isOpened(2));
    EXPECT_EQ(site_.figure("visits"), 2);
}

TEST_F(HubJourney, AKilledHubHasWhatItAcknowledgedExactlyOnce) {
    auto kiosk = connectedKiosk();
    const wire::Batch first = batchOf({visit(1), visit(2)});
    const wire::Batch second = batchOf({visit(3)});
    kiosk->send(first);
    ASSERT_TRUE(kiosk->ack());

    site_.killHub();
    ASSERT_TRUE(kiosk->awaitHub(wire::Presence::Offline)) << "its last will";
    site_.startHub();
    ASSERT_TRUE(kiosk->awaitHub(wire::Presence::Online));
    kiosk->send(hello(3));
    const auto resumed = kiosk->ack();
    kiosk->send(first);
    kiosk->send(second);

    ASSERT_TRUE(resumed);
    EXPECT_THAT(resumed->received.view(), ElementsAre(SeqRange{1, 2}));
    EXPECT_EQ(resumed->completeThrough, 3U);
    EXPECT_EQ(resumed->prefix, (wire::Prefix{2, second.runs.front().before}));
    record::SeqRanges acknowledged;
    while (acknowledged.count() < 3) {
        const auto ack = kiosk->ack();
        ASSERT_TRUE(ack);
        acknowledged.merge(kiosk->received(*ack));
    }
    EXPECT_TRUE(isOpened(3));
    EXPECT_EQ(site_.figure("quarantined"), 0);
    EXPECT_EQ(site_.figure("kiosks_complete"), 1);
    const std::string text = site_.command({"status"}).out;
    const auto widthOf = [&](const char* name) {
        const std::size_t at = text.find(name);
        return text.find('\n', at) - at;
    };
    EXPECT_EQ(widthOf("records "), widthOf("needs_reconfirmation ")) << text;
}

TEST_F(HubJourney, KillsBetweenMessagesLoseAndDoubleNothing) {
    constexpr std::uint64_t kRecords = 60;
    std::vector<wire::Batch> batches;
    for (std::uint64_t seq = 1; seq <= kRecords; seq += 5) {
        std::vector<record::PositionedUnit> units;
        for (std::uint64_t i = seq; i < seq + 5; ++i) {
            units.push_back(visit(i));
        }
        batches.push_back(batchOf(units));
    }
    auto kiosk = connectedKiosk();
    for (int round = 0; round < 4; ++round) {
        for (const wire::Batch& batch : batches) {
            kiosk->send(batch);
        }
        // Some are committed, some are not, some acknowledgements are lost: the next round resends.
        ASSERT_TRUE(kiosk->ack());
        site_.killHub();
        ASSERT_TRUE(kiosk->awaitHub(wire::Presence::Offline));
        site_.startHub();
        ASSERT_TRUE(kiosk->awaitHub(wire::Presence::Online));
    }
    for (const wire::Batch& batch : batches) {
        kiosk->send(batch);
    }

    EXPECT_TRUE(isOpened(static_cast<std::int64_t>(kRecords)));
    EXPECT_EQ(site_.figure("visits"), static_cast<std::int64_t>(kRecords));
    EXPECT_EQ(site_.figure("quarantined"), 0);
    EXPECT_EQ(site_.figure("forks"), 0);
}

TEST_F(HubJourney, ABrokenPayloadIsQuarantinedAndTheNextBatchGoesOn) {
    const auto kiosk = connectedKiosk();

    kiosk->send(Bytes{0xFF, 0x13, 0x37});
    kiosk->send(batchOf({visit(1)}));

    ASSERT_TRUE(kiosk->ack());
    EXPECT_TRUE(isOpened(1));
    EXPECT_EQ(site_.figure("quarantined"), 1);
}

TEST_F(HubJourney, SaysGoodbyeOnSigterm) {
    const auto kiosk = connectedKiosk();

    EXPECT_EQ(site_.stopHub(), 0);

    EXPECT_TRUE(kiosk->awaitHub(wire::Presence::Offline));
}

TEST_F(HubJourney, EndsInTimeWithoutABroker) {
    site_.broker().stop();

    EXPECT_EQ(site_.stopHub(support::kSoon), 0);
}

TEST_F(HubJourney, ComesBackWhenTheBrokerDoes) {
    site_.broker().kill();
    site_.broker().start();
    const auto kiosk = connectedKiosk();

    kiosk->send(batchOf({visit(1)}));

    EXPECT_TRUE(kiosk->ack());
}

TEST_F(HubJourney, ExportsTheSameWhetherItRunsOrNot) {
    const auto kiosk = connectedKiosk();
    record::PositionedUnit refusal = visit(2);
    refusal.unit.contact.reset();
    refusal.unit.consents.front().state = record::ConsentState::Refused;
    kiosk->send(batchOf({visit(1), refusal}));
    ASSERT_TRUE(kiosk->ack());

    const auto running =
        site_.command({"export", "--format", "csv", "--out", site_.path("a.csv").string()});
    ASSERT_EQ(site_.stopHub(), 0);
    const auto down = site_.command({"export", "--out", site_.path("b.csv").string()});

    EXPECT_EQ(running.status, 0) << running.err;
    EXPECT_EQ(down.status, 0) << down.err;
    EXPECT_THAT(running.out, HasSubstr("1 rows, 1 people\nfinal"));
    const std::string manifest = support::readFile(site_.path("a.csv.manifest.json"));
    EXPECT_THAT(manifest, HasSubstr("\"status\": \"final\""));
    EXPECT_THAT(manifest, HasSubstr("\"by\": \"local user "));
    EXPECT_THAT(site_.command({"reconfirm", "list"}).out, "");
    const std::string csv = support::readFile(site_.path("a.csv"));
    EXPECT_THAT(csv, HasSubstr("attendee1@example.com"));
    EXPECT_THAT(csv, Not(HasSubstr("attendee2@example.com")));
    EXPECT_EQ(csv, support::readFile(site_.path("b.csv")));
}

TEST_F(HubJourney, AnAttendeeFindsTheSignedReceiptOfAPublishedKiosk) {
    const std::string published = support::readFile(site_.path("keys.json"));
    const record::PositionedUnit unit = visit(1);
    const std::string page = site_.url() + "/r/" + unit.unit.receipt->hex();
    const std::string jws = site_.path("receipt.jws").string();
    EXPECT_THAT(support::run({"curl", "--silent", page}).out, HasSubstr("Not arrived yet"));

    const auto kiosk = connectedKiosk();
    kiosk->send(batchOf({unit}));
    ASSERT_TRUE(kiosk->ack());
    ASSERT_TRUE(isOpened(1));
    ASSERT_EQ(support::run({"curl", "--silent", "--output", jws, page + ".jws"}).status, 0);

    const std::string shown = support::run({"curl", "--silent", page}).out;
    EXPECT_THAT(shown, HasSubstr("Your yes counts."));
    EXPECT_THAT(shown, HasSubstr("signature has been checked"));
    EXPECT_THAT(shown, HasSubstr("Final: "));
    const auto trusted = receipt::KeySet::parse(published, site_.event().rootKey).value();
    const receipt::Finding finding =
        receipt::explain(support::readFile(jws), {trusted, &site_.event()});
    EXPECT_EQ(finding.standing, receipt::Standing::Valid) << finding.reason;
}

TEST_F(HubJourney, AMarketerLogsInWithABrowserAndReadsTheLeads) {
    const auto kiosk = connectedKiosk();
    kiosk->send(batchOf({visit(1)}));
    ASSERT_TRUE(kiosk->ack());
    ASSERT_TRUE(isOpened(1));
    WebDriver browser;

    browser.open(site_.url() + "/leads");
    ASSERT_EQ(browser.address(), site_.url() + "/login");
    browser.type("#password", "not this one");
    browser.click("form.stack button");
    const std::string refused = browser.source();
    browser.type("#password", kPassword);
    browser.click("form.stack button");
    ASSERT_EQ(browser.address(), site_.url() + "/");
    browser.click("a[href='/leads']");
    const std::string leads = browser.source();
    browser.click("button.quiet");
    browser.open(site_.url() + "/leads");

    EXPECT_THAT(refused, HasSubstr("name=\"password\""));
    EXPECT_THAT(leads, HasSubstr("attendee1@example.com"));
    EXPECT_EQ(browser.address(), site_.url() + "/login") << "after logging out";
}

TEST_F(HubJourney, AUnitThatAnotherKeySignedGoesIntoTheQuarantine) {
    record::PositionedUnit unit = visit(1);
    unit.proof = receipt::prove(unit, site_.event(), receipt::makeSigningKeys());

    const auto kiosk = connectedKiosk();
    kiosk->send(batchOf({unit}));
    ASSERT_TRUE(kiosk->ack());

    EXPECT_TRUE(isOpened(1));
    EXPECT_EQ(site_.figure("quarantined"), 1);
    EXPECT_EQ(site_.figure("visits"), 0);
    EXPECT_THAT(site_.command({"status"}).out, HasSubstr("1 payloads are in quarantine"));
}

TEST_F(HubJourney, AKioskOfWhichNoKeyIsPublishedWaitsUntilOneIs) {
    site_.publish({});
    site_.stopHub();  // a running one reads keys again only for a signature that none of them made
    site_.startHub();
    const auto kiosk = connectedKiosk();
    const wire::Batch batch = batchOf({visit(1)});
    kiosk->send(batch);
    ASSERT_TRUE(support::waitUntil([&] { return site_.figure("quarantined") == 1; }));
    EXPECT_EQ(site_.figure("records"), 0);

    site_.publish({{kKiosk, site_.kioskKeys().publicKey}});
    kiosk->send(batch);

    const auto ack = kiosk->ack();
    ASSERT_TRUE(ack);
    EXPECT_THAT(kiosk->received(*ack).view(), ElementsAre(SeqRange{1, 1}));
}

TEST_F(HubJourney, AnOperatorSeesTheQuarantineTriesAgainAndDiscards) {
    site_.publish({});
    site_.stopHub();  // a running one reads keys again only for a signature that none of them made
    site_.startHub();
    auto kiosk = connectedKiosk();
    kiosk->send(batchOf({visit(1)}));
    kiosk->send(Bytes{0xFF, 0x00, 0x2A});
    ASSERT_TRUE(support::waitUntil([&] { return site_.figure("quarantined") == 2; }));
    const std::string toml = site_.path("hub.toml").string();
    const auto quarantine = [&](std::vector<std::string> arguments) {
        arguments.insert(arguments.begin(), {support::program("tapport"), "hub", "quarantine"});
        arguments.insert(arguments.end(), {"--config", toml});
        return support::run(arguments);
    };
    EXPECT_THAT(quarantine({"list"}).out,
                testing::AllOf(HasSubstr("not-signed"), HasSubstr("unreadable")));
    EXPECT_THAT(quarantine({"show", "2"}).out, Not(HasSubstr("ff002a")));
    const auto raw = quarantine({"show", "2", "--raw"});
    EXPECT_EQ(raw.out, "ff002a\n") << "for xxd -r -p";
    EXPECT_THAT(raw.err, HasSubstr("reason     unreadable\n"));
    EXPECT_EQ(quarantine({"show", "9"}).status, 1);
    EXPECT_EQ(quarantine({"retry"}).status, 2);

    const auto stays = quarantine({"retry", "1"});
    EXPECT_EQ(stays.status, 1) << "nothing has changed";
    EXPECT_THAT(stays.out, HasSubstr("1 tried again, 1 of them in quarantine again"));
    site_.publish({{kKiosk, site_.kioskKeys().publicKey}});
    const auto out = quarantine({"retry", "1"});
    EXPECT_EQ(out.status, 0) << out.out;
    const auto retried = quarantine({"retry", "--all"});
    const auto discarded = quarantine({"discard", "2", "--why", "a port scan"});

    EXPECT_THAT(retried.out, HasSubstr("1 tried again, 1 of them in quarantine again"));
    EXPECT_EQ(retried.status, 1) << "the other one stays";
    EXPECT_EQ(discarded.status, 0) << discarded.err;
    EXPECT_EQ(site_.figure("visits"), 1);
    EXPECT_EQ(site_.figure("quarantined"), 0);
    EXPECT_EQ(site_.figure("discarded"), 1);
    EXPECT_THAT(quarantine({"show", "2"}).out,
                testing::AllOf(HasSubstr("local user "), HasSubstr(": a port scan")));
    kiosk->send(hello(1));
    const auto answer = kiosk->ack();
    ASSERT_TRUE(answer);
    EXPECT_THAT(answer->received.view(), ElementsAre(SeqRange{1, 1}));
}

TEST_F(HubJourney, ASecondHubOnTheSameDataIsTurnedAway) {
    const auto second = site_.command({"run"});

    EXPECT_EQ(second.status, 4);
    EXPECT_THAT(second.err, HasSubstr("at work on this data folder"));
}

TEST(HubProgram, AWrongKeyInTheConfigurationIsNamed) {
    const support::TempDir dir;
    support::writeFile(dir / "hub.toml",
                       "event = \"e\"\nevent_key = \"k\"\nsigning_key = \"s\"\ndata = \"d\"\n"
                       "[web]\nadmin_password_hash = \"x\"\nprot = 1\n");

    const auto finished =
        support::run({support::program("tapport-hub"), "--config", (dir / "hub.toml").string()});

    EXPECT_EQ(finished.status, 3);
    EXPECT_THAT(finished.err, HasSubstr("prot"));
}

TEST(HubProgram, AMisspeltOptionIsAUsageError) {
    EXPECT_EQ(support::run({support::program("tapport-hub"), "--prot"}).status, 2);
    EXPECT_EQ(support::run({support::program("tapport-hub"), "export"}).status, 2);
}

TEST(HubHealth, SaysThatTheBrokerRefusesWhatIsPublished) {
    const support::TempDir dir;
    support::writeFile(dir / "acl", "topic read #\n");
    HubSite site({"127.0.0.1", "acl_file " + (dir / "acl").string()});
    site.startHub();
    const auto health = [&] {
        return support::run({"curl", "--silent", site.url() + "/healthz"}).out;
    };

    EXPECT_TRUE(support::waitUntil([&] {
        return health().find("refuses what the hub publishes: reason 135") != std::string::npos;
    })) << health();
    EXPECT_EQ(site.stopHub(), 0);
}

}  // namespace
}  // namespace tapport::journey
