// SPDX-License-Identifier: GPL-3.0-or-later
// From the tap to the confirmation. What a second tap can do is in second_tap_flow.cpp.
#include "firmware-app/visit/plain_text.h"
#include "firmware-app/visit/session_state.h"

namespace tapport::visit {
namespace {

/// Where a badge is waited for, so that what was chosen before the tap still holds.
bool awaitsBadge(Screen screen) {
    return screen == Screen::Idle || screen == Screen::TapToSee || screen == Screen::BadgeProblem ||
           screen == Screen::Code;
}

bool isWithdrawal(const record::ConsentEvent& decision) {
    return decision.state == record::ConsentState::Withdrawn;
}

bool withdrawsSomething(const Commit& commit) {
    return std::any_of(commit.units.begin(), commit.units.end(), [](const record::Unit& unit) {
        return std::any_of(unit.consents.begin(), unit.consents.end(), isWithdrawal);
    });
}

}  // namespace

void VisitSession::State::on(const TapBadge& tap) {
    const bool isStillTheirs = awaitsBadge(view.screen);
    if (isClosed || (!isStillTheirs && !isResting())) {
        return;
    }
    if (!isStillTheirs) {
        forget();
    }
    last.reset();
    visit.emplace();
    visit->badge = tap.badge;
    visit->assistedBy = std::exchange(assisting, std::nullopt);
    visit->seeksAnswers = std::exchange(isSeeking, false);
    visit->given.resize(event.asks.size());
    extensionsUsed = 0;
    effects.emplace_back(Signal{Sound::Accepted});
    effects.emplace_back(LookUpVault{tap.badge.identity.vault});
    enter(Screen::Loading);
}

void VisitSession::State::on(const TapTrouble& tap) {
    if (!isClosed && (isResting() || awaitsBadge(view.screen))) {
        refuseBadge(tap.trouble);
    }
}

void VisitSession::State::refuseBadge(BadgeTrouble trouble) {
    endVisit();
    view.trouble = trouble;
    effects.emplace_back(Signal{Sound::Problem});
    enter(Screen::BadgeProblem);
}

void VisitSession::State::on(const SeeMyAnswers&) {
    if (view.screen == Screen::Idle) {
        isSeeking = true;
        enter(Screen::TapToSee);
    }
}

void VisitSession::State::on(const TypeCode&) {
    if (awaitsBadge(view.screen)) {
        view.isCodeInvalid = false;
        enter(Screen::Code);
    }
}

void VisitSession::State::on(const EnterCode& entry) {
    if (view.screen != Screen::Code || waitFor(codeTries) > record::Millis{}) {
        return;
    }
    const auto code = badgeCode(entry.text);
    view.isCodeInvalid = !code;
    if (code) {
        codeTries.count();
        effects.emplace_back(KeepTries{Guessed::Code, codeTries.tries()});
        effects.emplace_back(DeriveBadge{*code});
    }
}

/// A badge that is known is not asked again: what it refused stays refused until its owner presses
/// "change", and an erasure until its owner agrees to something new.
void VisitSession::State::foundVisit(const VaultAnswered& answer) {
    visit->known = answer.entry;
    visit->beside = answer.beside;
    visit->roster = answer.roster;
    visit->hubState = answer.hubState;
    const bool isKnown = answer.entry && !answer.entry->decisions.empty();
    enter(isKnown ? Screen::Recorded : Screen::Purposes);
}

void VisitSession::State::on(const AnswerNone&) {
    if (view.screen != Screen::Purposes) {
        return;
    }
    startOver(Route::All);
    for (std::size_t i = 0; i < event.asks.size(); ++i) {
        visit->given[i] = given(i, Answer::No, "purposes", kPurposesOrder);
    }
    confirm();
}

void VisitSession::State::on(const AnswerChoose&) {
    if (view.screen == Screen::Purposes) {
        startOver(Route::Choose);
        ask(0);
    }
}

void VisitSession::State::on(const AnswerAll&) {
    if (view.screen != Screen::Purposes) {
        return;
    }
    startOver(Route::All);
    for (std::size_t i = 0; i < event.asks.size(); ++i) {
        visit->given[i] = given(i, Answer::Yes, "purposes", kPurposesOrder);
    }
    advance();
}

/// Nothing is stored, not even that somebody was here (default below 16: GDPR Art. 8).
void VisitSession::State::on(const DeclineUnderAge&) {
    if (view.screen == Screen::Purposes && event.profile.minimumAge > 0) {
        endVisit();
        enter(Screen::UnderAge);
    }
}

void VisitSession::State::on(const GiveAnswer& answer) {
    if (view.screen != Screen::Question || answer.answer == Answer::Unset) {
        return;
    }
    visit->given[view.ask] = given(view.ask, answer.answer, "question", kQuestionOrder);
    const bool asksAll = visit->route == Route::Choose || visit->route == Route::ChangeMine;
    if (asksAll && !view.isChangingOne && view.ask + 1 < event.asks.size()) {
        ask(view.ask + 1);
    } else {
        advance();
    }
}

void VisitSession::State::on(const ChangeAnswer& change) {
    if (view.screen == Screen::Summary && change.ask < event.asks.size()) {
        view.isChangingOne = true;
        visit->replaced = visit->given[change.ask];
        ask(change.ask);
    }
}

void VisitSession::State::on(const Confirm&) {
    if (view.screen == Screen::Summary) {
        confirm();
    }
}

Outcome VisitSession::State::outcome() const {
    Outcome outcome;
    outcome.badge = visit->badge.identity;
    outcome.strength = visit->badge.strength;
    outcome.known = visit->known;
    outcome.beside = visit->beside;
    outcome.hubState = visit->hubState;
    outcome.mayHaveAnsweredElsewhere = visit->seeksAnswers && !visit->known;
    outcome.contact = contactAtHand();
    for (const HeldConversation& draft : visit->drafts) {
        outcome.conversations.push_back(draft.revealed());
    }
    return outcome;
}

void VisitSession::State::confirm() {
    Outcome confirmed = outcome();
    for (const auto& answer : visit->given) {
        if (answer) {
            confirmed.answers.push_back(*answer);
        }
    }
    Commit commit = builder.visit(confirmed, now);
    const bool isAnyYes = !channelsWithYes().empty();
    const Screen then = isAnyYes                     ? Screen::Saved
                        : withdrawsSomething(commit) ? Screen::Withdrawn
                                                     : Screen::NoThanks;
    if (commit.units.empty()) {
        enter(then);
    } else {
        save(std::move(commit), then);
    }
}

void VisitSession::State::ask(std::size_t index) {
    view.ask = index;
    enter(Screen::Question);
}

/// After an answer or a contact field: what is still missing, else the summary.
void VisitSession::State::advance() {
    view.isContactInvalid = false;
    visit->beforeCorrection.reset();
    if (const auto missing = missingField()) {
        view.contactField = *missing;
        enter(Screen::Contact);
        return;
    }
    view.isChangingOne = false;
    enter(Screen::Summary);
}

void VisitSession::State::attendeeBack() {
    view.isContactInvalid = false;
    if (view.screen == Screen::Question) {
        if (view.isChangingOne) {
            // A yes whose contact field was left open does not stay.
            visit->given[view.ask] = std::exchange(visit->replaced, std::nullopt);
            view.isChangingOne = false;
            enter(Screen::Summary);
        } else if (view.ask > 0) {
            ask(view.ask - 1);
        } else {
            const bool isFirst = visit->route == Route::Choose;
            startOver(Route::Undecided);
            enter(isFirst ? Screen::Purposes : Screen::Recorded);
        }
        return;
    }
    if (visit->beforeCorrection) {
        visit->typed = *std::exchange(visit->beforeCorrection, std::nullopt);
        enter(Screen::Summary);
        return;
    }
    if (view.isChangingOne) {
        ask(view.ask);
        return;
    }
    // The contact fields typed on this visit, last one first; then the question before them.
    record::Contact typed = contactFor(visit->typed, channelsWithYes());
    for (const ContactField field :
         {ContactField::Address, ContactField::Phone, ContactField::Email}) {
        if (!fieldOf(typed, field).empty()) {
            fieldOf(visit->typed, field).clear();
            view.contactField = field;
            enter(Screen::Contact);
            return;
        }
    }
    if (visit->route == Route::All) {
        startOver(Route::Undecided);
        enter(Screen::Purposes);
    } else {
        ask(event.asks.size() - 1);
    }
}

void VisitSession::State::startOver(Route route) {
    visit->route = route;
    visit->given.assign(event.asks.size(), std::nullopt);
    visit->typed = {};
    visit->beforeCorrection.reset();
    view.isChangingOne = false;
}

AnswerGiven VisitSession::State::given(std::size_t index, Answer answer, std::string_view screen,
                                       std::string_view order) const {
    const event::Ask& ask = event.asks[index];
    AnswerGiven given;
    given.purpose = ask.purpose;
    given.channel = ask.channel;
    given.answer = answer;
    given.method =
        spokenOr(answer == Answer::Yes ? record::Method::KioskYes : record::Method::KioskNo);
    given.notice = ask.noticeRef(view.language);
    given.validity = ask.validity;
    given.evidence = evidence(screen, order);
    return given;
}

record::Evidence VisitSession::State::evidence(std::string_view screen,
                                               std::string_view order) const {
    record::Evidence evidence;
    evidence.screen = screen;
    evidence.optionOrder = order;
    evidence.dwell = now.monotonic - shownAt;
    evidence.staff = visit->assistedBy;
    return evidence;
}

record::Method VisitSession::State::spokenOr(record::Method pressed) const {
    return visit->assistedBy ? record::Method::Oral : pressed;
}

/// What a confirmation now would stand for; nothing is pre-set on a question that will be asked.
Answer VisitSession::State::current(std::size_t index) const {
    if (const auto& given = visit->given[index]) {
        return given->answer;
    }
    return visit->route == Route::Undecided ? recorded(index) : Answer::Unset;
}

std::vector<record::Channel> VisitSession::State::channelsWithYes() const {
    std::vector<record::Channel> channels;
    for (std::size_t i = 0; i < event.asks.size(); ++i) {
        if (current(i) == Answer::Yes) {
            channels.push_back(event.asks[i].channel);
        }
    }
    return channels;
}

/// The visit shrinks to what staff need in order to log about it, or to nothing.
void VisitSession::State::endVisit() {
    saving.reset();
    logging.reset();
    if (!visit) {
        return;
    }
    const bool isAnyYes = visit->known && hasYes(*visit->known);
    if (isAnyYes || visit->isRecorded) {
        last = LastVisit{isAnyYes ? std::optional(visit->badge.identity) : std::nullopt,
                         visit->badge.strength, now.monotonic + timing.lastVisitKept};
    }
    visit.reset();
}

}  // namespace tapport::visit
