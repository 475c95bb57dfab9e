// SPDX-License-Identifier: GPL-3.0-or-later
// link_bench [NAME ...]: what a kiosk makes of its network and of what waits in it: "slow", a drain
// at 1 Mbit/s and news at 64 kbit/s beside a backlog; "resume", how soon it goes on once the
// broker's port opens; "waiting", how it starts with 100,000 records. Real programs; the slow links
// take root and the kernel's token bucket.
#include "sync/program/log.h"
#include "tests/bench/figures.h"
#include "tests/fault/schedules/fault_site.h"
#include "tests/support/process_size.h"

#include <exception>
#include <thread>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace {

using namespace std::chrono_literals;
using namespace tapport;
using bench::Samples;
using fault::FaultSite;
using fault::Instant;
using fault::Timeline;

double millis(Instant from, Instant to) {
    return std::chrono::duration<double, std::milli>(to - from).count();
}

void must(bool isSo, const char* what) {
    if (!isSo) {
        throw std::runtime_error(what);
    }
}

/// All of a backlog over a cable of so many bits a second, from the hello on.
void measureDrain(std::uint64_t bitsPerSecond, int records) {
    const support::PrivateNetwork network(2);
    FaultSite site(1, network);
    FaultSite::Kiosk& kiosk = site.kiosk(0);
    kiosk.keepsTimeline = true;
    kiosk.arguments = {"--as-shipped", "--backlog", std::to_string(records), "--deliver"};
    network.slowDown(1, bitsPerSecond);
    site.startKiosk(kiosk);
    must(kiosk.process->wait(10min) == 0, "it did not drain");

    const Timeline timeline = site.timelineOf(kiosk);
    Instant last = timeline.hellos.front();
    std::size_t bytes = 0;
    for (const auto& [id, record] : timeline.records) {
        last = std::max(last, record.acknowledged.value());
        bytes += record.bytes;
    }
    const double carried =
        millis(timeline.hellos.front(), last) / 1000 * static_cast<double>(bitsPerSecond) / 8;
    fmt::print("{:>4} kbit/s: {} records in {:.1f} s, sealed bytes are {:.1f} % of it; {} sent\n",
               bitsPerSecond / 1000, records, millis(timeline.hellos.front(), last) / 1000,
               100 * static_cast<double>(bytes) / carried, timeline.sendings());
}

/// A visit a second beside a backlog, every third takes something back.
void measureNews(std::uint64_t bitsPerSecond, std::size_t visits) {
    const support::PrivateNetwork network(2);
    FaultSite site(1, network);
    FaultSite::Kiosk& kiosk = site.kiosk(0);
    kiosk.keepsTimeline = true;
    kiosk.arguments = {"--as-shipped", "--backlog",        "1500", "--pause",
                       "1000",         "--withdraw-every", "3"};
    network.slowDown(1, bitsPerSecond);
    site.startKiosk(kiosk);
    Samples took;
    Samples tookBack;
    const auto isDone = [&] {
        took = {};
        tookBack = {};
        for (const auto& [id, record] : site.timelineOf(kiosk).records) {
            if (record.confirmed && record.acknowledged) {
                (record.isUrgent ? tookBack : took)
                    .add(millis(*record.confirmed, *record.acknowledged));
            }
        }
        return took.size() + tookBack.size() >= visits;
    };
    must(support::waitUntil(isDone, 10min), "no news");
    const std::string link = fmt::format("at {} kbit/s beside a backlog", bitsPerSecond / 1000);
    bench::printMillis("visit " + link, took);
    bench::printMillis("withdrawal " + link, tookBack);
}

