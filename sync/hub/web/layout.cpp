// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/web/layout.h"

namespace tapport::hub {

const std::string& eventName(const event::Event& event) {
    return event.name.at(event.languages.front());
}

std::string timeText(record::WallTime time) {
    std::string text = record::isoText(time).substr(0, 19);
    text[10] = ' ';
    return text + " UTC";
}

Html document(std::string_view language, std::string_view title, const Html& body) {
    Html page;
    page.markup("<!doctype html>\n<html lang=\"")
        .text(language)
        .markup(
            "\"><head><meta charset=\"utf-8\">"
            "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
            "<link rel=\"stylesheet\" href=\"/style.css\"><title>")
        .text(title)
        .markup(" \xC2\xB7 Tapport</title></head><body>")
        .add(body)
        .markup("</body></html>\n");
    return page;
}

std::string framed(const Frame& frame, Tab tab, std::string_view title, const Html& content) {
    const auto link = [tab](Html& nav, Tab target, auto& address, auto& label) {
        nav.markup("<a href=\"").markup(address).markup("\"");
        if (tab == target) {
            nav.markup(" aria-current=\"page\"");
        }
        nav.markup(">").markup(label).markup("</a>");
    };
    Html body;
    body.markup("<header><div class=\"brand\"><strong>Tapport</strong> <span>")
        .text(eventName(frame.event))
        .markup("</span></div><nav aria-label=\"Pages\">");
    link(body, Tab::Overview, "/", "Overview");
    link(body, Tab::Leads, "/leads", "Leads");
    link(body, Tab::Reconfirm, "/reconfirm", "Ask again");
    link(body, Tab::Exports, "/exports", "Exports");
    link(body, Tab::Quarantine, "/quarantine", "Quarantine");
    body.markup(
            "</nav><form method=\"post\" action=\"/logout\"><input type=\"hidden\" "
            "name=\"csrf\" value=\"")
        .text(frame.csrf)
        .markup("\"><button class=\"quiet\">Log out</button></form></header><main><h1>")
        .text(title)
        .markup("</h1>")
        .add(content)
        .markup("</main>");
    return document("en", title, body).take();
}

}  // namespace tapport::hub
