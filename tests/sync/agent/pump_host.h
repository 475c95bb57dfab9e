// SPDX-License-Identifier: GPL-3.0-or-later
// Does what the pump says with a fake outbox and a clock in hand, and keeps what it sends.
#pragma once

#include "sync/agent/pump.h"
#include "tests/support/fake_outbox.h"
#include "tests/support/test_signatures.h"

#include <deque>

namespace tapport::agent {

template <typename Id>
Id idOf(std::uint8_t byte) {
    return *Id::from(Bytes(Id::kSize, byte));
}

class PumpHost {
  public:
    explicit PumpHost(
        PumpOptions options, std::function<double()> random = [] { return 0.5; })
        : pump(signing(std::move(options)), std::move(random)) {}

    static PumpOptions signing(PumpOptions options) {
        options.sign = support::signerFor(options.kiosk.value);
        return options;
    }

    void feed(PumpEvent event) {
        std::deque<PumpEvent> events{std::move(event)};
        while (!events.empty()) {
            auto actions = pump.step(events.front(), now);
            events.pop_front();
            for (PumpAction& action : actions) {
                if (amend && !amend(action)) {
                    continue;
                }
                if (auto answer =
                        std::visit([this](const auto& one) { return perform(one); }, action)) {
                    events.push_back(std::move(*answer));
                }
            }
        }
    }
    /// Lets time pass and wakes the pump each time it asks for it.
    void pass(record::Millis time) {
        const Instant end = now.steady + time;
        while (pump.nextWake() <= end) {
            setTime(std::max(now.steady, pump.nextWake()));
            feed(TimePassed{});
        }
        setTime(end);
    }
    void setTime(Instant steady) {
        now.wall += std::chrono::duration_cast<record::Millis>(steady - now.steady);
        now.steady = steady;
    }
    /// What was sent since the last call.
    std::vector<Bytes> takeSent() { return std::exchange(sent_, {}); }

    support::FakeOutbox outbox;
    OutboxPump pump;
    Now now{Instant(std::chrono::hours(1)), record::WallTime(record::Millis(1'790'000'000'000))};
    int connects = 0;
    int forks = 0;  ///< alarms
    /// What the hub told that is here; none: nothing.
    std::function<wire::DownState()> downState;
    /// Sees each action before it is done and may change it; false: it is not done.
    std::function<bool(PumpAction&)> amend;

  private:
    using Answer = std::optional<PumpEvent>;
    Answer perform(const Connect&) {
        ++connects;
        return std::nullopt;
    }
    Answer perform(const ReadEpochs&) {
        auto epochs = outbox.epochs();
        return epochs ? Answer(EpochsRead{std::move(*epochs),
                                          downState ? downState() : wire::DownState{}})
                      : Answer(OutboxFailed{});
    }
    Answer perform(const ReadChain& action) {
        const auto chain = outbox.chainAt(action.seq);
        return chain ? Answer(ChainRead{*chain}) : Answer(OutboxFailed{});
    }
    Answer perform(const ReadRows& action) {
        auto rows = outbox.waiting(action.query);
        return rows ? Answer(RowsRead{action.lane, std::move(*rows)}) : Answer(OutboxFailed{});
    }
    Answer perform(const SendUp& action) {
        sent_.push_back(action.payload);
        return std::nullopt;
    }
    Answer perform(const MarkReceived& action) {
        return orFailed(outbox.markReceived(action.numbers.view()));
    }
    Answer perform(const MarkQuarantined& action) {
        return orFailed(outbox.markQuarantined(action.numbers.view()));
    }
    Answer perform(const MarkWaiting& action) {
        return orFailed(outbox.markWaiting(action.numbers.view()));
    }
    Answer perform(const StartEpoch& action) {
        ++forks;
        return orFailed(outbox.startEpoch(action.left));
    }
    Answer perform(const StartHub& action) { return orFailed(outbox.startHub(action.hub)); }
    Answer perform(const Prune& action) {
        const auto pruned = outbox.prune(action.numbers);
        return pruned ? Answer(Pruned{*pruned}) : Answer(OutboxFailed{});
    }
    static Answer orFailed(const Result<>& result) {
        return result ? Answer() : Answer(OutboxFailed{});
    }

    std::vector<Bytes> sent_;
};

}  // namespace tapport::agent
