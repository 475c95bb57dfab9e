// SPDX-License-Identifier: GPL-3.0-or-later
// A kiosk that was revoked comes back on the same data folder: with other keys, so that what it
// records from then on is proven.
#include "firmware-app/store/kiosk_store.h"
#include "sync/event/event.h"
#include "sync/receipt/full_receipt.h"
#include "sync/receipt/unit_signature.h"
#include "sync/seal/chain.h"
#include "sync/seal/seal.h"
#include "sync/wire/messages.h"
#include "sync/wire/topics.h"
#include "tests/journey/identity/tls_site.h"
#include "tests/sync/hub/samples.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tapport::journey {
namespace {

using support::readFile;
using testing::HasSubstr;
using Clock = std::chrono::steady_clock;
namespace fs = std::filesystem;

const record::KioskId kKiosk{"kiosk-1"};

class Renewal : public testing::Test {
  protected:
    Renewal() : folder_(site_.enrolled(kKiosk.value)) {
        event_ = event::parse(readFile(folder_ / "event.json")).value();
    }

    void revoke() {
        const auto said = site_.hub({"revoke", kKiosk.value, "--why", "lost"});
        ASSERT_EQ(said.status, 0) << said.err;
    }
    [[nodiscard]] receipt::SigningKeys keys() const {
        return receipt::signingKeysFrom(
                   *fromHex(readFile(folder_ / "kiosk/signing.key").substr(0, 64)))
            .value();
    }
    /// How many the hub has ever enrolled.
    [[nodiscard]] std::ptrdiff_t devices() const {
        const std::string entries = readFile(site_.path("fair/keys/kiosks.register"));
        const std::string word = " enrolled ";
        std::ptrdiff_t count = 0;
        for (auto at = entries.find(word); at != std::string::npos;
             at = entries.find(word, at + 1)) {
            ++count;
        }
        return count;
    }
    /// As the kiosk program holds it while it runs.
    [[nodiscard]] std::unique_ptr<store::KioskStore> running() const {
        return store::KioskStore::open({folder_ / "kiosk/kiosk.db", kKiosk, event_, keys()})
            .value();
    }
    /// The root publishes what the hub has enrolled and revoked.
    void publishKeys() {
        support::writeFile(site_.path("all.jwk"), site_.hub({"kiosks", "--jwk"}).out);
        const auto published = support::run({support::program("tapport"), "event", "publish",
                                             site_.path("fair"), "--add", site_.path("all.jwk")});
        ASSERT_EQ(published.status, 0) << published.err;
    }
    /// A visit with a yes to the first ask, as the kiosk's keys of now sign it.
    [[nodiscard]] record::PositionedUnit visit() const {
        record::PositionedUnit visit = hub::samples::visit(1, 1);
        visit.unit.event = event_.id;
        record::ConsentEvent& consent = visit.unit.consents.front();
        consent.purpose = event_.asks.front().purpose;
        consent.channel = event_.asks.front().channel;
        consent.notice = event_.asks.front().noticeRef("en");
        consent.validUntil = std::chrono::floor<record::Millis>(std::chrono::system_clock::now()) +
                             std::chrono::days(365);
        visit.proof = receipt::prove(visit, event_, keys());
        visit.signature = receipt::signUnit(visit, keys());
        return visit;
    }
    template <typename Wanted>
    static bool hears(mqtt::Client& client) {
        const auto deadline = Clock::now() + support::kPatience;
        while (const auto event = client.next(deadline)) {
            if (std::holds_alternative<Wanted>(*event)) {
                return true;
            }
        }
        return false;
    }
    void send(const record::PositionedUnit& unit) {
        wire::Batch batch{event_.id, kKiosk, unit.position.epoch, {}, wire::Codec::None, {}};
        batch.runs.push_back(
            {1, seal::kChainStart, {{unit.unit.id, seal::sealUnit(unit, event_.sealingKey)}}});
        mqtt::Client kiosk(site_.optionsOf(folder_));
        kiosk.connect(std::nullopt);
        ASSERT_TRUE(hears<mqtt::Connected>(kiosk));
        ASSERT_TRUE(kiosk.subscribe(wire::ackTopic(kKiosk)));
        ASSERT_TRUE(kiosk.publish(
            {wire::upTopic(kKiosk),
             wire::encode(batch,
                          [&](ByteView covered) { return receipt::signMessage(covered, keys()); }),
             mqtt::Retain::No}));
        ASSERT_TRUE(hears<mqtt::Arrived>(kiosk));
        kiosk.disconnect(std::chrono::seconds(1));
    }

