// SPDX-License-Identifier: GPL-3.0-or-later
// tapport-faultkiosk: a kiosk without a screen, for fault tests: the real store, its thread and the
// real agent in a process of their own, which records visits as fast as it is told and writes down
// what it tried and what it could have confirmed.
#include "firmware-app/store/signing_key.h"
#include "firmware-app/store/store_thread.h"
#include "sync/agent/runner.h"
#include "sync/program/program.h"
#include "sync/receipt/jws.h"
#include "tests/bench/kiosk_data.h"
#include "tests/support/temp_dir.h"

#include <atomic>

#include <CLI/CLI.hpp>
#include <fcntl.h>
#include <fmt/core.h>
#include <poll.h>
#include <unistd.h>

namespace tapport::fault {
namespace {

namespace fs = std::filesystem;

struct Options {
    fs::path event;
    fs::path data;
    fs::path diary;
    std::string kiosk;
    std::string host = "127.0.0.1";
    int port = 0;
    bool onlyDelivers = false;
    int pauseMs = 20;
};

/// One line a write, so that SIGKILL leaves whole lines.
class Diary {
  public:
    explicit Diary(const fs::path& file)
        : file_(::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600)) {}
    ~Diary() { ::close(file_); }
    Diary(const Diary&) = delete;
    Diary& operator=(const Diary&) = delete;

    void write(std::string_view what, const record::RecordId& id) const {
        const std::string line = fmt::format("{} {}\n", what, id.hex());
        (void)!::write(file_, line.data(), line.size());
    }

  private:
    int file_;
};

agent::AgentOptions agentOptions(const Options& options, const event::Event& event,
                                 const receipt::SigningKeys& keys) {
    agent::AgentOptions agent;
    agent.broker.host = options.host;
    agent.broker.port = options.port;
    agent.broker.keepAlive = std::chrono::seconds(2);
    agent.pump.event = event.id;
    agent.pump.kiosk = {options.kiosk};
    agent.pump.sign = [keys](ByteView covered) { return receipt::signMessage(covered, keys); };
    // A schedule is over in seconds.
    agent.pump.bootSpread = record::Millis(200);
    agent.pump.longestBackOff = record::Millis(1000);
    agent.pump.shortestTimeOut = record::Millis(1000);
    agent.pump.longestTimeOut = record::Millis(3000);
    agent.isHubs = [key = event.hubKey](const record::Signature& signature, ByteView covered) {
        return receipt::fits(signature, covered, key);
    };
    return agent;
}

/// True once a signal asks for the end, or `pause` is over.
bool isToldToEnd(int signals, int pauseMs) {
    pollfd waiting{signals, POLLIN, 0};
    return ::poll(&waiting, 1, pauseMs) > 0;
}

/// Records until told to end. What fails is tried again as the same record, as a person would who
/// presses "try again"; at the third time they leave.
void recordVisits(const Options& options, const event::Event& event, store::StoreThread& store,
                  agent::AgentRunner& agent, int signals) {
    constexpr int kMostTries = 3;
    const Diary diary(options.diary);
    for (std::uint32_t visit = 0; !isToldToEnd(signals, options.pauseMs); ++visit) {
        const bench::VisitToKeep kept = bench::sampleVisit(event, visit);
        const record::RecordId id = kept.units.front().id;
        diary.write("tried", id);
        for (int tries = 0; tries < kMostTries; ++tries) {
            const auto saved = store.run(
                [&kept](store::KioskStore& on) { return on.commit(kept.units, kept.entry); });
            if (saved) {
                diary.write("confirmed", id);
                agent.recordAdded();
                break;
            }
            diary.write(saved.error().code == Code::StorageFull ? "full" : "failed", id);
        }
    }
}

int run(const Options& options) {
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
    std::atomic<bool> isDelivered = false;
    store::StoreThread store(std::move(*opened));
    store::ThreadedOutbox outbox(store);
    agent::AgentRunner agent(agentOptions(options, *event, *keys), outbox,
                             [&isDelivered](const agent::AgentStatus& status) {
                                 isDelivered = status.isHubOnline && status.counts.waiting == 0;
                             });
    if (options.onlyDelivers) {
        while (!isDelivered && !isToldToEnd(*signals, options.pauseMs)) {
        }
    } else {
        recordVisits(options, *event, store, agent, *signals);
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
    app.add_option("--kiosk", options.kiosk, "its name")->required();
    app.add_option("--host", options.host, "the broker's");
    app.add_option("--port", options.port, "the broker's")->required();
    app.add_flag("--deliver", options.onlyDelivers,
                 "records nothing, and ends when nothing waits any more");
    app.add_option("--pause", options.pauseMs, "milliseconds between visits");
    CLI11_PARSE(app, argc, argv);
    return tapport::fault::run(options);
}
