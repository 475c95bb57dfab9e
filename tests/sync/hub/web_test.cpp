// SPDX-License-Identifier: GPL-3.0-or-later
// The administrator's pages over real HTTP.
#include "tests/sync/hub/web_fixture.h"

namespace tapport::hub {
namespace {

using namespace samples;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

TEST_F(Web, ShowsNoPageWithoutLogin) {
    for (const char* path : {"/", "/leads", "/leads.csv", "/quarantine", "/reconfirm", "/exports",
                             "/exports/0", "/nowhere"}) {
        const std::string answer = get(path);
        EXPECT_THAT(answer, StartsWith("HTTP/1.1 303")) << path;
        EXPECT_THAT(answer, HasSubstr("Location: /login")) << path;
    }
}

TEST_F(Web, LetsTheAdministratorInAndOut) {
    const std::string answer = logIn("correct+horse");

    EXPECT_THAT(answer, StartsWith("HTTP/1.1 303"));
    EXPECT_THAT(answer, HasSubstr("HttpOnly; SameSite=Strict"));
    const std::string page = get("/");
    EXPECT_THAT(page, StartsWith("HTTP/1.1 200"));
    EXPECT_THAT(page, HasSubstr("default-src 'none'"));
    EXPECT_THAT(page, HasSubstr("Cache-Control: no-store"));
    EXPECT_THAT(post("/logout", "csrf=" + csrfIn(page)), StartsWith("HTTP/1.1 303"));
    EXPECT_THAT(get("/"), StartsWith("HTTP/1.1 303"));
}

TEST_F(Web, RefusesAWrongPasswordAndThenTooMany) {
    for (std::size_t i = 0; i < Gate::kMostFailures; ++i) {
        EXPECT_THAT(logIn("wrong"), StartsWith("HTTP/1.1 401"));
    }
    EXPECT_THAT(logIn("correct+horse"), StartsWith("HTTP/1.1 429"));
    EXPECT_THAT(get("/"), StartsWith("HTTP/1.1 303"));
}

TEST_F(Web, RefusesAFormOfAnotherSite) {
    const std::string csrf = csrfIn(get("/login"));

    EXPECT_THAT(post("/login", "csrf=guess&password=correct+horse"), StartsWith("HTTP/1.1 403"));
    EXPECT_THAT(curl({"--header", "Origin: http://evil.example", "--data",
                      "csrf=" + csrf + "&password=correct+horse", url("/login")}),
                StartsWith("HTTP/1.1 403"));
    logIn("correct+horse");
    EXPECT_THAT(post("/logout", "csrf=guess"), StartsWith("HTTP/1.1 403"));
    EXPECT_THAT(get("/"), StartsWith("HTTP/1.1 200"));
}

TEST_F(Web, StopsAtTheLimitsOfHeaderAndBody) {
    EXPECT_THAT(curl({"--header", "X-Long: " + std::string(20'000, 'x'), url("/login")}),
                StartsWith("HTTP/1.1 431"));
    EXPECT_THAT(post("/login", "password=" + std::string(20'000, 'x')), StartsWith("HTTP/1.1 413"));
    EXPECT_THAT(get("/login"), StartsWith("HTTP/1.1 200")) << "and goes on";
}

TEST_F(Web, KnowsItsPagesOnly) {
    logIn("correct+horse");

    for (const char* path : {"/nowhere", "/../../etc/passwd", "/%2e%2e/etc/passwd", "/leads/",
                             "//leads", "/style.css/.."}) {
        EXPECT_THAT(get(path), StartsWith("HTTP/1.1 404")) << path;
    }
    EXPECT_THAT(get("/leads?after=%zz"), StartsWith("HTTP/1.1 400"));
    EXPECT_THAT(get("/leads?after=12"), StartsWith("HTTP/1.1 400"));
    EXPECT_THAT(get("/quarantine?before=1%27%20OR"), StartsWith("HTTP/1.1 400"));
    EXPECT_THAT(curl({"--request", "DELETE", url("/leads")}), StartsWith("HTTP/1.1 405"));
    EXPECT_THAT(curl({"--head", url("/")}), StartsWith("HTTP/1.1 200"));
}

TEST_F(Web, WhatAnAttendeeTypedIsTextAndNothingElse) {
    FakeDesk::Answers answers;
    answers.leads = leadWith(
        event_, {"<script>alert(1)</script>", "\"><img src=x>", "attendee1@example.com", "", ""},
        "<iframe src=//evil.example>");
    answers.quarantine.push_back({1, kNow, kNow, 1, "<b>topic", Reason::Unreadable, "<i>", 3});
    desk_.put(std::move(answers));
    logIn("correct+horse");

    const std::string leads = get("/leads");
    const std::string quarantine = get("/quarantine");

    EXPECT_THAT(leads, HasSubstr("&lt;script&gt;"));
    EXPECT_THAT(leads, Not(HasSubstr("<script")));
    EXPECT_THAT(leads, Not(HasSubstr("<img")));
    EXPECT_THAT(leads, Not(HasSubstr("<iframe")));
    EXPECT_THAT(quarantine, Not(HasSubstr("<b>")));
    EXPECT_THAT(quarantine, Not(HasSubstr("<i>")));
}

TEST_F(Web, SaysOfAConversationThatItsSignatureIsUnconfirmed) {
    FakeDesk::Answers answers;
    answers.leads =
        leadWith(event_, {"Ada Example", "", "ada@example.com", "", ""}, "Wants a demo");
    answers.leads.leads[0].origin.proof = ProofState::Proven;
    desk_.put(answers);
    logIn("correct+horse");
    const std::string before = get("/leads");
    answers.leads.leads[0].unconfirmed = {answers.leads.leads[0].lead.conversations()[0].id};
    desk_.put(answers);

    const std::string page = get("/leads");

    EXPECT_THAT(before, Not(HasSubstr("unconfirmed")));
    EXPECT_THAT(page, HasSubstr(" UTC, signature unconfirmed</div></li>"));
}

TEST_F(Web, ALightSaysWhetherAllRecordsOfAKioskAreHere) {
    KioskStanding complete{{{"kiosk-1"}, epoch()}, 40, {}, kNow};
    complete.held.add({1, 40});
    KioskStanding waiting{{{"kiosk-2"}, epoch()}, 9, {}, kNow};
    waiting.held.add({1, 3});
    waiting.held.add({7, 9});
    waiting.forkOf = wire::ForkPoint{epoch(2), 17};
    FakeDesk::Answers answers;
    answers.status.kiosks = {complete, waiting};
    desk_.put(std::move(answers));
    logIn("correct+horse");

    const std::string page = get("/");

    EXPECT_THAT(page, HasSubstr("all 40 records are here"));
    EXPECT_THAT(page, HasSubstr("3 missing: 4\xE2\x80\x93"
                                "6"));
    EXPECT_THAT(page, HasSubstr("restored or cloned</strong>: left <code>" + epoch(2).hex() +
                                "</code> after record 17"));
}

TEST_F(Web, ShowsWhoIsConnectedAndWhoseClockIsWrong) {
    using namespace std::chrono_literals;
    KioskStanding late{{{"kiosk-1"}, epoch()}, 0, {}, kNow};
    late.clockAhead = -12min;
    const KioskStanding before{{{"kiosk-1"}, epoch(2)}, 3, {}, kNow - 1h};
    const KioskStanding gone{{{"kiosk-2"}, epoch()}, 0, {}, kNow - 3h};
    const KioskStanding unseen{{{"kiosk-3"}, epoch()}, 0, {}, kNow - 3h};
    FakeDesk::Answers answers;
    answers.status.kiosks = {late, before, gone, unseen};
    answers.status.presence = {{{"kiosk-1"}, {true, kNow - 65min}},
                               {{"kiosk-2"}, {false, kNow - 40s}}};
    answers.status.now = kNow;
    desk_.put(std::move(answers));
    logIn("correct+horse");

    const std::string page = get("/");

    EXPECT_THAT(page, HasSubstr("<span class=\"light ok\">connected for 1 h 5 min</span>"
                                "<div class=\"light wait\">clock 12 min behind</div>"));
    EXPECT_THAT(page, HasSubstr("<span class=\"light off\">not connected for 40 s</span>"));
    EXPECT_THAT(page, HasSubstr("<span class=\"light off\">not seen</span>"));
    EXPECT_THAT(page, HasSubstr("earlier database"));
}

TEST_F(Web, ShowsWhoIsRevokedAndWhereTheEventIsOver) {
    FakeDesk::Answers answers;
    for (const char* name : {"kiosk-1", "kiosk-2", "kiosk-3", "kiosk-4"}) {
        answers.status.kiosks.push_back({{{name}, epoch()}, 0, {}, kNow});
    }
    answers.status.fates = {{{"kiosk-1"}, {true, false, {}}},
                            {{"kiosk-2"}, {false, true, {}}},
                            {{"kiosk-3"}, {true, true, "2026-11-26T18:00:00.000Z"}}};
    answers.status.now = kNow;
    desk_.put(std::move(answers));
    logIn("correct+horse");

    const std::string page = get("/");
    const auto rowOf = [&](const std::string& kiosk) {
        const std::size_t at = page.find(">" + kiosk + "<");
        return page.substr(at, page.find("</tr>", at) - at);
    };

    EXPECT_THAT(rowOf("kiosk-1"), HasSubstr("<div class=\"light off\">revoked</div>"));
    EXPECT_THAT(rowOf("kiosk-1"), Not(HasSubstr("over")));
    EXPECT_THAT(rowOf("kiosk-2"), HasSubstr(">told that the event is over</div>"));
    EXPECT_THAT(rowOf("kiosk-3"), HasSubstr(">revoked</div><div class=\"light off\">the event is "
                                            "over there since 2026-11-26 18:00:00 UTC</div>"));
    EXPECT_THAT(rowOf("kiosk-4"), Not(HasSubstr("revoked")));
}

TEST_F(Web, SaysOfWhomTheQuarantineTakesNoMore) {
    logIn("correct+horse");
    EXPECT_THAT(get("/"), Not(HasSubstr("quarantine is full")));
    FakeDesk::Answers answers;
    answers.status.quarantineFull = {{"kiosk-3"}};
    desk_.put(std::move(answers));

    EXPECT_THAT(get("/"), HasSubstr("<p class=\"problem\">the quarantine is full of what came from "
                                    "kiosk-3: more of it is not kept"));
}

TEST_F(Web, GivesTheExportAsAFile) {
    logIn("correct+horse");

    const std::string answer = get("/leads.csv");

    EXPECT_THAT(answer, HasSubstr("Content-Type: text/csv"));
    EXPECT_THAT(answer, HasSubstr("attachment; filename=\"demo-2026-leads.csv\""));
    EXPECT_THAT(answer, HasSubstr("\r\n\r\nsubject\r\n"));
}

TEST_F(Web, APortThatIsTakenIsBusy) {
    const auto second =
        HttpServer::listen(server_->port(), [](const HttpRequest&) { return HttpResponse{}; });

    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, Code::Busy);
}

TEST_F(Web, AConnectionThatSaysNothingIsClosedAndHoldsUpNobody) {
    HttpLimits limits;
    limits.seconds = 1;
    const auto impatient = HttpServer::listen(
        0, [this](const HttpRequest& r) { return site_.answer(r); }, limits);
    const std::string port = std::to_string((*impatient)->port());

    // Says half a request, then waits for the server to hang up.
    const auto silent = support::run(
        {"bash", "-c",
         "exec 3<>/dev/tcp/127.0.0.1/" + port +
             "; printf 'GET / HTTP/1.1\\r\\n' >&3; timeout 10 cat <&3; echo closed:$?"});

    EXPECT_THAT(silent.out, HasSubstr("closed:0"));
}

TEST_F(Web, ListsExportsWithTheirManifests) {
    FakeDesk::Answers answers;
    answers.exported =
        ExportEntry{recordId(7), kNow, "<b>root", 4, 3, 2, false, {}, "{\"rows\": 3}\n"};
    desk_.put(answers);
    logIn("correct+horse");

    const std::string page = get("/exports");
    const std::string address = "/exports/" + record::uuidText(recordId(7));

    EXPECT_THAT(page, HasSubstr(address));
    EXPECT_THAT(page, HasSubstr("provisional"));
    EXPECT_THAT(page, Not(HasSubstr("<b>")));
    EXPECT_THAT(get(address), HasSubstr("\r\n\r\n{\"rows\": 3}"));
    EXPECT_THAT(get("/exports/7"), StartsWith("HTTP/1.1 404"));
    EXPECT_THAT(get("/leads.csv"), HasSubstr(address)) << "the file names its manifest";
}

TEST_F(Web, ListsWhoIsToBeAskedAgain) {
    FakeDesk::Answers answers;
    ledger::Reconfirmation what;
    what.scope = {{"newsletter"}, record::Channel::Email};
    answers.unsettled.unsettled.push_back({subject(5), what});
    answers.unsettled.next = subject(5);
    desk_.put(answers);
    logIn("correct+horse");

    const std::string page = get("/reconfirm");

    EXPECT_THAT(page, HasSubstr(subject(5).hex()));
    EXPECT_THAT(page, HasSubstr("/reconfirm?after=" + subject(5).hex()));
    EXPECT_THAT(get("/reconfirm?after=x"), StartsWith("HTTP/1.1 400"));
}

}  // namespace
}  // namespace tapport::hub