/// The broker away for so long, `times`, with four kiosks that record all the time.
void measureResume(std::chrono::milliseconds outage, int times) {
    constexpr int kKiosks = 4;
    FaultSite site(kKiosks);
    for (std::size_t i = 0; i < site.kiosks(); ++i) {
        FaultSite::Kiosk& kiosk = site.kiosk(i);
        kiosk.cable.reset();  // a proxy takes connections that the broker would refuse
        kiosk.keepsTimeline = true;
        kiosk.arguments = {"--as-shipped", "--pause", "100"};
        site.startKiosk(kiosk);
    }
    Samples sent;
    Samples acknowledged;
    for (int i = 0; i < times; ++i) {
        // Only a connection that held 10 s makes the next try a fast one.
        std::this_thread::sleep_for(11s);
        site.hub().broker().kill();
        std::this_thread::sleep_for(outage);
        site.hub().broker().start();
        const Instant open = std::chrono::steady_clock::now();
        for (std::size_t k = 0; k < site.kiosks(); ++k) {
            std::optional<Instant> firstSent;
            std::optional<Instant> firstAnswer;
            const auto goesOn = [&] {
                for (const auto& [id, record] : site.timelineOf(site.kiosk(k)).records) {
                    if (record.acknowledged && *record.acknowledged >= open) {
                        firstAnswer =
                            std::min(firstAnswer.value_or(Instant::max()), *record.acknowledged);
                    }
                    for (const Instant one : record.sent) {
                        if (one >= open) {
                            firstSent = std::min(firstSent.value_or(Instant::max()), one);
                        }
                    }
                }
                return firstSent && firstAnswer;
            };
            must(support::waitUntil(goesOn, 2min), "it does not go on");
            sent.add(millis(open, *firstSent));
            acknowledged.add(millis(open, *firstAnswer));
        }
    }
    const std::string after =
        fmt::format("after {:.1f} s, port open ->", millis({}, Instant(outage)) / 1000);
    bench::printMillis(after + " batch", sent);
    bench::printMillis(after + " acknowledgement", acknowledged);
}

/// From the start of the process to the hello, and how large it is then and as it drains.
void measureWaiting(int records, int first) {
    FaultSite site(1);
    FaultSite::Kiosk& kiosk = site.kiosk(0);
    kiosk.keepsTimeline = true;
    kiosk.arguments = {"--backlog", std::to_string(records), "--fill"};
    site.startKiosk(kiosk);
    must(kiosk.process->wait(1h) == 0, "not filled");
    kiosk.arguments = {"--as-shipped", "--deliver"};
    const Instant start = std::chrono::steady_clock::now();
    site.startKiosk(kiosk);
    must(support::waitUntil([&] { return !site.timelineOf(kiosk).hellos.empty(); }), "no hello");
    const support::ProcessSize before = support::sizeOf(kiosk.process->pid());
    support::ProcessSize after = before;
    const auto isDrained = [&] {
        const support::ProcessSize now = support::sizeOf(kiosk.process->pid());
        after = now.kibibytes > 0 ? now : after;
        return site.receivedBy(kiosk) >= static_cast<std::size_t>(first);
    };
    must(support::waitUntil(isDrained, 10min), "it does not drain");
    fmt::print(
        "{} waiting: started -> hello {:.0f} ms; resident {:.1f} MiB then, at most {:.1f} MiB "
        "until {} are acknowledged\n",
        records, millis(start, site.timelineOf(kiosk).hellos.front()),
        static_cast<double>(before.kibibytes) / 1024,
        static_cast<double>(after.mostKibibytes) / 1024, first);
}

}  // namespace

int main(int argc, char** argv) {
    std::vector<std::string> names;
    CLI::App app("What a kiosk makes of its network and of what waits in it");
    app.add_option("names", names, "slow, resume, waiting; none: all three")
        ->check(CLI::IsMember({"slow", "resume", "waiting"}));
    CLI11_PARSE(app, argc, argv);
    program::startLogging("bench", "error");
    const auto isAsked = [&](const std::string& name) {
        return names.empty() || std::find(names.begin(), names.end(), name) != names.end();
    };
    try {
        if (const auto why = support::PrivateNetwork::whyNotSlow(); why && isAsked("slow")) {
            fmt::print("no slow links: {}\n", *why);
        } else if (isAsked("slow")) {
            measureDrain(1'000'000, 2000);
            measureDrain(64'000, 200);
            measureNews(64'000, 60);
        }
        for (const auto outage : {300ms, 1000ms, 3000ms, 10'000ms}) {
            if (isAsked("resume")) {
                measureResume(outage, 3);
            }
        }
        if (isAsked("waiting")) {
            measureWaiting(1000, 500);
            measureWaiting(100'000, 50'000);
        }
    } catch (const std::exception& failure) {
        fmt::print(stderr, "link_bench: {}\n", failure.what());
        return 1;
    }
    return 0;
}
