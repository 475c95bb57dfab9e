// SPDX-License-Identifier: GPL-3.0-or-later
// What anybody may see without a login: an attendee's receipt, keys and notices.
#include "tests/sync/hub/web_fixture.h"

namespace tapport::hub {
namespace {

using namespace samples;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

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

TEST_F(Web, AReceiptSaysWhenTheClockWasMoved) {
    FakeDesk::Answers answers;
    answers.receipt = receiptIn("en", event_);
    answers.receipt->unit.unit.at.quality = record::ClockQuality::Stepped;
    desk_.put(answers);

    EXPECT_THAT(get("/r/" + answers.receipt->unit.unit.receipt->hex()),
                HasSubstr("clock was moved"));
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

}  // namespace
}  // namespace tapport::hub
