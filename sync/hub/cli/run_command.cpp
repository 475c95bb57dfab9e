// SPDX-License-Identifier: GPL-3.0-or-later
// The running hub, put together.
#include "sync/hub/cli/answers.h"
#include "sync/hub/cli/commands.h"
#include "sync/hub/cli/heeding.h"
#include "sync/hub/cli/open_hub.h"
#include "sync/hub/downstream/teller.h"
#include "sync/hub/export/atomic_file.h"
#include "sync/hub/run/background.h"
#include "sync/hub/run/broker_link.h"
#include "sync/hub/run/identity_desk.h"
#include "sync/hub/run/local_socket.h"
#include "sync/hub/run/shard_keeper.h"
#include "sync/hub/web/http_server.h"
#include "sync/hub/web/monitor.h"
#include "sync/hub/web/site.h"
#include "sync/identity/certificate.h"
#include "sync/program/log.h"
#include "sync/program/program.h"
#include "sync/program/seldom.h"

#include <array>
#include <cstdio>
#include <fstream>
#include <iterator>

#include <fmt/core.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace tapport::hub {
namespace {

record::WallTime now() {
    return program::readClocks().wall;
}

mqtt::Options brokerOptions(const HubConfig& config, const wire::HubEpoch& epoch) {
    mqtt::Options options = config.broker;
    // Its own, and the same after a restart: the broker then drops a half-dead predecessor.
    options.clientId = "hub-" + (config.database.empty() ? epoch.hex() : config.worker);
    return options;
}

/// A worker listens to what is said of the hub too, as long as it serves anybody.
BrokerLink::Filters filtersFor(const Shards& shards) {
    BrokerLink::Filters filters;
    for (unsigned shard = 0; shard < shards.size(); ++shard) {
        if (shards.test(shard)) {
            filters.insert(wire::upFilter(shard));
        }
    }
    if (!filters.empty()) {
        filters.emplace(wire::kHubTopic);
    }
    return filters;
}

/// How serve() ended.
enum class End : std::uint8_t {
    Told,   ///< to end
    Again,  ///< an event file was published that says something else: open everything with it
};

/// Readable once somebody asked.
class Bell {
  public:
    Bell() : fd_(::eventfd(0, EFD_CLOEXEC)) {}
    ~Bell() { ::close(fd_); }
    Bell(const Bell&) = delete;
    Bell& operator=(const Bell&) = delete;
    void ring() const { (void)::eventfd_write(fd_, 1); }
    [[nodiscard]] int fd() const { return fd_; }

