// SPDX-License-Identifier: GPL-3.0-or-later
// A kiosk is stolen that never enrolled: its key was published, as on a broker of the same machine,
// or the hub knows it by its records only. Whoever asks gets the same report.
#include "sync/receipt/full_receipt.h"
#include "sync/receipt/unit_signature.h"
#include "sync/seal/chain.h"
#include "tests/journey/hub_site.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tapport::journey {
namespace {

using hub::samples::epoch;
using hub::samples::kKiosk;
using testing::HasSubstr;
using testing::Not;

class StolenJourney : public testing::Test {
  protected:
    void SetUp() override { site_.startHub(); }

    /// One visit of kiosk-1, acknowledged.
    void sendOne() {
        record::PositionedUnit unit = site_.visit(1);
        unit.proof = receipt::prove(unit, site_.event(), site_.kioskKeys());
        unit.signature = receipt::signUnit(unit, site_.kioskKeys());
        wire::Batch batch{site_.event().id,  kKiosk, epoch(), hub::samples::kNow,
                          wire::Codec::None, {}};
        batch.runs.push_back(
            {1, seal::kChainStart, {{unit.unit.id, seal::sealUnit(unit, site_.publicKey())}}});
        KioskEnd kiosk(site_);
        ASSERT_TRUE(kiosk.awaitHub(wire::Presence::Online));
        kiosk.send(batch);
        ASSERT_TRUE(kiosk.ack());
    }
    support::Finished stolen(const std::string& kiosk = kKiosk.value) const {
        return site_.command({"stolen", kiosk});
    }
    static std::string rootsLine(const std::string& held) {
        return "tapport event publish DIR --revoke " + kKiosk.value + "=" + held + "\n";
    }

    HubSite site_;
};

TEST_F(StolenJourney, AKioskWhoseKeyIsPublishedHasItsReport) {
    const auto before = stolen();
    sendOne();
    const auto after = stolen();

    EXPECT_EQ(before.status, 0) << before.err;
    EXPECT_THAT(before.out, HasSubstr("kiosk-1: not enrolled here; its key is published\n"));
    EXPECT_THAT(before.out, HasSubstr("closed to the event's key"));
    EXPECT_THAT(before.out, HasSubstr(rootsLine("nothing")));
    EXPECT_EQ(after.status, 0) << after.err;
    EXPECT_THAT(after.out, HasSubstr("1 of 1 announced records are here"));
    EXPECT_THAT(after.out, HasSubstr(rootsLine(epoch().hex() + ":1")));
}

TEST_F(StolenJourney, OneThatTheRootHasRevokedNeedsNothingMore) {
    site_.publish({{kKiosk, site_.kioskKeys().publicKey, receipt::Revocation{}}});

    const auto said = stolen();

    EXPECT_EQ(said.status, 0) << said.err;
    EXPECT_THAT(said.out, HasSubstr("its published key is revoked"));
    EXPECT_THAT(said.out, Not(HasSubstr("--revoke")));
}

TEST_F(StolenJourney, OneThatIsKnownByItsRecordsOnlyHasItsReport) {
    sendOne();
    site_.publish({{{"kiosk-2"}, receipt::makeSigningKeys().publicKey}});

    const auto said = stolen();

    EXPECT_EQ(said.status, 0) << said.err;
    EXPECT_THAT(said.out, HasSubstr("no key of it is published"));
    EXPECT_THAT(said.out, HasSubstr("1 of 1 announced records are here"));
    EXPECT_THAT(said.out, HasSubstr(rootsLine(epoch().hex() + ":1")));
}

TEST_F(StolenJourney, WhatTheHubHeldIsNotGuessedWhenItsDatabaseIsDown) {
    (void)site_.stopHub();
    const std::string settings = support::readFile(site_.path("hub.toml"));
    support::writeFile(
        site_.path("hub.toml"),
        "database = \"postgresql://127.0.0.1:1/none?connect_timeout=1\"\n" + settings);

    const auto said = stolen();
    const auto unknown = stolen("kiosk-9");

    EXPECT_NE(said.status, 0);
    EXPECT_THAT(said.out, HasSubstr("closed to the event's key")) << "the report all the same";
    EXPECT_THAT(said.out, HasSubstr("When the hub's database is back"));
    EXPECT_THAT(said.out, Not(HasSubstr("--revoke")));
    EXPECT_THAT(unknown.err, HasSubstr("is not known"));
}

TEST_F(StolenJourney, OfAKioskThatNobodyKnowsThereIsNone) {
    const auto said = stolen("kiosk-9");

    EXPECT_EQ(said.status, 1);
    EXPECT_EQ(said.out, "");
    EXPECT_THAT(said.err, HasSubstr("no kiosk kiosk-9"));
}

}  // namespace
}  // namespace tapport::journey
