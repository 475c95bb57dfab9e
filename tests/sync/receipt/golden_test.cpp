// SPDX-License-Identifier: GPL-3.0-or-later
// Holds the bytes of the full receipt still: tests/fixtures/receipt/README.md. The event is made
// here, so that the example event file may change.
#include "sync/receipt/full_receipt.h"
#include "tests/support/fixture.h"
#include "tests/support/temp_dir.h"
#include "tests/sync/receipt/samples.h"

#include <gtest/gtest.h>

namespace tapport::receipt {
namespace {

using record::ConsentState;

event::Notice notice(const std::string& language) {
    event::Notice notice;
    for (const event::NoticePart& part : event::kNoticeParts) {
        notice.*part.text = language + ": " + std::string(part.key) + ", ä\"\\";
    }
    notice.hash = event::noticeHash(notice);
    return notice;
}

event::Event event() {
    event::Event event;
    event.id = {"golden-2026"};
    event.name = {{"de", "Goldmesse"}, {"en", "Golden Fair"}};
    event.controller = {"works", "Works GmbH", "Weg 1, Berlin", "privacy@example.com"};
    event.receiptUrl = "https://works.example";
    event::Ask ask;
    ask.purpose = {"newsletter"};
    ask.noticeId = "newsletter-email";
    ask.noticeVersion = 3;
    ask.validity = std::chrono::days(365);
    ask.uses = {event::PersonalData::Name, event::PersonalData::Email};
    ask.notices = {{"de", notice("de")}, {"en", notice("en")}};
    ask.terms = {"dpv:DirectMarketing",
                 "eu-gdpr:A6-1-a",
                 {{"post", "Post AG", "Weg 2, Bonn", "https://post.example"}},
                 {"dpv:Store", "dpv:Use"},
                 {"DE", "FR"},
                 "DE",
                 "dpv:DataSubjectDataSource",
                 {"P12M", "P30D"},
                 {"kiosk", "https://works.example/no"},
                 "https://works.example/rights",
                 {"authority", "Authority", "Weg 3, Berlin", "https://authority.example"}};
    event.asks = {ask};
    return event;
}

record::PositionedUnit unit(record::UnitKind kind, ConsentState state,
                            const std::string& language) {
    record::ConsentEvent consent = samples::answer(event(), 0, state, language);
    consent.causes = {consent.id};
    record::PositionedUnit unit = samples::unit(kind, 17, {consent});
    unit.unit.event = event().id;
    return unit;
}

void expectUnchanged(const std::string& name, const record::PositionedUnit& unit) {
    const std::string golden = support::readFile(support::fixture("receipt/" + name));
    const std::string made = fullPayload(unit, event()) + "\n";

    EXPECT_EQ(made, golden) << "see " << support::fixture("receipt/README.md");
    if (made != golden) {
        support::writeFile(name, made);
    }
}

TEST(SignedBytes, OfAVisitInGermanStayAsTheyAre) {
    expectUnchanged("visit-de.json", unit(record::UnitKind::Visit, ConsentState::Given, "de"));
}

TEST(SignedBytes, OfARefusalInEnglishStayAsTheyAre) {
    expectUnchanged("refusal-en.json",
                    unit(record::UnitKind::Refusal, ConsentState::Refused, "en"));
}

}  // namespace
}  // namespace tapport::receipt
