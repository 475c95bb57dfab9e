// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/simulation/world.h"

namespace tapport::simulation {
namespace {

using namespace std::chrono_literals;

constexpr std::array kClockOffsets{
    Millis(0),
    Millis(0),
    Millis(-1'795'593'600'000),  // 1970
    Millis(24h) * 365 * 12,      // 2038
    Millis(-24h),
};

}  // namespace

std::string_view nameOf(Trouble trouble) {
    constexpr std::array<std::string_view, kTroubles> kNames{
        "plain", "hub restored", "card put back", "card cloned", "all of these"};
    return kNames.at(static_cast<std::size_t>(trouble));
}

World::World(const event::Event& event, std::uint64_t seed, Mutant mutant)
    : event_(event),
      random_(seed),
      mutant_(mutant),
      trouble_(troubleOf(seed)),
      hub_(clock_, random_, event, mutant),
      // Few come again and again, of many most come once.
      judge_(random_.happens(0.5) ? random_.between(4, 10) : random_.between(15, 40)),
      common_{clock_, random_, judge_, hub_.disk(), hub_.backup(), event, mutant},
      // Where answers are slow a backlog is long on its way, and new records come meanwhile.
      slowest_(random_.happens(0.25) ? 2000 : 200),
      phones_(
          common_,
          [this](const PageRequest& request, const Phones::Answered& answer) {
              askHub(request, answer);
          },
          Millis(slowest_)) {
    hub_.disk().failing = 0.02;
    const std::uint64_t kiosks = random_.between(1, 3);
    for (std::uint64_t i = 1; i <= kiosks; ++i) {
        addKiosk("kiosk-" + std::to_string(i));
    }
}

Report World::run() {
    for (std::size_t i = 0; i < kiosks_.size(); ++i) {
        carry(i);
        visitLater(i);
    }
    makeTroubleLater();
    letHubTell();
    phones_.begin();
    clock_.at(kQuietAt, [this] {
        common_.isTroubled = false;
        hub_.disk().failing = 0;
        isBrokerUp_ = true;
        letHubReturn();
        // What was written though its save failed goes with the next record that is made.
        for (std::size_t i = 0; i < kiosks_.size(); ++i) {
            feed(i, agent::RecordAdded{});
        }
        exportNow();
    });
    clock_.at(kQuietAt + 9min, [this] {
        for (const auto& kiosk : kiosks_) {
            if (!isCopying() && !kiosk->isDone()) {
                throw Violation("records are not settled after nine quiet minutes");
            }
        }
        // Its hello to this process was lost, and an answer of the one before came late: it is
        // content, and this one has never heard of it.
        for (auto& [name, link] : links_) {
            if (hub_.isUp() && !hub_.knows({name})) {
                drop(link);
            }
        }
    });
    while (!isSettled()) {
        Instant next = clock_.next();
        std::optional<std::size_t> first;
        for (std::size_t i = 0; i < kiosks_.size(); ++i) {
            if (kiosks_[i]->nextWake() < next && carriedAway_.count(i) == 0) {
                next = kiosks_[i]->nextWake();
                first = i;
            }
        }
        if (next > kEndAt) {
            throw Violation("not settled after ten quiet minutes");
        }
        if (first) {
            clock_.moveTo(next);
            feed(*first, agent::TimePassed{});
        } else {
            clock_.runNext();
        }
    }
    judgeTheEnd();
    return report_;
}

void World::addKiosk(const std::string& name) {
    agent::PumpOptions options;
    options.event = event_.id;
    options.kiosk = {name};
    options.batchRows = random_.between(1, 6);
    options.windowBytes = random_.between(2000, 8000);
    options.leastWindowBytes = options.windowBytes / 2;
    options.mostWindowBytes = options.windowBytes * random_.between(1, 4);
    options.batchBytes = options.windowBytes / 4;
    kiosks_.push_back(std::make_unique<Kiosk>(common_, std::move(options)));
}

void World::visitLater(std::size_t kiosk) {
    // Now and then a crowd.
    const Millis pause = random_.happens(0.5) ? random_.millis(0, 1000) : random_.millis(0, 12'000);
    clock_.after(pause, [this, kiosk] {
        if (clock_.now() >= kQuietAt) {
            return;
        }
        auto& people = judge_.attendees();
        if (!kiosks_[kiosk]->serve(people[random_.between(0, people.size() - 1)])) {
            kiosks_[kiosk]->cutPower();
            restartKiosk(kiosk);
        }
        carry(kiosk);
        visitLater(kiosk);
    });
}

void World::makeTroubleLater() {
    clock_.after(random_.millis(0, 8000), [this] {
        if (common_.isTroubled) {
            makeTrouble();
            makeTroubleLater();
        }
    });
}

void World::makeTrouble() {
    const std::size_t kiosk = random_.between(0, kiosks_.size() - 1);
    switch (random_.between(0, 14)) {
        case 0:
            dropAll();
            isBrokerUp_ = false;
            clock_.after(random_.millis(100, 40'000), [this] { isBrokerUp_ = true; });
            break;
        case 1:
            drop(links_[kiosks_[kiosk]->name().value]);
            break;
        case 2:
            stopHub();
            break;
        case 3:  // SIGKILL of a kiosk, or its plug: all it knew beside its card is gone
            if (random_.happens(0.5)) {
                kiosks_[kiosk]->cutPower();
            }
            restartKiosk(kiosk);
            break;
        case 4:
            kiosks_[kiosk]->outbox().failNext(static_cast<int>(random_.between(1, 3)));
            break;
        case 5:
            backUp();
            oldCard_ = kiosks_[0]->card();
            break;
        case 6:
            kiosks_[kiosk]->freezeUntil(clock_.now() + random_.millis(1000, 30'000));
            break;
        case 7:
            hubFrozenUntil_ = clock_.now() + random_.millis(1000, 30'000);
            break;
        case 8:
            kiosks_[kiosk]->setClock(
                kClockOffsets.at(random_.between(0, kClockOffsets.size() - 1)));
            break;
        case 9:
            forge();
            break;
        case 10:
            halve(links_[kiosks_[kiosk]->name().value]);
            break;
        case 11:
            exportNow();
            break;
        case 12:
            hub_.opener().dieUntil(clock_.now() + random_.millis(100, 30'000));
            break;
        case 13:
            hub_.opener().freeze();
            break;
        default:
            loseCard();
    }
}

void World::restartKiosk(std::size_t kiosk) {
    Link& link = links_[kiosks_[kiosk]->name().value];
    if (link.kiosk == kiosk) {
        link = {std::nullopt, link.connection + 1};
    }
    kiosks_[kiosk]->restart();
    carry(kiosk);
}

void World::loseCard() {
    const bool isPutBack =
        trouble_ == Trouble::CardRestored ||
        (trouble_ == Trouble::All && (clones_ == kMostClones || random_.happens(0.5)));
    if (isPutBack && oldCard_) {
        putCardBack();
    } else if (isCopying() && trouble_ != Trouble::CardRestored && clones_ < kMostClones) {
        cloneCard();
    }
}

void World::putCardBack() {
    hasDiverged_ = true;
    Kiosk& kiosk = *kiosks_[0];
    std::set<record::RecordId> onCard;
    for (const auto& [number, row] : kiosk.card().outbox.rows) {
        onCard.insert(row.row.id);
    }
    kiosk.insert(*oldCard_);
    restartKiosk(0);
    excuse(onCard);
}

/// What is on no card, not at the hub and not in its journal: it went with the one that had it, and
/// nobody can bring it.
void World::excuse(const std::set<record::RecordId>& lost) {
    std::set<record::RecordId> gone;
    for (const record::RecordId& id : lost) {
        const bool isJournaled = judge_.isFromPhone(id) && !hub_.page().unjournaled().contains(id);
        if (!hub_.disk().has(id) && !isJournaled) {
            gone.insert(id);
        }
    }
    for (const auto& kiosk : kiosks_) {
        kiosk->outbox().look({1, record::kMostSeq},
                             [&](const support::FakeOutbox::Row& row) { gone.erase(row.row.id); });
    }
    for (const record::RecordId& id : gone) {
        judge_.excuse(id);
    }
}

void World::cloneCard() {
    hasDiverged_ = true;
    ++clones_;
    addKiosk(kiosks_[0]->name().value);
    const std::size_t clone = kiosks_.size() - 1;
    kiosks_[clone]->insert(kiosks_[0]->card());
    // What this one sends is lost while the other one's, at the same positions, arrives.
    if (random_.happens(0.7)) {
        halve(links_[kiosks_[0]->name().value]);
    }
    restartKiosk(clone);
    visitLater(clone);
}

void World::backUp() {
    if (hub_.isUp()) {
        hub_.beginBackUp(hubTime());
        clock_.after(random_.millis(0, 5000), [this] { hub_.finishBackUp(); });
        // What is told from then on, a restored hub does not know.
        clock_.after(random_.millis(5000, 10'000), [this] {
            if (hub_.isUp()) {
                hub_.importRoster();
            }
        });
    }
}

/// What kiosks take for received, as far as this hub has it: one that was restored may lack some
/// until they have heard of it.
std::set<record::RecordId> World::receivedAtHub() const {
    std::set<record::RecordId> ids;
    for (const auto& kiosk : kiosks_) {
        kiosk->outbox().look({1, record::kMostSeq}, [&](const support::FakeOutbox::Row& row) {
            if (row.state == support::FakeOutbox::State::Received && hub_.disk().has(row.row.id)) {
                ids.insert(row.row.id);
            }
        });
    }
    return ids;
}

void World::stopHub() {
    if (!hub_.isUp()) {
        return;
    }
    const std::set<record::RecordId> acknowledged = receivedAtHub();
    hub_.stop();
    for (const record::RecordId& id : acknowledged) {
        if (!hub_.disk().has(id)) {
            throw Violation("what the hub had acknowledged went with its process");
        }
    }
    ++hubProcess_;
    isHubOpening_ = false;
    announce();
    clock_.after(random_.millis(100, 15'000), [this] { letHubReturn(); });
}

void World::letHubReturn() {
    if (hub_.isUp()) {
        return;
    }
    if ((trouble_ == Trouble::HubRestored || trouble_ == Trouble::All) && happens(0.5)) {
        restoreHub();
    }
    if (!hub_.start(hubTime())) {
        clock_.after(Millis(1000), [this] { letHubReturn(); });
        return;
    }
    announce();
    letHubOpen();
}

/// The process may end over it, at any moment of it.
void World::askHub(const PageRequest& request, const Phones::Answered& answer) {
    if (!hub_.isUp()) {
        return;
    }
    if (clock_.now() < hubFrozenUntil_) {
        clock_.at(hubFrozenUntil_, [this, request, answer] { askHub(request, answer); });
        return;
    }
    std::optional<PageAnswer> said;
    try {
        said = hub_.serve(request, hubTime());
    } catch (const ProcessEnded&) {
        // Nobody answers.
    }
    if (const auto made = hub_.page().takeMade()) {
        judge_.withdrew(*request.press, *made, hub_.disk());
    }
    if (!said || (request.press && happens(0.02))) {
        stopHub();
        return;
    }
    letHubOpen();
    answer(*said);
}

/// What cards were put back in between, with what the hub had already, may be nowhere now.
void World::restoreHub() {
    std::set<record::RecordId> atHub = hub_.disk().unsorted();
    for (const auto& [id, unit] : hub_.disk().rows()) {
        atHub.insert(id);
    }
    hub_.restore();
    excuse(atHub);
    replayAcks();
}

record::WallTime World::hubTime() const {
    return record::WallTime(Millis(1'795'593'600'000)) +
           std::chrono::duration_cast<Millis>(clock_.now().time_since_epoch());
}

void World::exportNow() {
    const auto leads = hub_.isUp() ? hub_.exportLeads(hubTime()) : std::nullopt;
    if (!leads) {
        ++report_.refused;
        return;
    }
    report_.exported += leads->size();
    judge_.exported(*leads, hub_.disk());
}

}  // namespace tapport::simulation
