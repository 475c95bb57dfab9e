// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/cli/answers.h"

#include "sync/hub/cli/quarantine_answers.h"
#include "sync/hub/cli/tell_answers.h"
#include "sync/hub/export/kiosk_words.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <sstream>

#include <fmt/core.h>

namespace tapport::hub {
namespace {

std::uint64_t opened(const Counts& counts, record::UnitKind kind) {
    const auto found = counts.opened.find(kind);
    return found == counts.opened.end() ? 0 : found->second;
}

/// Of each kiosk the database that was heard last.
std::vector<const KioskStanding*> newestOf(const HubStatus& status) {
    std::vector<const KioskStanding*> newest;
    for (const KioskStanding& kiosk : status.kiosks) {
        if (newest.empty() || newest.back()->sequence.kiosk != kiosk.sequence.kiosk) {
            newest.push_back(&kiosk);
        }
    }
    return newest;
}

/// The names that scripts rely on; README.md.
std::vector<std::pair<std::string, std::uint64_t>> figures(const HubStatus& status) {
    const Counts& counts = status.counts;
    std::uint64_t complete = 0;
    std::uint64_t forked = 0;
    std::uint64_t connected = 0;
    std::uint64_t astray = 0;
    for (const KioskStanding* const kiosk : newestOf(status)) {
        const KioskPresence* const presence = presenceOf(status, kiosk->sequence.kiosk);
        connected += presence != nullptr && presence->isConnected ? 1 : 0;
        astray += kiosk->isClockOff() ? 1 : 0;
    }
    for (const KioskStanding& kiosk : status.kiosks) {
        complete += kiosk.isComplete() ? 1 : 0;
        forked += kiosk.forkOf ? 1 : 0;
    }
    return {{"records", counts.units},
            {"unopened", counts.waiting},
            {"quarantined", counts.quarantined},
            {"discarded", counts.discarded},
            {"quarantine_full", status.quarantineFull.size()},
            {"forks", counts.forks},
            {"forked_epochs", forked},
            {"visits", opened(counts, record::UnitKind::Visit)},
            {"refusals", opened(counts, record::UnitKind::Refusal)},
            {"withdrawals", opened(counts, record::UnitKind::Withdrawal)},
            {"conversations", counts.conversations},
            {"promises", counts.promises},
            {"kiosks", status.kiosks.size()},
            {"kiosks_complete", complete},
            {"kiosks_connected", connected},
            {"kiosks_clock_off", astray},
            {"needs_reconfirmation", status.unsettled},
            {"state_version", status.stateVersion},
            {"opener_up", status.openerTrouble ? 0U : 1U},
            {"replaced_databases", status.replaced.size()}};
}

/// Of each device; null where nobody knows.
std::string eachKiosk(const HubStatus& status) {
    const auto timeOf = [](const record::WallTime& time) {
        return fmt::format("\"{}\"", record::isoText(time));
    };
    std::string out;
    for (const KioskStanding* const kiosk : newestOf(status)) {
        const KioskPresence* const presence = presenceOf(status, kiosk->sequence.kiosk);
        const auto seconds = [](record::Millis time) {
            return std::to_string(std::chrono::round<std::chrono::seconds>(time).count());
        };
        const auto found = status.fates.find(kiosk->sequence.kiosk);
        const KioskFate fate = found == status.fates.end() ? KioskFate() : found->second;
        out += fmt::format(
            "{}{{\"kiosk\": \"{}\", \"connected\": {}, \"since\": {}, \"heard\": {}, "
            "\"clock_ahead_seconds\": {}, \"clock_off\": {}, \"revoked\": {}, "
            "\"told_event_over\": {}, \"event_over_at\": {}}}",
            out.empty() ? "" : ", ", kiosk->sequence.kiosk.value,
            presence == nullptr ? "null" : (presence->isConnected ? "true" : "false"),
            presence != nullptr && presence->since ? timeOf(*presence->since) : "null",
            kiosk->wasHeard() ? timeOf(kiosk->heardAt) : "null",
            kiosk->clockAhead ? seconds(*kiosk->clockAhead) : "null", kiosk->isClockOff(),
            fate.isRevoked, fate.isOver, fate.ended ? fmt::format("\"{}\"", *fate.ended) : "null");
    }
    return out;
}

// Names, numbers and times only: nothing in it needs escaping.
std::string asJson(const HubStatus& status) {
    std::string out;
    for (const auto& [name, value] : figures(status)) {
        out += fmt::format("{}\"{}\": {}", out.empty() ? "{" : ", ", name, value);
    }
    return out + fmt::format(", \"final\": {}, \"each_kiosk\": [{}]}}\n",
                             status.provisional.empty(), eachKiosk(status));
}

std::string finality(const std::vector<std::string>& provisional) {
    if (provisional.empty()) {
        return "final: every kiosk's records are here\n";
    }
    std::string out = "provisional:\n";
    for (const std::string& reason : provisional) {
        out += "  " + reason + "\n";
    }
    return out;
}

std::string asText(const HubStatus& status) {
    std::string out;
    const auto all = figures(status);
    const std::size_t widest =
        std::max_element(all.begin(), all.end(), [](const auto& a, const auto& b) {
            return a.first.size() < b.first.size();
        })->first.size();
    for (const auto& [name, value] : all) {
        out += fmt::format("{:<{}} {:>8}\n", name, widest, value);
    }
    for (const KioskStanding& kiosk : status.kiosks) {
        out += fmt::format("kiosk {} {}: {} of {} records here{}\n", kiosk.sequence.kiosk.value,
                           kiosk.sequence.epoch.hex(), kiosk.held.count(), kiosk.announcedLast,
                           kiosk.isComplete() ? ", complete" : "");
        if (kiosk.forkOf) {
            out += fmt::format("  restored or cloned: left {} after {}\n",
                               kiosk.forkOf->epoch.hex(), kiosk.forkOf->seq);
        }
    }
    for (const KioskStanding* const kiosk : newestOf(status)) {
        std::string more;
        if (const std::string clock = clockText(*kiosk); !clock.empty()) {
            more += "; " + clock;
        }
        for (const std::string& fate : fateTexts(status, kiosk->sequence.kiosk)) {
            more += "; " + fate;
        }
        const std::string heard = kiosk->wasHeard()
                                      ? "heard " + spanText(status.now - kiosk->heardAt) + " ago"
                                      : "never heard";
        out += fmt::format("kiosk {}: {}, {}{}\n", kiosk->sequence.kiosk.value,
                           status.presence
                               ? presenceText(presenceOf(status, kiosk->sequence.kiosk), status.now)
                               : "whether it is connected, only a running hub knows",
                           heard, more);
    }
    if (status.openerTrouble) {
        out += fmt::format("the opener does not run, {} records wait for it: {}\n",
                           status.counts.waiting, *status.openerTrouble);
    }
    if (const std::string full = quarantineText(status); !full.empty()) {
        out += full + "\n";
    }
    for (const std::filesystem::path& file : status.replaced) {
        out += fmt::format(
            "put aside by a restore, with personal data: {}; destroy it once nothing is missing\n",
            file.string());
    }
    return out + finality(status.provisional);
}

Result<std::string> exportCsv(Desk& desk, const std::string& user) {
    const auto file = desk.exportLeads("local user " + user);
    if (!file) {
        return tl::unexpected(file.error());
    }
    std::string report = fmt::format("export {}: {} rows, {} people\n", record::uuidText(file->id),
                                     file->rows, file->people);
    if (file->unsettled > 0) {
        report += fmt::format("{} more need re-confirmation: tapport-hub reconfirm list\n",
                              file->unsettled);
    }
    report += finality(file->provisional);
    return fmt::format("{} {} {}\n{}{}{}", report.size(), file->manifest.size(), file->csv.size(),
                       report, file->manifest, file->csv);
}

Result<std::string> reconfirmList(Desk& desk) {
    constexpr std::size_t kAPage = 200;
    std::string out;
    std::optional<record::SubjectId> after;
    do {
        const auto page = desk.unsettled(after, kAPage);
        if (!page) {
            return tl::unexpected(page.error());
        }
        for (const auto& [subject, what] : page->unsettled) {
            out += fmt::format("{} {} {} {}\n", subject.hex(), what.scope.purpose.value,
                               record::nameOf(what.scope.channel), ledger::nameOf(what.reason));
        }
        after = page->next;
    } while (after);
    return out;
}

Result<std::string> recover(Desk& desk, const std::filesystem::path& kioskData) {
    const auto recovered = desk.recover(kioskData);
    if (!recovered) {
        return tl::unexpected(recovered.error());
    }
    std::string out = fmt::format("{}: {} records on the disk are new here, {} were here already\n",
                                  recovered->kiosk.value, recovered->fresh, recovered->known);
    if (const std::uint64_t held = recovered->fresh - recovered->taken; held > 0) {
        out += fmt::format(
            "  {0} of the new ones wait in quarantine: nobody signed how they came here. If the "
            "disk "
            "is\n  what it seems: tapport hub quarantine retry --kiosk {1}\n",
            held, recovered->kiosk.value);
    }
    if (recovered->taken > 0) {
        out += fmt::format("  {} of the new ones say no and nothing else: they count at once\n",
                           recovered->taken);
    }
    if (!recovered->unopened.empty()) {
        out += fmt::format(
            "  whether some of them say no could not be seen, recover once more later: {}\n",
            recovered->unopened);
    }
    if (recovered->forked > 0) {
        out += fmt::format("  {} of the new ones stand where another record stands: kept both\n",
                           recovered->forked);
    }
    if (recovered->clashed > 0) {
        out += fmt::format("  {} more are in the quarantine: their id is another record's\n",
                           recovered->clashed);
    }
    if (!recovered->damage.empty()) {
        out += fmt::format("  the disk is damaged, what follows could not be read: {}\n",
                           recovered->damage);
    }
    return out;
}

Result<std::string> backUp(Custody& custody, const std::filesystem::path& file) {
    const auto done = custody.backUp(file);
    if (!done) {
        return tl::unexpected(done.error());
    }
    std::string out =
        fmt::format("{}: {} bytes; {} records are opened and backed up, kiosks may drop them\n",
                    file.string(), done->bytes, done->records);
    if (done->trouble) {
        out += "not opened yet, and kept by kiosks: " + done->trouble->context + "\n";
    }
    return out;
}

Result<std::string> standingsOf(Desk& desk, const record::KioskId& kiosk) {
    auto status = desk.status();
    if (!status) {
        return tl::unexpected(status.error());
    }
    std::sort(status->kiosks.begin(), status->kiosks.end(),
              [](const KioskStanding& a, const KioskStanding& b) { return a.heardAt < b.heardAt; });
    std::string out;
    for (const KioskStanding& one : status->kiosks) {
        if (one.sequence.kiosk != kiosk) {
            continue;
        }
        const auto sent = desk.sentThrough(one.sequence);
        if (!sent) {
            return tl::unexpected(sent.error());
        }
        out += fmt::format("{} {} {} {} {}\n", one.sequence.epoch.hex(), one.held.count(), *sent,
                           one.announcedLast, one.heardAt.time_since_epoch().count());
    }
    return out;
}

}  // namespace

Result<std::vector<Standing>> standingsFrom(std::string_view answer) {
    std::vector<Standing> standings;
    std::istringstream lines{std::string(answer)};
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words(line);
        std::string epoch;
        Standing one;
        std::int64_t heardAt = 0;
        words >> epoch >> one.held >> one.sentLast >> one.announced >> heardAt;
        const auto id = record::Epoch::fromHexText(epoch);
        if (!words || !id) {
            return fail(Code::Busy, "the running hub broke off its answer");
        }
        one.epoch = *id;
        one.heardAt = record::WallTime(record::Millis(heardAt));
        standings.push_back(one);
    }
    return standings;
}

