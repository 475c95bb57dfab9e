// SPDX-License-Identifier: GPL-3.0-or-later
#include "firmware-app/admin/commands.h"
#include "firmware-app/admin/event_file.h"
#include "firmware-app/admin/reader_watch.h"
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
            fmt::print("FAIL  {:<9} {}. {}\n", what, found.error().context,
                       adviceFor(found.error().code));
            exitCode_ = std::max(exitCode_, int{program::exitCodeFor(found.error().code)});
        }
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
            return tl::unexpected(lost->error.in(fmt::format("{}:{}", options.host, options.port)));
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
    const auto settings = kiosk::readSettings(command.config);
    report.add("settings", settings.map([](const auto& read) { return read.kiosk.value; }));
    if (!settings) {
        return report.exitCode();
    }
    const auto event = loadEvent(settings->eventFile);
    report.add("event", event.map(summaryOf));
    bool isKioskRunning = false;
    if (event) {
        const auto database = checkDatabase(*settings, *event);
        isKioskRunning = database == kInUse;
        report.add("database", database);
    }
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
