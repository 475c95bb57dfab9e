// SPDX-License-Identifier: GPL-3.0-or-later
#include "firmware-app/admin/commands.h"
#include "firmware-app/admin/event_file.h"
#include "firmware-app/admin/own_keys.h"
#include "firmware-app/kiosk/settings.h"
#include "firmware-app/store/database_owner.h"
#include "firmware-app/store/retire.h"
#include "sync/enrol/exchange.h"
#include "sync/identity/certificate.h"
#include "sync/program/program.h"
#include "sync/seal/seal.h"

#include <fmt/core.h>

namespace tapport::admin {
namespace {

namespace fs = std::filesystem;

tl::unexpected<Error> kioskRuns(const kiosk::Settings& settings) {
    return fail(Code::Busy, settings.dataDir.string() + ": stop the kiosk first");
}

/// Before the hub hears of next keys: once it has accepted them, the certificate in use is void.
Result<> checkStopped(const kiosk::Settings& settings) {
    // Of which event the records must be is not known yet, and judged when it is.
    const auto opened = store::checkOwnerOf(settings.dataDir / "kiosk.db", settings.kiosk, {});
    return !opened && opened.error().code == Code::Busy ? kioskRuns(settings) : Result<>{};
}

/// Records that wait here are sealed for their own event: another one's hub could never open them.
Result<> checkData(const kiosk::Settings& settings, const record::EventId& event,
                   const OwnKeys& keys) {
    auto owned = store::checkOwnerOf(settings.dataDir / "kiosk.db", settings.kiosk, event);
    if (!owned && owned.error().code == Code::Busy) {
        // The kiosk runs, so its event file is there and says of which event its records are. It
        // would go on signing with the keys that it has read.
        const auto present = loadEvent(settings.eventFile);
        return present && present->id == event && keys.which == OwnKeys::Which::Present
                   ? Result<>{}
                   : kioskRuns(settings);
    }
    return owned;
}

/// What the code vouches for, still has to fit together and to fit this kiosk.
struct Identity {
    identity::Certificate certificate;
    identity::Certificate authority;
    event::Event event;
};

Result<Identity> check(const enrol::Grant& grant, const kiosk::Settings& settings,
                       const OwnKeys& keys) {
    const auto certificate = identity::parseCertificate(grant.certificate);
    const auto authority = identity::parseCertificate(grant.authority);
    auto event = event::parse(grant.eventFile);
    if (!certificate || !authority || !event) {
        return fail(Code::InvalidInput, "the hub's answer cannot be used: " +
                                            (event ? "certificates" : event.error().context));
    }
    if (certificate->name != settings.kiosk.value || !identity::isFor(*certificate, keys.tls) ||
        toBytes(authority->fingerprint().view()) != event->authority) {
        return fail(Code::InvalidInput, "the hub's answer is for another kiosk or event");
    }
    // Before the event file: whoever removed that has not yet seen that records wait.
    if (const auto owned = checkData(settings, event->id, keys); !owned) {
        return tl::unexpected(owned.error());
    }
    if (const auto present = loadEvent(settings.eventFile); present && present->id != event->id) {
        return fail(Code::Conflict, settings.eventFile.string() + " is of another event, " +
                                        present->id.value + ": remove it first");
    }
    return Identity{*certificate, *authority, std::move(*event)};
}

Result<enrol::Grant> askWith(const OwnKeys& keys, const kiosk::Settings& settings,
                             const enrol::OneTimeCode& code, std::chrono::seconds patience) {
    const auto csr = identity::makeRequest(keys.tls, settings.kiosk.value);
    if (!csr) {
        return tl::unexpected(csr.error());
    }
    const Bytes request = encodeRequest(
        {settings.kiosk, code.check().id, *csr, keys.signing.publicKey}, keys.signing, code);
    mqtt::Options broker = settings.broker;
    broker.port = settings.enrolPort;
    for (mqtt::Endpoint& node : broker.others) {
        node.port = settings.enrolPort;
    }
    broker.tls = mqtt::Tls{mqtt::Peer::Unverified, {}, {}, {}};
    broker.clientId = "enrol-" + program::newRecordId().hex();
    fmt::print(stderr, "asking the hub through {}:{}, for at most {} s\n", broker.host, broker.port,
               patience.count());
    return enrol::askHub(broker, code.check(), request, patience);
}

Result<> keep(const enrol::Grant& grant, const Identity& identity, const kiosk::Settings& settings,
              const OwnKeys& keys) {
    // The certificate last: with it the rest is there as well.
    return replaceFile(settings.broker.tls->ca, identity.authority.pem())
        .and_then([&] { return replaceFile(settings.eventFile, grant.eventFile); })
        .and_then(
            [&] { return keys.which == OwnKeys::Which::Next ? adoptNext(settings) : Result<>{}; })
        .and_then([&] {
            return replaceFile(settings.broker.tls->certificate, identity.certificate.pem());
        });
}

Result<Identity> enrolThis(const Enrol& command) {
    const auto code = enrol::OneTimeCode::parse(command.code);
    if (!code) {
        return tl::unexpected(code.error());
    }
    const auto settings = kiosk::readSettings(command.config);
    if (!settings) {
        return tl::unexpected(settings.error());
    }
    if (!settings->broker.tls) {
        return fail(Code::InvalidConfig, command.config.string() +
                                             ": [broker] needs 'tls_ca', 'tls_cert' and "
                                             "'tls_key': files that enrolment writes");
    }
    if (store::isRetired(settings->dataDir)) {
        return fail(Code::InvalidConfig,
                    settings->dataDir.string() +
                        ": an event is over here; for another one name a new data folder ('data' "
                        "in kiosk.toml)");
    }
    auto keys = ownKeys(*settings);
    if (!keys) {
        return tl::unexpected(keys.error());
    }
    if (keys->which == OwnKeys::Which::Next) {
        if (const auto stopped = checkStopped(*settings); !stopped) {
            return tl::unexpected(stopped.error());
        }
    }
    auto grant = askWith(*keys, *settings, *code, command.patience);
    const bool isRevoked = !grant && grant.error().code == Code::Conflict;
    if (isRevoked && keys->which == OwnKeys::Which::Next) {
        // Revoked as well, before they were in use. Never those that were made in this run.
        if (const auto dropped = dropNext(*settings); !dropped) {
            return tl::unexpected(dropped.error());
        }
    } else if (isRevoked) {
        fmt::print(stderr, "{}: making new keys\n", grant.error().context);
        keys = checkStopped(*settings).and_then([&] { return nextKeys(*settings); });
        if (!keys) {
            return tl::unexpected(keys.error());
        }
        grant = askWith(*keys, *settings, *code, command.patience);
    }
    if (!grant) {
        return tl::unexpected(grant.error());
    }
    return check(*grant, *settings, *keys).and_then([&](const Identity& identity) {
        return keep(*grant, identity, *settings, *keys).map([&] { return identity; });
    });
}

}  // namespace

int run(const Enrol& command) {
    const auto identity = seal::initialise().and_then([&] { return enrolThis(command); });
    if (!identity) {
        return program::reportFailure("tapport", identity.error());
    }
    fmt::print("{} is enrolled for {}\n", identity->certificate.name, summaryOf(identity->event));
    return program::kExitOk;
}

}  // namespace tapport::admin
