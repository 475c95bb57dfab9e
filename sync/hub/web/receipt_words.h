// SPDX-License-Identifier: GPL-3.0-or-later
// The words of an attendee's page that are neither the notice's nor the receipt's: German, and
// English for every other language. Pure.
#pragma once

#include "sync/hub/store/store.h"
#include "sync/ledger/standing.h"

namespace tapport::hub {

struct PageWords {
    std::string_view title;
    std::string_view askedBy;
    std::string_view youAnswered;
    std::string_view today;
    std::string_view validUntil;
    std::string_view changeYourMind;
    std::string_view atTheBooth;  ///< withdrawal at a kiosk
    std::string_view wording;     ///< before the notice's id
    std::string_view isFinal;
    std::string_view signedReceipt;
    std::string_view keys;
    std::string_view notices;
    std::string_view notHere;          ///< heading for an id that is not known
    std::string_view notHereText;      ///< what that means
    std::string_view withdraw;         ///< button under one answer
    std::string_view withdrawAll;      ///< button for everything
    std::string_view withdrawAllText;  ///< what that takes back
    std::string_view withdrawn;        ///< heading of what was taken back just now
    std::string_view withdrawnText;    ///< since when that counts, and where
    std::string_view nothingLeft;      ///< heading where nothing was left to take back
    std::string_view nothingLeftText;
    std::string_view withdrawalReceipt;  ///< link
    std::string_view backToReceipt;      ///< link
    std::string_view notTaken;           ///< heading where it could not be committed
    std::string_view notTakenText;
    std::string_view tooOften;  ///< heading
    std::string_view tooOftenText;
    std::string_view orWrite;  ///< before the controller's contact
};

[[nodiscard]] const PageWords& pageWordsIn(std::string_view language);
/// What an answer is worth today, as one sentence.
[[nodiscard]] std::string_view standingIn(std::string_view language, ledger::Standing standing);
[[nodiscard]] std::string_view proofIn(std::string_view language, ProofState proof);

}  // namespace tapport::hub
