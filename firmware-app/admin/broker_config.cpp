// SPDX-License-Identifier: GPL-3.0-or-later
#include "firmware-app/admin/broker_files.h"
#include "firmware-app/admin/commands.h"
#include "firmware-app/admin/event_authority.h"
#include "firmware-app/admin/new_file.h"
#include "sync/enrol/register_file.h"
#include "sync/program/program.h"

#include <algorithm>
#include <fstream>
#include <sstream>

#include <fmt/format.h>
#include <grp.h>
#include <sys/stat.h>
#include <unistd.h>

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
        return placeNewFile(file, key, Access::Owner).map([&] { return key; });
    });
}

/// What a configuration says that was written before.
struct Earlier {
    std::vector<std::string> hosts;
    std::vector<int> ports;  ///< for kiosks and hub; for devices without a certificate
};

Earlier readEarlier(const fs::path& conf) {
    constexpr std::string_view kHosts = "# Read by its next run, which keeps them: hosts ";
    constexpr std::string_view kListener = "listener ";
    Earlier earlier;
    std::ifstream in(conf);
    for (std::string line; std::getline(in, line);) {
        if (line.rfind(kHosts, 0) == 0) {
            std::istringstream words(line.substr(kHosts.size()));
            for (std::string host; words >> host;) {
                earlier.hosts.push_back(host);
            }
        } else if (line.rfind(kListener, 0) == 0) {
            earlier.ports.push_back(std::atoi(line.c_str() + kListener.size()));
        }
    }
    return earlier;
}

/// What is to be configured: what is there already, and what is named now.
struct Plan {
    std::vector<std::string> hosts;
    std::vector<std::string> workers;
    int port = mqtt::kTlsPort;
    int enrolPort = mqtt::kEnrolPort;
};

void addNew(std::vector<std::string>& all, const std::string& one) {
    if (std::find(all.begin(), all.end(), one) == all.end()) {
        all.push_back(one);
    }
}

Result<Plan> planOf(const BrokerConfig& command, const fs::path& out) {
    const Earlier earlier = readEarlier(out / "mosquitto.conf");
    Plan plan;
    plan.hosts = earlier.hosts;
    for (const std::string& host : command.hosts) {
        addNew(plan.hosts, host);
    }
    if (plan.hosts.empty()) {
        return fail(Code::InvalidInput, "--host: under which name or address do kiosks reach it?");
    }
    constexpr std::string_view kWorker = "hub-";
    std::error_code none;
    for (const auto& entry : fs::directory_iterator(command.dir / "keys", none)) {
        const std::string name = entry.path().stem().string();
        if (entry.path().extension() == ".crt" && name.rfind(kWorker, 0) == 0) {
            plan.workers.push_back(name.substr(kWorker.size()));
        }
    }
    std::sort(plan.workers.begin(), plan.workers.end());
    for (const std::string& worker : command.workers) {
        addNew(plan.workers, worker);
    }
    for (const std::string& worker : plan.workers) {
        if (!record::isName("hub-" + worker)) {
            return fail(Code::InvalidInput, "--worker must be of a-z, 0-9 and '-', 28 at most");
        }
    }
    const bool isThere = earlier.ports.size() == 2;
    plan.port = command.port.value_or(isThere ? earlier.ports[0] : plan.port);
    plan.enrolPort = command.enrolPort.value_or(isThere ? earlier.ports[1] : plan.enrolPort);
    return plan;
}

