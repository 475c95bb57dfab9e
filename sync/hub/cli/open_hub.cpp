// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/cli/open_hub.h"

#include "sync/hub/cli/signing_key.h"
#include "sync/hub/run/run_to_end.h"
#include "sync/hub/store/pg_leases.h"
#include "sync/hub/store/pg_store.h"
#include "sync/hub/store/sqlite_backup.h"
#include "sync/hub/store/sqlite_store.h"
#include "sync/program/log.h"
#include "sync/program/program.h"

#include <fmt/core.h>

namespace tapport::hub {
namespace {

constexpr std::chrono::milliseconds kWorkersPatience{5000};

struct OpenDatabase {
    std::unique_ptr<Store> store;
    std::unique_ptr<Leases> leases;
};

Result<OpenDatabase> openDatabase(const HubConfig& config, const DataDir& dir,
                                  const event::Event& event, Opening opening) {
    const auto key = dir.suppressionKey();
    if (!key) {
        return tl::unexpected(key.error());
    }
    const Scope scope = scopeOf(event);
    if (config.database.empty()) {
        return openSqliteStore(dir.database(), scope, *key).map([](auto store) {
            return OpenDatabase{std::move(store), nullptr};
        });
    }
    if (opening == Opening::Command) {
        return openPgStore(config.database, scope, *key, {}).map([](auto store) {
            return OpenDatabase{std::move(store), nullptr};
        });
    }
    Worker worker{config.worker, {}};
    program::fillRandom(worker.instance.bytes.data(), worker.instance.bytes.size());
    return openPgStore(config.database, scope, *key, worker).map([&](auto store) {
        return OpenDatabase{std::move(store),
                            std::make_unique<PgLeases>(config.database, scope, worker)};
    });
}

/// A kiosk whose key was published a moment ago is known at its next message.
Signatures signaturesOf(receipt::SigningKeys own, ProofKeys& kiosks) {
    const auto sign = [keys = std::move(own)](ByteView covered) {
        return receipt::signMessage(covered, keys);
    };
    const auto isKiosks = [&keys = kiosks](const record::KioskId& kiosk,
                                           const record::Signature& signature, ByteView covered) {
        if (keys.signedBy(kiosk, signature, covered)) {
            return true;
        }
        const auto read = keys.refresh();
        if (!read) {
            program::logError("the former keys stay in use: {}", read.error().context);
        }
        return keys.signedBy(kiosk, signature, covered);
    };
    return {sign, isKiosks};
}

/// This program once more, reading the same configuration; or who listens where it says.
Result<OpenerProcess::Settings> openerSettings(const HubConfig& config,
                                               const record::EventId& event) {
    OpenerProcess::Settings settings;
    settings.event = event;
    settings.socket = config.openerSocket;
    if (!config.openerUser.empty()) {
        auto user = program::findUser(config.openerUser);
        if (!user) {
            return tl::unexpected(user.error().in("'opener.user'"));
        }
        settings.user = std::move(*user);
    }
    settings.program = "/proc/self/exe";
    settings.arguments = {"tapport-hub", "--config", config.file.string(), "opener"};
    return settings;
}

/// With what was taken back on people's pages in the database again, if that was restored.
Result<std::unique_ptr<PhoneLink>> openLink(const HubConfig& config, const OpenHub& hub,
                                            const receipt::SigningKeys& keys) {
    auto journal = WithdrawalJournal::open(config.withdrawals.empty() ? hub.dir.withdrawals()
                                                                      : config.withdrawals);
    if (!journal) {
        return tl::unexpected(journal.error());
    }
    if (journal->damaged() > 0) {
        program::logWarning("{} lines of the withdrawals' file are damaged; they stay there",
                            journal->damaged());
    }
    auto link = std::make_unique<PhoneLink>(PhoneLink::Parts{
        *hub.store, *hub.store, *hub.filing, *hub.event, PhoneLink::Making::with(keys, *hub.event),
        TAPPORT_VERSION, std::move(*journal)});
    const auto taken = link->recall(program::readClocks().wall);
    if (!taken) {
        return tl::unexpected(taken.error());
    }
    if (*taken > 0) {
        program::logWarning(
            "{} withdrawals from receipts' pages were not in the database, which was restored, or "
            "did not get them any more: taken now",
            *taken);
    }
    return link;
}

}  // namespace

Scope scopeOf(const event::Event& event) {
    return {"default", event.id};
}

Result<> refuseOtherEvent(Store& store, const event::Event& event) {
    const auto other = store.onlyOtherEvent();
    if (!other) {
        return tl::unexpected(other.error());
    }
    if (*other) {
        return fail(Code::InvalidConfig,
                    fmt::format("the database holds event '{}' and nothing of '{}', which the "
                                "event file names: another event's data folder, database or backup",
                                (*other)->value, event.id.value));
    }
    return {};
}

Result<OpenHub> openHub(const HubConfig& config, Opening opening) {
    if (auto ready = seal::initialise(); !ready) {
        return tl::unexpected(ready.error());
    }
    auto dir = DataDir::open(config.data);
    if (!dir) {
        return tl::unexpected(dir.error());
    }
    // A command asks a hub that is there. A hub waits for a command to end: a backup takes a while.
    auto lock = DataLock::take(
        *dir, opening == Opening::Worker ? kWorkersPatience : std::chrono::milliseconds(0));
    if (!lock) {
        return tl::unexpected(lock.error());
    }
    auto eventFile = readPublishedEvent(config);
    if (!eventFile) {
        return tl::unexpected(eventFile.error());
    }
    if (const auto kept = keepEdition(*dir, *eventFile); !kept) {
        return tl::unexpected(kept.error());
    }
    auto earlier = earlierEditions(*dir, *eventFile);
    auto signingKeys = loadSigningKey(config.signingKey, eventFile->event.hubKey);
    if (!signingKeys) {
        return tl::unexpected(signingKeys.error());
    }
    auto database = openDatabase(config, *dir, eventFile->event, opening);
    if (!database) {
        return tl::unexpected(database.error());
    }
    if (!config.mayBeginEvent) {
        if (const auto own = refuseOtherEvent(*database->store, eventFile->event); !own) {
            return tl::unexpected(own.error());
        }
    }
    OpenHub hub{std::move(*dir),
                std::move(*lock),
                std::make_unique<event::Event>(std::move(eventFile->event)),
                eventFile->edition,
                config.notices,
                std::move(database->store),
                std::move(database->leases)};
    auto opener = openerSettings(config, hub.event->id);
    if (!opener) {
        return tl::unexpected(opener.error());
    }
    hub.kiosksFile = config.identity.kiosks;
    hub.opener = std::make_unique<OpenerProcess>(std::move(*opener));
    hub.keys = std::make_unique<ProofKeys>(config.keys, config.identity.kiosks, *hub.event,
                                           eventFile->edition, std::move(earlier));
    if (const auto read = hub.keys->refresh(); !read) {
        return fail(Code::InvalidConfig, read.error().context);
    }
    hub.filing = std::make_unique<Filing>(*hub.store, *hub.opener, *hub.keys);
    if (opening == Opening::Worker) {
        auto link = openLink(config, hub, *signingKeys);
        if (!link) {
            return tl::unexpected(link.error());
        }
        hub.link = std::move(*link);
    }
    Signatures signatures = signaturesOf(std::move(*signingKeys), *hub.keys);
    hub.teller =
        std::make_unique<Teller>(*hub.store, hub.event->id, hub.store->hubEpoch(), signatures.sign,
                                 [&keys = *hub.keys] { return keys.revoked(); });
    hub.ingest = std::make_unique<Ingest>(*hub.store, hub.event->id, std::move(signatures),
                                          config.mostQuarantined);
    if (!config.database.empty()) {
        hub.dump = [url = config.database](const std::filesystem::path& file) {
            return makePrivateFile(file).and_then([&] {
                return runToEnd({"pg_dump", "--format=custom", "--no-owner",
                                 "--file=" + file.string(), "--dbname=" + url});
            });
        };
    }
    hub.retention = std::make_unique<Retention>(*hub.store, *hub.event);
    if (opening == Opening::Worker) {
        hub.presence = std::make_unique<PresenceBoard>();
    }
    return hub;
}

}  // namespace tapport::hub