  private:
    int fd_;
};

End awaitEnd(int terminationFd, const Bell& again) {
    std::array<pollfd, 2> ends{{{terminationFd, POLLIN, 0}, {again.fd(), POLLIN, 0}}};
    while (::poll(ends.data(), ends.size(), -1) < 0 && errno == EINTR) {
    }
    return ends[0].revents != 0 ? End::Told : End::Again;
}

Result<std::vector<Message>> tellNext(Teller& teller) {
    return teller.next(std::chrono::steady_clock::now());
}

/// What a kiosk that was heard is to be told next goes out with its acknowledgement.
void tellAlong(Teller& teller, Taken& taken, program::Seldom& untold) {
    teller.heard(taken.heard);
    for (const record::KioskId& kiosk : taken.ended) {
        program::logInfo("{}: the event is over there, it destroys its keys and data", kiosk.value);
    }
    auto chunks = tellNext(teller);
    if (!chunks) {
        if (auto line = untold.next("kiosks are told nothing for now: " + chunks.error().context,
                                    std::chrono::steady_clock::now())) {
            taken.alarms.push_back(std::move(*line));
        }
        return;
    }
    std::move(chunks->begin(), chunks->end(), std::back_inserter(taken.answers));
}

Result<Taken> takeTimed(Ingest& ingest, const std::vector<Decoded>& messages, LoadMeter& load) {
    const auto start = std::chrono::steady_clock::now();
    auto taken = ingest.take(messages, now());
    if (taken) {
        load.took(taken->records, std::chrono::steady_clock::now() - start);
    } else {
        load.refused(taken.error());
    }
    return taken;
}

Result<Vitals> readVitals(const OpenHub& hub, const LoadMeter& load) {
    Store& store = *hub.store;
    auto counts = store.counts();
    if (!counts) {
        return tl::unexpected(counts.error());
    }
    auto kiosks = store.kiosks();
    if (!kiosks) {
        return tl::unexpected(kiosks.error());
    }
    const auto full = hub.ingest->room().full(now());
    if (!full) {
        return tl::unexpected(full.error());
    }
    return Vitals{std::move(*counts),
                  std::move(*kiosks),
                  load.read(),
                  now(),
                  hub.presence->read(),
                  !hub.filing->openerTrouble(),
                  hub.ingest->sorting().unsorted(),
                  full->size()};
}

/// What this hub lacks to take records, to file them and to tell kiosks so.
Result<> checkHealth(const OpenHub& hub, const BrokerLink& broker, const LoadMeter& load,
                     Background& background) {
    // SQLite writes ahead, and a transaction may be large.
    constexpr std::uintmax_t kLeastFree = std::uintmax_t{16} * 1024 * 1024;
    if (!broker.isOnline()) {
        return fail(Code::Network, "not online at the broker");
    }
    if (const int reason = broker.refusal(); reason != 0) {
        return fail(Code::Network,
                    fmt::format("the broker refuses what the hub publishes: reason {}", reason));
    }
    if (const auto trouble = load.read().trouble) {
        return fail(Code::Storage, "nothing acknowledged: " + *trouble);
    }
    std::error_code failed;
    const auto space = std::filesystem::space(hub.dir.database().parent_path(), failed);
    if (!failed && space.available < kLeastFree) {
        return fail(Code::StorageFull,
                    fmt::format("the data folder's disk has {} KiB left", space.available / 1024));
    }
    return background.store().ask([&]() -> Result<> {
        if (const auto& trouble = background.trouble()) {
            return fail(Code::Storage, *trouble);
        }
        return hub.store->stateVersion().map([](auto) {});
    });
}

/// What stays the same while everything is opened again.
struct Pages {
    std::uint16_t port = 0;  ///< 0: a free one, at first
    Gate gate;               ///< who is logged in stays so
    bool isSaid = false;     ///< where they are
};

/// First line on stdout, and a file for who comes later.
Result<> sayAddress(const DataDir& dir, std::uint16_t port, Pages& pages) {
    pages.port = port;
    if (std::exchange(pages.isSaid, true)) {
        return {};
    }
    const std::string url = "http://127.0.0.1:" + std::to_string(port) + "\n";
    std::fputs(url.c_str(), stdout);
    std::fflush(stdout);
    return writeAtomically(dir.urlFile(), url);
}

/// None when the event's authority is not on this machine.
Result<std::optional<IdentityDesk>> openIdentity(const HubConfig& config) {
    auto desk = IdentityDesk::open(config.identity);
    if (desk) {
        desk->catchUp();
        return std::optional(std::move(*desk));
    }
    if (desk.error().code == Code::NotFound) {
        program::logInfo("enrols no kiosks: {}", desk.error().context);
        return std::optional<IdentityDesk>();
    }
    return tl::unexpected(desk.error());
}

BrokerLink::Desk presenceDesk(PresenceBoard& presence) {
    const auto isFor = [](const std::string& topic) {
        return topic.starts_with(wire::kStateFilter.substr(0, wire::kStateFilter.size() - 1));
    };
    const auto heed = [&](const Message& message) {
        const auto kiosk = wire::kioskOfStateTopic(message.topic);
        const auto state = wire::decodeKioskState(message.payload);
        if (kiosk && state) {
            presence.said(*kiosk, *state, now());
        }
        return std::vector<Message>();
    };
    return {std::string(wire::kStateFilter), isFor, heed, [&] { presence.doubt(); }};
}

std::vector<BrokerLink::Desk> desks(PresenceBoard& presence,
                                    std::optional<IdentityDesk>& identity) {
    std::vector<BrokerLink::Desk> desks{presenceDesk(presence)};
    if (identity) {
        desks.push_back({std::string(enrol::kRequestFilter), enrol::isRequestTopic,
                         [&](const Message& message) { return identity->answer(message, now()); }});
    }
    return desks;
}

/// A broker keeps one connection a certificate: two workers with the same one would end each
/// other's for ever.
Result<> checkCertificate(const HubConfig& config) {
    if (!config.broker.tls) {
        return {};
    }
    const auto& file = config.broker.tls->certificate;
    std::ifstream in(file, std::ios::binary);
    const std::string pem{std::istreambuf_iterator<char>(in), {}};
    const auto certificate = identity::readCertificate(pem);
    const std::string own = "hub-" + config.worker;
    if (!certificate || certificate->name == own) {
        return {};  // one that cannot be read is the connection's to tell
    }
    return fail(Code::InvalidConfig,
                fmt::format("{0}: the certificate of {1}, not of {2}, as this worker is. Each "
                            "worker needs its own: tapport broker config DIR --worker {3}, then "
                            "keys/{2}.crt and .key in [broker] of its hub.toml",
                            file.string(), certificate->name, own, config.worker));
}

Result<End> serve(const HubConfig& config, Pages& pages, int terminationFd) {
    constexpr std::size_t kFreedMemory = std::size_t{64} * 1024 * 1024;
    program::keepFreedMemory(kFreedMemory);
    if (auto checked = checkCertificate(config); !checked) {
        return tl::unexpected(checked.error());
    }
    auto hub = openHub(config, Opening::Worker);
    if (!hub) {
        return tl::unexpected(hub.error());
    }
    // A key that does not fit is to be corrected now, and a program that is not there; an opener
    // that is slow or ends later comes back, and one that somebody else runs may start after us.
    if (const auto started = hub->opener->start(); !started) {
        const Code why = started.error().code;
        if (why == Code::InvalidConfig || (why == Code::NotFound && config.openerSocket.empty())) {
            return tl::unexpected(started.error().in("opener"));
        }
    }
    Store& store = *hub->store;
    Teller& teller = *hub->teller;
    Heeding heeding(config, *hub->event, hub->eventDigest, store);
    Background background(hub->ingest->sorting(), *hub->opener, makeProbe(*hub->event),
                          *hub->filing, *hub->retention);
    StoreThread& thread = background.store();
    HubDesk desk(hub->deskParts(), program::readClocks,
                 [&](const auto& work) { thread.ask(work); });

    Custody custody(hub->custodyParts(), program::readClocks,
                    [&](const auto& work) { thread.ask(work); });

    TellDesk telling(hub->tellParts(), [&](const auto& work) { thread.ask(work); });

    auto identity = openIdentity(config);
    if (!identity) {
        return tl::unexpected(identity.error());
    }
    const Bell again;
    LoadMeter load;
    program::Seldom untold;
    BrokerLink broker(
        brokerOptions(config, store.hubEpoch()), store.hubEpoch(),
        hub->leases ? BrokerLink::Filters{} : BrokerLink::Filters{std::string(wire::kUpFilter)},
        [&](std::vector<Decoded> decoded, BrokerLink::Answered answered) {
            // What is said of a kiosk while its message is being taken is news beside it.
            const auto came = hub->presence->moment();
            thread.post([&, came, messages = std::move(decoded), told = std::move(answered)] {
                auto taken = takeTimed(*hub->ingest, messages, load);
                if (taken && !taken->ended.empty()) {
                    if (const auto noted = TellDesk::noteEnded(store, taken->ended, now());
                        !noted) {
                        taken->alarms.push_back(noted.error().context);
                    }
                }
                if (taken) {
                    for (const Heard& one : taken->heard) {
                        hub->presence->heard(one.kiosk, came, now());
                    }
                    tellAlong(teller, *taken, untold);
                }
                told(std::move(taken));
            });
        },
        [&] {
            return thread.ask([&] {
                if (heeding.look()) {
                    again.ring();
                }
                return tellNext(teller);
            });
        },
        desks(*hub->presence, *identity));
    std::optional<ShardKeeper> keeper;
    if (hub->leases) {
        keeper.emplace(*hub->leases, [&](const Shards& shards) {
            load.serves(shards.count());
            // First: who is heard of what comes from now on is ours.
            thread.post([&teller, shards] {
                teller.keepOnly([shards](const record::KioskId& kiosk) {
                    return shards.test(wire::shardOf(kiosk));
                });
            });
            broker.serve(filtersFor(shards));
        });
    } else {
        load.serves(wire::kShards);
    }

    const Monitor monitor([&] { return thread.ask([&] { return readVitals(*hub, load); }); },
                          [&] { return checkHealth(*hub, broker, load, background); });
    Site site(desk, *hub->event, pages.gate, std::chrono::steady_clock::now);
    const auto server = HttpServer::listen(pages.port, [&](const HttpRequest& request) {
        auto health = monitor.answer(request);
        return health ? std::move(*health) : site.answer(request);
    });
    if (!server) {
        return tl::unexpected(server.error());
    }
    // The last, because the first to end: it waits for the command that it answers, such as a
    // backup, and meanwhile kiosks and pages are served as before.
    const auto local =
        LocalServer::listen(hub->dir.socket(), [&](const LocalServer::Request& request) {
            return answer(desk, custody, telling, request.line, request.user);
        });
    if (!local) {
        return tl::unexpected(local.error());
    }
    if (const auto said = sayAddress(hub->dir, (*server)->port(), pages); !said) {
        return tl::unexpected(said.error());
    }

    const End end = awaitEnd(terminationFd, again);
    program::logInfo("{}", end == End::Told ? "ending" : "opening again");
    return end;
}

/// Of what was there a moment ago, and will be again; a file may be half written.
bool isPassing(Code code) {
    return code == Code::Busy || code == Code::Storage || code == Code::StorageFull ||
           code == Code::Network || code == Code::InvalidConfig;
}

/// A command may have the files for a moment in between, the database may be away, or a file be one
/// that a start refuses: it is tried until all is there and fits.
Result<End> serveAgain(const HubConfig& config, Pages& pages, int terminationFd) {
    constexpr std::chrono::milliseconds kFirstPause{50};
    constexpr std::chrono::milliseconds kLongestPause{2'000};
    program::Seldom waits;
    auto pause = kFirstPause;
    auto served = serve(config, pages, terminationFd);
    while (!served && isPassing(served.error().code)) {
        waits.log(program::LogLevel::Error,
                  "cannot open anything with the new event file yet, and tries again: " +
                      served.error().context);
        pollfd termination{terminationFd, POLLIN, 0};
        if (::poll(&termination, 1, static_cast<int>(pause.count())) > 0) {
            return End::Told;
        }
        pause = std::min(2 * pause, kLongestPause);
        served = serve(config, pages, terminationFd);
    }
    return served;
}

}  // namespace

int runHub(const HubConfig& config, int terminationFd) {
    Pages pages{config.webPort, Gate(config.adminPasswordHash)};
    auto served = serve(config, pages, terminationFd);
    while (served && *served == End::Again) {
        served = serveAgain(config, pages, terminationFd);
    }
    return served ? program::kExitOk : program::reportFailure("tapport-hub", served.error());
}

}  // namespace tapport::hub
