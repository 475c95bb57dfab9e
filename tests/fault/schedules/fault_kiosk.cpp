// SPDX-License-Identifier: GPL-3.0-or-later
// tapport-faultkiosk: a kiosk without a screen, for fault tests: the real store, its thread and the
// real agent in a process of their own, which records visits as fast as it is told and writes down
// what it tried and what it could have confirmed.
#include "firmware-app/store/signing_key.h"
#include "firmware-app/store/store_thread.h"
#include "sync/agent/runner.h"
#include "sync/program/log.h"
#include "sync/program/program.h"
#include "sync/receipt/jws.h"
#include "tests/bench/kiosk_data.h"
#include "tests/fault/schedules/timeline.h"
#include "tests/support/temp_dir.h"

#include <atomic>

#include <CLI/CLI.hpp>
#include <fmt/core.h>
#include <poll.h>

namespace tapport::fault {
namespace {

namespace fs = std::filesystem;

struct Options {
    fs::path event;
    fs::path data;
    fs::path diary;
    fs::path timeline;
    std::string kiosk;
    std::string host = "127.0.0.1";
    int port = 0;
    fs::path counts;
    bool onlyDelivers = false;
    bool isAsShipped = false;
    int pauseMs = 20;
    std::uint32_t backlog = 0;
    bool onlyFills = false;
    std::uint32_t withdrawEvery = 0;
};

class Diary {
  public:
    explicit Diary(const fs::path& file) : lines_(file) {}
    void write(std::string_view what, const record::RecordId& id) const {
        lines_.write(fmt::format("{} {}\n", what, id.hex()));
    }

