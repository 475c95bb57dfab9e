// SPDX-License-Identifier: GPL-3.0-or-later
#include "firmware-app/kiosk/kiosk.h"

#include "firmware-app/store/edition.h"
#include "firmware-app/store/retire.h"
#include "firmware-app/store/signing_key.h"
#include "hardware/reader/reader_supervisor.h"
#include "sync/event/same_file.h"
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

/// Says on the runner's thread when a chunk brought part of an event file, or a command, or the end
/// of what an earlier hub had told.
class NewsWatch final : public agent::DownstreamSink {
  public:
    NewsWatch(store::DownstreamStore& store, std::function<void()> onNews)
        : store_(store), onNews_(std::move(onNews)) {}

    Result<wire::DownState> downState() override { return store_.downState(); }
    Result<wire::DownState> apply(const wire::DownChunk& chunk) override {
        const bool mayEnd = chunk.rest == wire::Rest::None && !store_.isWhole().value_or(false);
        auto applied = store_.apply(chunk);
        if (mayEnd ||
            std::any_of(chunk.items.begin(), chunk.items.end(), [](const wire::DownItem& item) {
                return item.kind == wire::ItemKind::EventPart ||
                       item.kind == wire::ItemKind::Command;
            })) {
            onNews_();
        }
        return applied;
    }

  private:
    store::DownstreamStore& store_;
    std::function<void()> onNews_;
};

/// Whether the hub has said so.
bool isOver(store::DownstreamStore& told) {
    const auto command = told.command(wire::kEndOfEvent);
    return command && command->has_value();
}

Result<board::Beeper> openBeeper(const std::filesystem::path& device) {
    return device.empty() ? board::Beeper() : board::Beeper::open(device);
}

}  // namespace

Result<Kiosk::Asking> Kiosk::readEvent(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) {
        return fail(Code::InvalidConfig, "event file " + file.string() + " cannot be read");
    }
    std::string json{std::istreambuf_iterator<char>(in), {}};
    auto event = event::parse(json);
    if (!event) {
        return tl::unexpected(event.error().in(file.filename().string()));
    }
    return Asking{std::move(json), std::move(*event)};
}

Kiosk::Asking Kiosk::newest(Asking asking, store::DownstreamStore& told) {
    auto file = told.eventFile();
    if (!file) {
        program::logWarning("asking by the event file alone: {}", file.error().context);
        return asking;
    }
    if (!*file) {
        return asking;
    }
    auto edition = store::laterEdition(**file, asking.event);
    if (edition) {
        return Asking{std::move(**file), std::move(*edition)};
    }
    // Conflict: no later one.
    if (edition.error().code != Code::Conflict) {
        program::logWarning("an event file that came is left aside: {}", edition.error().context);
    }
    return asking;
}

Result<> retire(const Settings& settings) {
    // The signing key is in the data folder.
    std::vector<std::filesystem::path> keys;
    if (settings.broker.tls) {
        keys.push_back(settings.broker.tls->key);
    }
    return store::retire(settings.dataDir, keys);
}

Result<std::unique_ptr<Kiosk>> Kiosk::open(const Settings& settings) {
    auto asking = readEvent(settings.eventFile);
    if (!asking) {
        return tl::unexpected(asking.error());
    }
    auto beeper = openBeeper(settings.beeper);
    if (!beeper) {
        return tl::unexpected(beeper.error());
    }
    std::error_code trouble;
    std::filesystem::create_directories(settings.dataDir, trouble);
    if (store::isRetired(settings.dataDir)) {
        // A power cut may have come in between.
        const auto destroyed = retire(settings);
        return fail(Code::InvalidConfig,
                    settings.dataDir.string() +
                        ": the event is over here; for another one enrol with a new data folder" +
                        (destroyed ? "" : ", and remove this one"));
    }
    auto signingKeys = store::signingKeysIn(settings.dataDir);
    if (!signingKeys) {
        return tl::unexpected(signingKeys.error());
    }
    auto others = store::DownstreamStore::open(settings.dataDir / "down.db", asking->event.id);
    if (!others) {
        return tl::unexpected(others.error());
    }
    asking = newest(std::move(*asking), **others);
    auto store = store::KioskStore::open(
        {settings.dataDir / "kiosk.db", settings.kiosk, asking->event, *signingKeys});
    if (!store) {
        return tl::unexpected(store.error());
    }
    const auto tries = keptTries(**store);
    if (!tries) {
        return tl::unexpected(tries.error());
    }
    return std::unique_ptr<Kiosk>(new Kiosk(settings, std::move(*asking), std::move(*signingKeys),
                                            std::move(*store), std::move(*others),
                                            std::move(*beeper), *tries));
}

Kiosk::Kiosk(Settings settings, Asking asking, receipt::SigningKeys signingKeys,
             std::unique_ptr<store::KioskStore> store,
             std::unique_ptr<store::DownstreamStore> others, board::Beeper beeper,
             const visit::KeptTries& tries)
    : settings_(std::move(settings)),
      eventFile_(std::move(asking.file)),
      event_(std::move(asking.event)),
      signingKeys_(std::move(signingKeys)),
      certificate_(ownCertificate(settings_)),
      others_(std::move(others)),
      store_(std::make_unique<store::StoreThread>(std::move(store))),
      visit_(std::make_unique<VisitController>(event_, settings_, *store_, *others_,
                                               std::move(beeper), tries,
                                               [this] { return clocks(); })),
      outbox_(std::make_unique<store::ThreadedOutbox>(*store_)) {
    clock_.setInterval(std::chrono::seconds(10));
    connect(&clock_, &QTimer::timeout, this, &Kiosk::showClock);
    connect(&clock_, &QTimer::timeout, this, &Kiosk::takeEdition);
    sink_ = std::make_unique<NewsWatch>(*others_, [this] {
        isEnding_ = isOver(*others_);
        QMetaObject::invokeMethod(
            this,
            [this] {
                heedRevocation();
                mayHaveEdition_ = true;
                takeEdition();
            },
            Qt::QueuedConnection);
    });
}

