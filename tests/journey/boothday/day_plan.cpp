// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/journey/boothday/day_plan.h"

#include <algorithm>
#include <array>
#include <random>

#include <fmt/format.h>

namespace tapport::boothday {
namespace {

constexpr std::array kFirstNames{"Alex", "Bao",   "Chidi", "Dana", "Emre", "Freya", "Goran",
                                 "Hana", "Imani", "Jules", "Kaya", "Luca", "Mika",  "Noor"};

/// A draw that gives the same numbers on every standard library.
class Draw {
  public:
    explicit Draw(std::uint32_t seed) : engine_(seed) {}
    std::size_t below(std::size_t bound) { return engine_() % bound; }
    bool oneIn(std::size_t n) { return below(n) == 0; }

  private:
    std::mt19937 engine_;
};

std::vector<Answers> drawAnswers(std::size_t visits, Draw& draw) {
    // The first four make sure that every kind occurs; the rest is what a booth sees.
    std::vector<Answers> answers{Answers::All, Answers::Some, Answers::None, Answers::WalkAway};
    answers.resize(std::min(visits, answers.size()));
    while (answers.size() < visits) {
        const std::size_t dice = draw.below(10);
        answers.push_back(dice < 4   ? Answers::All
                          : dice < 7 ? Answers::Some
                          : dice < 9 ? Answers::None
                                     : Answers::WalkAway);
    }
    std::vector<Answers> shuffled;
    while (!answers.empty()) {
        const auto at = answers.begin() + static_cast<std::ptrdiff_t>(draw.below(answers.size()));
        shuffled.push_back(*at);
        answers.erase(at);
    }
    return shuffled;
}

std::vector<bool> drawSome(std::size_t asks, Draw& draw) {
    std::vector<bool> yes(asks);
    for (std::size_t i = 0; i < asks; ++i) {
        yes[i] = draw.oneIn(2);
    }
    // "Some" is neither all nor none.
    const std::size_t fixed = draw.below(asks);
    yes[fixed] = true;
    yes[(fixed + 1) % asks] = false;
    return yes;
}

}  // namespace

bool Day::saysYes(const Visit& visit) const {
    return visit.answers == Answers::All || visit.answers == Answers::Some;
}

std::set<ExpectedLead> Day::expectedLeads(const std::vector<AskId>& asks) const {
    std::set<ExpectedLead> leads;
    for (const Visit& visit : visits) {
        if (!saysYes(visit) || visit.withdrawsLater) {
            continue;
        }
        for (std::size_t i = 0; i < asks.size(); ++i) {
            if (visit.answers == Answers::All || visit.yes[i]) {
                leads.insert({visit.attendee.email, asks[i].purpose, asks[i].channel});
            }
        }
    }
    return leads;
}

Attendee sampleAttendee(std::size_t number) {
    Attendee attendee;
    attendee.firstName = kFirstNames[number % kFirstNames.size()];
    attendee.company = fmt::format("Example Company {}", number / 3 + 1);
    std::string lower = attendee.firstName;
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    attendee.email = fmt::format("{}.{:03}@example.com", lower, number);
    // Ofcom's range for fiction.
    attendee.phone = fmt::format("+44207946{:04}", number);
    attendee.token = fmt::format("sample-badge-{:04}-{:08x}", number,
                                 static_cast<std::uint32_t>(number * 2654435761U));
    return attendee;
}

Day planDay(std::size_t visits, std::uint32_t seed, std::size_t asks) {
    Draw draw(seed);
    Day day;
    const std::vector<Answers> answers = drawAnswers(visits, draw);
    for (std::size_t i = 0; i < visits; ++i) {
        Visit visit;
        visit.attendee = sampleAttendee(i + 1);
        visit.language = i % 2 == 0 ? "en" : "de";
        visit.answers = answers[i];
        visit.yes = drawSome(asks, draw);
        visit.withdrawsLater = day.saysYes(visit) && draw.oneIn(6);
        day.visits.push_back(visit);
    }

    const auto isYes = [&day](const Visit& visit) { return day.saysYes(visit); };
    // At least one withdrawal, if anybody can withdraw and somebody else stays.
    const auto yesCount = std::count_if(day.visits.begin(), day.visits.end(), isYes);
    const bool hasWithdrawal = std::any_of(day.visits.begin(), day.visits.end(),
                                           [](const Visit& visit) { return visit.withdrawsLater; });
    if (!hasWithdrawal && yesCount > 1) {
        std::find_if(day.visits.rbegin(), day.visits.rend(), isYes)->withdrawsLater = true;
    }

    // At least three conversations, the first ones with people who said yes.
    const std::size_t talks = std::max<std::size_t>(3, visits / 4);
    std::vector<std::size_t> talkers;
    for (std::size_t i = 0; i < visits; ++i) {
        if (day.visits[i].answers != Answers::WalkAway) {
            talkers.push_back(i);
        }
    }
    std::stable_partition(talkers.begin(), talkers.end(),
                          [&](std::size_t i) { return isYes(day.visits[i]); });
    for (std::size_t i = 0; i < talks && !talkers.empty(); ++i) {
        Visit& visit = day.visits[talkers[i % talkers.size()]];
        visit.talks.push_back(
            {i % 2 == 0 ? "wants a demo next week" : "asks for the data sheet", i % 2 == 0});
    }

    // The broker is away for the middle third; the kiosk dies in it, after a confirmed visit.
    day.visits[visits / 3].before = Incident::BrokerStops;
    if (visits >= 3) {
        day.visits[2 * visits / 3].before = Incident::BrokerReturns;
    }
    const auto afterOutage = day.visits.begin() + static_cast<std::ptrdiff_t>(visits / 3);
    auto killed = std::find_if(afterOutage, day.visits.end(), isYes);
    if (killed == day.visits.end()) {
        killed = std::find_if(day.visits.begin(), day.visits.end(), isYes);
    }
    if (killed != day.visits.end()) {
        killed->killedAfter = true;
    }
    return day;
}

}  // namespace tapport::boothday
