// SPDX-License-Identifier: GPL-3.0-or-later
// A booth day as a script: who comes, what they answer, what happens to the broker and the kiosk,
// and what hub and export must hold in the end. Pure and reproducible: the same number of visits
// and seed give the same day.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

namespace tapport::boothday {

/// A plainly fictional attendee with a badge.
struct Attendee {
    std::string token;  ///< what the badge carries in its URI
    std::string firstName;
    std::string company;
    std::string email;
    std::string phone;
};

enum class Answers : std::uint8_t { All, Some, None, WalkAway };

/// What happens before this visit.
enum class Incident : std::uint8_t { Nothing, BrokerStops, BrokerReturns };

/// What a staff member logs after the visit.
struct Talk {
    std::string note;
    bool hasPromise = false;
};

struct Visit {
    Attendee attendee;
    std::string language;
    Answers answers = Answers::All;
    std::vector<bool> yes;        ///< one an ask of the event; meaningful for Some
    bool withdrawsLater = false;  ///< taps again and withdraws everything
    bool killedAfter = false;     ///< the kiosk is killed right after this confirmation
    Incident before = Incident::Nothing;
    std::vector<Talk> talks;
};

/// One row that the export must hold.
struct ExpectedLead {
    std::string email;  ///< of the attendee, whichever channel the row is about
    std::string purpose;
    std::string channel;
    auto operator<=>(const ExpectedLead&) const = default;
};

/// A purpose on a channel, as the event file lists it.
struct AskId {
    std::string purpose;
    std::string channel;
};

struct Day {
    std::vector<Visit> visits;

    [[nodiscard]] bool saysYes(const Visit& visit) const;
    [[nodiscard]] std::set<ExpectedLead> expectedLeads(const std::vector<AskId>& asks) const;
};

/// Attendees are numbered from 1 to here: each has a phone number of Ofcom's for fiction.
inline constexpr std::size_t kMostAttendees = 999;

[[nodiscard]] Attendee sampleAttendee(std::size_t number);
[[nodiscard]] Day planDay(std::size_t visits, std::uint32_t seed, std::size_t asks);

}  // namespace tapport::boothday
