// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/web/monitor.h"

#include <fmt/core.h>

namespace tapport::hub {
namespace {

constexpr const char* kText = "text/plain; charset=utf-8";
constexpr const char* kMetrics = "text/plain; version=0.0.4; charset=utf-8";

bool isForThisMachine(std::string_view host) {
    host = host.substr(0, host.rfind(':'));
    return host == "127.0.0.1" || host == "localhost";
}

class Text {
  public:
    /// Values of this name follow.
    Text& metric(std::string_view name, std::string_view type, std::string_view help) {
        name_ = name;
        out_ += fmt::format("# HELP {} {}\n# TYPE {} {}\n", name, help, name, type);
        return *this;
    }
    template <typename Value>
    void value(Value value, std::string_view labels = {}, std::string_view suffix = {}) {
        out_ += fmt::format("{}{}{} {}\n", name_, suffix, labels, value);
    }
    template <typename Value>
    void one(std::string_view name, std::string_view type, std::string_view help, Value single) {
        metric(name, type, help).value(single);
    }
    std::string take() { return std::move(out_); }

  private:
    std::string name_;
    std::string out_;
};

/// All epochs of a kiosk together.
struct KioskVitals {
    std::uint64_t missing = 0;  ///< announced, not here
    std::uint64_t holes = 0;    ///< of these, below one that is here
    record::WallTime heardAt;
    std::optional<record::Millis> clockAhead;  ///< when it was heard last
};

std::map<record::KioskId, KioskVitals> byKiosk(const std::vector<KioskStanding>& standings) {
    std::map<record::KioskId, KioskVitals> kiosks;
    for (const KioskStanding& standing : standings) {
        KioskVitals& kiosk = kiosks[standing.sequence.kiosk];
        kiosk.missing += standing.holes().count();
        if (!standing.held.empty()) {
            const std::uint64_t last = standing.held.view().back().last;
            kiosk.holes += standing.held.holes({1, last}).count();
        }
        if (standing.heardAt >= kiosk.heardAt) {
            kiosk.heardAt = standing.heardAt;
            kiosk.clockAhead = standing.clockAhead;
        }
    }
    return kiosks;
}

double inSeconds(record::Millis time) {
    return std::chrono::duration<double>(time).count();
}

/// A kiosk's id has no character that would need escaping.
std::string labelOf(const record::KioskId& kiosk) {
    return fmt::format("{{kiosk=\"{}\"}}", kiosk.value);
}

void addKiosks(Text& text, const Vitals& vitals) {
    const auto kiosks = byKiosk(vitals.kiosks);
    const auto each = [&](auto valueOf) {
        for (const auto& [id, kiosk] : kiosks) {
            text.value(valueOf(kiosk), labelOf(id));
        }
    };
    text.metric("tapport_kiosk_backlog_records", "gauge",
                "Records that the kiosk announced and that are not here, or not sorted yet.");
    each([](const KioskVitals& kiosk) { return kiosk.missing; });
    text.metric("tapport_kiosk_hole_records", "gauge",
                "Records that are not here, though later ones of the kiosk are.");
    each([](const KioskVitals& kiosk) { return kiosk.holes; });
    text.metric("tapport_kiosk_heard_timestamp_seconds", "gauge",
                "When the kiosk was last heard, by this hub's clock.");
    each([](const KioskVitals& kiosk) { return inSeconds(kiosk.heardAt.time_since_epoch()); });
    text.metric("tapport_kiosk_lag_seconds", "gauge",
                "How long nothing was heard of a kiosk of which records are missing.");
    each([&](const KioskVitals& kiosk) {
        return kiosk.missing == 0 || kiosk.heardAt == record::WallTime()
                   ? 0.0
                   : inSeconds(std::max(vitals.now - kiosk.heardAt, record::Millis{0}));
    });
    text.metric("tapport_kiosk_clock_ahead_seconds", "gauge",
                "By how much the kiosk's clock was ahead of the hub's when it was last heard.");
    for (const auto& [id, kiosk] : kiosks) {
        if (kiosk.clockAhead) {
            text.value(inSeconds(*kiosk.clockAhead), labelOf(id));
        }
    }
    text.metric("tapport_kiosk_connected", "gauge",
                "1 while the kiosk is connected to the broker, as it says itself; no value: not "
                "seen since this process began.");
    for (const auto& [id, presence] : vitals.presence) {
        text.value(presence.isConnected ? 1 : 0, labelOf(id));
    }
}

void addTakes(Text& text, const Load& load) {
    text.metric("tapport_store_take_seconds", "histogram",
                "Time from messages to their commit, one transaction each.");
    std::uint64_t below = 0;
    for (std::size_t i = 0; i < load.takes.size(); ++i) {
        below += load.takes.at(i);
        const std::string end =
            i < Load::kBuckets.size() ? fmt::format("{}", Load::kBuckets.at(i)) : "+Inf";
        text.value(below, fmt::format("{{le=\"{}\"}}", end), "_bucket");
    }
    text.value(load.seconds, {}, "_sum");
    text.value(below, {}, "_count");
}

}  // namespace

void LoadMeter::took(std::uint64_t records, std::chrono::duration<double> time) {
    const auto bucket =
        std::lower_bound(Load::kBuckets.begin(), Load::kBuckets.end(), time.count());
    const std::lock_guard lock(mutex_);
    load_.records += records;
    load_.seconds += time.count();
    ++load_.takes.at(static_cast<std::size_t>(bucket - Load::kBuckets.begin()));
    load_.trouble.reset();
}

void LoadMeter::refused(const Error& why) {
    const std::lock_guard lock(mutex_);
    ++load_.refused;
    if (why.code != Code::Busy) {  // another worker's shard by now
        load_.trouble = why.context;
    }
}

void LoadMeter::serves(std::uint64_t shards) {
    const std::lock_guard lock(mutex_);
    load_.shards = shards;
}

Load LoadMeter::read() const {
    const std::lock_guard lock(mutex_);
    return load_;
}

std::string metricsText(const Vitals& vitals) {
    const auto& [counts, kiosks, load, now, presence, isOpenerUp, unsortedBytes, quarantineFull] =
        vitals;
    Text text;
    text.one("tapport_hub_records", "gauge", "Records kept and sorted, opened or not.",
             counts.units);
    text.one("tapport_hub_unsorted_bytes", "gauge",
             "Messages that are acknowledged and kept, whose records are not counted yet.",
             unsortedBytes);
    text.one("tapport_hub_unopened_records", "gauge", "Records that wait to be opened.",
             counts.waiting);
    text.one("tapport_opener_up", "gauge",
             "1, or 0 while no process can open records: they are kept, and wait.",
             isOpenerUp ? 1 : 0);
    text.one("tapport_hub_quarantine_entries", "gauge", "Payloads that could not be taken.",
             counts.quarantined);
    text.one("tapport_hub_quarantine_full", "gauge",
             "Kiosks of which the quarantine takes no more: it is not kept nor acknowledged.",
             quarantineFull);
    text.one("tapport_hub_fork_records", "gauge", "Records at a position that another one has.",
             counts.forks);
    text.one("tapport_hub_shards", "gauge", "Of 64 shards, how many this process serves.",
             load.shards);
    text.one("tapport_ingest_records_total", "counter",
             "Records committed by this process, duplicates included.", load.records);
    text.one("tapport_ingest_refused_total", "counter",
             "Transactions that failed: nothing of them was acknowledged.", load.refused);
    addTakes(text, load);
    addKiosks(text, vitals);
    return text.take();
}

std::optional<HttpResponse> Monitor::answer(const HttpRequest& request) const {
    const bool isMetrics = request.path == "/metrics";
    if ((!isMetrics && request.path != "/healthz") || request.method != HttpMethod::Get ||
        !isForThisMachine(request.host)) {
        return std::nullopt;
    }
    if (const auto checked = isMetrics ? Result<>{} : check_(); !checked) {
        return HttpResponse{503, kText, checked.error().context + "\n"};
    }
    if (!isMetrics) {
        return HttpResponse{200, kText, "ok\n"};
    }
    const auto vitals = read_();
    return vitals ? HttpResponse{200, kMetrics, metricsText(*vitals)}
                  : HttpResponse{503, kText, vitals.error().context + "\n"};
}

}  // namespace tapport::hub