/// Debian's mosquitto starts as root and reads its files as its own user. False: we are not root,
/// or there is no such user here.
bool giveToMosquitto(const fs::path& file) {
    const ::group* group = ::geteuid() == 0 ? ::getgrnam("mosquitto") : nullptr;
    return group != nullptr && ::chown(file.c_str(), static_cast<uid_t>(-1), group->gr_gid) == 0 &&
           ::chmod(file.c_str(), S_IRUSR | S_IWUSR | S_IRGRP) == 0;
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

Result<> writeLists(const BrokerConfig& command, const Plan& plan, const fs::path& out,
                    const identity::Authority& authority) {
    const std::string conf =
        filledIn(kMosquittoConf, {{"@DIR@", fs::absolute(out).string()},
                                  {"@HOSTS@", fmt::format("{}", fmt::join(plan.hosts, " "))},
                                  {"@PORT@", std::to_string(plan.port)},
                                  {"@ENROL_PORT@", std::to_string(plan.enrolPort)}});
    std::string acl = kAcl;
    for (const std::string& worker : plan.workers) {
        acl += filledIn(kAclWorker, {{"@WORKER@", worker}});
    }
    return enrol::RegisterFile(command.dir / "keys" / "kiosks.register")
        .hold([&](const enrol::KioskRegister& kiosks) {
            const auto serials = kiosks.voidSerials();
            return authority.revocationList(serials, serials.size() + 1)
                .and_then([&](const std::string& list) {
                    return replaceFile(out / "revoked.pem", list);
                });
        })
        .and_then([&] { return replaceFile(out / "ca.crt", authority.certificate().pem()); })
        .and_then([&] { return replaceFile(out / "acl", acl); })
        .and_then([&] { return replaceFile(out / "acl-enrol", kAclEnrol); })
        .and_then([&] { return replaceFile(out / "mosquitto.conf", conf); });
}

Result<Plan> configure(const BrokerConfig& command, const fs::path& out) {
    std::error_code failed;
    if (!fs::exists(command.dir / "event.json", failed) &&
        !fs::exists(command.dir / "keys", failed)) {
        return fail(Code::NotFound,
                    fmt::format("{0}: no event there, `tapport event init {0}` makes one",
                                command.dir.string()));
    }
    const auto plan = planOf(command, out);
    if (!plan) {
        return plan;
    }
    const auto authority = loadAuthority(command.dir);
    if (!authority) {
        return tl::unexpected(authority.error());
    }
    fs::create_directories(out, failed);
    if (failed) {
        return fail(Code::Storage, out.string() + ": " + failed.message());
    }
    for (const std::string& worker : plan->workers) {
        const auto written =
            writeWorkerCertificate(command.dir / "keys", *authority, "hub-" + worker);
        if (!written) {
            return tl::unexpected(written.error());
        }
    }
    return writeBrokerCertificate(out, *authority, plan->hosts)
        .and_then([&] { return writeLists(command, *plan, out, *authority); })
        .map([&] { return *plan; });
}

}  // namespace

int run(const BrokerConfig& command) {
    const fs::path out = command.out.empty() ? command.dir / "broker" : command.out;
    const auto plan = configure(command, out);
    if (!plan) {
        return program::reportFailure("tapport", plan.error());
    }
    const bool isGiven = giveToMosquitto(out / "broker.key");
    fmt::print(
        "{0}/mosquitto.conf  for: mosquitto -c {0}/mosquitto.conf\n"
        "{0}/broker.key      the broker's alone{1}\n"
        "{0}/revoked.pem     void certificates: rewritten by tapport-hub\n",
        out.string(),
        isGiven ? "; the group mosquitto may read it"
                : fmt::format(", whose user must be able to read it. As root, where it runs: chgrp "
                              "mosquitto {0} && chmod 0640 {0}",
                              (out / "broker.key").string()));
    for (const std::string& worker : plan->workers) {
        fmt::print(
            "{0}/keys/hub-{1}.crt, hub-{1}.key  for [broker] of the hub.toml of that worker\n",
            command.dir.string(), worker);
    }
    if (plan->port != mqtt::kTlsPort || plan->enrolPort != mqtt::kEnrolPort) {
        fmt::print(
            "In [broker]: port = {0} in hub.toml; port = {0} and enrol_port = {1} in kiosk.toml\n",
            plan->port, plan->enrolPort);
    }
    return program::kExitOk;
}

}  // namespace tapport::admin
