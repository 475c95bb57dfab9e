// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/web/kiosk_table.h"

#include "sync/hub/export/kiosk_words.h"
#include "sync/hub/web/layout.h"

namespace tapport::hub {
namespace {

std::string rangesText(const record::SeqRanges& ranges) {
    constexpr std::size_t kMost = 5;
    std::string text;
    for (const record::SeqRange& range :
         ranges.view().first(std::min(kMost, ranges.view().size()))) {
        text += (text.empty() ? "" : ", ") + std::to_string(range.first);
        if (range.last != range.first) {
            text += "\xE2\x80\x93" + std::to_string(range.last);
        }
    }
    return ranges.view().size() > kMost ? text + " \xE2\x80\xA6" : text;
}

/// Of the kiosk's row on top: it is one device, whatever databases it had.
void connectionCell(Html& to, const HubStatus& status, const KioskStanding& kiosk) {
    const KioskPresence* const presence = presenceOf(status, kiosk.sequence.kiosk);
    const bool isConnected = presence != nullptr && presence->isConnected;
    to.markup("<td data-label=\"Connection\">");
    if (isConnected) {
        to.markup("<span class=\"light ok\">");
    } else {
        to.markup("<span class=\"light off\">");
    }
    to.text(presenceText(presence, status.now)).markup("</span>");
    if (const std::string clock = clockText(kiosk); !clock.empty()) {
        to.markup("<div class=\"light wait\">").text(clock).markup("</div>");
    }
    for (const std::string& fate : fateTexts(status, kiosk.sequence.kiosk)) {
        to.markup("<div class=\"light off\">").text(fate).markup("</div>");
    }
    to.markup("</td>");
}

void recordsCell(Html& to, const KioskStanding& kiosk) {
    to.markup("<td data-label=\"Records\">");
    if (kiosk.announcedLast == 0) {
        to.markup("<span class=\"light off\">no record yet</span>");
    } else if (kiosk.isComplete()) {
        to.markup("<span class=\"light ok\">all ")
            .number(kiosk.announcedLast)
            .markup(" records are here</span>");
    } else {
        const record::SeqRanges holes = kiosk.holes();
        to.markup("<span class=\"light wait\">").number(holes.count()).markup(" missing");
        if (!holes.empty()) {
            to.markup(": ").text(rangesText(holes));
        }
        to.markup("</span><div class=\"soft\">of ").number(kiosk.announcedLast).markup("</div>");
    }
    to.markup("</td>");
}

void databaseCell(Html& to, const KioskStanding& kiosk) {
    to.markup("<td data-label=\"Database\"><code>")
        .text(kiosk.sequence.epoch.hex())
        .markup("</code>");
    if (kiosk.forkOf) {
        to.markup(" <strong>restored or cloned</strong>: left <code>")
            .text(kiosk.forkOf->epoch.hex())
            .markup("</code> after record ")
            .number(kiosk.forkOf->seq);
    }
    to.markup("</td>");
}

}  // namespace

void kioskTable(Html& to, const HubStatus& status) {
    to.markup(
        "<h2>Kiosks</h2><table><thead><tr><th>Kiosk</th><th>Connection</th><th>Records</th>"
        "<th>Last heard</th><th>Database</th></tr></thead><tbody>");
    const record::KioskId* above = nullptr;
    for (const KioskStanding& kiosk : status.kiosks) {
        to.markup("<tr>").cell("Kiosk", kiosk.sequence.kiosk.value);
        if (above != nullptr && *above == kiosk.sequence.kiosk) {
            to.markup("<td data-label=\"Connection\" class=\"soft\">earlier database</td>");
        } else {
            connectionCell(to, status, kiosk);
        }
        above = &kiosk.sequence.kiosk;
        recordsCell(to, kiosk);
        to.cell("Last heard", kiosk.wasHeard() ? timeText(kiosk.heardAt) : "never");
        databaseCell(to, kiosk);
        to.markup("</tr>");
    }
    to.markup("</tbody></table>");
    if (status.kiosks.empty()) {
        to.markup("<p class=\"empty\">No kiosk has reported yet.</p>");
    }
}

}  // namespace tapport::hub