  private:
    LineFile lines_;
};

agent::AgentOptions agentOptions(const Options& options, const event::Event& event,
                                 const receipt::SigningKeys& keys) {
    agent::AgentOptions agent;
    agent.broker.host = options.host;
    agent.broker.port = options.port;
    agent.pump.event = event.id;
    agent.pump.kiosk = {options.kiosk};
    agent.pump.sign = [keys](ByteView covered) { return receipt::signMessage(covered, keys); };
    agent.pump.bootSpread = record::Millis(options.isAsShipped ? 0 : 200);
    if (!options.isAsShipped) {
        // A schedule is over in seconds.
        agent.broker.keepAlive = std::chrono::seconds(2);
        agent.pump.longestBackOff = record::Millis(1000);
        agent.pump.shortestTimeOut = record::Millis(1000);
        agent.pump.longestTimeOut = record::Millis(3000);
    }
    agent.isHubs = [key = event.hubKey](const record::Signature& signature, ByteView covered) {
        return receipt::fits(signature, covered, key);
    };
    return agent;
}

/// What the agent says of the outbox, as a file that is always whole.
void tell(const fs::path& file, const agent::OutboxCounts& counts) {
    const fs::path draft = file.string() + ".new";
    support::writeFile(draft, fmt::format("{} {}\n", counts.waiting, counts.received));
    fs::rename(draft, file);
}

/// True once a signal asks for the end, or `pause` is over.
bool isToldToEnd(int signals, int pauseMs) {
    pollfd waiting{signals, POLLIN, 0};
    return ::poll(&waiting, 1, pauseMs) > 0;
}

/// A visit, or what a person does who takes everything back.
bench::VisitToKeep visitOf(const Options& options, const event::Event& event, std::uint32_t which) {
    bench::VisitToKeep visit = bench::sampleVisit(event, which);
    record::Unit& unit = visit.units.front();
    if (options.withdrawEvery > 0 && which % options.withdrawEvery == options.withdrawEvery - 1) {
        unit.kind = record::UnitKind::Withdrawal;
        unit.contact.reset();
        for (record::ConsentEvent& consent : unit.consents) {
            consent.state = record::ConsentState::Withdrawn;
        }
        visit.entry.entry.decisions = unit.consents;
        visit.entry.entry.contact.reset();
    }
    return visit;
}

/// What waited already.
Result<> recordBacklog(const Options& options, const event::Event& event,
                       store::KioskStore& store) {
    constexpr std::uint32_t kAtOnce = 250;
    const Diary diary(options.diary);
    for (std::uint32_t done = 0; done < options.backlog;) {
        std::vector<record::Unit> units;
        while (units.size() < kAtOnce && done < options.backlog) {
            units.push_back(bench::sampleVisit(event, done++).units.front());
            diary.write("tried", units.back().id);
        }
        if (const auto saved = store.commit(units, {}); !saved) {
            return tl::unexpected(saved.error());
        }
        for (const record::Unit& unit : units) {
            diary.write("confirmed", unit.id);
        }
    }
    return {};
}

/// Records until told to end. What fails is tried again as the same record, as a person would who
/// presses "try again"; at the third time they leave.
void recordVisits(const Options& options, const event::Event& event, store::StoreThread& store,
                  TimedOutbox& outbox, agent::AgentRunner& agent, int signals) {
    constexpr int kMostTries = 3;
    const Diary diary(options.diary);
    for (std::uint32_t visit = 0; !isToldToEnd(signals, options.pauseMs); ++visit) {
        const bench::VisitToKeep kept = visitOf(options, event, visit);
        const record::RecordId id = kept.units.front().id;
        diary.write("tried", id);
        for (int tries = 0; tries < kMostTries; ++tries) {
            const auto saved = store.run(
                [&kept](store::KioskStore& on) { return on.commit(kept.units, kept.entry); });
            if (saved) {
                diary.write("confirmed", id);
                outbox.confirmed(id);
                agent.recordAdded();
                break;
            }
            diary.write(saved.error().code == Code::StorageFull ? "full" : "failed", id);
        }
    }
}

int run(const Options& options) {
    program::startLogging("tapport-faultkiosk", "warning");
    const auto signals = program::openTerminationFd();
    const auto event = event::parse(support::readFile(options.event));
    const auto keys = store::signingKeysIn(options.data);
    if (!signals || !event || !keys || !seal::initialise()) {
        return program::kExitConfig;
    }
    auto opened =
        store::KioskStore::open({options.data / "kiosk.db", {options.kiosk}, *event, *keys});
    if (!opened) {
        return program::reportFailure("tapport-faultkiosk", opened.error());
    }
    if (const auto recorded = recordBacklog(options, *event, **opened); !recorded) {
        return program::reportFailure("tapport-faultkiosk", recorded.error());
    }
    if (options.onlyFills) {
        return program::kExitOk;
    }
    std::atomic<bool> isDelivered = false;
    store::StoreThread store(std::move(*opened));
    store::ThreadedOutbox threaded(store);
    TimedOutbox outbox(threaded, options.timeline);
    agent::AgentRunner agent(agentOptions(options, *event, *keys), outbox,
                             [&](const agent::AgentStatus& status) {
                                 tell(options.counts, status.counts);
                                 isDelivered = status.isHubOnline && status.counts.waiting == 0;
                             });
    if (options.onlyDelivers) {
        while (!isDelivered && !isToldToEnd(*signals, options.pauseMs)) {
        }
    } else {
        recordVisits(options, *event, store, outbox, agent, *signals);
    }
    agent.stop();
    return program::kExitOk;
}

}  // namespace
}  // namespace tapport::fault

int main(int argc, char** argv) {
    tapport::fault::Options options;
    CLI::App app("A kiosk without a screen, for fault tests");
    app.add_option("--event", options.event, "event file")->required();
    app.add_option("--data", options.data, "data folder")->required();
    app.add_option("--diary", options.diary, "what was tried, confirmed, failed: appended")
        ->required();
    app.add_option("--counts", options.counts, "how many records wait, and were received: replaced")
        ->required();
    app.add_option("--kiosk", options.kiosk, "its name")->required();
    app.add_option("--host", options.host, "the broker's");
    app.add_option("--port", options.port, "the broker's")->required();
    app.add_flag("--deliver", options.onlyDelivers,
                 "records nothing, and ends when nothing waits any more");
    app.add_option("--pause", options.pauseMs, "milliseconds between visits");
    app.add_flag(
        "--as-shipped", options.isAsShipped,
        "the product's keep-alive, back-off and time-outs; without, all are a second or so");
    app.add_option("--backlog", options.backlog, "so many are recorded before it connects");
    app.add_flag("--fill", options.onlyFills, "ends then");
    app.add_option("--withdraw-every", options.withdrawEvery, "one visit in so many");
    app.add_option("--timeline", options.timeline, "when what was sent and acknowledged");
    CLI11_PARSE(app, argc, argv);
    return tapport::fault::run(options);
}
