// SPDX-License-Identifier: GPL-3.0-or-later
// Tapped again: what is recorded, and taking it back in as few presses as giving it took.
#include "firmware-app/visit/session_state.h"

namespace tapport::visit {

void VisitSession::State::on(const ChangeMine&) {
    if (view.screen == Screen::Recorded) {
        startOver(Route::ChangeMine);
        ask(0);
    }
}

void VisitSession::State::on(const NewReceipt&) {
    if (view.screen == Screen::Recorded) {
        effects.emplace_back(IssueReceipt{*visit->known});
        enter(Screen::Loading);
    }
}

void VisitSession::State::on(const WithdrawAll&) {
    if (view.screen != Screen::Recorded) {
        return;
    }
    std::vector<record::ConsentEvent> yes;
    std::copy_if(visit->known->decisions.begin(), visit->known->decisions.end(),
                 std::back_inserter(yes),
                 [](const record::ConsentEvent& decision) { return isYes(decision.state); });
    withdraw(yes);
}

void VisitSession::State::on(const WithdrawOne& withdrawal) {
    if (view.screen == Screen::Recorded && withdrawal.ask < event.asks.size() &&
        recorded(withdrawal.ask) == Answer::Yes) {
        const event::Ask& ask = event.asks[withdrawal.ask];
        withdraw({*findDecision(*visit->known, ask.purpose, ask.channel)});
    }
}

/// Works for decisions whose question this event file no longer asks: the yes names its own notice.
void VisitSession::State::withdraw(const std::vector<record::ConsentEvent>& decisions) {
    Outcome withdrawn = outcome();
    for (const record::ConsentEvent& yes : decisions) {
        const event::Ask* const ask = event.find(yes.purpose, yes.channel);
        AnswerGiven no;
        no.purpose = yes.purpose;
        no.channel = yes.channel;
        no.answer = Answer::No;
        no.method = spokenOr(record::Method::ReTap);
        no.notice = ask ? ask->noticeRef(view.language) : yes.notice;
        no.validity = ask ? ask->validity
                          : std::chrono::ceil<std::chrono::days>(yes.validUntil - yes.at.wall);
        no.evidence = evidence("recorded", kWithdrawOrder);
        withdrawn.answers.push_back(std::move(no));
    }
    if (!withdrawn.answers.empty()) {
        save(builder.visit(withdrawn, now), Screen::Withdrawn);
    }
}

void VisitSession::State::on(const Erase&) {
    if (view.screen == Screen::Recorded && isErasable(*visit->known)) {
        save(builder.erasure(outcome(), view.language, spokenOr(record::Method::ReTap),
                             evidence("recorded", kEraseOrder), now),
             Screen::Erased);
    }
}

Answer VisitSession::State::recorded(std::size_t index) const {
    const event::Ask& ask = event.asks[index];
    const auto* const decision =
        visit->known ? findDecision(*visit->known, ask.purpose, ask.channel) : nullptr;
    // A yes to another agreement than the one that is asked for now has ended; a no has not.
    const bool isOver = decision && isYes(decision->state) && !ask.covers(decision->notice);
    if (!decision || isOver || decision->state == record::ConsentState::Expired) {
        return Answer::Unset;
    }
    return isYes(decision->state) ? Answer::Yes : Answer::No;
}

}  // namespace tapport::visit
