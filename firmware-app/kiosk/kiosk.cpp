// SPDX-License-Identifier: GPL-3.0-or-later
#include "firmware-app/kiosk/kiosk.h"

#include "firmware-app/store/signing_key.h"
#include "hardware/reader/reader_supervisor.h"
#include "sync/program/log.h"
#include "sync/program/program.h"

#include <array>
#include <fstream>
#include <iterator>

#include <QtCore/QCoreApplication>
#include <QtCore/QTime>

namespace tapport::kiosk {
namespace {

using Health = view::StatusViewModel::Health;

Health healthOf(bool isWell) {
    return isWell ? Health::Ok : Health::Trouble;
}

/// For the log: what happened, and nothing of the badge.
std::string_view nameOf(const reader::ReaderEvent& event) {
    constexpr std::array<std::string_view, 6> kNames{"badge read",    "badge unusable",
                                                     "badge removed", "reader lost",
                                                     "reader back",   "badge written"};
    return kNames.at(event.index());
}

Result<event::Event> readEvent(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) {
        return fail(Code::InvalidConfig, "event file " + file.string() + " cannot be read");
    }
    const std::string json{std::istreambuf_iterator<char>(in), {}};
    auto event = event::parse(json);
    return event ? event : tl::unexpected(event.error().in(file.filename().string()));
}

Result<board::Beeper> openBeeper(const std::filesystem::path& device) {
    return device.empty() ? board::Beeper() : board::Beeper::open(device);
}

}  // namespace

Result<std::unique_ptr<Kiosk>> Kiosk::open(const Settings& settings) {
    auto event = readEvent(settings.eventFile);
    if (!event) {
        return tl::unexpected(event.error());
    }
    auto beeper = openBeeper(settings.beeper);
    if (!beeper) {
        return tl::unexpected(beeper.error());
    }
    std::error_code trouble;
    std::filesystem::create_directories(settings.dataDir, trouble);
    auto signingKeys = store::signingKeysIn(settings.dataDir);
    if (!signingKeys) {
        return tl::unexpected(signingKeys.error());
    }
    auto store = store::KioskStore::open(
        {settings.dataDir / "kiosk.db", settings.kiosk, *event, std::move(*signingKeys)});
    if (!store) {
        return tl::unexpected(store.error());
    }
    const auto tries = keptTries(**store);
    if (!tries) {
        return tl::unexpected(tries.error());
    }
    return std::unique_ptr<Kiosk>(
        new Kiosk(settings, std::move(*event), std::move(*store), std::move(*beeper), *tries));
}

Kiosk::Kiosk(Settings settings, event::Event event, std::unique_ptr<store::KioskStore> store,
             board::Beeper beeper, const visit::KeptTries& tries)
    : settings_(std::move(settings)),
      event_(std::move(event)),
      store_(std::make_unique<store::StoreThread>(std::move(store))),
      visit_(
          std::make_unique<VisitController>(event_, settings_, *store_, std::move(beeper), tries)),
      outbox_(std::make_unique<store::ThreadedOutbox>(*store_)) {
    clock_.setInterval(std::chrono::seconds(10));
    connect(&clock_, &QTimer::timeout, this, &Kiosk::showClock);
}

Kiosk::~Kiosk() {
    // Whoever posts into the store or the visit ends before them; what the store was given, it
    // finishes.
    reader_.reset();
    agent_.reset();
    outbox_.reset();
    store_.reset();
}

void Kiosk::start() {
    showClock();
    clock_.start();

    agent::AgentOptions options;
    options.broker = settings_.broker;
    options.pump.event = event_.id;
    options.pump.kiosk = settings_.kiosk;
    agent_ = std::make_unique<agent::AgentRunner>(
        options, *outbox_, [this](const agent::AgentStatus& status) {
            QMetaObject::invokeMethod(
                this, [this, status] { showAgent(status); }, Qt::QueuedConnection);
        });
    connect(
        visit_.get(), &VisitController::recorded, this, [this] { agent_->recordAdded(); },
        Qt::QueuedConnection);

    reader::SupervisorSettings supervisor;
    supervisor.program = settings_.readerProgram;
    if (supervisor.program.empty()) {
        supervisor.program =
            QCoreApplication::applicationDirPath().toStdString() + "/tapport-reader";
    }
    supervisor.connstring = settings_.connstring;
    reader_ = std::make_unique<reader::ReaderSupervisor>(supervisor);
    reader_->start([this](const reader::ReaderEvent& event) {
        QMetaObject::invokeMethod(
            this,
            [this, event] {
                showReader(event);
                visit_->handleReader(event);
            },
            Qt::QueuedConnection);
    });
}

void Kiosk::showAgent(const agent::AgentStatus& status) {
    status_.setBroker(healthOf(status.isConnected));
    status_.setHub(healthOf(status.isHubOnline));
    status_.setRecords(static_cast<int>(status.counts.waiting),
                       static_cast<int>(status.counts.received),
                       static_cast<int>(status.counts.quarantined));
}

void Kiosk::showReader(const reader::ReaderEvent& event) {
    program::logDebug("reader: {}", nameOf(event));
    if (const auto* lost = std::get_if<reader::ReaderLost>(&event)) {
        program::logWarning("reader lost: {}", lost->why);
        status_.setReader(Health::Trouble);
    } else {
        status_.setReader(Health::Ok);
    }
}

void Kiosk::showClock() {
    const auto quality = program::readClocks().quality;
    status_.setClock(QTime::currentTime().toString(QStringLiteral("HH:mm")),
                     healthOf(quality != record::ClockQuality::Unset));
}

}  // namespace tapport::kiosk
