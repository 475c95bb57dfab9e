// SPDX-License-Identifier: GPL-3.0-or-later
// The front of a simulated kiosk: somebody who presses what the screen offers, and the disk below.
#include "sync/record/codec.h"
#include "tests/simulation/kiosk.h"

namespace tapport::simulation {
namespace {

using visit::Screen;

const record::WallTime kMorning{Millis(1'795'593'600'000)};  // 2026-11-25 08Z

visit::Timing untimed() {
    visit::Timing timing;
    timing.inputGuard = Millis(0);  // these people press fast
    return timing;
}

template <typename T>
const T* find(const std::vector<visit::Effect>& effects) {
    for (const visit::Effect& effect : effects) {
        if (const T* const found = std::get_if<T>(&effect)) {
            return found;
        }
    }
    return nullptr;
}

}  // namespace

void Kiosk::restart() {
    Random& random = common_.random;
    session_ = std::make_unique<visit::VisitSession>(
        common_.event, untimed(), "simulation",
        [this, &random] {
            std::array<std::uint8_t, 10> some{};
            for (std::uint8_t& byte : some) {
                byte = static_cast<std::uint8_t>(random.between(0, 255));
            }
            return record::makeRecordId(clock().wall, some);
        },
        [&random] { return random.id<record::ReceiptId>(); });
    failed_.reset();
    frozenUntil_ = {};
    host_.pump =
        agent::OutboxPump(agent::PumpHost::signing(options_), [&random] { return random.unit(); });
    feed(agent::Started{});
}

record::ClockReading Kiosk::clock() const {
    const auto passed = std::chrono::duration_cast<Millis>(common_.clock.now().time_since_epoch());
    record::ClockReading reading;
    reading.wall = kMorning + passed + clockOffset_;
    reading.quality =
        clockOffset_ == Millis(0) ? record::ClockQuality::Synced : record::ClockQuality::Unset;
    reading.monotonic = passed;
    return reading;
}

bool Kiosk::serve(Attendee& attendee) {
    Random& random = common_.random;
    std::optional<visit::Event> next = visit::TapBadge{attendee.badge};
    if (random.happens(0.2)) {
        (void)session_->step(visit::SeeMyAnswers{}, clock());
    }
    constexpr int kMostPresses = 60;
    for (int presses = 0; next && presses < kMostPresses; ++presses) {
        const auto effects = session_->step(*next, clock());
        if (const auto* const lookUp = find<visit::LookUpVault>(effects)) {
            const bool fails = common_.isTroubled && random.happens(0.02);
            next = fails ? visit::Event(visit::LookUpFailed{}) : lookUpVault(lookUp->access);
        } else if (const auto* const asked = find<visit::Commit>(effects)) {
            visit::Commit commit = *asked;
            const Saved saved = save(attendee, commit);
            if (saved == Saved::PowerCut) {
                return false;
            }
            next = saved == Saved::Yes ? visit::Event(visit::Committed{})
                                       : visit::Event(visit::CommitFailed{});
        } else if (find<visit::CheckPin>(effects) != nullptr) {
            next = visit::PinChecked{record::StaffId{"kim"}};
        } else {
            next = press(attendee);
        }
    }
    return true;
}

visit::VaultAnswered Kiosk::lookUpVault(const record::VaultAccess& access) const {
    const wire::DownState has = sink_.kept().has;
    auto [entry, beside] = recall(access);
    return {std::move(entry), std::move(beside), {}, has.version.urgent};
}

/// What this person does now; nothing when the screen is clear again.
std::optional<visit::Event> Kiosk::press(const Attendee& attendee) {
    Random& random = common_.random;
    const visit::View& view = session_->view();
    switch (view.screen) {
        case Screen::Idle:
            return random.happens(0.15) ? std::optional<visit::Event>(visit::OpenStaff{})
                                        : std::nullopt;
        case Screen::TapToSee:
            return visit::TapBadge{attendee.badge};
        case Screen::Purposes:
            return random.happens(0.2)   ? visit::Event(visit::AnswerNone{})
                   : random.happens(0.5) ? visit::Event(visit::AnswerAll{})
                                         : visit::Event(visit::AnswerChoose{});
        case Screen::Question:
            return visit::GiveAnswer{random.happens(0.6) ? visit::Answer::Yes : visit::Answer::No};
        case Screen::Contact:
            return fill(view.contactField);
        case Screen::Summary:
            return random.happens(0.95) ? visit::Event(visit::Confirm{})
                                        : visit::Event(visit::Cancel{});
        case Screen::SaveFailed:
            return random.happens(0.7) ? visit::Event(visit::Retry{})
                                       : visit::Event(visit::Cancel{});
        case Screen::Recorded:
            return pressOnRecorded();
        case Screen::StaffPin:
            return visit::EnterPin{"1234"};
        case Screen::StaffForm:
            return visit::SubmitConversation{
                {common_.event.needs.front().id, "", "A note.", "", {}, ""}};
        case Screen::BadgeProblem:
        case Screen::Code:
            return visit::Cancel{};
        default:
            return visit::Done{};
    }
}

std::optional<visit::Event> Kiosk::pressOnRecorded() {
    Random& random = common_.random;
    const auto& recorded = session_->view().recorded;
    const auto yes = std::find(recorded.begin(), recorded.end(), visit::Answer::Yes);
    switch (random.between(0, 9)) {
        case 0:
        case 1:
        case 2:
            return yes == recorded.end() ? visit::Event(visit::Done{})
                                         : visit::Event(visit::WithdrawAll{});
        case 3:
        case 4:
            return yes == recorded.end() ? visit::Event(visit::Done{})
                                         : visit::Event(visit::WithdrawOne{
                                               static_cast<std::size_t>(yes - recorded.begin())});
        case 5:
        case 6:
            return visit::ChangeMine{};
        case 7:
            return session_->view().isErasable ? visit::Event(visit::Erase{})
                                               : visit::Event(visit::Done{});
        default:
            return visit::Done{};
    }
}

visit::Event Kiosk::fill(visit::ContactField field) const {
    switch (field) {
        case visit::ContactField::Email:
            return visit::EnterContact{"someone@example.com"};
        case visit::ContactField::Phone:
            return visit::EnterContact{"030 901820"};
        case visit::ContactField::Address:
            return visit::EnterContact{"1 Example Street, 10115 Berlin"};
        case visit::ContactField::Name:
        case visit::ContactField::Company:
            break;
    }
    return visit::Cancel{};
}

/// One transaction. Three times in a hundred it fails; then it may be there all the same.
Kiosk::Saved Kiosk::save(Attendee& attendee, visit::Commit& commit) {
    Random& random = common_.random;
    const record::RecordId first = commit.units.front().id;
    const bool isRetry = std::exchange(failed_, std::nullopt) == first;
    if (isRetry && common_.mutant == Mutant::RetryUnderNewIds) {
        for (record::Unit& unit : commit.units) {
            unit.id = random.id<record::RecordId>();
        }
    }
    common_.judge.attempted(attendee, commit.units, isRetry, clockOffset_ == Millis(0));
    const bool fails = common_.isTroubled && random.happens(0.03);
    if (!fails || random.happens(0.5)) {
        write(commit);
    }
    if (fails && random.happens(0.3)) {
        return Saved::PowerCut;
    }
    if (fails && common_.mutant != Mutant::ConfirmBeforeCommit) {
        failed_ = first;
        return Saved::No;
    }
    Judge::confirmed(attendee);
    announcedThrough_ = host_.outbox.size();
    feed(agent::RecordAdded{});
    return Saved::Yes;
}

void Kiosk::write(const visit::Commit& commit) {
    std::uint64_t added = 0;
    for (const record::Unit& unit : commit.units) {
        const auto number = host_.outbox.append(
            unit.id,
            unit.kind == record::UnitKind::Withdrawal ? support::FakeOutbox::Urgency::Urgent
                                                      : support::FakeOutbox::Urgency::Ordinary,
            [&](const record::Epoch& epoch, std::uint64_t seq) {
                return record::encode({{name(), epoch, seq}, unit, std::nullopt});
            });
        added += number ? 1 : 0;
        if (number && unit.kind != record::UnitKind::Withdrawal) {
            liveWaiting_.emplace(*number, Overtaken{common_.clock.now() + options_.gather});
        }
    }
    if (commit.entry && added > 0) {
        vault_[commit.access->lookup] = *commit.entry;
    }
}

}  // namespace tapport::simulation
