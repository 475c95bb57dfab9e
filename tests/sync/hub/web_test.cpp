// SPDX-License-Identifier: GPL-3.0-or-later
// The pages over real HTTP, with curl as the browser, and the parts below without a socket.
#include "sync/hub/web/gate.h"
#include "sync/hub/web/html.h"
#include "sync/hub/web/http.h"
#include "sync/hub/web/http_server.h"
#include "sync/hub/web/site.h"
#include "tests/support/child_process.h"
#include "tests/support/temp_dir.h"
#include "tests/sync/hub/example_answers.h"

#include <mutex>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tapport::hub {
namespace {

using namespace samples;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::Pair;
using testing::StartsWith;

constexpr const char* kPassword = "correct horse";
const std::string& passwordHash() {
    static const std::string kHash = [] {
        (void)seal::initialise();
        return seal::hashPassword(kPassword).value();
    }();
    return kHash;
}

TEST(HttpForm, DecodesEscapesAndRefusesBrokenOnes) {
    EXPECT_THAT(*parseForm("a=1&b=x%20y+z&c&a=2"),
                ElementsAre(Pair("a", "1"), Pair("b", "x y z"), Pair("c", "")));
    EXPECT_FALSE(parseForm("a=%2"));
    EXPECT_FALSE(parseForm("a=%zz"));
    EXPECT_THAT(parseCookies("a=1; b=2=3; junk"), ElementsAre(Pair("a", "1"), Pair("b", "2=3")));
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

/// Answers with what a test put in; the server's thread asks while the test's own puts.
class FakeDesk final : public Desk {
  public:
    struct Answers {
        HubStatus status;
        LeadPage leads;
        std::vector<QuarantineEntry> quarantine;
        std::optional<ReceiptView> receipt{};
        std::optional<ExportEntry> exported{};
        UnsettledPage unsettled{};
    };
    void put(Answers answers) {
        const std::lock_guard lock(mutex_);
        answers_ = std::move(answers);
    }

    Result<HubStatus> status() override { return answers().status; }
    Result<LeadPage> leads(const std::optional<record::SubjectId>&, std::size_t) override {
        return answers().leads;
    }
    Result<UnsettledPage> unsettled(const std::optional<record::SubjectId>&, std::size_t) override {
        return answers().unsettled;
    }
    Result<ExportFile> exportLeads(const std::string& by) override {
        ExportFile file;
        file.id = recordId(7);
        file.csv = "subject\r\n" + by;
        return file;
    }
    Result<std::vector<ExportEntry>> exports(std::size_t) override {
        const auto entry = answers().exported;
        return entry ? std::vector{*entry} : std::vector<ExportEntry>{};
    }
    Result<std::optional<ExportEntry>> findExport(const record::RecordId& id) override {
        const auto entry = answers().exported;
        return entry && entry->id == id ? entry : std::nullopt;
    }
    Result<std::optional<ReceiptView>> receipt(const record::ReceiptId& id) override {
        const auto view = answers().receipt;
        return view && view->unit.unit.receipt == id ? view : std::nullopt;
    }
    Result<std::optional<std::string>> receiptJws(const record::ReceiptId& id) override {
        return *receipt(id) ? std::optional<std::string>("a.b.c\n") : std::nullopt;
    }
    Result<Recovered> recover(const std::filesystem::path& /*kioskData*/) override {
        return fail(Code::NotFound, "no kiosk's data");
    }
    std::optional<std::string> published(Published file) override {
        return file == Published::Keys ? std::optional<std::string>("{\"keys\":[]}\n")
                                       : std::nullopt;
    }
    Result<std::vector<QuarantineEntry>> quarantine(const std::optional<std::int64_t>&,
                                                    std::size_t) override {
        return answers().quarantine;
    }

  private:
    Answers answers() {
        const std::lock_guard lock(mutex_);
        return answers_;
    }

    std::mutex mutex_;
    Answers answers_;
};

/// A browser with a cookie jar against a real server.
class Web : public testing::Test {
  protected:
    std::string curl(std::vector<std::string> arguments) const {
        std::vector<std::string> all{"curl",         "--silent",     "--include", "--max-time",
                                     "15",           "--path-as-is", "--cookie",  jar(),
                                     "--cookie-jar", jar()};
        all.insert(all.end(), arguments.begin(), arguments.end());
        return support::run(all).out;
    }
    std::string get(const std::string& path) const { return curl({url(path)}); }
    std::string post(const std::string& path, const std::string& form) const {
        return curl({"--data", form, url(path)});
    }
    std::string url(const std::string& path) const {
        return "http://127.0.0.1:" + std::to_string(server_->port()) + path;
    }
    std::string jar() const { return (dir_ / "cookies").string(); }
    static std::string csrfIn(const std::string& page) {
        const std::string before = "name=\"csrf\" value=\"";
        const std::size_t at = page.find(before);
        EXPECT_NE(at, std::string::npos);
        return page.substr(at + before.size(), 43);
    }
    std::string logIn(const std::string& password) const {
        return post("/login", "csrf=" + csrfIn(get("/login")) + "&password=" + password);
    }

    support::TempDir dir_;
    FakeDesk desk_;
    event::Event event_ = exampleEvent();
    Site site_{desk_, event_, passwordHash(), std::chrono::steady_clock::now};
    std::unique_ptr<HttpServer> server_ = HttpServer::listen(0, [this](const HttpRequest& request) {
                                              return site_.answer(request);
                                          }).value();
};

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
    const ledger::Suppressions nobody{ledger::SuppressionKey{}};
    ledger::ConsentLedger ledger(
        event_, nobody,
        {subject(1),
         {"<script>alert(1)</script>", "\"><img src=x>", "attendee1@example.com", "", ""},
         {conversation(5, "<iframe src=//evil.example>")}});
    const auto unit = visitFor(
        event_, 1, 1, {{"sales-follow-up", record::Channel::Email, record::ConsentState::Given}});
    ledger.add({unit.unit.consents[0], kKiosk});
    FakeDesk::Answers answers;
    for (auto& lead : ledger.releaseAll(record::TrustedNow(clockAt(kNow)))) {
        answers.leads.leads.push_back({std::move(lead), {}});
    }
    ASSERT_EQ(answers.leads.leads.size(), 1U);
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

TEST_F(Web, GivesTheExportAsAFile) {
    logIn("correct+horse");

    const std::string answer = get("/leads.csv");

    EXPECT_THAT(answer, HasSubstr("Content-Type: text/csv"));
    EXPECT_THAT(answer, HasSubstr("attachment; filename=\"demo-2026-leads.csv\""));
    EXPECT_THAT(answer, HasSubstr("\r\n\r\nsubject\r\n"));
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

ReceiptView receiptIn(const std::string& language, const event::Event& event) {
    ReceiptView view;
    view.unit = visitFor(event, 1, 1,
                         {{"newsletter", record::Channel::Email, record::ConsentState::Given}});
    record::ConsentEvent& consent = view.unit.unit.consents.front();
    consent.notice = event.find(consent.purpose, consent.channel)->noticeRef(language);
    view.proof = ProofState::Proven;
    view.now = {ledger::Standing::Withdrawn};
    return view;
}

TEST_F(Web, AnAttendeeSeesTheReceiptWithoutLoginInItsLanguage) {
    FakeDesk::Answers answers;
    answers.receipt = receiptIn("de", event_);
    const std::string id = answers.receipt->unit.unit.receipt->hex();
    desk_.put(answers);

    const std::string page = get("/r/" + id);

    EXPECT_THAT(page, StartsWith("HTTP/1.1 200"));
    EXPECT_THAT(page, HasSubstr("Cache-Control: no-store"));
    EXPECT_THAT(page, HasSubstr("Referrer-Policy: same-origin"));
    EXPECT_THAT(page, HasSubstr("X-Robots-Tag: noindex"));
    EXPECT_THAT(page, HasSubstr("<html lang=\"de\">"));
    EXPECT_THAT(page, HasSubstr("Widerrufen: Wird nicht mehr verwendet."));
    EXPECT_THAT(page, HasSubstr("Vorl\xC3\xA4ufig"));
    EXPECT_THAT(page, HasSubstr("/r/" + id + ".jws"));
    EXPECT_THAT(page, Not(HasSubstr("<script")));
    EXPECT_THAT(page, Not(HasSubstr("attendee1")));
    EXPECT_THAT(page, Not(HasSubstr("{")));
    EXPECT_THAT(get("/r/" + id + ".jws"), HasSubstr("\r\n\r\na.b.c"));
}

TEST_F(Web, ARefusalsReceiptSaysThatItStandsForNobody) {
    FakeDesk::Answers answers;
    answers.receipt = receiptIn("en", event_);
    answers.receipt->unit.unit.kind = record::UnitKind::Refusal;
    answers.receipt->unit.unit.consents.front().state = record::ConsentState::Refused;
    answers.receipt->now = {ledger::Standing::Refused};
    answers.receipt->isFinal = true;
    desk_.put(answers);

    const std::string page = get("/r/" + answers.receipt->unit.unit.receipt->hex());

    EXPECT_THAT(page, HasSubstr("Your no counts."));
    EXPECT_THAT(page, HasSubstr("stands for nobody"));
    EXPECT_THAT(page, HasSubstr("Final: "));
}

TEST_F(Web, WhatAUnitClaimsIsTextOnAReceiptToo) {
    FakeDesk::Answers answers;
    answers.receipt = receiptIn("en", event_);
    record::ConsentEvent& consent = answers.receipt->unit.unit.consents.front();
    consent.notice.id = "<script>";
    consent.notice.language = "\"><img src=x>";
    desk_.put(answers);

    const std::string page = get("/r/" + answers.receipt->unit.unit.receipt->hex());

    EXPECT_THAT(page, Not(HasSubstr("<script")));
    EXPECT_THAT(page, Not(HasSubstr("<img")));
}

TEST_F(Web, AnUnknownReceiptHasNotArrivedYetAndTakesAsLong) {
    FakeDesk::Answers answers;
    answers.receipt = receiptIn("en", event_);
    desk_.put(answers);
    const std::string unknown = record::ReceiptId{{9}}.hex();
    for (const std::string& name :
         {unknown, unknown + ".jws", std::string("12"), std::string("../..")}) {
        const auto start = std::chrono::steady_clock::now();
        const std::string page = get("/r/" + name);

        EXPECT_THAT(page, StartsWith("HTTP/1.1 404")) << name;
        EXPECT_THAT(page, HasSubstr("Your QR code is already the proof")) << name;
        EXPECT_THAT(page, HasSubstr("Ihr QR-Code ist schon der Beleg")) << name;
        EXPECT_GE(std::chrono::steady_clock::now() - start, std::chrono::milliseconds(100));
    }
    const auto start = std::chrono::steady_clock::now();
    (void)get("/r/" + answers.receipt->unit.unit.receipt->hex());
    EXPECT_GE(std::chrono::steady_clock::now() - start, std::chrono::milliseconds(100));
}

TEST_F(Web, GivesThePublishedFilesToAnybody) {
    EXPECT_THAT(get("/keys.json"), HasSubstr("\r\n\r\n{\"keys\":[]}"));
    EXPECT_THAT(get("/notices.json"), StartsWith("HTTP/1.1 404"));
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
