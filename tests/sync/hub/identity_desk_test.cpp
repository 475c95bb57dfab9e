// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/run/identity_desk.h"

#include "sync/enrol/messages.h"
#include "sync/identity/authority.h"
#include "sync/program/log.h"
#include "sync/program/seldom.h"
#include "sync/receipt/key_set.h"
#include "sync/seal/seal.h"
#include "tests/support/sample_event.h"
#include "tests/support/temp_dir.h"
#include "tests/sync/hub/samples.h"

#include <algorithm>

#include <gtest/gtest.h>

namespace tapport::hub {
namespace {

using namespace std::chrono_literals;

std::size_t linesIn(const std::string& log) {
    return static_cast<std::size_t>(std::count(log.begin(), log.end(), '\n'));
}

class IdentityDeskTest : public testing::Test {
  protected:
    IdentityDeskTest() {
        const auto authority = identity::Authority::make("fair").value();
        support::writeFile(dir_ / "ca.crt", authority.certificate().pem());
        support::writeFile(dir_ / "ca.key", authority.keyPem());
        support::writeFile(dir_ / "event.json", support::sampleEventJson());
    }
    IdentityDesk desk(std::vector<std::string> reload = {}) {
        return IdentityDesk::open({dir_ / "ca.crt", dir_ / "ca.key", dir_ / "kiosks.register",
                                   dir_ / "event.json", dir_ / "revoked.pem", std::move(reload),
                                   dir_ / "keys.json"})
            .value();
    }
    /// What the hub answers to kiosk-1 with this key and a code of its own; none when nothing.
    std::optional<std::variant<enrol::Grant, enrol::Refusal>> enrolled(
        const receipt::SigningKeys& keys) {
        IdentityDesk desk = this->desk();
        const record::KioskId kiosk{"kiosk-1"};
        const auto code = desk.office().invite(kiosk, 1h, samples::kNow).value();
        const auto csr = identity::makeRequest(identity::makeKey().value(), kiosk.value).value();
        const Bytes request =
            enrol::encodeRequest({kiosk, code.check().id, csr, keys.publicKey}, keys, code);
        const auto said =
            desk.answer({enrol::requestTopic(code.check().id), request}, samples::kNow);
        if (said.empty()) {
            return std::nullopt;
        }
        return enrol::openReply(said.front().payload, code.check(), request).value();
    }
    void publish(std::vector<receipt::KioskKey> keys) const {
        const receipt::KeySet set(support::sampleEvent().id, "2026-11-25T12:00:00.000Z",
                                  std::move(keys));
        const auto root = receipt::signingKeysFrom(support::sampleRootSeed()).value();
        support::writeFile(dir_ / "keys.json", set.publish(root).value());
    }
    /// A kiosk was revoked by somebody who did not come to publish it.
    void revokeUnpublished() {
        const auto certificate = identity::Authority::make("other").value().certificate();
        ASSERT_TRUE(enrol::RegisterFile(dir_ / "kiosks.register")
                        .change(samples::kNow, [&](const enrol::KioskRegister&) {
                            return std::vector<enrol::Entry>{
                                enrol::Enrolled{{"kiosk-1"}, {}, Bytes(32, 1), certificate},
                                enrol::Revoked{{"kiosk-1"}, std::nullopt, "lost"}};
                        }));
    }

    support::TempDir dir_;
};

TEST_F(IdentityDeskTest, StrangersDoNotFillTheLog) {
    IdentityDesk desk = this->desk();
    testing::internal::CaptureStderr();
    program::startLogging("tapport-hub", "warning");

    for (std::uint8_t i = 0; i < 100; ++i) {
        const IdentityDesk::Clock::time_point at(i * 1s);
        (void)desk.answer({"tapport/1/enrol/request/nonsense", {i}}, samples::kNow, at);
        const std::string topic = enrol::requestTopic(enrol::CodeId{});
        EXPECT_EQ(desk.answer({topic, Bytes(i, i)}, samples::kNow, at).size(), 1U);
    }

    const std::string log = testing::internal::GetCapturedStderr();
    EXPECT_NE(log.find("enrolment refused"), std::string::npos) << log;
    EXPECT_LE(linesIn(log), program::Seldom::kMostLines) << log;
}

TEST_F(IdentityDeskTest, AFloodOfRequestsIsNotAnswered) {
    IdentityDesk desk = this->desk();
    const IdentityDesk::Clock::time_point start(1h);
    const std::string topic = enrol::requestTopic(enrol::CodeId{});
    const auto answers = [&](IdentityDesk::Clock::time_point at) {
        std::size_t count = 0;
        for (unsigned i = 0; i < 10 * IdentityDesk::kMostASecond; ++i) {
            count += desk.answer({topic, {1}}, samples::kNow, at).size();
        }
        return count;
    };

    EXPECT_EQ(answers(start), IdentityDesk::kMostASecond);
    EXPECT_EQ(answers(start + 999ms), 0U);
    EXPECT_EQ(answers(start + 1s), IdentityDesk::kMostASecond);
}

TEST_F(IdentityDeskTest, AKeyThatTheRootAloneRevokedIsNotEnrolled) {
    ASSERT_TRUE(seal::initialise());
    const auto gone = receipt::makeSigningKeys();
    const auto other = receipt::makeSigningKeys();
    publish({{{"kiosk-1"}, gone.publicKey, receipt::Revocation{}}, {{"kiosk-1"}, other.publicKey}});

    const auto refused = enrolled(gone);
    const auto granted = enrolled(other);

    ASSERT_TRUE(refused && std::holds_alternative<enrol::Refusal>(*refused));
    EXPECT_EQ(std::get<enrol::Refusal>(*refused), enrol::Refusal::RevokedKey);
    EXPECT_TRUE(granted && std::holds_alternative<enrol::Grant>(*granted));
}

TEST_F(IdentityDeskTest, AsLongAsPublishedKeysCannotBeReadNobodyIsEnrolled) {
    ASSERT_TRUE(seal::initialise());
    const auto keys = receipt::makeSigningKeys();
    support::writeFile(dir_ / "keys.json", "{\"half of");

    EXPECT_FALSE(enrolled(keys));
    publish({});
    EXPECT_TRUE(enrolled(keys));
}

TEST_F(IdentityDeskTest, PublishesAtTheStartWhatWasNot) {
    desk().catchUp();
    EXPECT_FALSE(std::filesystem::exists(dir_ / "revoked.pem")) << "nothing is void";
    revokeUnpublished();

    desk({"touch", dir_ / "told"}).catchUp();

    EXPECT_NE(support::readFile(dir_ / "revoked.pem").find("X509 CRL"), std::string::npos);
    EXPECT_TRUE(std::filesystem::exists(dir_ / "told"));
}

}  // namespace
}  // namespace tapport::hub
