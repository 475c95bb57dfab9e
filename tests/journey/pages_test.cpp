// SPDX-License-Identifier: GPL-3.0-or-later
// The hub's pages in a browser as narrow as a telephone, and wider: nobody scrolls sideways.
#include "tests/journey/web_driver.h"
#include "tests/sync/hub/web_fixture.h"

namespace tapport::hub {
namespace {

using namespace samples;

/// Longer than any line of a telephone's, without a place to break it.
std::string longWord(const std::string& begin) {
    return begin + std::string(120, 'x');
}

class PagesInABrowser : public Web {
  protected:
    PagesInABrowser() {
        event_.name.at(event_.languages.front()) = longWord("Expo ");
        desk_.put(longAnswers());
    }

    /// Of somebody who said yes here and elsewhere, asked in the language of the longest words.
    ReceiptView longReceipt() const {
        ReceiptView view;
        view.unit = visitFor(event_, 1, 1,
                             {{"newsletter", record::Channel::Email, record::ConsentState::Given}});
        view.unit.position.kiosk.value = "booth-north-entrance-kiosk-number-two";
        record::ConsentEvent& consent = view.unit.unit.consents.front();
        consent.notice = event_.find(consent.purpose, consent.channel)->noticeRef("de");
        view.now = {ledger::Standing::Given};
        view.withdrawable = {{{"newsletter"}, record::Channel::Email},
                             {{"sales-follow-up"}, record::Channel::Phone}};
        return view;
    }

    FakeDesk::Answers longAnswers() const {
        FakeDesk::Answers answers;
        answers.leads =
            leadWith(event_, {longWord("A"), longWord("B"), longWord("c") + "@example.com", "", ""},
                     longWord("https://example.com/"));
        KioskStanding kiosk{{{"booth-north-entrance-kiosk-number-two"}, epoch()}, 40, {}, kNow};
        kiosk.held.add({1, 3});
        kiosk.forkOf = wire::ForkPoint{epoch(2), 17};
        answers.status.kiosks = {kiosk};
        answers.status.fates = {{kiosk.sequence.kiosk, {true, true, "2026-11-26T18:00:00.000Z"}}};
        answers.status.now = kNow;
        answers.quarantine.push_back({1, kNow, kNow, 100'000, longWord("tapport/3/"),
                                      Reason::HeaderMismatch, longWord("record "), 65'536});
        answers.exported = ExportEntry{
            recordId(7), kNow, longWord("local user "), 4, 123'456, 12'345, false, {}, ""};
        answers.receipt = longReceipt();
        answers.unsettled.unsettled.push_back(
            {subject(5), {{{"sales-follow-up"}, record::Channel::Email}, {}, {}}});
        return answers;
    }
};

TEST_F(PagesInABrowser, FitWhateverTheyHoldAndHoweverNarrowItIs) {
    journey::WebDriver browser;
    browser.open(url("/login"));
    browser.type("#password", kPassword);
    browser.click("form.stack button");
    ASSERT_EQ(browser.address(), url("/"));
    const std::vector<std::string> pages{
        "/",        "/leads",      "/reconfirm",
        "/exports", "/quarantine", "/r/" + longReceipt().unit.unit.receipt->hex(),
        "/r/0"};

    for (const int width : {320, 400, 720, 800, 1024, 1280}) {
        browser.resize(width, 800);
        for (const std::string& page : pages) {
            browser.open(url(page));
            EXPECT_EQ(browser.number("window.innerWidth"), width);
            EXPECT_LE(browser.number("document.documentElement.scrollWidth"), width) << page;
        }
    }
}

}  // namespace
}  // namespace tapport::hub