Kiosk::~Kiosk() {
    // Whoever posts into the store or the visit ends before them; what the store was given, it
    // finishes.
    reader_.reset();
    agent_.reset();
    outbox_.reset();
    store_.reset();
}

bool Kiosk::leave() {
    agent_->leave();
    return isOver(*others_);
}

void Kiosk::start() {
    program::logInfo("open for {}", event_.id.value);
    showClock();
    clock_.start();
    heedRevocation();

    agent::AgentOptions options;
    options.broker = settings_.broker;
    options.pump.event = event_.id;
    options.pump.kiosk = settings_.kiosk;
    options.pump.sign = [this](ByteView covered) {
        return receipt::signMessage(covered, signingKeys_);
    };
    options.isHubs = [this](const record::Signature& signature, ByteView covered) {
        return receipt::fits(signature, covered, event_.hubKey);
    };
    options.sink = sink_.get();
    isEnding_ = isOver(*others_);
    options.isEnding = [this] { return isEnding_.load(); };
    options.onDrained = [this](const agent::DrainProof& proof) {
        QMetaObject::invokeMethod(
            this, [this, proof] { endEvent(proof); }, Qt::QueuedConnection);
    };
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

std::optional<identity::Fingerprint> Kiosk::ownCertificate(const Settings& settings) {
    if (!settings.broker.tls) {
        return std::nullopt;
    }
    std::ifstream in(settings.broker.tls->certificate, std::ios::binary);
    const std::string pem{std::istreambuf_iterator<char>(in), {}};
    const auto certificate = identity::readCertificate(pem);
    return certificate ? std::optional(certificate->fingerprint()) : std::nullopt;
}

/// A certificate that came later is not meant: the device was enrolled again.
void Kiosk::heedRevocation() {
    const auto told = others_->command(wire::kRevoked);
    const bool isRevoked = told && *told && certificate_ && **told == toBytes(certificate_->view());
    if (isRevoked && !isRevoked_) {
        program::logWarning(
            "the organiser has revoked this kiosk: it asks nobody, and keeps what it recorded");
    }
    isRevoked_ = isRevoked;
    visit_->handle(visit::Closed{isRevoked});
}

void Kiosk::takeEdition() {
    if (!mayHaveEdition_ || !visit_->isAtRest()) {
        return;
    }
    mayHaveEdition_ = false;
    const auto file = others_->eventFile();
    if (!file || !*file) {
        return;  // the rest of it comes with another chunk
    }
    const auto edition = store::laterEdition(**file, event_);
    if (!edition) {
        // Conflict: no later one, as when the hub tells everything anew.
        if (edition.error().code != Code::Conflict) {
            program::logWarning("an event file that came is left aside: {}",
                                edition.error().context);
        }
        return;
    }
    if (event::saySame(**file, eventFile_)) {
        return;  // it has another number, and says the same
    }
    program::logInfo("taking edition {} of the event file", edition->edition);
    QCoreApplication::exit(kOpenAgain);
}

void Kiosk::endEvent(const agent::DrainProof& proof) {
    const auto endIfAtRest = [this] {
        if (visit_->isAtRest()) {
            program::logInfo("the event is over, and the hub has everything");
            QCoreApplication::exit(kEventOver);
        }
    };
    store_->post([](store::KioskStore& store) { return store.epochs(); },
                 [this, proof, endIfAtRest](const auto& epochs) {
                     if (epochs && proof.covers(*epochs)) {
                         QMetaObject::invokeMethod(this, endIfAtRest, Qt::QueuedConnection);
                     }
                 });
}

void Kiosk::showAgent(const agent::AgentStatus& status) {
    status_.setBroker(healthOf(status.isConnected));
    status_.setHub(healthOf(status.isHubOnline));
    status_.setRecords(static_cast<int>(status.counts.waiting),
                       static_cast<int>(status.counts.received),
                       static_cast<int>(status.counts.quarantined));
    if (status.hubTime && status.hubTime != hubTime_) {
        hubTime_ = status.hubTime;
        showClock();
    }
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
    const record::ClockReading now = clocks();
    const record::Millis ahead = hubTime_ ? agent::aheadOf(*hubTime_, now) : record::Millis(0);
    const bool isOff = std::chrono::abs(ahead) > agent::kClockTolerance;
    if (isOff && !isClockOff_) {
        program::logWarning("the clock is {} s ahead of the hub's: records say {}",
                            std::chrono::round<std::chrono::seconds>(ahead).count(),
                            record::nameOf(now.quality));
    }
    isClockOff_ = isOff;
    status_.setClock(
        QTime::currentTime().toString(QStringLiteral("HH:mm")),
        healthOf(now.quality != record::ClockQuality::Unset &&
                 now.quality != record::ClockQuality::Stepped && !isOff),
        isOff ? static_cast<int>(std::chrono::round<std::chrono::minutes>(ahead).count()) : 0);
}

record::ClockReading Kiosk::clocks() {
    return clockWatch_.judge(program::readClocks(), hubTime_);
}

}  // namespace tapport::kiosk
