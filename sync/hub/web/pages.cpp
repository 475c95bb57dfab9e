// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/web/pages.h"

#include "sync/hub/export/kiosk_words.h"
#include "sync/hub/export/lead_csv.h"
#include "sync/hub/web/kiosk_table.h"
#include "sync/hub/web/layout.h"

namespace tapport::hub {
namespace {

std::string purposeTitle(const event::Event& event, const record::PurposeId& purpose,
                         record::Channel channel) {
    const event::Ask* ask = event.find(purpose, channel);
    return ask == nullptr ? purpose.value : ask->notices.at(event.languages.front()).title;
}

template <std::size_t N>
void tile(Html& to, const char (&label)[N], std::uint64_t value, bool isAlarm = false) {
    to.markup("<div class=\"tile");
    if (isAlarm) {
        to.markup(" alarm");
    }
    to.markup("\"><span>")
        .markup(label)
        .markup("</span><strong>")
        .number(value)
        .markup("</strong></div>");
}

template <typename Map, typename Key>
std::uint64_t countOf(const Map& map, Key key) {
    const auto found = map.find(key);
    return found == map.end() ? 0 : found->second;
}

void consentTable(Html& to, const Frame& frame, const std::vector<ConsentCount>& consents) {
    using record::ConsentState;
    to.markup(
        "<h2>Answers</h2><table><thead><tr><th>Purpose</th><th>Channel</th>"
        "<th class=\"n\">Yes</th><th class=\"n\">No</th><th class=\"n\">Withdrawn</th></tr>"
        "</thead><tbody>");
    for (const ConsentCount& row : consents) {
        const auto number = [&](std::initializer_list<ConsentState> states) {
            std::uint64_t sum = 0;
            for (const ConsentState state : states) {
                sum += countOf(row.events, state);
            }
            return std::to_string(sum);
        };
        to.markup("<tr>")
            .cell("Purpose", purposeTitle(frame.event, row.purpose, row.channel))
            .cell("Channel", record::nameOf(row.channel))
            .markup("<td class=\"n\" data-label=\"Yes\">")
            .text(number({ConsentState::Given, ConsentState::Renewed}))
            .markup("</td><td class=\"n\" data-label=\"No\">")
            .text(number({ConsentState::Refused}))
            .markup("</td><td class=\"n\" data-label=\"Withdrawn\">")
            .text(number({ConsentState::Withdrawn, ConsentState::Objected}))
            .markup("</td></tr>");
    }
    to.markup("</tbody></table>");
    if (consents.empty()) {
        to.markup("<p class=\"empty\">No answers yet.</p>");
    }
}

void finality(Html& to, const std::vector<std::string>& provisional) {
    if (provisional.empty()) {
        to.markup("<p><span class=\"light ok\">Final: every kiosk's records are here.</span></p>");
        return;
    }
    to.markup("<p><span class=\"light wait\">Provisional</span></p><ul class=\"soft\">");
    for (const std::string& reason : provisional) {
        to.markup("<li>").text(reason).markup("</li>");
    }
    to.markup("</ul>");
}

void conversationList(Html& to, const event::Event& event, const ProvenLead& proven) {
    const std::vector<record::Conversation>& conversations = proven.lead.conversations();
    if (conversations.empty()) {
        to.cell("Conversations", "");
        return;
    }
    to.markup("<td data-label=\"Conversations\"><ul>");
    for (const record::Conversation& talk : conversations) {
        to.markup("<li>")
            .text(labelOf(event.needs, talk.need, event))
            .markup(" \xC2\xB7 ")
            .text(labelOf(event.readiness, talk.readiness, event));
        if (!talk.note.empty()) {
            to.markup("<div class=\"note\" dir=\"auto\">").text(talk.note).markup("</div>");
        }
        if (talk.promise) {
            to.markup("<div>Promised: ")
                .text(talk.promise->what)
                .markup(" \xC2\xB7 ")
                .text(staffName(event, talk.promise->owner))
                .markup(" by ")
                .text(dateText(talk.promise->due))
                .markup("</div>");
        }
        to.markup("<div class=\"soft\">")
            .text(staffName(event, talk.staff))
            .markup(", ")
            .text(timeText(talk.at.wall));
        if (const auto doubt = proven.doubtOf(talk)) {
            to.markup(", signature ").text(nameOf(*doubt));
        }
        to.markup("</div></li>");
    }
    to.markup("</ul></td>");
}

void leadRow(Html& to, const event::Event& event, const ProvenLead& proven) {
    const ledger::ReleasableLead& lead = proven.lead;
    const record::Contact contact = contactFor(lead.channel(), lead.contact());
    const record::ConsentEvent& consent = lead.consent();
    to.markup("<tr><td data-label=\"Person\"><bdi>")
        .text(contact.name)
        .markup("</bdi><div class=\"soft\"><bdi>")
        .text(contact.company)
        .markup("</bdi></div></td><td data-label=\"Reach by\">")
        .text(contact.email + contact.phone + contact.address)
        .markup("<div class=\"soft\">")
        .text(record::nameOf(lead.channel()))
        .markup("</div></td>")
        .cell("Purpose", purposeTitle(event, lead.purpose(), lead.channel()));
    conversationList(to, event, proven);
    to.markup("<td data-label=\"Consent\">")
        .text(record::nameOf(consent.state))
        .markup(" ")
        .text(timeText(consent.at.wall))
        .markup("<div class=\"soft\">notice ")
        .text(consent.notice.id)
        .markup(" v")
        .number(consent.notice.version)
        .markup(" ")
        .text(consent.notice.language)
        .markup(", kiosk ")
        .text(lead.kiosk().value)
        .markup(", clock ")
        .text(record::nameOf(consent.at.quality))
        .markup(", signature ")
        .text(nameOf(proven.origin.proof))
        .markup("</div></td></tr>");
}

}  // namespace

std::string plainPage(std::string_view title, std::string_view text) {
    Html body;
    body.markup("<main class=\"narrow\"><h1>")
        .text(title)
        .markup("</h1><p>")
        .text(text)
        .markup("</p><p><a href=\"/\">Overview</a></p></main>");
    return document("en", title, body).take();
}

std::string loginPage(const event::Event& event, std::string_view csrf, std::string_view problem) {
    Html body;
    body.markup("<main class=\"narrow\"><p class=\"brand\"><strong>Tapport</strong> <span>")
        .text(eventName(event))
        .markup("</span></p><h1>Log in</h1>");
    if (!problem.empty()) {
        body.markup("<p class=\"problem\" role=\"alert\">").text(problem).markup("</p>");
    }
    body.markup(
            "<form method=\"post\" action=\"/login\" class=\"stack\"><input type=\"hidden\" "
            "name=\"csrf\" value=\"")
        .text(csrf)
        .markup(
            "\"><label for=\"password\">Administrator's password</label><input id=\"password\" "
            "name=\"password\" type=\"password\" autocomplete=\"current-password\" required "
            "maxlength=\"256\"><button>Log in</button></form></main>");
    return document("en", "Log in", body).take();
}

std::string overviewPage(const Frame& frame, const HubStatus& status) {
    const Counts& counts = status.counts;
    Html content;
    content.markup("<section class=\"tiles\" aria-label=\"Counts\">");
    tile(content, "Records received", counts.units);
    tile(content, "Visits", countOf(counts.opened, record::UnitKind::Visit));
    tile(content, "Refusals", countOf(counts.opened, record::UnitKind::Refusal));
    tile(content, "Conversations", counts.conversations);
    tile(content, "Promises", counts.promises);
    tile(content, "To be asked again", status.unsettled);
    tile(content, "Not opened yet", counts.waiting);
    tile(content, "In quarantine", counts.quarantined, counts.quarantined > 0);
    if (counts.forks > 0) {
        tile(content, "Records of a copy", counts.forks, true);
    }
    content.markup("</section>");
    if (counts.forks > 0) {
        content.markup(
            "<p class=\"problem\">Records of two copies of one kiosk's card are here: it was "
            "cloned or put back to an older state. All are kept.</p>");
    }
    if (const std::string full = quarantineText(status); !full.empty()) {
        content.markup("<p class=\"problem\">").text(full).markup("</p>");
    }
    finality(content, status.provisional);
    consentTable(content, frame, counts.consents);
    kioskTable(content, status);
    return framed(frame, Tab::Overview, "Overview", content);
}

std::string leadsPage(const Frame& frame, const LeadPage& page) {
    Html content;
    content.markup(
        "<div class=\"bar\"><p>Everyone here said yes to this purpose on this channel, and "
        "the yes is live now.</p><a class=\"button\" href=\"/leads.csv\">Export all as "
        "CSV</a></div><table><thead><tr><th>Person</th><th>Reach by</th><th>Purpose</th>"
        "<th>Conversations</th><th>Consent</th></tr></thead><tbody>");
    for (const ProvenLead& lead : page.leads) {
        leadRow(content, frame.event, lead);
    }
    content.markup("</tbody></table>");
    if (page.leads.empty()) {
        content.markup("<p class=\"empty\">No leads on this page.</p>");
    }
    if (page.next) {
        content.markup("<p><a class=\"more\" href=\"/leads?after=")
            .text(page.next->hex())
            .markup("\">More leads</a></p>");
    }
    return framed(frame, Tab::Leads, "Leads", content);
}

std::string reconfirmPage(const Frame& frame, const UnsettledPage& page) {
    Html content;
    content.markup(
        "<p>These people said yes, but the yes does not count: a no that it did not know of is "
        "here too, or the address belongs to somebody who asked to be left alone. They are not "
        "contacted. Ask again when they come by.</p><table><thead><tr><th>Subject</th>"
        "<th>Purpose</th><th>Channel</th><th>Why</th></tr></thead><tbody>");
    for (const auto& [subject, what] : page.unsettled) {
        content.markup("<tr><td data-label=\"Subject\"><code>")
            .text(subject.hex())
            .markup("</code></td>")
            .cell("Purpose", purposeTitle(frame.event, what.scope.purpose, what.scope.channel))
            .cell("Channel", record::nameOf(what.scope.channel))
            .cell("Why", ledger::nameOf(what.reason))
            .markup("</tr>");
    }
    content.markup("</tbody></table>");
    if (page.unsettled.empty()) {
        content.markup("<p class=\"empty\">Nobody is to be asked again.</p>");
    }
    if (page.next) {
        content.markup("<p><a class=\"more\" href=\"/reconfirm?after=")
            .text(page.next->hex())
            .markup("\">More</a></p>");
    }
    return framed(frame, Tab::Reconfirm, "Ask again", content);
}

std::string exportsPage(const Frame& frame, const std::vector<ExportEntry>& entries) {
    Html content;
    content.markup(
        "<p>Every list that left the hub. The manifest goes with the file of that SHA-256.</p>"
        "<table><thead><tr><th>When</th><th>Who</th><th class=\"n\">Rows</th>"
        "<th class=\"n\">People</th><th>Standing</th><th>SHA-256</th><th>Manifest</th></tr>"
        "</thead><tbody>");
    for (const ExportEntry& entry : entries) {
        content.markup("<tr>")
            .cell("When", timeText(entry.at))
            .cell("Who", entry.by)
            .markup("<td class=\"n\" data-label=\"Rows\">")
            .number(entry.rows)
            .markup("</td><td class=\"n\" data-label=\"People\">")
            .number(entry.people)
            .markup("</td>")
            .cell("Standing", entry.isFinal ? "final" : "provisional")
            .markup("<td data-label=\"SHA-256\"><code>")
            .text(entry.sha256.hex().substr(0, 16))
            .markup("\xE2\x80\xA6</code></td><td data-label=\"Manifest\"><a href=\"/exports/")
            .text(record::uuidText(entry.id))
            .markup("\">manifest</a></td></tr>");
    }
    content.markup("</tbody></table>");
    if (entries.empty()) {
        content.markup("<p class=\"empty\">Nothing was exported yet.</p>");
    }
    return framed(frame, Tab::Exports, "Exports", content);
}

std::string quarantinePage(const Frame& frame, const std::vector<QuarantineEntry>& entries,
                           std::size_t rowsAPage) {
    Html content;
    content.markup(
        "<p>What arrived and could not be taken. Nothing in here is lost: the bytes are "
        "kept until somebody discards them, and the kiosk's other records went on. To try again or "
        "discard: <code>tapport hub quarantine</code>.</p><table><thead><tr><th>No.</th>"
        "<th>Reason</th><th>Detail</th><th>From</th><th>Last seen</th>"
        "<th class=\"n\">Times</th><th class=\"n\">Bytes</th></tr></thead><tbody>");
    for (const QuarantineEntry& entry : entries) {
        std::string detail = entry.detail;
        if (entry.discarded) {
            detail += " (discarded " + timeText(entry.discarded->at) + " by " +
                      entry.discarded->by + ": " + entry.discarded->why + ")";
        }
        content.markup("<tr>")
            .cell("No.", std::to_string(entry.number))
            .cell("Reason", nameOf(entry.reason))
            .cell("Detail", detail)
            .cell("From", entry.topic)
            .cell("Last seen", timeText(entry.lastAt))
            .markup("<td class=\"n\" data-label=\"Times\">")
            .number(entry.times)
            .markup("</td><td class=\"n\" data-label=\"Bytes\">")
            .number(entry.bytes)
            .markup("</td></tr>");
    }
    content.markup("</tbody></table>");
    if (entries.empty()) {
        content.markup("<p class=\"empty\">Nothing is in quarantine.</p>");
    } else if (entries.size() == rowsAPage) {
        content.markup("<p><a class=\"more\" href=\"/quarantine?before=")
            .text(std::to_string(entries.back().number))
            .markup("\">Older entries</a></p>");
    }
    return framed(frame, Tab::Quarantine, "Quarantine", content);
}

}  // namespace tapport::hub
