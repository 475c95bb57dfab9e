// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/run/identity_desk.h"

#include "sync/enrol/messages.h"
#include "sync/identity/authority.h"
#include "sync/program/log.h"
#include "sync/program/seldom.h"
#include "tests/support/temp_dir.h"
#include "tests/sync/hub/samples.h"

#include <algorithm>

#include <gtest/gtest.h>

namespace tapport::hub {
namespace {

std::size_t linesIn(const std::string& log) {
    return static_cast<std::size_t>(std::count(log.begin(), log.end(), '\n'));
}

class IdentityDeskTest : public testing::Test {
  protected:
    IdentityDeskTest() {
        const auto authority = identity::Authority::make("fair").value();
        support::writeFile(dir_ / "ca.crt", authority.certificate().pem());
        support::writeFile(dir_ / "ca.key", authority.keyPem());
        support::writeFile(dir_ / "event.json", "{}");
    }
    IdentityDesk desk() {
        return IdentityDesk::open({dir_ / "ca.crt",
                                   dir_ / "ca.key",
                                   dir_ / "kiosks.register",
                                   dir_ / "event.json",
                                   dir_ / "revoked.pem",
                                   {}})
            .value();
    }

    support::TempDir dir_;
};

TEST_F(IdentityDeskTest, StrangersDoNotFillTheLog) {
    IdentityDesk desk = this->desk();
    testing::internal::CaptureStderr();
    program::startLogging("tapport-hub", "warning");

    for (std::uint8_t i = 0; i < 100; ++i) {
        (void)desk.answer({"tapport/1/enrol/request/nonsense", {i}}, samples::kNow);
        const std::string topic = enrol::requestTopic(enrol::CodeId{});
        EXPECT_EQ(desk.answer({topic, Bytes(i, i)}, samples::kNow).size(), 1U);
    }

    const std::string log = testing::internal::GetCapturedStderr();
    EXPECT_NE(log.find("enrolment refused"), std::string::npos) << log;
    EXPECT_LE(linesIn(log), program::Seldom::kMostLines) << log;
}

}  // namespace
}  // namespace tapport::hub
