// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/qml/sample_view.h"

namespace tapport::support {
namespace {

record::Conversation sampleTalk() {
    record::Conversation talk;
    talk.staff = {"kim"};
    talk.at.wall = record::WallTime(std::chrono::seconds(1'795'356'000));  // 2026-11-22
    talk.need = "replace-machine";
    talk.readiness = "this-year";
    talk.note = "Replaces 40 machines in the second hall next spring; needs the data sheet first.";
    talk.promise = record::Promise{
        "Send the data sheet", std::chrono::year(2026) / std::chrono::November / 24, {"kim"}};
    return talk;
}

}  // namespace

std::string sampleReceiptLink() {
    std::string link =
        "https://hub.tapport.example/r/0123456789abcdef0123456789abcdef#eyJhbGciOiJFZERTQSJ9.";
    constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-";
    for (std::size_t i = 0; link.size() < 900; ++i) {
        link += kLetters.at((i * i + 7 * i) % kLetters.size());
    }
    return link;
}

visit::View sampleView(visit::Screen screen, const std::string& language) {
    visit::View view;
    view.screen = screen;
    view.language = language;
    view.answers = {visit::Answer::Yes, visit::Answer::No, visit::Answer::Yes,
                    visit::Answer::Unset};
    view.contact = {"Test Attendee", "Example Visitors", "test.attendee@example.com", "", ""};
    switch (screen) {
        case visit::Screen::Saved:
        case visit::Screen::NoThanks:
        case visit::Screen::Receipt:
        case visit::Screen::Withdrawn:
        case visit::Screen::Erased:
            view.receiptLink = sampleReceiptLink();
            break;
        case visit::Screen::Idle:
        case visit::Screen::Code:
        case visit::Screen::UnderAge:
        case visit::Screen::Closed:
        case visit::Screen::TapToSee:
        case visit::Screen::Purposes:
        case visit::Screen::Question:
            view.answers.assign(4, visit::Answer::Unset);
            view.contact = {};
            break;
        case visit::Screen::Contact:
            view.contact = {"Test Attendee", "Example Visitors", "", "", ""};
            break;
        case visit::Screen::Summary:
            view.answers.back() = visit::Answer::No;
            break;
        case visit::Screen::Recorded:
            view.isErasable = true;
            view.recorded = {visit::Answer::Yes, visit::Answer::No, visit::Answer::No,
                             visit::Answer::Yes};
            view.conversations = {sampleTalk()};
            break;
        case visit::Screen::StaffForm:
            view.staff = record::StaffId{"kim"};
            view.isConversationNamed = true;
            view.hasVisitToLog = true;
            break;
        default:
            break;
    }
    return view;
}

}  // namespace tapport::support
