// SPDX-License-Identifier: GPL-3.0-or-later
#include "firmware-app/admin/commands.h"
#include "firmware-app/admin/event_file.h"
#include "firmware-app/admin/reader_watch.h"
#include "firmware-app/admin/root_key.h"
#include "firmware-app/kiosk/settings.h"
#include "firmware-app/store/kiosk_store.h"
#include "firmware-app/store/signing_key.h"
#include "sync/mqtt/mqtt_client.h"
#include "sync/program/program.h"
#include "sync/seal/seal.h"

#include <fmt/core.h>
#include <unistd.h>

namespace tapport::admin {
namespace {

constexpr std::chrono::seconds kPatience{8};
constexpr std::string_view kInUse = "in use by the running kiosk";

/// Prints each finding as it is made, and keeps the exit code.
class Report {
  public:
    void add(std::string_view what, const Result<std::string>& found) {
        if (found) {
            fmt::print("ok    {:<9} {}\n", what, *found);
        } else {
            const Error& error = found.error();
            fails(what, fmt::format("{}. {}", error.context, adviceFor(error.code)), error.code);
        }
        std::fflush(stdout);
    }
    /// `problem` says what to do as well.
    void fails(std::string_view what, std::string_view problem, Code code) {
        fmt::print("FAIL  {:<9} {}\n", what, problem);
        exitCode_ = std::max(exitCode_, int{program::exitCodeFor(code)});
    }
    /// Nothing is broken, and yet there is something to do.
    void notes(std::string_view what, std::string_view remark) {
        fmt::print("note  {:<9} {}\n", what, remark);
        std::fflush(stdout);
    }
    [[nodiscard]] int exitCode() const { return exitCode_; }

