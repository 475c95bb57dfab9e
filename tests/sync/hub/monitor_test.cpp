// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/web/monitor.h"

#include "tests/sync/hub/samples.h"

#include <regex>
#include <set>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tapport::hub {
namespace {

using namespace samples;
using testing::HasSubstr;
using testing::Not;

Vitals vitals() {
    Vitals all;
    all.counts.units = 12;
    all.counts.waiting = 2;
    all.counts.quarantined = 1;
    all.counts.forks = 3;
    all.quarantineFull = 2;
    KioskStanding standing{{kKiosk, epoch()}, 10, {}, kNow - std::chrono::seconds(90)};
    standing.held.add({1, 4});
    standing.held.add({6, 7});
    all.kiosks = {standing, {{{"kiosk-2"}, epoch(2)}, 5, {}, kNow}};
    all.kiosks.back().held.add({1, 5});
    LoadMeter meter;
    meter.took(200, std::chrono::milliseconds(4));
    meter.took(100, std::chrono::seconds(60));
    meter.refused({Code::StorageFull, "take records: database or disk is full"});
    meter.serves(32);
    all.load = meter.read();
    all.now = kNow;
    all.kiosks.back().clockAhead = std::chrono::seconds(-720);
    all.presence = {{kKiosk, {true, kNow}}, {{"kiosk-2"}, {false, {}}}};
    return all;
}

/// The rules of the text format, as `promtool check metrics` applies them; empty when all hold.
std::string firstFault(const std::string& text) {
    static const std::regex kSample(
        R"re(([a-z_]+)((?:\{[a-z]+="[^"\\\n]*"\})?) (\+Inf|-?[0-9.]+(?:e[+-]?[0-9]+)?))re");
    static const std::regex kType(R"(# TYPE ([a-z_]+) (gauge|counter|histogram))");
    std::istringstream lines(text);
    std::set<std::string> series;
    std::map<std::string, std::string> types;
    std::smatch part;
    for (std::string line; std::getline(lines, line);) {
        if (std::regex_match(line, part, kType)) {
            if (!types.emplace(part[1], part[2]).second) {
                return "a second TYPE: " + line;
            }
            continue;
        }
        if (line.rfind("# HELP ", 0) == 0) {
            continue;
        }
        if (!std::regex_match(line, part, kSample)) {
            return "no sample: " + line;
        }
        std::string name = part[1];
        if (!series.insert(name + part[2].str()).second) {
            return "a second sample of a series: " + line;
        }
        static const std::regex kOfHistogram("_(bucket|sum|count)$");
        if (!types.contains(name)) {
            name = std::regex_replace(name, kOfHistogram, "");
        }
        if (!types.contains(name)) {
            return "no TYPE before: " + line;
        }
        const bool isTotal = std::regex_search(name, std::regex("_total$"));
        if ((types[name] == "counter") != isTotal) {
            return "a counter's name ends with _total, and no other's: " + line;
        }
    }
    return text.empty() || text.back() != '\n' ? "the last line has no end" : "";
}

HttpRequest get(const std::string& path, const std::string& host = "127.0.0.1:8480") {
    HttpRequest request;
    request.path = path;
    request.host = host;
    return request;
}

TEST(Metrics, KeepToTheTextFormat) {
    EXPECT_EQ(firstFault(metricsText(vitals())), "");
}

