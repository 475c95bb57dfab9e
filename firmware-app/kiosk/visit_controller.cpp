// SPDX-License-Identifier: GPL-3.0-or-later
#include "firmware-app/kiosk/visit_controller.h"

#include "firmware-app/visit/badge_message.h"
#include "sync/program/log.h"
#include "sync/program/program.h"

#include <QtCore/QDate>

namespace tapport::kiosk {
namespace {

using program::logError;

// High and short against low and long: told apart in the noise of a hall.
constexpr int kAcceptedHertz = 2000;
constexpr int kProblemHertz = 400;
constexpr std::chrono::milliseconds kAcceptedLength{80};
constexpr std::chrono::milliseconds kProblemLength{250};

/// In the database: never to be changed.
std::string_view nameOf(visit::Guessed what) {
    return what == visit::Guessed::Pin ? "pin" : "code";
}

visit::BadgeTrouble troubleOf(reader::Unusable reason) {
    switch (reason) {
        case reader::Unusable::UnknownTag:
            return visit::BadgeTrouble::Unknown;
        case reader::Unusable::Empty:
            return visit::BadgeTrouble::Empty;
        case reader::Unusable::Malformed:
            return visit::BadgeTrouble::Malformed;
        case reader::Unusable::RemovedTooSoon:
            return visit::BadgeTrouble::TooSoon;
        case reader::Unusable::SeveralTags:
            return visit::BadgeTrouble::Several;
    }
    return visit::BadgeTrouble::Unknown;
}

record::ReceiptId newReceiptId() {
    record::ReceiptId id;
    program::fillRandom(id.bytes.data(), id.bytes.size());
    return id;
}

visit::BadgeSeen guessable(const std::string& token, const event::Event& event) {
    return {seal::deriveBadge(viewOf(token), event.badgeSalt), {}, visit::BadgeStrength::Guessable};
}

/// Whose badge it is. A staff badge that the event does not list is nobody's.
visit::Event meaningOf(const reader::BadgeRead& read, const event::Event& event) {
    const visit::BadgeMeaning meaning = visit::readBadge(read.message, event.badgeHosts);
    if (const auto* trouble = std::get_if<visit::BadgeTrouble>(&meaning)) {
        return visit::TapTrouble{*trouble};
    }
    if (const auto* badge = std::get_if<visit::AttendeeBadge>(&meaning)) {
        return visit::TapBadge{{seal::deriveBadge(viewOf(badge->token), event.badgeSalt),
                                badge->card, visit::BadgeStrength::Secret}};
    }
    const auto& token = std::get<visit::StaffBadge>(meaning).token;
    const auto lookup = seal::deriveBadge(viewOf(token), event.badgeSalt).vault.lookup;
    for (const event::Staff& staff : event.staff) {
        if (staff.badge == lookup) {
            return visit::TapStaffBadge{staff.id};
        }
    }
    return visit::TapTrouble{visit::BadgeTrouble::NotOurs};
}

}  // namespace

Result<visit::KeptTries> keptTries(store::KioskStore& store) {
    const auto pin = store.tries(nameOf(visit::Guessed::Pin));
    const auto code = store.tries(nameOf(visit::Guessed::Code));
    if (!pin || !code) {
        return tl::unexpected(pin ? code.error() : pin.error());
    }
    return visit::KeptTries{*pin, *code};
}

VisitController::VisitController(const event::Event& event, const Settings& settings,
                                 store::StoreThread& store, store::DownstreamStore& others,
                                 board::Beeper beeper, const visit::KeptTries& tries,
                                 std::function<record::ClockReading()> clocks)
    : event_(event),
      uidBadges_(settings.uidBadges),
      clocks_(std::move(clocks)),
      store_(store),
      others_(others),
      viewModel_(
          event, [this](const visit::Event& what) { handle(what); },
          [] { return QDate::currentDate(); }),
      session_(
          event, settings.timing, TAPPORT_VERSION, [] { return program::newRecordId(); },
          newReceiptId, tries),
      beeper_(std::move(beeper)) {
    pinChecks_.setMaxThreadCount(1);
    timer_.setSingleShot(true);
    timer_.setTimerType(Qt::PreciseTimer);
    connect(&timer_, &QTimer::timeout, this, [this] { handle(visit::Tick{}); });
    viewModel_.show(session_.view());
}

VisitController::~VisitController() {
    pinChecks_.waitForDone();
}

void VisitController::handle(const visit::Event& what) {
    const record::ClockReading now = clocks_();
    const std::vector<visit::Effect> effects = session_.step(what, now);
    for (const visit::Effect& effect : effects) {
        std::visit([this](const auto& each) { perform(each); }, effect);
    }
    viewModel_.show(session_.view());
    armTimer(now);
}

void VisitController::handleReader(const reader::ReaderEvent& what) {
    if (const auto* read = std::get_if<reader::BadgeRead>(&what)) {
        handle(meaningOf(*read, event_));
    } else if (const auto* unusable = std::get_if<reader::BadgeUnusable>(&what)) {
        const auto token =
            uidBadges_ == UidBadges::Accept ? visit::tokenOfUid(unusable->uid) : std::nullopt;
        handle(token ? visit::Event(visit::TapBadge{guessable(*token, event_)})
                     : visit::Event(visit::TapTrouble{troubleOf(unusable->reason)}));
    }
}

bool VisitController::isAtRest() const {
    return session_.isAtRest(clocks_().monotonic);
}

void VisitController::armTimer(const record::ClockReading& now) {
    const auto deadline = session_.nextDeadline();
    if (!deadline) {
        timer_.stop();
        return;
    }
    timer_.start(std::max(*deadline - now.monotonic, record::Millis(0)));
}

void VisitController::answer(visit::Event what) {
    QMetaObject::invokeMethod(
        this, [this, what = std::move(what)] { handle(what); }, Qt::QueuedConnection);
}

void VisitController::perform(const visit::LookUpVault& effect) {
    store_.post([this, access = effect.access](
                    store::KioskStore& store) { return store::recall(store, others_, access); },
                [this](Result<store::Memory> found) {
                    if (!found) {
                        logError("vault: {}", found.error().context);
                        answer(visit::LookUpFailed{});
                        return;
                    }
                    answer(visit::VaultAnswered{std::move(found->entry), std::move(found->beside),
                                                std::move(found->roster), found->hubState});
                });
}

void VisitController::perform(const visit::DeriveBadge& effect) {
    answer(visit::TapBadge{guessable(visit::tokenOfCode(effect.code), event_)});
}

void VisitController::perform(const visit::Commit& effect) {
    std::optional<store::EntryToKeep> entry;
    if (effect.entry && effect.access) {
        entry = store::EntryToKeep{*effect.access, *effect.entry};
    }
    store_.post([units = effect.units, entry = std::move(entry)](
                    store::KioskStore& store) { return store.commit(units, entry); },
                [this](const Result<store::ReceiptLink>& committed) {
                    if (!committed) {
                        logError("commit: {}", committed.error().context);
                        answer(visit::CommitFailed{});
                        return;
                    }
                    answer(visit::Committed{committed->value_or("")});
                    emit recorded();
                });
}

void VisitController::perform(const visit::IssueReceipt& effect) {
    store_.post([entry = effect.entry, now = clocks_()](
                    store::KioskStore& store) { return store.newReceipt(entry, now); },
                [this](const Result<store::ReceiptLink>& issued) {
                    if (!issued) {
                        logError("receipt: {}", issued.error().context);
                    }
                    answer(visit::ReceiptIssued{issued ? issued->value_or("") : std::string()});
                });
}

void VisitController::perform(const visit::CheckPin& effect) {
    // Through the store's queue, behind KeepTries. Argon2id takes about 0.1 s a person: neither the
    // screens nor a commit may wait for it.
    store_.post(
        [](store::KioskStore&) { return 0; },
        [this, pin = effect.pin](int) { pinChecks_.start([this, pin] { checkPin(pin); }); });
}

void VisitController::checkPin(const std::string& pin) {
    visit::PinChecked checked;
    for (const event::Staff& staff : event_.staff) {
        if (seal::passwordMatches(pin, staff.pinHash)) {
            checked.staff = staff.id;
            break;
        }
    }
    answer(checked);
}

void VisitController::perform(const visit::KeepTries& effect) {
    store_.post(
        [effect](store::KioskStore& store) {
            return store.keepTries(nameOf(effect.what), effect.tries);
        },
        [](const Result<>& kept) {
            // It still counts for as long as this program runs.
            if (!kept) {
                logError("tries: {}", kept.error().context);
            }
        });
}

void VisitController::perform(const visit::Forget&) {
    viewModel_.forget();
}

// The screens show every signal as shape and text as well.
void VisitController::perform(const visit::Signal& effect) {
    const bool isAccepted = effect.sound == visit::Sound::Accepted;
    beeper_.tone(isAccepted ? kAcceptedHertz : kProblemHertz);
    QTimer::singleShot(isAccepted ? kAcceptedLength : kProblemLength, this,
                       [this] { beeper_.tone(0); });
}

}  // namespace tapport::kiosk