    TlsSite site_;
    fs::path folder_;
    event::Event event_;
};

TEST_F(Renewal, ARevokedKioskThatIsEnrolledAgainIsBelievedAgain) {
    const std::string signing = readFile(folder_ / "kiosk/signing.key");
    const std::string tls = readFile(folder_ / "identity/kiosk.key");
    revoke();

    const auto said = site_.enrol(folder_, site_.invite(kKiosk.value));
    ASSERT_EQ(said.status, 0) << said.err;
    publishKeys();
    send(visit());

    EXPECT_THAT(said.err, HasSubstr("was revoked"));
    EXPECT_TRUE(site_.hubLogHas("its signing key was revoked"));
    EXPECT_NE(readFile(folder_ / "kiosk/signing.key"), signing);
    EXPECT_NE(readFile(folder_ / "identity/kiosk.key"), tls);
    for (const char* left : {"kiosk/signing.key.next", "identity/kiosk.key.next"}) {
        EXPECT_FALSE(fs::exists(folder_ / left)) << left;
    }
    for (const char* secret : {"kiosk/signing.key", "identity/kiosk.key"}) {
        EXPECT_EQ(fs::status(folder_ / secret).permissions(),
                  fs::perms::owner_read | fs::perms::owner_write)
            << secret;
    }
    const auto exported =
        site_.hub({"export", "--format", "csv", "--out", site_.path("leads.csv")});
    EXPECT_EQ(exported.status, 0) << exported.err;
    EXPECT_THAT(readFile(site_.path("leads.csv")), HasSubstr(",proven,"));
}

TEST_F(Renewal, AKeyThatTheRootAloneRevokedIsReplacedAsWell) {
    const std::string before = readFile(folder_ / "kiosk/signing.key");
    publishKeys();
    const auto revoked = support::run({support::program("tapport"), "event", "publish",
                                       site_.path("fair"), "--revoke", "kiosk-1=nothing"});
    ASSERT_EQ(revoked.status, 0) << revoked.err;

    const auto said = site_.enrol(folder_, site_.invite(kKiosk.value));
    ASSERT_EQ(said.status, 0) << said.err;
    publishKeys();
    send(visit());

    EXPECT_NE(readFile(folder_ / "kiosk/signing.key"), before);
    const auto exported =
        site_.hub({"export", "--format", "csv", "--out", site_.path("leads.csv")});
    EXPECT_EQ(exported.status, 0) << exported.err;
    EXPECT_THAT(readFile(site_.path("leads.csv")), HasSubstr(",proven,"));
}

TEST_F(Renewal, AKioskThatRunsKeepsItsKeysUntilItIsStopped) {
    const std::string before = readFile(folder_ / "kiosk/signing.key");
    revoke();
    const std::string code = site_.invite(kKiosk.value);
    auto kiosk = running();

    const auto meanwhile = site_.enrol(folder_, code);
    const std::string then = readFile(folder_ / "kiosk/signing.key");
    const auto enrolledThen = devices();
    kiosk.reset();
    const auto afterwards = site_.enrol(folder_, code);

    EXPECT_NE(meanwhile.status, 0);
    EXPECT_THAT(meanwhile.err, HasSubstr("stop the kiosk first"));
    EXPECT_EQ(then, before);
    EXPECT_EQ(enrolledThen, 1) << "other keys were enrolled, and the kiosk's certificate is void";
    EXPECT_EQ(devices(), 2);
    EXPECT_EQ(afterwards.status, 0) << afterwards.err;
    EXPECT_NE(readFile(folder_ / "kiosk/signing.key"), before);
}

TEST_F(Renewal, KeysThatWereRevokedBeforeTheyCameIntoUseAreReplacedAsWell) {
    const std::string before = readFile(folder_ / "kiosk/signing.key");
    fs::copy(folder_, site_.path("before"), fs::copy_options::recursive);
    revoke();
    ASSERT_EQ(site_.enrol(folder_, site_.invite(kKiosk.value)).status, 0);
    const std::string waiting = readFile(folder_ / "kiosk/signing.key");
    // As when it was cut off before the next keys, which the hub has accepted, were in place.
    for (const char* key : {"kiosk/signing.key", "identity/kiosk.key"}) {
        fs::rename(folder_ / key, folder_ / (std::string(key) + ".next"));
        fs::rename(site_.path("before") / key, folder_ / key);
    }
    revoke();
    const std::string code = site_.invite(kKiosk.value);

    const auto once = site_.enrol(folder_, code);
    const auto again = site_.enrol(folder_, code);

    EXPECT_NE(once.status, 0);
    EXPECT_EQ(again.status, 0) << again.err;
    EXPECT_NE(readFile(folder_ / "kiosk/signing.key"), before);
    EXPECT_NE(readFile(folder_ / "kiosk/signing.key"), waiting);
}

TEST_F(Renewal, KeysThatWaitAreNotEnrolledWhileTheKioskRuns) {
    const fs::path other = site_.enrolled("kiosk-2");
    for (const char* key : {"kiosk/signing.key", "identity/kiosk.key"}) {
        fs::copy(other / key, folder_ / (std::string(key) + ".next"));
    }
    const std::string code = site_.invite(kKiosk.value);
    const auto kiosk = running();
    const auto before = devices();

    const auto said = site_.enrol(folder_, code);

    EXPECT_NE(said.status, 0);
    EXPECT_THAT(said.err, HasSubstr("stop the kiosk first"));
    EXPECT_EQ(devices(), before);
}

TEST_F(Renewal, AnEnrolmentThatWasCutOffWhileKeysChangedGoesOn) {
    revoke();
    const std::string code = site_.invite(kKiosk.value);
    ASSERT_EQ(site_.enrol(folder_, code).status, 0);
    const std::string certificate = readFile(folder_ / "identity/kiosk.crt");
    // As between the two keys: the signing key is in its place, the other is not.
    fs::rename(folder_ / "identity/kiosk.key", folder_ / "identity/kiosk.key.next");
    support::writeFile(folder_ / "identity/kiosk.crt", "the one before");

    const auto again = site_.enrol(folder_, code);

    EXPECT_EQ(again.status, 0) << again.err;
    EXPECT_EQ(readFile(folder_ / "identity/kiosk.crt"), certificate);
    EXPECT_FALSE(fs::exists(folder_ / "identity/kiosk.key.next"));
}

}  // namespace
}  // namespace tapport::journey