TEST(Metrics, TellWhatIsMissingOfEachKiosk) {
    const std::string text = metricsText(vitals());

    EXPECT_THAT(text, HasSubstr("tapport_kiosk_backlog_records{kiosk=\"kiosk-1\"} 4\n"));
    EXPECT_THAT(text, HasSubstr("tapport_kiosk_hole_records{kiosk=\"kiosk-1\"} 1\n"));
    EXPECT_THAT(text, HasSubstr("tapport_kiosk_lag_seconds{kiosk=\"kiosk-1\"} 90\n"));
    EXPECT_THAT(text, HasSubstr("tapport_kiosk_backlog_records{kiosk=\"kiosk-2\"} 0\n"));
    EXPECT_THAT(text, HasSubstr("tapport_kiosk_lag_seconds{kiosk=\"kiosk-2\"} 0\n"));
    EXPECT_THAT(text, HasSubstr("tapport_hub_quarantine_entries 1\n"));
    EXPECT_THAT(text, HasSubstr("tapport_hub_quarantine_full 2\n"));
    EXPECT_THAT(text, HasSubstr("tapport_hub_unopened_records 2\n"));
    EXPECT_THAT(text, HasSubstr("tapport_hub_shards 32\n"));
}

TEST(Metrics, TellWhoIsConnectedAndWhoseClockIsWrong) {
    const std::string text = metricsText(vitals());

    EXPECT_THAT(text, HasSubstr("tapport_kiosk_connected{kiosk=\"kiosk-1\"} 1\n"));
    EXPECT_THAT(text, HasSubstr("tapport_kiosk_connected{kiosk=\"kiosk-2\"} 0\n"));
    EXPECT_THAT(text, HasSubstr("tapport_kiosk_clock_ahead_seconds{kiosk=\"kiosk-2\"} -720\n"));
    EXPECT_THAT(text, Not(HasSubstr("tapport_kiosk_clock_ahead_seconds{kiosk=\"kiosk-1\"}")));
}

TEST(Metrics, CountTransactionsUpToEachBound) {
    const std::string text = metricsText(vitals());

    EXPECT_THAT(text, HasSubstr("tapport_store_take_seconds_bucket{le=\"0.002\"} 0\n"));
    EXPECT_THAT(text, HasSubstr("tapport_store_take_seconds_bucket{le=\"0.005\"} 1\n"));
    EXPECT_THAT(text, HasSubstr("tapport_store_take_seconds_bucket{le=\"10\"} 1\n"));
    EXPECT_THAT(text, HasSubstr("tapport_store_take_seconds_bucket{le=\"+Inf\"} 2\n"));
    EXPECT_THAT(text, HasSubstr("tapport_store_take_seconds_count 2\n"));
    EXPECT_THAT(text, HasSubstr("tapport_ingest_records_total 300\n"));
}

TEST(LoadMeterTest, SaysWhyTheLastTransactionFailed) {
    LoadMeter meter;
    EXPECT_FALSE(meter.read().trouble);
    meter.refused({Code::StorageFull, "database or disk is full"});
    EXPECT_EQ(meter.read().trouble, "database or disk is full");

    meter.took(1, std::chrono::milliseconds(1));
    EXPECT_FALSE(meter.read().trouble);
    meter.refused({Code::Busy, "another worker serves this kiosk"});
    EXPECT_FALSE(meter.read().trouble) << "that is how shards move";
    EXPECT_EQ(meter.read().refused, 2U);
}

TEST(MonitorTest, AnswersOnlyWhoAsksForThisMachine) {
    const Monitor monitor([] { return vitals(); }, [] { return Result<>{}; });

    EXPECT_EQ(monitor.answer(get("/metrics"))->status, 200);
    EXPECT_EQ(monitor.answer(get("/healthz", "localhost:8480"))->body, "ok\n");
    EXPECT_FALSE(monitor.answer(get("/metrics", "leads.example.com")));
    EXPECT_FALSE(monitor.answer(get("/")));
}

TEST(MonitorTest, SaysWhatItLacks) {
    const Monitor monitor([]() -> Result<Vitals> { return fail(Code::Storage, "no database"); },
                          []() -> Result<> { return fail(Code::Network, "no broker"); });

    const auto health = monitor.answer(get("/healthz"));
    const auto metrics = monitor.answer(get("/metrics"));

    EXPECT_EQ(health->status, 503);
    EXPECT_EQ(health->body, "no broker\n");
    EXPECT_EQ(metrics->status, 503);
}

}  // namespace
}  // namespace tapport::hub