  private:
    int exitCode_ = program::kExitOk;
};

Result<std::string> checkDatabase(const kiosk::Settings& settings, const event::Event& event) {
    const auto& dir = settings.dataDir;
    if (access(dir.c_str(), R_OK | W_OK | X_OK) != 0) {
        return fail(Code::Storage, dir.string() + " is missing or not ours to write");
    }
    const auto file = dir / "kiosk.db";
    if (!std::filesystem::exists(file)) {
        return "new: the kiosk makes it at its first start";
    }
    auto keys = store::signingKeysIn(dir);
    if (!keys) {
        return tl::unexpected(keys.error());
    }
    auto store = store::KioskStore::open({file, settings.kiosk, event, std::move(*keys)});
    if (!store && store.error().code == Code::Busy) {
        return std::string(kInUse);
    }
    if (!store) {
        return tl::unexpected(store.error());
    }
    return (*store)
        ->check()
        .and_then([&] { return (*store)->counts(); })
        .map([](const agent::OutboxCounts& counts) {
            return fmt::format("sound; {} records wait, the hub has {}", counts.waiting,
                               counts.received);
        });
}

/// Whether others can verify what this kiosk signs: its key must be among the published ones.
void checkKey(const Doctor& command, const kiosk::Settings& settings, const event::Event& event,
              Report& report) {
    constexpr std::string_view kWhat = "receipts";
    const auto file = settings.eventFile.parent_path() / "keys.json";
    const auto unpublished = [&](std::string_view problem) {
        report.fails(kWhat,
                     fmt::format("{}: receipts will verify only after publishing. Run: tapport "
                                 "kiosk key --config {} > {}.jwk, then where the root key is: "
                                 "tapport event publish DIR --add {}.jwk",
                                 problem, command.config.string(), settings.kiosk.value,
                                 settings.kiosk.value),
                     Code::NotFound);
    };
    if (!std::filesystem::exists(settings.dataDir / "signing.key")) {
        return unpublished("this kiosk has no key yet");
    }
    const auto own = store::signingKeysIn(settings.dataDir);
    if (!own) {
        return report.add(kWhat, tl::unexpected(own.error()));
    }
    const std::string id = receipt::keyId(own->publicKey);
    if (!std::filesystem::exists(file)) {
        return report.add(kWhat, fmt::format("signed with the key {}; no {} here to say whether "
                                             "it is published",
                                             id, file.string()));
    }
    const auto published = loadKeySet(file, event.rootKey);
    if (!published) {
        return report.add(kWhat, tl::unexpected(published.error()));
    }
    const receipt::KioskKey* const key = published->find(id);
    if (!key) {
        return unpublished(fmt::format("the key {} is not in {}", id, file.string()));
    }
    if (key->revoked) {
        return report.fails(kWhat,
                            fmt::format("the key {} was revoked: nothing it signs from now on is "
                                        "confirmed. Do not use this kiosk",
                                        id),
                            Code::Conflict);
    }
    report.add(kWhat, fmt::format("the key {} is published", id));
}

/// Against the hub's clock, which only the kiosk hears: its status line tells.
void checkClock(Report& report) {
    constexpr std::string_view kWhat = "clock";
    const record::ClockReading now = program::readClocks();
    const std::string time = record::isoText(now.wall);
    if (now.wall < record::releasedAt()) {
        report.fails(kWhat,
                     fmt::format("{} is before this program was made: certificates will not be "
                                 "believed. Set the clock, and let systemd-timesyncd keep it",
                                 time),
                     Code::Conflict);
    } else if (now.quality == record::ClockQuality::Unset) {
        report.notes(kWhat, fmt::format("{}: no time server has set it since this device started, "
                                        "and records say so. Let systemd-timesyncd keep it",
                                        time));
    } else {
        report.add(kWhat, fmt::format("{} ({})", time, record::nameOf(now.quality)));
    }
}

Result<std::string> checkReader(const kiosk::Settings& settings) {
    const auto reader = readerSettings(settings.readerProgram, settings.connstring);
    if (!reader) {
        return tl::unexpected(reader.error());
    }
    ReaderWatch watch(*reader);
    const auto deadline = ReaderWatch::Clock::now() + kPatience;
    while (const auto event = watch.next(deadline)) {
        if (std::holds_alternative<reader::ReaderBack>(*event)) {
            return settings.connstring;
        }
        if (const auto* lost = std::get_if<reader::ReaderLost>(&*event); lost != nullptr) {
            return tl::unexpected(errorOf(*lost));
        }
    }
    return fail(Code::Reader, "the reader program does not answer");
}

Result<std::string> checkBroker(const kiosk::Settings& settings) {
    mqtt::Options options = settings.broker;
    // An identity of its own: with the kiosk's it would end the kiosk's connection.
    options.clientId = "doctor-" + program::newRecordId().hex();
    mqtt::Client client(options);
    client.connect(std::nullopt);
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    while (const auto event = client.next(deadline)) {
        if (std::holds_alternative<mqtt::Connected>(*event)) {
            client.disconnect(std::chrono::seconds(1));
            return fmt::format("{}:{}", options.host, options.port);
        }
        if (const auto* lost = std::get_if<mqtt::Lost>(&*event); lost != nullptr) {
            return tl::unexpected(lost->error);
        }
    }
    return fail(Code::Network, fmt::format("{}:{} does not answer", options.host, options.port));
}

}  // namespace

int run(const Doctor& command) {
    if (const auto ready = seal::initialise(); !ready) {
        return program::reportFailure("tapport", ready.error());
    }
    Report report;
    auto settings = kiosk::readSettings(command.config);
    report.add("settings", settings.map([](const auto& read) { return read.kiosk.value; }));
    if (!settings) {
        return report.exitCode();
    }
    if (!command.connstring.empty()) {
        settings->connstring = command.connstring;
    }
    const auto event = loadEvent(settings->eventFile);
    report.add("event", event.map(summaryOf));
    bool isKioskRunning = false;
    if (event) {
        checkKey(command, *settings, *event, report);
        const auto database = checkDatabase(*settings, *event);
        isKioskRunning = database == kInUse;
        report.add("database", database);
    }
    checkClock(report);
    auto reader = checkReader(*settings);
    if (!reader && reader.error().code == Code::Busy && isKioskRunning) {
        reader = std::string(kInUse);  // its status line says how the reader is
    }
    report.add("reader", reader);
    // Over TLS the broker knows one connection a certificate: a second one ends the kiosk's.
    const bool isTaken = isKioskRunning && settings->broker.tls;
    report.add("broker", isTaken ? std::string(kInUse) : checkBroker(*settings));
    return report.exitCode();
}

}  // namespace tapport::admin
