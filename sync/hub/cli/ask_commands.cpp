// SPDX-License-Identifier: GPL-3.0-or-later
// Commands that a running hub answers; when it is down, they open its files themselves.
#include "sync/hub/cli/answers.h"
#include "sync/hub/cli/ask.h"
#include "sync/hub/cli/commands.h"
#include "sync/hub/cli/open_hub.h"
#include "sync/hub/cli/quarantine_answers.h"
#include "sync/hub/cli/roster_answers.h"
#include "sync/hub/cli/tell_answers.h"
#include "sync/hub/export/atomic_file.h"
#include "sync/hub/run/local_socket.h"
#include "sync/program/program.h"

#include <cstdio>
#include <thread>

#include <fmt/core.h>
#include <unistd.h>

namespace tapport::hub {
namespace {

constexpr std::chrono::milliseconds kBetweenTries{50};
constexpr int kTries = 100;

}  // namespace

Result<std::string> ask(const HubConfig& config, const std::string& request) {
    const auto dir = DataDir::open(config.data);
    if (!dir) {
        return tl::unexpected(dir.error());
    }
    for (int i = 1;; ++i) {
        auto hub = openHub(config, Opening::Command);
        if (hub) {
            const auto here = [](const auto& work) { work(); };
            HubDesk desk(hub->deskParts(), program::readClocks, here);
            Custody custody(hub->custodyParts(), program::readClocks, here);
            TellDesk telling(hub->tellParts(), here);
            return answer(desk, custody, telling, request, program::userName(::geteuid()));
        }
        if (hub.error().code != Code::Busy) {
            return tl::unexpected(hub.error());
        }
        auto answered = askLocal(dir->socket(), request);
        if (answered) {
            return std::move(*answered);
        }
        if (i == kTries) {
            return tl::unexpected(answered.error());
        }
        std::this_thread::sleep_for(kBetweenTries);
    }
}

Result<Heeded> tellAndWait(const HubConfig& config, const record::KioskId& kiosk,
                           const std::string& request) {
    constexpr std::chrono::seconds kPatience{5};
    constexpr std::chrono::milliseconds kBetweenLooks{100};
    const auto onItsWay = ask(config, request).and_then(onItsWayFrom);
    if (!onItsWay) {
        return tl::unexpected(onItsWay.error());
    }
    if (!onItsWay->isConnected) {
        return Heeded::Away;
    }
    const std::string question =
        std::string(kIsTold) + kiosk.value + " " + std::to_string(onItsWay->version);
    const auto until = std::chrono::steady_clock::now() + kPatience;
    while (std::chrono::steady_clock::now() < until) {
        const auto told = ask(config, question);
        if (!told) {
            return tl::unexpected(told.error());
        }
        if (*told == "yes\n") {
            return Heeded::Yes;
        }
        std::this_thread::sleep_for(kBetweenLooks);
    }
    return Heeded::Silent;
}

int cancelEnd(const HubConfig& config, const record::KioskId& kiosk) {
    const bool isForAll = kiosk.value.empty();
    const auto heeded =
        tellAndWait(config, kiosk,
                    std::string(kCancelEnd) + (isForAll ? std::string(kEveryKiosk) : kiosk.value));
    if (!heeded) {
        return program::reportFailure("tapport-hub", heeded.error());
    }
    if (isForAll) {
        fmt::print("every kiosk: goes on once it hears this, unless it has acted by then\n");
    } else if (*heeded == Heeded::Yes) {
        fmt::print("{}: has heard it and goes on\n", kiosk.value);
    } else {
        fmt::print("{}: {}; it goes on once it hears this, unless it has acted by then\n",
                   kiosk.value,
                   *heeded == Heeded::Away ? "is not connected" : "has not answered yet");
    }
    return program::kExitOk;
}

int printStatus(const HubConfig& config, StatusFormat format) {
    return printAnswer(config, format == StatusFormat::Json ? kStatusJson : kStatusText);
}

int exportCsv(const HubConfig& config, const std::filesystem::path& file) {
    const auto exported = ask(config, kExportCsv).and_then(exportedFrom);
    if (!exported) {
        return program::reportFailure("tapport-hub", exported.error());
    }
    // The manifest last: its hash tells a whole pair from a half one.
    std::filesystem::path manifest = file;
    manifest += ".manifest.json";
    auto written = writeAtomically(file, exported->csv);
    if (written) {
        written = writeAtomically(manifest, exported->manifest);
    }
    if (!written) {
        return program::reportFailure("tapport-hub", written.error());
    }
    std::fputs(exported->report.c_str(), stdout);
    return program::kExitOk;
}

int printAnswer(const HubConfig& config, const std::string& request) {
    const auto text = ask(config, request);
    if (!text) {
        return program::reportFailure("tapport-hub", text.error());
    }
    std::fputs(text->c_str(), stdout);
    return program::kExitOk;
}

int retryQuarantined(const HubConfig& config, const std::string& request) {
    const auto answered = ask(config, request).and_then(retryAnswerFrom);
    if (!answered) {
        return program::reportFailure("tapport-hub", answered.error());
    }
    std::fputs(answered->text.c_str(), stdout);
    return answered->isOut ? program::kExitOk : program::kExitFailed;
}

int printRaw(const HubConfig& config, const std::string& request) {
    const auto answered = ask(config, request).and_then(rawAnswerFrom);
    if (!answered) {
        return program::reportFailure("tapport-hub", answered.error());
    }
    std::fputs(answered->about.c_str(), stderr);
    std::fputs(answered->hex.c_str(), stdout);
    return program::kExitOk;
}

int changeRoster(const HubConfig& config, const std::string& request) {
    const auto answered = ask(config, request).and_then(rosterAnswerFrom);
    if (!answered) {
        return program::reportFailure("tapport-hub", answered.error());
    }
    std::fputs(answered->text.c_str(), stdout);
    return answered->isDone ? program::kExitOk : program::kExitFailed;
}

int listReconfirmations(const HubConfig& config) {
    return printAnswer(config, kReconfirmList);
}

}  // namespace tapport::hub
