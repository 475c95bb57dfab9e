// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/journey/boothday/day_runner.h"

#include <algorithm>

#include <fmt/format.h>

namespace tapport::boothday {

DayRunner::DayRunner(Booth& booth, std::filesystem::path screensDir, Receipts& receipts)
    : booth_(booth), screensDir_(std::move(screensDir)), receipts_(receipts) {
    std::filesystem::create_directories(screensDir_);
}

void DayRunner::look(const std::string& screen) {
    if (!seen_.insert(screen).second) {
        return;
    }
    ScreenClient& screens = booth_.screens();
    const std::string language = screens.language();
    screens.grab(screensDir_ / (screen + "-" + language + ".png"));
    // The language button is on every page of an attendee and keeps what was answered.
    const std::string other = language == "en" ? "de" : "en";
    if (screens.hasTarget("language-" + other)) {
        screens.press("language-" + other);
        screens.grab(screensDir_ / (screen + "-" + other + ".png"));
        screens.press("language-" + language);
    }
}

void DayRunner::tapForeignCard() {
    booth_.placeForeignCard();
    booth_.screens().waitFor({"BadgeProblem"});
    booth_.removeBadge();
    look("BadgeProblem");
    leave();
}

Tally DayRunner::play(const Day& day) {
    look("Idle");
    tapForeignCard();
    for (const Visit& visit : day.visits) {
        if (visit.before == Incident::BrokerStops) {
            booth_.broker().stop();
        }
        if (visit.before == Incident::BrokerReturns) {
            booth_.broker().start();
        }
        playVisit(visit);
    }
    if (day.visits.size() < 3) {
        booth_.broker().start();  // no later visit brought it back
    }
    for (const Visit& visit : day.visits) {
        if (visit.withdrawsLater) {
            withdrawEverything(visit);
        }
    }
    return tally_;
}

void DayRunner::chooseLanguage(const std::string& language) {
    if (booth_.screens().hasTarget("language-" + language)) {
        booth_.screens().press("language-" + language);
    }
}

void DayRunner::playVisit(const Visit& visit) {
    ScreenClient& screens = booth_.screens();
    ++tally_.visits;
    chooseLanguage(visit.language);
    look("Idle");
    booth_.placeBadge(visit.attendee);
    screens.waitFor({"Purposes"});
    booth_.removeBadge();
    look("Purposes");
    switch (visit.answers) {
        case Answers::WalkAway:
            walkAway();
            return;
        case Answers::None:
            screens.press("none");
            screens.waitFor({"NoThanks"});
            look("NoThanks");
            takeReceipt("no");
            ++tally_.no;
            ++tally_.recordsConfirmed;
            break;
        case Answers::All:
            screens.press("all");
            confirmVisit(visit);
            break;
        case Answers::Some:
            screens.press("choose");
            answerSome(visit);
            confirmVisit(visit);
            break;
    }
    if (visit.killedAfter) {
        booth_.killAndRestartKiosk();
        // The kiosk forgot the visit on purpose; a new tap brings it back for the conversation.
        booth_.placeBadge(visit.attendee);
        booth_.screens().waitFor({"Recorded"});
        booth_.removeBadge();
        look("Recorded");
    }
    leave();
    for (const Talk& talk : visit.talks) {
        logTalk(talk);
    }
}

void DayRunner::answerSome(const Visit& visit) {
    ScreenClient& screens = booth_.screens();
    for (const bool yes : visit.yes) {
        screens.waitFor({"Question"});
        look("Question");
        screens.press(yes ? "yes" : "no");
    }
}

void DayRunner::fillContact(const Visit& visit) {
    ScreenClient& screens = booth_.screens();
    while (screens.waitFor({"Contact", "Summary"}) == "Contact") {
        look("Contact");
        screens.type(visit.attendee.phone);
        screens.press("next");
    }
}

void DayRunner::confirmVisit(const Visit& visit) {
    ScreenClient& screens = booth_.screens();
    fillContact(visit);
    look("Summary");
    screens.press("confirm");
    screens.waitFor({"Saved"});
    look("Saved");
    takeReceipt("yes");
    const bool hasNo = visit.answers == Answers::Some;
    ++tally_.yes;
    tally_.recordsConfirmed += hasNo ? 2 : 1;
}

void DayRunner::walkAway() {
    ScreenClient& screens = booth_.screens();
    screens.press("choose");
    screens.waitFor({"Question"});
    look("Question");
    // Nobody touches it any more: the warning comes, then the kiosk clears itself.
    screens.waitForTarget("stayLonger");
    look("Warning");
    screens.waitFor({"Idle"}, std::chrono::minutes(2));
    ++tally_.walkedAway;
}

void DayRunner::takeReceipt(const std::string& kind) {
    const std::filesystem::path picture = receipts_.dir() / "screen.png";
    booth_.screens().grab(picture);
    receipts_.read(kind, picture);
}

void DayRunner::leave() {
    ScreenClient& screens = booth_.screens();
    if (screens.screen() != "Idle" && screens.hasTarget("done")) {
        screens.press("done");
    }
    screens.waitFor({"Idle"});
}

void DayRunner::logTalk(const Talk& talk) {
    ScreenClient& screens = booth_.screens();
    screens.press("staff");
    screens.waitFor({"StaffPin"});
    look("StaffPin");
    for (const char digit : std::string(kStaffPin)) {
        screens.press(fmt::format("pin-{}", digit));
    }
    screens.press("pin-ok");
    screens.waitFor({"StaffForm"});
    screens.press("need-" + booth_.need());
    screens.press("readiness-" + booth_.readiness());
    look("StaffForm");
    if (screens.hasTarget("parts")) {
        screens.press("parts");
        write("note", talk.note);
        if (talk.hasPromise) {
            write("promise", "send the data sheet");
            screens.press("due-week");
        }
        look("StaffNote");
    }
    screens.press("submit");
    screens.waitFor({"StaffSaved"});
    look("StaffSaved");
    ++tally_.conversations;
    ++tally_.recordsConfirmed;
    leave();
}

void DayRunner::write(const std::string& field, const std::string& text) {
    booth_.screens().press(field);
    booth_.screens().type(text);
    booth_.screens().press("textDone");
}

void DayRunner::withdrawEverything(const Visit& visit) {
    ScreenClient& screens = booth_.screens();
    chooseLanguage(visit.language);
    screens.press("seeMyAnswers");
    screens.waitFor({"TapToSee"});
    look("TapToSee");
    booth_.placeBadge(visit.attendee);
    screens.waitFor({"Recorded"});
    booth_.removeBadge();
    look("Recorded");
    screens.press("withdrawAll");
    screens.waitFor({"Withdrawn"});
    look("Withdrawn");
    takeReceipt("withdrawal");
    ++tally_.withdrawn;
    tally_.conversationsForgotten += static_cast<std::int64_t>(visit.talks.size());
    ++tally_.recordsConfirmed;
    leave();
}

}  // namespace tapport::boothday
