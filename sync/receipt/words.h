// SPDX-License-Identifier: GPL-3.0-or-later
// The words of a receipt that are ours and not the notice's: German, and English for every other
// language. Internal to sync/receipt. Pure.
#pragma once

#include "sync/record/consent_event.h"

#include <chrono>

namespace tapport::receipt {

struct Words {
    std::string_view heading;     ///< before the event's name
    std::string_view everything;  ///< title of what concerns every purpose
    std::string_view why;
    std::string_view data;
    std::string_view howOften;
    std::string_view recipients;
    std::string_view howLong;
    std::string_view withdraw;
    std::string_view validUntil;      ///< before a day
    std::string_view pending;         ///< a yes that waits for its double opt-in
    std::string_view oneOff;          ///< what a no says of the person
    std::string_view recorded;        ///< "{time}", "{kiosk}", "{epoch}", "{seqs}" are filled in
    std::string_view recordedOnPage;  ///< likewise, by the hub: without "{kiosk}"
    std::string_view clockNotSet;
    std::string_view clockMoved;
    std::string_view provisional;
    std::string_view page;  ///< before the link to the attendee's page
};

[[nodiscard]] const Words& wordsIn(std::string_view language);
/// The sentence that says when and where this kiosk, or the hub, recorded it.
[[nodiscard]] std::string_view recordedIn(std::string_view language, const record::KioskId& kiosk);
[[nodiscard]] std::string_view stateIn(std::string_view language, record::ConsentState state);
[[nodiscard]] std::string_view channelIn(std::string_view language, record::Channel channel);
/// What is to be said of a time that such a clock told; empty for one that may be believed.
[[nodiscard]] std::string_view clockCautionIn(std::string_view language,
                                              record::ClockQuality quality);
/// "22 November 2026" or "22.11.2026"
[[nodiscard]] std::string dayIn(std::string_view language, std::chrono::sys_days day);

}  // namespace tapport::receipt
