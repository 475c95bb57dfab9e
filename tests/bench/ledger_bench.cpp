// SPDX-License-Identifier: GPL-3.0-or-later
// ledger_bench: a million consent events from two kiosks, merged and decided, person by person as
// the hub does it for an export; and one person whose history is as long as thousands of others'
// together, which must cost no more an event.
#include "sync/ledger/consent_ledger.h"
#include "tests/bench/figures.h"
#include "tests/support/sample_event.h"

#include <cstdlib>

#include <fmt/core.h>

namespace {

using namespace tapport;
using bench::Clock;

constexpr std::size_t kEvents = 1'000'000;
constexpr std::size_t kEventsAPerson = 8;
constexpr std::size_t kPeopleAtOnce = 5'000;
constexpr std::size_t kLongHistory = 50'000;

/// Yes, withdrawal, yes that names it, and so on, over the event's questions in turn.
std::vector<ledger::Recorded> historyOf(const event::Event& event, std::size_t length) {
    std::vector<ledger::Recorded> history;
    for (std::size_t i = 0; i < length; ++i) {
        const event::Ask& ask = event.asks[i % event.asks.size()];
        const bool isYes = (i / event.asks.size()) % 2 == 0;
        ledger::Recorded one;
        for (std::size_t byte = 0; byte < 4; ++byte) {
            one.event.id.bytes[byte] = static_cast<std::uint8_t>(i >> (8 * byte));
        }
        one.event.purpose = ask.purpose;
        one.event.channel = ask.channel;
        one.event.state = isYes ? record::ConsentState::Given : record::ConsentState::Withdrawn;
        one.event.method = isYes ? record::Method::KioskYes : record::Method::ReTap;
        one.event.notice = ask.noticeRef("en");
        one.event.at = {record::WallTime(event.firstDay), record::ClockQuality::Synced, {}, {}};
        one.event.validUntil = one.event.at.wall + ask.validity;
        one.event.evidence = {"question", "0.1.0", "no,yes", record::Millis(2400), std::nullopt};
        if (i > 0) {
            one.event.causes = {history.back().event.id};
        }
        one.kiosk = {i % 2 == 0 ? "kiosk-1" : "kiosk-2"};
        history.push_back(std::move(one));
    }
    return history;
}

struct Rate {
    double seconds = 0;
    std::size_t leads = 0;
};

/// What each kiosk brought makes a history; both are merged; all that may be released is.
Rate decide(const event::Event& event, const std::vector<std::vector<ledger::Recorded>>& people) {
    const ledger::Suppressions nobody{ledger::SuppressionKey{}};
    const record::TrustedNow now(
        {record::WallTime(event.lastDay), record::ClockQuality::Synced, {}, {}});
    Rate rate;
    const auto start = Clock::now();
    for (const auto& history : people) {
        ledger::ConsentLedger ledger(event, nobody, {});
        ledger::History other;
        for (const ledger::Recorded& one : history) {
            one.kiosk.value == "kiosk-1" ? ledger.add(one) : other.add(one);
        }
        ledger.merge(other);
        rate.leads += ledger.releaseAll(now).size();
    }
    rate.seconds = bench::millisSince(start) / 1000;
    return rate;
}

}  // namespace

int main() {
    const event::Event event = support::sampleEvent();
    const std::vector<std::vector<ledger::Recorded>> people(kPeopleAtOnce,
                                                            historyOf(event, kEventsAPerson));
    Rate total;
    std::size_t events = 0;
    while (events < kEvents) {
        const Rate rate = decide(event, people);
        total.seconds += rate.seconds;
        total.leads += rate.leads;
        events += kPeopleAtOnce * kEventsAPerson;
    }
    fmt::print("{:<46} {:>9.0f} records/s   n = {}\n",
               "ledger: merge and decide, 8 events a person",
               static_cast<double>(events) / total.seconds, events);

    const Rate lone = decide(event, {historyOf(event, kLongHistory)});
    fmt::print("{:<46} {:>9.0f} records/s   n = {}\n", "the same, all of one person",
               static_cast<double>(kLongHistory) / lone.seconds, kLongHistory);
    // Each history ends in withdrawals that name the yeses before: anything released is a fault.
    return total.leads + lone.leads == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