Result<std::string> answer(Desk& desk, Custody& custody, TellDesk& telling,
                           const std::string& request, const std::string& user) {
    if (auto answered = answerOfQuarantine(desk, custody, request, user)) {
        return std::move(*answered);
    }
    if (auto answered = answerOfTelling(telling, request)) {
        return std::move(*answered);
    }
    if (request == kExportCsv) {
        return exportCsv(desk, user);
    }
    if (request == kReconfirmList) {
        return reconfirmList(desk);
    }
    if (request.rfind(kRecover, 0) == 0) {
        return recover(desk, request.substr(std::string_view(kRecover).size()));
    }
    if (request.rfind(kBackup, 0) == 0) {
        return backUp(custody, request.substr(std::string_view(kBackup).size()));
    }
    if (request.rfind(kStandingOf, 0) == 0) {
        return standingsOf(desk, {request.substr(std::string_view(kStandingOf).size())});
    }
    if (request != kStatusText && request != kStatusJson) {
        return fail(Code::InvalidInput, "unknown request");
    }
    const auto status = desk.status();
    if (!status) {
        return tl::unexpected(status.error());
    }
    return request == kStatusJson ? asJson(*status) : asText(*status);
}

Result<Exported> exportedFrom(std::string_view answer) {
    std::array<std::size_t, 3> sizes{};
    const char* at = answer.data();
    const char* end = at + answer.size();
    for (std::size_t& size : sizes) {
        const auto [next, error] = std::from_chars(at, end, size);
        if (error != std::errc() || next == end) {
            return fail(Code::Busy, "the running hub broke off its answer");
        }
        at = next + 1;
    }
    answer.remove_prefix(static_cast<std::size_t>(at - answer.data()));
    if (answer.size() != sizes[0] + sizes[1] + sizes[2]) {
        return fail(Code::Busy, "the running hub broke off its answer");
    }
    return Exported{std::string(answer.substr(0, sizes[0])),
                    std::string(answer.substr(sizes[0], sizes[1])),
                    std::string(answer.substr(sizes[0] + sizes[1]))};
}

}  // namespace tapport::hub
