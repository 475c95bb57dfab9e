// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/agent/pump.h"

namespace tapport::agent {
namespace {

using record::Millis;
using record::SeqRanges;

/// A connect that has not ended by then never will.
constexpr std::chrono::seconds kConnectPatience{30};
/// A connection that held that long was a good one: the next try comes fast.
constexpr std::chrono::seconds kSteady{10};
/// After the outbox failed; then everything is put right by a hello.
constexpr std::chrono::seconds kOutboxPause{1};
/// After so many hellos without an answer of the hub that was announced, the one that does answer
/// is believed: a node of a cluster may keep an announcement of a hub that was restored since.
constexpr unsigned kStubborn = 3;

/// What the hub says of an epoch's positions up to `last`, as numbers of rows.
SeqRanges numbersOf(const OutboxEpoch& epoch, const SeqRanges& positions, std::uint64_t last) {
    SeqRanges numbers;
    for (const SeqRange& range : positions.view()) {
        if (range.first <= last) {
            numbers.add({epoch.base + range.first, epoch.base + std::min(range.last, last)});
        }
    }
    return numbers;
}

std::uint64_t highest(const SeqRanges& ranges) {
    return ranges.empty() ? 0 : ranges.view().back().last;
}

}  // namespace

OutboxPump::OutboxPump(PumpOptions options, std::function<double()> random)
    : options_(std::move(options)),
      random_(std::move(random)),
      flights_(options_.shortestTimeOut, options_.longestTimeOut),
      pruning_(options_.prunePause),
      window_(options_.windowBytes, options_.leastWindowBytes, options_.mostWindowBytes) {}

std::vector<PumpAction> OutboxPump::step(const PumpEvent& event, Now now) {
    now_ = now;
    std::visit([this](const auto& one) { on(one); }, event);
    proceed();
    return std::exchange(actions_, {});
}

Instant OutboxPump::nextWake() const {
    Instant wake = link_ == Link::Up ? Instant::max() : linkDueAt_;
    if (!mayAsk()) {
        return link_ == Link::Up ? presumeAt_ : wake;
    }
    if (resume_ != Resume::Done) {
        return std::min(wake, resumeDueAt_);
    }
    return std::min(wake, lanesDueAt());
}

void OutboxPump::on(const Started&) {
    scheduleConnect(options_.bootSpread);
}

void OutboxPump::on(const BrokerConnected&) {
    link_ = Link::Up;
    linkSince_ = now_.steady;
    hubSeen_ = HubSeen::Unheard;  // its retained state comes with the subscription
    presumeAt_ = now_.steady + options_.announcePatience;
    askAgain();
}

void OutboxPump::on(const BrokerLost&) {
    // A short one was none: two devices of one name would take it from each other for ever.
    if (link_ == Link::Up && now_.steady - linkSince_ >= kSteady) {
        failedConnects_ = 0;
    }
    // Full jitter: kiosks that lost the same broker must not come back at the same time.
    constexpr unsigned kMostDoublings = 16;
    const Millis within =
        std::min(options_.longestBackOff, options_.firstBackOff * (1 << failedConnects_));
    failedConnects_ = std::min(failedConnects_ + 1, kMostDoublings);
    scheduleConnect(within);
}

void OutboxPump::on(const HubAnnounced& event) {
    const bool isOnline = event.state.presence == wire::Presence::Online;
    hubSeen_ = isOnline ? HubSeen::Online : HubSeen::Offline;
    presumeAt_ = now_.steady + options_.longestBackOff;
    hub_ = event.state.hub;
    // Each announcement is a new beginning: what was on its way to an earlier process is gone.
    askAgain();
}

void OutboxPump::on(const Acknowledged& event) {
    const wire::Ack& ack = event.ack;
    const OutboxEpoch* epoch = find(ack.epoch);
    if (!mayAsk() || epoch == nullptr) {
        return;
    }
    if (resume_ == Resume::Asked && ack.completeThrough != 0 && epoch == &epochs_[asking_]) {
        consider(ack);
        return;
    }
    if (ack.hub != hub_) {
        // One of the two is from before the hub was restored: only a fresh answer tells.
        if (resume_ == Resume::Done) {
            askAgain();
        }
        return;
    }
    // Before the hello of this hub is answered, marks are still those of another.
    if (ack.completeThrough == 0 && ack.hub == marksOf_) {
        window_.limit(ack.creditBytes);
        if (isCurrent(*epoch)) {
            pruning_.allow(ack.watermark, now_.steady);
        }
        settle(ack);
    }
}

/// Of the hub that is believed to be there: a node that keeps another announcement does not count.
void OutboxPump::on(const AskAgain&) {
    if (isHubOnline()) {
        askAgain();
    }
}

void OutboxPump::on(const TimePassed&) {
    if (link_ == Link::Down && now_.steady >= linkDueAt_) {
        link_ = Link::Connecting;
        linkDueAt_ = now_.steady + kConnectPatience;
        actions_.emplace_back(Connect{});
    } else if (link_ == Link::Connecting && now_.steady >= linkDueAt_) {
        on(BrokerLost{});
    }
    if (link_ == Link::Up && !mayAsk() && now_.steady >= presumeAt_) {
        hubSeen_ = HubSeen::Presumed;
        askAgain();
    }
    if (resume_ == Resume::Asked && now_.steady >= resumeDueAt_) {
        ++helloRepeats_;
        resume_ = Resume::Due;
    }
    repeatExpired();
}

void OutboxPump::on(const EpochsRead& event) {
    isReading_ = false;
    if (resume_ == Resume::Reading) {
        epochs_ = event.epochs;
        downstream_ = event.downstream;
        asking_ = 0;
        sayHello();
    }
}

void OutboxPump::on(const ChainRead& event) {
    isReading_ = false;
    if (resume_ != Resume::Comparing) {
        return;
    }
    if (event.chain && *event.chain != answer_.prefix.chain) {
        leaveEpoch();
        return;
    }
    if (!event.chain) {
        answer_.prefix = {};  // the rows there were dropped: whose the hub's are does not show
    }
    pruning_.verified(answer_.prefix.seq);
    accept(answer_);
}

void OutboxPump::on(const OutboxFailed&) {
    isReading_ = false;
    marksOf_.reset();
    askAgain();
    resumeDueAt_ = now_.steady + kOutboxPause;
}

void OutboxPump::scheduleConnect(Millis within) {
    link_ = Link::Down;
    linkDueAt_ = now_.steady + std::chrono::duration_cast<Millis>(within * random_());
}

/// Nothing more is sent until the hub has said again what it holds.
void OutboxPump::askAgain() {
    flights_.groundAll();
    window_.begin(now_.steady);
    resume_ = Resume::Due;
    resumeDueAt_ = now_.steady;
    askedSince_ = now_.steady;
    helloRepeats_ = 0;
    pruning_.forget();
}

void OutboxPump::sayHello() {
    const OutboxEpoch& epoch = epochs_[asking_];
    resume_ = Resume::Asked;
    helloAt_ = now_.steady;
    resumeDueAt_ = now_.steady + flights_.timeOut(helloRepeats_);
    actions_.emplace_back(SendUp{wire::encode(
        wire::Hello{options_.event, options_.kiosk, epoch.epoch, epoch.firstWaiting, epoch.last,
                    epoch.lastChain, epoch.forkOf,
                    downstream_.hub == hub_ ? downstream_.version : wire::DownVersion{}, now_.wall},
        options_.sign)});
}

/// Positions alone do not tell whose records the hub holds: the card may have been restored from an
/// old copy, or cloned. An epoch that was left for that reason is not compared again.
void OutboxPump::consider(const wire::Ack& answer) {
    const OutboxEpoch& epoch = epochs_[asking_];
    if (hubSeen_ == HubSeen::Presumed || helloRepeats_ >= kStubborn) {
        hub_ = answer.hub;
    }
    if (answer.hub != hub_) {
        return;  // late, from before the hub was restored: it may lack what it had then
    }
    if (answer.hub != marksOf_) {
        marksOf_ = answer.hub;
        actions_.emplace_back(StartHub{answer.hub});
    }
    const std::uint64_t most = std::max(highest(answer.received), highest(answer.quarantined));
    if (isCurrent(epoch) && most > epoch.last) {
        leaveEpoch();
    } else if (!isCurrent(epoch) || answer.prefix.seq == 0) {
        accept(answer);
    } else {
        answer_ = answer;
        resume_ = Resume::Comparing;
        resumeDueAt_ = Instant::max();
        isReading_ = true;
        actions_.emplace_back(ReadChain{answer.prefix.seq});
    }
}

/// Up to the prefix the chain says that the hub's records are the kiosk's. Behind it, and in an
/// epoch that was left, they may be another's: such rows are sent, and acknowledged one by one.
void OutboxPump::accept(const wire::Ack& answer) {
    const OutboxEpoch& epoch = epochs_[asking_];
    hubSeen_ = HubSeen::Online;
    window_.limit(answer.creditBytes);
    if (helloRepeats_ == 0) {  // else it does not show which of them is answered
        window_.answeredIdle(std::chrono::duration_cast<Millis>(now_.steady - helloAt_));
    }
    const std::uint64_t same = isCurrent(epoch) ? answer.prefix.seq : 0;
    if (SeqRanges numbers = numbersOf(epoch, answer.received, same); !numbers.empty()) {
        actions_.emplace_back(MarkReceived{std::move(numbers)});
    }
    if (SeqRanges numbers = numbersOf(epoch, answer.quarantined, same); !numbers.empty()) {
        actions_.emplace_back(MarkQuarantined{std::move(numbers)});
    }
    SeqRanges held = answer.received;
    held.merge(answer.quarantined);
    // What the answer does not speak of is sent again, too: it names a bounded number of ranges,
    // and may be late and to an earlier hello.
    if (epoch.last != 0) {
        const SeqRanges missing = held.holes({1, epoch.last});
        if (SeqRanges numbers = numbersOf(epoch, missing, epoch.last); !numbers.empty()) {
            actions_.emplace_back(MarkWaiting{std::move(numbers)});
        }
    }
    if (isCurrent(epoch)) {
        pruning_.allow(answer.watermark, now_.steady);
    }
    if (++asking_ < epochs_.size()) {
        sayHello();
    } else {
        resume();
    }
}

void OutboxPump::leaveEpoch() {
    actions_.emplace_back(StartEpoch{epochs_[asking_].epoch});
    askAgain();
}

void OutboxPump::resume() {
    resume_ = Resume::Done;
    const OutboxEpoch& current = epochs_.back();
    path(Lane::Urgent) = {0, true};
    path(Lane::Live) = {current.base + current.last, true};
    path(Lane::Backlog) = {0, true};
}

/// One read at a time; what it brings is sent before the next.
void OutboxPump::proceed() {
    if (!mayAsk() || isReading_) {
        return;
    }
    if (resume_ == Resume::Due && now_.steady >= resumeDueAt_) {
        resume_ = Resume::Reading;
        isReading_ = true;
        actions_.emplace_back(ReadEpochs{});
    } else if (resume_ == Resume::Done) {
        sendOn();
    }
}

const OutboxEpoch* OutboxPump::find(const record::Epoch& epoch) const {
    const auto found = std::find_if(epochs_.begin(), epochs_.end(),
                                    [&](const OutboxEpoch& one) { return one.epoch == epoch; });
    return found == epochs_.end() ? nullptr : &*found;
}

}  // namespace tapport::agent
