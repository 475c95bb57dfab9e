// SPDX-License-Identifier: GPL-3.0-or-later
#include "firmware-app/visit/visit_session.h"

#include "firmware-app/visit/session_state.h"

namespace tapport::visit {
namespace {

/// What a finger does. Only these are held off just after a screen change: a badge or an adapter
/// is never in the way of one.
template <typename T>
inline constexpr bool kIsPress =
    !(std::is_same_v<T, TapBadge> || std::is_same_v<T, TapStaffBadge> ||
      std::is_same_v<T, TapTrouble> || std::is_same_v<T, StayLonger> || std::is_same_v<T, Typed> ||
      std::is_same_v<T, Closed> || std::is_same_v<T, VaultAnswered> ||
      std::is_same_v<T, LookUpFailed> || std::is_same_v<T, Committed> ||
      std::is_same_v<T, ReceiptIssued> || std::is_same_v<T, CommitFailed> ||
      std::is_same_v<T, PinChecked> || std::is_same_v<T, Tick>);

using namespace std::chrono_literals;

/// 5 s after the third wrong PIN, then doubled each time, until a right one.
constexpr TryPolicy kPinTries{2, 5s, 10min, std::nullopt};
/// A code that finds nobody is as telling as one that finds somebody, and none is wrong: only time
/// forgives. A queue of people who type theirs never waits; who tries them all gets one a minute.
constexpr TryPolicy kCodeTries{5, 30s, 10min, 1min};

/// The next moment at which a count-down in whole seconds shows another number.
record::Millis nextSecond(record::Millis end, record::Millis now) {
    const record::Millis left = end - now - record::Millis(1);
    return end - std::chrono::floor<std::chrono::seconds>(left);
}

}  // namespace

VisitSession::State::State(const event::Event& eventFile, Timing timings, std::string build,
                           std::function<record::RecordId()> makeId,
                           std::function<record::ReceiptId()> makeReceipt, const KeptTries& kept)
    : event(eventFile),
      timing(timings),
      newId(makeId),
      builder(eventFile, std::move(build), std::move(makeId), std::move(makeReceipt)),
      pinTries(kPinTries, kept.pin),
      codeTries(kCodeTries, kept.code) {
    view.language = event.languages.front();
    render();
}

void VisitSession::State::enter(Screen screen) {
    view.screen = screen;
    view.receiptLink.clear();
    shownAt = now.monotonic;
    touch();
}

void VisitSession::State::touch() {
    activeAt = now.monotonic;
    view.isWarning = false;
    view.untilClear = {};
}

/// It is to be read in the language that was chosen on it.
void VisitSession::State::restartWarning() {
    activeAt = now.monotonic - timing.idle;
    view.untilClear = timing.warning;
}

bool VisitSession::State::isStaffAtWork() const {
    return view.screen == Screen::StaffPin || view.screen == Screen::StaffForm ||
           view.screen == Screen::Saving || view.screen == Screen::SaveFailed;
}

/// Nothing on the screen is waiting for an answer: the next badge may come.
bool VisitSession::State::isResting() const {
    switch (view.screen) {
        case Screen::Idle:
        case Screen::TapToSee:
        case Screen::BadgeProblem:
        case Screen::Saved:
        case Screen::NoThanks:
        case Screen::UnderAge:
        case Screen::Withdrawn:
        case Screen::Erased:
        case Screen::StaffSaved:
            return true;
        default:
            return false;
    }
}

std::optional<record::Millis> VisitSession::State::warnsAt() const {
    const bool waitsForAdapter = view.screen == Screen::Loading || view.screen == Screen::Saving;
    if (isResting() || waitsForAdapter || view.screen == Screen::Closed) {
        return std::nullopt;
    }
    return activeAt + timing.idle;
}

std::optional<record::Millis> VisitSession::State::clearsAt() const {
    if (const auto warning = warnsAt()) {
        return *warning + timing.warning;
    }
    if (view.screen == Screen::Idle || view.screen == Screen::Closed) {
        const bool isUntouched = view.language == event.languages.front();
        return isUntouched ? std::nullopt : std::optional(activeAt + timing.idle);
    }
    if (view.screen == Screen::TapToSee) {
        return activeAt + timing.idle;
    }
    // Scanning takes as long as finding one's phone.
    const record::Millis read = view.receiptLink.empty() ? timing.done : timing.idle;
    return isResting() ? std::optional(activeAt + read) : std::nullopt;
}

void VisitSession::State::dropOldVisit() {
    if (last && !isStaffAtWork() && now.monotonic >= last->keptUntil) {
        last.reset();
    }
}

void VisitSession::State::expire() {
    const auto clears = clearsAt();
    const auto warns = warnsAt();
    if (clears && now.monotonic >= *clears) {
        forget();
    } else if (warns && now.monotonic >= *warns) {
        view.isWarning = true;
        view.untilClear = *clears - now.monotonic;
    }
}

void VisitSession::State::forget() {
    endVisit();
    resume.reset();
    assisting.reset();
    isSeeking = false;
    if (pinCheck == PinCheck::Waiting) {
        pinCheck = PinCheck::Abandoned;
    }
    extensionsUsed = 0;
    view = View{};
    view.language = event.languages.front();
    effects.emplace_back(Forget{});
    enter(isClosed ? Screen::Closed : Screen::Idle);
}

void VisitSession::State::save(Commit commit, Screen then) {
    saving = PendingSave{std::move(commit), then};
    effects.emplace_back(saving->commit);
    enter(Screen::Saving);
}

void VisitSession::State::render() {
    view.answers.assign(event.asks.size(), Answer::Unset);
    view.recorded = view.answers;
    view.contact = {};
    view.conversations.clear();
    if (visit) {
        for (std::size_t i = 0; i < event.asks.size(); ++i) {
            view.answers[i] = current(i);
            view.recorded[i] = recorded(i);
        }
        view.contact = contactFor(contactAtHand(), channelsWithYes());
        if (visit->known) {
            view.conversations = visit->known->conversations;
        }
    }
    const vault::Entry* const known = visit && visit->known ? &*visit->known : nullptr;
    view.isErasable = known && isErasable(*known);
    view.isErased = known && known->decisions.size() == 1 && tombstoneOf(*known);
    view.isGuessable = visit && visit->badge.strength == BadgeStrength::Guessable;
    view.assistedBy = visit ? visit->assistedBy : assisting;
    // On Recorded the visit's answers are settled: a conversation counts as one after it.
    const bool isSettled = resume == Screen::Recorded;
    view.isConversationNamed =
        visit ? !isSettled || (known && hasYes(*known)) : last && last->badge;
    view.hasVisitToLog = visit ? !isSettled || view.isConversationNamed : last.has_value();
    const bool isPinSettled = pinCheck == PinCheck::None;
    view.pinBlockedFor = isPinSettled ? waitFor(pinTries) : record::Millis{};
    view.codeBlockedFor = waitFor(codeTries);
}

record::Millis VisitSession::State::waitFor(const TryLimit& limit) const {
    return std::max(limit.opensAt() - now.monotonic, record::Millis{});
}

void VisitSession::State::on(const ChooseLanguage& choice) {
    const auto& languages = event.languages;
    if (std::find(languages.begin(), languages.end(), choice.language) != languages.end()) {
        view.language = choice.language;
    }
}

void VisitSession::State::on(const Committed& committed) {
    if (view.screen != Screen::Saving || !saving) {
        return;
    }
    if (visit) {
        visit->known = saving->commit.entry;
        visit->isRecorded = true;
        startOver(Route::Undecided);
        visit->drafts.clear();
    }
    const Screen then = saving->then;
    saving.reset();
    effects.emplace_back(Signal{Sound::Accepted});
    enter(then);
    view.receiptLink = committed.receiptLink;
}

void VisitSession::State::on(const ReceiptIssued& issued) {
    if (view.screen == Screen::Loading && visit && visit->known) {
        enter(Screen::Receipt);
        view.receiptLink = issued.receiptLink;
    }
}

void VisitSession::State::on(const CommitFailed&) {
    if (view.screen == Screen::Saving && (saving || logging)) {
        effects.emplace_back(Signal{Sound::Problem});
        enter(Screen::SaveFailed);
    }
}

void VisitSession::State::on(const Retry&) {
    if (view.screen != Screen::SaveFailed) {
        return;
    }
    if (saving) {
        effects.emplace_back(saving->commit);
    } else {
        effects.emplace_back(LookUpVault{last->badge->vault});
    }
    enter(Screen::Saving);
}

void VisitSession::State::on(const StayLonger&) {
    if (view.isWarning && extensionsUsed < timing.extensions) {
        ++extensionsUsed;
        touch();
    }
}

void VisitSession::State::on(const Typed&) {
    touch();
}

/// At once, and without a word kept of an answer that was not confirmed: what would be signed from
/// now on nobody could use. What is being saved is confirmed first.
void VisitSession::State::on(const Closed& what) {
    isClosed = what.isClosed;
    if (view.screen != Screen::Saving && isClosed != (view.screen == Screen::Closed)) {
        forget();
    }
}

void VisitSession::State::on(const Tick&) {}

void VisitSession::State::on(const Back&) {
    switch (view.screen) {
        case Screen::Question:
        case Screen::Contact:
        case Screen::Summary:
            attendeeBack();
            break;
        case Screen::Receipt:
            enter(Screen::Recorded);
            break;
        case Screen::TapToSee:
        case Screen::BadgeProblem:
        case Screen::Code:
        case Screen::Purposes:
        case Screen::Recorded:
            forget();
            break;
        case Screen::StaffPin:
        case Screen::StaffForm:
            leaveStaff();
            break;
        default:
            break;
    }
}

void VisitSession::State::on(const Cancel&) {
    switch (view.screen) {
        case Screen::Idle:
        case Screen::Closed:
        case Screen::Loading:
        case Screen::Saving:
            break;
        case Screen::StaffPin:
        case Screen::StaffForm:
            leaveStaff();
            break;
        default:
            forget();
    }
}

void VisitSession::State::on(const Done&) {
    const bool isRead = isResting() && view.screen != Screen::Idle;
    if (isRead || view.screen == Screen::Recorded || view.screen == Screen::Receipt) {
        forget();
    }
}

void VisitSession::State::on(const VaultAnswered& answer) {
    if (view.screen == Screen::Loading && visit) {
        foundVisit(answer);
    } else if (view.screen == Screen::Saving && logging) {
        foundLastVisit(answer.entry);
    }
}

/// Nothing is known, not even that nothing is: an answer now would replace what stands there.
void VisitSession::State::on(const LookUpFailed&) {
    if (view.screen == Screen::Loading && visit) {
        assisting = visit->assistedBy;
        isSeeking = visit->seeksAnswers;
        refuseBadge(BadgeTrouble::LookUpFailed);
    } else if (view.screen == Screen::Saving && logging) {
        on(CommitFailed{});
    }
}

VisitSession::VisitSession(const event::Event& event, Timing timing, std::string build,
                           std::function<record::RecordId()> newId,
                           std::function<record::ReceiptId()> newReceipt, const KeptTries& kept)
    : state_(std::make_unique<State>(event, timing, std::move(build), std::move(newId),
                                     std::move(newReceipt), kept)) {}

VisitSession::~VisitSession() = default;

std::vector<Effect> VisitSession::step(const Event& what, const record::ClockReading& now) {
    State& state = *state_;
    state.now = now;
    state.pinTries.look(now);
    state.codeTries.look(now);
    state.effects.clear();
    state.expire();
    std::visit(
        [&state](const auto& event) {
            using Kind = std::decay_t<decltype(event)>;
            if constexpr (kIsPress<Kind>) {
                if (state.now.monotonic - state.shownAt < state.timing.inputGuard) {
                    return;
                }
                if (state.view.isWarning && std::is_same_v<Kind, ChooseLanguage>) {
                    state.restartWarning();
                } else {
                    state.touch();
                }
            }
            state.on(event);
        },
        what);
    state.dropOldVisit();
    state.render();
    return std::exchange(state.effects, {});
}

const View& VisitSession::view() const {
    return state_->view;
}

bool VisitSession::isAtRest(record::Millis now) const {
    const State& state = *state_;
    const Screen screen = state.view.screen;
    return (screen == Screen::Idle || screen == Screen::Closed) && !state.clearsAt() &&
           (!state.last || now - state.shownAt >= 1min);
}

std::optional<record::Millis> VisitSession::nextDeadline() const {
    const State& state = *state_;
    std::optional<record::Millis> next;
    const auto consider = [&next](record::Millis at) { next = std::min(next.value_or(at), at); };
    if (state.last && !state.isStaffAtWork()) {
        consider(state.last->keptUntil);
    }
    if (const auto clears = state.clearsAt()) {
        consider(state.view.isWarning ? nextSecond(*clears, state.now.monotonic) : *clears);
    }
    if (const auto warns = state.warnsAt(); warns && !state.view.isWarning) {
        consider(*warns);
    }
    if (state.view.screen == Screen::StaffPin && state.view.pinBlockedFor > record::Millis{}) {
        consider(nextSecond(state.pinTries.opensAt(), state.now.monotonic));
    }
    if (state.view.screen == Screen::Code && state.view.codeBlockedFor > record::Millis{}) {
        consider(nextSecond(state.codeTries.opensAt(), state.now.monotonic));
    }
    return next;
}

}  // namespace tapport::visit
