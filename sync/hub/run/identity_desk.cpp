// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/run/identity_desk.h"

#include "sync/event/event.h"
#include "sync/hub/export/atomic_file.h"
#include "sync/hub/run/passing_identity.h"
#include "sync/hub/run/run_to_end.h"
#include "sync/program/log.h"
#include "sync/program/program.h"
#include "sync/receipt/key_set.h"

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <iterator>
#include <system_error>
#include <thread>

#include <fmt/core.h>

namespace tapport::hub {
namespace {

namespace fs = std::filesystem;
using Clock = IdentityDesk::Clock;
constexpr std::chrono::seconds kReloadPatience{10};

Result<std::string> contentOf(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    std::string content{std::istreambuf_iterator<char>(in), {}};
    if (!in) {
        return fail(Code::InvalidConfig, file.string() + ": cannot be read");
    }
    return content;
}

/// What the root published last. Read each time: only who has a code gets that far.
Result<bool> isRevokedByRoot(const fs::path& file, const std::string& eventFile,
                             ByteView signingKey) {
    std::error_code failed;
    if (!fs::exists(file, failed) && !failed) {
        return false;  // nothing was published yet
    }
    const auto json = contentOf(file);
    const auto event = event::parse(eventFile);
    if (!json || !event) {
        return tl::unexpected((json ? event.error() : json.error()).in("published keys"));
    }
    const auto keys = receipt::KeySet::parse(*json, event->rootKey);
    if (!keys) {
        return tl::unexpected(keys.error().in("keys " + file.string()));
    }
    if (keys->event() != event->id) {
        return fail(Code::InvalidConfig, "keys " + file.string() + ": of another event");
    }
    return std::any_of(keys->keys().begin(), keys->keys().end(), [&](const receipt::KioskKey& key) {
        return key.revoked && std::ranges::equal(key.publicKey, signingKey);
    });
}

/// Whether the broker lets this identity in, which ends the session of who has its name. Network:
/// it does not; Busy: it says nothing.
Result<> enter(mqtt::Options broker, const PassingIdentity& as) {
    constexpr std::chrono::seconds kMargin{2};
    broker.tls->certificate = as.certificateFile();
    broker.tls->key = as.keyFile();
    const auto until = Clock::now() + broker.connectTimeout + kMargin;
    mqtt::Client client(broker);
    client.connect(std::nullopt);
    while (const auto event = client.next(until)) {
        if (std::holds_alternative<mqtt::Connected>(*event)) {
            client.disconnect(std::chrono::seconds(1));
            return {};
        }
        if (const auto* lost = std::get_if<mqtt::Lost>(&*event)) {
            return fail(Code::Network, lost->error.context);
        }
    }
    return fail(Code::Busy, "the broker does not answer");
}

/// Each node by itself: a client goes on to the next one of its own accord.
std::vector<mqtt::Options> nodesOf(const mqtt::Options& broker) {
    std::vector<mqtt::Options> nodes{broker};
    nodes.front().others.clear();
    for (const mqtt::Endpoint& other : broker.others) {
        nodes.push_back(nodes.front());
        nodes.back().host = other.host;
        nodes.back().port = other.port;
    }
    return nodes;
}

/// Refused is who was refused between two that are as good, but for the list. The last one has
/// taken over what was there before the list was read.
Result<> proveRefused(const mqtt::Options& node, const PassingIdentity& listed,
                      const PassingIdentity& standIn, std::chrono::milliseconds patience) {
    constexpr std::chrono::milliseconds kBetweenTries{200};
    const auto until = Clock::now() + patience;
    for (;;) {
        auto trouble = enter(node, standIn);
        if (trouble) {
            const auto refused = enter(node, listed);
            if (refused) {
                trouble = fail(Code::Conflict,
                               fmt::format("{}:{}: the broker lets the kiosk in, it has not read "
                                           "the list of void certificates: make it do so "
                                           "(SIGHUP), then revoke once more",
                                           node.host, node.port));
            } else if (refused.error().code == Code::Busy) {
                trouble = refused;
            } else if (trouble = enter(node, standIn); trouble) {
                return {};
            }
        }
        if (Clock::now() >= until) {
            return trouble;
        }
        std::this_thread::sleep_for(kBetweenTries);
    }
}

}  // namespace

Result<IdentityDesk> IdentityDesk::open(Files files) {
    std::error_code failed;
    if (!fs::exists(files.authorityKey, failed) && !failed) {
        return fail(Code::NotFound, files.authorityKey.string() + " is not there");
    }
    const auto certificate = contentOf(files.authority);
    const auto key = contentOf(files.authorityKey);
    auto event = contentOf(files.event);
    if (!certificate || !key || !event) {
        return tl::unexpected((certificate ? (key ? event : key) : certificate).error());
    }
    auto authority = identity::Authority::load(*certificate, *key);
    if (!authority) {
        return fail(Code::InvalidConfig,
                    files.authorityKey.string() + ": " + authority.error().context);
    }
    const auto isRevoked = [keys = files.keys, event = *event](ByteView signingKey) {
        return isRevokedByRoot(keys, event, signingKey);
    };
    enrol::Office office(enrol::RegisterFile(files.kiosks), std::move(*authority),
                         std::move(*event), program::fillRandom, isRevoked);
    return IdentityDesk(std::move(files), std::move(office));
}

std::vector<Message> IdentityDesk::answer(const Message& message, record::WallTime now,
                                          Clock::time_point at) {
    if (isTooMany(at)) {
        refused_.log(program::LogLevel::Warning,
                     fmt::format("enrolment not answered: more than {} ask in a second, and asked "
                                 "again they may be",
                                 kMostASecond));
        return {};
    }
    const std::string id = message.topic.substr(message.topic.rfind('/') + 1);
    const auto code = enrol::CodeId::fromHexText(id);
    if (!code) {
        refused_.log(program::LogLevel::Warning, "enrolment refused: no topic of ours");
        return {};
    }
    const auto answered = office_.answer(message.payload, now);
    if (!answered) {
        refused_.log(program::LogLevel::Error,
                     "enrolment not answered: " + answered.error().context);
        return {};
    }
    if (answered->isRefused) {
        refused_.log(program::LogLevel::Warning, answered->said);
    } else {
        program::logInfo("{}", answered->said);
    }
    if (answered->hasReplaced) {
        if (const auto listed = publishList(); !listed) {
            program::logError("the replaced certificate still works: {}", listed.error().context);
        }
    }
    return {{enrol::replyTopic(*code), answered->reply}};
}

Result<> IdentityDesk::revoke(const enrol::Revoked& what, record::WallTime now) {
    return office_.file().change(
        now, [&](const enrol::KioskRegister& before) -> Result<std::vector<enrol::Entry>> {
            const auto* device = before.findDevice(what.kiosk);
            if (device == nullptr) {
                return fail(Code::NotFound, "no kiosk " + what.kiosk.value + " is enrolled");
            }
            // Once more is fine: what follows may have failed before.
            const bool isNews = !device->revoked || (!device->revoked->held && what.held);
            return isNews ? std::vector<enrol::Entry>{what} : std::vector<enrol::Entry>{};
        });
}

Result<> IdentityDesk::publishList() const {
    const auto written = office_.publishList([this](const std::string& list) {
        return writeAtomically(files_.revoked, list).and_then([this]() -> Result<> {
            // The broker has a user of its own; what is in the list is no secret.
            std::error_code failed;
            fs::permissions(files_.revoked,
                            fs::perms::owner_read | fs::perms::owner_write | fs::perms::group_read |
                                fs::perms::others_read,
                            failed);
            return {};
        });
    });
    if (!written) {
        return tl::unexpected(written.error());
    }
    if (files_.reload.empty()) {
        return fail(Code::InvalidConfig, "the broker must be told to read " +
                                             files_.revoked.string() +
                                             " (SIGHUP): hub.toml has no [broker] reload");
    }
    return runToEnd(files_.reload, kReloadPatience);
}

void IdentityDesk::catchUp() const {
    const auto known = office_.file().read();
    if (known && known->voidSerials().empty()) {
        return;  // the list that came with the broker's configuration says so
    }
    const auto listed = known ? publishList() : Result<>(tl::unexpected(known.error()));
    if (!listed) {
        program::logError("what the broker refuses may be out of date: {}", listed.error().context);
    }
}

bool IdentityDesk::isTooMany(Clock::time_point at) {
    if (at - second_ >= std::chrono::seconds(1)) {
        second_ = at;
        asked_ = 0;
    }
    return ++asked_ > kMostASecond;
}

Result<> IdentityDesk::cutOff(const record::KioskId& kiosk, mqtt::Options broker,
                              record::WallTime now, std::chrono::milliseconds patience) {
    const auto probe = PassingIdentity::make(office_, kiosk, now);
    const auto standIn = PassingIdentity::make(office_, kiosk, now);
    if (!probe || !standIn) {
        return tl::unexpected((probe ? standIn : probe).error());
    }
    if (const auto noted = office_.makeVoid(kiosk, probe->certificate(), now); !noted) {
        return noted;
    }
    const auto listed = publishList();
    if (!broker.tls) {
        return listed ? fail(Code::Network, "the broker is not reached over TLS") : listed;
    }
    broker.clientId = kiosk.value;
    Result<> proven;
    for (const mqtt::Options& node : nodesOf(broker)) {
        // Whom nobody told to read it will not do so later.
        const auto longest = listed ? patience : std::chrono::milliseconds(0);
        if (const auto its = proveRefused(node, *probe, *standIn, longest); !its && proven) {
            proven = !listed && its.error().code == Code::Conflict ? listed : its;
        }
    }
    const auto ended = office_.makeVoid(kiosk, standIn->certificate(), now).and_then([this] {
        return publishList();
    });
    if (!ended && proven) {
        program::logError("the certificate that took its session over holds for a day: {}",
                          ended.error().context);
    }
    return proven;
}

}  // namespace tapport::hub
