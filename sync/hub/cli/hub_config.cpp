// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/cli/hub_config.h"

#include "sync/hub/ingest/quarantine_room.h"
#include "sync/hub/store/pg_store.h"
#include "sync/mqtt/broker_config.h"
#include "sync/program/config.h"
#include "sync/record/ids.h"

namespace tapport::hub {
namespace {

constexpr std::string_view kSqlite = "sqlite";

}  // namespace

Result<HubConfig> loadHubConfig(const std::filesystem::path& file, const Overrides& overrides) {
    auto config = program::Config::load(file);
    if (!config) {
        return tl::unexpected(config.error());
    }
    const auto port = [&](const char* key, std::int64_t fallback, std::int64_t least) {
        return static_cast<std::uint16_t>(config->integer(key, fallback, least, 65535));
    };
    HubConfig hub;
    hub.file = std::filesystem::absolute(file);
    hub.event = config->requiredPath("event");
    hub.openerSocket = config->path("opener.socket", "");
    hub.openerUser = config->text("opener.user", "");
    if (hub.openerSocket.empty()) {
        hub.eventKey = config->requiredPath("event_key");
        config->refuse("opener.user", "left out without 'opener.socket'");
    } else {
        config->refuse("event_key", "left out: the opener at 'opener.socket' has it");
    }
    hub.signingKey = config->requiredPath("signing_key");
    hub.keys = config->path("keys", "keys.json");
    hub.notices = config->path("notices", "notices.json");
    hub.edition = config->path("edition", "edition.json");
    hub.data = config->requiredPath("data");
    hub.withdrawals = config->path("withdrawals", "");
    constexpr std::uint64_t kMebibyte = 1024UL * 1024;
    constexpr std::int64_t kMostMebibytes = 1024L * 1024;
    hub.mostQuarantined = kMebibyte * static_cast<std::uint64_t>(config->integer(
                                          "quarantine_max_mb", QuarantineRoom::kDefault / kMebibyte,
                                          1, kMostMebibytes));
    const std::string database = config->text("database", kSqlite);
    hub.database = database == kSqlite ? std::string() : database;
    hub.worker = overrides.worker;
    hub.mayBeginEvent = overrides.mayBeginEvent;
    hub.broker = mqtt::readBroker(*config);
    if (overrides.brokerPort) {
        hub.broker.port = *overrides.brokerPort;
        hub.broker.others.clear();
    }
    hub.identity = {config->path("identity.authority", "keys/ca.crt"),
                    config->path("identity.authority_key", "keys/ca.key"),
                    config->path("identity.kiosks", "keys/kiosks.register"),
                    hub.event,
                    config->path("broker.revoked", "broker/revoked.pem"),
                    config->texts("broker.reload"),
                    hub.keys};
    hub.webPort = overrides.webPort.value_or(port("web.port", 8480, 0));
    hub.adminPasswordHash = config->requiredText("web.admin_password_hash");
    hub.logLevel = config->text("log.level", "info");
    if (const auto finished = config->finish(); !finished) {
        return tl::unexpected(finished.error());
    }
    if (const auto checked = hub.database.empty() ? Result<>{} : checkPgUrl(hub.database);
        !checked) {
        return tl::unexpected(checked.error().in(file.filename().string() + ": 'database'"));
    }
    if (!record::isName(hub.worker)) {
        return fail(Code::InvalidConfig, "--worker: no name of a worker");
    }
    if (const auto broker = mqtt::checkBroker(hub.broker); !broker) {
        return tl::unexpected(broker.error().in(file.filename().string()));
    }
    return hub;
}

Result<OpenerConfig> loadOpenerConfig(const std::filesystem::path& file) {
    auto config = program::Config::load(file);
    if (!config) {
        return tl::unexpected(config.error());
    }
    OpenerConfig opener;
    opener.event = config->requiredPath("event");
    opener.eventKey = config->requiredPath("event_key");
    opener.user = config->text("user", "");
    opener.hubUser = config->requiredText("hub_user");
    opener.logLevel = config->text("log.level", "info");
    return config->finish().map([&] { return opener; });
}

}  // namespace tapport::hub
