// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/agent/runner.h"

#include "sync/program/log.h"
#include "sync/program/program.h"
#include "sync/wire/topics.h"

#include <random>

namespace tapport::agent {
namespace {

using namespace std::chrono_literals;

constexpr auto kReportEvery = 100ms;
constexpr auto kLongestWait = 60s;
constexpr auto kGoodbyePatience = 500ms;

Now readNow() {
    return {std::chrono::steady_clock::now(),
            std::chrono::floor<record::Millis>(std::chrono::system_clock::now())};
}

std::function<double()> uniform() {
    std::mt19937_64::result_type seed = 0;
    program::fillRandom(&seed, sizeof seed);
    return [engine = std::mt19937_64(seed)]() mutable {
        return std::uniform_real_distribution<double>(0.0, 1.0)(engine);
    };
}

mqtt::Options named(mqtt::Options options, const record::KioskId& kiosk) {
    options.clientId = kiosk.value;
    options.reports = mqtt::Reports::Refusals;  // that the broker took it says nothing of the hub
    return options;
}

}  // namespace

AgentRunner::AgentRunner(AgentOptions options, Outbox& outbox, StatusHandler onStatus)
    : options_(std::move(options)),
      outbox_(outbox),
      onStatus_(std::move(onStatus)),
      client_(named(options_.broker, options_.pump.kiosk)),
      pump_(options_.pump, uniform()),
      thread_([this] { run(); }) {}

AgentRunner::~AgentRunner() {
    stop();
}

void AgentRunner::recordAdded() {
    recordAdded_ = true;
    client_.interrupt();
}

void AgentRunner::stop() {
    isStopping_ = true;
    client_.interrupt();
    if (thread_.joinable()) {
        thread_.join();
    }
}

void AgentRunner::leave() {
    isLeaving_ = true;
    stop();
}

void AgentRunner::run() {
    feed(Started{});
    while (!isStopping_) {
        Instant wake = std::min(pump_.nextWake(), std::chrono::steady_clock::now() + kLongestWait);
        if (countsChanged_) {
            wake = std::min(wake, nextReport_);
        }
        if (pump_.isHubOnline() && options_.isEnding()) {
            wake = std::min(wake, askAgainAt_);
        }
        if (const auto event = client_.next(wake)) {
            handle(*event);
        }
        if (recordAdded_.exchange(false)) {
            countsChanged_ = true;
            feed(RecordAdded{});
        }
        if (std::chrono::steady_clock::now() >= pump_.nextWake()) {
            feed(TimePassed{});
        }
        askForProof();
        report();
    }
    sayGoodbye();
}

/// One event, and the answers to the reads that follow from it.
void AgentRunner::feed(PumpEvent event) {
    std::deque<PumpEvent> events{std::move(event)};
    while (!events.empty()) {
        const auto actions = pump_.step(events.front(), readNow());
        events.pop_front();
        for (const PumpAction& action : actions) {
            if (auto answer = perform(action)) {
                events.push_back(std::move(*answer));
            }
        }
    }
}

void AgentRunner::handle(const mqtt::Event& event) {
    std::visit([this](const auto& one) { on(one); }, event);
}

void AgentRunner::on(const mqtt::Connected&) {
    program::logInfo("broker connected");
    trouble_.reset();
    countsChanged_ = true;
    // In this order: once the hub's state is here, its acknowledgements have a way back.
    std::vector<std::string> topics{wire::ackTopic(options_.pump.kiosk)};
    if (options_.sink != nullptr) {
        topics.push_back(wire::downTopic(options_.pump.kiosk));
    }
    topics.emplace_back(wire::kHubTopic);
    for (const std::string& topic : topics) {
        if (const auto asked = client_.subscribe(topic); !asked) {
            trouble(asked.error().in("subscribe"));
        }
    }
    send(stateMessage(wire::Presence::Online));
    feed(BrokerConnected{});
}

void AgentRunner::on(const mqtt::Lost& event) {
    if (pump_.isConnected()) {
        trouble(event.error);
    } else {
        // The nodes of a cluster take turns: each try would be another trouble than the last.
        countsChanged_ = true;
        unreached_.log(program::LogLevel::Warning, event.error.context);
        trouble_ = event.error;
    }
    feed(BrokerLost{});
}

void AgentRunner::on(const mqtt::Arrived& event) {
    if (event.topic == wire::kHubTopic) {
        heedHub(event);
    } else if (event.topic == wire::downTopic(options_.pump.kiosk)) {
        heedChunk(event.payload);
    } else {
        heedAck(event.payload);
    }
}

void AgentRunner::heedHub(const mqtt::Arrived& said) {
    const auto state = wire::decodeHubState(said.payload);
    if (!state) {
        trouble(state.error());
        return;
    }
    countsChanged_ = true;
    if (state->presence == wire::Presence::Online && !said.isRetained) {
        // One that began a moment ago may not be given what the broker retains.
        send(stateMessage(wire::Presence::Online));
    }
    hubTime_.reset();  // its clock may have been set since
    feed(HubAnnounced{*state});
}

void AgentRunner::heedAck(ByteView payload) {
    auto ack = wire::decodeAck(payload);
    if (!ack) {
        trouble(ack.error());
    } else if (isHubs(ack->signature, ack->covered)) {
        const auto before = hubTime_;
        keepBest(hubTime_, {ack->message.hubTime, program::readClocks().monotonic});
        countsChanged_ = countsChanged_ || hubTime_ != before;
        const bool mayProve = isPresent(ack->message.hub);
        if (mayProve) {
            proof_.take(ack->message);
        }
        feed(Acknowledged{std::move(ack->message)});
        if (mayProve && options_.isEnding() && proof_.isComplete()) {
            options_.onDrained(proof_);
        }
    }
}

/// Whatever became of it, the hub goes on from what is said here: one that came twice, or of
/// which the one before is missing, puts itself right. One of another hub epoch would have
/// everything loaded anew: nothing is said to it, and the next hello tells that hub.
void AgentRunner::heedChunk(ByteView payload) {
    const auto chunk = wire::decodeDown(payload);
    if (!chunk) {
        trouble(chunk.error());
        return;
    }
    const auto& [event, kiosk] = std::tie(options_.pump.event, options_.pump.kiosk);
    if (options_.sink == nullptr || !isHubs(chunk->signature, chunk->covered) ||
        chunk->message.event != event || chunk->message.kiosk != kiosk ||
        !isPresent(chunk->message.hub)) {
        return;
    }
    const auto has = options_.sink->apply(chunk->message);
    if (!has) {
        trouble(has.error().in("downstream"));
        return;
    }
    send({wire::upTopic(kiosk), wire::encode(wire::DownAck{event, kiosk, *has}, options_.pump.sign),
          mqtt::Retain::No});
}

/// The hub is asked about every epoch anew.
void AgentRunner::askForProof() {
    const Instant now = std::chrono::steady_clock::now();
    if (pump_.isHubOnline() && now >= askAgainAt_ && options_.isEnding()) {
        askAgainAt_ = now + options_.askAgain;
        feed(AskAgain{});
    }
}

bool AgentRunner::isHubs(const record::Signature& signature, ByteView covered) {
    if (options_.isHubs(signature, covered)) {
        return true;
    }
    ++forgeries_;
    trouble({Code::Crypto, "a message that this event's hub did not sign"});
    return false;
}

void AgentRunner::on(const mqtt::Published& event) {
    if (mqtt::isFailure(event.reason)) {
        trouble({Code::Network,
                 "the broker refuses a publish, reason " + std::to_string(event.reason)});
    }
}

void AgentRunner::on(const mqtt::Subscribed& event) {
    if (mqtt::isFailure(event.reason)) {
        trouble({Code::Network,
                 "the broker refuses a subscription, reason " + std::to_string(event.reason)});
        // No acknowledgement could come: another node, or a later time, may do better.
        client_.disconnect(kGoodbyePatience);
        feed(BrokerLost{});
    }
}

std::optional<PumpEvent> AgentRunner::perform(const PumpAction& action) {
    return std::visit([this](const auto& one) { return perform(one); }, action);
}

std::optional<PumpEvent> AgentRunner::perform(const Connect&) {
    program::fillRandom(connection_.bytes.data(), connection_.bytes.size());
    client_.connect(stateMessage(wire::Presence::Offline));
    return std::nullopt;
}

std::optional<PumpEvent> AgentRunner::perform(const ReadEpochs&) {
    auto epochs = outbox_.epochs();
    if (!epochs) {
        return failed(epochs);
    }
    proof_.begin(*epochs);
    wire::DownState downstream;
    if (options_.sink != nullptr) {
        const auto has = options_.sink->downState();
        if (!has) {
            // Records go all the same; the hub begins anew.
            trouble(has.error().in("downstream"));
        }
        downstream = has.value_or(wire::DownState{});
    }
    return EpochsRead{std::move(*epochs), downstream};
}

std::optional<PumpEvent> AgentRunner::perform(const ReadChain& action) {
    const auto chain = outbox_.chainAt(action.seq);
    return chain ? ChainRead{*chain} : failed(chain);
}

std::optional<PumpEvent> AgentRunner::perform(const ReadRows& action) {
    auto rows = outbox_.waiting(action.query);
    return rows ? RowsRead{action.lane, std::move(*rows)} : failed(rows);
}

std::optional<PumpEvent> AgentRunner::perform(const SendUp& action) {
    send({wire::upTopic(options_.pump.kiosk), action.payload, mqtt::Retain::No});
    return std::nullopt;
}

std::optional<PumpEvent> AgentRunner::perform(const MarkReceived& action) {
    countsChanged_ = true;
    return failed(outbox_.markReceived(action.numbers.view()));
}

std::optional<PumpEvent> AgentRunner::perform(const MarkQuarantined& action) {
    countsChanged_ = true;
    return failed(outbox_.markQuarantined(action.numbers.view()));
}

std::optional<PumpEvent> AgentRunner::perform(const MarkWaiting& action) {
    countsChanged_ = true;
    return failed(outbox_.markWaiting(action.numbers.view()));
}

std::optional<PumpEvent> AgentRunner::perform(const StartEpoch& action) {
    trouble({Code::Conflict,
             "the hub holds other records of this kiosk: its card was restored or cloned; "
             "a new epoch begins"});
    return failed(outbox_.startEpoch(action.left));
}

std::optional<PumpEvent> AgentRunner::perform(const StartHub& action) {
    countsChanged_ = true;
    return failed(outbox_.startHub(action.hub));
}

std::optional<PumpEvent> AgentRunner::perform(const Prune& action) {
    countsChanged_ = true;
    const auto pruned = outbox_.prune(action.numbers);
    return pruned ? Pruned{*pruned} : failed(pruned);
}

template <typename T>
std::optional<PumpEvent> AgentRunner::failed(const Result<T>& result) {
    if (result) {
        return std::nullopt;
    }
    trouble(result.error().in("outbox"));
    return OutboxFailed{};
}

mqtt::Message AgentRunner::stateMessage(wire::Presence presence) const {
    return {wire::stateTopic(options_.pump.kiosk), encode(wire::KioskState{presence, connection_}),
            mqtt::Retain::Yes};
}

/// What does not get out is sent again after its time-out, or follows from the Lost that comes.
void AgentRunner::send(const mqtt::Message& message) {
    if (const auto sent = client_.publish(message); !sent) {
        trouble(sent.error().in("publish"));
    }
}

void AgentRunner::trouble(Error error) {
    countsChanged_ = true;
    if (trouble_ != error) {
        program::logWarning("{}", error.context);
    }
    trouble_ = std::move(error);
}

void AgentRunner::report() {
    const Instant now = std::chrono::steady_clock::now();
    if (!countsChanged_ || now < nextReport_) {
        return;
    }
    countsChanged_ = false;
    nextReport_ = now + kReportEvery;
    AgentStatus status{
        pump_.isConnected(), pump_.isHubOnline(), status_.counts, forgeries_, trouble_, hubTime_};
    if (const auto counts = outbox_.counts()) {
        status.counts = *counts;
    }
    if (status != status_) {
        status_ = status;
        onStatus_(status_);
    }
}

void AgentRunner::sayGoodbye() {
    if (client_.isConnected()) {
        if (isLeaving_ && pump_.isHubOnline() && options_.isEnding()) {
            const auto& [event, kiosk] = std::tie(options_.pump.event, options_.pump.kiosk);
            send({wire::upTopic(kiosk),
                  wire::encode(wire::Farewell{event, kiosk, pump_.hub()}, options_.pump.sign),
                  mqtt::Retain::No});
        }
        send(stateMessage(wire::Presence::Offline));
    }
    client_.disconnect(kGoodbyePatience);
}

}  // namespace tapport::agent
