// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/qml/sample_event.h"

namespace tapport::support {
namespace {

event::Notice english(const std::string& title, const std::string& question, const std::string& why,
                      const std::string& data, const std::string& howOften) {
    return {title,
            question,
            "Nordwind Sensors GmbH, Hamburg",
            why,
            data,
            howOften,
            "Nobody else",
            "12 months, then deleted",
            "Tap your badge again, or any mail's link",
            "Nordwind Sensors GmbH, Speicherstrasse 1, 20457 Hamburg, is responsible for your "
            "data. The legal basis is your consent (Article 6(1)(a) GDPR). You can withdraw it at "
            "any time, at this kiosk or by a mail to privacy@nordwind.example; what happened "
            "before stays lawful.\n\nYou may ask which data we hold, have it corrected, erased "
            "or handed to you, and complain to the Hamburg data protection authority. Saying no "
            "has no disadvantage: gifts and conversations at the booth are the same.",
            "Yes",
            "No",
            {}};
}

event::Notice german(const std::string& title, const std::string& question, const std::string& why,
                     const std::string& data, const std::string& howOften) {
    return {title,
            question,
            "Nordwind Sensors GmbH, Hamburg",
            why,
            data,
            howOften,
            "Niemand sonst",
            "12 Monate, danach gelöscht",
            "Badge erneut antippen oder Link in jeder Mail",
            "Verantwortlich für Ihre Daten ist die Nordwind Sensors GmbH, Speicherstraße 1, 20457 "
            "Hamburg. Rechtsgrundlage ist Ihre Einwilligung (Art. 6 Abs. 1 Buchst. a DSGVO). Sie "
            "können sie jederzeit widerrufen, an diesem Gerät oder mit einer E-Mail an "
            "datenschutz@nordwind.example; was vorher geschah, bleibt rechtmäßig.\n\nSie können "
            "Auskunft, Berichtigung, Löschung und Herausgabe verlangen und sich bei der "
            "Hamburgischen Datenschutzbehörde beschweren. Ein Nein hat keine Nachteile: Geschenke "
            "und Gespräche am Stand bleiben gleich.",
            "Ja",
            "Nein",
            {}};
}

event::Ask ask(const std::string& purpose, record::Channel channel, event::Notice en,
               event::Notice de) {
    event::Ask made;
    made.purpose = {purpose};
    made.channel = channel;
    made.noticeId = purpose;
    made.validity = std::chrono::days(365);
    made.notices = {{"en", std::move(en)}, {"de", std::move(de)}};
    return made;
}

record::Conversation sampleTalk() {
    record::Conversation talk;
    talk.staff = {"anna"};
    talk.at.wall = record::WallTime(std::chrono::seconds(1'795'356'000));  // 2026-11-22
    talk.need = "pressure";
    talk.readiness = "project";
    talk.note = "Replaces 40 gauges in the Rostock plant next spring; needs ATEX zone 1.";
    talk.promise = record::Promise{
        "Send the ATEX data sheet", std::chrono::year(2026) / std::chrono::November / 24, {"anna"}};
    return talk;
}

}  // namespace

event::Event sampleEvent() {
    event::Event made;
    made.id = {"sensor-days-2026"};
    made.name = {{"en", "Sensor Days 2026"}, {"de", "Sensortage 2026"}};
    made.controller = {"nordwind", "Nordwind Sensors GmbH", "Speicherstrasse 1, 20457 Hamburg",
                       "privacy@nordwind.example"};
    made.languages = {"en", "de"};
    made.asks = {
        ask("follow-up", record::Channel::Email,
            english("Answer to your question",
                    "May we write to you about what we talked about today?",
                    "To send what you asked for and answer questions",
                    "Name, company, e-mail address, notes", "By e-mail, at most three times"),
            german("Antwort auf Ihre Frage", "Dürfen wir Ihnen zu unserem Gespräch schreiben?",
                   "Um Ihre Fragen zu beantworten und Ihnen Unterlagen und ein Angebot zu schicken",
                   "Name, Firma, E-Mail-Adresse, Notizen", "Per E-Mail, höchstens dreimal")),
        ask("newsletter", record::Channel::Email,
            english("Newsletter", "May we send you our newsletter?",
                    "To tell you about new sensors and events", "Name, e-mail address",
                    "By e-mail, once a month"),
            german("Newsletter", "Dürfen wir Ihnen unseren Newsletter senden?",
                   "Um Sie über neue Sensoren und Termine zu informieren", "Name, E-Mail-Adresse",
                   "Per E-Mail, einmal im Monat")),
        ask("follow-up", record::Channel::Phone,
            english("Call back", "May we call you about an offer?", "To talk about an offer",
                    "Name, company, phone number", "By phone, at most twice"),
            german("Rückruf", "Dürfen wir Sie wegen eines Angebots anrufen?",
                   "Um ein Angebot zu besprechen", "Name, Firma, Telefonnummer",
                   "Telefonisch, höchstens zweimal")),
        ask("service", record::Channel::Email,
            english("Customer service", "May our service team write to you?",
                    "To keep your sensors calibrated", "Name, company, e-mail address",
                    "By e-mail, at most twice a year"),
            german("Kundendienst", "Darf unser Kundendienst Ihnen schreiben?",
                   "Um Ihre Sensoren kalibriert zu halten", "Name, Firma, E-Mail-Adresse",
                   "Per E-Mail, höchstens zweimal im Jahr"))};
    made.needs = {{"pressure", {{"en", "Pressure"}, {"de", "Druck"}}},
                  {"temperature", {{"en", "Temperature"}, {"de", "Temperatur"}}},
                  {"flow", {{"en", "Flow"}, {"de", "Durchfluss"}}},
                  {"maintenance", {{"en", "Maintenance"}, {"de", "Instandhaltung"}}},
                  {"other", {{"en", "Something else"}, {"de", "Etwas anderes"}}}};
    made.readiness = {{"look", {{"en", "Looking around"}, {"de", "Informiert sich"}}},
                      {"project", {{"en", "Has a project"}, {"de", "Hat ein Projekt"}}},
                      {"buy", {{"en", "Wants an offer"}, {"de", "Möchte ein Angebot"}}}};
    made.staff = {{{"anna"}, "Anna Albrecht", {}, {}},
                  {{"ben"}, "Ben Okafor", {}, {}},
                  {{"carla"}, "Carla Weiß", {}, {}}};
    return made;
}

visit::View sampleView(visit::Screen screen, const std::string& language) {
    visit::View view;
    view.screen = screen;
    view.language = language;
    view.answers = {visit::Answer::Yes, visit::Answer::No, visit::Answer::Yes,
                    visit::Answer::Unset};
    view.contact = {"Jana Beispiel", "Firma Beispiel", "jana.beispiel@example.com", "+442079460001",
                    ""};
    switch (screen) {
        case visit::Screen::Idle:
        case visit::Screen::TapToSee:
        case visit::Screen::Purposes:
        case visit::Screen::Question:
            view.answers.assign(4, visit::Answer::Unset);
            view.contact = {};
            break;
        case visit::Screen::Contact:
            view.contact = {"Jana Beispiel", "Firma Beispiel", "", "", ""};
            break;
        case visit::Screen::Summary:
            view.answers.back() = visit::Answer::No;
            break;
        case visit::Screen::Recorded:
            view.recorded = {visit::Answer::Yes, visit::Answer::No, visit::Answer::Yes,
                             visit::Answer::No};
            view.conversations = {sampleTalk()};
            break;
        case visit::Screen::StaffForm:
            view.staff = record::StaffId{"anna"};
            view.isConversationNamed = true;
            view.hasVisitToLog = true;
            break;
        default:
            break;
    }
    return view;
}

}  // namespace tapport::support
