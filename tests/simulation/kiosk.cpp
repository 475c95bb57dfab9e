// SPDX-License-Identifier: GPL-3.0-or-later
// The back of a simulated kiosk: the pump, and what is looked at of all that it does.
#include "tests/simulation/kiosk.h"

#include "sync/vault/withdrawn.h"

namespace tapport::simulation {
namespace {

/// The numbers of a batch's rows.
std::set<std::uint64_t> numbersIn(const wire::Batch& batch,
                                  const std::vector<agent::OutboxEpoch>& epochs) {
    std::set<std::uint64_t> numbers;
    for (const agent::OutboxEpoch& epoch : epochs) {
        if (epoch.epoch != batch.epoch) {
            continue;
        }
        for (const wire::Run& run : batch.runs) {
            for (std::size_t i = 0; i < run.units.size(); ++i) {
                numbers.insert(epoch.base + run.first + i);
            }
        }
    }
    return numbers;
}

}  // namespace

Kiosk::Kiosk(Common& common, agent::PumpOptions options)
    : common_(common),
      options_(std::move(options)),
      host_(options_, [this] { return common_.random.unit(); }) {
    support::FakeOutbox::Card fresh;
    fresh.epochs.emplace_back().epoch = common_.random.id<record::Epoch>();
    host_.outbox.insert(std::move(fresh), 0);
    host_.amend = [this](agent::PumpAction& action) { return amend(action); };
    host_.downState = [this] {
        wire::DownState has = sink_.kept().has;
        if (common_.mutant == Mutant::KeepDownVersion && knownHub_) {
            has.hub = *knownHub_;
        }
        return has;
    };
    restart();
}

void Kiosk::insert(Card card) {
    host_.outbox.insert(std::move(card.outbox),
                        static_cast<std::uint8_t>(common_.random.between(1, 255)));
    vault_ = std::move(card.vault);
    toldBefore_ = card.told;
    sink_.insert(std::move(card.told));
}

void Kiosk::cutPower() {
    if (common_.random.happens(0.5)) {
        sink_.insert(toldBefore_);
    }
}

void Kiosk::feed(agent::PumpEvent event) {
    host_.setTime(common_.clock.now());
    host_.now.wall = clock().wall;
    auto* const announced = std::get_if<agent::HubAnnounced>(&event);
    if (announced != nullptr) {
        knownHub_ = announced->state.hub;
        isResumed_ = false;
    }
    if (common_.mutant == Mutant::IgnoreHubEpoch) {
        if (announced != nullptr) {
            firstHub_ = firstHub_.value_or(announced->state.hub);
            announced->state.hub = *firstHub_;
        } else if (auto* const ack = std::get_if<agent::Acknowledged>(&event)) {
            ack->ack.hub = firstHub_.value_or(ack->ack.hub);
        }
    }
    if (auto* const ack = std::get_if<agent::Acknowledged>(&event)) {
        if (common_.mutant == Mutant::AcceptForeignEpochs ||
            common_.mutant == Mutant::TakeAnyBatch) {
            misread(ack->ack);
        }
    }
    host_.feed(std::move(event));
}

bool Kiosk::isDone() const {
    bool isWaiting = false;
    host_.outbox.look({1, record::kMostSeq}, [&](const support::FakeOutbox::Row& row) {
        isWaiting = isWaiting || row.state == support::FakeOutbox::State::Waiting;
    });
    return isResumed_ && !isWaiting && knownHub_ == common_.hubDisk.epoch;
}

/// As if an acknowledgement named positions: whose they are does not matter, or which epoch's.
void Kiosk::misread(const wire::Ack& ack) {
    const bool isAnyEpoch = common_.mutant == Mutant::AcceptForeignEpochs;
    wire::Ack others = ack;
    others.epoch = isAnyEpoch ? host_.outbox.epoch() : ack.epoch;
    others.batches.clear();
    for (const wire::Answered& answer : ack.batches) {
        const auto said = common_.batches.find(answer.name);
        for (const auto& [name, own] : own_) {
            const auto isNamed = [&](const record::SeqRange& range) {
                return said->second.positions.holes(range).empty();
            };
            const auto its = own.positions.view();
            if (said != common_.batches.end() && own.epoch == others.epoch &&
                std::all_of(its.begin(), its.end(), isNamed)) {
                others.batches.push_back({name, answer.quarantined});
            }
        }
    }
    if (!others.batches.empty()) {
        host_.feed(agent::Acknowledged{std::move(others)});
    }
}

/// Looks at what the pump wants done; a mutant changes it. False: it is not done at all.
bool Kiosk::amend(agent::PumpAction& action) {
    const Mutant mutant = common_.mutant;
    if (auto* const sent = std::get_if<agent::SendUp>(&action)) {
        const auto message = wire::decodeUp(sent->payload).value().message;
        const auto* const batch = std::get_if<wire::Batch>(&message);
        if (batch == nullptr) {
            isResumed_ = false;
            announcedThrough_ = host_.outbox.size();
            helloThrough_ = announcedThrough_;
            sent_.clear();
            liveWaiting_.clear();
            return true;
        }
        const auto numbers = numbersIn(*batch, host_.outbox.epochsOnCard());
        const bool isRepeat = std::all_of(numbers.begin(), numbers.end(),
                                          [&](std::uint64_t one) { return sent_.count(one) > 0; });
        watch(*batch);
        if (mutant == Mutant::TakeAnyBatch || mutant == Mutant::AcceptForeignEpochs) {
            BatchPlace& place = own_[wire::nameOf(sent->payload)];
            place.epoch = batch->epoch;
            for (const wire::Run& run : batch->runs) {
                place.positions.add({run.first, run.first + run.units.size() - 1});
            }
            common_.batches[wire::nameOf(sent->payload)] = place;
        }
        if (mutant == Mutant::TrustTheBroker) {
            for (const std::uint64_t number : numbers) {
                const record::SeqRange one{number, number};
                (void)host_.outbox.markReceived({&one, 1});
            }
        }
        return !(isRepeat && mutant == Mutant::SendOnce);
    }
    if (auto* const rows = std::get_if<agent::ReadRows>(&action)) {
        isResumed_ = true;
        ++turn_;
        const bool isForgotten =
            (rows->lane == agent::Lane::Urgent && mutant == Mutant::NoUrgentLane) ||
            (rows->lane == agent::Lane::Live && mutant == Mutant::NoLiveLane);
        rows->query.after = isForgotten ? record::kMostSeq : rows->query.after;
    } else if (auto* const received = std::get_if<agent::MarkReceived>(&action)) {
        if (mutant == Mutant::AckUpToHighest) {
            received->numbers.add({1, received->numbers.view().back().last});
        }
        if (mutant == Mutant::PruneOnAck) {
            pruned_.merge(received->numbers);
        }
        release(received->numbers);
    } else if (auto* const quarantined = std::get_if<agent::MarkQuarantined>(&action)) {
        release(quarantined->numbers);
    } else if (const auto* const prune = std::get_if<agent::Prune>(&action)) {
        drop(prune->numbers);
    } else if (auto* const waiting = std::get_if<agent::MarkWaiting>(&action)) {
        record::SeqRanges left;
        for (const record::SeqRange& range : waiting->numbers.view()) {
            left.merge(pruned_.holes(range));
        }
        waiting->numbers = left;
        return mutant != Mutant::ForgetMissing;
    } else if (const auto* const start = std::get_if<agent::StartHub>(&action)) {
        if (mutant == Mutant::PruneOnAck) {
            (void)host_.outbox.startHub(start->hub);
            (void)host_.outbox.markReceived(pruned_.view());
            return false;
        }
        return mutant != Mutant::KeepMarks && mutant != Mutant::ForgetMissing;
    } else if (std::holds_alternative<agent::StartEpoch>(action)) {
        return mutant != Mutant::StayInEpoch;
    }
    return true;
}

/// Rows are about to be marked: the hub must have them now, unless it was restored in between and
/// this kiosk cannot know yet.
void Kiosk::release(const record::SeqRanges& numbers) {
    if (knownHub_ != common_.hubDisk.epoch) {
        return;
    }
    for (const record::SeqRange& range : numbers.view()) {
        host_.outbox.look(range, [&](const support::FakeOutbox::Row& row) {
            if (row.state == support::FakeOutbox::State::Waiting) {
                Judge::released(row.row.id, common_.hubDisk);
            }
        });
    }
}

/// Rows may be dropped: whatever becomes of the hub, its backup must have them, opened.
void Kiosk::drop(const record::SeqRange& numbers) const {
    host_.outbox.look(numbers, [&](const support::FakeOutbox::Row& row) {
        if (row.state == support::FakeOutbox::State::Received) {
            Judge::dropped(row.row.id, common_.hubBackup);
        }
    });
}

std::vector<Bytes> Kiosk::takeSent() {
    std::vector<Bytes> sent = host_.takeSent();
    std::move(answers_.begin(), answers_.end(), std::back_inserter(sent));
    answers_.clear();
    return sent;
}

void Kiosk::hearChunk(ByteView payload) {
    auto chunk = wire::decodeDown(payload);
    if (!chunk || chunk->signature != support::signatureOf("hub", chunk->covered) ||
        chunk->message.event != options_.event || chunk->message.kiosk != options_.kiosk ||
        (common_.isTroubled && common_.random.happens(0.02))) {
        return;
    }
    const support::FakeSink::Kept before = sink_.kept();
    if (common_.mutant == Mutant::TakeAnyChunk) {
        sink_.insert({{chunk->message.hub, chunk->message.from}, before.items, before.earlier});
    } else if (common_.mutant == Mutant::TakeAnyBulk && before.has.hub == chunk->message.hub) {
        sink_.insert({{chunk->message.hub, {before.has.version.urgent, chunk->message.from.bulk}},
                      before.items,
                      before.earlier});
    } else if (common_.mutant == Mutant::KeepDownVersion) {
        sink_.insert({{chunk->message.hub, before.has.version}, before.items, before.earlier});
    }
    if (common_.mutant == Mutant::KeepUntold) {
        chunk->message.rest = wire::Rest::Some;
    }
    const wire::DownState has = sink_.apply(chunk->message).value();
    toldBefore_ = before;
    answers_.push_back(wire::encode(wire::DownAck{options_.event, options_.kiosk, has},
                                    support::signerFor(options_.kiosk.value)));
}

bool Kiosk::isTold() const {
    const wire::DownVersion all = common_.hubDisk.toldThrough();
    return all == wire::DownVersion{} ||
           sink_.kept().has == wire::DownState{common_.hubDisk.epoch, all};
}

/// As store::recall() does.
Memory Kiosk::recall(const record::VaultAccess& access) const {
    const auto recorded = vault_.find(access.lookup);
    const auto own = recorded == vault_.end() ? std::nullopt : std::optional(recorded->second);
    const auto items = sink_.items();
    const auto closed = items.find({wire::ItemKind::Vault, toBytes(access.lookup.view())});
    const auto plain = items.find({wire::ItemKind::Vault, vault::withdrawnKey(access.lookup)});
    std::vector<record::ConsentEvent> withdrawn;
    if (plain != items.end()) {
        withdrawn = vault::decodeWithdrawn(plain->second).value();
    }
    if (closed == items.end() && !own) {
        return {std::nullopt, std::move(withdrawn)};
    }
    if (closed == items.end() && withdrawn.empty()) {
        return {own, {}};
    }
    vault::Entry others;
    if (closed != items.end()) {
        auto opened = vault::open({access.lookup, closed->second}, access.key);
        if (!opened) {
            throw Violation("what a kiosk is told of a badge does not open with its key");
        }
        others = std::move(*opened);
    } else {
        others.subject = own->subject;
    }
    const vault::Entry nothing{others.subject, {}, {}, {}};
    std::move(withdrawn.begin(), withdrawn.end(), std::back_inserter(others.decisions));
    auto [entry, beside] = vault::merge(own.value_or(nothing), others);
    return {std::move(entry), std::move(beside)};
}

/// Withdrawals go before anything else; new records are not starved by the backlog.
void Kiosk::watch(const wire::Batch& batch) {
    constexpr int kMostTurnsAhead = 6;
    const auto numbers = numbersIn(batch, host_.outbox.epochsOnCard());
    bool isUrgent = false;
    bool isUrgentLeftBehind = false;
    host_.outbox.look({1, announcedThrough_}, [&](const support::FakeOutbox::Row& row) {
        const std::uint64_t number = row.row.number;
        const bool isInBatch = numbers.count(number) > 0;
        isUrgent = isUrgent || (isInBatch && row.row.isUrgent);
        isUrgentLeftBehind =
            isUrgentLeftBehind || (row.row.isUrgent && !isInBatch && sent_.count(number) == 0 &&
                                   row.state == support::FakeOutbox::State::Waiting);
    });
    if (isUrgentLeftBehind && !isUrgent) {
        throw Violation("an ordinary record is sent before a withdrawal");
    }
    const bool isBacklog = std::any_of(numbers.begin(), numbers.end(), [&](std::uint64_t number) {
        return number <= helloThrough_ || sent_.count(number) > 0;
    });
    for (const std::uint64_t number : numbers) {
        sent_.insert(number);
        liveWaiting_.erase(number);
    }
    for (auto& [number, overtaken] : liveWaiting_) {
        if (number <= announcedThrough_ && !isUrgent && isBacklog && *numbers.rbegin() < number &&
            overtaken.since < common_.clock.now() &&
            std::exchange(overtaken.last, turn_) != turn_ && ++overtaken.turns > kMostTurnsAhead) {
            throw Violation("a new record starves behind the backlog");
        }
    }
}

}  // namespace tapport::simulation
