// SPDX-License-Identifier: GPL-3.0-or-later
// Staff log a conversation: during the visit it waits in memory for the attendee's answer, after it
// it goes to the last visit; without a yes only its topic and hour are left.
#include "firmware-app/visit/plain_text.h"
#include "firmware-app/visit/session_state.h"

namespace tapport::visit {
namespace {

constexpr std::chrono::days kUsualPromise{7};

bool isListed(const std::vector<event::Choice>& choices, const std::string& id) {
    return std::any_of(choices.begin(), choices.end(),
                       [&](const event::Choice& choice) { return choice.id == id; });
}

}  // namespace

/// True when this screen lets staff in; notes where to return, or ends a visit that is over anyway.
bool VisitSession::State::staffMayComeIn() {
    if (isClosed) {
        return false;
    }
    switch (view.screen) {
        case Screen::Purposes:
        case Screen::Question:
        case Screen::Contact:
        case Screen::Summary:
        case Screen::Recorded:
            resume = view.screen;
            return true;
        default:
            if (isResting()) {
                endVisit();
                return true;
            }
            return false;
    }
}

void VisitSession::State::on(const OpenStaff&) {
    if (staffMayComeIn()) {
        view.isPinWrong = false;
        view.staff.reset();
        enter(Screen::StaffPin);
    }
}

void VisitSession::State::on(const TapStaffBadge& tap) {
    if (view.screen == Screen::StaffPin || staffMayComeIn()) {
        effects.emplace_back(Signal{Sound::Accepted});
        openForm(tap.staff);
    }
}

void VisitSession::State::on(const EnterPin& entry) {
    const bool isBlocked = waitFor(pinTries) > record::Millis{};
    if (view.screen != Screen::StaffPin || pinCheck != PinCheck::None || isBlocked) {
        return;
    }
    pinCheck = PinCheck::Waiting;
    view.isPinWrong = false;
    pinTries.count();
    effects.emplace_back(KeepTries{Guessed::Pin, pinTries.tries()});
    effects.emplace_back(CheckPin{entry.pin});
}

void VisitSession::State::on(const PinChecked& checked) {
    const PinCheck was = std::exchange(pinCheck, PinCheck::None);
    if (was == PinCheck::None) {
        return;
    }
    if (!checked.staff) {
        view.isPinWrong = was == PinCheck::Waiting;
        effects.emplace_back(Signal{Sound::Problem});
        return;
    }
    pinTries.forgive();
    effects.emplace_back(KeepTries{Guessed::Pin, pinTries.tries()});
    if (was == PinCheck::Waiting) {
        openForm(*checked.staff);
    }
}

void VisitSession::State::openForm(const record::StaffId& staff) {
    if (pinCheck == PinCheck::Waiting) {
        pinCheck = PinCheck::Abandoned;
    }
    view.isPinWrong = false;
    view.staff = staff;
    enter(Screen::StaffForm);
}

void VisitSession::State::leaveStaff() {
    if (!resume) {
        forget();
        return;
    }
    if (pinCheck == PinCheck::Waiting) {
        pinCheck = PinCheck::Abandoned;
    }
    view.staff.reset();
    view.isPinWrong = false;
    enter(*std::exchange(resume, std::nullopt));
}

void VisitSession::State::on(const Assist&) {
    if (view.screen != Screen::StaffForm) {
        return;
    }
    const record::StaffId staff = *view.staff;
    if (resume) {
        visit->assistedBy = staff;
        leaveStaff();
        return;
    }
    assisting = staff;
    view.staff.reset();
    enter(Screen::TapToSee);
}

void VisitSession::State::on(const SubmitConversation& submitted) {
    if (view.screen != Screen::StaffForm || !isListed(event.needs, submitted.draft.need)) {
        return;
    }
    if (resume == Screen::Recorded) {
        resume.reset();
        endVisit();  // its answers stand already: the conversation is one about the last visit
    }
    record::Conversation conversation = written(submitted.draft);
    if (visit) {
        visit->drafts.emplace_back(std::move(conversation));
        leaveStaff();
    } else if (last && last->badge) {
        logging = conversation;
        effects.emplace_back(LookUpVault{last->badge->vault});
        enter(Screen::Saving);
    } else {
        save(builder.count(conversation, now), Screen::StaffSaved);
    }
}

/// The entry as it stands now: the yes may have been withdrawn at another kiosk meanwhile.
void VisitSession::State::foundLastVisit(const std::optional<vault::Entry>& entry) {
    const record::Conversation conversation = *std::exchange(logging, std::nullopt);
    const bool isNamed = entry && hasYes(*entry);
    save(isNamed ? builder.conversation(*last->badge, last->strength, *entry, conversation, now)
                 : builder.count(conversation, now),
         Screen::StaffSaved);
}

record::Conversation VisitSession::State::written(const ConversationDraft& draft) const {
    record::Conversation conversation;
    conversation.id = newId();
    conversation.staff = *view.staff;
    conversation.at = now;
    conversation.need = draft.need;
    conversation.readiness = isListed(event.readiness, draft.readiness) ? draft.readiness : "";
    conversation.note = plainText(draft.note, record::kMaxNoteLength, LineBreaks::Keep);
    if (const std::string what = plainText(draft.promise, record::kMaxPromiseLength);
        !what.empty()) {
        const std::chrono::year_month_day usual =
            std::chrono::floor<std::chrono::days>(now.wall) + kUsualPromise;
        const record::StaffId owner{draft.promiseOwner};
        conversation.promise = record::Promise{what, draft.due.value_or(usual),
                                               event.findStaff(owner) ? owner : *view.staff};
    }
    return conversation;
}

}  // namespace tapport::visit
