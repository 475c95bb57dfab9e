// SPDX-License-Identifier: GPL-3.0-or-later
#include "firmware-app/admin/broker_files.h"
#include "firmware-app/admin/commands.h"
#include "firmware-app/admin/event_authority.h"
#include "firmware-app/admin/new_file.h"
#include "sync/enrol/register_file.h"
#include "sync/program/program.h"

#include <fmt/core.h>

namespace tapport::admin {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLargestKey = 4096;

/// A template with its @NAMES@ replaced.
std::string filledIn(std::string text,
                     std::initializer_list<std::pair<std::string_view, std::string>> values) {
    for (const auto& [name, value] : values) {
        for (std::size_t at = 0; (at = text.find(name, at)) != std::string::npos;) {
            text.replace(at, name.size(), value);
            at += value.size();
        }
    }
    return text;
}

/// The private key in `file`, made when there is none.
Result<std::string> keyIn(const fs::path& file) {
    if (fs::exists(file)) {
        return readWholeFile(file, kLargestKey);
    }
    return identity::makeKey().and_then([&](const std::string& key) {
        return writeNewFile(file, key, Access::Owner).map([&] { return key; });
    });
}

Result<> writeBrokerCertificate(const fs::path& out, const identity::Authority& authority,
                                const std::vector<std::string>& hosts) {
    return keyIn(out / "broker.key")
        .and_then([&](const std::string& key) { return identity::makeRequest(key, hosts.front()); })
        .and_then([&](const Bytes& request) { return authority.issueServer(request, hosts); })
        .and_then([&](const identity::Certificate& certificate) {
            return replaceFile(out / "broker.crt", certificate.pem());
        });
}

/// Kept when it is there: a running worker has it open.
Result<> writeWorkerCertificate(const fs::path& keys, const identity::Authority& authority,
                                const std::string& name) {
    const fs::path file = keys / (name + ".crt");
    if (fs::exists(file)) {
        return {};
    }
    return keyIn(keys / (name + ".key"))
        .and_then([&](const std::string& key) { return identity::makeRequest(key, name); })
        .and_then([&](const Bytes& request) { return authority.issueClient(request, name); })
        .and_then([&](const identity::Certificate& certificate) {
            return replaceFile(file, certificate.pem());
        });
}

Result<> writeLists(const BrokerConfig& command, const fs::path& out,
                    const identity::Authority& authority) {
    const std::string conf =
        filledIn(kMosquittoConf, {{"@DIR@", fs::absolute(out).string()},
                                  {"@PORT@", std::to_string(command.port)},
                                  {"@ENROL_PORT@", std::to_string(command.enrolPort)}});
    std::string acl = kAcl;
    for (const std::string& worker : command.workers) {
        acl += filledIn(kAclWorker, {{"@WORKER@", worker}});
    }
    return enrol::RegisterFile(command.dir / "keys" / "kiosks.register")
        .read()
        .and_then([&](const enrol::KioskRegister& kiosks) {
            const auto serials = kiosks.voidSerials();
            return authority.revocationList(serials, serials.size() + 1);
        })
        .and_then([&](const std::string& list) { return replaceFile(out / "revoked.pem", list); })
        .and_then([&] { return replaceFile(out / "ca.crt", authority.certificate().pem()); })
        .and_then([&] { return replaceFile(out / "acl", acl); })
        .and_then([&] { return replaceFile(out / "acl-enrol", kAclEnrol); })
        .and_then([&] { return replaceFile(out / "mosquitto.conf", conf); });
}

Result<> configure(const BrokerConfig& command, const fs::path& out) {
    for (const std::string& worker : command.workers) {
        if (!record::isName("hub-" + worker)) {
            return fail(Code::InvalidInput, "--worker must be of a-z, 0-9 and '-', 28 at most");
        }
    }
    const auto authority = loadAuthority(command.dir);
    if (!authority) {
        return tl::unexpected(authority.error());
    }
    std::error_code failed;
    fs::create_directories(out, failed);
    if (failed) {
        return fail(Code::Storage, out.string() + ": " + failed.message());
    }
    for (const std::string& worker : command.workers) {
        const auto written =
            writeWorkerCertificate(command.dir / "keys", *authority, "hub-" + worker);
        if (!written) {
            return written;
        }
    }
    return writeBrokerCertificate(out, *authority, command.hosts).and_then([&] {
        return writeLists(command, out, *authority);
    });
}

}  // namespace

int run(const BrokerConfig& command) {
    const fs::path out = command.out.empty() ? command.dir / "broker" : command.out;
    if (const auto done = configure(command, out); !done) {
        return program::reportFailure("tapport", done.error());
    }
    fmt::print(
        "{0}/mosquitto.conf  for: mosquitto -c {0}/mosquitto.conf\n"
        "{0}/broker.key      the broker's alone; its user must be able to read it\n"
        "{0}/revoked.pem     void certificates: rewritten by tapport-hub\n",
        out.string());
    for (const std::string& worker : command.workers) {
        fmt::print("{0}/keys/hub-{1}.crt, hub-{1}.key  for [broker] of that hub's hub.toml\n",
                   command.dir.string(), worker);
    }
    return program::kExitOk;
}

}  // namespace tapport::admin
