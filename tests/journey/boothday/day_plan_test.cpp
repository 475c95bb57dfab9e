// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/journey/boothday/day_plan.h"

#include <algorithm>
#include <functional>

#include <gtest/gtest.h>

namespace tapport::boothday {
namespace {

const std::vector<AskId> kAsks{{"a", "email"}, {"b", "phone"}, {"c", "email"}, {"d", "email"}};

std::int64_t countOf(const Day& day, const std::function<bool(const Visit&)>& is) {
    return std::count_if(day.visits.begin(), day.visits.end(), is);
}

TEST(DayPlan, HoldsEverythingTheMainJobMustSurvive) {
    for (std::uint32_t seed = 1; seed <= 200; ++seed) {
        const Day day = planDay(20, seed, kAsks.size());

        for (const Answers kind : {Answers::All, Answers::Some, Answers::None, Answers::WalkAway}) {
            EXPECT_GE(countOf(day, [&](const Visit& v) { return v.answers == kind; }), 1) << seed;
        }
        std::size_t talks = 0;
        for (const Visit& visit : day.visits) {
            talks += visit.talks.size();
        }
        EXPECT_GE(talks, 3U) << seed;
        EXPECT_GE(countOf(day, [](const Visit& v) { return v.withdrawsLater; }), 1) << seed;
        EXPECT_EQ(countOf(day, [](const Visit& v) { return v.killedAfter; }), 1) << seed;
        EXPECT_FALSE(day.expectedLeads(kAsks).empty()) << seed;
    }
}

TEST(DayPlan, GivesEveryAttendeeAnIdentity) {
    std::set<std::string> phones;
    for (const Visit& visit : planDay(kMostAttendees, 1, kAsks.size()).visits) {
        phones.insert(visit.attendee.phone);
    }

    EXPECT_EQ(phones.size(), kMostAttendees);
}

TEST(DayPlan, BrokerIsAwayForAThirdOfTheDay) {
    const Day day = planDay(20, 7, kAsks.size());

    EXPECT_EQ(day.visits[6].before, Incident::BrokerStops);
    EXPECT_EQ(day.visits[13].before, Incident::BrokerReturns);
}

TEST(DayPlan, IsTheSameForTheSameSeed) {
    const auto leads = [](std::uint32_t seed) { return planDay(20, seed, 4).expectedLeads(kAsks); };

    EXPECT_EQ(leads(3), leads(3));
    EXPECT_NE(leads(3), leads(4));
}

TEST(DayPlan, WorksForASingleVisit) {
    const Day day = planDay(1, 1, kAsks.size());

    EXPECT_EQ(day.visits.size(), 1U);
    EXPECT_EQ(day.visits[0].talks.size(), 3U);
}

TEST(DayPlan, SomeIsNeitherAllNorNone) {
    for (std::uint32_t seed = 1; seed <= 100; ++seed) {
        for (const Visit& visit : planDay(10, seed, kAsks.size()).visits) {
            EXPECT_NE(std::count(visit.yes.begin(), visit.yes.end(), true), 0);
            EXPECT_NE(std::count(visit.yes.begin(), visit.yes.end(), false), 0);
        }
    }
}

TEST(DayPlan, AWithdrawalLeavesNoLead) {
    Day day;
    Visit visit;
    visit.attendee = sampleAttendee(1);
    visit.answers = Answers::All;
    visit.withdrawsLater = true;
    day.visits = {visit};

    EXPECT_TRUE(day.expectedLeads(kAsks).empty());
}

}  // namespace
}  // namespace tapport::boothday
