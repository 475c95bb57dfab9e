// SPDX-License-Identifier: GPL-3.0-or-later
// Plays a planned day on a booth, press by press, and counts what the screens confirmed.
#pragma once

#include "tests/journey/boothday/booth.h"
#include "tests/journey/boothday/receipts.h"

#include <map>

namespace tapport::boothday {

struct Tally {
    std::int64_t visits = 0;
    std::int64_t yes = 0;
    std::int64_t no = 0;
    std::int64_t walkedAway = 0;
    std::int64_t withdrawn = 0;
    std::int64_t conversations = 0;
    std::int64_t conversationsForgotten = 0;  ///< of people who took back every yes
    std::int64_t recordsConfirmed = 0;
};

class DayRunner {
  public:
    DayRunner(Booth& booth, std::filesystem::path screensDir, Receipts& receipts);

    /// Throws std::runtime_error at the first step that the kiosk does not take.
    Tally play(const Day& day);

  private:
    void tapForeignCard();
    void playVisit(const Visit& visit);
    void answerSome(const Visit& visit);
    void fillContact(const Visit& visit);
    void confirmVisit(const Visit& visit);
    void walkAway();
    void logTalk(const Talk& talk);
    void write(const std::string& field, const std::string& text);
    void withdrawEverything(const Visit& visit);
    void chooseLanguage(const std::string& language);
    void leave();
    /// The attendee holds a phone to the screen.
    void takeReceipt(const std::string& kind);
    /// Keeps a picture of each screen in each language.
    void look(const std::string& screen);

    Booth& booth_;
    std::filesystem::path screensDir_;
    Receipts& receipts_;
    std::set<std::string> seen_;
    Tally tally_;
};

}  // namespace tapport::boothday
