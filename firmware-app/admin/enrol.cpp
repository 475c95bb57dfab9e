// SPDX-License-Identifier: GPL-3.0-or-later
#include "firmware-app/admin/commands.h"
#include "firmware-app/admin/event_file.h"
#include "firmware-app/kiosk/settings.h"
#include "firmware-app/store/database_owner.h"
#include "firmware-app/store/retire.h"
#include "firmware-app/store/signing_key.h"
#include "sync/enrol/exchange.h"
#include "sync/identity/authority.h"
#include "sync/program/program.h"
#include "sync/seal/seal.h"

#include <fmt/core.h>

namespace tapport::admin {
namespace {

namespace fs = std::filesystem;

/// Keys made here, or on an earlier attempt: the hub answers the same keys the same way.
struct OwnKeys {
    receipt::SigningKeys signing;
    std::string tls;
};

Result<OwnKeys> ownKeys(const kiosk::Settings& settings) {
    const fs::path& file = settings.broker.tls->key;
    std::error_code failed;
    for (const fs::path& folder : {settings.dataDir, file.parent_path()}) {
        if (fs::create_directories(folder, failed)) {
            fs::permissions(folder, fs::perms::owner_all, failed);
        }
    }
    auto signing = store::signingKeysIn(settings.dataDir);
    if (!signing) {
        return tl::unexpected(signing.error());
    }
    if (!fs::exists(file)) {
        const auto made = identity::makeKey().and_then(
            [&](const std::string& key) { return writeNewFile(file, key, Access::Owner); });
        if (!made) {
            return tl::unexpected(made.error());
        }
    }
    constexpr std::size_t kLargestKey = 4096;
    return readWholeFile(file, kLargestKey).map([&](std::string tls) {
        return OwnKeys{std::move(*signing), std::move(tls)};
    });
}

/// Records that wait here are sealed for their own event: another one's hub could never open them.
Result<> checkData(const kiosk::Settings& settings, const record::EventId& event) {
    auto owned = store::checkOwnerOf(settings.dataDir / "kiosk.db", settings.kiosk, event);
    if (!owned && owned.error().code == Code::Busy) {
        // The kiosk runs, so its event file is there and says of which event its records are.
        const auto present = loadEvent(settings.eventFile);
        return present && present->id == event
                   ? Result<>{}
                   : fail(Code::Busy, settings.dataDir.string() + ": stop the kiosk first");
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
    if (const auto owned = checkData(settings, event->id); !owned) {
        return tl::unexpected(owned.error());
    }
    if (const auto present = loadEvent(settings.eventFile); present && present->id != event->id) {
        return fail(Code::Conflict, settings.eventFile.string() + " is of another event, " +
                                        present->id.value + ": remove it first");
    }
    return Identity{*certificate, *authority, std::move(*event)};
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
    const auto keys = ownKeys(*settings);
    if (!keys) {
        return tl::unexpected(keys.error());
    }
    const auto csr = identity::makeRequest(keys->tls, settings->kiosk.value);
    if (!csr) {
        return tl::unexpected(csr.error());
    }
    const Bytes request = encodeRequest(
        {settings->kiosk, code->check().id, *csr, keys->signing.publicKey}, keys->signing, *code);
    mqtt::Options broker = settings->broker;
    broker.port = settings->enrolPort;
    for (mqtt::Endpoint& node : broker.others) {
        node.port = settings->enrolPort;
    }
    broker.tls = mqtt::Tls{mqtt::Peer::Unverified, {}, {}, {}};
    broker.clientId = "enrol-" + program::newRecordId().hex();
    fmt::print(stderr, "asking the hub through {}:{}, for at most {} s\n", broker.host, broker.port,
               command.patience.count());
    return enrol::askHub(broker, code->check(), request, command.patience)
        .and_then([&](const enrol::Grant& grant) {
            return check(grant, *settings, *keys).and_then([&](const Identity& identity) {
                // The certificate last: with it the rest is there as well.
                return replaceFile(settings->broker.tls->ca, identity.authority.pem())
                    .and_then([&] { return replaceFile(settings->eventFile, grant.eventFile); })
                    .and_then([&] {
                        return replaceFile(settings->broker.tls->certificate,
                                           identity.certificate.pem());
                    })
                    .map([&] { return identity; });
            });
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
