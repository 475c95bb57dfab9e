// SPDX-License-Identifier: GPL-3.0-or-later
// The parts of the pages that need no socket.
#include "sync/hub/web/html.h"
#include "sync/hub/web/http.h"
#include "tests/sync/hub/web_fixture.h"

namespace tapport::hub {
namespace {

using testing::ElementsAre;
using testing::Pair;

TEST(HttpForm, DecodesEscapesAndRefusesBrokenOnes) {
    EXPECT_THAT(*parseForm("a=1&b=x%20y+z&c&a=2"),
                ElementsAre(Pair("a", "1"), Pair("b", "x y z"), Pair("c", "")));
    EXPECT_FALSE(parseForm("a=%2"));
    EXPECT_FALSE(parseForm("a=%zz"));
    EXPECT_THAT(parseCookies("a=1; b=2=3; junk"), ElementsAre(Pair("a", "1"), Pair("b", "2=3")));
}

TEST(HttpRequestTest, TakesTheFormOfAPostOnlyAndTheQueryOfBoth) {
    HttpParts parts{HttpMethod::Get, "/leads?after=1&x", "s=2", "localhost", "", "form=3"};

    const auto get = requestFrom(parts);
    parts.method = HttpMethod::Post;
    const auto post = requestFrom(parts);
    parts.body = "form=%3";

    ASSERT_TRUE(get && post);
    EXPECT_EQ(get->path, "/leads");
    EXPECT_THAT(get->query, ElementsAre(Pair("after", "1"), Pair("x", "")));
    EXPECT_THAT(get->form, testing::IsEmpty());
    EXPECT_THAT(get->cookies, ElementsAre(Pair("s", "2")));
    EXPECT_THAT(post->form, ElementsAre(Pair("form", "3")));
    EXPECT_FALSE(requestFrom(parts)) << "a broken escape";
}

TEST(Html, EscapesEveryCharacterThatCouldBeMarkup) {
    EXPECT_EQ(Html().markup("<td>").text("<b a=\"1\" c='2'>&").take(),
              "<td>&lt;b a=&quot;1&quot; c=&#39;2&#39;&gt;&amp;");
}

TEST(GateTest, OpensASessionForThePasswordOnly) {
    Gate gate(passwordHash());
    std::optional<Gate::Session> session;

    EXPECT_EQ(gate.tryPassword("wrong", {}, session), Gate::Attempt::Refused);
    EXPECT_FALSE(session);
    EXPECT_EQ(gate.tryPassword(kPassword, {}, session), Gate::Attempt::Granted);
    ASSERT_TRUE(session);
    EXPECT_GE(session->token.size(), 43U) << "256 bits";
    EXPECT_TRUE(gate.find(session->token, {}));
    EXPECT_FALSE(gate.find("guess", {}));
    EXPECT_FALSE(gate.find("", {}));
}

TEST(GateTest, AfterTooManyWrongPasswordsEvenTheRightOneMustWait) {
    Gate gate(passwordHash());
    std::optional<Gate::Session> session;
    for (std::size_t i = 0; i < Gate::kMostFailures; ++i) {
        ASSERT_EQ(gate.tryPassword("wrong", {}, session), Gate::Attempt::Refused);
    }

    EXPECT_EQ(gate.tryPassword(kPassword, {}, session), Gate::Attempt::TooMany);
    EXPECT_EQ(gate.tryPassword(kPassword, Gate::Time{} + Gate::kAttemptWindow, session),
              Gate::Attempt::Granted);
}

TEST(GateTest, SessionsEndWhenIdleAndAtTheLatestAfterAWorkingDay) {
    Gate gate(passwordHash());
    std::optional<Gate::Session> session;
    ASSERT_EQ(gate.tryPassword(kPassword, {}, session), Gate::Attempt::Granted);
    Gate::Time now;
    while (now + Gate::kIdleTimeOut / 2 < Gate::Time{} + Gate::kLongestSession) {
        now += Gate::kIdleTimeOut / 2;
        ASSERT_TRUE(gate.find(session->token, now)) << "in use";
    }
    EXPECT_FALSE(gate.find(session->token, Gate::Time{} + Gate::kLongestSession));

    ASSERT_EQ(gate.tryPassword(kPassword, now, session), Gate::Attempt::Granted);
    EXPECT_FALSE(gate.find(session->token, now + Gate::kIdleTimeOut));
}

}  // namespace
}  // namespace tapport::hub
